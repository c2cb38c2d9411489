"""Short ways to make bodies, meetings and terms of office."""

from bodies.models import BodyMeeting, CDMBody, Office
from publishing.ledger import publish
from tests.record import clock

__all__ = ["clock"]


def new_body(slug="executive-board", **fields):
    values = {
        "name": slug.replace("-", " ").title(),
        "body_class": "board",
        "meeting_label": "EB {number}",
        "zone": "Europe/Berlin",
        "summary": f"What {slug} does.",
        "seats": ["1 chair", "1 vice-chair"],
    }
    return CDMBody.objects.create(slug=slug, **values | fields)


def live(draft):
    publish([draft])
    return draft


def live_body(*args, **fields):
    return live(new_body(*args, **fields))


def new_meeting(body, number, **fields):
    values = {
        "designation": number,
        "slug": number,
        "ordinal": float(number) if number.isdigit() else None,
        "number_basis": "stated" if number.isdigit() else "none",
    }
    return BodyMeeting.objects.create(of_body=body, **values | fields)


def live_meeting(*args, **fields):
    return live(new_meeting(*args, **fields))


def new_office(body, person, role="chair", **fields):
    return Office.objects.create(of_body=body, person=person, role=role, **fields)


def live_office(*args, **fields):
    return live(new_office(*args, **fields))
