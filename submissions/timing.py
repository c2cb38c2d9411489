"""Times of a form: when a submission comes in time, in grace, late or too late. Pure; everything is half open, `opens <= at < closes`."""

from datetime import timedelta

from django.db import models

from calls.models import Audience, LateRule
from calls.states import CallState, closes_of, last_close, state_of

GRACE = timedelta(minutes=15)


class Timeliness(models.TextChoices):
    IN_TIME = "in time"
    LATE = "late"
    REFUSED = "refused"


def has_form(call):
    """Whether a call has the form at all, open or not."""
    return call.has_form and call.audience == Audience.PUBLIC and not call.is_of_days


def timeliness(call, topic, ticket, received):
    """Timeliness of what was received whole at `received`, with a FormTicket; `topic` is None for the call as a whole."""
    if call.is_cancelled or (call.opens and received < call.opens):
        return Timeliness.REFUSED
    closes = closes_of(call, topic) if topic else last_close(call)
    if received < closes or (ticket.issued < closes and received < closes + GRACE):
        return Timeliness.IN_TIME
    return Timeliness.LATE if takes_late(call, ticket, received) else Timeliness.REFUSED


def takes_late(call, ticket, at):
    until = {LateRule.MARK: call.late_until, LateRule.LINK: ticket.until}.get(call.late)
    return until is not None and not call.is_cancelled and at < until


def topics_for(call, ticket, at):
    """The topics that may be answered with a FormTicket, if sent at `at`."""
    return [topic for topic in call.parsed_topics if timeliness(call, topic, ticket, at) != Timeliness.REFUSED]


def shows_form(call, ticket, at):
    """Whether the form is offered at a moment: within the call's time, or while late ones are taken. Not in grace."""
    state = state_of(call, at)
    return state == CallState.OPEN or (state != CallState.UPCOMING and takes_late(call, ticket, at))


def gives_personal_links(call, at):
    """Whether somebody may be let in late by a link of one's own: to a live call with the form that says so, after its closing."""
    is_live = call is not None and not call.is_gone
    return is_live and call.late == LateRule.LINK and has_form(call) and state_of(call, at) in {CallState.CLOSED, CallState.OUTCOME}
