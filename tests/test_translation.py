"""A pseudo-translation from right to left: every word of the interface passes through the translator, and everything is mirrored."""

import ast
import gettext
import re
from io import BytesIO

import lxml.html
import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import trans_real

from files import uploads
from publishing.ledger import publish, withdraw
from tests.record import live_page, new_term, republish

WORD = re.compile(r"[^\W\d_]{2,}")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
# What the record holds, and what is the same in all languages.
NOT_OURS = re.compile(
    r"https?://\S+|UTC|CDM Home|About CDM|Leakage|Text of|Out of date|history|Atom|RSS|JSON|CSV|NovaGerar|China|ACM0002|CMP"
)
OF_THE_RECORD = (
    "self::option or self::optgroup or ancestor-or-self::script or ancestor-or-self::*[@class='change'] or ancestor-or-self::code"
    " or ancestor-or-self::*[@id='menu']//ul"
)


class Pseudo(gettext.NullTranslations):
    """Puts every message in brackets, so that what was never given to a translator stands out."""

    def gettext(self, message):
        return f"⟦{message}⟧" if message.strip() else message

    def ngettext(self, one, many, number):
        return self.gettext(one if number == 1 else many)

    def pgettext(self, context, message):
        return self.gettext(message)


@pytest.fixture
def mirrored(settings, monkeypatch):
    settings.LANGUAGE_CODE = "ar"
    monkeypatch.setattr(trans_real, "_default", Pseudo())


@pytest.fixture
def site(transactional_db):
    live_page("", title="CDM Home")
    about = live_page(
        "about", title="About CDM", body="## Text of a\n\n## Text of b\n\n## Text of c\n\n| Text of | Text of |\n|---|---|\n| 1 | 2 |"
    )
    republish(about, body=about.body + "\n\nText of Leakage.")
    publish([new_term("Leakage", body="Text of Leakage.")])
    withdraw(live_page("old", title="About CDM"), "Out of date.")
    return about


def untranslated(document):
    """Words in text and in attributes read aloud that did not pass through the translator."""
    texts = document.xpath(f"//body//text()[not(parent::*[{OF_THE_RECORD}])]")
    texts += document.xpath("//body//@aria-label | //body//@title | //body//@placeholder | //body//@alt | //title/text()")
    return [left for text in texts if WORD.search(left := without_marked(NOT_OURS.sub("", text)))]


def without_marked(text):
    """The text without what is in brackets, nested ones included."""
    while (less := MARKED.sub("", text)) != text:
        text = less
    return " ".join(text.split())


def page_of(client, address):
    """The page, with emphasis taken out of the messages that contain it."""
    return lxml.html.document_fromstring(re.sub(r"</?(?:strong|time)\b[^>]*>", "", client.get(address).content.decode()))


ADDRESSES = [
    "/",
    "/about/",
    "/about/history/",
    "/glossary/leakage/",
    "/old/",
    "/nowhere/",
    "/@2010-13-10/",
    "/@1999-01-01/",
    "/@2040-01-01/about/",
    "/search/?q=zzzz",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_word_of_the_interface_is_translated(client, mirrored, site, address):
    document = page_of(client, address)
    assert (document.get("lang"), document.get("dir")) == ("ar", "rtl")
    assert untranslated(document) == []


def test_difference_is_translated(client, mirrored, site):
    number = site.editions.order_by("-number").first().number
    assert untranslated(page_of(client, f"/about/history/{number}/")) == []


def test_pages_are_mirrored(page, mirrored, site):
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/@2040-01-01/about/")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    menu, text, contents = (page.locator(name).bounding_box() for name in ("#menu", ".text", ".contents"))
    assert contents["x"] < text["x"] < menu["x"]


REFUSALS = {"ValidationError", "Refused", "refusal", "refuse"}
ROOMS = ["accounts", "publishing", "pages", "documents", "news", "search", "desk", "files", "markup"]


def written_past_the_translator(source):
    """Lines on which a refusal is given words of ours directly: a text, or one with values put in, by itself or for a field."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS and node.args:
            first = node.args[0]
            for given in first.values if isinstance(first, ast.Dict) else [first]:
                pieces = given.values if isinstance(given, ast.JoinedStr) else [given]
                if any(isinstance(piece, ast.Constant) and WORD.search(str(piece.value)) for piece in pieces):
                    yield node.lineno


def test_a_refusal_past_the_translator_is_seen():
    assert list(written_past_the_translator('raise Refused("It is damaged.")\nraise ValidationError({"a": f"No {b}."})')) == [1, 2]
    assert list(written_past_the_translator('raise Refused(_("It is damaged."))\nraise ValidationError(_("No %s.") % b)')) == []


def test_every_refusal_is_translated(settings):
    files = [file for room in ROOMS for file in (settings.BASE_DIR / room).rglob("*.py")]
    found = [f"{file}:{line}" for file in files for line in written_past_the_translator(file.read_text())]
    assert len(files) > 100
    assert [place for place in found if "files/uploads.py" not in place] == []  # there, what only a wrong program can ask for


def test_file_is_refused_in_the_language_of_the_interface(mirrored):
    with pytest.raises(ValidationError) as refused:
        uploads.accept(BytesIO(b"<html>"), "minutes.pdf")
    assert untranslated(lxml.html.document_fromstring(f"<p>{refused.value.messages[0]}</p>".replace("minutes.pdf", ""))) == []
