"""What text may come in: normalised to NFC, without the characters that no page, feed or file name can carry safely."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# C0 and C1 controls but tab and line feed, lone surrogates, non-characters, and the direction overrides and embeddings that make
# a text read otherwise than it is written (isolates, which right-to-left text needs, may stay).
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def normalised(text):
    """The text in NFC with line feeds only. Raises ValidationError naming the first forbidden character."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if found := FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValidationError(f"Line {line} holds the character U+{ord(found[0]):04X}, which cannot be published. Please delete it.")
    return text.strip()
