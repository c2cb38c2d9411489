"""Stored script: payloads through every field that editors write, every output read in a real browser.

Chromium loads the bytes of each answer without its Content-Security-Policy, so that escaping has to hold alone. What would run only when
touched (handlers, script addresses) is looked for in the document that the browser made.
"""

import pytest
from django.contrib.auth.models import User

from desk import share_links
from publishing import kinds, ledger
from search import indexer
from tests.security.xss.payloads import FAMILIES
from tests.security.xss.things import LISTS, Planter, attackable, desk_addresses, desk_lists, public_addresses

pytestmark = pytest.mark.once  # how text is escaped does not depend on the database that it comes from
# Lists and feeds show every thing. Of the pages of things every third is read, of each kind those with other payloads, and of one thing
# of each kind also the history, the source, the form and one more view of the desk, of each family another.
PAGES, IN_FULL = 3, 20
READ = {"text/html", "JSON-LD", "application/atom+xml", "application/rss+xml", "application/feed+json", "application/json"}
READ |= {"text/markdown", "text/csv", "application/xml", "application/link-format", "text/plain"}
# Fields whose own rules refuse most of what is no address or no symbol.
STRICT = {("documentversion", "outside_address"), ("newsitem", "source_url"), ("call", "outside_address"), ("submission", "language")}


def test_each_family_has_enough_payloads():
    assert len(FAMILIES) >= 15
    assert all(len(set(payloads)) >= 20 for payloads in FAMILIES.values())


def test_harness_sees_what_runs_and_what_would(reader):
    """A suite that finds nothing proves nothing unless it finds this."""
    bad = [
        "<script>pwn(1)</script>",
        "<img src=x onerror=pwn(1)>",
        "<a href=' java\tscript:pwn(1)'>x</a>",
        "<iframe src=x></iframe>",
        "<form action=//evil.example></form>",
    ]
    for number, text in enumerate(bad):
        reader.add(f"bad {number}", "text/html", text)
    reader.add("xml", "application/xml", '<feed><script xmlns="http://www.w3.org/1999/xhtml">pwn(1)</script></feed>')
    reader.add("good", "text/html", "<!DOCTYPE html><title>x</title><p>&lt;script&gt;pwn(1)&lt;/script&gt; <a href=/about/>x</a>")
    reader.flush()
    named = {found.partition(":")[0] for found in reader.found}
    assert named == {f"bad {number}" for number in range(len(bad))} | {"xml"}
    assert "bad 0: a payload ran" in reader.found
    assert "bad 1: a payload ran" in reader.found
    assert "xml: a payload ran" in reader.found


@pytest.mark.parametrize("family", FAMILIES)
def test_stored_payloads_never_run(reader, family):
    payloads, planter = FAMILIES[family], Planter(family)
    planter.plant(payloads, but=["notice"])
    planter.plant(payloads, "documentversion", first=101)  # where a file stood before an address stands now, and the other way round
    indexer.catch_up()
    look_at_all(reader, planter.planted, family)
    link = share_links.make(planter.planted[0], User.objects.get(username="reader"))
    reader.look_at(share_links.address(link))
    withdraw_one(reader, planter, payloads)
    planter.plant(payloads, "notice")  # last, because every page bears them
    for address in ("/", "/documents/", "/search/?q=x", "/nothing/", "/history/"):
        reader.look_at(address)
    reader.flush()
    assert not reader.found, "\n".join(reader.found[:40])
    assert set(reader.read) >= READ, READ - set(reader.read)
    few = {(kind.name, field.name): planter.stood[kind.name, field.name] for kind in kinds.every() for field in attackable(kind)}
    few = {field: count for field, count in few.items() if count < 20}
    assert set(few) <= STRICT, few


def look_at_all(reader, planted, family):
    size, shift = len(FAMILIES[family]), list(FAMILIES).index(family)
    in_full = planted[::IN_FULL]
    some = [draft for index, draft in enumerate(planted) if (index + index // size) % PAGES == 0 or draft in in_full]
    for address in public_addresses(some, in_full):
        reader.look_at(address)
    for turn, draft in enumerate(in_full):
        for address in desk_addresses([draft], turn + shift):
            reader.look_at(address, reader.desk)
    for address in LISTS:
        reader.look_at(address)
    for address in desk_lists():
        reader.look_at(address, reader.desk)


def withdraw_one(reader, planter, payloads):
    """The reason of a withdrawal is public as well."""
    page = next(draft for draft in planter.planted if draft.kind == "page")
    (address,) = public_addresses([page])
    ledger.withdraw(page, "\n".join(payloads), note="\n".join(payloads))
    reader.look_at(address)
    reader.look_at(address + "history/")
