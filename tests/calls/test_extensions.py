"""Deadlines that change: later ones with a note, earlier ones by administrators alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from calls.extensions import is_shortened
from calls.models import CallEdition
from publishing.ledger import withdraw
from publishing.moment import Moment
from tests.calls.conftest import CLOSES, OPENS, live_call, new_call, republished
from tests.desk_client import administrator, publisher
from tests.record import DAY, HOUR

pytestmark = pytest.mark.django_db


def test_call_that_closes_later_says_why_and_its_page_tells(board, clock, client):
    draft = live_call(board)
    clock.set(OPENS + HOUR)
    with pytest.raises(ValidationError, match="say why in the note"):
        republished(draft, closes=CLOSES + DAY)
    republished(draft, note="Asked for by two associations.", closes=CLOSES + DAY)
    text = client.get("/public-inputs/drafts/").text
    assert "from 9 April 2030, 17:07 UTC" not in text
    assert "10 April 2030, 17:07 UTC to 11 April 2030, 17:07 UTC" in " ".join(text.split())
    assert text.count("Asked for by two associations.") == 1


def test_reopening_is_told_as_one(board, clock, client):
    draft = live_call(board)
    clock.set(CLOSES + DAY)
    republished(draft, note="Too few had heard of it.", closes=CLOSES + 9 * DAY)
    text = " ".join(client.get("/public-inputs/drafts/").text.split())
    assert "opened again after 10 April 2030" in text
    assert "· Open</span>" in text


def test_nobody_but_an_administrator_closes_an_open_call_earlier_and_says_why(board, clock):
    draft, mark, ada = live_call(board), publisher(), administrator()
    clock.set(OPENS + HOUR)
    earlier = {"closes": CLOSES - 5 * DAY}
    silent = (" ", ada.get_username(), "say why in the note")
    for note, author, said in (("Sooner.", mark.get_username(), "Only an adm"), ("Sooner.", "", "Only an adm"), silent):
        with pytest.raises(ValidationError, match=said):
            republished(draft, note=note, author=author, **earlier)
    republished(draft, note="The Board meets sooner.", author=ada.get_username(), **earlier)
    assert CallEdition.objects.live(Moment().at).get().closes == earlier["closes"]


def test_call_to_come_is_changed_freely_but_for_the_note(board, clock):
    draft = live_call(board)
    republished(draft, closes=CLOSES - 5 * DAY)
    with pytest.raises(ValidationError, match="say why in the note"):
        republished(draft, closes=CLOSES)


def test_open_call_is_cancelled_with_a_reason(board, clock, client):
    draft = live_call(board)
    clock.set(OPENS + HOUR)
    with pytest.raises(ValidationError, match="why a call is cancelled"):
        republished(draft, is_cancelled=True)
    republished(draft, is_cancelled=True, cancelled_reason="The draft is withdrawn.")
    text = client.get("/public-inputs/drafts/").text
    assert "Cancelled: The draft is withdrawn." in text
    assert "0 calls" not in client.get("/public-inputs/").text


def test_call_of_days_is_public_only_once_it_is_over(board, clock):
    day = clock.now.date()
    with pytest.raises(ValidationError, match="only once its last day is over"):
        live_call(board, opens=None, closes=None, closes_day=day)
    live_call(board, "older", opens=None, closes=None, closes_day=day - DAY)


def test_topic_that_is_open_is_neither_shortened_nor_left_out_in_silence(board):
    old = new_call(board, topics=[f"one | First | {CLOSES + 2 * DAY:%Y-%m-%d} 12:00", "two | Second"])
    changes = {
        True: (["two | Second"], [f"one | First | {CLOSES + DAY:%Y-%m-%d} 12:00", "two | Second"], []),
        False: ([*old.topics, "three | Third"], [f"one | First | {CLOSES + 3 * DAY:%Y-%m-%d} 12:00", "two | Other words"]),
    }
    for expected, every in changes.items():
        for topics in every:
            new = new_call(board, f"x{len(topics)}{expected}{hash(str(topics))}"[:40].lower().replace("-", ""), topics=topics)
            assert is_shortened(old, new, OPENS + HOUR) is expected, topics
    late = CLOSES + timedelta(hours=1)
    assert not is_shortened(old, new_call(board, "x-late", topics=old.topics[:1]), late)  # the second is closed by then


def test_what_cannot_be_is_refused_by_field(board):
    wrong = [
        ({"closes": OPENS}, "closes"),
        ({"closes": None}, "closes"),
        ({"closes_day": OPENS.date()}, "closes"),
        ({"slug": "submit"}, "slug"),
        ({"topics": ["one | First | 2029-01-01 12:00"]}, "topics"),
        ({"topics": ["one | First | 2030-02-30 12:00"]}, "topics"),
        ({"topics": ["one | First", "one | Again"]}, "topics"),
        ({"late": "mark"}, "late_until"),
        ({"late": "mark", "late_until": CLOSES}, "late_until"),
        ({"late_until": CLOSES + DAY}, "late_until"),
        ({"has_form": True, "audience": "dnas"}, "has_form"),
        ({"retention_months": 0}, "retention_months"),
    ]
    for place, (fields, name) in enumerate(wrong):
        with pytest.raises(ValidationError) as refused:
            new_call(board, **{"slug": f"wrong-{place}"} | fields).full_clean()
        assert name in refused.value.message_dict, fields


def test_withdrawn_call_frees_its_deadline(board, clock):
    """A withdrawal has its own public reason; the edition after it is held to the last that was public."""
    draft = live_call(board)
    clock.set(OPENS + HOUR)
    withdraw(draft, "Published by mistake.")
    with pytest.raises(ValidationError, match="Only an administrator"):
        republished(draft, note="Again.", closes=CLOSES - DAY)
