"""Indexers that are killed, one after another: `python -m tests.search.killed_indexer <kills> <seed>`.

Each is a fork of this process, which itself never opens the database. It makes the index anew and takes up changes by turns until
`kill -9` ends it. For each, one line says whether it left a new index half made.
"""

import os
import random
import signal
import sys
import time

import django

LIFE = 0.02, 0.5


def main(kills, seed):
    django.setup()
    chance = random.Random(seed)
    for _ in range(kills):
        child = os.fork()
        if not child:
            index_for_ever()
        time.sleep(chance.uniform(*LIFE))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("half made" if is_half_made() else "at rest or taking up a change", flush=True)


def is_half_made():
    from search import backend

    generations = backend.default().generations
    head = generations.head()
    return head is not None and any(path.name > head.folder for path in generations.path.glob("index-*"))


def index_for_ever():
    from search import indexer

    while True:
        indexer.catch_up()
        indexer.rebuild()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
