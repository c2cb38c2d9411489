"""A document's page, its versions in time, its old addresses, and what never comes out."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from documents.library import library
from documents.models import Document, DocumentEdition, DocumentVersion, DocumentVersionEdition
from publishing import kinds
from publishing.ledger import erase, publish, withdraw
from publishing.moment import Moment, fixed, next_change
from tests.documents.conftest import kept, live_document, live_version, new_document, new_version
from tests.files import samples
from tests.record import edit, live_page, new_page, republish

pytestmark = pytest.mark.django_db


def text(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def target(path, at=None):
    return kinds.resolve(path, fixed(at) if at else Moment())


def test_current_version_stands_first_then_all_earlier_ones(client):
    document = live_document(slug="guide")
    for number, year in (("1", 2005), ("3", 2009), ("2", 2007)):
        live_version(document, version_number=number, valid_from=date(year, 1, 1))
    page = text(client, "/documents/guide/")
    places = [page.index(f'id="version-{number}"') for number in "321"]
    assert places == sorted(places)
    assert page.index("Earlier versions") > places[0]


def test_versions_of_one_day_stand_by_their_numbers():
    document = live_document()
    for number in ("2.10", "2.9", "10"):
        live_version(document, version_number=number, valid_from=date(2009, 1, 1))
    versions = library(Moment()).by_path[f"/documents/{document.slug}/"]
    assert versions.current(date(2010, 1, 1)).version_number == "10"


def test_version_becomes_current_on_its_day_without_a_new_entry(client, clock):
    document = live_document(slug="rule")
    live_version(document, version_number="1", file=kept("one.txt", b"1"))
    live_version(document, version_number="2", file=kept("two.txt", b"22"), valid_from=date(2030, 3, 12))
    before, day = Moment(), datetime(2030, 3, 12, tzinfo=UTC)
    page = text(client, "/documents/rule/")
    assert page.index("one.txt") < page.index("Coming versions") < page.index("two.txt")
    assert target("/documents/rule/").size == "1 B"
    assert next_change(before.now) == day
    clock.set(day)
    after = Moment()
    assert after.version != before.version
    assert target("/documents/rule/").size == "2 B"
    page = text(client, "/documents/rule/")
    assert page.index("two.txt") < page.index("Earlier versions") < page.index("one.txt")
    assert next_change(after.now) is None


def test_page_of_a_past_moment_knows_the_version_that_held_then(client, clock):
    document = live_document(slug="rule")
    live_version(document, version_number="1", file=kept("one.txt", b"1"))
    live_version(document, version_number="2", file=kept("two.txt", b"22"), valid_from=date(2030, 3, 12))
    clock.set(datetime(2030, 4, 1, tzinfo=UTC))
    assert "Coming versions" in text(client, "/@2030-03-11/documents/rule/")
    assert "Earlier versions" in text(client, "/@2030-03-12/documents/rule/")


def test_link_in_a_page_bears_the_size_of_the_current_version(client):
    document = live_document(slug="kyoto", title="Kyoto Protocol")
    live_version(document, outside_address="https://unfccc.int/x.pdf", outside_size="66 kB")
    live_page("about", body="The [Kyoto Protocol](/documents/kyoto/).")
    assert '<a href="/documents/kyoto/">Kyoto Protocol</a> <span class="size">(66 kB)</span>' in text(client, "/about/")


def test_outside_version_is_marked_and_says_what_its_address_is(client):
    document = live_document(slug="outside")
    live_version(document, outside_address="https://unfccc.int/x", is_page_about=True, outside_size="735 KB")
    page = text(client, "/documents/outside/")
    assert 'rel="external noopener" href="https://unfccc.int/x"' in page
    assert "Page that lists or describes it, unfccc.int" in page
    assert "735 kB" in page
    assert "735 KB" not in page
    assert client.get("/documents/outside/1/").headers["Location"] == "/documents/outside/#version-1"


def test_what_refers_to_a_document_is_listed_and_drafts_are_not(client):
    live_document(slug="cited")
    live_page("about", title="About it", body="See [this](/documents/cited/).")
    live_page("other", title="Other page", body="See [that](/documents/uncited/).")
    new_page("draft", title="Canarydraft", body="See [this](/documents/cited/).")
    live_document(title="Citing document", body="After [it](/documents/cited/).")
    page = text(client, "/documents/cited/").partition("What refers to it")[2].partition("</section>")[0]
    assert '<a href="/about/">About it</a>' in page
    assert "Citing document" in page
    assert "Other page" not in page
    assert "Canarydraft" not in page


def test_reference_by_a_former_address_still_counts(client, clock):
    document = live_document(slug="first")
    live_page("about", title="About it", body="See [this](/documents/first/).")
    clock.tick()
    republish(document, slug="second")
    assert "About it" in text(client, "/documents/second/")


def test_own_versions_are_no_references(client):
    document = live_document(slug="alone")
    live_version(document)
    assert "Nothing on this site refers to it" in text(client, "/documents/alone/")


def test_former_slug_leads_to_the_document_and_its_file_in_one_hop(client, clock):
    document = live_document(slug="first")
    live_version(document)
    clock.tick()
    republish(document, slug="second")
    for old, new in {"": "", "1/report.pdf": "1/report.pdf"}.items():
        response = client.get(f"/documents/first/{old}")
        assert response.status_code == 301
        assert response.headers["Location"] == f"/documents/second/{new}"
    assert client.get("/@2030-03-11/documents/first/").headers["Location"] == "/@2030-03-11/documents/second/"


def test_slug_taken_by_another_document_shows_that_one(client, clock):
    document = live_document(slug="first", title="The elder")
    clock.tick()
    publish([edit(document, slug="second"), new_document(slug="first", title="The younger")])
    assert "The younger" in text(client, "/documents/first/")


def test_file_that_got_another_name_leads_from_the_old_one(client, clock):
    version = live_version(live_document(slug="named"))
    clock.tick()
    republish(version, file=kept("better name.pdf", samples.PDF + b"\n"))
    response = client.get("/documents/named/1/report.pdf")
    assert (response.status_code, response.headers["Location"]) == (301, "/documents/named/1/better%20name.pdf")


def test_withdrawn_document_answers_410_with_reason_and_so_do_its_files(client, clock):
    document = live_document(slug="gone")
    live_version(document)
    clock.tick()
    withdraw(document, "Replaced by a better one.", successor=live_document(slug="better", title="The better one"))
    for address in ("/documents/gone/", "/documents/gone/1/", "/documents/gone/1/report.pdf"):
        page = text(client, address, 410)
        assert "Replaced by a better one." in page
        assert "The better one" in page
    assert target("/documents/gone/") is None
    assert "gone" not in text(client, "/documents/?format=json")
    assert "Replaced by" in text(client, "/documents/gone/history/")


def test_withdrawn_version_answers_410_and_leaves_the_document(client, clock):
    document = live_document(slug="kept")
    version = live_version(document)
    live_version(document, version_number="2", file=kept("two.txt", b"2"))
    clock.tick()
    withdraw(version, "It was faulty.")
    assert "It was faulty." in text(client, "/documents/kept/1/report.pdf", 410)
    assert client.get("/documents/kept/1/passwd").status_code == 404
    assert "two.txt" in text(client, "/documents/kept/")
    assert "report.pdf" not in text(client, "/documents/kept/")


def test_erased_document_answers_451(client, clock):
    document = live_document(slug="lost", title="Canarytitle", body="Canarytext")
    live_version(document)
    clock.tick()
    erase(DocumentEdition.objects.get(thing=document.pk), "A court has ordered it.")
    for address in ("/documents/lost/", "/documents/lost/1/report.pdf"):
        page = text(client, address, 451)
        assert "A court has ordered it." in page
        assert "Canary" not in page
    assert "Canary" not in text(client, "/documents/lost/history/")


def test_erased_version_answers_451_and_its_name_is_gone(client, clock):
    document = live_document(slug="half")
    version = live_version(document, file=kept("canary.pdf"))
    clock.tick()
    erase(DocumentVersionEdition.objects.get(thing=version.pk), "A court has ordered it.")
    assert "A court" in text(client, "/documents/half/1/", 451)
    assert "canary" not in text(client, "/documents/half/") + text(client, "/documents/half/1/history/")


TRAVERSALS = [
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cetc%5cpasswd",
    "%252e%252e%252fetc%252fpasswd",
    "..%c0%af..%c0%afetc/passwd",
    "..%ef%bc%8fetc",
    "%00",
    "report.pdf%00.html",
    "report.pdf%0d%0aX-Evil:1",
    "report.pdf;.html",
    "report.pdf%2f..%2freport.pdf",
    "REPORT.PDF",
    ".",
    "..",
    "./report.pdf",
    "../1/report.pdf",
    "../history/1",
    "..%2f..%2fhistory",
    "%2e%2e/timemap",
    "%",
    "report.pd",
    "a" * 3000,
]


@pytest.mark.parametrize("name", TRAVERSALS)
def test_no_other_name_reaches_a_file(client, name):
    live_version(live_document(slug="safe"))
    for address in (f"/documents/safe/1/{name}", f"/documents/safe/{name}", f"/documents/{name}", f"/@2031-01-01/documents/safe/1/{name}"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("number", ["01", "1.", "1.0", ".", "..", "1..1", "2", "9" * 20, "١"])
def test_no_other_number_reaches_a_version(client, number):
    live_version(live_document(slug="safe"))
    assert client.get(f"/documents/safe/{number}/report.pdf").status_code == 404


def test_file_of_a_draft_cannot_be_reached(client, clock):
    document = live_document(slug="open")
    version = live_version(document)
    secret = kept("canary.txt", b"canary")
    edit(version, version_number="1", file=secret)
    new_version(document, version_number="2", file=secret)
    hidden = new_document(slug="hidden")
    live_version(hidden, file=secret)
    scheduled = new_version(document, version_number="3", file=secret)
    publish([scheduled], clock.tick().replace(year=2031))
    for address in (
        "/documents/open/1/canary.txt",
        "/documents/open/2/canary.txt",
        "/documents/open/3/canary.txt",
        "/documents/hidden/1/canary.txt",
        "/@2031-12-31/documents/open/3/canary.txt",
        f"/documents/open/1/{secret.sha256}",
        f"/media/files/{secret.sha256[:2]}/{secret.sha256}",
        f"/files/{secret.sha256[:2]}/{secret.sha256}",
    ):
        assert client.get(address, follow=True).status_code == 404, address
    assert "canary" not in text(client, "/documents/open/")


def test_history_of_document_and_of_version_tell_what_changed(client, clock):
    document = live_document(slug="told", title="First")
    version = live_version(document)
    clock.tick()
    republish(document, title="Second")
    edition = republish(version, file=kept("other.pdf", samples.PDF + b"\n"))
    assert "Second" in text(client, "/documents/told/history/")
    page = text(client, f"/documents/told/1/history/{edition.number}/")
    assert "report" in page
    assert "other" in page
    assert "Second, version 1" in page
    assert "memento" in text(client, "/documents/told/timemap/")
    assert "# Second" in text(client, "/documents/told/index.md")


def test_two_live_documents_cannot_share_an_address():
    live_document(slug="same", title="First")
    with pytest.raises(ValidationError, match=r"“(Second” and “First|First” and “Second)”"):
        publish([new_document(slug="same", title="Second")])


def test_two_live_versions_cannot_share_a_number():
    document = live_document(title="The rule")
    live_version(document)
    with pytest.raises(ValidationError, match="two versions 1 of The rule"):
        publish([new_version(document)])


@pytest.mark.parametrize(
    ("fields", "culprit"),
    [
        ({"file": None}, "file"),
        ({"outside_address": "https://unfccc.int/"}, "file"),
        ({"file": None, "outside_address": "javascript:alert(1)"}, "outside_address"),
        ({"file": None, "outside_address": "ftp://unfccc.int/x"}, "outside_address"),
        ({"outside_size": "66 kB"}, "outside_size"),
        ({"version_number": "../1"}, "version_number"),
        ({"version_number": "1a"}, "version_number"),
        ({"version_number": "1\n2"}, "version_number"),
        ({"valid_from": date(2010, 1, 2), "valid_to": date(2010, 1, 1)}, "valid_to"),
    ],
)
def test_version_that_cannot_be_is_refused(fields, culprit):
    version = DocumentVersion(**{"of_document_id": live_document().pk, "version_number": "1", "file": kept()} | fields)
    with pytest.raises(ValidationError) as refusal:
        version.full_clean()
    assert culprit in refusal.value.message_dict


def test_number_of_a_version_is_judged_without_the_blanks_around_it():
    version = DocumentVersion(of_document_id=live_document().pk, version_number="1\n", file=kept())
    version.full_clean()
    assert version.version_number == "1"


@pytest.mark.parametrize("slug", ["history", "timemap", "preview", "History", "a/b", "ä", ""])
def test_slug_that_the_portal_needs_or_cannot_have_is_refused(slug):
    with pytest.raises(ValidationError) as refusal:
        Document(slug=slug, title="T", document_class="report", issued_by="eb").full_clean()
    assert "slug" in refusal.value.message_dict


def test_date_known_only_to_the_month_is_shown_as_the_month(client):
    document = new_document(slug="month", date=date(2009, 5, 1), precision="month")
    document.full_clean()
    document.save()
    publish([document])
    assert document.date == date(2009, 5, 31)
    assert '<time datetime="2009-05">May 2009</time>' in text(client, "/documents/month/")


def test_search_document_tells_class_body_and_year():
    document = live_document(symbol="3/CMP.1", title="Modalities", date=date(2005, 12, 31), subjects=["rules"], body="Some *words*.")
    edition = DocumentEdition.objects.get(thing=document.pk)
    found = kinds.get("document").search_document(edition, Moment())
    assert found.title == "3/CMP.1: Modalities"
    assert found.words == ("3/CMP.1", "rules")
    assert "Some words." in found.text
    assert (found.facets["class"], found.facets["year"]) == ("Report", "2005")


def test_sitemap_addresses_are_pages_and_files_but_no_redirects(client):
    document = live_document()
    live_version(document)
    live_version(document, version_number="2", outside_address="https://unfccc.int/")
    addresses = [address for name in ("document", "documentversion") for address, _ in kinds.get(name).addresses(Moment())]
    assert addresses == [f"/documents/{document.slug}/", f"/documents/{document.slug}/1/report.pdf"]
    assert all(client.head(address).status_code == 200 for address in addresses)
