"""What all lists have in common: pages, redirects, and which thing owns an address."""

import contextlib
import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from news.archive import TOPICS, Archive, archive
from news.kinds import NewsItemKind
from news.models import NewsItem, NewsItemEdition
from publishing import kinds
from publishing.kinds import Addressed, Searched
from publishing.ledger import OnPending, publish, withdraw
from publishing.listing import ListedKind
from publishing.moment import Moment
from tests.record import live_page, new_term, republish

pytestmark = pytest.mark.django_db
LISTS = """
/news/ /news/2030/ /news/topics/board/ /news/feed/atom/ /news/feed/json/ /newsletters/ /newsletters/feed/rss/ /audio/ /audio/feed/podcast/
/documents/ /search/?q=item /projects/?host=BR /projects/?per=100&host=BR /programmes/
""".split()
NO_PAGES = [
    "",
    "0",
    "00",
    "01",
    "-1",
    "+1",
    "1.0",
    "NaN",
    "1e0",
    " 1",
    "1%20",
    "%D9%A1",
    "%C2%B9",
    "1%00",
    "2",
    "999999",
    "9999999999",
    "x",
]


def new_item(slug="item", **fields):
    return NewsItem.objects.create(**{"date": date(2030, 3, 1), "slug": slug, "title": slug, "summary": "S", "topics": ["board"]} | fields)


def live_item(*args, **fields):
    item = new_item(*args, **fields)
    publish([item])
    return item


@pytest.mark.parametrize("path", LISTS)
def test_what_is_no_page_is_404_in_every_list(client, clock, path):
    live_item()
    joined = path + ("&" if "?" in path else "?")
    assert client.get(path).status_code == client.get(f"{joined}page=1").status_code == 200
    assert {number: client.get(f"{joined}page={number}").status_code for number in NO_PAGES} == dict.fromkeys(NO_PAGES, 404)


def test_redirects_keep_the_query_and_are_asked_again(client, clock):
    live_page("", title="Home")
    live_page("glossary", title="Glossary")
    item, term = live_item(), new_term("Unit")
    publish([term])
    republish(item, slug="moved")
    republish(term, slug="moved")
    for path, to in (("/news/2030/03/01/item/", "/news/2030/03/01/moved/"), ("/glossary/unit/", "/glossary/moved/")):
        response = client.get(f"{path}?a=1&b=%20")
        assert (response.status_code, response["Location"], response["Cache-Control"]) == (301, f"{to}?a=1&b=%20", "no-cache")


def test_thing_that_moved_and_was_withdrawn_is_found_gone(client, clock):
    item = live_item()
    republish(item, slug="moved")
    withdraw(item, "Wrong.")
    assert client.get("/news/2030/03/01/item/")["Location"] == "/news/2030/03/01/moved/"
    assert client.get("/news/2030/03/01/moved/").status_code == 410


def test_former_address_leads_to_the_latest_owner_that_is_elsewhere(clock):
    first, second = live_item("one"), None
    republish(first, slug="other")
    second = live_item("one")
    republish(second, slug="another")
    assert NewsItemKind().former("/news/2030/03/01/one/", Moment()).thing_id == second.pk
    republish(second, slug="one")
    assert NewsItemKind().former("/news/2030/03/01/one/", Moment()).thing_id == first.pk


def test_kinds_are_named_by_their_models():
    names = {kind.name: (kind.label, kind.label_plural) for kind in kinds.every()}
    assert names["newsitem"] == ("News item", "News items")
    assert names["documentversion"] == ("Document version", "Document versions")
    listed = {kind.name for kind in kinds.every() if isinstance(kind, ListedKind)}
    assert listed == {"newsitem", "newsletter", "recording", "document", "picture", "term", "body", "meeting", "call", "submission"}
    assert {kind.name for kind in kinds.every()} - {kind.name for kind in kinds.every() if isinstance(kind, Addressed)} == {
        "notice",
        "issue",
        "release",
        "spelling",
        "office",
    }
    assert {kind.name for kind in kinds.every() if not isinstance(kind, Searched)} == {
        "notice",
        "release",
        "documentversion",
        "issue",
        "spelling",
        "office",
    }


def test_row_of_a_list_is_its_edition_without_the_body(clock, django_assert_num_queries):
    item = live_item(body="Long.")
    moment = Moment()
    [row] = kinds.get("newsitem").rows(moment).live
    assert row.thing_id == item.pk
    assert row.get_deferred_fields() == {"body"}
    with django_assert_num_queries(0):
        assert (row.label, row.path, row.shown_date, row.categories) == ("item", item.path, "1 March 2030", ["Executive Board"])


def contents(rows):
    """What a list of news items says of its things and addresses."""
    told = [(row.thing_id, row.number, row.path, row.is_gone) for row in rows.all]
    return told, {path: row.number for path, row in rows.by_path.items()}, {thing: row.number for thing, row in rows.by_thing.items()}


@pytest.mark.parametrize("seed", range(6))
def test_list_brought_up_to_date_is_the_one_made_anew(clock, seed):
    chance = random.Random(seed)
    items = [NewsItem.objects.create(date=date(2030, 1, n + 1), slug="a" * (n + 1), title=f"Item {n}", body="Text.") for n in range(5)]
    for _ in range(40):
        clock.tick(timedelta(seconds=chance.choice([1, 61, 3700])))
        item = chance.choice(items)
        item.refresh_from_db()
        item.date, item.slug = date(2030, 1, chance.randrange(1, 4)), chance.choice("ab")
        item.save()
        with contextlib.suppress(ValidationError), transaction.atomic():
            if chance.random() < 0.3:
                withdraw(item, "Old.", on_pending=OnPending.DROP)
            else:
                publish([item], chance.choice([None, clock.now + timedelta(seconds=1800)]), on_pending=OnPending.DROP)
        moment = Moment()
        assert contents(archive(moment)) == contents(Archive(NewsItemEdition, moment.at, [TOPICS]))
