"""Stored and reflected script: payloads through every field that people can write, every output read in a real browser.

Chromium loads the bytes of each answer without its Content-Security-Policy, so that escaping has to hold alone. What would run only when
touched (handlers, script addresses) is looked for in the document that the browser made.
"""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from publishing import ledger, sharing
from tests.security.xss.payloads import FAMILIES
from tests.security.xss.things import LISTS, Planter, desk_addresses, desk_lists, public_addresses

HARNESS = (Path(__file__).parent / "harness.js").read_text()
AT_ONCE = 24
HOME = "http://harness.example/"  # nothing is asked of the network: the answer comes from the fixture
AS_DOCUMENT = {"text/html": "text/html", "application/atom+xml": "application/xml", "application/rss+xml": "application/xml"}
AS_DOCUMENT |= {
    "application/xml": "application/xml",
    "text/xml": "application/xml",
    "application/opensearchdescription+xml": "application/xml",
}
INERT = {"text/plain", "text/markdown", "text/csv", "application/json", "application/feed+json", "application/link-format"}
INERT |= {"application/manifest+json", "application/x-suggestions+json"}


def test_each_family_has_enough_payloads():
    assert len(FAMILIES) >= 15
    assert all(len(set(payloads)) >= 20 for payloads in FAMILIES.values())


class Reader:
    """Fetches addresses as visitor and as administrator and gives what they answer to the browser."""

    def __init__(self, page):
        self.page, self.waiting, self.found, self.read = page, [], [], 0
        self.visitor, self.desk = Client(), Client()
        self.desk.force_login(User.objects.create_superuser("reader"), backend="django.contrib.auth.backends.ModelBackend")

    def look_at(self, address, client=None):
        answer = (client or self.visitor).get(address)
        self.read += 1
        if answer.status_code >= 500:
            self.found.append(f"{address}: {answer.status_code}")
        broken = [name for name, value in answer.headers.items() if re.search(r"[\r\n\x00]", name + value)]
        self.found += [f"{address}: header {name}" for name in broken]
        if answer.status_code in {301, 302}:
            self.found += [
                f"{address}: leads to {answer['Location']}"
                for _ in [0]
                if not re.match(r"(/(?![/\\])|https?://(testserver|localhost|127))", answer["Location"])
            ]
            return
        body = answer.getvalue()
        self.take(address, answer.get("Content-Type", "").partition(";")[0], body.decode("utf-8", "replace"), answer)

    def take(self, address, kind, text, answer):
        if kind in INERT:
            if answer.get("X-Content-Type-Options") != "nosniff":
                self.found.append(f"{address}: may be sniffed")
            if "json" in kind:
                self.embedded(address, json.loads(text))
            return
        if kind not in AS_DOCUMENT:
            self.found.append(f"{address}: unknown type {kind}")
            return
        if AS_DOCUMENT[kind] == "application/xml":
            self.markup_of_feed(address, text)
        self.add(address, AS_DOCUMENT[kind], text)

    def embedded(self, address, value):
        """HTML that a JSON Feed carries for its readers."""
        if isinstance(value, dict):
            for name, below in value.items():
                if name.endswith("html") and isinstance(below, str):
                    self.add(f"{address} {name}", "text/html", below)
                self.embedded(address, below)
        elif isinstance(value, list):
            for below in value:
                self.embedded(address, below)

    def markup_of_feed(self, address, text):
        """HTML that Atom and RSS carry escaped."""
        from lxml import etree

        root = etree.fromstring(text.encode())
        for element in root.iter():
            words = "".join(element.itertext()) if isinstance(element.tag, str) else ""
            is_html = element.get("type") == "html" or str(element.tag).endswith(("}encoded", "description"))
            if is_html and words:
                self.add(f"{address} <{element.tag}>", "text/html", words)

    def add(self, name, kind, text):
        self.waiting.append({"name": name, "type": kind + ";charset=utf-8", "text": text})
        if len(self.waiting) >= AT_ONCE:
            self.flush()

    def flush(self):
        if self.waiting:
            self.found += self.page.evaluate(HARNESS, self.waiting)
            self.waiting = []


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
    context.set_offline(True)
    yield tab
    context.close()


@pytest.fixture
def reader(db, empty_page, settings, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("What is sent does not depend on the database.")
    settings.MEDIA_ROOT = tmp_path
    return Reader(empty_page)


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
    assert "good" not in named, reader.found
    assert named == {f"bad {number}" for number in range(len(bad))} | {"xml"}
    assert "bad 0: a payload ran" in reader.found
    assert "xml: a payload ran" in reader.found


@pytest.mark.parametrize("family", FAMILIES)
def test_stored_payloads_never_run(reader, family):
    planter = Planter(family)
    for number, payload in enumerate(FAMILIES[family]):
        planter.plant(number, payload)
    for number, drafts in enumerate(chunks(planter.planted, len(planter.ordered()))):
        for index, draft in enumerate(drafts):
            in_full = index % 5 == number % 5
            for address in public_addresses([draft], in_full):
                reader.look_at(address)
            if in_full:
                for address in desk_addresses([draft], number + index):
                    reader.look_at(address, reader.desk)
    for address in LISTS:
        reader.look_at(address)
    for address in desk_lists():
        reader.look_at(address, reader.desk)
    link = sharing.make(planter.planted[0], User.objects.get(username="reader"))
    reader.look_at(sharing.address(link))
    withdraw_one(reader, planter, FAMILIES[family][0])
    reader.flush()
    assert reader.read > 300
    assert len(planter.planted) >= 0.9 * len(FAMILIES[family]) * len(planter.ordered()), planter.refused
    assert not reader.found, "\n".join(reader.found[:40])


def withdraw_one(reader, planter, payload):
    """The reason of a withdrawal is public as well."""
    page = next(draft for draft in planter.planted if draft.kind == "page")
    (address, *_) = public_addresses([page], False)
    ledger.withdraw(page, payload, note=payload)
    reader.look_at(address)


def chunks(drafts, size):
    return [drafts[start : start + size] for start in range(0, len(drafts), size)]


ASKED = (
    "/search/?q={}",
    "/search/?q=x&kind={}",
    "/quickfinder/?q={}",
    "/quickfinder/suggestions/?q={}",
    "/documents/?q={}",
    "/documents/?class={}&year={}",
    "/search/?q={}&format=json",
)
ASKED += (
    "/search/?q={}&format=atom",
    "/{}/",
    "/about/{}",
    "/@{}/about/",
    "/news/topics/{}/",
    "/glossary/{}/",
    "/at/?date={}&path=/{}",
    "/news/?page={}",
    "/admin/login/?next={}",
    "/shared/{}/",
)


@pytest.mark.parametrize("family", FAMILIES)
def test_payloads_of_visitors_never_run(reader, family):
    Planter(family).plant(0, "An ordinary word")
    for payload in FAMILIES[family]:
        for pattern in ASKED:
            reader.look_at(pattern.replace("{}", quote(payload, safe="")))
    reader.flush()
    assert not reader.found, "\n".join(reader.found[:40])
