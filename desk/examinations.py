"""Examination of all texts in force by due work, so that a report over thousands of them is one query.

Only counts are kept. The words are found again in the texts that a report shows, with the rights of that moment, and an erasure leaves
nothing here.
"""

from django.db import transaction
from django.utils import timezone

from desk.models import Examination, LastExamination
from markup import lint
from markup.linting.dates import date_notes
from publishing import figures, kinds
from publishing.anchors import parts
from publishing.content import DatedContent
from publishing.fields import BODY_LIMIT, MARKDOWN_FIELDS
from publishing.links import links
from publishing.models import Record
from publishing.moment import Moment

BATCH = 200


def examine_all():
    """Examine all texts in force unless nothing has changed since; returns how many there are, or None where nothing was to be done."""
    moment = Moment()
    state = {"number": Record.objects.get().last, "day": moment.at.date()}
    if LastExamination.objects.filter(pk=1, **state).exists():
        return None
    found, led_to = [], set()
    for kind in kinds.every():
        for edition in in_force(kind, moment):
            led_to |= leads_to(kind, edition, moment)
            if texts_of(kind.edition):
                found.append(examined(edition, moment))
    unlisted = frozenset().union(*(kind.unlisted(moment) for kind in kinds.every()))
    for one in found:
        one.is_orphan = one.thing in unlisted and one.thing not in led_to
    with transaction.atomic():
        Examination.objects.all().delete()
        Examination.objects.bulk_create(found, batch_size=BATCH)
        LastExamination.objects.update_or_create(pk=1, defaults=state | {"ended": timezone.now()})
    return len(found)


def in_force(kind, moment):
    return kind.edition.objects.live(moment.at).order_by().iterator(chunk_size=BATCH)


def leads_to(kind, edition, moment):
    """Ids of the other things that a reader comes to from an edition: by links of its text and by relations, not by its place."""
    known = links(moment)
    linked = {target.thing for address in kind.addresses_linked(edition) if (target := known[address])}
    places = {getattr(edition, name, None) for name in ("parent_id", "menu_below_id")}
    return (linked | (kind.things_linked(edition) - places)) - {edition.thing_id}


def texts_of(model):
    """Names of the Markdown fields of a model."""
    return sorted(MARKDOWN_FIELDS & {field.name for field in model.content_fields()})


def examined(edition, moment):
    counts = {name: len(list(find(edition, moment))) for name, find in FINDERS.items()}
    return Examination(edition=edition.pk, kind=edition.kind, thing=edition.thing_id, **counts)


def passed_dates(content, moment):
    """Notes on dates that have passed. What bears a date itself speaks as of that day, so there are none."""
    for name in () if isinstance(content, DatedContent) else texts_of(type(content)):
        yield from date_notes(getattr(content, name).splitlines(), moment.at.date())


def broken_links(content, moment):
    """The addresses of this portal that a text links to and where nothing is public."""
    known = links(moment)
    return sorted({address for address in kinds.get(content.KIND).addresses_linked(content) if known[address] is None})


def text_notes(content, moment):
    """Notes on the text as its editor gets them, those on dates apart."""
    known, places, named = links(moment).__getitem__, parts(moment), figures.known()
    for name in texts_of(type(content)):
        if len(getattr(content, name)) <= BODY_LIMIT:
            yield from lint.notes(getattr(content, name), known, places, named)


FINDERS = {"passed_dates": passed_dates, "broken_links": broken_links, "text_notes": text_notes}
