"""Normalisation of incoming text to NFC; characters that no page, feed or file name can carry safely are refused."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# C0 and C1 controls but tab and line feed, lone surrogates, non-characters, and the direction overrides and embeddings that make
# a text read otherwise than it is written (isolates, which right-to-left text needs, may stay).
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

# What no reader sees: Unicode's Default_Ignorable_Code_Point (Hangul fillers among them), and blanks that count as symbols or letters.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
BLANK = re.compile(rf"[\s{IGNORABLE}\u2800\ufff9-\ufffb\U00013441\U00013442\U00016fe4\U0001d159]*\Z")


# Stand-ins for an object or for a character that was lost.
# Letters for which those who lack their key write two, as in German and Danish: TUEV, Oersted, Aalborg.
TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa"})
STAND_INS = {"\ufffc", "\ufffd"}


def tells_nothing(text):
    """Whether a text has only what nobody sees or what says nothing alone: marks without a letter, characters of private use, stand-ins.

    Unassigned characters may be letters of a later Unicode than ours, and count as letters.
    """
    return not any(unicodedata.category(one)[0] not in "MZC" or unicodedata.category(one) == "Cn" for one in text if not is_empty(one))


def is_empty(character):
    return character in STAND_INS or bool(BLANK.match(character))


def visible(text):
    """Raise ValidationError for a text that tells nothing; a validator for texts that must be given."""
    if tells_nothing(text):
        raise ValidationError(_("Nothing in this text can be seen. Please write something."), code="required")


def normalised(text):
    """The text in NFC with line feeds only; empty if nothing in it is seen. Raises ValidationError naming the first forbidden character."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if found := FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        said = _("Line %(line)s holds the character U+%(code)s, which cannot be published. Please delete it.")
        raise ValidationError(said % {"line": line, "code": f"{ord(found[0]):04X}"})
    return "" if BLANK.match(text) else text.strip()


def spelt_out(text):
    """The text with two letters for each umlaut and the like; the same text where it has none.

    >>> spelt_out("TÜV SÜD")
    'TUeV SUeD'
    """
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return found if (found := composed.translate(TWO_LETTERS)) != composed else text
