"""Import of a folder of files as the next release: all or nothing.

Files are read and checked first. Rows that differ from those in force are written in batches under a release that nobody sees; the entry
that publishes it, and closes what it replaces or lacks, comes last and is one short transaction. What an import that broke off had
written is removed by the next.
"""

import math
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from publishing import ledger
from publishing.models import Edition
from publishing.record_transaction import record_transaction
from registry import bulk, cleaning, sources, tables
from registry.models import (
    ActivityRow,
    CancelledBlockRow,
    IssuanceRow,
    IssuedBlockRow,
    MethodologyRow,
    PackedTable,
    Release,
    ReleaseEdition,
)

# Models by the sort of file that fills them, in the order of reading. A sort that a folder lacks stays as the release before had it.
MODELS = {
    sources.ACTIVITIES: ActivityRow,
    sources.ISSUANCES: IssuanceRow,
    sources.BLOCKS: IssuedBlockRow,
    sources.CANCELLATIONS: CancelledBlockRow,
    sources.METHODOLOGIES: MethodologyRow,
}
MOST_REPORTED = 2000  # lines of the report that are kept with the release
CLOSED_AT_ONCE = 500
OVERTAKEN = gettext_lazy("Another import has begun meanwhile and has taken this one away.")


class ImportRefusedError(Exception):
    """Folder that is not imported; says why. Nothing has changed then."""


@dataclass
class Difference:
    """What a folder changes: rows that come, numbers of rows that are closed, by model; counts of all rows accepted."""

    come: dict = field(default_factory=dict)
    closed: dict = field(default_factory=dict)
    accepted: dict = field(default_factory=dict)

    def __bool__(self):
        return any(self.come.values()) or any(self.closed.values())


@dataclass
class ImportResult:
    """What an import came to. `release` is None where nothing changed and in a dry run."""

    difference: Difference
    report: cleaning.Report
    unread: list
    as_of: date
    release: Release | None = None
    seconds_of_entry: float = 0.0


def import_folder(folder, as_of=None, dry_run=False, note="", author="", say=lambda _words: None):
    """Import the files of a folder; returns the ImportResult. `say` is told of the progress.

    Raises ImportRefusedError, with a reason for people, and then nothing has changed.
    """
    try:
        found, unread = sources.find_sources(folder)
        return import_sources(found, unread, as_of, dry_run, {"note": note, "author": author}, say)
    except sources.SourceError as error:
        raise ImportRefusedError(str(error)) from error


def import_sources(found, unread, as_of, dry_run, about, say):
    before = latest()
    if sources.ACTIVITIES not in found and sources.SHEET not in found and before is None:
        raise ImportRefusedError(_("There is no file of activities, with which a release begins.") + unknown(unread))
    if not found:
        raise ImportRefusedError(_("There is no file of registry data in this folder.") + unknown(unread))
    report = cleaning.Report()
    if is_same(found, before):
        say(_("These files are those of the latest release."))
        return ImportResult(Difference(), report, unread, before.as_of)
    read = read_all(found, report, say)
    put_together(found, read, before, report)
    day = as_of or told_by(found) or (before and before.as_of)
    if day is None:
        raise ImportRefusedError(_("No file tells of which day the data are. Please name it: --as-of 2023-11-03"))
    refuse_older(day, before)
    refuse_future(day)
    refuse_issuances_after(day, found, read)
    difference = compared(read, before, say)
    result = ImportResult(difference, report, unread, day)
    if difference and not dry_run:
        publish(result, described(found, read), before, about, say)
    return result


def unknown(unread):
    """What is told of files without columns of a known sort, as one with semicolons has none."""
    if not unread:
        return ""
    return " " + _("Not read, since no sort has their columns, parted by commas: {names}.").format(names=", ".join(unread))


def latest():
    """The edition of the latest release, or None."""
    return ReleaseEdition.objects.live(ledger.clock.now()).order_by("-thing_id").first()


def is_same(found, before):
    """Whether the release before was made from these very files."""
    return before is not None and {source.sha256 for source in found.values()} == {file.get("sha256") for file in before.files}


def refuse_older(day, before):
    if before is not None and day < before.as_of:
        raise ImportRefusedError(
            _("These data are of {day}, older than those of the latest release, {latest}.").format(day=day, latest=before.as_of)
        )


def refuse_future(day):
    """Data of a day to come would change what pages of now say at each midnight, without an entry in the record."""
    if day > ledger.clock.now().date():
        raise ImportRefusedError(_("These data would be of {day}, which is still to come.").format(day=day))


def refuse_issuances_after(day, found, read):
    """No data tell of what comes after their day: either that is wrong or the issuances are."""
    issuances = read.get(sources.ISSUANCES)
    latest_one = max((values["date"] for values in issuances.values()), default=day) if issuances else day
    if latest_one > day:
        name = found[sources.ISSUANCES].name
        raise ImportRefusedError(
            _("{name} has an issuance on {date}, after the day of the data, {day}. Please put one of them right.").format(
                name=name, date=latest_one, day=day
            )
        )


def told_by(found):
    """The day of the data, as a column like `03Nov2023` tells it in one of the files; the latest where they differ."""
    days = set()
    for sort in (sources.ISSUANCES, sources.SHEET):
        if sort in found:
            days |= {row["source_release"] for _line, row in found[sort].rows()}
    read = [moment for text in days if (moment := release_day(text))]
    return max(read, default=None)


def release_day(text):
    try:
        return datetime.strptime(text, "%d%b%Y").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None


# Reading


def read_all(found, report, say):
    """Values by key of every sort of row in the files."""
    read = {}
    for sort, source in found.items():
        before = len(report.rejects)
        read[sort] = dict(cleaning.cleaned(source, report))
        rejected = len(report.rejects) - before
        say(rows_told(source, len(read[sort]) + rejected, rejected))
        if not read[sort]:
            raise ImportRefusedError(no_row(source, report))
    return read


def put_together(found, read, before, report):
    """Bring what several files say of activities together. Where there is the full sheet alone, it is the file of activities."""
    lacking = {sources.SHEET, sources.TRANSITIONED} - read.keys()
    if sources.ACTIVITIES not in read and sources.SHEET in read:
        read[sources.ACTIVITIES] = read.pop(sources.SHEET)
    activities = read.get(sources.ACTIVITIES)
    if activities is None:
        return
    report.place = (found.get(sources.ACTIVITIES, found.get(sources.SHEET)).name, 0)
    refuse_shared_references(activities, report)
    cleaning.with_sheet(activities, read.get(sources.SHEET, {}))
    cleaning.with_transitioned(activities, read.get(sources.TRANSITIONED, {}), report)
    if before is not None and lacking:
        cleaning.with_what_was_told(activities, told_of_before(before), sources.SHEET in lacking, sources.TRANSITIONED in lacking)
    issuances = list(read[sources.ISSUANCES].values()) if sources.ISSUANCES in read else issuances_of(before)
    if issuances:
        cleaning.contradicted(activities, issuances, report)


def issuances_of(before):
    """The issuances of the release before, which stay where a folder has none; as far as totals need them."""
    return list(IssuanceRow.objects.of_release(before.thing_id).values("kind", "reference", "cers")) if before else []


def told_of_before(before):
    """Of the release before, the rows of activities of which the full sheet or the list of transitioned ones tell."""
    rows = ActivityRow.objects.of_release(before.thing_id)
    return rows.filter(~models.Q(sheet={}) | models.Q(registered__isnull=False) | models.Q(matched_reference__isnull=False))


def rows_told(source, count, rejected):
    told = {"name": source.name, "count": count, "sort": sources.TOLD[source.sort], "rejected": rejected}
    if rejected:
        words = ngettext(
            "{name}: {count:,} row of {sort} read, {rejected:,} of them rejected.",
            "{name}: {count:,} rows of {sort} read, {rejected:,} of them rejected.",
            count,
        )
    else:
        words = ngettext("{name}: {count:,} row of {sort} read.", "{name}: {count:,} rows of {sort} read.", count)
    return words.format(**told)


def no_row(source, report):
    if not report.rejects:
        return _("{name} has no row that could be accepted.").format(name=source.name)
    return _("{name} has no row that could be accepted: {reason}.").format(name=source.name, reason=report.rejects[0][2])


def refuse_shared_references(activities, report):
    """Take the number from all but the first of the activities that bear one."""
    owners = {}
    for key, values in activities.items():
        if values["reference"] and owners.setdefault(values["reference"], key) != key:
            report.warn(
                _("number {reference} is that of another activity too: taken from {key}").format(reference=values["reference"], key=key)
            )
            values["reference"] = None


# Comparing


def compared(read, before, say):
    difference = Difference()
    for sort, model in MODELS.items():
        if sort in read:
            come, closed = rows_that_differ(model, read[sort], before)
            difference.come[model], difference.closed[model] = come, closed
            difference.accepted[sort] = len(read[sort])
            say(
                _("{sort}: {come:,} new or changed, {closed:,} closed.").format(sort=sources.TOLD[sort], come=len(come), closed=len(closed))
            )
        elif before is not None:
            difference.accepted[sort] = getattr(before, sort)
    return difference


def rows_that_differ(model, rows, before):
    """((key, values) of rows to be written, numbers of those to be closed) against what is in force."""
    if before is None:
        return list(rows.items()), []
    fields = [f for f in model._meta.local_concrete_fields if f.name not in ("id", "key", "from_release", "to_release")]
    defaults = [(f.name, f.get_default()) for f in fields]
    left, closed = dict(rows), []
    own = model.objects.of_release(before.thing_id).values_list("pk", "key", *(name for name, _default in defaults))
    for number, key, *old in own.iterator():
        values = rows.get(key)
        if values is not None and all(
            alike(values.get(name, default), there) for (name, default), there in zip(defaults, old, strict=True)
        ):
            del left[key]
        else:
            closed.append(number)
    return list(left.items()), closed


def alike(new, old):
    return new == old or (isinstance(new, float) and isinstance(old, float) and math.isclose(new, old, rel_tol=1e-12))


# Writing


def publish(result, files, before, about, say):
    """Write what comes under a release that nobody sees, then publish it and close what it replaces, in one entry."""
    difference = result.difference
    draft = begun(content_of(result, files, before))
    try:
        remove_left()
        for model, rows in difference.come.items():
            bulk.insert(model, draft.pk, rows)
        say(_("Rows are written; the table is made."))
        closed = {(model, number) for model, numbers in difference.closed.items() for number in numbers}
        tables.keep(draft.pk, result.as_of, closed)
        began = time.monotonic()
        ledger.publish([draft], alongside=lambda _editions: close(draft, difference, before), **about)
        result.seconds_of_entry = time.monotonic() - began
    except DatabaseError as error:
        if not Release.objects.filter(pk=draft.pk).exists():
            raise ImportRefusedError(OVERTAKEN) from error
        remove(draft)
        raise
    except ValidationError as error:
        remove(draft)
        raise ImportRefusedError(" ".join(error.messages)) from error
    result.release = draft


def content_of(result, files, before):
    lines = [[*line, "rejected"] for line in result.report.rejects] + [[*line, "warning"] for line in result.report.warnings]
    revision = before.revision_number + 1 if before is not None and before.as_of == result.as_of else 1
    return {
        "as_of": result.as_of,
        "revision_number": revision,
        "files": files,
        "rejected": len(result.report.rejects),
        "warned": len(result.report.warnings),
        "report": lines[:MOST_REPORTED],
        **result.difference.accepted,
    }


def described(found, read):
    """What is told of the files: name, SHA-256, what each holds, rows accepted, and up to when transactions go."""
    files = []
    for sort, source in found.items():
        rows = read.get(sort, read.get(sources.ACTIVITIES) if sort == sources.SHEET else {})
        times = [values["completed"] for values in rows.values()] if sort in (sources.BLOCKS, sources.CANCELLATIONS) else []
        latest_one = {"until": max(times).date().isoformat()} if times else {}
        files.append({"name": source.name, "sha256": source.sha256, "holds": sort, "rows": len(rows)} | latest_one)
    return files


def close(draft, difference, before):
    """Close what the release replaces or lacks; raises ValidationError if another release, or another import, came meanwhile."""
    if not Release.objects.filter(pk=draft.pk).exists():
        raise ValidationError(OVERTAKEN)
    now = ReleaseEdition.objects.exclude(thing=draft.pk).order_by("-number").values_list("number", flat=True).first()
    if now != (before and before.number):
        raise ValidationError(_("Another release was published meanwhile. Please import again."))
    for model, numbers in difference.closed.items():
        for start in range(0, len(numbers), CLOSED_AT_ONCE):
            model.objects.filter(pk__in=numbers[start : start + CLOSED_AT_ONCE]).update(to_release=draft.pk)


def begun(content):
    """The draft of a release, in place of all others without an edition: from then on what their imports write is refused.

    Under the lock of the record, so that none of those publishes while its rows go (`close` looks there).
    """
    with record_transaction():
        unfinished().delete()
        return Release.objects.create(**content)


def unfinished():
    return Release.objects.exclude(models.Exists(Edition.objects.filter(thing=models.OuterRef("pk"))))


def remove_left():
    """Remove what imports that broke off or were overtaken have left: rows and tables of no release."""
    for model in [*MODELS.values(), PackedTable]:
        name = "release" if model is PackedTable else "from_release"
        left = set(model.objects.order_by().values_list(name, flat=True).distinct())
        # Read after the rows: a release is there before its rows are.
        left.difference_update(Release.objects.values_list("pk", flat=True), ReleaseEdition.objects.values_list("thing_id", flat=True))
        for release in left:
            bulk.delete(model, **{name: release})


def remove(draft):
    """Remove the draft of an import that cannot end, and its rows."""
    with record_transaction():
        unfinished().filter(pk=draft.pk).delete()
    for model in MODELS.values():
        bulk.delete(model, from_release=draft.pk)
    PackedTable.objects.filter(release=draft.pk).delete()


def reasons(lines):
    """(first reason of its sort, how often the sort is there, the first place) of a report's lines, the most frequent first.

    What stands behind a colon tells of one row.
    """
    counted, first = Counter(), {}
    for name, line, reason in lines:
        sort = reason.partition(": ")[0]
        counted[sort] += 1
        first.setdefault(sort, (reason, name, line))
    return [(first[sort][0], count, *first[sort][1:]) for sort, count in counted.most_common()]


def place_of(name, line):
    """Where something stands in files, in words; line 0 is none of them."""
    return f"{name}, line {line}" if line else name
