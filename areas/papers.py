"""Papers of an area: files with versions, comments on a version, copies of many at once."""

import csv
import io
import tempfile
import zipfile

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from areas import events, mails
from areas.models import AreaComment, AreaCommentText, AreaEvent, AreaFile, AreaMembership, AreaVersion
from files import private, uploads
from files.store import CHUNK
from publishing.exports import safe_cell

ROOM = "areas"
MOST_IN_ZIP = 500_000_000  # bytes
Happening = AreaEvent.Happening


def files_of(area):
    """The papers that are there, each with its `latest` version."""
    papers = list(area.files.filter(removed=None).prefetch_related("versions"))
    for paper in papers:
        paper.latest = paper.versions.all()[0]  # in the order of their numbers, the highest first
    return papers


def add_version(area, account, upload, paper=None, note="", comments_until=None, **facts):
    """Keep an uploaded file as a new paper, or as the next version of one. Raises ValidationError where the file is refused."""
    kept = uploads.accept_private(upload, upload.name, ROOM)
    try:
        with transaction.atomic():
            if paper is None:
                paper = AreaFile.objects.create(area=area, **facts)
            AreaFile.objects.select_for_update().get(pk=paper.pk)
            latest = paper.versions.first()
            version = AreaVersion.objects.create(
                file=paper,
                number=latest.number + 1 if latest else 1,
                note=note,
                comments_until=comments_until,
                by=account.get_username(),
                account=account,
                **vars(kept),
            )
            events.note(area, Happening.UPLOADED, account.get_username())
            mails.tell(area, but=account)
    except BaseException:
        private.forget(kept.place)
        raise
    return version


@transaction.atomic
def remove(thing, account):
    """Take a paper or a notice off the area; stewards still find it in the copy until the area is deleted."""
    thing.removed = timezone.now()
    thing.save(update_fields=["removed"])
    events.note(thing.area, Happening.REMOVED, account.get_username())


def takes_comments(version):
    return version.comments_until is not None and timezone.now() < version.comments_until


@transaction.atomic
def comment(version, account, place, text):
    """Add a remark on a version that takes comments."""
    return AreaComment.objects.create(version=version, account=account, place=place, text=text)


@transaction.atomic
def change_comment(remark, place, text):
    """Change an own remark; what it said before is kept."""
    if not takes_comments(remark.version):
        raise ValidationError(_("The time for comments on this version is over."))
    AreaCommentText.objects.create(comment=remark, place=remark.place, text=remark.text)
    remark.place, remark.text = place, text
    remark.save(update_fields=["place", "text"])


@transaction.atomic
def settle(remark, account):
    """Settle an open remark, or open a settled one again."""
    is_open = remark.settled_at is None
    remark.settled_at, remark.settled_by = (timezone.now(), account.get_username()) if is_open else (None, "")
    remark.save(update_fields=["settled_at", "settled_by"])


def zipped(versions, texts=()):
    """A temporary file with a ZIP of the versions, by folder and title, and of `texts`, pairs of a name and its text."""
    if sum(version.size for version in versions) > MOST_IN_ZIP:
        raise ValidationError(_("These files are more than %d MB together. Please choose fewer.") % (MOST_IN_ZIP // 1_000_000))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for version in versions:
            with version.open() as source, archive.open(name_in_zip(version), "w") as entry:
                while piece := source.read(CHUNK):
                    entry.write(piece)
        for name, text in texts:
            archive.writestr(name, text)
    target.seek(0)
    return target


def name_in_zip(version):
    """`Folder/17-2-agenda.pdf`: the numbers of paper and version keep files of one name apart."""
    folder = "".join("_" if letter in '/\\:*?"<>|' or not letter.isprintable() else letter for letter in version.file.folder).strip(" .")
    name = f"{version.file_id}-{version.number}-{version.name}"
    return f"{folder}/{name}" if folder else name


def export(area):
    """A ZIP with all that a steward may take along: files in all versions, and notices, comments, members and readings as CSV."""
    versions = list(AreaVersion.objects.filter(file__area=area).select_related("file"))
    notices = area.notices.values_list("title", "text", "due", "due_zone", "by", "at", "removed")
    comments = AreaComment.objects.filter(version__file__area=area)
    comments = comments.values_list("version__file__title", "version__number", "account__username", "place", "text", "at", "settled_at")
    members = AreaMembership.objects.filter(area=area)
    members = members.values_list("account__username", "role", "represents", "begins", "ends", "ended_at", "ended_by", "ended_why")
    readings = area.readings.values_list("account__username", "what", "act", "at")
    texts = [
        ("notices.csv", table(["title", "text", "due", "zone", "by", "at", "removed"], notices)),
        ("comments.csv", table(["file", "version", "by", "place", "text", "at", "settled"], comments)),
        ("members.csv", table(["user name", "role", "represents", "from", "until", "ended", "ended by", "why"], members)),
        ("readings.csv", table(["user name", "what", "act", "at"], readings)),
    ]
    return zipped(versions, texts)


def table(header, rows):
    """Text of a CSV; cells that a spreadsheet would calculate are made safe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue()
