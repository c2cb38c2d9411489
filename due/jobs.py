"""Jobs that fall due by the clock. Each app registers its own in a `jobs.py`; `manage.py run_due` does them (due/running.py)."""

from dataclasses import dataclass
from datetime import timedelta

MINUTE = timedelta(minutes=1)
registered = {}


@dataclass(frozen=True)
class Job:
    """Work done again and again. `lease` is the time after which one that has not ended is taken to have been killed."""

    name: str
    run: callable
    every: timedelta
    lease: timedelta


def job(name, every=MINUTE, lease=10 * MINUTE):
    """Register a function that does what has fallen due, and returns what it did in a few words, or nothing.

    It must be safe to repeat: a run may be killed at any step, and the next one begins anew. It is called outside a transaction, and
    keeps well below `lease`, after which another run would begin beside it. What it returns is shown to administrators: figures, no names.
    """

    def register(function):
        registered[name] = Job(name, function, every, lease)
        return function

    return register
