"""Indexers that are killed, one after another: `python -m tests.search.killed_indexer <kills> <seed>`.

Each is a fork of this process, which itself never opens the database. It makes the index anew and takes up changes by turns until,
at a random time after it has put one in place, `kill -9` ends it. For each, one line says whether it left a new index half made.
"""

import os
import random
import signal
import sys
import time

import django

LOOK, LONGEST = 0.005, 20


def main(kills, seed):
    django.setup()
    chance = random.Random(seed)
    for _ in range(kills):
        child = os.fork()
        if not child:
            index_for_ever()
        took = time_to_swap()
        time.sleep(chance.uniform(0, 1.5 * took))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("half made" if is_half_made() else "at rest or taking up a change", flush=True)


def generations():
    from search import backend

    return backend.default().generations


def time_to_swap():
    """Seconds until another generation holds."""
    start, folder = time.monotonic(), generations().head().folder
    while generations().head().folder == folder and time.monotonic() - start < LONGEST:
        time.sleep(LOOK)
    return time.monotonic() - start


def is_half_made():
    folder = generations().head().folder
    return any(path.name > folder for path in generations().path.glob("index-*"))


def index_for_ever():
    from search import indexer

    while True:
        indexer.catch_up()
        indexer.rebuild()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
