"""The list: filters, words, order, pages, exports, and what it costs."""

import csv
import json
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from documents.library import Library
from documents.models import DocumentEdition
from documents.selection import FACETS, natural
from publishing.ledger import publish
from tests.documents.conftest import kept, live_document, live_version, new_document
from tests.files import samples
from tests.record import republish

pytestmark = pytest.mark.django_db


def slugs(client, query=""):
    """What the list shows, in its order, as the JSON of the same address tells it."""
    data = json.loads(client.get(f"/documents/?format=json&{query}").content)
    return [row["address"].rstrip("/").rpartition("/")[2] for row in data["documents"]]


@pytest.fixture
def four():
    of_2005 = {"document_class": "decision", "issued_by": "cmp", "date": date(2005, 12, 31)}
    live_document(slug="d1", symbol="3/CMP.1", title="Modalities and procedures", **of_2005)
    live_document(slug="d2", symbol="10/CMP.1", title="Éligibilité des forêts", language="fr", **of_2005)
    live_document(slug="r1", symbol="EB 9", title="Report on forests", date=date(2009, 5, 31), subjects=["biomass"])
    live_document(slug="u1", title="Undated tool", document_class="tool", summary="For landfill gas in Zürich.")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"d1", "d2", "r1", "u1"}),
        ("class=decision", {"d1", "d2"}),
        ("class=decision&class=tool", {"d1", "d2", "u1"}),
        ("class=decision&language=fr", {"d2"}),
        ("body=eb", {"r1", "u1"}),
        ("body=eb&body=cmp&year=2009", {"r1"}),
        ("year=2005&year=2009", {"d1", "d2", "r1"}),
        ("words=forests", {"r1"}),
        ("words=FORETS", {"d2"}),
        ("words=biomass", {"r1"}),
        ("words=zuerich", {"u1"}),
        ("words=zurich", {"u1"}),
        ("words=landfill+tool", {"u1"}),
        ("words=landfill+forests", set()),
        ("words=3/CMP.1", {"d1"}),
        ("class=nothing", set()),
        ("year=abc", set()),
        ("class=", {"d1", "d2", "r1", "u1"}),
    ],
)
def test_filters_hold_together_and_their_values_stand_for_each_other(client, four, query, expected):
    assert set(slugs(client, query)) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", ["r1", "d1", "d2", "u1"]),
        ("oldest", ["d1", "d2", "r1", "u1"]),
        ("title", ["d2", "d1", "r1", "u1"]),
        ("symbol", ["d1", "d2", "r1", "u1"]),
    ],
)
def test_order(client, four, order, expected):
    assert slugs(client, f"sort={order}") == expected


@pytest.mark.parametrize("query", ["words=%00forests", "words=%1Bforests%EF%BF%BE", "sort=unheard-of"])
def test_what_the_page_forgives_is_told_to_programmes(client, four, query):
    assert client.get(f"/documents/?{query}").status_code == 200
    assert client.get(f"/documents/?format=json&{query}").status_code == 400


def test_symbols_stand_in_the_order_that_people_expect():
    symbols = ["EB 50 Annex 11", "10/CMP.1", "EB 9", "2/CMP.3", "3/CMP.1", "EB 50 Annex 2", "17/CP.7", "-/CMP.5"]
    assert sorted(symbols, key=natural) == [
        "3/CMP.1",
        "10/CMP.1",
        "2/CMP.3",
        "-/CMP.5",
        "17/CP.7",
        "EB 9",
        "EB 50 Annex 2",
        "EB 50 Annex 11",
    ]


def test_choices_say_how_many_documents_they_would_show(client, four):
    facets = client.get("/documents/?class=decision").context["facets"]
    counts = {facet["label"]: {choice["label"]: choice["count"] for choice in facet["choices"]} for facet in facets}
    assert counts["Class"] == {"Decision": 2, "Report": 1, "Tool": 1}
    assert counts["Language"] == {"English": 1, "French": 1}
    assert "Issued by" not in counts
    for facet in facets:
        for choice in facet["choices"]:
            if not choice["is_chosen"] and facet["label"] != "Class":
                assert len(slugs(client, choice["address"].lstrip("?"))) == choice["count"]


def test_what_is_chosen_can_be_taken_away_one_by_one(client, four):
    chips = client.get("/documents/?class=decision&language=fr&words=forets&sort=title").context["chips"]
    assert [chip["label"] for chip in chips] == ["Decision", "French", "“forets”"]
    assert chips[0]["address"] == "?language=fr&words=forets&sort=title"


def test_page_says_what_it_shows_and_links_to_the_same_list_as_files(client, four):
    page = client.get("/documents/?class=decision").content.decode()
    assert "2 documents." in page
    assert 'href="?class=decision&amp;format=csv"' in page
    assert page.count("<h1>") == 1


def test_nothing_found_is_said_with_a_way_out(client, four):
    page = client.get("/documents/?words=unheard")
    assert page.status_code == 200
    assert "No document matches all of this" in page.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "NaN", "999999999", "99999999999999999999", "2", "١", "1.0", ""])
def test_page_that_is_not_there_answers_404(client, four, number):
    assert client.get(f"/documents/?page={number}").status_code == 404


def many(count):
    """`count` documents with a version each."""
    file = kept()
    for number in range(count):
        document = live_document(
            slug=f"m{number}", symbol=f"EB {number}", title=f"Document number {number}", date=date(1990 + number % 30, 1, 31)
        )
        live_version(document, file=file)


def test_list_has_fifty_documents_a_page(client):
    many(51)
    assert len(client.get("/documents/").context["rows"]) == 50
    assert len(client.get("/documents/?page=2").context["rows"]) == 1
    assert "page 2" in client.get("/documents/?page=2").content.decode().split("</title>")[0]


def test_list_costs_few_queries_whatever_its_length(client):
    many(60)
    client.get("/documents/")
    counts = []
    for query in ("", "?class=report&words=number", "?page=2", "?format=csv"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/documents/{query}")
            list(response) if response.streaming else response.content
        counts.append(len(queries))
    assert max(counts) <= 6, counts


def test_library_is_read_in_two_queries(django_assert_num_queries):
    many(5)
    with django_assert_num_queries(2):
        assert len(Library(DocumentEdition, timezone.now(), FACETS).live) == 5


def as_csv(client, query=""):
    response = client.get(f"/documents/?format=csv{query}")
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return response, list(csv.reader(StringIO(text[1:])))


def test_files_hold_exactly_the_list_that_is_shown(client, four):
    many(55)
    for query in ("", "&class=decision", "&words=number&sort=oldest"):
        shown = []
        for number in range(1, client.get(f"/documents/?{query}").context["page_obj"].paginator.num_pages + 1):
            shown += [document.slug for document, _ in client.get(f"/documents/?page={number}{query}").context["rows"]]
        _, rows = as_csv(client, query)
        assert [row[rows[0].index("address")].rstrip("/").rpartition("/")[2] for row in rows[1:]] == shown
        assert slugs(client, query) == shown


def test_file_of_the_same_record_is_the_same_whenever_it_is_made(client, clock):
    """Two workers that make it at different times send the same bytes and the same tag."""
    live_document(slug="one", title="One")
    first = client.get("/documents/?format=json").content
    clock.tick()
    assert client.get("/documents/?format=json").content == first
    live_document(slug="two", title="Two")
    assert json.loads(first)["as_at"] < json.loads(client.get("/documents/?format=json").content)["as_at"]


def test_csv_is_a_download_of_complete_rows(client):
    document = live_document(
        slug="full", symbol="EB 50 Annex 11", title="A title", meeting="EB 50", annex="11", paragraph="4", subjects=["a", "b"]
    )
    live_version(document, version_number="2.1", valid_from=date(2010, 1, 1), file=kept("full.pdf"))
    response, rows = as_csv(client)
    row = dict(zip(*rows, strict=True))
    assert response.headers["Content-Disposition"] == 'attachment; filename="documents.csv"'
    assert row["symbol"] == "EB 50 Annex 11"
    assert row["subjects"] == "a; b"
    assert row["version"] == "2.1"
    assert row["valid_from"] == "2010-01-01"
    assert row["size"] == f"{len(samples.PDF)} B"
    assert row["file"].endswith("/documents/full/2.1/full.pdf")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-/CMP.5", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)"])
def test_cell_that_a_spreadsheet_would_calculate_is_made_safe(client, text):
    live_document(symbol=text)
    _, rows = as_csv(client)
    assert rows[1][0] == f"'{text}"
    assert json.loads(client.get("/documents/?format=json").content)["documents"][0]["symbol"] == text


def test_unknown_file_format_answers_404(client):
    assert client.get("/documents/?format=xml").status_code == 404


HOSTILE = """<b>"&'</b><script>alert(1)</script>"""


def test_hostile_title_is_escaped_wherever_it_stands(client):
    document = live_document(slug="hostile", title=HOSTILE, symbol="<i>x", summary=HOSTILE, subjects=["<u>y"], meeting="<em>z")
    live_version(document, outside_address="https://unfccc.int/?a=<b>", outside_size="<b>66 kB")
    for address in (
        "/documents/",
        "/documents/?words=script",
        "/documents/hostile/",
        "/documents/hostile/history/",
        "/documents/?words=%3Cscript%3E",
    ):
        page = client.get(address).content.decode()
        for tag in ("<b>", "<script>alert", "<i>x", "<u>", "<em>z"):
            assert tag not in page, (address, tag)
    assert json.loads(client.get("/documents/?format=json").content)["documents"][0]["title"] == HOSTILE
    assert as_csv(client)[1][1][1] == HOSTILE


def test_draft_and_scheduled_document_are_in_no_list(client, clock):
    new_document(title="Canarydraft")
    scheduled = new_document(title="Canaryscheduled")
    publish([scheduled], clock.tick().replace(year=2031))
    for address in ("/documents/", "/documents/?words=canary", "/documents/?format=json", "/documents/?format=json&words=canary"):
        assert "Canary" not in client.get(address).content.decode()
    assert "Canary" not in str(as_csv(client)[1])


def test_list_of_a_past_moment_shows_what_was_live_then(client, clock):
    document = live_document(slug="old", title="First title")
    clock.set(clock.now.replace(year=2032))
    republish(document, title="Second title")
    assert "First title" in client.get("/@2031-01-01/documents/").content.decode()
    assert "Second title" in client.get("/documents/").content.decode()
    assert DocumentEdition.objects.filter(thing=document.pk).count() == 2


@pytest.mark.parametrize(
    ("query", "sorted_by", "links"),
    [
        ("", "Date: descending", ["?sort=title", "?sort=oldest"]),
        ("?sort=oldest", "Date: ascending", ["?sort=title", "?"]),
        ("?class=decision&sort=title", "Document: ascending", ["?class=decision&sort=title", "?class=decision"]),
    ],
)
def test_head_of_the_table_sorts_by_links_and_says_how_it_is_sorted(client, four, query, sorted_by, links):
    head = html.fromstring(client.get("/documents/" + query).content).xpath("//section[@aria-labelledby='documents']//thead//th")
    assert [f"{cell.text_content().strip()}: {cell.get('aria-sort')}" for cell in head if cell.get("aria-sort")] == [sorted_by]
    assert [link for cell in head for link in cell.xpath("a/@href")] == links
