"""States of a call by the clock: pure functions of a call's content and a moment. Everything is half open, `opens <= at < closes`.

A call is open while any of its topics is. What is known to its days only was never public before its day was over, and is closed.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallState(models.TextChoices):
    """State at a moment, in the order in which lists offer them."""

    OPEN = "open", _("Open")
    UPCOMING = "upcoming", _("Upcoming")
    CLOSED = "closed", _("Closed")
    OUTCOME = "outcome", _("Closed with outcome")
    CANCELLED = "cancelled", _("Cancelled")


def closes_of(call, topic):
    """The instant at which a topic closes: its own, else that of its call; None for a call of days."""
    return topic.closes or call.closes


def last_close(call):
    """The instant from which nothing of the call is open any more, or None for a call of days."""
    return max((closes_of(call, topic) for topic in call.parsed_topics), default=call.closes) if call.closes else None


def is_within(call, closes, at):
    return closes is not None and (call.opens is None or call.opens <= at) and at < closes


def open_topics(call, at):
    """The topics that are open at the moment; none of a call without topics, which is open as a whole or not."""
    if call.is_cancelled:
        return []
    return [topic for topic in call.parsed_topics if is_within(call, closes_of(call, topic), at)]


def state_of(call, at):
    """The CallState of a call's draft or edition at the moment."""
    if call.is_cancelled:
        return CallState.CANCELLED
    closes = last_close(call)
    if is_within(call, closes, at):
        return CallState.OPEN
    if closes is not None and at < closes:
        return CallState.UPCOMING
    return CallState.OUTCOME if call.outcome else CallState.CLOSED


def turns_of(call):
    """(name, instant) of each instant at which the call or a topic of it opens or closes, or late answers end."""
    named = [("opens", call.opens), ("closes", call.closes), ("late until", call.late_until)]
    named += [(f"topic {topic.key}", topic.closes) for topic in call.parsed_topics]
    return [(name, instant) for name, instant in named if instant is not None]
