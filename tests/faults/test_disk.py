"""A disk without room: nothing can be written any more by the server, its log included."""

import resource
import sys

import pytest

from tests.faults.test_database_gone import send_change
from tests.wire import Browser

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")


@pytest.mark.parametrize("server", [{"workers": 1}], indirect=True)
def test_full_disk_stops_editors_clearly_and_readers_not_at_all(server):
    """Every write to a file fails as on a full disk (with EFBIG in place of ENOSPC)."""
    browser, send = send_change(server, "A long text\nthat took an hour.")
    reader = Browser(server.address)
    reader.get("/about/")
    (worker,) = server.worker_ids()
    room = resource.prlimit(worker, resource.RLIMIT_FSIZE)
    on_sqlite = not server.environment.get("DATABASE_URL")
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (1, room[1]))
    try:
        if on_sqlite:
            answer = send()
            assert answer.status == 503
            assert "that took an hour." in answer.text
        for path in ("/about/", "/unread/", "/about/history/", "/", "/nothing/"):
            assert reader.get(path).status in {200, 404}
    finally:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, room)
    if on_sqlite:
        assert browser.send(answer, title="About CDM").status == 302
