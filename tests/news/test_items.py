"""One news item: its page, its corrections, its addresses through time."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from lxml import html

from news.kinds import NewsItemKind
from news.models import NewsItemEdition
from publishing import kinds
from publishing.ledger import erase, publish, withdraw
from publishing.moment import Moment
from tests.news.conftest import live_item, live_newsletter, new_item
from tests.record import edit, live_page, new_page, republish

pytestmark = pytest.mark.django_db


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return html.fromstring(response.content).find(".//main").text_content()


def path_of(item):
    return NewsItemKind().address(item, Moment())


def test_item_shows_what_editors_wrote(client, clock):
    live_item(
        slug="an-item",
        title="<i>Title</i>",
        body="Words of the **body**.",
        source_title="A report",
        source_url="https://example.org/report",
    )
    page = html.fromstring(client.get("/news/2030/03/08/an-item/").content)
    assert page.find(".//h1").text == "<i>Title</i>"
    assert page.xpath("//main//time/@datetime")[0] == "2030-03-08"
    assert "Words of the body." in page.text_content()
    assert page.xpath("//a[text()='A report']/@href") == ["https://example.org/report"]
    assert len(page.findall(".//h1")) == 1


@pytest.mark.parametrize(
    ("precision", "kept", "shown"),
    [("day", date(2030, 2, 3), "3 February 2030"), ("month", date(2030, 2, 28), "February 2030"), ("year", date(2029, 12, 31), "2029")],
)
def test_date_shows_what_is_known_and_is_kept_as_its_last_day(client, clock, precision, kept, shown):
    item = new_item(date=date(2029, 2, 3) if precision == "year" else date(2030, 2, 3), precision=precision)
    item.full_clean()
    item.save()
    publish([item])
    assert item.date == kept
    assert shown in text_of(client, path_of(item))


def test_first_edition_is_no_correction(client, clock):
    assert "Correct" not in text_of(client, path_of(live_item(body="Right.")))


def test_correction_says_so_with_its_day_and_note(client, clock):
    item = live_item(body="Wrong.")
    clock.tick()
    [edition] = publish([edit(item, body="Right.")], note="The figure was wrong.")
    text = text_of(client, path_of(item))
    assert "Corrected on 10 March 2030: The figure was wrong." in text
    page = html.fromstring(client.get(path_of(item)).content)
    [link] = page.xpath("//a[text()='The words changed']/@href")
    assert link == f"{path_of(item)}history/{edition.number}/"
    assert "Wrong" in text_of(client, link)


def test_minor_and_empty_changes_are_no_corrections(client, clock):
    item = live_item(body="Right.")
    publish([edit(item, body="Right!")], minor=True)
    publish([edit(item, topics=["audio"])])
    publish([item], note="Again.")
    assert "Corrected" not in text_of(client, path_of(item))


def test_correction_is_not_seen_before_it_was_made(client, clock):
    item = live_item(body="Wrong.")
    then = clock.now
    clock.tick()
    publish([edit(item, body="Right.")])
    text = text_of(client, f"/@{then:%Y-%m-%dT%H:%M:%S}{path_of(item)}")
    assert "Wrong." in text
    assert "Corrected" not in text


def test_former_address_leads_to_the_present_one(client, clock):
    item = live_item(slug="before")
    clock.tick()
    republish(item, slug="after", date=date(2030, 3, 9))
    response = client.get("/news/2030/03/08/before/?page=1")
    assert (response.status_code, response["Location"]) == (301, "/news/2030/03/09/after/?page=1")
    assert client.get("/news/2030/03/08/after/").status_code == 404


def test_former_address_under_a_past_moment_stays_there(client, clock):
    item = live_item(slug="before")
    then = clock.now
    clock.tick()
    republish(item, slug="after")
    asked = f"/@{then:%Y-%m-%dT%H:%M:%S}"
    assert client.get(f"{asked}/news/2030/03/08/before/").status_code == 200
    assert client.get(f"{asked}/news/2030/03/08/after/")["Location"] == f"{asked}/news/2030/03/08/before/"


def test_scheduled_address_gives_nothing_away(client, clock):
    item = live_item(slug="before")
    publish([edit(item, slug="secret")], clock.now.replace(year=2031))
    assert client.get("/news/2030/03/08/secret/").status_code == 404


def test_withdrawn_item_is_gone_with_its_reason(client, clock):
    kept, item = live_item(title="The better one"), live_item()
    withdraw(item, "It was told twice.", successor=kept)
    response = client.get(path_of(item))
    assert response.status_code == 410
    assert "It was told twice." in response.content.decode()
    assert "The better one" in response.content.decode()


def test_erased_item_is_unavailable(client, clock):
    item = live_item(title="A name", body="A name")
    erase(NewsItemEdition.objects.get(thing=item.pk), "An order.")
    response = client.get(path_of(item))
    assert response.status_code == 451
    assert "A name" not in response.content.decode()


@pytest.mark.parametrize("path", ["/news/2030/03/08/nothing/", "/news/2030/02/31/item/", "/news/2030/99/99/item/", "/news/2030/3/8/item/"])
def test_no_item_is_404(client, clock, path):
    live_item(slug="item")
    assert client.get(path).status_code == 404


def test_related_things_are_shown_by_their_titles_while_they_are_live(client, clock):
    page, draft, other = live_page("about", title="About CDM"), new_page("secret"), live_item(title="Other item")
    item = live_item(related=[other.pk, draft.pk, page.pk])
    found = html.fromstring(client.get(path_of(item)).content).xpath("//section[@aria-labelledby='related']//a")
    assert [(link.text, link.get("href")) for link in found] == [("Other item", path_of(other)), ("About CDM", "/about/")]


def test_two_items_cannot_share_an_address(clock):
    live_item(slug="same", title="First")
    with pytest.raises(ValidationError, match=r"“First” and “Second” would both have the same address"):
        publish([new_item(slug="same", title="Second")])
    publish([new_item(slug="same", date=date(2030, 3, 7))])


def test_items_may_swap_their_addresses_at_one_instant(client, clock):
    one, two = live_item(slug="one", title="One"), live_item(slug="two", title="Two")
    publish([edit(one, slug="two"), edit(two, slug="one")])
    assert "Two" in text_of(client, "/news/2030/03/08/one/")


def test_item_cannot_be_public_before_its_day(clock):
    with pytest.raises(ValidationError, match="is dated 11 March 2030"):
        publish([new_item(date=date(2030, 3, 11))])
    publish([new_item(date=date(2030, 3, 31), precision="month")])
    publish([new_item(date=date(2030, 3, 11))], clock.now.replace(day=11))


def test_item_in_its_draft_form_is_checked():
    for wrong, message in (
        ({"topics": ["weather"]}, "There is no topic"),
        ({"topics": "board"}, "There is no topic"),
        ({"topics": ["board", "board"]}, "only once"),
        ({"source_url": "javascript:alert(1)"}, "valid URL"),
        ({"slug": "a/b"}, "slug"),
        ({"title": "A\u202eB"}, "U\\+202E"),
        ({"summary": ""}, "blank"),
    ):
        with pytest.raises(ValidationError, match=message):
            new_item(**wrong).full_clean()


def test_links_to_items_follow_them(client, clock):
    item = live_item(slug="before", title="Moved")
    live_page("about", body="See [it](/news/2030/03/08/before/), [all](/news/2030/), [none](/news/2029/).")
    clock.tick()
    republish(item, slug="after")
    links = html.fromstring(client.get("/about/").content).xpath("//main//a/@href")
    assert "/news/2030/03/08/after/" in links
    assert "/news/2030/" in links
    assert "/news/2029/" not in links


def test_draft_is_previewed_in_the_public_page(clock, django_user_model):
    item = live_item(title="Public", body="Public words.")
    draft = edit(item, title="Secret", body="Secret words.", date=date(2030, 3, 1))
    request = RequestFactory().get("/admin/")
    request.moment, request.user = Moment(), django_user_model(is_staff=True)
    page = NewsItemKind().preview(request, draft).content.decode()
    assert "Secret words." in page
    assert "Public words." not in page


def test_draft_never_published_has_no_address(client, clock):
    item = new_item(title="Secret")
    assert client.get(path_of(item)).status_code == 404
    assert client.get(f"{path_of(item)}history/").status_code == 404


def test_history_compares_topics_by_their_names(client, clock):
    item = live_item(topics=["board"])
    clock.tick()
    [edition] = publish([edit(item, topics=["public-inputs"])])
    text = text_of(client, f"{path_of(item)}history/{edition.number}/")
    assert "Executive Board" in text
    assert "Public inputs" in text


def test_search_document_of_an_item(clock):
    item = live_item(title="Title", summary="Summary.", body="Words of the **body**.", topics=["board"])
    document = kinds.get("newsitem").search_document(NewsItemEdition.objects.get(thing=item.pk), Moment())
    assert (document.title, document.text, document.section) == ("Title", "Words of the body.", "CDM News Archive")
    assert document.facets["year"] == "2030"
    assert "Executive Board" in document.words


def test_newsletter_shows_live_items_alone_and_corrected_ones(client, clock):
    first, second, draft = live_item(title="First", body="Wrong."), live_item(title="Second"), new_item(title="Secret")
    live_newsletter([second, first, draft])
    publish([edit(first, body="Right.")])
    withdraw(second, "Wrong.")
    page = html.fromstring(client.get("/newsletters/1/").content)
    assert [title.text_content() for title in page.xpath("//article/h2")] == ["First"]
    assert "Right." in page.text_content()


def test_newsletter_with_texts_that_share_ids_is_valid(client, clock):
    items = [live_item(body=f"## Same heading\n\nText {number}.[^1]\n\n[^1]: Note {number}.") for number in range(3)]
    live_newsletter(items, body="## Same heading\n\nLead.[^1]\n\n[^1]: A note.")
    page = html.fromstring(client.get("/newsletters/1/").content)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert f"{path_of(items[0])}#fn:1" in page.xpath("//article//a/@href")


def test_newsletters_are_numbered_once_from_one(clock):
    live_newsletter([])
    with pytest.raises(ValidationError, match="same address"):
        live_newsletter([], title="Another")
    assert live_newsletter([], issue_number=2)


@pytest.mark.parametrize(
    "path", ["/newsletters/0/", "/newsletters/01/", "/newsletters/2/", "/newsletters/one/", "/newsletters/9999999999/"]
)
def test_no_newsletter_is_404(client, clock, path):
    live_newsletter([])
    assert client.get(path).status_code == 404


def test_newsletter_that_got_another_number_is_found(client, clock):
    issue = live_newsletter([])
    republish(issue, issue_number=7)
    assert client.get("/newsletters/1/")["Location"] == "/newsletters/7/"
    withdraw(issue, "Never sent.")
    assert client.get("/newsletters/7/").status_code == 410
