"""Queue of the desk: which submissions to a call wait, how they group, what nobody has opened, and which is the next."""

from dataclasses import dataclass

from django.db.models import Count, Q

from submissions import likeness
from submissions.models import WAITING, Standing, Submission, SubmissionOpening


@dataclass(frozen=True)
class LetterGroup:
    """Submissions that say the same (`is_same`) or nearly the same; the first is the one to read."""

    rows: list
    is_same: bool

    @property
    def first(self):
        return self.rows[0]

    @property
    def is_single(self):
        return len(self.rows) == 1


def waiting(call):
    """Submissions of a call, by its id, that wait to be decided, but for suspects; letter by letter."""
    return Submission.objects.filter(call=call, standing__in=WAITING, signals=[]).order_by("letter", "pk")


def suspects(call):
    return Submission.objects.filter(call=call, standing__in=WAITING).exclude(signals=[]).order_by("pk")


def counts(call):
    """(label, number) by state, of all submissions to a call."""
    found = dict(Submission.objects.filter(call=call).order_by().values_list("standing").annotate(Count("pk")))
    return [(label, found[state]) for state, label in Standing.choices if state in found]


def grouped(rows):
    """Rows as LetterGroups, the largest first."""
    rows = {row.pk: row for row in rows}
    found = []
    for keys in likeness.groups([(row.pk, row.letter, row.digest) for row in rows.values()]):
        members = [rows[key] for key in keys]
        found.append(LetterGroup(members, is_same=len({row.digest for row in members}) == 1))
    return sorted(found, key=lambda group: (-len(group.rows), group.first.pk))


def group_of(pk, call):
    """The pks of the group that a waiting submission is in."""
    rows = waiting(call).only("pk", "letter", "digest")
    return next(([row.pk for row in group.rows] for group in grouped(rows) if any(row.pk == pk for row in group.rows)), [])


def next_after(submission):
    """The waiting submission that follows, else the first that waits; None if no other does."""
    others = waiting(submission.call_id).exclude(pk=submission.pk)
    letter = submission.letter or submission.pk
    later = others.filter(Q(letter__gt=letter) | Q(letter=letter, pk__gt=submission.pk))
    return later.first() or others.first()


def unopened(submissions):
    """Those that nobody opened, nor another with the very same words to the same call."""
    opened = set(SubmissionOpening.objects.filter(submission__in=submissions).values_list("submission", flat=True))
    calls = {submission.call_id for submission in submissions}
    same = set(
        SubmissionOpening.objects.filter(submission__call__in=calls)
        .exclude(submission__digest="")
        .values_list("submission__digest", flat=True)
    )
    return [one for one in submissions if one.pk not in opened and one.digest not in same]
