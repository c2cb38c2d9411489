"""Watch of the record: one thread a process asks which version is public, so that a request need not (ADR 0011)."""

import atexit
import contextlib
import copy
import logging
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Condition, Lock, Thread
from weakref import WeakSet

from django.conf import settings as django_settings
from django.db import connections
from django.db.models import Q

from cdmportal.database_file import close_if_replaced, never_create
from publishing import clock
from publishing.models import Action, Edition, Record
from publishing.moment import Moment, Reading, Version, is_recorded, next_change
from publishing.record_transaction import recorded

logger = logging.getLogger(__name__)

# All in seconds.
PERIOD = 0.02  # between two questions
LONGEST_AGE = 0.2  # of an answer that requests rely on
REST_AFTER = 30.0  # without a request
PAUSE = 1.0  # between two questions while the database does not answer
PATIENCE = 1.0  # for which a request waits for an answer, and the database works at one
LOCKED = 0.3  # for which a question waits for a lock

LONG_AGO, NEVER, FOREVER = float("-inf"), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
RECORD = f"SELECT last, at, entry FROM {Record._meta.db_table}"  # noqa: S608  (a table's name)


@dataclass(frozen=True)
class PublicVersion:
    """The version of the record that visitors see, and the moments between which they do if nothing is recorded."""

    version: Version
    recorded: datetime
    since: datetime
    until: datetime

    def holds(self, now):
        """Whether it is public at `now` if nothing has been recorded since."""
        return self.since <= max(now, self.recorded) < self.until

    def reading(self, now):
        return Reading(now, self.recorded, max(now, self.recorded), self.version)


class VersionWatch:
    """`current()` tells the time and the PublicVersion, which is None while the database does not answer.

    `on_removal` is called when something was withdrawn or erased: what is stored of earlier versions must not be shown again.
    The thread begins with the first request and ends after REST_AFTER without one, its connection with it.
    """

    def __init__(self, on_removal, alias="default"):
        self.on_removal = on_removal
        self.alias = alias
        self._public = self._row = self._connection = None
        self._expired = self._used = LONG_AGO
        self.begin_anew()
        recorded.connect(self.expire)
        watches.add(self)

    def begin_anew(self):
        """Reset, also in a child process: the thread and whoever waited for it stayed in the parent."""
        self._thread, self._asked, self._is_gone = None, LONG_AGO, False
        self._bell, self._answered, self._waiting = Lock(), Condition(), 0
        self._at_work = Lock()
        self._bell.acquire()

    def current(self):
        now, ticks = clock.now(), time.monotonic()
        self._used = ticks
        asked, public = self._asked, self._public  # in this order: the thread sets them in the other
        if ticks - asked < LONGEST_AGE and asked >= self._expired and public.holds(now):
            return now, public
        if (self._is_gone and self._lives()) or not self._ask():
            return now, None
        return self.current()

    def expire(self, **signal):
        """Receiver of `recorded`: what is known may be out of date from now on."""
        self._expired = time.monotonic()
        self._ring()

    def close(self):
        """End the thread and its connection; the next request begins anew."""
        thread, self._used = self._thread, LONG_AGO
        self._ring()
        if thread:
            thread.join(PATIENCE)

    def _ask(self):
        """Let the thread ask at once and wait for it; whether the database has answered.

        When it has not for PATIENCE, the requests that follow do not wait until it does.
        """
        with self._answered:
            self._waiting += 1
            wanted = time.monotonic()
            if self._lives():
                self._ring()
            else:
                self._thread = Thread(target=self._run, name="version watch", daemon=True)
                self._thread.start()
            if not self._answered.wait_for(lambda: self._asked >= wanted or self._is_gone, PATIENCE):
                self._is_gone = True
            self._waiting -= 1
            return not self._is_gone

    def _lives(self):
        thread = self._thread
        return thread is not None and thread.is_alive()

    def _ring(self):
        """End the thread's pause. The bell is a lock that it waits for: an Event makes one anew for each pause."""
        with contextlib.suppress(RuntimeError):  # it rings already
            self._bell.release()

    # In the thread

    def _run(self):
        self._connection = connections[self.alias] = impatient(connections.create_connection(self.alias))
        self._checked = LONG_AGO
        while time.monotonic() - self._used < REST_AFTER or not self._rests():
            with self._at_work:
                self._look()
            self._bell.acquire(timeout=PAUSE if self._is_gone else PERIOD)
        with self._at_work:
            self._connection.close()

    def _rests(self):
        """Whether no request has come meanwhile, which would wait for this thread."""
        with self._answered:
            if time.monotonic() - self._used < REST_AFTER:
                return False
            self._thread, self._asked, self._is_gone = None, LONG_AGO, False
            return True

    def _look(self):
        asked = time.monotonic()
        try:
            self._read(asked)
        except Exception:
            if not self._is_gone:
                logger.exception("The record cannot be read")
            self._connection.close()
            self._asked, self._is_gone = LONG_AGO, True
        else:
            self._asked, self._is_gone = asked, False
        if self._waiting:
            with self._answered:
                self._answered.notify_all()

    def _read(self, asked):
        """Ask for the record's row, which tells whether anything was recorded; more rarely, look at what changes without that."""
        is_due = self._waiting or self._is_gone or asked - self._checked > LONGEST_AGE
        if is_due:
            close_if_replaced(self._connection)
            self._checked = asked
        row = self._row_of_record()
        if row != self._row or (is_due and not self._public.holds(clock.now())):
            self._refresh(row)

    def _row_of_record(self):
        """The record's row, asked for a second time on a new connection if the old one broke."""
        if self._connection.connection is not None:
            try:
                return self._row_now()
            except self._connection.Database.Error:
                self._connection.close()
        self._connection.connect()
        self._cursor = self._connection.connection.cursor()
        return self._row_now()

    def _row_now(self):
        self._cursor.execute(RECORD)
        (row,) = self._cursor.fetchall()
        return row

    def _refresh(self, row):
        moment, before = Moment(), self._public
        version = moment.version
        public = PublicVersion(version, moment.reading.recorded, version.changed or NEVER, next_change(moment.now) or FOREVER)
        is_another_record = before is not None and row != self._row and row[0] <= self._row[0]
        self._public, self._row = public, row
        if is_another_record or (before is not None and before.version != version and took_away(before.version, version)):
            self.on_removal()


watches = WeakSet()
left_alone = []  # a child process must not even close what its parent opened (sqlite.org/howtocorrupt.html)


@atexit.register
def close_all():
    for watch in list(watches):
        watch.close()


paused = []  # locks of the watches that a fork waits for


def pause_all():
    """Let no watch be within the database while its process forks: a child would wait for ever for a lock that SQLite held there."""
    paused[:] = [watch._at_work for watch in list(watches) if watch._at_work.acquire(timeout=PATIENCE)]


def resume_all():
    while paused:
        paused.pop().release()


def begin_all_anew():
    paused.clear()
    for watch in watches:
        left_alone.append(watch._connection)
        watch.begin_anew()


os.register_at_fork(before=pause_all, after_in_parent=resume_all, after_in_child=begin_all_anew)


def took_away(before, after):
    """Whether something was withdrawn, erased or lost from one version to the next, by a new entry or because its moment has come."""
    if before.changed is None or after.changed is None or after.changed < before.changed or not is_recorded(before):
        return True
    removals = Edition.objects.filter(action__in=[Action.WITHDRAW, Action.ERASE])
    return removals.filter(Q(number__gt=before.last) | Q(live_from__gt=before.changed, live_from__lte=after.changed)).exists()


def impatient(connection):
    """Give the connection limits of its own for waiting and answering; returns it."""
    settings = connection.settings_dict = copy.deepcopy(connection.settings_dict)
    options = settings.setdefault("OPTIONS", {})
    if connection.vendor == "sqlite":
        options["timeout"] = LOCKED
        never_create(connection)
    else:
        limits = f"-c statement_timeout={PATIENCE:.0f}s -c lock_timeout={LOCKED * 1000:.0f}ms"
        options |= {"connect_timeout": 1, "tcp_user_timeout": 1000}
        if not django_settings.DATABASE_POOL:
            options["options"] = f"{options.get('options', '')} {limits}".strip()
    return connection
