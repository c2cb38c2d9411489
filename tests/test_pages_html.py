"""What every public page of the shipped site has in common, crawled from CDM Home: structure, names, no inline code, few bytes."""

import json
import re
import subprocess

import pytest
from django.conf import settings

from tests.checkers import module_file, program
from tests.first_view import FIRST_VIEW, file_size, first_view
from tests.reading import crawl, parsed, text_of
from tests.shipped import shipped
from tests.walk import OF_AREAS

__all__ = ["shipped"]
pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

# Histories of things that have many are drawn by one template; those of pages and terms are read.
HISTORIES = re.compile("/(news|documents|newsletters|audio|executive-board|panels|public-inputs)/.+/history/")
# Of the past only the tree is crawled.
MANY = re.compile(
    "/(history|glossary|news|documents|newsletters|projects|methodologies|parties|entities|public-inputs|executive-board/meetings)/."
)
SECTIONS = [
    "CDM Home",
    "About CDM",
    "CDM Audio Files",
    "CDM News Archive",
    "Executive Board (EB)",
    "Panels / Working Groups / Teams",
    "Programme of Activities",
    "Project Activities",
    "Issuance of CERs",
    "CDM Registry",
    "Methodologies",
    "Specific Call for Public Inputs",
    "Designated National Authorities (DNA)",
    "Designated Operational Entities (DOE)",
    "Reference / Documentation",
    "CDM Statistics",
    "CDM Newsletters",
    "Extranets",
]


def followed(address):
    """Now and one past day; of filters, searches and differences a few are enough."""
    past = re.match(r"/@[^/]*", address)
    is_left_out = HISTORIES.search(address) or address.startswith(("/admin/", "/static/", *OF_AREAS))
    return (past is None or past[0] == "/@2010-03-10") and "?" not in address and not is_left_out


@pytest.fixture(scope="module")
def answers(shipped, django_db_blocker):
    """To every page of now, and to the tree of 10 March 2010, by address."""
    from django.test import Client

    with django_db_blocker.unblock():
        found = crawl(Client(), most=3000, follow=followed)
        found |= crawl(Client(), start="/@2010-03-10/", follow=lambda address: followed(address) and not MANY.search(address))
    assert len(found) > 200
    return found


@pytest.fixture(scope="module")
def pages(answers):
    return {address: parsed(response) for address, response in answers.items()}


def broken(pages, what):
    """The addresses of pages for which `what(document)` says something, with what it says."""
    return {address: said for address, document in pages.items() if (said := what(document))}


def test_crawl_finds_every_kind_of_page(pages):
    for address in ("/about/", "/about/history/", "/glossary/additionality/", "/news/", "/documents/3-cmp-1/", "/@2010-03-10/about/ccs/"):
        assert address in pages


def test_pages_have_one_heading_one_main_and_a_title(pages):
    def wrong(document):
        counts = [len(document.xpath(path)) for path in ("//h1", "//main", "//title", "//main//h1")]
        return counts != [1, 1, 1, 1] and counts

    assert not broken(pages, wrong)


def test_no_link_leads_to_a_page_that_is_not_there(answers):
    assert not {address: response.status_code for address, response in answers.items() if response.status_code != 200}


def test_titles_are_not_shared(pages):
    titles = {}
    for address, document in pages.items():
        if "@" not in address and "/history/" not in address:
            titles.setdefault(document.findtext(".//title"), []).append(address)
    assert not {title: addresses for title, addresses in titles.items() if len(addresses) > 1}


def test_heading_levels_are_not_skipped(pages):
    def skipped(document):
        levels = [int(heading.tag[1]) for heading in document.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]")]
        return [levels[i : i + 2] for i in range(len(levels) - 1) if levels[i + 1] > levels[i] + 1]

    assert not broken(pages, skipped)


def test_language_and_direction_are_said(pages):
    assert not broken(pages, lambda document: (document.get("lang"), document.get("dir")) != ("en-gb", "ltr"))


def test_nothing_is_inline(pages):
    def inline(document):
        scripts = document.xpath("//script[not(@src) and not(@type='application/ld+json')] | //style | //*[@style]")
        handlers = list(document.xpath("//@*[starts-with(name(), 'on')]"))
        return [element.tag for element in scripts] + handlers

    assert not broken(pages, inline)


def test_ids_are_unique_and_links_within_the_page_lead_somewhere(pages):
    def wrong(document):
        ids = document.xpath("//@id")
        lost = [href for href in document.xpath("//a/@href") if href.startswith("#") and href[1:] not in ids]
        return lost + [name for name in set(ids) if ids.count(name) > 1]

    assert not broken(pages, wrong)


def test_navigation_regions_have_names_of_their_own(pages):
    def unnamed(document):
        names = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in document.xpath("//nav")]
        return None in names or len(set(names)) < len(names)

    assert not broken(pages, unnamed)


def test_tables_scroll_in_named_regions(pages):
    def loose(document):
        return [table for table in document.xpath("//main//table") if not table.getparent().get("aria-label")]

    assert not broken(pages, loose)


def test_menu_has_all_sections_by_their_labels_in_order(pages):
    for address in ("/", "/statistics/", "/documents/3-cmp-1/", "/@2010-03-10/about/ccs/"):
        assert [text_of(link) for link in pages[address].xpath("//nav[@id='menu']//a")][:18] == SECTIONS
    below = pages["/statistics/"].xpath("//nav[@id='menu']/ul/li[a='About CDM']/ul/li/a")
    assert [text_of(link) for link in below] == SECTIONS[2:4]


def test_menu_marks_the_page_and_the_branch(pages):
    current = pages["/news/"].xpath("//nav[@id='menu']//a[@aria-current]")
    assert [(text_of(link), link.get("aria-current")) for link in current] == [("About CDM", "true"), ("CDM News Archive", "page")]


def test_breadcrumb_is_a_list_below_your_location(pages):
    nav = pages["/about/"].xpath("//nav[@aria-label='Your location']")[0]
    assert text_of(nav).startswith("Your location: CDM-Home About CDM")
    assert [text_of(step) for step in nav.xpath(".//ol/li")] == ["CDM-Home", "About CDM"]
    assert nav.xpath(".//ol/li/a/@href") == ["/"]


def test_search_and_quickfinder_stand_in_every_head(pages):
    def lacking(document):
        forms = document.xpath("//header//search//form[not(@method) or @method='get']")
        return [form.get("action").rpartition("/@2010-03-10")[2] for form in forms] != ["/search/", "/quickfinder/"]

    assert not broken(pages, lacking)


def test_fields_have_labels(pages):
    def unlabelled(document):
        fields = document.xpath("//input[not(@type='hidden')] | //select | //textarea")
        return [f.get("name") for f in fields if not (f.get("aria-label") or document.xpath("//label[@for=$id]", id=f.get("id") or ""))]

    assert not broken(pages, unlabelled)


def test_foot_says_that_this_is_not_the_site_of_the_unfccc(pages):
    assert not broken(pages, lambda document: "not the UNFCCC’s site" not in text_of(document.xpath("//footer[@class='foot']")[0]))
    assert pages["/"].xpath("//footer[@class='foot']//a/@href")[0] == "/about/this-site/"


def test_pages_of_the_past_stay_in_it_and_lead_back(pages):
    document = pages["/@2010-03-10/about/"]
    band = document.xpath("//section[@class='band past']")[0]
    assert "The portal on 10 March 2010" in text_of(band)
    assert band.xpath(".//div[@class='go']/a/@href") == ["/about/"]
    assert band.xpath(".//input[@name='date']/@value") == ["10 March 2010"]
    assert document.xpath("//link[@rel='canonical']/@href") == [f"{settings.SITE_ADDRESS}/about/"]
    outside = [href for href in document.xpath("//nav[@id='menu']//a/@href") if not href.startswith("/@2010-03-10/")]
    assert not outside


def test_numbers_and_sizes_have_one_form(pages):
    other = re.compile(r"(?<![A-Z\d])\d+\s?KB\b|thousand[ -]million")
    assert not broken(pages, lambda document: other.findall(document.find("body").text_content()))
    assert "735 kB" in text_of(pages["/documents/"].find("body"))
    assert "One billion" in text_of(pages["/"].find("body"))


def test_pages_say_under_which_party_cers_are_counted(pages):
    assert "CERs are counted under the Party of their issuance" in text_of(pages["/dna/"].find("body"))
    assert "its CERs for the Party of each issuance" in text_of(pages["/statistics/"].find("body"))


def test_stamp_says_what_it_is_and_stands_in_a_landmark(pages):
    assert text_of(pages["/about/"].xpath("//nav//*[@class='stamp']")[0]) == "Last change 00:00 27 Nov 26 UTC"
    assert text_of(pages["/@2010-03-10/about/"].xpath("//nav//*[@class='stamp']")[0]) == "As of 23:59 10 Mar 10 UTC"
    assert not broken(pages, lambda document: not document.xpath("//nav//*[@class='stamp']"))


def test_day_of_text_and_figures_stands_below_the_title(pages):
    said = {
        "/about/": "Text of 27 November 2026, reconstructed from sources. Figures to 3 November 2023; the data end there. · all editions",
        "/@2010-03-10/about/": "Text of 10 March 2010, reconstructed from sources. Figures of 10 March 2010. · all editions",
        "/dna/": "Text and figures of 27 November 2026, reconstructed from sources · all editions",
    }
    for address, words in said.items():
        assert text_of(pages[address].xpath("//h1/following-sibling::p[@class='since']")[0]) == words


def test_stamp_is_written_in_the_manner_of_2010(client):
    stamp = parsed(client.get("/@2010-03-10T17:07/about/")).xpath("//*[@class='stamp']/time")[0]
    assert stamp.text == "17:07 10 Mar 10"
    assert stamp.get("datetime") == "2010-03-10T17:07:59Z"


def test_imported_editions_are_labelled_on_page_history_and_difference(pages):
    difference = next(address for address in pages if re.fullmatch(r"/about/history/\d+/", address))
    for address in ("/about/", "/about/history/", difference):
        assert "reconstructed from sources" in text_of(pages[address].xpath("//main")[0])


def test_structured_data_matches_the_page(pages):
    for address in ("/", "/about/", "/glossary/additionality/", "/documents/3-cmp-1/"):
        document = pages[address]
        data = json.loads(document.xpath("//script[@type='application/ld+json']")[0].text)
        assert data["url"] == document.xpath("//link[@rel='canonical']/@href")[0] == settings.SITE_ADDRESS + address
        assert data["name"] == document.xpath("//meta[@property='og:title']/@content")[0]
        assert data["name"] in text_of(document.xpath("//h1")[0])
        assert data.get("description", "") == "".join(document.xpath("//meta[@name='description']/@content"))


def test_every_page_is_also_there_as_markdown(answers, client):
    pages = [address for address, answer in answers.items() if answer.status_code == 200]
    for address in [*pages, "/search/?q=board", "/documents/?class=tool"]:
        path, _, query = address.partition("?")
        source = client.get(f"{path}index.md", QUERY_STRING=query)
        assert (source.status_code, source["Content-Type"]) == (200, "text/markdown; charset=utf-8"), address
        assert source.content.startswith(b"# "), address


def test_markdown_of_a_list_has_what_the_address_chooses(client):
    tools = client.get("/documents/index.md?class=tool").content.decode().split("## In this list")[1]
    assert "/documents/draft-wacc-tool-2010/)" in tools
    assert "/documents/3-cmp-1/)" not in tools
    assert "/documents/3-cmp-1/)" in client.get("/documents/index.md").content.decode().split("## In this list")[1]
    found = client.get("/search/index.md?q=board&kind=page").content.decode()
    assert "/executive-board/)" in found
    assert "/news/2010/" not in found
    for address in ("/news/", "/newsletters/", "/audio/", "/glossary/"):
        assert re.search(rf"- [^\n]*\]\([^)]*{address}.", client.get(f"{address}index.md").content.decode()), address


def test_first_view_is_small_and_takes_three_requests(pages, answers):
    assert not broken(pages, lambda document: len(document.xpath("//link[@rel='stylesheet' or @rel='icon']")) != 2)
    assert not broken(pages, lambda document: ["defer" in script.attrib for script in document.xpath("//script[@src]")] != [True])
    own = {address: document.xpath("//link[@rel='stylesheet']/@href")[0].removeprefix("/static/") for address, document in pages.items()}
    sizes = {address: first_view(answer.content, own[address]) for address, answer in answers.items()}
    assert {address: size for address, size in sizes.items() if size > FIRST_VIEW} == {}
    assert file_size("js/portal.js") <= 10_000


def test_pages_are_valid_html(answers, client, tmp_path):
    names = {}
    strange = ["/abuot/", "/@2010-13-10/about/", "/@1999-01-01/", "/documents/?class=decision", "/search/?q=cer", "/search/?q=xyzzy"]
    for number, (address, answer) in enumerate([*answers.items(), *((address, client.get(address)) for address in strange)]):
        file = tmp_path / f"{number}.html"
        file.write_bytes(answer.content)
        names[file.name] = address
    jar = module_file("vnu-jar/build/dist/vnu.jar")
    command = [program("java", "default-jre-headless"), "-jar", jar, "--format", "json", "--exit-zero-always", *sorted(tmp_path.iterdir())]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=300).stderr)["messages"]
    assert not [(names[message["url"].rpartition("/")[2]], message["message"]) for message in said]
