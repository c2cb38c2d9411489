"""What visitors see when something is not there, and where the date field leads."""

import pytest
from django.template import loader

from publishing.ledger import erase, publish, withdraw
from tests.reading import parsed, text_of
from tests.record import live_page, new_term


def main(response):
    return text_of(parsed(response).xpath("//main")[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        ("date=2010-03-10&path=/about/", "/@2010-03-10/about/"),
        ("date=2010-03-10T17:07&path=/about/", "/@2010-03-10T17:07/about/"),
        ("date=2010-03-10&path=/search/%3Fq%3Dcer%2520x", "/@2010-03-10/search/?q=cer%20x"),
        ("date=2010-03-10", "/@2010-03-10/"),
        ("date=2010-03-10&path=//evil.example/", "/@2010-03-10/"),
        ("date=2010-03-10&path=/\\evil.example/", "/@2010-03-10/"),
        ("date=2010-03-10&path=https://evil.example/", "/@2010-03-10/"),
        ("date=2010-03-10&path=/@2011-01-01/about/", "/@2010-03-10/"),
        ("date=2010-03-10&path=/a%0d%0aSet-Cookie:x=1", "/@2010-03-10/"),
    ],
)
def test_date_field_leads_to_a_page_of_this_site_only(client, query, leads_to):
    response = client.get(f"/at/?{query}")
    assert (response.status_code, response["Location"]) == (302, leads_to)


@pytest.mark.django_db
@pytest.mark.parametrize("date", ["", "10.3.2010", "2010-02-30", "2010-03-10/../..", "٢٠١٠-٠٣-١٠", "//evil.example"])
def test_unreadable_date_is_explained(client, date):
    response = client.get("/at/", {"date": date, "path": "/about/"})
    assert response.status_code == 404
    assert "/@2010-03-10T17:07/about/" in main(response)
    assert parsed(response).xpath("//main//input[@name='date']")


@pytest.mark.django_db
def test_date_field_of_a_past_page_keeps_address_and_query(client):
    live_page("about")
    form = parsed(client.get("/@2030-01-01/about/?against=3")).xpath("//section[@class='band past']//form")[0]
    assert form.get("action") == "/at/"
    assert form.xpath(".//input[@name='path']/@value") == ["/about/?against=3"]


@pytest.mark.django_db
def test_missing_page_names_pages_with_like_addresses(client):
    about = live_page("about")
    live_page("carbon-capture", parent=about, title="Carbon capture and storage")
    publish([new_term("Leakage")])
    for address, expected in (
        ("/abuot/", "/about/"),
        ("/carbon-capture/", "/about/carbon-capture/"),
        ("/glossary/leekage/", "/glossary/leakage/"),
    ):
        response = client.get(address)
        assert response.status_code == 404
        assert expected in parsed(response).xpath("//main//li/a/@href")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/zzzz/", "/" + "a" * 5000 + "/", "/about/" * 40])
def test_missing_page_names_nothing_where_nothing_is_alike(client, address):
    live_page("about")
    response = client.get(address)
    assert response.status_code == 404
    assert not parsed(response).xpath("//main//li")
    assert parsed(response).xpath("//main//form[@action='/search/']//label[@for='not-found-q']")


@pytest.mark.django_db
def test_missing_page_is_not_indexed_and_has_no_canonical_address(client):
    document = parsed(client.get("/nowhere/"))
    assert document.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not document.xpath("//link[@rel='canonical']")


@pytest.mark.django_db
def test_moment_before_the_first_edition_is_told_from_a_missing_page(client):
    live_page("")
    response = client.get("/@1999-01-01/")
    assert response.status_code == 404
    assert main(response).startswith("Nothing had been published yet")
    assert parsed(response).xpath("//section[@class='band past']//div[@class='go']/a/@href") == ["/"]


@pytest.mark.django_db
def test_moment_without_a_page_is_told_from_a_missing_page_and_names_what_was_there(client, clock):
    publish([new_term("Baseline")])
    early = clock.tick()
    clock.tick()
    live_page("about")
    response = client.get(f"/@{early:%Y-%m-%dT%H:%M:%S}/about/")
    assert response.status_code == 404
    assert main(response).startswith("No page had been published yet")
    assert parsed(response).xpath("//main//a/@href") == [f"/@{early:%Y-%m-%dT%H:%M:%S}/glossary/"]


@pytest.mark.django_db
def test_withdrawn_page_says_why_and_what_stands_in_its_place(client):
    old, new = live_page("old"), live_page("new", title="The new page")
    withdraw(old, "Replaced by <the> new page.", successor=new)
    response = client.get("/old/")
    assert response.status_code == 410
    assert "Reason: Replaced by <the> new page." in main(response)
    assert parsed(response).xpath("//main//a/@href") == ["/new/", "/old/history/"]
    assert "Withdrawn" in main(client.get("/old/history/"))


@pytest.mark.django_db
def test_erased_page_says_why(client):
    page = live_page("about", body="Words that must go.")
    erase(page.editions.get(), "Order of a court.")
    response = client.get("/about/")
    assert response.status_code == 451
    assert "Reason: Order of a court." in main(response)
    assert "must go" not in client.get("/about/history/").content.decode()


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_pages_of_last_resort_need_no_database_and_no_list_of_static_files(name):
    html = loader.get_template(name).render()
    assert 'href="/static/css/portal.css"' in html
    assert html.count("<h1>") == 1


@pytest.mark.django_db
def test_form_with_too_many_fields_is_refused_in_words(client):
    response = client.post("/admin/login/", {f"field{number}": "x" for number in range(1500)})
    assert (response.status_code, "Too much at once" in response.text) == (413, True)
