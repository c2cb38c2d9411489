"""Designated operational entities under one name each: the lists of activities and of issuances write them in two vocabularies.

Our own table, entities.csv, made by hand: 46 long names of validators, 43 short ones of verifiers (in the release of 3 November 2023),
brought together by the letters with which the process numbers of issuances begin. Pure: the file is read once.
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

JOIN = "; "
NO_ENTITY = {"", "No info", "not-given"}  # what the files write where they name none


class Entity(NamedTuple):
    """Entity with the raw names that the files give it. Where our table lacks it, its name is the file's."""

    slug: str
    name: str
    validator: str = ""
    verifiers: tuple[str, ...] = ()
    note: str = ""

    @property
    def path(self):
        return f"/entities/{self.slug}/"


@cache
def entities():
    """The entities of our table by their slugs, in the order of their names."""
    with Path(__file__).with_name("entities.csv").open(encoding="utf-8", newline="") as file:
        rows = [entity_of(row) for row in csv.DictReader(file)]
    return {entity.slug: entity for entity in sorted(rows, key=lambda entity: entity.name.casefold())}


def entity_of(row):
    verifiers = tuple(row["verifiers"].split(JOIN)) if row["verifiers"] else ()
    return Entity(row["slug"], row["name"], row["validator"], verifiers, row["note"])


@cache
def by_validator():
    return {entity.validator: entity for entity in entities().values() if entity.validator}


@cache
def by_verifier():
    return {name: entity for entity in entities().values() for name in entity.verifiers}


def validator(name):
    """The entity that the list of activities calls so, None for none; of a name that is not in our table one by that name."""
    if name in NO_ENTITY:
        return None
    return by_validator().get(name) or Entity(slug_of(name), name, validator=name)


def verifier(name):
    """The entity that the list of issuances calls so, None for none; of a name that is not in our table one by that name."""
    if name in NO_ENTITY:
        return None
    return by_verifier().get(name) or Entity(slug_of(name), name, verifiers=(name,))


def slug_of(name):
    """Step of an address for a name that our table lacks.

    >>> slug_of("TÜV Süd, S.p.A.")
    'tuv-sud-s-p-a'
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "entity"


def entities_in(table):
    """The entities that a table names as validators or verifiers, by slug in the order of their names; one of our table wins its slug."""
    named = [validator(name) for name in table.index.bitmaps["validator"]] + [verifier(name) for name in table.names["verifier"]]
    found = {}
    for entity in sorted(filter(None, named), key=lambda entity: (entity.name.casefold(), entity.slug)):
        found[entity.slug] = entities().get(entity.slug) or merged(found.get(entity.slug), entity)
    return found


def merged(known, entity):
    """Two names outside our table that make one slug, as one entity."""
    if known is None:
        return entity
    return known._replace(validator=known.validator or entity.validator, verifiers=(*known.verifiers, *entity.verifiers))
