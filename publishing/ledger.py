"""Ledger: the only functions that write to the record, which are publish, withdraw, erase, cancel and the import into an empty record.

Each is one transaction under the lock of the Record row. All times are UTC; numbers rise by one without a gap.
"""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from files.sizes import forget as forget_file
from files.store import StoredFile
from publishing import clock, draft_versions, kinds, turns
from publishing.models import Action, Edition, How, Record, Thing, new_entry
from publishing.record_transaction import record_transaction, recorded

__all__ = ["recorded"]


class OnPending(models.TextChoices):
    """Choice about editions already scheduled after the moment of a new one."""

    ASK = "ask", "Ask"
    DROP = "drop", "Drop what was scheduled"
    KEEP = "keep", "Record what was scheduled again after this"


class ScheduleConflict(ValidationError):
    """Conflict with what is already scheduled later for a thing that is being published; `pending` holds those editions."""

    def __init__(self, pending):
        self.pending = pending
        said = _("%(title)s: %(action)s from %(moment)s (edition %(number)s)")
        named = ", ".join(
            said % {"title": name_of(e), "action": e.get_action_display().lower(), "moment": when(e.live_from), "number": e.number}
            for e in pending
        )
        super().__init__(_("Already scheduled: %s. Choose whether to drop it or to record it again after this.") % named)


def when(moment):
    return f"{moment:%d %B %Y %H:%M} UTC"


def name_of(edition):
    """The title that the edition bears, else the one of its thing's draft."""
    content = child_of(edition)
    kind = kinds.get(edition.kind)
    return f"“{kind.title(content) or kind.title(kind.draft.objects.get(pk=edition.thing_id))}”"


def publish(drafts, live_from=None, note="", minor=False, author="", on_pending=OnPending.ASK, alongside=None):
    """Record an edition of each draft, all live from the same moment (default: now), and return them.

    `alongside(editions)` writes what else belongs to the entry, such as the rows that a release closes. Raises ValidationError for a
    moment in the past or a contradiction, ScheduleConflict if something later is scheduled and `on_pending` says to ask. Nothing is
    written then.
    """
    things = [draft.pk for draft in drafts]
    if len(things) > len(set(things)):
        raise ValidationError(_("The same thing was given twice to be published."))
    for draft in drafts:
        draft.full_clean(validate_unique=False, validate_constraints=False)
    with record_transaction() as record:
        moment = moment_to_write(record, live_from)
        again = settle(scheduled(record, things, moment), on_pending, moment)
        record.supersede(things, moment)
        fields = {"note": note, "minor": minor, "author": author}
        editions = [record.add(kinds.get(draft.KIND).edition, draft.pk, moment, draft.content(), **fields) for draft in drafts]
        record_again(record, again)
        if alongside:
            alongside(editions)
    return editions


def withdraw(thing, reason, live_from=None, successor=None, note="", author="", on_pending=OnPending.ASK):
    """Take a thing and its branch from the public from `live_from` on, with a public reason; returns one edition a thing.

    What is scheduled to come below it later counts as a part of the branch that is scheduled: it is asked about, and dropped with the
    rest; kept, it needs another place. Raises ValidationError if the thing is not public then, or if the moment is past.
    """
    kind = kinds.get(thing.kind)
    with record_transaction() as record:
        moment = moment_to_write(record, live_from)
        branch = list(kind.edition.objects.live(moment).filter(thing__in=kind.branch(thing.pk, moment)))
        things = [edition.thing_id for edition in branch]
        if thing.pk not in things:
            said = _("“%(title)s” is not public at %(moment)s, so there is nothing to withdraw.")
            raise ValidationError(said % {"title": thing, "moment": when(moment)})
        own, coming = scheduled(record, things, moment), arrivals(kind, thing.pk, things, moment)
        again = settle(own + coming, on_pending, moment)
        if not again:
            cancel_each(record, coming, note, author)
        record.supersede(things, moment)
        fields = {"action": Action.WITHDRAW, "reason": reason, "successor_id": successor and successor.pk, "note": note, "author": author}
        gone = [record.add(kind.edition, old.thing_id, moment, old.content() | old.erasable_blanks(), **fields) for old in branch]
        record_again(record, [edition for edition in again if edition.thing_id in things])
    return gone


def cancel(edition, note="", author=""):
    """Cancel one scheduled edition by republishing what is in force now; what else is scheduled for the thing stays so."""
    return cancel_all([edition], note, author)[0]


def cancel_all(editions, note="", author=""):
    """Cancel scheduled editions together; returns for each of their things the edition that says so."""
    with record_transaction() as record:
        editions = list(Edition.objects.filter(number__in=[edition.number for edition in editions]))
        if not all(edition.is_pending(record.now) for edition in editions):
            raise ValidationError(_("This edition is not scheduled any more, so there is nothing to cancel."))
        return cancel_each(record, editions, note, author)


def erase(edition, reason, author=""):
    """Take a text away for legal cause; returns the row that says so. See `erase_all`."""
    return erase_all([edition], reason, author)[edition.number]


def erase_all(editions, reason, author=""):
    """Take texts of one thing away for legal cause.

    For each edition of the thing that holds one of the texts a row that says so is appended, and the text is blanked, in the draft too.
    The thing's address answers 451 while such an edition is or was in force. Returns the rows by the number of the edition erased.
    """
    with record_transaction() as record:
        chosen = [child_of(edition) for edition in editions]
        if any(old.is_erased() or old.action != Action.PUBLISH for old in chosen):
            raise ValidationError(_("There is no text to erase in this edition."))
        copies = {copy.number: copy for old in chosen for copy in same_text(old)}
        for copy in copies.values():
            if copy.is_pending(record.now):
                said = _("Edition %(number)s with this text is scheduled from %(moment)s: cancel it first.")
                raise ValidationError(said % {"number": copy.number, "moment": when(copy.live_from)})
        stored_files = {value for copy in copies.values() for value in copy.content().values() if isinstance(value, StoredFile)}
        marks = {number: erase_one(record, copy, reason, author) for number, copy in sorted(copies.items())}
        for old in chosen:
            forget(old, record.now)
        transaction.on_commit(lambda: [forget_file(stored) for stored in stored_files])
    return marks


def erase_one(record, old, reason, author):
    frame = old.content() | old.erasable_blanks()
    fields = {"action": Action.ERASE, "erases": Edition(number=old.number), "reason": reason, "author": author}
    if old.is_in_force(record.now):
        later = scheduled(record, [old.thing_id], record.now)
        mark = record.append(type(old), old.thing_id, record.now, frame, **fields)
        record_again(record, later)
    else:
        mark = record.mark(type(old), old.thing_id, frame, **fields)
    type(old).objects.filter(number=old.number).update(**old.erasable_blanks())
    turns.forget(old.number)
    return mark


def same_text(edition):
    """The editions of the thing, this one included, that hold the same text; cancelling and rescheduling record a text again."""
    kept = type(edition).objects.filter(thing=edition.thing_id, action=Action.PUBLISH, erased_by__isnull=True)
    return [other for other in kept.order_by("number") if attributes(other, *edition.ERASABLE) == attributes(edition, *edition.ERASABLE)]


def forget(erased, now):
    """Blank what was erased in the draft, its versions and working copies, but for what is still public."""
    kind = kinds.get(erased.kind)
    public = kind.edition.objects.live(now).filter(thing=erased.thing_id).first()
    gone = {name: blank for name, blank in erased.erasable_blanks().items() if getattr(erased, name) != getattr(public, name, None)}
    draft = kind.draft.objects.get(pk=erased.thing_id)
    changed = {name: blank for name, blank in gone.items() if getattr(erased, name) and getattr(draft, name) == getattr(erased, name)}
    if changed:
        draft.put_content(changed)
        draft.save_if_unchanged(draft.version, how=How.ERASE)
    forget_versions(erased, gone)
    for copy in draft.working_copies.all():
        if typed := [name for name in gone if as_typed(copy.fields.get(name)) == getattr(erased, name) != ""]:
            copy.fields |= {name: [""] for name in typed}
            copy.save()
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(draft), object_id=str(draft.pk)).update(
        object_repr=draft.reference
    )


def forget_versions(erased, gone):
    """Blank the erased text in the versions that hold it, and all text in those that led to the erased edition."""
    before = Edition.objects.filter(thing=erased.thing_id, action=Action.PUBLISH, recorded__lt=erased.recorded).aggregate(
        at=Max("recorded")
    )

    def blank(version, draft):
        led_there = (before["at"] is None or before["at"] < version.made) and version.made <= erased.recorded
        draft.put_content({name: empty for name, empty in gone.items() if led_there or getattr(draft, name) == getattr(erased, name)})

    draft_versions.rewrite(kinds.get(erased.kind).draft, erased.thing_id, blank)


def as_typed(values):
    """The text in a field of a form, as a draft would hold it."""
    return "\n".join(values or []).replace("\r\n", "\n").strip()


def restore(edition, user=None):
    """Put an old edition's content into the thing's draft (not published) as a new version of it; returns the saved draft."""
    old = child_of(edition)
    if old.action != Action.PUBLISH:
        raise ValidationError(_("This edition has no text that could be restored."))
    if old.is_erased():
        raise ValidationError(_("The text of this edition was erased and cannot be restored."))
    with transaction.atomic():
        Thing.objects.select_for_update().get(pk=old.thing_id)
        draft = kinds.get(old.kind).draft.objects.get(pk=old.thing_id)
        draft.put_content(old.content())
        draft.full_clean()
        draft.save_if_unchanged(draft.version, user=user, how=How.RESTORE, origin=old.number)
    return draft


def moment_to_write(record, live_from):
    """The moment from which an edition is to hold, never in the past."""
    if live_from is None:
        return record.now
    if live_from < record.now:
        said = _("%s is in the past. What visitors were shown then cannot change; choose a later time or now.")
        raise ValidationError(said % when(live_from))
    return live_from


def scheduled(record, things, moment):
    """Editions scheduled for the things at the moment or later."""
    return list(Edition.objects.filter(thing__in=things, live_from__gte=moment).pending(record.now))


def settle(pending, on_pending, moment):
    """The editions to record again; raises ScheduleConflict if nobody chose yet, ValidationError if one would hide the new one at once."""
    if pending and on_pending == OnPending.ASK:
        raise ScheduleConflict(pending)
    if on_pending == OnPending.KEEP and any(edition.live_from == moment for edition in pending):
        raise ValidationError(
            _("What is already scheduled is for that very time, and kept it would hide this at once. Drop it, or choose another time.")
        )
    return pending if on_pending == OnPending.KEEP else []


def arrivals(kind, thing, branch, moment):
    """Editions scheduled after the moment that put something below the thing that is not in its branch yet."""
    found = {}
    for later in Edition.objects.filter(kind=kind.name).pending(moment).values_list("live_from", flat=True):
        coming = set(kind.branch(thing, later)) - set(branch)
        found |= {edition.number: edition for edition in Edition.objects.in_force(later).filter(thing__in=coming, live_from__gt=moment)}
    return list(found.values())


def cancel_each(record, editions, note, author):
    """Cancel scheduled editions; returns for each of their things the edition that says so."""
    said = {"note": note or "Schedule cancelled.", "author": author}
    cancelled = {edition.number for edition in editions}
    appended = []
    for thing in dict.fromkeys(edition.thing_id for edition in editions):
        model = kinds.get(next(edition.kind for edition in editions if edition.thing_id == thing)).edition
        pending = scheduled(record, [thing], record.now)
        current = model.objects.in_force(record.now).filter(thing=thing).first()
        if current:
            kept = attributes(current, "action", "reason", "successor_id", "minor")
            appended.append(record.append(model, thing, record.now, current.content(), **kept, **said))
        else:
            frame = child_of(pending[0])
            record.supersede([thing], record.now)
            appended.append(record.mark(model, thing, frame.content() | frame.erasable_blanks(), action=Action.CANCEL, **said))
        record_again(record, [edition for edition in pending if edition.number not in cancelled])
    return appended


def record_again(record, pending):
    """Append copies of editions that an earlier-dated one has just superseded, each at its own moment."""
    for old in pending:
        copy = child_of(old)
        kept = attributes(copy, "action", "reason", "successor_id", "author", "note", "minor")
        record.append(type(copy), copy.thing_id, copy.live_from, copy.content(), **kept)


def child_of(edition):
    """The edition of its kind's own model, with its content."""
    return kinds.get(edition.kind).edition.objects.get(number=edition.number)


def attributes(edition, *names):
    return {name: getattr(edition, name) for name in names}


def import_editions(rows):
    """Fill an empty ledger with editions whose dates may lie in the past.

    `rows` are unsaved editions with their intervals, in order; those without a number or time of recording get the next and the present.
    Raises ValidationError if anything has been recorded before.
    """
    with transaction.atomic():
        record = Record.objects.select_for_update().get()
        if record.last:
            raise ValidationError(_("The record is not empty. An import with dates in the past is only possible into an empty one."))
        now, record.entry = clock.now(), new_entry()
        for row in rows:
            row.entry = record.entry
            row.number = row.number or record.last + 1
            row.recorded = row.recorded or now
            record.last = max(record.last, row.number)
            row.save(force_insert=True)
        erased = {row.erases_id for row in rows}
        turns.write([row for row in rows if row.number not in erased])
        record.at = max([row.recorded for row in rows], default=now)
        record.save()
        for name in {row.kind for row in rows}:
            kinds.get(name).check_record(None, min(row.live_from for row in rows if row.kind == name))
        transaction.on_commit(lambda: recorded.send_robust(sender=Edition, numbers=[row.number for row in rows]))
