"""The content security policy in Chromium: what it forbids is noticed.

That it refuses nothing of what the pages do is seen where each of them is opened: public ones in test_a11y.py, the desk's in
desk/test_browser.py.
"""

import pytest

from tests.conftest import tab_on

pytestmark = pytest.mark.once


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
