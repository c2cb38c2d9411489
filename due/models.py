"""Models of due work: one row a job, which is also the lock under which the job is done."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

OVERDUE = timedelta(minutes=10)
SELF = "run_due"  # the row of the command itself
RETRY = timedelta(minutes=1)  # after a failure
SLACK = timedelta(seconds=10)  # a timer that comes a little early still finds the job due


class JobRunQuerySet(models.QuerySet):
    def claim(self, job, holder):
        """Take the job for `holder`; whether it was due and free. What was done in a future that was none (the clock set back) is due."""
        now = timezone.now()
        due = Q(started=None) | Q(started__lte=now - job.every + SLACK) | Q(started__gt=now + SLACK)
        due |= Q(failed__isnull=False, started__lte=now - RETRY + SLACK)
        free = Q(held_until=None) | Q(held_until__lte=now) | Q(held_until__gt=now + 2 * job.lease)
        self.get_or_create(name=job.name)
        return bool(self.filter(due, free, name=job.name).update(started=now, holder=holder, held_until=now + job.lease))


class JobRun(models.Model):
    """Last run of a job. `failed` is when it last failed, and None once it has gone well again."""

    name = models.CharField(max_length=64, unique=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    done = models.CharField(max_length=200, blank=True)
    failed = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    holder = models.CharField(max_length=32, blank=True)
    held_until = models.DateTimeField(null=True)

    objects = JobRunQuerySet.as_manager()

    def __str__(self):
        return self.name
