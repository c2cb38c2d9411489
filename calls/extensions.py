"""Changes of deadlines between two editions of a call: what is moved later, and what is taken from those who may still answer."""

from dataclasses import dataclass
from datetime import datetime

from calls.states import CallState, closes_of, last_close, state_of


@dataclass(frozen=True)
class Extension:
    """Later closing that an edition brought. `was` and `now` are closings in words, `is_reopening` tells that nothing was open any more."""

    at: datetime
    was: str
    now: str
    note: str
    is_reopening: bool


def deadlines(call):
    """The closing instants by the keys of topics; that of the call under an empty key where it has none."""
    return {topic.key: closes_of(call, topic) for topic in call.parsed_topics} or {"": call.closes}


def is_extended(old, new):
    """Whether the call, or a topic that both know, closes later in the new than in the old."""
    if old.closes is None or new.closes is None:
        return False
    before, after = deadlines(old), deadlines(new)
    return last_close(new) > last_close(old) or any(after[key] > before[key] for key in before.keys() & after.keys())


def is_shortened(old, new, at):
    """Whether what was open at the moment closes earlier in the new than in the old, is left out, or is not open any more."""
    if old.closes is None or new.is_cancelled or state_of(old, at) != CallState.OPEN:
        return False
    if new.closes is None or state_of(new, at) == CallState.UPCOMING:
        return True
    after = deadlines(new)
    whole = after.get("", last_close(new) if list(deadlines(old)) == [""] else None)
    running = {key: closes for key, closes in deadlines(old).items() if at < closes}
    return any((later := after.get(key, whole)) is None or later < closes for key, closes in running.items())


def extensions(editions):
    """The Extensions among the editions of a call, given in their order."""
    found, old = [], None
    for new in editions:
        if old and is_extended(old, new):
            is_over = state_of(old, new.live_from) in {CallState.CLOSED, CallState.OUTCOME}
            was, now = (
                (old.shown_closing, new.shown_closing) if new.closes > old.closes else (old.shown_last_closing, new.shown_last_closing)
            )
            found.append(Extension(new.live_from, was, now, new.note, is_over))
        old = new
    return found
