"""Gives what the portal answers to a browser, and says what ran there or would run if touched."""

import json
import re
from collections import Counter
from pathlib import Path

from django.contrib.auth.models import User
from django.test import Client
from lxml import etree

HARNESS = (Path(__file__).parent / "harness.js").read_text()
AT_ONCE = 24
XML = {"application/atom+xml", "application/rss+xml", "application/xml", "text/xml", "application/opensearchdescription+xml"}
INERT = {"text/plain", "text/markdown", "text/csv", "application/json", "application/feed+json", "application/link-format", "text/calendar"}
INERT |= {"application/manifest+json", "application/x-suggestions+json"}
AT_HOME = re.compile(r"/(?![/\\])|https?://(testserver|localhost|127\.0\.0\.1)[:/]")


class BrowserReader:
    """Fetches addresses as visitor and as administrator; `found` says what is wrong, `read` counts the answers by type.

    Two answers with the same bytes are one to a browser, so it is given them once.
    """

    def __init__(self, page):
        self.page, self.waiting, self.seen = page, [], set()
        self.found, self.read = [], Counter()
        self.visitor, self.desk = Client(), Client()
        self.desk.force_login(User.objects.create_superuser("reader"), backend="django.contrib.auth.backends.ModelBackend")

    def look_at(self, address, client=None):
        answer = (client or self.visitor).get(address)
        if answer.status_code >= 500:
            self.found.append(f"{address}: {answer.status_code}")
        self.found += [f"{address}: header {name}" for name, value in answer.headers.items() if re.search(r"[\r\n\x00]", name + value)]
        if "Location" in answer.headers and not AT_HOME.match(answer["Location"]):
            self.found.append(f"{address}: leads to {answer['Location']}")
        kind, text = answer.get("Content-Type", "").partition(";")[0], answer.getvalue().decode("utf-8", "replace")
        self.read[kind] += 1
        if text:
            self.take(address, kind, text, answer)

    def take(self, address, kind, text, answer):
        if kind == "text/html":
            self.read["JSON-LD"] += text.count('type="application/ld+json"')
            self.add(address, kind, text)
        elif kind in XML:
            self.add(address, "application/xml", text)
            self.take_markup_of_feed(address, text)
        elif kind in INERT:
            if answer.get("X-Content-Type-Options") != "nosniff":
                self.found.append(f"{address}: may be sniffed")
            if "json" in kind:
                self.take_markup_of_json(address, json.loads(text))
        elif "attachment" not in answer.get("Content-Disposition", "") and not kind.startswith("audio/"):
            self.found.append(f"{address}: unknown type {kind}")

    def take_markup_of_json(self, address, value):
        """HTML that a JSON Feed carries for its readers."""
        below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, inner in below:
            if str(name).endswith("html") and isinstance(inner, str):
                self.add(f"{address} {name}", "text/html", inner)
            self.take_markup_of_json(address, inner)

    def take_markup_of_feed(self, address, text):
        """HTML that Atom and RSS carry escaped."""
        for element in etree.fromstring(text.encode()).iter(etree.Element):
            is_html = element.get("type") == "html" or element.tag.endswith(("}encoded", "description"))
            if is_html and element.text:
                self.add(f"{address} <{element.tag}>", "text/html", element.text)

    def add(self, name, kind, text):
        if text not in self.seen:
            self.seen.add(text)
            self.waiting.append({"name": name, "type": kind + ";charset=utf-8", "text": text})
        if len(self.waiting) >= AT_ONCE:
            self.flush()

    def flush(self):
        if self.waiting:
            self.found += self.page.evaluate(HARNESS, self.waiting)
            self.waiting = []
