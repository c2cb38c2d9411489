"""Decisions: what changes the state of a submission. Each locks its row, asks its state again, and writes a StandingChange.

Who comes too late is told by AlreadyDecided: of a publication and a withdrawal at one time, one wins.
"""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.models import PublishedSubmissionEdition
from files import bounded
from publishing import ledger
from publishing.models import Action
from submissions import letters, likeness, retention, tickets
from submissions.forms import MOST_CHARACTERS
from submissions.models import WAITING, Standing, StandingChange, Submission

WITH_WORDS = {"txt", "docx", "odt"}
READER = Path(__file__).with_name("file_words.py")
WITHDRAWABLE = (Standing.UNCONFIRMED, *WAITING, Standing.ACCEPTED, Standing.PUBLISHED, Standing.SPAM)


class AlreadyDecided(ValidationError):
    """Refusal of a decision that the state of the submission does not allow any more."""

    def __init__(self, submission):
        said = _("Submission %(receipt)s is %(state)s by now, so nothing was done.")
        super().__init__(said % {"receipt": submission.receipt, "state": submission.get_standing_display()})


def locked(pk, *standings):
    """The submission, under its lock, if it is in one of these states. Raises AlreadyDecided."""
    submission = Submission.objects.select_for_update().get(pk=pk)
    if submission.standing not in standings:
        raise AlreadyDecided(submission)
    return submission


def change(submission, after, by=None, reason=""):
    StandingChange.objects.create(submission=submission, by=by, before=submission.standing, after=after, reason=reason)
    submission.standing = after
    submission.save()


def by_secret(field, secret):
    """The submission of a secret in an address, by the name of its hash; or None."""
    return Submission.objects.filter(**{field: tickets.digest(secret)}).first()


@transaction.atomic
def confirm(pk, at):
    """The address is proved: the submission waits to be read, with the letter that it belongs to. Raises AlreadyDecided."""
    submission = locked(pk, Standing.UNCONFIRMED)
    if submission.confirm_until <= at:
        raise AlreadyDecided(submission)
    submission.letter = letter_of(submission)
    change(submission, Standing.RECEIVED)
    return submission


def letter_of(submission):
    """The number of the letter: of the first submission to the call that says nearly the same, else its own."""
    known = Submission.objects.filter(call=submission.call_id, letter__isnull=False).exclude(digest="").order_by("pk")
    if same := submission.digest and known.filter(digest=submission.digest).first():
        return same.letter
    firsts = {pk: sketch for pk, letter, sketch in known.values_list("pk", "letter", "sketch") if pk == letter}
    return likeness.letter_of(submission.sketch, firsts) or submission.pk


@transaction.atomic
def withdraw(pk):
    """Its sender takes a submission back. What was published is erased; the rest goes at once. Raises AlreadyDecided."""
    submission = locked(pk, *WITHDRAWABLE)
    if submission.published_id:
        erase_public(submission)
    change(submission, Standing.WITHDRAWN)
    retention.forget_person(submission)


def erase_public(submission):
    own = PublishedSubmissionEdition.objects.filter(thing=submission.published_id, action=Action.PUBLISH, erased_by__isnull=True)
    now = timezone.now()
    if scheduled := [edition for edition in own if edition.is_pending(now)]:
        ledger.cancel_all(scheduled)
    if editions := list(own.all()):
        ledger.erase_all(editions, _("Withdrawn by who sent it."))


@transaction.atomic
def refuse(pk, by, reason, title):
    """Refuse with a reason, of which the sender is told. Raises AlreadyDecided, or ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError(_("Please give the reason: the sender is told it in your words."))
    submission = locked(pk, *WAITING)
    submission.reason = reason.strip()
    change(submission, Standing.REFUSED, by, submission.reason)
    letters.tell_refusal(submission, title)


@transaction.atomic
def accept(pk, by):
    """Note that what is not for publication has been read. Raises AlreadyDecided."""
    change(locked(pk, *WAITING), Standing.ACCEPTED, by)


@transaction.atomic
def set_aside(pk, by):
    """Set aside as spam; nobody is told. Raises AlreadyDecided."""
    change(locked(pk, *WAITING), Standing.SPAM, by)


@transaction.atomic
def put_back(pk, by):
    """Put what was set aside as spam, or was only read, back into the queue. Raises AlreadyDecided."""
    change(locked(pk, Standing.SPAM, Standing.ACCEPTED), Standing.RECEIVED, by)


@transaction.atomic
def edit(pk, by, passages, reason, is_anonymised, public_files, is_final=False):
    """Keep what is taken out before a publication; unless the decision comes with it, the submission is then under review.

    Raises AlreadyDecided, or ValidationError for words that are not in the text.
    """
    submission = locked(pk, *WAITING)
    missing = [passage for passage in passages if passage not in submission.text]
    if missing:
        raise ValidationError(_("These words are not in the text: “%s”. Copy them from it.") % "”, “".join(missing))
    if passages and not reason.strip():
        raise ValidationError(_("Please say why words are taken out: readers see the reason."))
    submission.redactions, submission.redaction_reason, submission.is_anonymised = passages, reason.strip(), is_anonymised
    for file in submission.files.all():
        file.goes_public = file.pk in public_files
        file.save(update_fields=["goes_public"])
    if is_final or submission.standing == Standing.REVIEW:
        submission.save()
    else:
        change(submission, Standing.REVIEW, by)
    return submission


@transaction.atomic
def take_in(pk, by, file):
    """Add the words of a file to the text, so that they are read, grouped, shortened and published as it is.

    Raises AlreadyDecided, or ValidationError where the file has no words, or more than a text may have.
    """
    submission = locked(pk, *WAITING)
    words = words_of(file)
    if words in submission.text:
        raise ValidationError(_("The text of “%s” is in the submission already.") % file.name)
    text = "\n\n".join(filter(None, (submission.text, words)))
    if len(text) > MOST_CHARACTERS:
        raise ValidationError(
            _("With “%(name)s” the text would be too long: %(length)d characters of at most %(most)d.")
            % {"name": file.name, "length": len(text), "most": MOST_CHARACTERS}
        )
    submission.text, submission.digest, submission.sketch = text, likeness.digest_of(text), likeness.sketch_of(text)
    change(submission, Standing.REVIEW, by, _("the text of “%s” was taken in") % file.name)


def words_of(file):
    """The words of a TXT, DOCX or ODT, a line a paragraph. Raises ValidationError."""
    try:
        with file.open() as source:
            words = bounded.run(str(READER), source, file.extension)
    except bounded.Exceeded:
        raise ValidationError(_("“%s” cannot be read. Please open it yourself.") % file.name) from None
    if not words:
        raise ValidationError(_("“%s” has no words: it may hold pictures alone.") % file.name)
    return words
