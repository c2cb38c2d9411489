"""A hundred people fetch exports at the same time; pages are still served, and every export is whole."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, combinations

import pytest

from tests.wire import Browser

pytestmark = pytest.mark.clock
AT_ONCE = 100
DOCUMENTS = 150
PLANT = f"""
from documents.models import Document
from publishing.ledger import publish
made = [Document(slug=f"d{{n}}", title=f"Document {{n}}", document_class="report", issued_by="eb") for n in range({DOCUMENTS})]
for document in made:
    document.save()
publish(made)
"""
OTHERS = ["decision", "standard", "procedure", "guidance", "clarification", "tool", "form"]


def exports():
    """Different addresses for each of the hundred, each of all documents, so that none is answered by what was made for another."""
    chosen = chain.from_iterable(combinations(OTHERS, count) for count in range(len(OTHERS)))
    addresses = ["/documents/?" + "&".join(f"class={name}" for name in ("report", *others)) for others in chosen]
    forms = ("&format=csv", "&format=json", "&words=document&format=csv", "&words=document&format=json")
    return [[address + form for form in forms] for address in addresses[:AT_ONCE]]


def fetch(server, addresses):
    return [Browser(server.address, timeout=120).get(address) for address in addresses]


class ExportReaders(threading.Thread):
    """Ask for a page every 20 ms, whether the one before has come or not, until told to stop; keeps (status, seconds waited)."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address, self.seen, self.done = address, [], threading.Event()

    def run(self):
        with ThreadPoolExecutor(40) as people:
            while not self.done.wait(0.02):
                people.submit(self.read)

    def read(self):
        start = time.monotonic()
        status = Browser(self.address, timeout=60).get("/about/").status
        self.seen.append((status, time.monotonic() - start))


@pytest.mark.parametrize("server", [{"workers": 2}], indirect=True)
def test_pages_are_served_while_a_hundred_exports_are_made(server):
    """A page waits its turn behind exports that were asked for before it, and no longer."""
    server.manage(code=PLANT)
    Browser(server.address).get("/about/")
    readers = ExportReaders(server.address)
    with ThreadPoolExecutor(AT_ONCE) as people:
        start = time.monotonic()
        exported = people.map(lambda addresses: fetch(server, addresses), exports())
        readers.start()
        answers = list(chain.from_iterable(exported))
        took = time.monotonic() - start
    readers.done.set()
    readers.join(60)
    assert [answer.status for answer in answers] == [200] * 4 * AT_ONCE
    assert all(answer.text.count("Document ") >= DOCUMENTS for answer in answers), "every export is whole"
    assert len(readers.seen) > 5
    assert {status for status, _ in readers.seen} == {200}
    assert max(waited for _, waited in readers.seen) < took + 1
