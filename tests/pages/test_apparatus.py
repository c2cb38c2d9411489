"""What stands around a page's text, and what it costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from markup import rendering
from pages.models import Notice
from publishing import snapshots
from publishing.ledger import publish
from tests.desk_client import browser_of, publisher
from tests.reading import parsed, text_of
from tests.record import live_page, republish

pytestmark = pytest.mark.django_db
LONG = "## First\n\nText.\n\n## Second & *last*\n\n### Below\n\n## Third\n"


def test_page_costs_two_queries_when_its_apparatus_is_held(client, django_assert_max_num_queries):
    home = live_page("")
    about = live_page("about", body="To [home](/) and [nowhere](/nowhere/).")
    publish([Notice.objects.create(title="Notice", body="See [about](/about/).")])
    for address in ("/", "/about/", "/@2030-01-01/about/"):
        client.get(address)
        with django_assert_max_num_queries(2):
            client.get(address)
    assert home
    assert about


@pytest.mark.parametrize(("address", "most"), [("/about/", 7), ("/", 12)])
def test_first_page_of_a_process_costs_few_queries(client, django_assert_max_num_queries, address, most):
    """CDM Home shows more: it asks for the release, the bodies with their meetings, and the calls as well."""
    live_page("")
    republish(live_page("about", body="To [home](/)."), body="To [home](/) again.")
    snapshots.clear_all()
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


def test_text_is_filled_once_for_a_version_of_the_record_and_anew_for_the_next(client, monkeypatch):
    filled, fill = [], rendering.fill
    monkeypatch.setattr(rendering, "fill", lambda html, *rest: filled.append(html) or fill(html, *rest))
    target = live_page("target")
    live_page("about", body="To [it](/target/), at length.")
    assert [b'href="/target/"' in client.get("/about/").content for _ in range(3)] == [True] * 3
    assert sum("at length" in html for html in filled) == 1
    republish(target, slug="elsewhere")
    assert [b'href="/elsewhere/"' in client.get("/about/").content for _ in range(3)] == [True] * 3
    assert b'href="/target/"' not in client.get("/about/").content


def test_long_page_has_contents_that_lead_to_its_headings(client):
    live_page("about", body=LONG)
    document = parsed(client.get("/about/"))
    entries = document.xpath("//nav[@aria-labelledby='contents']//a")
    assert [text_of(entry) for entry in entries] == ["First", "Second & last", "Third"]
    assert all(document.xpath("//h2[@id=$id]", id=entry.get("href")[1:]) for entry in entries)


def test_short_page_has_no_contents(client):
    live_page("about", body="## First\n\n## Second\n")
    assert not parsed(client.get("/about/")).xpath("//nav[@aria-labelledby='contents']")


def test_page_tools_lead_to_history_markdown_and_a_permanent_address(client):
    live_page("about", body="As it was.")
    hrefs = parsed(client.get("/about/")).xpath("//footer[@class='tools']//a/@href")
    assert hrefs[0] == "/about/history/"
    assert hrefs[2] == "/about/index.md"
    permanent = hrefs[1]
    assert permanent.startswith("/@20")
    past = parsed(client.get(permanent))
    assert "As it was." in past.text_content()
    assert past.xpath("//footer[@class='tools']//a/@href")[1] == permanent


def test_scripts_only_buttons_are_hidden_without_scripts(client):
    live_page("about")
    buttons = parsed(client.get("/about/")).xpath("//button[@data-action]")
    assert [button.get("data-action") for button in buttons] == ["copy", "print"]
    assert all("hidden" in button.attrib for button in buttons)


def test_another_date_is_offered_now_and_not_twice_in_the_past(client):
    live_page("about")
    assert len(parsed(client.get("/about/")).xpath("//form[@action='/at/']")) == 1
    assert len(parsed(client.get("/@2030-01-01/about/")).xpath("//form[@action='/at/']")) == 1


def test_publisher_sees_a_preview_band_and_a_visitor_is_told_that_it_is_now(client):
    page = live_page("about", body="Now.")
    tomorrow = timezone.now() + timedelta(days=1)
    page.body = "Tomorrow."
    page.save()
    publish([page], live_from=tomorrow)
    address = f"/@{tomorrow + timedelta(days=1):%Y-%m-%d}/about/"
    preview = parsed(browser_of(publisher()).get(address))
    assert "Preview:" in text_of(preview.xpath("//section[@class='band past']")[0])
    assert "Tomorrow." in preview.text_content()
    visitor = parsed(client.get(address))
    assert "has not come yet" in text_of(visitor.xpath("//section[@class='band past']")[0])
    assert "Tomorrow." not in visitor.text_content()


def test_notices_stand_on_every_page_and_are_escaped(client):
    live_page("")
    publish([Notice.objects.create(title="<b>Down</b> on Sunday", body="From **10:00** UTC.")])
    band = parsed(client.get("/")).xpath("//section[@aria-label='Notice']")[0]
    assert text_of(band) == "<b>Down</b> on Sunday From 10:00 UTC."
    assert band.xpath(".//p/strong")[1].text == "10:00"


def test_titles_are_escaped_in_every_place(client):
    live_page("about", title='A "title" with </script><b>\'&', summary='A "summary" </script>')
    html = client.get("/about/").content.decode()
    assert "</script><b>" not in html
    assert "<b>" not in html


def test_menu_opens_the_branch_of_a_page_at_any_depth(client):
    above = live_page("about")
    live_page("beside", above)
    for slug in ("second", "third", "fourth"):
        above = live_page(slug, above)
    live_page("below", live_page("elsewhere"))
    menu = parsed(client.get("/about/second/third/")).xpath("//nav[@id='menu']")[0]
    links = [(link.get("href"), link.get("aria-current"), len(list(link.iterancestors("ul")))) for link in menu.iter("a")]
    assert links == [
        ("/about/", "true", 1),
        ("/about/beside/", None, 2),
        ("/about/second/", "true", 2),
        ("/about/second/third/", "page", 3),
        ("/about/second/third/fourth/", None, 4),
        ("/elsewhere/", None, 1),
    ]


def test_text_that_an_editor_published_is_of_its_day_and_its_figures_of_the_days_that_it_names(client):
    edition = live_page("about")
    said = text_of(parsed(client.get("/about/")).xpath("//p[@class='since']")[0])
    day = edition.editions.get().live_from
    assert said == f"Text of {day.day} {day:%B %Y}, figures of the days that it names · all editions"


@pytest.mark.parametrize("address", ["/news/", "/documents/", "/glossary/", "/newsletters/", "/audio/"])
def test_list_names_history_and_timemap_once_a_page_stands_above_it(client, address):
    def named():
        return {link for link in parsed(client.get(address)).xpath("//@href") if link in both}

    both = {f"{address}history/", f"{address}timemap/"}
    assert [client.get(link).status_code for link in both] == [404, 404]
    assert not named()
    live_page(address.strip("/"))
    assert [client.get(link).status_code for link in both] == [200, 200]
    assert named() == both
