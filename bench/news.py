"""The news archive and its feeds with 100 and with 5,000 generated items, every tenth of them corrected: `make bench-news`."""

from datetime import UTC, date, datetime, time, timedelta

from bench import sizes

BEGIN = date(2005, 1, 1)
ADDRESSES = {
    "all news": "/news/",
    "last page": "/news/?page=4",
    "year": "/news/2005/",
    "month": "/news/2005/01/",
    "topic": "/news/topics/board/",
    "item": "/news/2005/01/01/item-0/",
    "Atom": "/news/feed/atom/",
    "JSON Feed": "/news/feed/json/",
    "one day of the past": "/@2012-06-30/news/",
}


def fill(size):
    from news.models import NewsItem, NewsItemEdition
    from news.topics import Topic
    from pages.models import Page, PageEdition
    from publishing.ledger import import_editions

    section = Page.objects.create(slug="news", title="CDM News Archive", body="Words of the section.")
    editions = [PageEdition(thing_id=section.pk, kind="page", live_from=midnight(BEGIN), imported=True, **section.content())]
    for number in range(size):
        day = BEGIN + timedelta(days=number * 3650 // sizes.LARGE)
        draft = NewsItem.objects.create(
            date=day,
            slug=f"item-{number}",
            title=f"Generated item {number}",
            summary="A sentence of a usual length. " * 3,
            topics=sorted({Topic.values[number % 10], Topic.values[number % 7]}),
            body="A paragraph with [a link](/news/).\n\n" * 8,
        )
        corrected = midnight(day + timedelta(days=30)) if number % 10 == 0 else None
        frame = {"thing_id": draft.pk, "kind": "newsitem", "imported": True}
        editions.append(NewsItemEdition(live_from=midnight(day), live_to=corrected, **frame, **draft.content()))
        if corrected:
            later = draft.content() | {"body": draft.body + "Corrected."}
            editions.append(NewsItemEdition(live_from=corrected, **frame, **later))
    import_editions(sorted(editions, key=lambda edition: edition.live_from))
    return draft


def midnight(day):
    return datetime.combine(day, time.min, UTC)


if __name__ == "__main__":
    sizes.main("bench.news", fill, ADDRESSES)
