"""Retention: what is known of persons is deleted when its time is over, from rows, files and waiting mails, and from free pages too.

What stays of a submission is that there was one: call, topic, instant, state and public number.
"""

from calendar import monthrange
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from calls.models import CallEdition
from calls.states import last_close
from files import private
from mail import outbox
from mail.models import WaitingMail
from submissions import letters
from submissions.models import WAITING, ConfirmationMail, FormPost, SenderAddress, Standing, StandingChange, Submission, SubmittedFile
from submissions.uploads import ROOM

UNUSED_TICKET = timedelta(hours=48)
DAY = timedelta(days=1)
UNDECIDED = (Standing.UNCONFIRMED, *WAITING, Standing.SPAM)
BLANK = {
    "name": "",
    "organisation": "",
    "country": "",
    "text": "",
    "reason": "",
    "redactions": [],
    "redaction_reason": "",
    "signals": [],
    "digest": "",
    "sketch": [],
    "letter": None,
    "confirm_hash": "",
    "manage_hash": "",
}


@transaction.atomic
def forget_person(submission):
    """Delete what a submission tells of its sender; returns counts by what it was."""
    files = list(submission.files.all())
    counts = {"addresses": SenderAddress.objects.filter(submission=submission).delete()[0], "files": len(files)}
    for file in files:
        file.delete()
    transaction.on_commit(lambda: [private.forget(file.place) for file in files])
    counts["mails"] = outbox.forget(letters.key_of(submission))
    StandingChange.objects.filter(submission=submission).exclude(reason="").update(reason="")
    counts["looks"] = submission.looks.all().delete()[0] + submission.openings.all().delete()[0]
    for name, value in BLANK.items():
        setattr(submission, name, value)
    submission.person_deleted = timezone.now()
    submission.save()
    return counts | {"submissions": 1}


def delete_on(call):
    """The instant from which what is known of the senders to a call is deleted; None for a call without closing instant."""
    closes = last_close(call)
    return closes and months_later(closes, call.retention_months)


def months_later(instant, months):
    """The instant so many months later, on the last day of a month that lacks its day."""
    years, month = divmod(instant.month - 1 + months, 12)
    year, month = instant.year + years, month + 1
    return instant.replace(year=year, month=month, day=min(instant.day, monthrange(year, month)[1]))


def calls_over(at):
    """Ids of the calls, of those with submissions of which something is known, whose retention is over at the instant."""
    open_ones = set(Submission.objects.filter(person_deleted=None).values_list("call", flat=True))
    latest = {}
    for edition in CallEdition.objects.ever_in_force(thing__in=open_ones).filter(live_from__lte=at).order_by("number"):
        latest[edition.thing_id] = edition
    return [thing for thing, edition in latest.items() if (over := delete_on(edition)) and over <= at]


def delete_due(at):
    """Delete what is over at the instant; returns counts by what it was."""
    over = Submission.objects.filter(call__in=calls_over(at), person_deleted=None)
    expired = Submission.objects.filter(standing=Standing.UNCONFIRMED, confirm_until__lte=at)
    counts = {}
    for submission in over | expired:
        add(counts, expire(submission.pk))
    counts["unused files"] = delete_unused(at)
    counts["stray files"] = delete_strays()
    FormPost.objects.filter(at__lte=at - DAY).delete()
    ConfirmationMail.objects.filter(at__lte=at - DAY).delete()
    counts["wiped"] = wipe()
    return {what: count for what, count in counts.items() if count}


@transaction.atomic
def expire(pk):
    """Forget the person of one submission, unless that has happened meanwhile; returns counts."""
    submission = Submission.objects.select_for_update().get(pk=pk)
    if submission.person_deleted:
        return {}
    if submission.standing in UNDECIDED:
        StandingChange.objects.create(submission=submission, before=submission.standing, after=Standing.EXPIRED)
        submission.standing = Standing.EXPIRED
    return forget_person(submission)


def wipe():
    """Write the database anew where rows of persons were deleted, so that no free page and no index holds them; returns how many rows.

    On SQLite that is the whole file and its log, on PostgreSQL the tables that held them.
    """
    waiting = list(Submission.objects.filter(person_deleted__isnull=False, is_wiped=False).values_list("pk", flat=True))
    if waiting:
        with connection.cursor() as cursor:
            for statement in rewriting():
                cursor.execute(statement)
        Submission.objects.filter(pk__in=waiting).update(is_wiped=True)
    return len(waiting)


def rewriting():
    if connection.vendor == "sqlite":
        return ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    held = (Submission, SenderAddress, SubmittedFile, StandingChange, FormPost, ConfirmationMail, WaitingMail)
    return [f'VACUUM (FULL) "{model._meta.db_table}"' for model in held]


def delete_unused(at):
    """Delete the files of tickets that became no submission."""
    unused = list(SubmittedFile.objects.filter(submission=None, made__lte=at - UNUSED_TICKET))
    for file in unused:
        file.delete()
        private.forget(file.place)
    return len(unused)


def delete_strays():
    strays = private.strays(ROOM, set(SubmittedFile.objects.values_list("place", flat=True)))
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def add(counts, more):
    for what, count in more.items():
        counts[what] = counts.get(what, 0) + count
