"""What belongs to a meeting: documents by role and annex, news; by the relation, or by the words of editions from before there was one."""

import re
from datetime import date

import pytest
from django.core.management import call_command

from documents.models import Document
from news.models import NewsItem
from publishing import occasions
from publishing.ledger import publish, withdraw
from publishing.models import DraftVersion, How
from tests.bodies.conftest import live, live_body, live_meeting, new_meeting
from tests.desk_client import author, browser_of, publisher
from tests.record import HOUR, edit, live_page, republish

pytestmark = pytest.mark.django_db
EB_47 = "/executive-board/meetings/47/"


def new_document(slug, **fields):
    values = {"slug": slug, "title": slug.title(), "document_class": "report", "issued_by": "eb"}
    return Document.objects.create(**values | fields)


@pytest.fixture
def board(clock):
    live_page("", title="Home")
    return live_body(short="EB")


@pytest.fixture
def eb_47(board):
    return live_meeting(board, "47", title="EB 47", start=date(2009, 5, 26), end=date(2009, 5, 28))


def listed(client, heading, address=EB_47):
    """The titles below a heading of the meeting's page, in their order."""
    part = re.search(rf"<section[^>]*>\s*<h2[^>]*>{heading}</h2>(.*?)</section>", client.get(address).text, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]*)</a>", part[1]) if part else []


def test_documents_of_a_meeting_stand_by_role_and_annex(client, eb_47):
    for number in ("2", "10", "1"):
        live(new_document(f"annex-{number}", annex=number, of_meeting=eb_47))
    live(new_document("report", role="report", of_meeting=eb_47))
    live(new_document("agenda", role="agenda", of_meeting=eb_47))
    live(new_document("something", of_meeting=eb_47))
    assert listed(client, "Documents") == ["Agenda", "Report", "Annex-1", "Annex-2", "Annex-10", "Something"]
    text = client.get(EB_47).text
    assert "Annex 10" in text
    assert "What leads here" not in text


def test_document_leads_to_its_meeting_and_back(client, eb_47):
    live(new_document("report", of_meeting=eb_47))
    live(new_document("spelt", of_meeting=eb_47, meeting="EB 47, Bonn"))
    assert f'<a href="{EB_47}">EB 47</a>' in client.get("/documents/report/").text
    assert f'<a href="{EB_47}">EB 47, Bonn</a>' in client.get("/documents/spelt/").text


def test_news_of_a_meeting_stand_on_its_page_and_lead_to_it(client, eb_47):
    live(NewsItem.objects.create(slug="report-out", date=date(2009, 6, 1), title="Report out", summary="It is.", of_meeting=eb_47))
    assert listed(client, "News") == ["Report out"]
    assert f'href="{EB_47}">EB 47</a>' in client.get("/news/2009/06/01/report-out/").text


@pytest.mark.parametrize("words", ["EB 47", "EB 47, Bonn", "eb-47", "EB47"])
def test_words_of_an_edition_without_the_relation_still_name_the_meeting(client, eb_47, words):
    live(new_document("annex-29", annex="29", meeting=words))
    assert listed(client, "Documents") == ["Annex-29"]
    assert f'<a href="{EB_47}">{words}</a>' in client.get("/documents/annex-29/").text


@pytest.mark.parametrize("words", ["EB 4", "EB 470", "EB", "Bonn, EB 47", "CMP 1, Montreal", ""])
def test_other_words_name_no_meeting(client, eb_47, words):
    live(new_document("annex-29", annex="29", meeting=words))
    assert listed(client, "Documents") == []
    assert EB_47 not in client.get("/documents/annex-29/").text


def test_relation_counts_before_words(client, board, eb_47):
    other = live_meeting(board, "48")
    live(new_document("moved", of_meeting=other, meeting="EB 47"))
    assert listed(client, "Documents") == []
    assert listed(client, "Documents", "/executive-board/meetings/48/") == ["Moved"]


def test_words_that_two_meetings_answer_to_name_none(client, eb_47):
    panel = live_body("mp", short="MP", meeting_label="MP {number}")
    live_meeting(panel, "1", title="EB 47")
    live(new_document("annex-29", meeting="EB 47"))
    assert listed(client, "Documents") == []
    assert "EB 47" in client.get("/documents/annex-29/").text


def test_meeting_that_is_not_public_is_not_told_by_its_documents(client, board):
    """A draft, and one that was withdrawn: neither its title nor its address stands on the page of what names it."""
    hidden = new_meeting(board, "48", title="Zwischenraumwort")
    live(new_document("report", of_meeting=hidden))
    live(NewsItem.objects.create(slug="report-out", date=date(2009, 6, 1), title="Out", summary="It is.", of_meeting=hidden))
    addresses = ["/documents/report/", "/news/2009/06/01/report-out/", "/documents/report/index.md", "/documents/?format=json"]
    for _state in ("draft", "withdrawn"):
        assert not [address for address in addresses if re.search("Zwischenraumwort|meetings/48", client.get(address).text)]
        publish([hidden])
        withdraw(hidden, "It never met.")


def test_past_moment_lists_what_was_public_then(client, clock, eb_47):
    document = live(new_document("annex-29", meeting="EB 47"))
    clock.tick(HOUR)
    before = f"/@{clock.now:%Y-%m-%dT%H:%M}"
    clock.tick(HOUR)
    republish(document, meeting="", of_meeting=None, annex="29")
    clock.tick(HOUR)
    assert listed(client, "Documents") == []
    assert listed(client, "Documents", f"{before}{EB_47}") == ["Annex-29"]


def test_prepare_names_the_meeting_in_drafts_and_leaves_editions(client, clock, eb_47, capsys):
    spelt, other = live(new_document("annex-29", meeting="EB 47, Bonn")), live(new_document("cmp", meeting="CMP 1, Montreal"))
    edition = spelt.newest_edition().content()
    assert occasions.name_meetings() == 1
    spelt.refresh_from_db(), other.refresh_from_db()
    assert (spelt.of_meeting_id, spelt.meeting, other.of_meeting_id) == (eb_47.pk, "EB 47, Bonn", None)
    assert spelt.newest_edition().content() == edition
    version = DraftVersion.objects.filter(thing=spelt).latest("number")
    assert (version.how, version.changed) == (How.RELATION, ["of_meeting_id"])
    assert occasions.name_meetings() == 0


def test_prepare_does_not_overrule_an_editor_who_took_the_relation_away(clock, eb_47):
    document = live(new_document("annex-29", meeting="EB 47"))
    assert occasions.name_meetings() == 1
    document.refresh_from_db()
    edit(document, of_meeting=None)
    assert occasions.name_meetings() == 0


def test_draft_that_a_release_changed_says_so_at_the_desk(clock, eb_47):
    document = live(new_document("annex-29", meeting="EB 47"))
    occasions.name_meetings()
    desk = browser_of(publisher())
    assert "Relation added by a release of the portal" in desk.get(f"/admin/documents/document/{document.pk}/history/").text
    assert "Relation added to the draft by a release of the portal" in desk.get("/admin/recent/").text


def test_desk_offers_the_published_meetings_to_an_author_of_documents(clock, board, eb_47):
    new_meeting(board, "48", title="Zwischenraumwort")
    offered = browser_of(author("vera", kind="document")).get("/admin/things/?kind=meeting").json()["links"]
    assert [choice["title"] for choice in offered] == ["EB 47"]


def test_shipped_documents_name_their_meetings(client, clock):
    call_command("load_content", "fixtures")
    named = [title.partition(":")[0] for title in listed(client, "Documents")]
    assert named == ["EB 47 Annex 29", "EB 47 Annex 30", "EB 47 Annex 31", "Decision and documentation framework"]
    assert occasions.name_meetings() == 0, "what is shipped names its meeting itself, or prepare would change drafts of a new portal"
