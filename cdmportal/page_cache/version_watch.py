"""Tells on every request which version of the record is public, by one cheap query on a connection that each thread keeps."""

import copy
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock, local

from django.db import Error, connections
from django.db.models import Q

from cdmportal.sqlite_file import PATIENCE, SQLiteFile
from publishing import clock
from publishing.models import Action, Edition, Record
from publishing.moment import Moment, Reading, Version, next_change

PAUSE = 1.0  # seconds after a failure before the database is asked again, and the longest that nobody asks it
NEVER, FOREVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
LAST = f"SELECT last FROM {Record._meta.db_table}"  # noqa: S608  (a table's name)


@dataclass(frozen=True)
class WatchedVersion:
    """A version of the record, and the moments between which it is the public one if nothing is recorded."""

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
    """`look()` tells the time and the State of the record that visitors see now, which is None while the database does not answer in time.

    `on_removal` is called when something was withdrawn or erased since the last look: what is kept of earlier versions must not be
    shown again.
    """

    def __init__(self, on_removal, alias="default"):
        self.alias = alias
        self.on_removal = on_removal
        self.errors = (Error, connections[alias].Database.Error, OSError)
        self._known = (None, None)
        self._asked = self._gone_until = 0.0
        self._lock = Lock()
        self._own = local()
        self._file = SQLiteFile(connections[alias])

    def look(self):
        now, ticks = clock.now(), time.monotonic()
        commits, state = self._known
        if commits and commits == self._file.commits() and ticks - self._asked < PAUSE and state.since <= now < state.until:
            return now, state
        return now, None if ticks < self._gone_until else self._ask(now, ticks)

    def _ask(self, now, ticks):
        if self._gone_until:
            self._gone_until = ticks + PAUSE  # while one thread tries again, the others do not wait
        commits, state = self._file.commits(), self._known[1]  # before the query: what is committed meanwhile shows the next time
        try:
            last = self._last()
            if state is None or last != state.version.last or not state.holds(now):
                state = self._refresh()
        except self.errors:
            self.let_go()
            self._known, self._gone_until = (None, self._known[1]), time.monotonic() + PAUSE
            return None
        self._known, self._asked, self._gone_until = (commits, state), ticks, 0.0
        return state

    def _last(self):
        """The number recorded last, asked a second time on a new connection if the old one broke."""
        own = self._own
        file = self._file.look()
        if getattr(own, "file", None) != file:
            self.let_go()
            own.file = file
        if getattr(own, "cursor", None):
            try:
                return ask(own.cursor)
            except self.errors:
                self.let_go()
        return ask(self._open())

    def _open(self):
        own = self._own
        own.wrapper = connections.create_connection(self.alias)
        own.wrapper.settings_dict = impatient(connections[self.alias])
        own.wrapper.connect()
        own.cursor = own.wrapper.connection.cursor()
        return own.cursor

    def let_go(self):
        """Close this thread's connections, Django's included: they may lead to a database that is not there any more."""
        for connection in filter(None, (getattr(self._own, "wrapper", None), connections[self.alias])):
            if not connection.in_atomic_block:
                connection.close()
        self._own.wrapper = self._own.cursor = None

    def _refresh(self):
        with self._lock:
            moment = Moment()
            version = moment.version
            state = WatchedVersion(version, moment.reading.recorded, version.changed or NEVER, next_change(moment.now) or FOREVER)
            before = self._known[1]
            if before and before.version != version and took_away(before.version, version):
                self.on_removal()
        return state


def ask(cursor):
    cursor.execute(LAST)
    return cursor.fetchone()[0]


def took_away(before, after):
    """Whether something was withdrawn or erased from one version to the next, by a new entry or because its moment has come."""
    if before.changed is None or after.changed is None or after.changed < before.changed:
        return True
    removals = Edition.objects.filter(action__in=[Action.WITHDRAW, Action.ERASE])
    return removals.filter(Q(number__gt=before.last) | Q(live_from__gt=before.changed, live_from__lte=after.changed)).exists()


def impatient(connection):
    """The connection's settings with limits for waiting and answering."""
    settings = copy.deepcopy(connection.settings_dict)
    options = settings.setdefault("OPTIONS", {})
    if connection.vendor == "sqlite":
        options["timeout"] = PATIENCE
    else:
        limit = int(PATIENCE * 1000)
        options |= {"connect_timeout": 1, "options": f"-c statement_timeout={limit} -c lock_timeout={limit}"}
    return settings
