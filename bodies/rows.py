"""Rows within a body and a meeting, one a line: seats (`2 member, Annex I`) and points decided (`6 | text | source`)."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from bodies.roles import Role

SEAT = re.compile(r"(?P<count>[1-9][0-9]{0,2}) (?P<role>[a-z]+(?:[- ][a-z]+)*)(?:, (?P<post>.{1,60}))?\Z")
POINT = re.compile(r"(?P<number>[0-9]{1,3}[a-z]?) *\| *(?P<text>[^|]*[^|\s])(?: *\| *(?P<source>[^|]*[^|\s]))?\Z")
MOST_SEATS = 40
MOST_POINTS = 200
LONGEST_POINT = 2000


@dataclass(frozen=True)
class Seat:
    """So many seats of a role, of one post such as “Annex I” or of none."""

    count: int
    role: str
    post: str = ""

    @property
    def role_label(self):
        return Role(self.role).label


@dataclass(frozen=True)
class Point:
    """Point decided: its number, its text (Markdown) and the source with its paragraph (Markdown)."""

    number: str
    text: str
    source: str = ""

    @property
    def anchor(self):
        return f"point-{self.number}"


def parse_seat(line):
    match = SEAT.match(line)
    role = match and match["role"].replace(" ", "-")
    if role not in Role.values:
        roles = ", ".join(Role.values)
        raise ValidationError(
            _("Write seats as “2 member, Annex I”, not “%(line)s”. Roles are: %(roles)s.") % {"line": line[:80], "roles": roles}
        )
    return Seat(int(match["count"]), role, match["post"] or "")


def parse_point(line):
    match = POINT.match(line)
    if not match or len(line) > LONGEST_POINT:
        raise ValidationError(_("Write a point as “6 | What was decided. | Where it stands, paragraph 28”, not “%s”.") % line[:80])
    return Point(match["number"], match["text"], match["source"] or "")


def checked(value, parse, most):
    """The parsed rows of a list of lines. Raises ValidationError for anything else."""
    if not isinstance(value, list) or len(value) > most or not all(isinstance(line, str) for line in value):
        raise ValidationError(_("Give at most %d lines.") % most)
    return [parse(line) for line in value]


def check_seats(value):
    seats = [(seat.role, seat.post) for seat in checked(value, parse_seat, MOST_SEATS)]
    if len(set(seats)) < len(seats):
        raise ValidationError(_("Give each role and post once, with the number of its seats."))


def check_points(value):
    numbers = [point.number for point in checked(value, parse_point, MOST_POINTS)]
    if len(set(numbers)) < len(numbers):
        raise ValidationError(_("Each point needs a number of its own, since it is its address."))


class SeatsField(models.JSONField):
    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": list, "blank": True, "validators": [check_seats]} | options)


class PointsField(models.JSONField):
    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": list, "blank": True, "validators": [check_points]} | options)
