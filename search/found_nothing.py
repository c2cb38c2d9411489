"""Searches that found nothing: words counted by day, for editors; no address, no time and no person is kept.

A search counts in memory alone. A thread writes the counts a moment later, so that no visitor waits for it, whatever the database does.
"""

import logging
import re
import unicodedata
from collections import Counter
from datetime import timedelta
from threading import Lock, Timer

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from search.models import SearchWithoutResult

log = logging.getLogger("portal.search")

PAUSE = 10  # seconds from the first count to the writing
LONGEST = 80
MOST_WAITING = 200  # distinct words in memory
MOST_A_DAY = 500  # distinct words in the database
WEEKS = 5
# What may be an address or a number of somebody.
PERSONAL = re.compile(r"@|://|\bwww\.|\d{7}|(?:\d[\s().+/-]*){9}")


def words_of(text):
    """What is kept of a search: its words in small letters, cut; nothing of what may tell of a person."""
    printable = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", text))
    return "" if PERSONAL.search(printable) else " ".join(printable.casefold().split())[:LONGEST].strip()


class Tally:
    """Counts in memory of one process, until they are written."""

    def __init__(self):
        self.lock, self.counts, self.timer = Lock(), Counter(), None

    def add(self, text):
        """Count a search; beyond MOST_WAITING distinct words only those that wait already."""
        key = (timezone.now().date(), words_of(text))
        with self.lock:
            if not key[1] or (key not in self.counts and len(self.counts) >= MOST_WAITING):
                return
            self.counts[key] += 1
            if self.timer is None or not self.timer.is_alive():
                self.timer = self.started()

    def started(self):
        timer = Timer(PAUSE, self.written_by_thread)
        timer.daemon = True
        timer.start()
        return timer

    def written_by_thread(self):
        try:
            self.write()
        finally:
            connection.close()

    def write(self):
        """Write the counts. Where the database takes none they wait for the next search that finds nothing."""
        with self.lock:
            counts, self.counts, self.timer = self.counts, Counter(), None
        try:
            store(counts)
        except DatabaseError:
            log.warning("searches without a result could not be counted", exc_info=True)
            with self.lock:
                self.counts = Counter(dict((counts + self.counts).most_common(MOST_WAITING)))


tally = Tally()


@transaction.atomic
def store(counts):
    """Add the counts to those of their days, and delete those of former weeks."""
    rows = SearchWithoutResult.objects
    for day in {day for day, _words in counts}:
        room = MOST_A_DAY - rows.filter(day=day).count()
        for words in sorted(words for one, words in counts if one == day):
            count = counts[day, words]
            if rows.filter(day=day, words=words).update(count=F("count") + count) or room <= 0:
                continue
            _row, is_new = rows.get_or_create(day=day, words=words, defaults={"count": count})
            room -= 1
            if not is_new:
                rows.filter(day=day, words=words).update(count=F("count") + count)
    rows.filter(day__lt=timezone.now().date() - timedelta(weeks=WEEKS)).delete()
