"""robots.txt, sitemap.xml, llms.txt, the manifest: they say what is live, and only that."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone

from publishing.ledger import publish, withdraw
from tests.record import live_page, new_page, new_term

pytestmark = pytest.mark.django_db
NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def sitemap(client, prefix=""):
    """Addresses without host, with their times."""
    document = ElementTree.fromstring(client.get(f"{prefix}/sitemap.xml").content)  # noqa: S314  (our own)
    return {
        entry.findtext("s:loc", namespaces=NAMESPACE).removeprefix(settings.SITE_ADDRESS): entry.findtext("s:lastmod", namespaces=NAMESPACE)
        for entry in document.findall("s:url", NAMESPACE)
    }


def test_sitemap_holds_what_is_live_of_every_kind(client):
    home, about, gone = live_page(""), live_page("about"), live_page("gone")
    live_page("ccs", parent=about)
    new_page("draft")
    publish([new_page("scheduled")], live_from=timezone.now() + timedelta(days=1))
    publish([new_term("Leakage")])
    withdraw(gone, "Out of date.")
    assert set(sitemap(client)) == {"/", "/about/", "/about/ccs/", "/glossary/leakage/"}
    assert home


def test_sitemap_tells_since_when_a_page_reads_so(client):
    page = live_page("about")
    first = datetime.fromisoformat(sitemap(client)["/about/"])
    assert abs(first - datetime.now(UTC)) < timedelta(minutes=1)
    assert first == page.editions.get().live_from.replace(microsecond=0)


def test_sitemap_escapes_addresses(client):
    live_page("about")
    assert b"<loc>" in client.get("/sitemap.xml").content
    assert client.get("/sitemap.xml")["Content-Type"] == "application/xml; charset=utf-8"


def test_robots_keeps_crawlers_out_of_the_past_and_names_the_sitemap(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /@\n" in text
    for path in ("/projects/", "/programmes/"):  # lists as a whole, not every choice of filters
        assert f"Allow: {path}?page=\nDisallow: {path}?\n" in text
    assert f"Sitemap: {settings.SITE_ADDRESS}/sitemap.xml" in text


def test_llms_lists_the_sections_with_their_markdown(client):
    live_page("")
    about = live_page("about", title="About [CDM]", summary="What it is.")
    live_page("news", title="News", summary="", menu_below=about)
    live_page("hidden", in_menu=False)
    lines = client.get("/llms.txt").content.decode().splitlines()
    assert lines[0].startswith("# ")
    assert rf"- [About \[CDM\]]({settings.SITE_ADDRESS}/about/index.md): What it is." in lines
    assert any(line.startswith(f"- [News]({settings.SITE_ADDRESS}/news/index.md)") for line in lines)
    assert not any("hidden" in line for line in lines)


def test_manifest_names_an_icon_that_exists(client):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    assert finders.find(answer.json()["icons"][0]["src"].removeprefix("/static/"))


def test_markdown_of_a_page_is_its_source_at_the_moment(client):
    page = live_page("about", title="About *it*", summary="In short.", body="See [CCS](/about/ccs/).\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    publish([new_term("Leakage", body="What leaks.")])
    answer = client.get("/about/index.md")
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert text.startswith("# About \\*it\\*\n\nIn short.\n\nSee [CCS](/about/ccs/).\n\n| a | b |")
    assert re.search(rf"<{settings.SITE_ADDRESS}/about/>, edition {page.editions.get().number}, live from 20\d\d-", text)
    assert "What leaks." in client.get("/glossary/leakage/index.md").content.decode()
    assert client.get("/@1999-01-01/about/index.md").status_code == 404


@pytest.mark.parametrize("address", ["/draft/index.md", "/gone/index.md", "/nowhere/index.md"])
def test_markdown_is_given_of_nothing_that_is_not_live(client, address):
    new_page("draft")
    withdraw(live_page("gone"), "Out of date.")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("prefix", ["", "/@2999-01-01"])
def test_sitemap_beyond_the_limit_is_an_index_of_files_that_hold_everything(client, monkeypatch, prefix):
    for number in range(7):
        live_page(f"p{number}")
    everything = sitemap(client)
    monkeypatch.setattr("cdmportal.crawlers.SITEMAP_LIMIT", 3)
    index = ElementTree.fromstring(client.get(f"{prefix}/sitemap.xml").content)  # noqa: S314 (our own)
    assert index.tag.endswith("}sitemapindex")
    parts = [entry.findtext("s:loc", namespaces=NAMESPACE) for entry in index.findall("s:sitemap", NAMESPACE)]
    assert parts == [f"{settings.SITE_ADDRESS}/sitemap.xml?page={number}" for number in (1, 2, 3)]
    listed = {}
    for part in parts:
        found = ElementTree.fromstring(client.get(prefix + part.removeprefix(settings.SITE_ADDRESS)).content).findall("s:url", NAMESPACE)  # noqa: S314
        assert 1 <= len(found) <= 3
        listed |= {entry[0].text.removeprefix(settings.SITE_ADDRESS): entry[1].text for entry in found}
    assert listed == everything
    for wrong in ("0", "4", "01", "x", "-1", "9" * 30, ""):
        assert client.get(f"{prefix}/sitemap.xml?page={wrong}").status_code == 404, wrong


def test_sitemap_of_one_file_has_one_page(client):
    live_page("about")
    assert client.get("/sitemap.xml?page=1").content == client.get("/sitemap.xml").content
    assert client.get("/sitemap.xml?page=2").status_code == 404
