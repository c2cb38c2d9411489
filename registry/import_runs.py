"""Imports by upload: the files lie in a folder of their own, and a child process checks or publishes them, so that no request waits.

The process tells of its progress in the row of its ImportRun; the desk's page reads it there.
"""

import shutil
import subprocess
import sys
import threading
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from files.uploads import LIMIT, checked_name
from registry.importing import MODELS, ImportRefusedError, import_folder, place_of, reasons
from registry.models import ImportRun, RunState

ENDINGS = (".csv", ".xlsx")
MOST_FILES = 12
MOST_REJECTS = 200  # of the rows left out, so many are told one by one
NO_SIGN = timedelta(minutes=10)  # after so long without a sign a process is taken to have ended
KEPT = timedelta(days=2)  # files that were checked and neither published nor discarded


def folder_of(run):
    return settings.VAR_DIR / "imports" / run.folder


def check_files(files):
    """Raise ValidationError that says what is wrong with uploads before anything is kept."""
    if len(files) > MOST_FILES:
        raise ValidationError(_("At most %(count)s files at once.") % {"count": MOST_FILES})
    names = [checked_name(file.name) for file in files]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValidationError(_("Two files are called “%(name)s”.") % {"name": twice})
    for name, file in zip(names, files, strict=True):
        if not name.lower().endswith(ENDINGS):
            raise ValidationError(_("“%(name)s” is neither a CSV nor a workbook (.xlsx).") % {"name": name})
        if file.size > LIMIT:
            raise ValidationError(_("“%(name)s” is larger than %(limit)s MB.") % {"name": name, "limit": LIMIT // 1_000_000})


def begin(user, files, as_of=None, note=""):
    """Keep the files and begin to check them; returns the ImportRun. Raises ValidationError while another is under way."""
    end_silent()
    if ImportRun.objects.filter(state__in=ImportRun.UNDER_WAY).exists():
        raise ValidationError(_("Another import is under way. Please wait until it has ended."))
    forget_old()
    run = ImportRun(user=user, folder=uuid.uuid4().hex, as_of=as_of, note=note)
    folder_of(run).mkdir(parents=True)
    for file in files:
        with (folder_of(run) / checked_name(file.name)).open("wb") as kept:
            shutil.copyfileobj(file, kept)
    run.save()
    spawn(run)
    return run


def publish(run):
    """Begin to publish what was checked; whether it was still to be published."""
    if not ImportRun.objects.filter(pk=run.pk, state=RunState.CHECKED).update(state=RunState.PUBLISHING, touched=timezone.now()):
        return False
    spawn(run)
    return True


def discard(run):
    """Forget the files of a run that was checked; whether there was anything to forget."""
    if not ImportRun.objects.filter(pk=run.pk, state=RunState.CHECKED).update(state=RunState.DISCARDED):
        return False
    forget_files(run)
    return True


def forget_files(run):
    shutil.rmtree(folder_of(run), ignore_errors=True)


def forget_old():
    old = ImportRun.objects.filter(state=RunState.CHECKED, touched__lt=timezone.now() - KEPT)
    for run in old:
        discard(run)


def end_silent():
    """Runs without a sign for long have ended with their process, as when the machine was started anew."""
    silent = ImportRun.objects.filter(state__in=ImportRun.UNDER_WAY, touched__lt=timezone.now() - NO_SIGN)
    for run in silent:
        finish(run, RunState.BROKEN, problem=_("The process gave no sign for ten minutes. Nothing was published; please begin again."))


# The process


def spawn(run):
    """Start the process of a run. Where it ends without a word, the run is told to be broken."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import_registry", "--run", str(run.pk)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    threading.Thread(target=wait_for, args=(process, run.pk), name=f"import {run.pk}", daemon=True).start()


def wait_for(process, pk):
    _out, errors = process.communicate()
    if process.returncode:
        sys.stderr.write(errors.decode(errors="replace"))
        try:
            run = ImportRun.objects.filter(pk=pk, state__in=ImportRun.UNDER_WAY).first()
            if run:
                finish(
                    run, RunState.BROKEN, problem=_("The process ended with an error, which the portal's log tells. Nothing was published.")
                )
        finally:
            connection.close()


def work(pk):
    """Check or publish a run: what its process does."""
    run = ImportRun.objects.get(pk=pk)
    is_check = run.state == RunState.CHECKING

    def say(words):
        run.lines.append(words)
        run.save(update_fields=["lines", "touched"])

    author = run.user.get_username() if run.user else ""
    try:
        result = import_folder(folder_of(run), run.as_of, is_check, run.note, author, say)
    except ImportRefusedError as error:
        finish(run, RunState.REFUSED, problem=str(error))
        return
    if not result.difference:
        finish(run, RunState.UNCHANGED, told=summary(result))
    elif is_check:
        ImportRun.objects.filter(pk=pk).update(state=RunState.CHECKED, told=summary(result), touched=timezone.now())
    else:
        finish(run, RunState.PUBLISHED, told=summary(result))


def finish(run, state, **told):
    """End a run in a state; its files are no longer needed. One that has ended already stays as it is."""
    if ImportRun.objects.filter(pk=run.pk, state__in=ImportRun.UNDER_WAY).update(state=state, touched=timezone.now(), **told):
        forget_files(run)


def summary(result):
    """What people are told of a check or an import."""
    difference = result.difference
    return {
        "as_of": result.as_of.isoformat(),
        "release": result.release and result.release.title,
        "rows": [
            [sort, len(difference.come[model]), len(difference.closed[model]), difference.accepted[sort]]
            for sort, model in MODELS.items()
            if model in difference.come
        ],
        "rejected": len(result.report.rejects),
        "rejects": [[place_of(Path(name).name, line), reason] for name, line, reason in result.report.rejects[:MOST_REJECTS]],
        "warned": len(result.report.warnings),
        "warnings": [[reason, count, place_of(Path(name).name, line)] for reason, count, name, line in reasons(result.report.warnings)],
        "unread": result.unread,
    }
