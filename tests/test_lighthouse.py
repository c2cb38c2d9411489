"""Lighthouse gives the full mark for what does not depend on the machine. Performance is measured by `make bench-lighthouse`."""

import pytest

from bench import lighthouse
from tests.server import Server


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("portal"))
    server.manage("prepare")
    server.manage("run_indexer", "--once")
    with server:
        yield server


@pytest.mark.once
@pytest.mark.browser
@pytest.mark.parametrize("form", lighthouse.FORMS)
@pytest.mark.parametrize("name", lighthouse.PAGES)
def test_lighthouse_gives_a_hundred(portal, name, form):
    report = lighthouse.run(portal.address + lighthouse.PAGES[name], form, lighthouse.HUNDRED)
    lost = {category["title"]: list(lighthouse.lost(report, category)) for category in report["categories"].values()}
    assert lost == {"Accessibility": [], "Best Practices": [], "SEO": []}
    assert [category["score"] for category in report["categories"].values()] == [1, 1, 1]
