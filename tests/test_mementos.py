"""Every memento of the shipped content is a site: it has the whole menu, and its links lead somewhere."""

import re
from collections import Counter
from urllib.parse import urldefrag, urljoin

import lxml.html
import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from publishing import kinds
from publishing.anchors import ids
from publishing.links import served
from publishing.models import Edition
from publishing.moment import Moment
from tests.reading import parsed
from tests.shipped import shipped

__all__ = ["shipped"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

MEMENTO = re.compile(r'<([^>]*)>; rel="memento"')
# Of each view at each moment so many mementos are read.
SOME = 2
SECTIONS = 16
# Kinds of which each thing came on its own day.
TOLD = ("newsitem", "newsletter", "recording", "body", "meeting", "office", "call")
LISTS = ("news", "documents", "glossary", "newsletters", "audio")
BEFORE_THE_PAGES = ("0001-01-01", "2005-01-01", "2009-06-15", "2009-12-31", "2010-03-10T17:06:59")


@pytest.fixture(scope="module")
def mementos(shipped, django_db_blocker):
    """Addresses of mementos by the moment in them."""
    with django_db_blocker.unblock():
        addresses = {address.partition("#")[0] for kind in kinds.addressed() for address, _ in kind.addresses(Moment())}
        maps = [Client().get(f"{address}timemap/") for address in sorted(addresses) if address.endswith("/")]
    found = [address.removeprefix(settings.SITE_ADDRESS) for answer in maps for address in MEMENTO.findall(answer.content.decode())]
    assert all(answer.status_code == 200 for answer in maps)
    assert len(found) > len(maps)
    return found


def some(addresses):
    met = Counter()
    for address in addresses:
        _, moment, path = address.split("/", 2)
        met[kind := (moment, resolve(f"/{path}").view_name)] += 1
        if met[kind] <= SOME:
            yield address


def test_every_memento_has_the_whole_menu_and_no_dead_link(client, mementos):
    status = {}
    for address in some(mementos):
        document = lxml.html.document_fromstring(client.get(address).content.decode())
        menu = document.xpath("//nav[@id='menu']/ul/li/a/@href")
        assert len(menu) >= SECTIONS, address
        for link in {link.partition("#")[0].partition("?")[0] for link in document.xpath("//a/@href")}:
            if link.startswith("/") and link not in status:
                status[link] = client.head(link).status_code
                assert status[link] == 200, f"{link} on {address}"


def test_what_the_site_of_2010_shows_came_at_one_instant():
    """At any moment its pages, terms, documents and spellings are all there or none is."""
    editions = Edition.objects.exclude(kind__in=TOLD)
    instants = dict.fromkeys(f"{at:%Y-%m-%d %H:%M}" for at in editions.values_list("live_from", flat=True))
    first, home_of_the_seed = ["2010-03-10 17:07", "2010-03-10 17:08"], "2010-03-27 00:00"
    assert list(instants) == [*first, home_of_the_seed, "2023-11-03 00:00", "2023-11-03 00:01", "2026-11-27 00:00"]
    corrected = editions.filter(live_from__minute__in=[8, 1]).values_list("thing__key", flat=True)
    assert sorted(corrected) == ["news", "news", "newsletters"], "texts that had counted what was found later"
    assert b"No page had been published yet" in Client().get("/@2010-03-10T17:06:59/").content


@pytest.mark.parametrize("asked", ["2010-03-10", "2023-11-03", None])
def test_every_link_of_a_shipped_text_leads_to_a_page_and_to_a_heading(asked):
    moment = Moment(asked)
    texts = [(kind, edition) for kind in kinds.addressed() for edition in kind.edition.objects.live(moment.at)]
    linked = [(str(edition), address) for kind, edition in texts for address in kind.addresses_linked(edition)]
    places = [(str(e), *found) for _kind, e in texts for found in re.findall(r"\]\((/[^)#\s]*)#([^)\s]+)\)", getattr(e, "body", ""))]
    assert len(linked) > 400
    dead = [told for told in linked if not kinds.resolve(told[1], moment) and not served(told[1], moment)]
    dead += [told for told in places if f"h-{told[2]}" not in (ids(kinds.resolve(told[1], moment), moment) or ())]
    assert dead == []


@pytest.mark.parametrize("prefix", ["/", "/@2026-11-27T00:00:01/"])
def test_ways_into_the_areas_lead_to_now_from_every_moment(client, prefix):
    links = parsed(client.get(f"{prefix}extranets/")).xpath("//main//a/@href")
    assert {"/extranets/areas/", "/extranets/log-in/"} <= set(links)


@pytest.mark.parametrize("moment", ["2010-03-10T00:00:00", "2010-03-10T17:06"])
@pytest.mark.parametrize("path", ["/", "/about/", "/executive-board/", "/glossary/additionality/", "/documents/3-cmp-1/"])
def test_before_that_instant_there_was_no_page(client, moment, path):
    assert client.get(f"/@{moment}{path}").status_code == 404
    assert client.get(f"/@2010-03-10T17:07:00{path}").status_code == 200


def test_before_the_pages_only_what_exists_is_named(client):
    """On 1 June 2008 there were news, and nothing else."""
    found = lxml.html.document_fromstring(client.get("/@2008-06-01/").content.decode())
    assert found.xpath("//main//ul/li/a/@href") == ["/@2008-06-01/news/"]
    assert client.get("/@2008-06-01/news/").status_code == 200
    library = client.get("/@2008-06-01/documents/").content.decode()
    assert "None was held here yet." in library
    assert "Take something away" not in library
    assert "Take something away" in client.get("/@2008-06-01/documents/?class=decision").content.decode()
    with_newsletters = lxml.html.document_fromstring(client.get("/@2010-02-01/").content.decode())
    assert with_newsletters.xpath("//main//ul/li/a/@href") == ["/@2010-02-01/news/", "/@2010-02-01/newsletters/"]


def named_by(answer):
    """The addresses that an answer names: in its headers, as links of a page, or in full in a feed or another file."""
    yield from re.findall(r"<([^>]*)>", answer.get("Link", ""))
    if answer["Content-Type"].startswith("text/html"):
        yield from parsed(answer).xpath("//a/@href | //link/@href")
    elif answer["Content-Type"].startswith(("text/", "application/")):
        named = re.findall(rf"{re.escape(settings.SITE_ADDRESS)}/[^\s\"<>)]*", answer.getvalue().decode())
        yield from (address for address in named if "{" not in address)  # of an address to be completed nothing can be asked


@pytest.mark.once  # which links a template draws does not depend on the database
@pytest.mark.parametrize("moment", BEFORE_THE_PAGES)
def test_before_the_pages_no_link_is_dead(client, moment):
    """Lists, what stands in them, their feeds and files, the search: of each view one is read, and all that it names is asked for."""
    start = f"/@{moment}/"
    waiting = [start, *(f"{start}{name}/" for name in LISTS), f"{start}search/?q=baseline", f"{start}search/?q=xyzzy"]
    met, status, read = Counter(), {}, []
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        read.append(address)
        for named in named_by(answer):
            link = urldefrag(urljoin(address, named.removeprefix(settings.SITE_ADDRESS)))[0]
            if link == address or not link.startswith("/") or link.startswith("/static/") or link in status:
                continue
            status[link] = client.head(link).status_code
            assert status[link] < 400, f"{link} in {address}"
            if link.startswith(start) and link not in waiting:
                path, _, query = link.removeprefix(start).partition("?")
                met[kind := (resolve(f"/{path}").view_name, query.partition("=")[0])] += 1
                if met[kind] == 1:
                    waiting.append(link)
    assert len(read) > len(LISTS) + 3
    assert any("/feed/" in address for address in read)


def test_before_the_pages_the_way_home_leads_to_now_and_says_so(client):
    page = parsed(client.get("/@2009-06-15/news/2005/10/20/first-cers-issued/"))
    assert page.xpath("//a[@class='site-name']/@href") == ["/"]
    assert page.xpath("//a[@class='site-name']/@title") == ["CDM Home as it is now"]
    first = page.xpath("//div[@class='breadcrumb']//a")[0]
    assert (first.get("href"), first.text) == ("/", "CDM-Home (as it is now)")
    origin = page.xpath("//p[@class='since']")[0]
    assert "reconstructed from sources" in origin.text_content()
    assert [link.text for link in origin.iter("a")] == ["all editions"]
    later = parsed(client.get("/@2010-03-11/news/2005/10/20/first-cers-issued/"))
    assert later.xpath("//a[@class='site-name']/@href") == ["/@2010-03-11/"]
    assert not later.xpath("//a[@class='site-name']/@title")
    assert "/@2010-03-11/about/this-site/" in later.xpath("//p[@class='since']/a/@href")
