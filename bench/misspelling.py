"""Typing errors, seeded: a letter left out, put in, changed, or two letters swapped, at any position, the first not spared."""

import random
import string


def misspelt(name, seed, errors=1):
    """The name with so many random edits, the same for the same seed; never the name itself."""
    chance = random.Random(f"{seed}:{name}")
    edited = name
    for _ in range(errors):
        before = edited
        while edited in {before, name}:
            edited = EDITS[chance.randrange(len(EDITS))](before, chance)
    return edited


def left_out(name, chance):
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def put_in(name, chance):
    at = chance.randrange(len(name) + 1)
    return name[:at] + chance.choice(string.ascii_lowercase) + name[at:]


def changed(name, chance):
    at = chance.randrange(len(name))
    return name[:at] + chance.choice(string.ascii_lowercase) + name[at + 1 :]


def swapped(name, chance):
    at = chance.randrange(max(len(name) - 1, 1))
    return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]


EDITS = (left_out, put_in, changed, swapped)
