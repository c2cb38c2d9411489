"""Misspelt names and what the Quickfinder suggests for them; printed by bench.relevance, kept to by tests/search/test_relevance.py."""

import random
from itertools import chain

from bench.misspelling import misspelt
from search import directory
from search.directory import issue_names, other_names

SHORTEST = 8
SEED = 104


def misses(moment, errors, count):
    """(name, typed) of those among `count` names drawn at random for which no owner's address is among the first five suggestions."""
    known = addresses(moment)
    drawn = random.Random(SEED).choices(sorted(known), k=count)
    typed = [(name, misspelt(name, f"{SEED}:{number}", errors)) for number, name in enumerate(drawn)]
    return [(name, text) for name, text in typed if known[name].isdisjoint(suggested(text, moment))]


def addresses(moment):
    """Where each title, term, label and other name of eight letters or more leads, without places; 47 stands for the number of a name."""
    found, known = {}, directory.directory(moment)
    for one in chain.from_iterable((issue_names(moment) | other_names(moment)).values()):
        if sum(map(str.isalpha, one.text)) >= SHORTEST and (target := known.target(one.owner)):
            found.setdefault(one.text.replace("#", "47"), set()).add(target.address.partition("#")[0])
    return found


def suggested(typed, moment):
    return [found.address.partition("#")[0] for found in directory.suggest(typed, moment)[:5]]
