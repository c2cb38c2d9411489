"""Markdown on a page: safe whatever it holds, shaped as pages need it, completed for a moment, and never a hung worker."""

import contextlib
import re
import time
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from markup import apart, conversion, rendering
from markup.anchors import ID_PREFIX
from markup.conversion import SCHEMES, TAGS, clean, is_simple
from markup.lru import LRU
from publishing.kinds import Target
from publishing.links import links, render
from publishing.moment import Moment, fixed
from tests.processor import in_time
from tests.record import HOUR, START, live_page, republish

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<iframe src=//evil.example></iframe><object data=x></object><embed src=x>",
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'><link rel=stylesheet href=//evil.example>",
    "<a href='jav&#x09;ascript:alert(1)' onclick=alert(1) style='x' id=main>x</a>",
    "<div style='background:url(javascript:alert(1))' class='notice skip-link'>x</div>",
    "<p/onmouseover=alert(1)>x<p title='\"><script>alert(1)</script>'>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><%= 1 %>",
    "`</code><script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "[x](<javascript:alert(1)>)",
    '![x](x "onerror=alert(1)")',
    '[x](/about/ "\'><script>alert(1)</script>")',
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "a[^1]\n\n[^1]: <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "<h2 id='main'>x</h2><h2 id=\"h-x\" onclick=x>y</h2>",
    "{: onclick=alert(1) }",
    '<a href="x" href="javascript:alert(1)">x</a>',
    "<textarea><script>alert(1)</script></textarea><title><script>alert(1)</script></title><style><script>alert(1)</script></style>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<a href='//evil.example'>x</a><a href='/\\evil.example'>x</a><a href='/\t/evil.example'>x</a><img src='//evil.example/x'>",
]
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;&#x61;vascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "blob:x",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "ftp://x.example/",
    "//evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "/\t/evil.example",
]


def target(path):
    pages = {"/about/": ("About CDM", ""), "/kyoto/": ("Kyoto Protocol", "66 kB"), "/x&y/": ("<b>", "1 < 2")}
    return Target(1, "page", pages[path][0], path, pages[path][1]) if path in pages else None


def shown(source, words=None, prefix="/"):
    return rendering.fill(rendering.safe_html(source), target, words or {}, prefix)


def elements(html):
    return lxml_html.fragment_fromstring(html, create_parent="main").iterdescendants()


def harmless(html):
    """The parsed HTML holds nothing that acts: an own reading with another parser than the sanitiser's."""
    for element in elements(html):
        assert element.tag in TAGS | {"span"}, element.tag
        for name, value in element.attrib.items():
            assert name in {"href", "title", "class", "id", "src", "alt", "start", "scope", "rel"}, name
            if name in {"href", "src"}:
                # As browsers read an address: without tabs and line ends, and without controls and spaces around it.
                plain = re.sub(r"[\t\n\r]", "", value).strip("".join(map(chr, range(33)))).lower()
                assert not re.match(r"[/\\]{2}", plain)
                scheme = re.match(r"([a-z][a-z0-9+.-]*):", plain)
                assert scheme is None or scheme[1] in SCHEMES
            if name == "id":
                assert value.startswith((ID_PREFIX, "fn"))
            if name == "class":
                assert value in conversion.CLASSES | {"outside", "size", "visually-hidden", "more"}


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_html_is_inert(source):
    harmless(rendering.safe_html(source))
    harmless(shown(f"Text before.\n\n{source}\n\nText after."))


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("form", ["[x]({})", "<a href='{}'>x</a>", "[x][r]\n\n[r]: {}", "<{}>", "![x]({})", "<img src='{}'>"])
def test_no_address_runs_or_leaves_unnoticed(address, form):
    harmless(shown(form.format(address)))


@pytest.mark.parametrize("address", ["https://x.example/?a=1&b=2", "http://x.example/", "mailto:x@x.example", "tel:+491234"])
def test_addresses_of_the_four_schemes_stay(address):
    (link,) = elements(f"{shown(f'[x]({address})')}".removeprefix("<p>").removesuffix("</p>"))
    assert link.get("href") == address
    assert (link.get("class") == "outside") == address.startswith("http")


PIECES = st.sampled_from(
    [
        *HOSTILE,
        *ADDRESSES,
        *"[]()<>*_`~^#&!|\\\n\t\"'=:-+",
        "<a",
        "<b>",
        "</",
        "-->",
        "\n\n",
        "    ",
        "x",
        "[^1]",
        "[a](/about/)",
        "&lt;",
        "\u202e",
        "é",
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=25).map("".join))
@example("<b>\u202e<i>&#x202e;</i></b>")
def test_any_mixture_is_harmless_and_cleaning_again_changes_nothing(source):
    html = rendering.safe_html(source)
    assert clean(html) == html
    harmless(html)
    harmless(shown(source, {"x": 'A "quoted" <meaning>', "amp": "ampere", "lt": "litre"}))


@settings(max_examples=150)
@given(st.text(max_size=200))
def test_any_text_is_converted(source):
    harmless(shown(source, {"a": "b"}))


def test_headings_get_prefixed_ids_and_no_second_h1():
    html = shown("# Main\n\n## Main\n\n## Search form\n\n###### Ж")
    assert re.findall(r'<(h\d) id="([^"]*)"', html) == [("h2", "h-main"), ("h2", "h-main_1"), ("h2", "h-search-form"), ("h6", "h-ж")]
    assert [(h.level, h.text) for h in rendering.headings(html)][2] == (2, "Search form")


def test_links_to_headings_use_the_ids_that_headings_get():
    assert 'href="#h-further-information"' in shown("[x](#further-information)")
    assert 'href="/about/#h-ccs"' in shown("[x](/about/#ccs)")


def test_tables_have_scopes_and_alignment_without_style():
    html = shown("| A | B |\n|:--|--:|\n| 1 | 2 |")
    assert '<th class="left" scope="col">A</th>' in html
    assert '<td class="right">2</td>' in html
    assert "style" not in html


def test_footnotes_lead_there_and_back():
    html = shown("Fact.[^1]\n\n[^1]: Source.")
    assert 'href="#fn:1"' in html
    assert 'id="fn:1"' in html
    assert 'href="#fnref:1"' in html


@pytest.mark.parametrize(("source", "html"), [("CO~2~", "CO<sub>2</sub>"), ("m^2^", "m<sup>2</sup>"), ("~~old~~", "<del>old</del>")])
def test_sub_and_superscript(source, html):
    assert html in shown(source)


def test_link_to_our_own_has_the_address_of_the_moment_and_its_size():
    assert shown("[the Protocol](/kyoto/?a=1&b=2#art-12)", prefix="/@2010-03-10/") == (
        '<p><a href="/@2010-03-10/kyoto/?a=1&amp;b=2#h-art-12">the Protocol</a> <span class="size">(66 kB)</span></p>'
    )


def test_link_keeps_its_title_wherever_that_stands():
    html = shown('<a title="Hint" href="/about/">x</a>', prefix="/@2010-03-10/")
    assert html == '<p><a href="/@2010-03-10/about/" title="Hint">x</a></p>'


@pytest.mark.parametrize("source", ["[gone](/nowhere/)", "[gone](about/)", "[gone](?x=1)", "[gone](../about/)", "[gone]()", "<a>gone</a>"])
def test_link_that_leads_nowhere_is_plain_text(source):
    assert shown(source) == "<p>gone</p>"


def test_more_tells_in_words_where_it_leads():
    (link,) = [element for element in elements(shown("[more >>](/about/)")) if element.tag == "a"]
    assert link.text_content() == "more >> about About CDM"
    assert link.find("span").get("class") == "visually-hidden"
    assert "about" not in shown("[more on it >>](/about/)").replace("/about/", "")


def test_title_and_size_of_a_target_are_escaped():
    html = shown("[more >>](</x&y/>)")
    assert "&lt;b&gt;" in html
    assert "1 &lt; 2" in html
    harmless(html)


def test_abbreviation_is_explained_once_and_only_in_running_text():
    words = {"CER": "certified emission reduction", "CDM": "clean development mechanism"}
    html = shown("## CER\n\n[CER](/about/) `CER` CERs CER-x and CER, then CER and CDM.", words)
    assert html.count("<abbr") == 2
    assert 'x and <abbr title="certified emission reduction">CER</abbr>, then CER' in html


def test_abbreviation_never_touches_markup_or_references():
    words = {"amp": "ampere", "p": "pressure", "href": "h", "R&D": "research"}
    html = shown("a & b [x](/about/) R&D", words)
    assert html == '<p>a &amp; b <a href="/about/">x</a> <abbr title="research">R&amp;D</abbr></p>'


def test_longer_abbreviation_wins():
    assert 'title="long">PoA-DD</abbr>' in shown("PoA-DD", {"PoA": "short", "PoA-DD": "long"})


def test_links_in_a_text_are_paths_without_query_and_fragment():
    assert rendering.links_in("[a](/about/?x=1#y) [b](https://x.example/) [c](#d) <a title='t' href='/kyoto/'>k</a>") == {
        "/about/",
        "/kyoto/",
    }


def test_plain_text_has_no_markup():
    assert rendering.plain_text("## A & B\n\nCO~2~ *and* <b>x</b>") == "A & B CO2 and x"


UNITS = [*"[ ] ` ``a` * _ ~ ^ < <!- <![ & [a]( ![a]( [^1] |a \\".split(), "> ", "- ", "1. ", "a\n=\n"]
MARKS = [*"[ ]( ` `` < <!-- * ** _ ~ ^ [^1] a".split(), "> ", "- ", "1. ", "\n", "\n\n", "    ", "[^1]: x"]


def hostile_texts():
    for unit in UNITS:
        yield pytest.param(unit * (20_000 // len(unit)), id=f"20 kB of {unit!r}")
    yield pytest.param("".join(f"[^{n}] " for n in range(20_000)) + "".join(f"\n\n[^{n}]: x" for n in range(20_000)), id="20,000 footnotes")
    yield pytest.param("[" * 1_000_000, id="1 MB of brackets")
    yield pytest.param("The quick brown fox. " * 50_000, id="1 MB of words")
    yield pytest.param("".join("    " * depth + "- a\n" for depth in range(200)), id="nested lists")


@pytest.mark.parametrize("source", list(hostile_texts()))
def test_hostile_text_ends_in_a_page_or_an_error(source):
    start = time.monotonic()
    with contextlib.suppress(ValidationError):
        in_time(2, lambda: rendering.check(source))
    # The converter's own limit is half a second of a processor; what is allowed beyond it is a loaded machine.
    assert time.monotonic() - start < apart.SECONDS + 1.5
    assert in_time(2, lambda: rendering.framed_html(source)) is not None


def test_hostile_text_is_refused_in_words():
    with pytest.raises(ValidationError, match="too long or too complex") as refusal:
        rendering.check("[" * 20_000)
    assert refusal.value.code == "too_complex"


@settings(max_examples=60)
@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=4))
def test_what_is_called_simple_is_converted_in_time(units):
    source = "".join(units) * 400
    while not is_simple(source):
        source = source[: len(source) * 3 // 4]
    with contextlib.suppress(conversion.TooComplex):
        in_time(2, lambda: conversion.guarded(source))


def test_text_that_cannot_be_converted_is_shown_as_it_was_written():
    source = "[<b>" * 20_000
    html = rendering.framed_html(source)
    assert html.startswith("<pre>[&lt;b&gt;")
    assert unescape(html[5:-6]) == source


def test_error_of_the_converter_is_an_error_for_the_editor():
    with pytest.raises(ValidationError):
        rendering.check("1. " * 1_000)


def test_html_is_made_once_and_kept_within_bounds():
    made = []
    kept = LRU(most=100)

    def formatted(letter):
        return kept.get_or_make(letter, lambda: made.append(letter) or letter * 40)

    assert [formatted("a"), formatted("a")] == ["a" * 40] * 2
    assert len(made) == 1
    for letter in "bcd":
        formatted(letter)
    assert kept.size <= 100
    formatted("a")
    assert len(made) == 5


@pytest.mark.django_db
class TestLinksAtAMoment:
    def test_moved_page_is_linked_at_its_address_at_the_moment(self, clock):
        page = live_page("old", body="x")
        live_page("a", body="[x](/old/) [y](/gone/)")
        clock.tick(HOUR)
        republish(page, slug="new")
        clock.tick(HOUR)
        edition = live_page("b", body="[x](/old/)")
        assert 'href="/new/"' in render(Moment(), edition.body)
        assert 'href="/old/"' in render(fixed(START + HOUR / 2), edition.body)

    def test_text_of_the_past_leads_to_no_address_of_later(self, clock):
        page = live_page("old")
        clock.tick(HOUR)
        republish(page, slug="new")
        clock.tick(HOUR)
        assert links(fixed(START + HOUR / 2))["/new/"] is None
        assert links(Moment())["/old/"].address == "/new/"
