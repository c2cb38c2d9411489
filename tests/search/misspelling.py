"""One typing error, seeded: a letter left out, doubled, changed, put in, or two letters swapped, at any position."""

import random
import string


def misspelt(name, seed):
    """The name with one random edit, the same for the same seed."""
    chance = random.Random(f"{seed}:{name}")
    while (edited := EDITS[chance.randrange(len(EDITS))](name, chance)) == name:
        pass
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
