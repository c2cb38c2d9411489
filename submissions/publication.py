"""Publication: copies of submissions in the record, numbered in the order in which they are published, without what is not for the public.

Files are rewritten before the record is locked, since that may take seconds.
"""

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.lists import next_number
from calls.models import PublicationRule, PublishedSubmission
from calls.states import last_close
from files import bounded, uploads
from files.fields import forget as forget_file
from markup.rendering import escape_markdown
from publishing import ledger
from publishing.models import Record, Thing
from submissions import decisions, letters, parties
from submissions.models import WAITING, Consent, Standing, Submission

CUT = "[…]"
LINE_START = re.compile(r"\A(?:(?=[-+=>:!])|(\d+)(?=[.)]))")
SCRIPT = Path(__file__).with_name("clean_pdf.py")


def redacted(text, passages):
    """The text with CUT for each passage, wherever it stands; passages that overlap are one cut, so that no end of one is left."""
    found, reached, parts = [], 0, []
    for passage in filter(None, passages):
        start = text.find(passage)
        while start >= 0:
            found.append((start, start + len(passage)))
            start = text.find(passage, start + 1)
    for start, end in sorted(found):
        if start >= reached:
            parts += [text[reached:start], CUT]
        reached = max(reached, end)
    return "".join([*parts, text[reached:]])


def as_markdown(text):
    """Plain text as Markdown that reads the same: paragraphs stay paragraphs, lines lines."""
    paragraphs = (part.splitlines() for part in re.split(r"\n\s*\n", text.strip()))
    return "\n\n".join("\\\n".join(map(plain_line, filter(str.strip, lines))) for lines in paragraphs)


def plain_line(line):
    return LINE_START.sub(lambda match: f"{match[1] or ''}\\", escape_markdown(line))


def is_nameless(submission):
    return submission.consent == Consent.NAMELESS or submission.is_anonymised


def rewritten_files(submission):
    """StoredFiles of those PDFs that go public, without what they tell besides their pages. Raises ValidationError."""
    return [rewritten(file) for file in submission.files.all() if file.goes_public and file.extension == "pdf"]


def rewritten(file):
    with file.open() as source, tempfile.TemporaryFile() as copy:
        try:
            bounded.run(str(SCRIPT), source, target=copy)
        except bounded.Exceeded:
            raise ValidationError(_("“%s” could not be rewritten. Keep it private, or refuse it.") % file.name) from None
        return uploads.accept(copy, "submission.pdf")


def publish(pks, by, call):
    """Publish submissions to one call, given as its edition now; returns the drafts by pk. All of them or none.

    Raises AlreadyDecided for one that was decided meanwhile, ValidationError for one that may not be published.
    """
    check_time(call)
    files = {submission.pk: rewritten_files(submission) for submission in Submission.objects.filter(pk__in=pks)}
    try:
        return record(sorted(pks), files, by, call)
    except Exception:
        for stored in (stored for found in files.values() for stored in found):
            forget_file(stored)
        raise


def check_time(call):
    if call.publish == PublicationRule.AFTER_CLOSING and timezone.now() < last_close(call):
        raise ValidationError(_("Submissions to this call are published after it has closed."))


@transaction.atomic
def record(pks, files, by, call):
    submissions = [decisions.locked(pk, *WAITING) for pk in pks]
    if any(submission.consent == Consent.UNPUBLISHED for submission in submissions):
        raise ValidationError(_("One of them is not for publication: mark it as read."))
    if any(submission.call_id != call.thing_id for submission in submissions):
        raise ValidationError(_("These submissions are not all to this call."))
    Record.objects.select_for_update().get()
    first = next_number(call.thing_id)
    drafts = {one.pk: draft_of(one, number, files[one.pk], call) for number, one in enumerate(submissions, first)}
    for draft in drafts.values():
        draft.save()
    ledger.publish(list(drafts.values()), author=by.get_username())
    for submission in submissions:
        draft = drafts[submission.pk]
        submission.public_number, submission.published = draft.submission_number, Thing.objects.get(pk=draft.pk)
        decisions.change(submission, Standing.PUBLISHED, by)
        letters.tell_publication(submission, call.title, f"{call.path}submissions/{draft.submission_number}/")
    return drafts


def draft_of(submission, number, files, call):
    named = [replace(stored, name=name_of(call, number, place, len(files))) for place, stored in enumerate(files, 1)]
    is_withheld = is_nameless(submission)
    return PublishedSubmission(
        of_call_id=submission.call_id,
        submission_number=number,
        submitted=submission.received,
        name="" if is_withheld else submission.name,
        is_withheld=is_withheld,
        organisation="" if is_withheld else submission.organisation,
        country=parties.name_of(submission.country),
        topic=submission.topic,
        body=as_markdown(redacted(submission.text, submission.redactions)),
        redaction_reason=submission.redaction_reason,
        is_late=submission.is_late,
        like_count=like(submission).count() - 1,
        **{f"file_{place}": stored for place, stored in enumerate(named, 1)},
    )


def like(submission):
    """All submissions of its letter that count, itself too."""
    out = (Standing.UNCONFIRMED, Standing.WITHDRAWN, Standing.SPAM, Standing.REFUSED, Standing.EXPIRED)
    return Submission.objects.filter(call=submission.call_id, letter=submission.letter).exclude(standing__in=out)


def name_of(call, number, place, count):
    """A name that tells nothing of the sender: `call-12-submission-7.pdf`."""
    part = f"-{place}" if count > 1 else ""
    return f"{call.slug[:80]}-submission-{number}{part}.pdf"
