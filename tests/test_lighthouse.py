"""Lighthouse's bars. `make bench-lighthouse` prints the table."""

from statistics import median

import pytest

from bench import lighthouse
from tests.checkers import module_file, program
from tests.server import Server

FAST = 0.98


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    program("node", "nodejs")
    module_file("lighthouse/cli/index.js")
    server = Server(tmp_path_factory.mktemp("portal"))
    server.manage("prepare")
    server.manage("run_indexer", "--once")
    with server:
        yield server


@pytest.mark.once
@pytest.mark.alone
@pytest.mark.browser
@pytest.mark.parametrize("form", lighthouse.FORMS)
@pytest.mark.parametrize("name", lighthouse.PAGES)
def test_lighthouse_gives_a_hundred_and_for_speed_nearly_so(portal, name, form):
    address = portal.address + lighthouse.PAGES[name]
    report = lighthouse.run(address, form)
    speed, others = report["categories"].pop("performance"), report["categories"].values()
    lost = {category["title"]: list(lighthouse.lost(report, category)) for category in others}
    assert lost == {"Accessibility": [], "Best Practices": [], "SEO": []}
    assert [category["score"] for category in others] == [1, 1, 1]
    speeds = [speed["score"]]
    if speeds[0] < FAST:  # the run may have suffered from a busy machine
        speeds += [lighthouse.run(address, form, ["performance"])["categories"]["performance"]["score"] for _ in range(2)]
    assert median(speeds) >= FAST
