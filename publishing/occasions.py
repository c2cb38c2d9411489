"""Things that belong to a meeting: by their relation to it, else by the words that they bear, as editions did before there was a relation.

The rooms do not know each other: a kind whose things name a meeting is `Occasional`, and the kind of meetings answers `named`.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from publishing import kinds
from publishing.models import DraftVersion, How, Thing
from publishing.moment import Moment

MEETING = "meeting"
# The field with the words, and the attribute with the relation.
WORDS, RELATION = "meeting", "of_meeting_id"


def folded(text):
    """A label or short name as it is compared: without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def name_in(words):
    """The name that a meeting's words begin with, folded: `EB 47` of `EB 47, Bonn`."""
    return folded(words.partition(",")[0])


def meeting_field():
    return models.ForeignKey(
        Thing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": MEETING},
        verbose_name=_("meeting"),
        help_text=_("The meeting that it belongs to; its page lists it."),
    )


@dataclass(frozen=True)
class Paper:
    """What the page of a meeting lists: an address with its title, and in words what it is there, such as “Annex 11”."""

    address: str
    title: str
    said: str = ""
    annex: str = ""
    day: date | None = None
    shown_date: str = ""
    language: str = ""


@dataclass(frozen=True)
class AskedMeeting:
    """Meeting that a visitor named. `address` is that of the meeting or of its annex; of one not listed, that of its body, which tells
    so, and `near` are the Targets of the listed ones around it."""

    words: str
    address: str
    is_listed: bool = False
    near: tuple = ()


class Occasional:
    """Mixin of listed kinds whose content has `of_meeting`, and perhaps `meeting`, the words of its editions of long ago."""

    papers_heading = ""

    def papers(self, thing, names, moment):
        """Papers of a meeting given by its id and its folded names, in their order. A relation counts before words."""
        rows = [row for row in self.rows(moment).live if belongs(row, thing, names)]
        return [self.paper(row) for row in sorted(rows, key=self.place_among_papers)]

    def place_among_papers(self, row):
        return row.order

    def paper(self, row):
        return Paper(row.path, row.label, language=getattr(row, "language", ""), day=row.date, shown_date=row.shown_date)


def belongs(row, thing, names):
    return row.of_meeting_id == thing if row.of_meeting_id else name_in(getattr(row, "meeting", "")) in names


def asked_meeting(typed, moment):
    """The AskedMeeting that the words name, such as `EB 53` or `EB 50, Annex 11`, or None."""
    return kinds.get(MEETING).asked(typed, moment)


def occasional():
    return [kind for kind in kinds.every() if isinstance(kind, Occasional)]


def papers_of(thing, names, moment):
    """(heading, Papers) of each kind that has something of the meeting."""
    found = [(kind.papers_heading, kind.papers(thing, names, moment)) for kind in occasional()]
    return [(heading, papers) for heading, papers in found if papers]


def meeting_of(content, moment):
    """The Target of the meeting that a draft or edition names, by its relation or its words; None where none is to be read."""
    kind = kinds.get(MEETING)
    thing = content.of_meeting_id or kind.named(getattr(content, "meeting", ""), moment)
    return thing and kind.targets([thing], moment).get(thing)


@transaction.atomic
def name_meetings():
    """Put the relation into the drafts whose words name a published meeting, once for each; returns how many there were.

    Editions stay as they are. An editor who takes the relation away again is not overruled.
    """
    moment, count = Moment(), 0
    named = {thing for thing, fields in DraftVersion.objects.filter(how=How.RELATION).values_list("thing", "changed") if RELATION in fields}
    for kind in occasional():
        if not any(field.name == WORDS for field in kind.draft.content_fields()):
            continue
        for draft in kind.draft.objects.filter(of_meeting=None).exclude(**{WORDS: ""}).exclude(pk__in=named):
            draft.of_meeting_id = kinds.get(MEETING).named(draft.meeting, moment)
            if draft.of_meeting_id:
                count += draft.save_if_unchanged(draft.version, how=How.RELATION)
    return count
