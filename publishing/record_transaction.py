"""Transaction on the record: under its lock, with a check of the result before the commit."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from publishing import clock, kinds, turns
from publishing.models import Edition, Record, new_entry
from publishing.moment import SETTLING

TICK = timedelta(microseconds=1)
BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)
# An entry takes its time when it begins and is seen when it is committed. What readers were told of moments in between must not be
# contradicted, so they are told nothing of the last SETTLING, and an entry that takes longer than this is given up.
LONGEST = SETTLING * 0.6

# Sent after the commit with `numbers`, the editions recorded; the search index listens.
recorded = Signal()


class RecordTransaction:
    """Transaction that gives out numbers, shortens and appends editions, and checks the result."""

    def __init__(self, row):
        self.row = row
        self.now = max(clock.now(), row.at + TICK)
        self.entry = new_entry()
        self.numbers = []
        self.touched = {}

    def supersede(self, things, moment):
        """End what is in force of the things at the moment and drop what was to follow."""
        own = Edition.objects.filter(thing__in=things)
        own.filter(Q(live_to__isnull=True) | Q(live_to__gt=moment), live_from__lte=moment).update(live_to=moment)
        own.filter(Q(live_to__isnull=True) | Q(live_to__gt=F("live_from")), live_from__gt=moment).update(live_to=F("live_from"))
        turns.end(things, moment)

    def append(self, model, thing, live_from, content, **fields):
        """Add one edition that holds from `live_from` on."""
        self.supersede([thing], live_from)
        return self.add(model, thing, live_from, content, **fields)

    def mark(self, model, thing, content, **fields):
        """Add an edition that is never in force, and leave the others as they are."""
        return self.add(model, thing, self.now, content, live_to=self.now, **fields)

    def add(self, model, thing, live_from, content, **fields):
        self.row.last += 1
        edition = model(
            number=self.row.last, thing_id=thing, live_from=live_from, recorded=self.now, entry=self.entry, kind=model.KIND, **fields
        )
        edition.put_content(content)
        edition.save(force_insert=True)
        turns.write([edition])
        self.numbers.append(edition.number)
        self.touched.setdefault(model.KIND, []).append((live_from, thing))
        return edition

    def check(self):
        """Ask each kind touched whether its things agree from the first moment touched on."""
        for name, touched in sorted(self.touched.items()):
            kinds.get(name).check_record({thing for _, thing in touched}, min(moment for moment, _ in touched))

    def keep(self):
        """Move the record on to this entry."""
        soonest = min(moment for touched in self.touched.values() for moment, _ in touched)
        if clock.now() > soonest + LONGEST:
            raise ValidationError(_("Recording this took too long, so nothing was recorded. Please schedule it for a time a minute ahead."))
        self.row.at, self.row.entry = self.now, self.entry
        self.row.save()
        transaction.on_commit(lambda: recorded.send_robust(sender=Edition, numbers=self.numbers))


def open_record(using="default", **kwargs):
    """Make the one row of the Record when the database is made."""
    Record.objects.using(using).get_or_create(pk=1, defaults={"at": BEFORE_ALL})


@contextmanager
def record_transaction():
    """Take the lock, hand out a RecordTransaction, check and keep what it wrote."""
    with transaction.atomic():
        record = RecordTransaction(Record.objects.select_for_update().get())
        yield record
        if record.numbers:
            record.check()
            record.keep()
