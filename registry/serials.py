"""Serial numbers of units as people write them: of one unit or a range, short or as on a certificate, in any digits. Pure.

A certificate has `CN-5-188778197-188778300-1-1-0-1234`: Party, type of unit, first and last number, commitment periods (of issue and, where
given, of use), project. Party and number alone identify a unit of the CDM registry; the rest is taken where it is told.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_LETTERS, MOST_DIGITS = 200, 18
# Types of units as the transaction log of the Kyoto Protocol numbers them.
TYPES = {1: "AAU", 2: "RMU", 3: "ERU (from AAU)", 4: "ERU (from RMU)", 5: "CER", 6: "tCER", 7: "lCER"}
MOST_PERIOD = 9  # a higher second number is no period but the end of a range
SINGLE_LENGTH = 5  # number, two periods, activity type and project: a sixth number is the end of a range

GROUPED = re.compile(r"(?<=\d)[,'’ ](?=\d{3}(?:[,'’ ]\d{3})*(?!\d))")
UPTO = re.compile(r"\s+-\s+|\s*(?:–|—|−|\.{2,}|…)\s*|(?<=\d)\s*\bTO\b\s*(?=\d|[A-Z]{2}[\s-]*\d)")
WRITTEN = re.compile(r"(?<![A-Z])([A-Z]{2})[\s~-]*(\d+(?:[-~]\d+)*)(?:~([A-Z]{2})[\s~-]*(\d+(?:-\d+)*))?")


class SerialError(ValueError):
    """Text that is no serial number; says why, for people."""


@dataclass(frozen=True)
class SerialRange:
    """Units of a Party from the first number to the last; `unit_type` is a number of TYPES where the text has one."""

    party: str
    first: int
    last: int
    unit_type: int | None = None

    @property
    def is_one(self):
        return self.first == self.last

    @property
    def count(self):
        return self.last - self.first + 1

    def __str__(self):
        return f"{self.party}-{self.first}" if self.is_one else f"{self.party}-{self.first}–{self.last}"

    @property
    def written(self):
        """The range as an address has it."""
        return f"{self.party}-{self.first}" if self.is_one else f"{self.party}-{self.first}..{self.last}"


def read(text):
    """The SerialRange of a text; raises SerialError.

    >>> read("HN-5-2211-2-1-0-9")
    SerialRange(party='HN', first=2211, last=2211, unit_type=5)
    """
    if len(text) > MOST_LETTERS:
        raise SerialError(_("This is longer than any serial number."))
    match = WRITTEN.search(plain(text))
    if not match:
        raise SerialError(_("This is no serial number. One is written like CN-188778197, or as on a certificate."))
    party, left, other, right = match.groups()
    left, dash, after = left.partition("~")
    numbers = [*map(number, left.split("-"))]
    unit_type, numbers = typed(numbers)
    if dash or right:
        if other and other != party:
            raise SerialError(_("The first and the last number are of different Parties."))
        ends = [*map(number, (right or after.replace("~", "-")).split("-"))]
        last = typed(ends)[1][0] if right else ends[0]
    else:
        last = numbers[1] if is_range(numbers) else numbers[0]
    if last < numbers[0]:
        raise SerialError(_("The range ends before it begins."))
    return SerialRange(party, numbers[0], last, unit_type)


def plain(text):
    """The text with capitals, digits of ASCII and one sign between the ends of a range."""
    text = unicodedata.normalize("NFKC", text).upper()
    text = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    return UPTO.sub("~", GROUPED.sub("", text)).strip()


def number(text):
    if len(text.lstrip("0")) > MOST_DIGITS:
        raise SerialError(_("No unit has so long a number."))
    return int(text)


def typed(numbers):
    """(type of unit or None, the numbers after it)."""
    if len(numbers) > 1 and numbers[0] in TYPES:
        return numbers[0], numbers[1:]
    return None, numbers


def is_range(numbers):
    """Whether the second number is the end of a range: there are too many for one unit, two alone, or it is no period."""
    if not 1 < len(numbers) <= SINGLE_LENGTH or len(numbers) == 2:
        return len(numbers) > 1
    return numbers[1] > MOST_PERIOD and numbers[1] >= numbers[0]
