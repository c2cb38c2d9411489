"""Parties to the Convention, as the form offers them: ISO 3166-1 code and name. Our own list, parties.csv, of 198 Parties."""

import csv
from functools import cache
from pathlib import Path


@cache
def names():
    """Name by code, in the order of the names."""
    with Path(__file__).with_name("parties.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def name_of(code):
    return names().get(code, "")
