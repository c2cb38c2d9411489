"""Random histories of things that open and close under a moving clock, against a model of the record in a page of Python."""

from collections import namedtuple
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.kinds import PageKind
from pages.models import PageEdition
from publishing import clock, ledger, turns
from publishing.ledger import OnPending
from publishing.models import Edition, Turn
from publishing.moment import Moment, fixed, next_change
from publishing.snapshots import Snapshot, clear_all
from tests.publishing.turning.texts import named, says
from tests.record import Steps, new_page

FOREVER = datetime.max.replace(tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
THINGS = 3
things = st.integers(0, THINGS - 1)
delays = st.sampled_from([None, 60, 3600, 86_400])
offsets = st.sampled_from([-3600, 20, 90, 3600, 7200, 90_000])
steps = st.one_of(
    st.tuples(st.just("publish"), things, delays, offsets, offsets),
    st.tuples(st.just("publish"), things, delays, offsets, offsets),
    st.tuples(st.just("withdraw"), things, delays),
    st.tuples(st.just("cancel"), things),
    st.tuples(st.just("erase"), things),
    st.tuples(st.just("renew")),
    st.tuples(st.just("lose_table")),
    st.tuples(st.just("wait"), st.sampled_from([1, 45, 4000, 90_000])),
    st.tuples(st.just("set_back"), st.sampled_from([1, 61, 1800])),
)

Row = namedtuple("SaidRow", "start end text")  # text is None for what is not to be read


class SaidWhen:
    """What each thing says when: rows that do not overlap, in no order."""

    def __init__(self):
        self.rows = [[] for _ in range(THINGS)]

    def say(self, thing, start, text):
        kept = [row._replace(end=min(row.end, start)) for row in self.rows[thing] if row.start < start]
        self.rows[thing] = [*kept, Row(start, FOREVER, text)]

    def at(self, thing, at):
        return next((row for row in self.rows[thing] if row.start <= at < row.end), None)

    def pending(self, thing, now):
        return sorted(row for row in self.rows[thing] if row.start > now)

    def say_again(self, thing, now, text, later):
        """What is said from now on, with what is scheduled later kept."""
        self.say(thing, now, text)
        for row in later:
            self.say(thing, row.start, row.text)

    def erase(self, thing, text):
        self.rows[thing] = [row._replace(text=None) if row.text == text else row for row in self.rows[thing]]

    def state(self, at):
        """The text of each thing that is to be read, and what of it has turned."""
        found = {thing: self.at(thing, at) for thing in range(THINGS)}
        return {
            thing: (row.text, {name for name, instant in named(row.text) if instant <= at})
            for thing, row in found.items()
            if row and row.text is not None
        }

    def turns(self):
        return [at for rows in self.rows for row in rows if row.text for _name, at in named(row.text) if row.start < at < row.end]


class TurningHistory(Steps):
    def __init__(self):
        super().__init__([new_page(f"call-{number}") for number in range(THINGS)])
        self.model, self.texts = SaidWhen(), count()
        self.things = [page.pk for page in self.pages]
        self.by_version, self.latest = {}, None
        self.held = Snapshot(lambda moment: self.read(moment.at), of=["page"])

    def take(self, step):
        super().take(step)
        self.read_again()

    def publish(self, thing, delay, opens, closes):
        opens, closes = (self.clock.now + timedelta(seconds=offset) for offset in (opens, closes))
        page = self.pages[thing]
        page.body = f"Text {next(self.texts)}: {says(opens=opens, closes=closes)}"
        [edition] = ledger.publish([page], self.moment(delay), on_pending=OnPending.DROP)
        self.model.say(thing, edition.live_from, page.body)

    def withdraw(self, thing, delay):
        [edition] = ledger.withdraw(self.pages[thing], "In a history.", self.moment(delay), on_pending=OnPending.DROP)
        self.model.say(thing, edition.live_from, None)

    def cancel(self, thing):
        scheduled = Edition.objects.filter(thing=self.things[thing]).pending(Moment().now).first()
        if scheduled:
            now = ledger.cancel(scheduled).recorded
            row, later = self.model.at(thing, now), self.model.pending(thing, now)[1:]
            self.model.say_again(thing, now, row and row.text, later)

    def erase(self, thing):
        newest = self.pages[thing].newest_edition()
        if newest is not None:
            now, text = ledger.erase(newest, "In a history.").recorded, newest.body
            row = self.model.at(thing, now)
            if row and row.text == text:
                self.model.say_again(thing, now, None, self.model.pending(thing, now))
            self.model.erase(thing, text)

    def renew(self):
        turns.renew()

    def lose_table(self):
        Turn.objects.all().delete()
        turns.renew()

    def wait(self, seconds):
        self.clock.tick(timedelta(seconds=seconds))

    def set_back(self, seconds):
        """Never more than an hour behind what readers have seen: that far a process waits (publishing/clock.py)."""
        self.clock.now = max(self.clock.now - timedelta(seconds=seconds), (self.latest or self.clock.now) - timedelta(minutes=59))

    def read(self, at):
        """As the model's state, from the record."""
        rows = PageEdition.objects.live(at).values_list("thing", "body")
        return {self.things.index(thing): (text, {name for name, instant in named(text) if instant <= at}) for thing, text in rows}

    def look(self):
        now = Moment().now
        assert self.latest is None or now >= self.latest, "readers' now has stepped back"
        self.latest = now
        assert sorted(Turn.objects.values_list("instant", flat=True)) == sorted(self.model.turns())
        starts = [row.start for rows in self.model.rows for row in rows]
        come = sorted({*starts, *self.model.turns()})
        assert next_change(now) == next((at for at in come if at > now), None)
        for at in {now, now - timedelta(hours=1), *come[-4:], *(at - MICROSECOND for at in come[-4:])}:
            moment, state = fixed(at), self.model.state(at)
            assert self.read(at) == state
            assert self.held(moment) == state, "what is held is out of date"
            assert self.by_version.setdefault(moment.version, state) == state, "an answer changed and the version did not"


@pytest.mark.django_db
@settings(max_examples=40)
@given(history_steps=st.lists(steps, min_size=3, max_size=12))
def test_state_versions_and_next_changes_agree_with_the_model(monkeypatch, history_steps):
    monkeypatch.setattr(PageKind, "turns", lambda kind, edition: named(edition.body))
    clear_all()
    clock.now.forget()
    with transaction.atomic():
        history = TurningHistory()
        with history.clock.held():
            for step in history_steps:
                history.clock.tick(timedelta(seconds=7 if step[0] != "set_back" else 0))
                history.take(step)
                history.look()
        transaction.set_rollback(True)
