"""Files of a form: read within bounds, checked as all uploads are, and kept under the ticket until it is used."""

import shutil
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from files import private, uploads
from files.store import size_label
from submissions.models import SubmittedFile

MOST_FILES = 5
LARGEST, LARGEST_TOGETHER = 20_000_000, 50_000_000
ENDINGS = ("pdf", "docx", "odt", "txt")
ROOM = "submissions"  # of the private store
KEPT_FREE = 1_000_000_000  # bytes of the disk: with less no file is taken


def has_room():
    private.root().mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(private.root()).free >= KEPT_FREE


class FormUploadHandler(uploads.CappedUploadHandler):
    """Writes no more than LARGEST of a file and LARGEST_TOGETHER of all of them, and nothing where the disk has no room."""

    most = LARGEST

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.before, self.has_room = 0, None

    def new_file(self, *args, **options):
        if self.has_room is None:
            self.has_room = has_room()
        self.before += self.written
        self.written = 0
        self.most = min(LARGEST, LARGEST_TOGETHER - self.before) if self.has_room else 0
        super().new_file(*args, **options)


def kept_files(ticket):
    return list(SubmittedFile.objects.filter(nonce=ticket.nonce, submission=None))


def leave_out(ticket, numbers):
    """Delete kept files that the sender does not want to send after all."""
    for file in SubmittedFile.objects.filter(nonce=ticket.nonce, submission=None, pk__in=numbers):
        file.delete()
        private.forget(file.place)


def take(ticket, sent):
    """Keep the files that were sent, each that is good; returns sentences about the others."""
    kept, problems = kept_files(ticket), []
    if sent and not has_room():
        return [_("The portal has no room for files at present. Please send the text alone, or come back later.")]
    for file in sent:
        try:
            kept.append(take_one(ticket, file, kept))
        except ValidationError as refused:
            problems.append(
                _("Please choose another file instead of “%(name)s”: %(why)s") % {"name": file.name, "why": refused.messages[0]}
            )
    return problems


def take_one(ticket, file, kept):
    """The SubmittedFile of one upload. Raises ValidationError."""
    if file.name.rpartition(".")[2].lower() not in ENDINGS:
        raise ValidationError(_("only PDF, DOCX, ODT and TXT are taken."))
    if len(kept) >= MOST_FILES:
        raise ValidationError(_("there are %d already.") % MOST_FILES)
    size = getattr(file, "full_size", file.size)
    if size <= LARGEST and sum(one.size for one in kept) + size > LARGEST_TOGETHER:
        raise ValidationError(_("together the files are larger than %s.") % size_label(LARGEST_TOGETHER))
    return SubmittedFile.objects.create(nonce=ticket.nonce, **asdict(uploads.accept_private(file, file.name, ROOM, LARGEST)))
