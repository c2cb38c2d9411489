"""Reading feeds as strictly as possible: by an independent parser, against a schema, and by the rules that no schema can say."""

import json
import re
from datetime import datetime
from pathlib import Path

import fastjsonschema
import feedparser
from lxml import etree

FOLDER = Path(__file__).parent / "schemas"
SCHEMAS = {form: etree.RelaxNG(etree.parse(FOLDER / f"{form}.rng")) for form in ("atom", "rss")}
JSON_FEED = fastjsonschema.compile(json.loads((FOLDER / "json.json").read_text()))
ATOM = "{http://www.w3.org/2005/Atom}"
ABSOLUTE = re.compile(r"https?://[^\s/]+(/\S*)?\Z")


def check_schema(form, document):
    schema = SCHEMAS[form]
    assert schema.validate(etree.fromstring(document)), schema.error_log


def read(response):
    """What feedparser makes of an Atom or RSS answer that has passed every check."""
    form = "atom" if "atom" in response["Content-Type"] else "rss"
    check_schema(form, response.content)
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == {"atom": "atom10", "rss": "rss20"}[form]
    check_entries([(entry.id, entry.link, whole(entry)) for entry in feed.entries])
    if form == "atom":
        check_atom(etree.fromstring(response.content))
    return feed


def whole(entry):
    return entry.content[0].value


def check_entries(entries):
    ids = [identity for identity, _, _ in entries]
    assert len(ids) == len(set(ids)), "ids are not unique"
    for identity, link, text in entries:
        assert identity.startswith("urn:uuid:")
        assert ABSOLUTE.match(link)
        for address in re.findall(r'(?:href|src)="([^"]*)"', text):
            assert ABSOLUTE.match(address), address


def check_atom(feed):
    """RFC 4287: one alternate of a kind (4.1.1, 4.1.2), the feed no older than its entries, entries no older than their publication."""
    for part in [feed, *feed.findall(f"{ATOM}entry")]:
        alternates = [(link.get("type"), link.get("hreflang")) for link in part.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == len(set(alternates)) == 1
    newest = feed.findtext(f"{ATOM}updated")
    for entry in feed.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}published") <= entry.findtext(f"{ATOM}updated") <= newest


def read_json(response):
    """A JSON Feed 1.1 that has passed every check."""
    assert response["Content-Type"].startswith("application/feed+json")
    feed = json.loads(response.content)
    JSON_FEED(feed)
    for item in feed["items"]:
        assert datetime.fromisoformat(item["date_published"]) <= datetime.fromisoformat(item["date_modified"])
    check_entries([(item["id"], item["url"], item["content_html"]) for item in feed["items"]])
    return feed


def read_any(response):
    """The entries of a feed in whatever form, after every check."""
    return read_json(response)["items"] if "json" in response["Content-Type"] else read(response).entries
