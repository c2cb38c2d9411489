"""Texts that name instants: `opens 2030-03-10T17:00:00; closes 2030-03-10T18:00:00`, in UTC."""

import re
from datetime import UTC, datetime

NAMED = re.compile(r"(\w+) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")


def named(text):
    return [(name, datetime.fromisoformat(instant).replace(tzinfo=UTC)) for name, instant in NAMED.findall(text)]


def says(**instants):
    return "; ".join(f"{name} {instant:%Y-%m-%dT%H:%M:%S}" for name, instant in instants.items())
