"""Areas in a real browser, by keyboard, under the portal's own content security policy."""

import pytest

from tests.areas.entering import LOG_IN
from tests.desk_client import PASSWORD
from tests.test_a11y import WIDER_THAN_THE_WINDOW, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_pages_of_areas_are_accessible_and_fit_a_telephone_after_a_log_in_by_keyboard(page, place):
    page.goto(place.at())
    problems = [(LOG_IN, *violation) for violation in violations(page)]
    page.get_by_label("Username").focus()
    page.keyboard.type("steward")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Area Alpha").wait_for()
    paper, member = place.paper.pk, place.area.memberships.get(account=place.people["reader"]).pk
    pages = [
        "",
        "members/",
        "reading/",
        f"files/{paper}/",
        "files/add/",
        "notices/add/",
        f"members/{member}/",
        f"notices/{place.notice.pk}/",
    ]
    for address in [*map(place.at, pages), "/extranets/areas/"]:
        page.goto(address)
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            problems += [(address, width, *violation) for violation in violations(page)]
            if page.evaluate(WIDER_THAN_THE_WINDOW):
                problems.append((address, width, "is wider than the window"))
    assert problems == []
