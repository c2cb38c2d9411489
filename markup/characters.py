"""Normalisation of incoming text to NFC; characters that no page, feed or file name can carry safely are refused."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# C0 and C1 controls but tab and line feed, lone surrogates, non-characters, and the direction overrides and embeddings that make
# a text read otherwise than it is written (isolates, which right-to-left text needs, may stay).
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

# What no reader sees: Unicode's Default_Ignorable_Code_Point (Hangul fillers among them), and blanks that count as symbols or letters.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
BLANK = re.compile(rf"[\s{IGNORABLE}\u2800\ufff9-\ufffb\U00013441\U00013442\U00016fe4\U0001d159]*\Z")


def visible(text):
    """Raise ValidationError for a text in which nobody sees anything; a validator for texts that must be given."""
    if BLANK.match(text):
        raise ValidationError("Nothing in this text can be seen. Please write something.", code="required")


def normalised(text):
    """The text in NFC with line feeds only; empty if nothing in it is seen. Raises ValidationError naming the first forbidden character."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if found := FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValidationError(f"Line {line} holds the character U+{ord(found[0]):04X}, which cannot be published. Please delete it.")
    return "" if BLANK.match(text) else text.strip()
