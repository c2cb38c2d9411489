"""Tables and notes get their frames, and only they."""

from markup.rendering import framed_html, headings, safe_html
from markup.tables import framed

TABLE = "| a | b |\n|---|---:|\n| 1 | 2 |\n"


def test_table_is_named_after_the_heading_above_it():
    html = framed_html(f'## Years & "seasons"\n\n{TABLE}\n\nText.\n\n{TABLE}\n\n## More\n\n{TABLE}')
    assert html.count('<div class="table-scroll" tabindex="0" role="region" aria-label="') == 3
    for name in ("Table: Years &amp; &quot;seasons&quot;", "Table 2: Years &amp; &quot;seasons&quot;", "Table: More"):
        assert f'aria-label="{name}"><table>' in html
    assert html.count("</table></div>") == 3


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
