"""The documents and files that ship: complete at both dates, linked, and as their sources say."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.conf import settings

from documents.library import library
from documents.models import DocumentClass
from publishing import kinds
from publishing.moment import fixed
from scripts import shipped_files

MARCH, NOVEMBER, LATEST = (datetime(*day, 23, tzinfo=UTC) for day in ((2010, 3, 10), (2023, 11, 3), (2026, 11, 27)))
FIRST = (
    "kyoto-protocol 17-cp-7 3-cmp-1 4-cmp-1 5-cmp-1 6-cmp-1 7-cmp-1 8-cmp-1 1-cmp-2 2-cmp-3 9-cmp-3 2-cmp-4 2-cmp-5 "
    "cdm-project-cycle glossary sectoral-scopes"
).split()
LATER = "3-cmp-6 7-cmp-6 10-cmp-7 technical-paper-hcfc-22".split()
LATEST_DECISIONS = (
    "6-cmp-2 1-cmp-8 5-cmp-8 4-cmp-9 4-cmp-10 6-cmp-10 7-cmp-10 6-cmp-11 3-cmp-12 3-cmp-13 4-cmp-14 2-cmp-15 2-cmp-16 3-cma-3 "
    "2-cmp-17 3-cmp-17 7-cma-4 1-cmp-18 6-cmp-18 1-cmp-19 6-cma-6 cma-7"
).split()


@pytest.fixture(autouse=True)
def store(shipped, settings):
    """The files that were loaded with the shipped content."""
    settings.MEDIA_ROOT = shipped


@pytest.fixture
def libraries(db):
    return library(fixed(MARCH)), library(fixed(NOVEMBER))


def slugs(library):
    return {document.slug for document in library.all}


def test_documents_of_march_2010_and_only_they_are_there_then(libraries):
    then, now = libraries
    assert set(FIRST) <= slugs(then)
    assert not set(LATER) & slugs(then)
    assert set(FIRST + LATER) <= slugs(now)


def test_decisions_and_other_texts_that_were_found_later_are_there_now_and_not_then(libraries):
    latest = library(fixed(LATEST))
    assert set(LATEST_DECISIONS) <= slugs(latest) - slugs(libraries[1])
    assert len(slugs(latest)) == len(slugs(libraries[1])) + 67
    symbols = [document.symbol for document in latest.all if document.symbol]
    assert len(symbols) == len(set(symbols)), "no document twice"


@pytest.mark.parametrize("at", [MARCH, NOVEMBER, LATEST])
def test_nothing_is_dated_after_the_moment_and_every_document_has_a_current_version(db, at):
    for document in library(fixed(at)).live:
        # What is known only to the year or month is kept under its last day.
        assert document.date is None or document.date <= date(at.year, 12, 31), document.label
        assert document.date is None or document.precision != "day" or document.date <= at.date(), document.label
        assert document.current(at.date()), document.label


@pytest.mark.parametrize("at", [MARCH, NOVEMBER, LATEST])
def test_every_link_of_a_document_leads_somewhere(db, at):
    moment, kind = fixed(at), kinds.get("document")
    for edition in kind.edition.objects.live(at):
        for address in kind.addresses_linked(edition):
            assert kinds.resolve(address, moment) or kinds.is_served(address, moment), (edition.slug, address)


def test_every_class_has_documents(libraries):
    assert {document.document_class for document in libraries[1].live} == set(DocumentClass.values)


def test_kyoto_protocol_bears_its_recorded_size_on_about_cdm(client, db):
    for address in ("/about/", "/@2010-03-10/about/"):
        assert 'Kyoto Protocol</a> <span class="size">(66 kB)</span>' in client.get(address).content.decode()


def test_advance_text_of_2009_got_its_number_later(client, db):
    assert "-/CMP.5" in client.get("/@2010-03-10/documents/2-cmp-5/").content.decode()
    assert "<h1>2/CMP.5" in client.get("/documents/2-cmp-5/").content.decode()
    for kind in kinds.every():
        assert not [e for e in kind.edition.objects.live(MARCH) if "2/CMP.5" in kind.markdown(e)]


def test_library_page_bears_the_text_of_its_section_below_the_list(client, db):
    page = client.get("/documents/").content.decode()
    assert page.index('id="documents"') < page.index("</table>") < page.index("What the library holds")
    assert "What the library holds" not in client.get("/documents/?class=tool").content.decode()


def test_glossary_file_has_the_terms_of_its_date_and_keeps_its_address(client, db):
    first = client.get("/documents/glossary/1/cdm-glossary-2010-03-10.csv")
    second = client.get("/documents/glossary/2/cdm-glossary-2023-11-03.csv")
    terms = [[row[0] for row in csv.reader(StringIO(b"".join(response.streaming_content).decode()))] for response in (first, second)]
    assert "Paris Agreement" not in terms[0]
    assert "Paris Agreement" in terms[1]
    assert len(terms[0]) > 60


@pytest.mark.parametrize("day", shipped_files.DATES)
def test_glossary_file_is_what_the_terms_say(day):
    path = settings.BASE_DIR / "fixtures" / "files" / f"cdm-glossary-{day}.csv"
    assert path.read_bytes().decode() == shipped_files.glossary(day), "run: python -m scripts.shipped_files"


def test_sectoral_scopes_are_fifteen():
    path = settings.BASE_DIR / "fixtures" / "files" / "cdm-sectoral-scopes.csv"
    assert path.read_bytes().decode() == shipped_files.scopes()
    assert len(shipped_files.SCOPES) == 15


def test_project_cycle_is_one_accessible_page():
    data = (settings.BASE_DIR / "fixtures" / "files" / "cdm-project-cycle.pdf").read_bytes()
    assert data.count(b"/Type /Page\n") == 1
    for sign in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang (en-GB)", b"/DisplayDocTitle true"):
        assert sign in data
