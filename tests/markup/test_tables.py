"""Tables and notes get their frames, and only they."""

from markup.rendering import framed_html, headings, safe_html
from markup.tables import framed

TABLE = "| a | b |\n|---|---:|\n| 1 | 2 |\n"


def test_table_is_named_after_the_heading_above_it():
    html = framed_html(f'## Years & "seasons"\n\n{TABLE}\n\nText.\n\n{TABLE}\n\n## More\n\n{TABLE}')
    assert html.count('<div class="table-scroll" role="region" aria-label="') == 3
    for name in ("Table: Years &amp; &quot;seasons&quot;", "Table 2: Years &amp; &quot;seasons&quot;", "Table: More"):
        assert f'aria-label="{name}"><table>' in html
    assert html.count("</table></div>") == 3


def test_only_a_table_that_may_be_wider_than_a_telephone_is_a_tab_stop_and_says_that_it_scrolls():
    for cells in (
        "| Participants | Responsibilities | Notes |",
        "| 2,423,389,675 | 1,194,692,701 | 49.3 | 8 |",
        "| `" + "x" * 31 + "` | b |",
    ):
        table = f"{cells}\n|{'---|' * (cells.count('|') - 1)}\n"
        assert '<div class="table-scroll" tabindex="0" data-more="Scroll sideways for more" role="region"' in framed_html(table), cells
    for cells in ("| Figure of many words | Value |", "| [a](https://example.org/an/address/of/many/letters/) | CO~2~ | 1.5 |"):
        table = f"{cells}\n|{'---|' * (cells.count('|') - 1)}\n"
        assert "tabindex" not in framed_html(table), cells


def test_note_is_linked_once_in_a_table():
    html = framed_html("| a | b |\n|---|---|\n| 1[^d] | 2[^e] |\n| 3[^d] | 4[^d] |\n\nText[^d].\n\n[^d]: One.\n\n[^e]: Other.")
    assert html.count('href="#fn:d"') == html.count("Back to the text of note 1") == 2
    assert html.count('href="#fn:e"') == html.count("Back to the text of note 2") == 1
    assert html.count('<span class="visually-hidden">Note </span>1</sup>') == 2


def test_table_without_a_heading_is_named_table():
    assert 'aria-label="Table"' in framed_html(TABLE)


def test_notes_stand_under_a_heading_that_no_contents_list():
    html = framed_html("Text[^a] and again[^a].\n\n[^a]: The note.")
    assert '<div class="footnote" role="doc-endnotes" aria-label="Notes"><h2>Notes and sources</h2>' in html
    assert html.count('href="#fn:a" aria-label="Note 1">1</a>') == 2
    assert "<hr>" not in html
    assert headings(html) == []
    assert 'aria-label="Back to the text of note 1">' in html
    assert 'aria-label="Back to the text of note 1, 2">' in html


def test_text_without_tables_and_notes_is_left_as_it_is():
    html = safe_html("## Heading\n\nText with `<table>` in code and a <b>tag</b>.")
    assert framed(html) == html


def test_frames_speak_the_language_of_the_page_whatever_was_drawn_before(monkeypatch):
    assert 'aria-label="Table"' in framed_html(TABLE)
    monkeypatch.setattr("markup.tables._", lambda text: "Tableau" if text == "Table" else text)
    assert 'aria-label="Tableau"' in framed_html(TABLE)
