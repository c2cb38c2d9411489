"""kill -9 of the process that is publishing, fifty times: the old state or the new, nothing half, and readers never notice."""

import json
import os
import random
import re
import signal
import threading
import time

import pytest

from tests.wire import Browser

TIMES = 50
LEDGER = """
import json
from publishing.models import Edition, Record
from pages.models import PageEdition
editions = list(Edition.objects.values_list("number", flat=True))
children = list(PageEdition.objects.order_by("number").values_list("number", "body"))
open_ones = Edition.objects.filter(live_to=None).count()
print(json.dumps({"last": Record.objects.get().last, "numbers": editions, "bodies": children, "open": open_ones}))
"""


class Editor(threading.Thread):
    """Saves and publishes one new state of the page; `outcome` is the answer's status, or None if the connection broke."""

    def __init__(self, browser, number):
        super().__init__()
        self.browser, self.number, self.outcome, self.reached = browser, number, None, threading.Event()

    def run(self):
        try:
            self.browser.send(self.browser.get("/admin/pages/page/2/change/"), body=f"State {self.number}.", title="About CDM")
            form = self.browser.get("/admin/pages/page/2/publish/")
            self.reached.set()
            self.outcome = self.browser.send(form, when="now").status
        except OSError:
            pass
        finally:
            self.reached.set()


@pytest.mark.parametrize("server", [{"workers": 1}], indirect=True)
def test_worker_killed_while_it_publishes(server):
    chance = random.Random(7)
    editor = Browser(server.address).log_in("editor", "a long password here")
    reader = Browser(server.address)
    broken = 0
    for number in range(1, TIMES + 1):
        before = shown(reader)
        work = Editor(editor, number)
        work.start()
        work.reached.wait(30)
        time.sleep(chance.uniform(0, 0.04))
        for pid in server.worker_ids():
            os.kill(pid, signal.SIGKILL)
        work.join(60)
        server.wait()
        after = shown(reader)
        assert after in {before, number}
        if work.outcome == 302:
            assert after == number, "what the editor was told has happened"
        broken += work.outcome is None
    assert broken >= TIMES // 5, "most kills must come while the request is under way"
    ledger = json.loads(server.manage(code=LEDGER))
    assert sorted(ledger["numbers"]) == list(range(1, ledger["last"] + 1)), "no gap"
    assert [number for number, _ in ledger["bodies"]] == sorted(ledger["numbers"]), "no edition without its content"
    assert ledger["open"] == 3


def shown(reader):
    answer = reader.get("/about/")
    assert answer.status == 200
    return int(re.search(r"State (\d+)\.", answer.text)[1])
