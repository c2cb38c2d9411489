"""Ids of headings, and links to them."""

import re
import unicodedata
from urllib.parse import unquote

from django.utils.text import slugify

from markup.figure_marks import MARK

# Ids made from headings bear this prefix, so that no heading can clash with an id of the page around it.
ID_PREFIX = "h-"
NOTE = re.compile(r"fn(?:ref\d*)?:(?P<name>[\w-]+)\Z")
TO_NOTE = re.compile(r"fn(?:ref\d*)?:")
OWN_FRAGMENT = re.compile(r"(?P<path>(?:/[^#]*)?)#(?P<part>.*)\Z", re.DOTALL)


def heading_id(text, _separator=""):
    """The id of a heading: of plain Latin letters where most of its letters are Latin, else of the letters it has."""
    text = MARK.sub(" ", text)
    letters = [character for character in text if character.isalpha()]
    latin = sum(unicodedata.normalize("NFKD", letter).isascii() or is_latin(letter) for letter in letters)
    return ID_PREFIX + ((slugify(text) if 2 * latin > len(letters) or not letters else words_of(text)) or "section")


def is_latin(letter):
    return unicodedata.normalize("NFKD", letter)[0].isascii() or unicodedata.name(letter, "").startswith("LATIN ")


def words_of(text):
    """The letters, marks and digits of a text in small letters, its words joined by hyphens."""
    text = unicodedata.normalize("NFC", text.lower())
    return re.sub(r"[-\s]+", "-", "".join(c if is_of_words(c) or c.isspace() else "" for c in text)).strip("-_")


def is_of_words(character):
    return character in "-_" or character.isalnum() or unicodedata.category(character)[0] == "M"


def is_own_id(value):
    """Whether an id is one that headings or notes get."""
    return bool(NOTE.match(value)) or (value.startswith(ID_PREFIX) and len(value) > 2 and all(map(is_of_words, value)))


def to_heading(href, ids):
    """The address that a writer gave a link, leading to the id that its heading gets; `ids` are those of the own page."""
    own = OWN_FRAGMENT.match(href)
    if own is None or TO_NOTE.match(own["part"]):
        return href
    part = unquote(own["part"])
    is_whole = part.startswith(ID_PREFIX) and (own["path"] or part in ids or ID_PREFIX + part not in ids)
    return href if is_whole else f"{own['path']}#{ID_PREFIX}{own['part']}"
