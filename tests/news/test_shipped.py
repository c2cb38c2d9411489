"""The shipped news, newsletters and recordings, now and on 10 March 2010."""

import re
from datetime import UTC, date, datetime

import feedparser
import pytest
from django.conf import settings
from django.urls import reverse
from lxml import html

from markup.rendering import links_in
from news.archive import archive
from news.models import NewsItemEdition, NewsletterEdition
from news.topics import Topic
from publishing.links import links
from publishing.moment import fixed
from tests.news.feeds import read_any

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

SEED_DAY = datetime(2010, 3, 10, 23, 59, 59, tzinfo=UTC)


# Years by which a date that was already set may lie ahead: the ends of the commitment periods, a report on money, the deadlines of Glasgow.
AHEAD = {2008: 4, 2009: 3, 2010: 3, 2011: 1, 2012: 8, 2013: 7, 2018: 5, 2021: 4}


def items_on(client, path):
    """Day and title of all items of a list, page by page."""
    found, number = [], 1
    while (answer := client.get(path, {"page": number} if number > 1 else {})).status_code == 200:
        rows = html.fromstring(answer.content).xpath("//main//ul[@class='item-list']/li")
        found += [(row.findtext(".//time"), row.find(".//a").text) for row in rows]
        number += 1
    return found


def test_archive_holds_all_items(client):
    items = items_on(client, "/news/")
    assert len(items) == 125
    assert items[0] == ("2 October 2026", "38 activities listed as transitioned")
    assert items[-1] == ("18 November 2004", "First CDM project activity registered")


def test_archive_of_seed_day_holds_8_march_and_nothing_later(client):
    items = items_on(client, "/@2010-03-10/news/")
    assert len(items) == 38
    assert items[0] == ("8 March 2010", "Agenda of the Board's 53rd meeting published")
    assert "11 March" not in client.get("/@2010-03-10/news/2010/03/").content.decode()
    assert client.get("/@2010-03-10/news/2011/").status_code == 404


FORMS = ("atom", "rss", "json")
NEWS_FEEDS = [f"/news/feed/{form}/" for form in FORMS] + [f"/news/topics/{topic}/feed/{form}/" for topic in Topic.values for form in FORMS]
FEEDS = [*NEWS_FEEDS, *(f"/newsletters/feed/{form}/" for form in FORMS), "/audio/feed/podcast/"]


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_is_valid_now_and_on_the_seed_day(client, path):
    assert len(read_any(client.get(path))) >= len(read_any(client.get(f"/@2010-03-10{path}")))


@pytest.mark.parametrize("path", NEWS_FEEDS)
def test_news_feed_of_seed_day_holds_8_march_2010_and_nothing_later(client, path):
    entries = read_any(client.get(f"/@2010-03-10{path}"))
    assert max((changed(entry) for entry in entries), default="2010-03-08") <= "2010-03-08T00:00:00+00:00"
    if path in NEWS_FEEDS[:3]:
        assert len(entries) == 38
        assert changed(entries[0]) == "2010-03-08T00:00:00+00:00"


def changed(entry):
    return entry.get("date_modified") or entry["updated"]


@pytest.mark.parametrize("path", ["/news/feed/", "/news/topics/board/feed/", "/newsletters/feed/"])
def test_feed_of_the_past_has_an_id_and_links_of_its_own_and_the_entries_of_the_same_things(client, path):
    past = feedparser.parse(client.get(f"/@2010-03-10{path}atom/").content)
    now = feedparser.parse(client.get(f"{path}atom/").content)
    assert past.entries
    later = now if "newsletters" in path else feedparser.parse(client.get(f"/@2011-03-01{path}atom/").content)  # a feed ends somewhere
    assert {entry.id for entry in past.entries} < {entry.id for entry in later.entries}
    assert (now.feed.id, past.feed.id) == (f"{settings.SITE_ADDRESS}{path}atom/", f"{settings.SITE_ADDRESS}/@2010-03-10{path}atom/")
    for form in ("atom", "rss", "json"):
        own = re.findall(f'{settings.SITE_ADDRESS}/[^"<> ]*', client.get(f"/@2010-03-10{path}{form}/").content.decode())
        assert len(own) > 3
        author = f"{settings.SITE_ADDRESS}/"  # the portal, which has one home at any moment
        assert [address for address in own if address != author and not address.startswith(f"{author}@2010-03-10/")] == []
        assert "/@" not in client.get(f"{path}{form}/").content.decode()


def test_podcast_of_the_past_leads_to_the_sounds_of_the_past(client):
    past = client.get("/@2024-01-01/audio/feed/podcast/").content.decode()
    sounds = re.findall(r'<enclosure[^>]* url="([^"]*)"', past)
    assert sounds
    assert all(sound.startswith(f"{settings.SITE_ADDRESS}/@2024-01-01/audio/") for sound in sounds)


def test_no_item_was_public_before_its_day():
    for edition in NewsItemEdition.objects.all():
        assert edition.live_from.date() >= edition.date


def test_item_known_to_its_month_or_year_shows_no_more(client):
    for path, shown, machine in (
        ("/news/2009/07/31/first-programme-registered/", "July 2009", "2009-07"),
        ("/news/2006/12/31/first-forwarding/", "2006", "2006"),
    ):
        time = html.fromstring(client.get(path).content).find(".//main//time")
        assert (time.text, time.get("datetime")) == (shown, machine)
        text = client.get(path).content.decode()
        assert f">Since {shown}, <a" in text
        assert "dateModified" not in text
        assert f"{path}</loc></url>" in client.get("/sitemap.xml").content.decode()
    known = client.get("/news/2010/03/08/agenda-eb-53/").content.decode()
    assert '"dateModified":"2010-03-08' in known


def test_every_item_names_its_source(client):
    for item in archive(fixed(SEED_DAY)).live:
        page = client.get(f"/@2010-03-10{item.path}")
        assert page.status_code == 200
        assert "Source:" in page.content.decode()


@pytest.mark.parametrize("day", [SEED_DAY, datetime(2023, 11, 4, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)])
def test_links_of_news_and_newsletters_lead_somewhere(day):
    resolve = links(fixed(day))
    bodies = NewsItemEdition.objects.live(day).values_list("body", flat=True)
    addresses = {address for body in bodies for address in links_in(body)}
    assert addresses
    assert [address for address in addresses if resolve[address.partition("#")[0]] is None] == []


def test_archives_and_feeds_named_in_a_text_become_links(client):
    page = html.fromstring(client.get("/@2010-03-10/news/").content)
    addresses = set(page.xpath("//main//a/@href"))
    assert {"/@2010-03-10/news/2009/", "/@2010-03-10/news/2010/03/", "/@2010-03-10/news/feed/atom/"} <= addresses


def test_newsletters_of_seed_day(client):
    assert items_on(client, "/@2010-03-10/newsletters/") == [
        ("10 March 2010", "Digest No. 2: January to 10 March 2010"),
        ("15 January 2010", "Digest No. 1: the CDM in 2009"),
    ]
    assert client.get("/@2010-03-10/newsletters/3/").status_code == 404


def test_newsletters_go_on_to_this_year_and_gather_every_item_since_the_fourth(client):
    listed = items_on(client, "/newsletters/")
    assert len(listed) == 14
    assert listed[0] == ("27 November 2026", "Digest No. 14: the CDM in 2026")
    gathered = [thing for edition in NewsletterEdition.objects.all() for thing in edition.items]
    assert len(gathered) == len(set(gathered)), "no item in two issues"
    since = NewsItemEdition.objects.filter(date__gt=date(2014, 4, 7)).values_list("thing", flat=True)
    assert set(since) <= set(gathered)


def test_newsletter_gathers_its_items_whole(client):
    page = html.fromstring(client.get("/newsletters/1/").content)
    stories = page.findall(".//article//h2")
    assert len(stories) == 7
    assert stories[0].text_content() == '"CDM 2008 in brief" published'
    assert "471 issuances" in page.text_content()
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", ["/newsletters/1/", "/audio/reading-a-past-date/", "/documents/glossary/", "/documents/glossary/1/"])
def test_own_work_is_not_said_to_be_reconstructed(client, path):
    for address in (path, f"{path}history/"):
        text = html.fromstring(client.get(address, follow=True).content).find(".//main").text_content()
        assert "made by this portal, entered later" in text, address
        assert "reconstructed" not in text, address


@pytest.mark.parametrize("path", ["/news/2010/03/08/agenda-eb-53/", "/documents/3-cmp-1/"])
def test_restated_facts_are_said_to_be_reconstructed(client, path):
    for address in (path, f"{path}history/"):
        assert "reconstructed from sources" in html.fromstring(client.get(address).content).find(".//main").text_content()


def test_recordings_are_not_there_on_the_seed_day(client):
    assert items_on(client, "/@2010-03-10/audio/") == []
    assert "No recording had been published" in client.get("/@2010-03-10/audio/").content.decode()


@pytest.mark.parametrize("slug", ["certified-emission-reduction", "reading-a-past-date"])
def test_recording_has_player_length_size_and_transcript(client, slug):
    page = html.fromstring(client.get(f"/audio/{slug}/").content)
    player = page.find(".//audio")
    assert player.get("controls") is not None
    answer = client.get(player.get("src"))
    size = len(b"".join(answer.streaming_content))
    assert answer["Content-Type"] == "audio/mpeg"
    assert 100_000 < size < 500_000
    text = page.text_content()
    assert f"{round(size / 1000)} kB" in text
    assert re.search(r"1:\d\d minutes", text)
    assert "speech synthesiser" in page.findtext(".//dd")
    assert len(page.xpath("//*[@id='transcript']/following-sibling::p")) > 3


def test_latest_news_stand_on_cdm_home(client):
    page = html.fromstring(client.get("/@2010-03-10/").content)
    assert f"/@2010-03-10{archive(fixed(SEED_DAY)).live[0].path}" in page.xpath("//main//a/@href")


def test_year_counts_of_the_seed_day_and_of_now():
    assert years_of(SEED_DAY) == {2004: 1, 2005: 5, 2006: 7, 2007: 3, 2008: 8, 2009: 10, 2010: 4}
    now = years_of(datetime(2026, 11, 28, tzinfo=UTC))
    assert list(now) == list(range(2026, 2003, -1)), "no year is without news"
    assert sum(now.values()) == 125


def years_of(at):
    return {count.day.year: count.items for count in archive(fixed(at)).years}


def test_no_item_tells_what_came_after_its_day():
    """Years in a text are those of its day or before, but for dates that had been set by then."""
    for edition in NewsItemEdition.objects.all():
        years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", f"{edition.title} {edition.summary} {edition.body}")}
        assert max(years, default=0) <= edition.date.year + AHEAD.get(edition.date.year, 1), edition.path


@pytest.mark.parametrize("page", ["news", "newsletters"])
@pytest.mark.parametrize("asked", ["/@2010-03-10", "/@2023-11-03", ""])
def test_text_of_the_section_counts_nothing_that_its_list_counts(client, asked, page):
    text = html.fromstring(client.get(f"{asked}/{page}/").content).find(".//main").text_content()
    assert not re.search(r"\b(?:16|25) items|three issues", text)


def test_reversed_addresses_are_those_of_the_entries():
    item = archive(fixed(SEED_DAY)).live[0]
    assert item.date == date(2010, 3, 8)
    assert reverse("news:item", args=["2010", "03", "08", item.slug]) == item.path
