"""Running of what falls due: each job once, whoever else runs, and each apart from the failures of the others."""

import logging
import traceback
from pathlib import Path
from secrets import token_hex

from django.db import OperationalError
from django.utils import timezone

from due.jobs import registered
from due.models import OVERDUE, SELF, JobRun

log = logging.getLogger("portal.due")


def run_all():
    """Do each job that is due and that nobody else is doing; returns the names of those that failed."""
    JobRun.objects.update_or_create(name=SELF, defaults={"started": timezone.now()})
    failed = [job.name for job in list(registered.values()) if not run(job)]
    JobRun.objects.filter(name=SELF).update(ended=timezone.now())
    return failed


def run(job):
    """Do a job if it is due; whether nothing failed."""
    holder = token_hex(16)
    try:
        if JobRun.objects.claim(job, holder):
            note(job, holder, **outcome_of(job))
    except OperationalError:  # the database is busy or away; the next job may find it well again
        log.exception("A job could not be noted: %s", job.name)
        return False
    return not JobRun.objects.filter(name=job.name, failed__isnull=False).exists()


def outcome_of(job):
    """What the row is to say of a job that is done now."""
    try:
        done = job.run() or ""
    except Exception as error:  # whatever a job raises, the others are done all the same
        log.exception("A job failed: %s", job.name)
        return {"failed": timezone.now(), "failure": place_of(error)}
    return {"failed": None, "failure": "", "done": done[:200]}


def note(job, holder, **outcome):
    """Write how the run ended, unless the lease had run out and another has begun."""
    JobRun.objects.filter(name=job.name, holder=holder).update(ended=timezone.now(), holder="", held_until=None, **outcome)


def place_of(error):
    """What failed and where, without the values that were at hand there."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})"[:200]


def state():
    """(moment of the last run or None, whether it is overdue, names of the jobs whose last run failed)."""
    rows = {row.name: row for row in JobRun.objects.all()}
    last = rows[SELF].started if SELF in rows else None
    failing = sorted(name for name, row in rows.items() if row.failed and name in registered)
    return last, last is not None and timezone.now() - last > OVERDUE, failing
