"""Indexer, which brings the index up to the record, whatever happened in between. One at a time, wherever it runs.

The record is its outbox: editions are numbered without a gap within the transaction that publishes them, so everything above the last
number indexed is work, and so is every scheduled moment that has come. Nothing can be lost, and nothing is done twice.
"""

import fcntl
import logging
import os
import shutil
import time
from contextlib import contextmanager
from datetime import timedelta

from django.db import close_old_connections
from django.utils import timezone

from publishing import holdings
from publishing.models import Action, Edition
from publishing.moment import Moment, next_change
from search import backend, index_documents
from search.engine.generations import drawn
from search.engine.reader import Reader

logger = logging.getLogger(__name__)

POLL = 0.5
LONGEST_PAUSE = 30
# From so many changed things on, making the index anew is quicker.
MANY = 500
RETRY_FAILED = timedelta(minutes=1)
# Deleted documents still take up room; when they are this share, the index is made anew.
WASTE, LEAST_WASTE = 0.3, 500


class Busy(Exception):
    """Refusal: another process is the indexer."""


class Miscounted(Exception):
    """Refusal of a new index that does not hold what was put into it."""


@contextmanager
def lock():
    """Lock of the one indexer there is. Raises Busy. The system releases it when the process ends, however it ends."""
    path = backend.default().generations.path
    path.mkdir(parents=True, exist_ok=True)
    with (path / "indexer.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield


def catch_up():
    """Bring the index up to the record once; returns what was done. Raises Busy."""
    with lock():
        return step()


def rebuild():
    """Make the index anew. Raises Busy."""
    with lock():
        return make_anew(Moment())


def run(stop, parent=None):
    """Keep the index up to the record until the Event `stop` is set, or until the `parent` process, given by its id, has gone.

    Errors are logged, and tried again after a while.
    """
    pause = POLL
    with lock():
        while not stop.is_set() and parent in {None, os.getppid()}:
            try:
                close_old_connections()
                step()
                pause = POLL
            except Exception:
                pause = min(2 * pause, LONGEST_PAUSE)
                logger.exception("The search index could not be brought up to date; trying again in %s s", pause)
            stop.wait(until_next(pause))


def run_in_turn(stop, parent):
    """Like `run`, but waits while another process is the indexer."""
    while not stop.is_set() and os.getppid() == parent:
        try:
            run(stop, parent)
        except Busy:
            stop.wait(2)


def until_next(pause):
    """Seconds to wait, at most `pause`, less when something scheduled comes into force before."""
    try:
        coming = next_change(timezone.now())
    except Exception:
        logger.exception("The database does not answer the indexer")
        return pause
    return min(pause, max((coming - timezone.now()).total_seconds(), 0.01)) if coming else pause


def step():
    """One round of work."""
    generations = backend.default().generations
    head, moment = generations.head(), Moment()
    if head is None or generations.is_damaged() or not is_of_this_record(head, moment):
        return make_anew(moment)
    if head.covers(moment.version) and not is_retry_due(head, moment):
        return make_anew(moment) if is_wasteful(head) else "nothing"
    things = index_documents.changed(head.last, head.moment_until(), moment) | set(head.failed)
    if len(things) > MANY or index_documents.brings_items(things):
        return make_anew(moment)
    return change(head, moment, things)


def is_of_this_record(head, moment):
    """False when the database is another one, or an older copy of it, than was indexed."""
    return head.last <= moment.version.last and (head.recorded, head.entry) == (recorded(head.last), entry(head.last))


def entry(number):
    """Random bytes of an edition's entry (`new_entry`), as text."""
    return str(Edition.objects.filter(number=number).values_list("entry", flat=True).first() or "")


def recorded(number):
    """Time of recording of an edition, to the microsecond, as text."""
    at = Edition.objects.filter(number=number).values_list("recorded", flat=True).first()
    return at.isoformat() if at else ""


def is_retry_due(head, moment):
    return bool(head.failed) and moment.at - head.moment_until() > RETRY_FAILED


def is_wasteful(head):
    reader = Reader(backend.default().generations.folder(head))
    try:
        deleted, items = reader.deleted.bit_count(), reader.documents_of_kinds(holding.name for holding in holdings.every()).bit_count()
        return deleted > max(LEAST_WASTE, WASTE * (reader.size - items))
    finally:
        reader.close()


def change(head, moment, things):
    """Index the things that changed, in place of what the index has of them."""
    engine = backend.default()
    touched = things | index_documents.dependent(things, moment)
    failed = set()
    with engine.changing(engine.generations.folder(head)) as changes:
        changes.remove(touched)
        for document in index_documents.documents(moment, failed, touched):
            changes.put(document)
    engine.switch(changes, head, **covered(moment, failed))
    if Edition.objects.filter(number__gt=head.last, action=Action.ERASE).exists():
        # What was erased for legal cause must leave the disk as well.
        make_anew(moment, kept=1)
    return f"{len(touched)} things"


def make_anew(moment, kept=2):
    """Make the index in a new folder, check it, and put it in the place of the old one."""
    engine = backend.default()
    generations, failed, started = engine.generations, set(), time.monotonic()
    folder = generations.new_folder()
    try:
        with engine.changing(folder) as changes:
            for document in index_documents.documents(moment, failed):
                changes.put(document, is_new=True)
        check(folder, changes)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    engine.switch(changes, None, **covered(moment, failed))
    generations.forget_damage()
    generations.prune(kept)
    logger.info("Indexed %s documents in %.1f s", changes.session.count, time.monotonic() - started)
    return "anew"


def check(folder, changes):
    reader = Reader(folder)
    try:
        reader.check()
        if reader.count != changes.session.count:
            raise Miscounted(f"{reader.count} documents instead of {changes.session.count}")
    finally:
        reader.close()


def covered(moment, failed):
    """Coverage of the index, for its head."""
    version = moment.version
    return {
        "last": version.last,
        "recorded": recorded(version.last),
        "entry": drawn(version),
        "changed": version.changed.isoformat() if version.changed else "",
        "until": moment.at.isoformat(),
        "failed": tuple(sorted(failed)),
    }
