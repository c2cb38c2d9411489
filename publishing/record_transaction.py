"""A writing session on the record: under its lock, in one transaction, with a check of the result."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.dispatch import Signal

from publishing import clock, kinds
from publishing.models import Edition, Record
from publishing.moment import SETTLING

TICK = timedelta(microseconds=1)
BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)
# An entry takes its time when it begins and is seen when it is committed. What readers were told of moments in between must not be
# contradicted, so they are told nothing of the last SETTLING, and an entry that takes longer than this is given up.
LONGEST = SETTLING * 0.6

# Sent after the commit with `numbers`, the editions recorded; the search index listens.
recorded = Signal()


class RecordTransaction:
    """Gives out numbers, shortens and appends, and checks the result."""

    def __init__(self, record):
        self.record = record
        self.now = max(clock.now(), record.at + TICK)
        self.numbers = []
        self.moments = set()

    def supersede(self, things, moment):
        """End what is in force of the things at the moment and drop what was to follow."""
        own = Edition.objects.filter(thing__in=things)
        own.filter(Q(live_to__isnull=True) | Q(live_to__gt=moment), live_from__lte=moment).update(live_to=moment)
        own.filter(Q(live_to__isnull=True) | Q(live_to__gt=F("live_from")), live_from__gt=moment).update(live_to=F("live_from"))

    def append(self, model, thing, live_from, content, **fields):
        """Add one edition that holds from `live_from` on."""
        self.supersede([thing], live_from)
        return self.add(model, thing, live_from, content, **fields)

    def mark(self, model, thing, content, **fields):
        """Add an edition that is never in force, and leave the others as they are."""
        return self.add(model, thing, self.now, content, live_to=self.now, **fields)

    def add(self, model, thing, live_from, content, **fields):
        self.record.last += 1
        edition = model(number=self.record.last, thing_id=thing, live_from=live_from, recorded=self.now, kind=model.KIND, **fields)
        edition.put_content(content)
        edition.save(force_insert=True)
        self.numbers.append(edition.number)
        self.moments.add((model.KIND, live_from))
        return edition

    def check(self):
        """Ask each kind touched whether its things agree at the moments touched and at every later change that is pending."""
        for name in sorted({kind for kind, _ in self.moments}):
            touched = {moment for kind, moment in self.moments if kind == name}
            later = Edition.objects.filter(kind=name).pending(min(touched)).values_list("live_from", flat=True)
            for moment in sorted(touched | set(later)):
                kinds.get(name).check_record(moment)

    def keep(self):
        """Move the record on to this entry."""
        soonest = min(moment for _, moment in self.moments)
        if clock.now() > soonest + LONGEST:
            raise ValidationError("Recording this took too long, so nothing was recorded. Please schedule it for a time a minute ahead.")
        self.record.at = self.now
        self.record.save()
        transaction.on_commit(lambda: recorded.send_robust(sender=Edition, numbers=self.numbers))


def open_record(using="default", **kwargs):
    """Make the one row of the Record when the database is made."""
    Record.objects.using(using).get_or_create(pk=1, defaults={"at": BEFORE_ALL})


@contextmanager
def record_transaction():
    """Take the lock, hand out an Entry, check and keep what it wrote."""
    with transaction.atomic():
        entry = RecordTransaction(Record.objects.select_for_update().get())
        yield entry
        if entry.numbers:
            entry.check()
            entry.keep()
