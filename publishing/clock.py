"""Clock of the record: the system's, except that within a process a step back of up to an hour is waited out.

What was said of a moment that had passed stays said when the clock is set back. A larger step means that the clock had been wrong
before, and nobody should live in that future until the process ends.
"""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

WAITED_OUT = timedelta(hours=1)


class SteadyClock:
    """Callable that gives the time (UTC)."""

    def __init__(self):
        self.forget()

    def forget(self):
        self.latest = datetime.min.replace(tzinfo=UTC)

    def __call__(self):
        now = timezone.now()
        if now < self.latest <= now + WAITED_OUT:
            return self.latest
        self.latest = now
        return now


now = SteadyClock()
