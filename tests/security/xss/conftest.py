import pytest

from tests.search.conftest import index
from tests.security.xss.reader import BrowserReader

__all__ = ["index"]

HOME = "http://harness.example/"  # nothing is asked of the network: the answer comes from the fixture


@pytest.fixture(scope="module")
def empty_page(browser):
    """A blank page that may load nothing, in which `pwn()` leaves its mark."""
    context = browser.new_context(bypass_csp=True, service_workers="block")
    context.add_init_script("window.pwn = () => { window.pwned = true; }; window.alert = window.pwn;")
    blank = {"content_type": "text/html", "body": "<!DOCTYPE html><title>Harness</title><body></body>"}
    context.route("**/*", lambda route: route.fulfill(**blank) if route.request.url == HOME else route.abort())
    tab = context.new_page()
    tab.on("dialog", lambda dialog: dialog.dismiss())
    tab.goto(HOME)
    context.unroute("**/*")
    context.set_offline(True)
    yield tab
    context.close()


@pytest.fixture
def reader(empty_page, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return BrowserReader(empty_page)
