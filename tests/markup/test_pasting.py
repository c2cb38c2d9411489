"""Pasted formats: what the clipboard of each program holds is kept, what must not arrive does not, and no text breaks it."""

import random
import re
import time
from html import escape
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from markup import apart
from markup.conversion import to_html
from markup.pasting.addresses import cleaned
from markup.pasting.child import convert
from markup.pasting.grids import TooMuch
from markup.pasting.paste import pasted
from markup.pasting.word import from_word
from markup.plaintext import text_of

SAMPLES = Path(__file__).parent / "pasted"
HOSTS = ["portal.example"]

# What must be in the HTML that is published of each sample: one string a feature.
FEATURES = {
    "word-lists.html": [
        '<h2 id="h-methodology-work-programme">',
        '<h2 id="h-1-scope">1. Scope</h2>',
        "<strong>three</strong>",
        "<em>one</em>",
        "10&nbsp;days",
        "<ul><li>Revisions<ul><li>minor ones<ul><li>of wording</li></ul></li></ul></li><li>Deviations</li></ul>",
        '<ol start="4"><li>Fourth step<ol><li>its first half</li></ol></li><li>Fifth step</li></ol>',
        '<li id="fn:1"><p>Working days of the secretariat.',
    ],
    "word-table.html": [
        "<p>Table 1: Requests by year</p><table>",
        '<th scope="col">Number | share</th>',
        "<td>Revision<br>(minor)</td>",
        "<td>12 | 40&nbsp;%</td>",
        "<tr><td></td><td>• Deviation</td><td>m<sup>3</sup></td></tr>",
        "</table><p>After it.</p>",
    ],
    "word-review.html": ["<p>The panel agreed to the requests.</p>", "<em>panel</em>.</p><p>Its second paragraph."],
    "word-pictures.html": ["<p>Before after, and end.</p>", '<h3 id="h-next">Next</h3>'],
    "google-docs.html": [
        '<h2 id="h-approval-of-projects">Approval of projects</h2>',
        "gives <strong>written approval</strong> of",
        "CO<sub>2</sub>",
        '<a href="https://cdm.unfccc.int/Reference/index.html"><em>the reference</em></a>',
        "<ul><li>Letter<ul><li>signed</li></ul></li><li>Form</li></ul><ol><li>First</li><li>Second</li></ol>",
        '<th scope="col">Letters</th>',
        "<tr><td>Chile</td><td>7</td></tr>",
        "<p>As of 2010.",
    ],
    "libreoffice-lists.html": [
        '<h2 id="h-steps">',
        "CH<sub>4</sub>",
        "<strong>5</strong>&nbsp;%",
        "<ol><li>Register<ul><li>with a letter</li><li>with a fee</li></ul></li><li>Monitor</li></ol>",
        "<dl><dt>Verify</dt><dd>To look at it again.</dd></dl>",
        "<pre><code>net = gross - leakage</code></pre>",
    ],
    "libreoffice-notes.html": [
        '<p>Issuance</p><table><thead><tr><th scope="col">Year</th><th class="right" scope="col">CERs</th></tr>',
        '<td class="right">30</td>',
        "<p>Source of the first.",
        "<p>Source of the second.",
    ],
    "excel.html": [
        '<th class="right" scope="col">CERs</th>',
        '<td>2009</td><td class="right">1,234</td><td><a href="https://cdm.unfccc.int/Issuance">see</a></td>',
        "<td>a|b</td>",
        "<td>Sum &lt; 10,000</td>",
    ],
    "web-page.html": [
        '<a href="/about/ccs/?x=1#h-part">our page</a>, no script, <a href="https://other.example/a_%28b%29">another</a>',
        "<code>x = a | b</code>",
        "<blockquote><p>“Quoted” – and so on…</p></blockquote>",
        '<pre><code>def f():    return "*"</code></pre>',
        "<dl><dt>CER</dt><dd>A certified <em>reduction</em>.</dd></dl>",
        '<h3 id="h-facts">',
        '<ol start="4"><li>Four</li><li>Five<ul><li>inner</li></ul></li></ol>',
        "mc<sup>2</sup>; x<sub>i j</sub>; <del>old</del> <strong><em>both</em></strong>",
    ],
    "outlook.html": [
        '<a href="https://cdm.unfccc.int/EB/index.html">the agenda</a>',
        "<p><strong>Place</strong></p><p>Bonn</p>",
        "<ul><li>first<ul><li>deeper</li></ul></li></ul>",
        "<p>one<br>two</p><p>three</p>",
    ],
    "arabic.html": ["<p>CDM-EB هو <strong>المجلس</strong> التنفيذي.</p>", "<ol><li>المشروع الأول</li><li>می‌خواهم</li></ol>"],
    "word-web.html": [
        '<h2 id="h-review-of-rules">',
        "<ul><li><strong>Outer</strong><ul><li>Inner</li></ul></li></ul>",
        "<ol><li>One</li><li>Two <em>slanted</em></li></ol>",
        "<sub>n</sub>",
    ],
    "comments.docx": ["<p>Ouch.</p>"],
    "endnotes.docx": ['<sup id="fnref:1">', "<p>A tachyon walks into a bar.", "<p>Fin."],
    "footnotes.docx": ['<sup id="fnref:2">', "<p>A tachyon walks into a bar.", "<p>Fin."],
    "footnote-hyperlink.docx": ['<a href="http://www.example.com">Example</a>'],
    "simple-list.docx": ["<ul><li>Apple</li><li>Banana</li></ul>"],
    "strikethrough.docx": ["<del>Today's Special: Salmon</del> Sold out"],
    "tables.docx": ['<th scope="col">Top right</th>', "<td>Bottom left</td>", "</table><p>Below</p>"],
    "tiny-picture.docx": [],
}
LEFT_OUT = {
    "word-table.html": {"joined": 1},
    "word-review.html": {"deleted": 1, "comments": 1, "hidden": 1, "margins": 1},
    "word-pictures.html": {"pictures": 2, "outside": 1},
    "google-docs.html": {"comments": 1},
    "libreoffice-notes.html": {"margins": 1},
    "excel.html": {"hidden": 1, "joined": 1},
    "web-page.html": {"hidden": 1, "fields": 3, "scripts": 1},
    "outlook.html": {"pictures": 1},
    "comments.docx": {"comments": 2},
    "tiny-picture.docx": {"pictures": 1},
}


def sample(name):
    if name.endswith(".docx"):
        return from_word((SAMPLES / name).read_bytes())
    return pasted((SAMPLES / name).read_text(), HOSTS)


def published(markdown):
    return re.sub(r"\n", "", to_html(markdown))


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_of_a_sample_is_published_and_what_is_left_out_is_counted(name):
    found = sample(name)
    html = published(found.markdown)
    assert [feature for feature in FEATURES[name] if feature not in html] == []
    assert found.left_out == LEFT_OUT.get(name, {})
    assert "SECRET" not in found.markdown


def test_every_sample_has_its_features():
    assert {path.name for path in SAMPLES.iterdir()} - {"README.md"} == set(FEATURES)


def spaced(text):
    return " ".join(text.split())


def returns(text):
    """The law: the words of a text come back as they were, up to blanks."""
    markdown = pasted(escape(text)).markdown
    return spaced(text_of(to_html(markdown))) == spaced(text)


UNITS = [
    *"* ** _ __ ` `` ~ ^ [ ] ( ) [a] [^1] [^1]: < > <b> </b> <!-- --> & &amp; &lt; &#1 &copy # ## |".split(),
    *"\\ \\\\ ! ![ - + 1. 12. a) : = ==".split(),
    *"--- *** {{ }} a b word é “ — … http://x.example/_z_ user@x.org 5 * 3 1986. [sic] .".split(),
    *("\n", "\n\n", "    ", "\t", "\u00a0", " ", "  "),
]
TEXTS = 10_000 if settings.get_current_profile_name() == "explore" else 300


@settings(max_examples=TEXTS)
@given(st.lists(st.sampled_from(UNITS), min_size=1, max_size=14).map("".join))
def test_marks_in_any_order_come_back_as_they_were(text):
    assert returns(text)


def test_a_thousand_random_texts_come_back_as_they_were():
    chance = random.Random(20100310)
    texts = ["".join(chance.choice(UNITS) + chance.choice(["", "", " "]) for _ in range(chance.randint(1, 14))) for _ in range(1_000)]
    assert [text for text in texts if not returns(text)] == []


@settings(max_examples=100)
@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\u200b\u00ad\ufeff"), max_size=60))
@example("<+@b>")
@example("&#1 ")
@example("[sic], 5 * 3, 1986. was a year")
def test_any_text_comes_back_as_it_was(text):
    if not re.search("[\u202a-\u202e]", text):
        assert returns(text)


ELEMENTS = {"strong": "b", "em": "i", "sub": "_", "sup": "^", "del": "s", "code": "c", "a": "a"}


def letters(html):
    """(letter, names of the looks around it) of everything that is not blank."""

    def walk(element, looks):
        looks = looks | {ELEMENTS[element.tag]} if element.tag in ELEMENTS else looks
        yield from ((letter, looks) for letter in element.text or "")
        for inner in element:
            yield from walk(inner, looks)
            yield from ((letter, looks) for letter in inner.tail or "")

    return [
        (letter, looks) for letter, looks in walk(lxml_html.fragment_fromstring(html, create_parent="div"), frozenset()) if letter.strip()
    ]


LOOKS = st.lists(st.sampled_from(["strong", "em", "sub", "sup", "del2", "code", "a"]), unique=True, max_size=4)
WORDS = st.lists(st.sampled_from([*"a b1 2 CO * ] ! _ . ( x|y ~ \\ word é".split(), " "]), min_size=1, max_size=3).map("".join)


@settings(max_examples=150)
@given(st.lists(st.tuples(LOOKS, WORDS), min_size=1, max_size=6))
def test_looks_stay_on_their_letters_however_they_touch(runs):
    html = ""
    for looks, words in runs:
        names = ["s" if look == "del2" else look for look in looks if look != "sup" or "sub" not in looks]
        starts = "".join("<a href='https://x.example/'>" if name == "a" else f"<{name}>" for name in names)
        html += starts + words + "".join(f"</{name}>" for name in reversed(names))
    html = f"<p>{html}</p>"
    assert letters(to_html(pasted(html).markdown)) == letters(re.sub(r"<(/?)s>", r"<\1del>", html))


TABLE_WORDS = st.sampled_from(["", "a", "a|b", "\\", "\\|", "`x|y`", "*", "1. x", "- x", "<b>", "é 5 %", "[x](y)", "#"])


@settings(max_examples=100)
@given(st.lists(st.lists(TABLE_WORDS, min_size=2, max_size=4), min_size=2, max_size=4))
def test_cells_keep_their_words_in_their_columns(rows):
    width = max(map(len, rows))
    html = "<table>" + "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"
    kept = [[*row, *[""] * (width - len(row))] for row in rows if any(row)]
    while kept and not any(row[-1] for row in kept):
        kept = [row[:-1] for row in kept]
    if not kept:
        assert pasted(html).markdown == ""
        return
    shown = lxml_html.fragment_fromstring(to_html(pasted(html).markdown), create_parent="div")
    cells = [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in shown.iter("tr")]
    assert [row for row in cells if any(row)] == kept


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>[sic] 5 * 3, snake_case, R&amp;D, a | b</p>", "[sic] 5 * 3, snake_case, R&D, a | b"),
        ("<b style='font-weight:normal'><p>a</p></b>", "a"),
        ("<p>a<br></p><p>&nbsp;</p><p><br></p><p>b</p>", "a\n\nb"),
        ("<ul><li><ul><li>a</li></ul></li></ul>", "- a"),
        ("<ol><li>a<p>b</p></li></ol><ul><li>c</ul>", "1. a\n\n    b\n\n- c"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("<h2>C# <b>and</b> F#</h2>", "## C\\# and F\\#"),
        ("<p>Hm!<a href='https://x.example/a b'>[y]</a></p>", "Hm\\![\\[y\\]](https://x.example/a%20b)"),
        ("<img src='https://portal.example/pictures/chart/0123456789ab/960.webp' alt='A [chart]'>", "![A chart](/pictures/chart/)"),
        ("<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>iv.</span>a</p>", "1. a"),
        ("<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>i.</span>a</p>", "1. a"),
        ("<p class=MsoListBullet2>·<span>&nbsp; </span>a</p>", "- a"),
        ("<p>a<a href='#_ftn7'>[7]</a></p>", "a<sup>\\[7\\]</sup>"),
    ],
)
def test_small_forms(html, markdown):
    assert pasted(html, HOSTS).markdown == markdown


def test_notes_are_numbered_on_from_those_in_the_text():
    found = pasted((SAMPLES / "libreoffice-notes.html").read_text(), first_note=7).markdown
    assert "fact[^7] and second[^8]" in found
    assert "[^8]: Source of the second." in found


def test_in_a_cell_all_stands_in_one_line():
    assert pasted("<p>a|b</p><ul><li><b>c</b></ul>", one_line=True).markdown == "a\\|b<br>• **c**"


def test_text_without_a_format_is_left_to_the_clipboard():
    assert pasted("<div style='color:red'><span>* a *</span></div><p>b</p>").is_plain
    assert not pasted("<p>a<del>b</del></p>").is_plain
    assert pasted((SAMPLES / "libreoffice-lists.html").read_text()).may_hold_deleted


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://portal.example/about/?a=1#b", "/about/?a=1#b"),
        ("https://portal.example", "/"),
        ("javascript:alert(1)", ""),
        ("file:///C:/x.htm#y", ""),
        ("#part", ""),
        ("//evil.example/x", ""),
        ("https://portal.example//evil.example/", ""),
        ("mailto:a@x.example", "mailto:a@x.example"),
        ("https://www.google.com/url?q=https://www.google.com/url?q%3Dhttps://x.example/", "https://x.example/"),
        ("https://www.google.com/url?q=javascript:alert(1)", ""),
        ("https://[bad", ""),
    ],
)
def test_addresses_are_unwrapped_and_none_runs(address, shown):
    assert cleaned(address, HOSTS) == shown


PARAGRAPH = (
    "<p class=MsoNormal>The <b>Board</b> approved the <a href='https://x.example/'>revision</a> of CO<sub>2</sub>, see [1] &amp; more words"
    " of the kind that stands in minutes.</p>"
)
HOSTILE = {
    "10,000 deep": ("<b>" * 10_000, "depth"),
    "300 nested tables": ("<table><tr><td>" * 300, "depth"),
    "20,000 rows": ("<table>" + "<tr><td>a<td>b" * 20_000, "cells"),
    "joined over everything": ("<table>" + "<tr><td colspan=900 rowspan=60000>x" * 50, "cells"),
    "3 MB": ("<p>x" * 750_000, "length"),
    "out of all bounds": (PARAGRAPH * 8_000, "time"),
}


@pytest.mark.clock
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_beyond_the_bounds_is_refused_soon_and_by_name(name):
    html, bound = HOSTILE[name]
    start = time.monotonic()
    # A busy machine may not come so far within the time of a processor that it is given.
    with pytest.raises(TooMuch, match=f"{bound}|time"):
        convert(html)
    assert time.monotonic() - start < apart.SECONDS + 1


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a<img src='data:image/png;base64," + "A" * 5_000_000 + "'>", "a"),
        ("<table><tr><td colspan=1000000000 rowspan=1000000000>x</table>", "x"),
        ("<p " + "a=b " * 100_000 + ">x", "x"),
    ],
    ids=["5 MB picture", "a cell over everything", "attributes"],
)
def test_what_only_looks_large_is_converted(html, markdown):
    assert convert(html).markdown == markdown


def test_a_file_that_is_no_word_document_is_refused():
    with pytest.raises(TooMuch, match="file"):
        convert(b"PK\x03\x04 nothing of the kind", "docx")
    assert convert((SAMPLES / "tables.docx").read_bytes(), "docx").markdown.startswith("Above\n\n| Top left |")
