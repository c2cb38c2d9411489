"""The site search as visitors, feed readers and programmes get it."""

import json
import re
from datetime import date

import feedparser
import lxml.etree
import pytest
from django.urls import reverse

from publishing.kinds import searched
from publishing.moment import Moment
from search import indexer, results
from search.highlight import Highlighter
from search.queries import parse
from tests.documents.conftest import new_document
from tests.news.conftest import new_item
from tests.reading import parsed, text_of
from tests.record import live_page, new_term, publish, republish
from tests.search.conftest import live_issue

pytestmark = pytest.mark.django_db

HOSTILE = ["<b>\"&'", "<script>alert(1)</script>", "<mark>", "&lt;img src=x onerror=alert(1)&gt;", "</mark><i>", "]]>", "{{ 7|add:7 }}"]


@pytest.fixture
def site(clock):
    live_page("", title="CDM Home", body="Welcome to zebras.")
    live_page("about", title="About zebras", summary="What zebras are.", body="Zebras have stripes. " + "Long text. " * 200)
    publish([new_term("Zebra", body="An animal.")])
    indexer.catch_up()


@pytest.fixture
def many(clock):
    publish([new_term(f"Zebra{number}", body="An animal.", synonyms=["zebra"]) for number in range(45)])
    indexer.catch_up()


def test_results_are_listed_with_count_kind_section_and_marked_words(client, site):
    document = parsed(client.get("/search/?q=zebra"))
    assert text_of(document.xpath("//ol/li[1]/h2")[0]) in {"Zebra", "About zebras"}
    assert "3 results" in text_of(document)
    assert {text_of(mark).lower() for mark in document.xpath("//mark")} == {"zebra", "zebras"}
    assert document.xpath("string(//title)").startswith("Search: zebra")


@pytest.mark.parametrize(
    ("query", "indexed"),
    [
        ("", True),
        ("?q=zebra", True),
        ("?q=the", False),
        ("?q=zebra&kind=page", False),
        ("?q=zebra&sort=date", False),
        ("?q=zebra&format=json", False),
        ("?q=zebra+cheap+pills", False),
        ("?q=nothinglikethis", False),
    ],
)
def test_only_plain_searches_that_found_all_words_may_be_indexed(client, site, query, indexed):
    response = client.get("/search/" + query)
    assert response.status_code == 200
    assert ("X-Robots-Tag" not in response) is indexed


def test_result_page_describes_itself_and_points_to_the_search(client, site):
    document = parsed(client.get("/search/?q=zebra"))
    assert document.xpath("string(//meta[@name='description']/@content)").startswith("3 results for “zebra” among")
    assert document.xpath("string(//link[@rel='canonical']/@href)").endswith("/search/")


def test_empty_query_shows_help_and_not_the_index(client, site):
    for address in ("/search/", "/search/?q=", "/search/?q=+", "/search/?q=*", "/search/?kind=page", "/search/?q=the"):
        response = client.get(address)
        assert "What you can type" in response.content.decode()
        assert "/about/" not in "".join(parsed(response).xpath("//main//@href"))


def test_help_names_every_kind_that_is_searched(client, site):
    text = text_of(parsed(client.get("/search/")))
    assert all(kind.label_plural.lower() in text for kind in searched())
    assert "news items, newsletters, operational entities, pages" in text


def test_nothing_found_says_so(client, site):
    assert "Nothing was found" in text_of(parsed(client.get("/search/?q=nowherefound")))


def test_misspelt_word_is_put_right_at_once_with_the_way_back(client, site):
    document = parsed(client.get("/search/?q=zebrra"))
    text = text_of(document)
    assert "Nothing was found for “zebrra”" in text
    assert "These are the results for “zebra”" in text
    assert document.xpath("//main//mark")
    (back,) = document.xpath("//p[contains(@class, 'notice')]//a")
    as_typed = text_of(parsed(client.get("/search/" + back.get("href").removeprefix("/search/"))))
    assert "Nothing was found" in as_typed
    assert "These are the results" not in as_typed


@pytest.mark.parametrize("query", ["ZEBRRA", "zebr4", "qqqqqqqq", '"zebrra"'])
def test_nothing_is_put_right_that_may_be_right_or_leads_nowhere(client, site, query):
    assert client.get("/search/", {"q": query, "format": "json"}).json()["corrected"] is None


def test_partial_match_says_so(client, site):
    assert "No text has all of these words" in text_of(parsed(client.get("/search/?q=zebra+nowherefound")))


def test_facets_lead_to_what_they_count(client, site):
    document = parsed(client.get("/search/?q=zebra"))
    choices = document.xpath("//nav[contains(@class, 'facets')]//a")
    assert choices
    for choice in choices:
        count = int(text_of(choice.xpath("span[@class='count']")[0]))
        answer = client.get("/search/" + choice.get("href") + "&format=json").json()
        assert answer["count"] == count


def test_chosen_facet_is_marked_and_can_be_taken_away(client, site):
    document = parsed(client.get("/search/?q=zebra&kind=page"))
    (chosen,) = document.xpath("//nav//a[@aria-current='true']")
    assert "kind" not in chosen.get("href")
    assert document.xpath("//ul[@class='chips']//a")


def test_prefixes_of_the_query_language_narrow_as_facets_do(client, site):
    for query in ("zebra kind:page", "zebra kind:Pages", "kind:page zebra"):
        assert client.get("/search/", {"q": query, "format": "json"}).json()["count"] == 2
    assert client.get("/search/?q=zebra+kind:nonsense&format=json").json()["count"] == 0


@pytest.mark.parametrize(
    "query", ["zebra kind:Glossary", "zebra kind:PAGE", "zebra class:decisions", "class:decision zebra", "kind:news zebra"]
)
def test_prefixes_are_found_in_one_or_the_other_number_and_by_the_first_word(client, site, query):
    decision = new_document(title="Zebras are striped", document_class="decision", slug="stripes")
    publish([decision, new_item(title="Zebra seen", slug="seen")])
    indexer.catch_up()
    assert client.get("/search/", {"q": query, "format": "json"}).json()["count"] > 0


def test_prefix_that_leaves_nothing_leads_to_the_same_without_it(client, site):
    (link,) = parsed(client.get("/search/?q=zebra+kind:nonsense+-okapi")).xpath("//main//a[contains(., 'everywhere')]")
    assert link.get("href") == "?q=zebra+-okapi"


def test_year_is_that_of_a_date_and_not_of_a_change(client, site):
    publish([new_item(title="Zebra seen", slug="seen", date=date(2009, 5, 4))])
    indexer.catch_up()
    answer = client.get("/search/?q=zebra&format=json").json()
    assert answer["count"] == 4
    changed = {hit["date"][:4] for hit in answer["results"] if hit["kind"] != "newsitem"}
    counts = {year: client.get(f"/search/?q=zebra+year:{year}&format=json").json()["count"] for year in {"2009", *changed}}
    assert counts == {"2009": 1} | dict.fromkeys(changed, 0)


@pytest.mark.parametrize("source", ["index", "missing"])
def test_words_that_stand_near_one_another_count_more(client, clock, index, source):
    live_page("", title="CDM Home", body="Home.")
    filling = "Something else is said here. " * 10
    for slug, text in {
        "one": f"Okapi. {filling} Giraffe.",
        "two": f"{filling} Giraffe and okapi.",
        "three": f"Giraffe. {filling} Okapi.",
    }.items():
        live_page(slug, title=slug, body=text)
    indexer.catch_up()
    if source == "missing":
        index.generations.head_file.unlink()
    answer = client.get("/search/?q=okapi+giraffe&format=json").json()
    assert answer["source"] == source
    assert answer["results"][0]["title"] == "two"
    assert answer["count"] == 3


def test_pages_follow_each_other_and_say_so_in_the_title(client, many):
    first, last = client.get("/search/?q=zebra"), client.get("/search/?q=zebra&page=3")
    assert "45 results, page 1 of 3" in text_of(parsed(first))
    assert "page 3" in parsed(last).xpath("string(//title)")
    assert len(parsed(last).xpath("//ol/li/h2")) == 5
    assert "page=2" in parsed(first).xpath("string(//a[@rel='next']/@href)")


@pytest.mark.parametrize("page", ["0", "-1", "4", "101", "999999999", "NaN", "1.5", "٢", "²", "1e1", "0x1", "", "01"])
def test_page_that_cannot_be_is_not_found(client, many, page):
    assert client.get("/search/", {"q": "zebra", "page": page}).status_code == 404


def test_order_by_date_is_kept_in_every_link(client, many):
    document = parsed(client.get("/search/?q=zebra&sort=date"))
    assert document.xpath("//input[@name='sort'][@value='date']")
    assert all("sort=date" in href for href in document.xpath("//nav[contains(@class, 'facets')]//@href"))


def test_best_bet_stands_above_the_results(client, site):
    page = live_page("stripes", title="Stripes")
    live_issue("Stripes question", page, best_bet="Everything about stripes.", synonyms=["black and white"])
    indexer.catch_up()
    for query in ("stripes question", "black and white"):
        bets = client.get("/search/", {"q": query, "format": "json"}).json()["best_bets"]
        assert [bet["text"] for bet in bets] == ["Everything about stripes."], query
    for query in ("why black and white", "striped animals"):
        assert client.get("/search/", {"q": query, "format": "json"}).json()["best_bets"] == [], query


def test_thing_whose_name_was_asked_for_comes_first_and_no_best_bet_above_it(client, site):
    live_issue("Animals", live_page("animals", title="Of animals"), abbreviations=["zebra"])
    indexer.catch_up()
    answer = client.get("/search/?q=zebra&format=json").json()
    assert answer["best_bets"] == []
    assert answer["results"][0]["url"].endswith("/glossary/zebra/")


def test_page_of_the_longest_name_in_the_query_comes_first(client, site):
    board, cycle = live_page("board", title="Board", body="## EB 50\n\nDecided."), live_page("cycle", title="Cycle")
    forests = live_page("forests", title="Forests")
    live_issue("The Board", board, abbreviations=["EB"])
    live_issue("All of them", forests, synonyms=["registered projects"])
    live_issue("The cycle", cycle, synonyms=["how to register a project"])
    live_issue("Small forests", forests, synonyms=["small-scale forest limit"])
    indexer.catch_up()
    first = {
        "EB agenda": "/board/",
        "how do I register a project": "/cycle/",
        "small scale forestry limit": "/forests/",
    }
    for query, address in first.items():
        answer = client.get("/search/", {"q": query, "format": "json"}).json()
        assert answer["results"][0]["url"].partition("8000")[2] == address, query


def test_json_has_the_shape_that_is_documented(client, site):
    answer = client.get("/search/?q=zebra&format=json").json()
    assert set(answer) == {
        "query",
        "count",
        "page",
        "pages",
        "partial",
        "source",
        "corrected",
        "best_bets",
        "nearest",
        "results",
        "list",
        "facets",
    }
    assert set(answer["results"][0]) == {"title", "url", "kind", "section", "date", "date_precision", "passage", "part", "language"}
    assert answer["source"] == "index"
    assert sum(choice["count"] for choice in answer["facets"]["kind"]) == answer["count"] == len(answer["results"])


@pytest.mark.parametrize("query", ["", "zebra", "nothinglikethis"])
def test_json_has_one_shape_whatever_was_asked(client, site, query):
    keys = {"query", "count", "page", "pages", "partial", "source", "corrected", "best_bets", "nearest", "results", "list", "facets"}
    assert set(client.get("/search/", {"q": query, "format": "json"}).json()) == keys


@pytest.mark.parametrize("page", ["99", "101", "0", "x"])
def test_page_that_cannot_be_is_not_found_in_json_either(client, site, page):
    response = client.get("/search/", {"q": "zebra", "page": page, "format": "json"})
    assert (response.status_code, response["Content-Type"]) == (404, "application/json")
    assert set(response.json()) == {"error"}


def test_section_that_answers_stands_below_the_hit(client, site):
    board = live_page("board", title="Board", body="Intro.\n\n## Fees\n\nOkapis pay.\n\n## EB 50\n\nGiraffes met.")
    live_issue("Board meetings", board, synonyms=["EB #"], place="h-eb-#")
    live_issue("Dues", board, place="h-fees")
    live_issue("Nowhere", board, place="h-gone")
    indexer.catch_up()
    sections = {"okapis": "h-fees", "eb 50": "h-eb-50", "dues": "h-fees", "eb 51": "", "nowhere": "", "board": ""}
    for query, place in sections.items():
        answer = client.get("/search/", {"q": query, "format": "json"}).json()
        part = next(hit["part"] for hit in answer["results"] if hit["url"].endswith("/board/"))
        assert (part["url"].partition("#")[2] if part else "") == place, query
    assert "/board/#h-fees" in parsed(client.get("/search/?q=okapis")).xpath("//main//li//a/@href")


def test_feed_is_read_by_a_feed_reader_and_ids_outlive_a_move(client, site):
    feed = feedparser.parse(client.get("/search/?q=zebra&format=atom").content)
    assert not feed.bozo
    assert len(feed.entries) == 3
    ids = {entry.id for entry in feed.entries}
    page = next(hit for hit in feed.entries if hit.link.endswith("/about/"))
    from pages.models import Page

    republish(Page.objects.get(slug="about"), slug="moved")
    indexer.catch_up()
    after = feedparser.parse(client.get("/search/?q=zebra&format=atom").content)
    assert {entry.id for entry in after.entries} == ids
    assert [entry.link.rpartition("8000")[2] for entry in after.entries if entry.id == page.id] == ["/moved/"]


@pytest.mark.parametrize("query", ["", "\x00\x01\x0b", "]]> <b>", "￾"])
def test_feed_of_any_query_is_well_formed_or_refused(client, site, query):
    response = client.get("/search/", {"q": f"zebra {query}", "format": "atom"})
    assert response.status_code == (200 if query.isprintable() else 400)
    if response.status_code == 200:
        lxml.etree.fromstring(response.content)


def test_opensearch_description_names_addresses_that_answer(client, site):
    root = lxml.etree.fromstring(client.get(reverse("search:opensearch")).content)
    templates = [url.get("template") for url in root.findall("{*}Url")]
    assert len(templates) == 4
    for template in templates:
        address = template.replace("{searchTerms}", "zebra").partition("8000")[2] or template
        assert client.get(re.sub(r"^https?://[^/]+", "", address)).status_code == 200
    assert 'rel="search"' in client.get("/").content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_escaped_under_highlighting(text):
    html = Highlighter(parse("zebra alert img mark b script i x")).marked(f"zebra {text} zebra")
    assert re.sub(r"</?mark>", "", html) == Highlighter(parse("nothing")).marked(f"zebra {text} zebra")
    assert not re.search(r"<(?!/?mark>)", html)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_results_json_and_feed(client, clock, text):
    live_page("", title=f"Zebra {text}"[:200], summary=f"{text} zebra", body=f"Zebra {text}")
    indexer.catch_up()
    for parameters in ({"q": "zebra"}, {"q": f"zebra {text}"}):
        document = parsed(client.get("/search/", parameters))
        assert not document.xpath("//main//script | //main//img | //main//i | //main//b")
        assert "zebra" in text_of(document).lower()
    (hit,) = client.get("/search/?q=zebra&format=json").json()["results"]
    assert hit["title"] == f"Zebra {text}"
    assert not re.search(r"<(?!/?mark>)", hit["passage"])
    assert not feedparser.parse(client.get("/search/?q=zebra&format=atom").content).bozo


def test_past_is_searched_in_the_past_and_links_stay_there(client, clock, site):
    from pages.models import Page

    before = clock.now
    clock.tick()
    republish(Page.objects.get(slug="about"), title="About okapis", summary="", body="Okapis.")
    indexer.catch_up()
    prefix = f"/@{before:%Y-%m-%dT%H:%M:%S}"
    document = parsed(client.get(f"{prefix}/search/?q=zebras"))
    assert f"{prefix}/about/" in document.xpath("//ol/li/h2/a/@href")
    assert document.xpath("//mark")
    assert client.get("/search/?q=stripes&format=json").json()["count"] == 0
    assert client.get(f"{prefix}/search/?q=okapis&format=json").json()["count"] == 0


def test_answers_that_will_change_without_a_change_of_the_record_are_not_kept(client, site, index):
    assert "no-store" not in client.get("/search/?q=zebra").get("Cache-Control", "")
    live_page("other")
    assert client.get("/search/?q=zebra")["Cache-Control"] == "no-store"
    index.generations.head_file.unlink()
    response = client.get("/search/?q=zebra")
    assert response["Cache-Control"] == "no-store"
    assert "straight from the database" in response.content.decode()


def test_answer_is_not_final_when_the_index_catches_up_while_it_is_made(client, site, monkeypatch):
    """What was found without the new page must not be kept as if it had been looked for."""
    live_page("other", title="More zebras")
    best_bets = results.best_bets
    monkeypatch.setattr(results, "best_bets", lambda *asked: [indexer.catch_up()] and best_bets(*asked))
    response = client.get("/search/?q=zebra&format=json")
    assert "More zebras" not in [hit["title"] for hit in response.json()["results"]]
    assert response["Cache-Control"] == "no-store"
    after = client.get("/search/?q=zebra&format=json")
    assert "More zebras" in [hit["title"] for hit in after.json()["results"]]
    assert "no-store" not in after.get("Cache-Control", "")


def test_every_hit_is_checked_against_the_record(client, site, index):
    """An index that claims to be up to date and is not shows nothing that is not live."""
    from pages.models import Page

    head = index.generations.head()
    republish(Page.objects.get(slug="about"), title="About okapis", summary="", body="Okapis.")
    moment = Moment()
    values = {name: getattr(head, name) for name in head.__slots__}
    index.generations.switch(type(head)(**values | {"last": moment.version.last, "changed": moment.version.changed.isoformat()}))
    answer = client.get("/search/?q=zebras&format=json").json()
    assert "stripes" not in json.dumps(answer).lower()
    assert not [hit for hit in answer["results"] if hit["url"].endswith("/about/")]


def test_unknown_format_is_not_found(client, site):
    assert client.get("/search/?q=zebra&format=xml").status_code == 404
    assert client.post("/search/?q=zebra").status_code == 405


@pytest.mark.parametrize("query", ["methodology", "meth\u00adodology", "m\u200bethodology", "São", "Sa\u0303o", "sao"])
def test_word_with_what_nobody_sees_is_found_and_marked_as_it_was_written(client, clock, query):
    live_page("", title="CDM Home", body="Home.")
    live_page("about", title="About", body="A meth\u00adodo\u00adlogy for São Tomé.")
    indexer.catch_up()
    (mark,) = parsed(client.get("/search/", {"q": query})).xpath("//mark")
    assert text_of(mark) in {"meth\u00adodo\u00adlogy", "São"}
