"""Indexers that are killed, one after another: `python -m tests.search.killed_indexer <kills> <seed>`.

Each is a fork of this process, which itself never opens the database. It makes the index anew and takes up changes by turns until
`kill -9` ends it.
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
    for number in range(kills):
        child = os.fork()
        if not child:
            index_for_ever()
        time.sleep(chance.uniform(*LIFE))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print(number, flush=True)


def index_for_ever():
    from search import indexer

    while True:
        indexer.catch_up()
        indexer.rebuild()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
