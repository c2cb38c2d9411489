"""Reading feeds as strictly as possible: by an independent parser, against a schema, and by the rules that no schema can say."""

import json
import re
from datetime import datetime
from pathlib import Path

import feedparser
from lxml import etree

SCHEMAS = {form: etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / f"{form}.rng")) for form in ("atom", "rss")}
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
    """A JSON Feed 1.1 that has passed a check of its structure."""
    assert response["Content-Type"].startswith("application/feed+json")
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert set(feed) <= set("version title home_page_url feed_url description next_url language authors items".split())
    assert isinstance(feed["title"], str)
    assert all(ABSOLUTE.match(feed[name]) for name in ("home_page_url", "feed_url", "next_url") if name in feed)
    assert all(set(author) <= {"name", "url", "avatar"} for author in feed["authors"])
    for item in feed["items"]:
        check_item(item)
    check_entries([(item["id"], item["url"], item["content_html"]) for item in feed["items"]])
    return feed


def check_item(item):
    assert set(item) <= set("id url title summary content_html date_published date_modified tags".split())
    assert all(isinstance(item[name], str) for name in item if name != "tags")
    assert all(isinstance(tag, str) for tag in item.get("tags", []))
    assert datetime.fromisoformat(item["date_published"]) <= datetime.fromisoformat(item["date_modified"])
