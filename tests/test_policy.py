"""The content security policy in Chromium: it refuses nothing of what the pages do, public ones and the desk's."""

import pytest

from tests.conftest import tab_on
from tests.walk import log_in, one_of_each, shape, walk

pytestmark = pytest.mark.once


def test_public_pages_keep_to_the_policy(browser, walked, found):
    with tab_on(browser, walked.address) as tab:
        for page in one_of_each(found):
            tab.goto(page.address)


def test_desk_keeps_to_the_policy(browser, walked):
    with tab_on(browser, walked.address) as tab:
        cookies = log_in(tab)
        found = walk(walked, ["/admin/"], {"Cookie": cookies}, many=1, below="/admin/")
        for address in [*(page.address for page in one_of_each(found)), "/styles/"]:
            tab.goto(address)
    views = {view for _, view, _ in map(shape, found)}
    assert {"admin:index", "admin:pages_page_change", "admin:pages_page_publish", "admin:auth_user_changelist"} <= views
    assert len(views) > 50


def test_what_the_policy_forbids_is_noticed(browser, walked):
    with pytest.raises(AssertionError, match="Content Security Policy"):
        open_with_a_style(browser, walked)


def open_with_a_style(browser, walked):
    def with_style(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<h1>", '<h1 style="color: red">'))

    with tab_on(browser, walked.address) as tab:
        tab.route("**/about/", with_style)
        tab.goto("/about/")
