"""Meetings as visitors name them, `EB 53`, `EB 67 (ext.)`, `EB 50, Annex 11, para 3`, and the nearest to one that is not listed."""

import re
from urllib.parse import urlencode

from bodies.lists import bodies, meetings
from publishing import kinds
from publishing.occasions import AskedMeeting, folded, papers_of

MOST = 80
PART = re.compile(r"[\s,;]+(?:annex(?:es)?|para(?:graph)?s?)\b\.?", re.IGNORECASE)
ANNEX = re.compile(r"\bannex(?:es)?\s*(?P<annex>[0-9]{1,3}[a-z]?)\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![0-9.])[0-9]{1,5}(?:\.[0-9]{1,2})?(?![0-9])", re.ASCII)
# What may stand behind a number: 67 (ext.).
LABEL = re.compile(r"[0-9]+(?:ext|[a-z])?\Z", re.ASCII)


def asked(typed, moment, host=None):
    """The AskedMeeting that was typed, of the body `host` where the number stands alone; None where no body's meeting is meant."""
    named = PART.split(typed[:MOST])[0]
    plain = folded(named)
    if not any(map(str.isdigit, plain)):
        return None
    for body in bodies(moment).live:
        names = {folded(name) for name in (*body.names, body.name_of_meeting(" "))} | ({""} if host == body.thing_id else set())
        label = next((plain.removeprefix(name) for name in names if plain.startswith(name) and LABEL.match(plain.removeprefix(name))), "")
        if label and meetings(moment).of(body.thing_id):
            return of_body(body, label, named, typed, moment)
    return None


def of_body(body, label, named, typed, moment):
    rows, number = meetings(moment), NUMBER.search(named)
    row = rows.numbered(body.thing_id, label)
    if row:
        return AskedMeeting(row.label, annexed(row, typed, moment) or row.path, is_listed=True)
    near = rows.nearest(body.thing_id, float(number[0])) if number else []
    words = " ".join(named.split())
    targets = kinds.get("meeting").targets([other.thing_id for other in near], moment)
    return AskedMeeting(words, f"{body.home}?{urlencode({'number': words})}", near=tuple(targets[other.thing_id] for other in near))


def annexed(row, typed, moment):
    """The address of the annex of the meeting that was named, or nothing."""
    match = ANNEX.search(typed)
    papers = papers_of(row.thing_id, row.folded_names, moment) if match else []
    return next((paper.address for _heading, found in papers for paper in found if paper.annex.casefold() == match["annex"].casefold()), "")
