"""Notes on sentences that speak of a day to come which has gone by since: "will … by 31 December 2025", "is open until 2020".

English alone. A sentence in the past tense, a date in a name ("the 2006 Guidelines") and one before its verb make no note.
"""

import re
from calendar import monthrange
from datetime import date

from django.utils.translation import gettext as _

from markup.linting.note import Note

MONTHS = "January February March April May June July August September October November December".split()
DATE = rf"(?:(?P<day>\d{{1,2}})\s+)?(?P<month>{'|'.join(MONTHS)})?\s*(?P<year>(?:19|20)\d\d)(?:-(?P<mm>\d\d)-(?P<dd>\d\d))?"
WHEN = re.compile(
    r"\b(?:at|by|in|on|until|till|before|from|during|for)\s+(?:the\s+)?(?:(?:end|beginning|start|middle|course)\s+of\s+)?"
    rf"(?:early|mid|late|about)?[\s-]*{DATE}(?![\d/–-])(?!\s+[A-Z])"
)
# What tells that something is to come, and then a time.
TO_COME = re.compile(
    r"\b(?:will(?! (?:not )?have)|(?:is|are) (?:now )?(?:to be|expected|due|planned|scheduled|foreseen|supposed)|upcoming|forthcoming"
    r"|next (?:meeting|session|conference|round|call|issue|review|report|phase|step)s?)\b"
)
# What lasts, and then "until" a time.
LASTS = re.compile(
    r"\b(?:is|are|remains?|runs?|lasts?|applies|apply|continues?|holds?|may|can|must)\b"
    r"(?:(?! was | were | had | ended ).)*?\b(?=(?:until|till)\b)"
)
PAST = re.compile(r"\b(?:was|were|had|would|did|said|elected|decided|agreed|asked|requested|announced|expected that|held|took place)\b")
SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|\n\s*\n|\n(?=\s*(?:[-*+|>#]|\d+[.)]\s))")
LONGEST = 1500  # what is longer is no sentence, and costs no more
HINT = re.compile(r"\b(?:19|20)\d\d\b")


def last_day(found):
    """The last day of the year, month or day that a match of DATE names, or None for no day there is."""
    year, month = int(found["year"]), MONTHS.index(found["month"]) + 1 if found["month"] else int(found["mm"] or 12)
    try:
        return date(year, month, int(found["day"] or found["dd"] or monthrange(year, month)[1]))
    except (ValueError, IndexError):
        return None


def date_notes(lines, today):
    """Notes on the sentences of a text, read on the day `today`, whose time to come is over."""
    text = "\n".join(lines)
    begins = 0
    for end in [*SENTENCE_END.finditer(text), None]:
        sentence = text[begins : end.start() if end else len(text)]
        if HINT.search(sentence) and (passed := passed_date(" ".join(sentence[:LONGEST].split()), today)):
            line = text.count("\n", 0, begins + len(sentence) - len(sentence.lstrip())) + 1
            told = _("“%s” has gone by, and the sentence speaks of it as to come: say what came of it.")
            yield Note(line, told % passed)
        begins = end.end() if end else len(text)


def passed_date(sentence, today):
    """The date in the words of a sentence that speaks of it as to come though it is over, or an empty text."""
    if PAST.search(sentence):
        return ""
    begun = [found.end() for found in (TO_COME.search(sentence), LASTS.search(sentence)) if found]
    if not begun:
        return ""
    times = [found for found in WHEN.finditer(sentence, min(begun)) if last_day(found)]
    if not times or any(last_day(found) >= today for found in times):
        return ""
    return sentence[times[0].start() : times[0].end()].split(maxsplit=1)[1].strip()
