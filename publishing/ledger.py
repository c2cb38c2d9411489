"""The only writers of the record: publish, withdraw, erase, cancel, and the import into an empty ledger.

Each is one transaction under the lock of the Record row. All times are UTC; numbers rise by one without a gap.
"""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils import timezone

from publishing import kinds
from publishing.models import Action, Edition, Record

TICK = timedelta(microseconds=1)
BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)

# Sent after the commit with `numbers`, the editions recorded; the search index listens.
recorded = Signal()


class OnPending(models.TextChoices):
    """What becomes of what is already scheduled after the moment of a new edition."""

    ASK = "ask", "Ask"
    DROP = "drop", "Drop what was scheduled"
    KEEP = "keep", "Record what was scheduled again after this"


class ScheduleConflict(ValidationError):
    """Something is already scheduled later for a thing that is being published; `pending` holds those editions."""

    def __init__(self, pending):
        self.pending = pending
        named = ", ".join(f"{e.get_action_display().lower()} from {e.live_from:%d %B %Y %H:%M} UTC (edition {e.number})" for e in pending)
        super().__init__(f"Already scheduled: {named}. Choose whether to drop it or to record it again after this.")


class Entry:
    """A writing session on the record: gives out numbers, shortens and appends, and checks the result."""

    def __init__(self, record):
        self.record = record
        self.now = max(timezone.now(), record.at + TICK)
        self.numbers = []
        self.moments = set()

    def append(self, model, thing, live_from, content, **fields):
        """Add one edition, ending what is in force at its moment and dropping what was to follow."""
        Edition.objects.filter(Q(live_to__isnull=True) | Q(live_to__gt=live_from), thing=thing, live_from__lte=live_from).update(
            live_to=live_from
        )
        Edition.objects.filter(Q(live_to__isnull=True) | Q(live_to__gt=F("live_from")), thing=thing, live_from__gt=live_from).update(
            live_to=F("live_from")
        )
        return self.mark(model, thing, live_from, content, **fields)

    def mark(self, model, thing, live_from, content, **fields):
        """Add one edition without touching the others."""
        self.record.last += 1
        edition = model(number=self.record.last, thing_id=thing, live_from=live_from, recorded=self.now, kind=model.KIND, **fields)
        edition.put_content(content)
        edition.save(force_insert=True)
        self.numbers.append(edition.number)
        self.moments.add((model.KIND, live_from))
        return edition

    def check(self):
        """Ask each kind touched whether its things agree at the moments touched and at every later change that is pending."""
        earliest = {}
        for name, moment in self.moments:
            earliest[name] = min(moment, earliest.get(name, moment))
        for name, first in earliest.items():
            touched = {moment for kind, moment in self.moments if kind == name}
            later = Edition.objects.filter(kind=name).pending(first).values_list("live_from", flat=True)
            for moment in sorted(touched | set(later)):
                kinds.get(name).check_record(moment)


def open_record(using="default", **kwargs):
    """Make the one row of the Record when the database is made."""
    Record.objects.using(using).get_or_create(pk=1, defaults={"at": BEFORE_ALL})


@contextmanager
def writing():
    """Take the lock, hand out an Entry, check and keep what it wrote."""
    with transaction.atomic():
        record = Record.objects.select_for_update().get()
        entry = Entry(record)
        yield entry
        entry.check()
        if entry.numbers:
            record.at = entry.now
            record.save()
            transaction.on_commit(lambda: recorded.send(sender=Edition, numbers=entry.numbers))


def pending_of(things, after):
    return list(Edition.objects.filter(thing__in=things).pending(after))


def moment_to_write(entry, live_from):
    """The moment from which an edition is to hold, never in the past."""
    if live_from is None:
        return entry.now
    if live_from < entry.now:
        raise ValidationError(
            f"{live_from:%d %B %Y %H:%M} UTC is in the past. What visitors were shown then cannot change; choose a later time or now."
        )
    return live_from


def record_again(entry, pending):
    """Append copies of editions that an earlier-dated one has just superseded, each at its own moment."""
    for old in pending:
        copy = child_of(old)
        entry.append(
            type(copy),
            copy.thing_id,
            copy.live_from,
            copy.content(),
            **attributes(copy, "action", "reason", "successor_id", "author", "note", "minor"),
        )


def child_of(edition):
    """The edition of its kind's own model, with its content."""
    return kinds.get(edition.kind).edition.objects.get(number=edition.number)


def attributes(edition, *names):
    return {name: getattr(edition, name) for name in names}


def settle_pending(things, live_from, on_pending):
    """The editions to record again; raises ScheduleConflict if nobody chose yet."""
    pending = pending_of(things, live_from)
    if pending and on_pending == OnPending.ASK:
        raise ScheduleConflict(pending)
    return pending if on_pending == OnPending.KEEP else []


def publish(drafts, live_from=None, note="", minor=False, author="", on_pending=OnPending.ASK):
    """Record an edition of each draft, all live from the same moment (default: now), and return them.

    Raises ValidationError for a moment in the past or a contradiction, ScheduleConflict if something later is scheduled and
    `on_pending` says to ask. Nothing is written then.
    """
    with writing() as entry:
        moment = moment_to_write(entry, live_from)
        again = settle_pending([draft.pk for draft in drafts], moment, on_pending)
        editions = [
            entry.append(kinds.get(draft.KIND).edition, draft.pk, moment, draft.content(), note=note, minor=minor, author=author)
            for draft in drafts
        ]
        record_again(entry, again)
    return editions


def withdraw(thing, reason, live_from=None, successor=None, note="", author="", on_pending=OnPending.ASK):
    """Take a thing and its branch from the public from `live_from` on, with a public reason; returns one edition a thing.

    Raises ValidationError if the thing is not public then, or if the moment is past.
    """
    kind = kinds.get(thing.kind)
    with writing() as entry:
        moment = moment_to_write(entry, live_from)
        in_force = kind.edition.objects.in_force(moment).exclude(action=Action.WITHDRAW)
        branch = list(in_force.filter(thing__in=kind.branch(thing.pk, moment)))
        if thing.pk not in {edition.thing_id for edition in branch}:
            raise ValidationError(f"“{thing}” is not public at {moment:%d %B %Y %H:%M} UTC, so there is nothing to withdraw.")
        again = settle_pending([edition.thing_id for edition in branch], moment, on_pending)
        fields = {"action": Action.WITHDRAW, "reason": reason, "successor_id": successor and successor.pk, "note": note, "author": author}
        gone = [entry.append(kind.edition, old.thing_id, moment, old.content() | old.erasable_blanks(), **fields) for old in branch]
        record_again(entry, again)
    return gone


def cancel(edition, note="", author=""):
    """Cancel what is scheduled for the edition's thing by republishing what is in force now."""
    with writing() as entry:
        edition = Edition.objects.get(number=edition.number)
        if not edition.is_pending(entry.now):
            raise ValidationError("This edition is not scheduled any more, so there is nothing to cancel.")
        model = kinds.get(edition.kind).edition
        current = model.objects.in_force(entry.now).filter(thing=edition.thing_id).first()
        if current:
            keep = attributes(current, "action", "reason", "successor_id", "minor")
            return entry.append(
                model, current.thing_id, entry.now, current.content(), **keep, note=note or "Schedule cancelled.", author=author
            )
        Edition.objects.filter(thing=edition.thing_id).pending(entry.now).update(live_to=F("live_from"))
        blank = model(thing_id=edition.thing_id)
        frame = child_of(edition).content() | blank.erasable_blanks()
        return entry.mark(
            model,
            edition.thing_id,
            entry.now,
            frame,
            live_to=entry.now,
            action=Action.CANCEL,
            note=note or "Schedule cancelled.",
            author=author,
        )


def erase(edition, reason, author=""):
    """Take the text of one edition away for legal cause: a row that says so is appended, then the text is blanked.

    If the edition is in force, its address answers 451 from now on; earlier moments in its interval answer 451 too.
    """
    with writing() as entry:
        old = child_of(edition)
        if old.is_erased() or old.action != Action.PUBLISH:
            raise ValidationError("There is no text to erase in this edition.")
        if old.is_pending(entry.now):
            raise ValidationError("This edition is only scheduled: cancel the schedule first, then erase it.")
        frame = old.content() | old.erasable_blanks()
        fields = {"action": Action.ERASE, "erases": Edition(number=old.number), "reason": reason, "author": author}
        if old.is_in_force(entry.now):
            again = pending_of([old.thing_id], entry.now)
            mark = entry.append(type(old), old.thing_id, entry.now, frame, **fields)
            record_again(entry, again)
        else:
            mark = entry.mark(type(old), old.thing_id, entry.now, frame, live_to=entry.now, **fields)
        type(old).objects.filter(number=old.number).update(**old.erasable_blanks())
    return mark


def restore(edition):
    """Put an old edition's content into the thing's draft (not published); returns the saved draft."""
    old = child_of(edition)
    if old.is_erased():
        raise ValidationError("The text of this edition was erased and cannot be restored.")
    with transaction.atomic():
        draft = kinds.get(old.kind).draft.objects.select_for_update().get(pk=old.thing_id)
        draft.put_content(old.content())
        draft.full_clean()
        draft.save_if_unchanged(draft.version)
    return draft


def import_editions(rows):
    """Fill an empty ledger with editions whose dates may lie in the past.

    `rows` are unsaved editions with their intervals, in order; those without a number or time of recording get the next and the present.
    Raises ValidationError if anything has been recorded before.
    """
    with transaction.atomic():
        record = Record.objects.select_for_update().get()
        if record.last:
            raise ValidationError("The record is not empty. An import with dates in the past is only possible into an empty one.")
        now = timezone.now()
        for row in rows:
            row.number = row.number or record.last + 1
            row.recorded = row.recorded or now
            record.last = max(record.last, row.number)
            row.save(force_insert=True)
        record.at = max([row.recorded for row in rows], default=now)
        record.save()
        for name in {row.kind for row in rows}:
            moments = {row.live_from for row in rows if row.kind == name}
            for moment in sorted(moments):
                kinds.get(name).check_record(moment)
        transaction.on_commit(lambda: recorded.send(sender=Edition, numbers=[row.number for row in rows]))
