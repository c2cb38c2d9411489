"""Several editors give pages the same address at the very same moment."""

import pytest

from desk.action_forms import state_seen
from publishing.models import Edition
from tests.desk.test_at_once import all_at_once
from tests.desk_client import at, browser_of, publisher
from tests.record import live_page, new_page

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_four_siblings_gets_the_address_and_the_others_are_told():
    above = live_page("above")
    pages, desk = [new_page("same", above, title=f"Page {number}") for number in range(4)], publisher()
    forms = [(browser_of(desk), at("publish", page), {"when": "now", "seen": state_seen([page])}) for page in pages]
    answers = all_at_once(*forms)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
    assert Edition.objects.filter(thing__in=[page.pk for page in pages]).count() == 1
    assert all("would both have the address “same” below the same page" in answer.text for answer in answers if answer.status_code == 200)
