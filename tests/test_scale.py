"""What must not grow with the record: the rows that a publication and the first requests after it read from the database."""

from datetime import date

import pytest
from django.db.models.sql.compiler import SQLCompiler

from news.models import NewsItem
from pages.models import Page
from publishing.ledger import publish
from tests.record import clock, edit, live_page

__all__ = ["clock"]

pytestmark = pytest.mark.django_db
ADDRESSES = ["/top/", "/top/p1/", "/quickfinder/suggestions/?q=numb"]


@pytest.fixture
def rows_read(monkeypatch):
    """The rows that have been read so far, one list for the test."""
    read, results_of = [], SQLCompiler.results_iter

    def counted(compiler, *args, **options):
        for row in results_of(compiler, *args, **options):
            read.append(compiler.query.model)
            yield row

    monkeypatch.setattr(SQLCompiler, "results_iter", counted)
    return read


def site(count):
    """A site of `count` pages, few of them in the menu; the drafts of a page, of the page above it, and of a news item."""
    top = live_page("top", body="See [another](/top/p1/), [nothing](/nothing/) and [news](/news/).")
    pages = [Page.objects.create(slug=f"p{n}", title=f"Number {n} of wind", parent=top, body="Text.", in_menu=n < 5) for n in range(count)]
    publish(pages)
    item = NewsItem.objects.create(date=date(2030, 1, 1), slug="item", title="Number one", summary="A sentence.", body="Text.")
    publish([item])
    return {"page": pages[1], "section": top, "news": item}


def costs(client, drafts, rows_read):
    """Rows read by each publication and by each first request after it."""
    found = {}
    for name, draft in drafts.items():
        for address in (None, *ADDRESSES):
            for again in ("a", "b"):  # the first may still make what had never been made
                if address:
                    client.get(address)
                edit(draft, title=draft.title[:-1] + again)
                rows_read.clear()
                publish([draft])
                if address:
                    rows_read.clear()
                    assert client.get(address).status_code == 200
            found[name, address] = len(rows_read)
    return found


def test_no_more_rows_are_read_of_a_large_record_than_of_a_small_one(client, clock, rows_read):
    drafts = site(10)
    small = costs(client, drafts, rows_read)
    publish(
        [Page.objects.create(slug=f"q{n}", title=f"Number {n}", parent=drafts["section"], body="Text.", in_menu=False) for n in range(300)]
    )
    publish(
        [NewsItem.objects.create(date=date(2030, 1, 1), slug=f"n{n}", title=f"Number {n}", summary="S.", body="Text.") for n in range(300)]
    )
    large = costs(client, drafts, rows_read)
    # The things that are published again and again have more editions of their own by now.
    assert {what: (small[what], read) for what, read in large.items() if read > small[what] + 30} == {}
    assert max(large.values()) < 100
