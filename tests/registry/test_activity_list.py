"""Lists of project activities and programmes, read as visitors read them."""

import csv
import io
import json
import re
from datetime import date
from urllib.parse import quote

import pytest
from lxml import etree

from registry.exports import HEADER
from registry.filters import NAMES
from registry.importing import import_folder
from tests.reading import parsed, text_of
from tests.record import live_page
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
ACTIVITIES = [
    {"project_ref": "7", "unique_id": "SEVEN", "title": "Wind farm of the north", "total_cers_issued": "300"},
    {
        "project_ref": "8",
        "unique_id": "EIGHT",
        "title": "ESTRE\x92s landfill",
        "project_type": "Landfill gas",
        "scope_number": "13",
        "scale": "",
    },
    {"unique_id": "NINE", "title": "=Hydro of the south", "status_group": "Withdrawn", "lat": "-91", "validation_start": "2011-05-06"},
    {
        "project_ref": "10",
        "unique_id": "TEN",
        "title": "Stoves of all",
        "activity_type": "PoA",
        "host_iso2": "KE",
        "host_country_first": "Kenya",
        "subregion": "Eastern Africa",
        "scale": "",
        "annual_reductions_tco2e_2018": "",
        "lat": "",
        "lon": "",
    },
    {
        "project_ref": "11",
        "unique_id": "ELEVEN",
        "title": "Misplaced",
        "host_iso2": "IN",
        "host_country_first": "India",
        "lat": "80",
        "lon": "80",
    },
]
ISSUANCES = [
    {"project_ref": "7", "issuance_date": "2008-05-06", "cers_issued": "100"},
    {"project_ref": "7", "issuance_date": "2010-05-06", "cers_issued": "250", "issuance_process_id": "SGS 2", "doe": "SGS"},
    {"project_ref": "8", "issuance_date": "2009-01-02", "cers_issued": "1500"},
]


def load(path, activities, issuances=()):
    """A release with these rows, each given by what differs from the usual one."""
    import_folder(folder_of(path / "data", activities, issuances), as_of=date(2023, 11, 3))


@pytest.fixture
def imported(tmp_path):
    load(tmp_path, ACTIVITIES, ISSUANCES)


def main(answer):
    return parsed(answer).xpath("//main")[0]


def titles(answer):
    return [text_of(link) for link in main(answer).xpath(".//ul[@class='results']//h2/a")]


def rows(answer):
    return {text_of(row.xpath(".//h2/a")[0]): text_of(row) for row in main(answer).xpath(".//ul[@class='results']/li")}


def chips(answer):
    return [text_of(chip) for chip in main(answer).xpath(".//ul[@class='chips']/li")]


def facets(answer):
    """(label, count, whether chosen) by the heading of the facet."""
    found = {}
    for heading in main(answer).xpath(".//nav[@class='facets']/h3"):
        links = heading.getnext().xpath("./li/a[span[@class='count']]")
        found[text_of(heading)] = [(text_of(a[0]), text_of(a[1]), a.get("aria-current") == "true") for a in links]
    return found


def counted(answer):
    return text_of(main(answer).xpath(".//p[@class='count-line']")[0])


def sheet(answer):
    """The rows of a CSV, each as a dict."""
    text = b"".join(answer).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


# The list


def test_list_has_both_kinds_and_programmes_stand_alone_below_theirs(client, imported):
    assert set(titles(client.get("/projects/"))) == {
        "Wind farm of the north",
        "ESTRE’s landfill",
        "=Hydro of the south",
        "Stoves of all",
        "Misplaced",
    }
    assert titles(client.get("/projects/?kind=PoA")) == titles(client.get("/programmes/")) == ["Stoves of all"]
    assert titles(client.get("/programmes/?kind=PA")) == ["Stoves of all"]
    assert "Kind" not in facets(client.get("/programmes/"))


def test_most_cers_come_first_and_the_page_says_so(client, imported):
    answer = client.get("/projects/")
    assert titles(answer)[:2] == ["ESTRE’s landfill", "Wind farm of the north"]
    [chosen] = main(answer).xpath(".//select[@id='sort']/option[@selected]")
    assert text_of(chosen) == "most CERs issued"
    assert titles(client.get("/projects/?sort=title"))[0] == "=Hydro of the south"
    assert titles(client.get("/projects/?sort=ref"))[-1] == "=Hydro of the south"
    assert titles(client.get("/projects/?sort=issued"))[0] == "Wind farm of the north"
    assert titles(client.get("/@2009-06-01/projects/?sort=issued"))[0] == "ESTRE’s landfill"


def test_row_tells_what_is_known_and_marks_stand_beside_the_values(client, imported):
    found = rows(client.get("/projects/"))
    assert found["ESTRE’s landfill"] == (
        "8 ESTRE’s landfill repaired Brazil · ACM0002 · scale not given · crediting from 1 Jan 2006 · Status (3 Nov 2023): Registered "
        "1,500 contradicted CERs in 1 issuance"
    )
    assert "large scale (2018 map file)" in found["Wind farm of the north"]
    assert found["Wind farm of the north"].endswith("350 contradicted CERs in 2 issuances")
    assert found["Stoves of all"].startswith("10 Stoves of all Programme · Kenya")
    assert "Status (3 Nov 2023): Withdrawn" in found["=Hydro of the south"]


def test_past_day_has_its_own_figures_and_says_which_are_of_the_release(client, imported):
    answer = client.get("/@2009-06-01/projects/")
    found = rows(answer)
    assert "=Hydro of the south" not in found
    assert found["Wind farm of the north"].endswith(
        "On 1 Jun 2009: registered · Status (3 Nov 2023): Registered 100 contradicted CERs in 1 issuance"
    )
    assert "On 1 Jun 2009: registered 1 Jan 2006 derived" in found["Stoves of all"]
    assert "On 1 Jun 2009: crediting period begun 1 Jan 2006" in found["Misplaced"]
    assert counted(answer) == "4 activities · 1,600 CERs issued by 1 Jun 2009"
    assert (
        counted(client.get("/@2009-06-01/projects/?host=BR&type=Wind"))
        == "1 activity · 100 CERs issued by 1 Jun 2009 · of 4 listed by then"
    )
    lead = text_of(main(answer).xpath(".//p[@class='since']")[0])
    assert lead.startswith(
        "Figures as of 1 Jun 2009 · Titles, status, host Parties, methodologies and scale: release of 3 Nov 2023, published here "
    )


def test_release_published_later_is_told_to_be_a_reconstruction(client, imported):
    def lead(address):
        return text_of(main(client.get(address)).xpath(".//p[@class='since']")[0])

    assert lead("/@2009-06-01/projects/").endswith(", later than this day: reconstructed")
    assert "reconstructed" not in lead("/projects/")


def test_after_the_end_of_the_data_the_page_says_that_they_end(client, imported):
    assert text_of(main(client.get("/projects/")).xpath(".//p[@class='since']")[0]).startswith("Figures to 3 Nov 2023, the end of the data")
    assert counted(client.get("/@2024-05-01/projects/")) == "5 activities · 1,850 CERs issued by 3 Nov 2023"


def test_day_before_anything_was_listed_says_when_the_first_was(client, imported):
    answer = client.get("/@2001-01-01/projects/")
    assert answer.status_code == 200
    assert "None was listed on 1 January 2001. The first: 2 January 2005." in text_of(main(answer))
    assert titles(answer) == []


def test_empty_list_counts_what_each_filter_keeps_away(client, imported):
    answer = client.get("/projects/?type=Wind&scope=13")
    empty = main(answer).xpath(".//p[@class='empty']")[0]
    assert text_of(empty) == (
        "No activity matches all of this. Take away: 13 Waste handling and disposal (4 without it) · Wind (1 without it)"
    )
    assert [titles(client.get(f"/projects/{address}")) != [] for address in empty.xpath("./a/@href")] == [True, True]
    none = client.get("/projects/?type=Wind&scope=13&host=XX")
    assert "nor all but one of it" in text_of(main(none))


def test_facets_count_beside_all_other_filters_and_show_what_is_chosen_at_nothing(client, imported):
    found = facets(client.get("/projects/?host=BR"))
    assert found["Status (3 Nov 2023)"] == [("Registered", "2", False), ("Withdrawn, rejected or terminated", "1", False)]
    assert found["Host Party"] == [("Brazil", "3", True), ("India", "1", False), ("Kenya", "1", False)]
    assert ("Waste handling and disposal", "0", True) in facets(client.get("/projects/?type=Wind&scope=13"))["Sectoral scope"]


def test_links_of_facets_keep_crawlers_out_and_lead_to_what_they_count(client, imported):
    document = main(client.get("/projects/?status=Registered"))
    links = document.xpath(".//nav[@class='facets']//a[span[@class='count']]")
    assert len(links) > 8
    for link in links:
        assert link.get("rel") == "nofollow"
        if link.get("aria-current") != "true" and "Registered" not in text_of(link):
            answer = client.get(f"/projects/{link.get('href')}")
            own = {text_of(a[0]): text_of(a[1]) for a in main(answer).xpath(".//nav[@class='facets']//a[span[@class='count']]")}
            assert own.get(text_of(link[0])) == text_of(link[1]), link.get("href")
    robots = client.get("/robots.txt").text
    for path in ("/projects/", "/programmes/", "/issuance/"):
        assert f"Allow: {path}?page=\nDisallow: {path}?\n" in robots


def test_words_are_looked_for_in_title_number_party_and_methodology(client, imported):
    for words, found in {
        "nor WIND": {"Wind farm of the north"},
        "estre’s": {"ESTRE’s landfill"},
        "kenya": {"Stoves of all"},
        "10": {"Stoves of all"},
        "acm 0002": set(),
        "acm0002 south": {"=Hydro of the south"},
        "ACM-0002 brazil wind": {"Wind farm of the north"},
        "1": set(),
    }.items():
        assert set(titles(client.get("/projects/", {"q": words}))) == found, words


def test_further_filters_narrow_to_what_they_say(client, imported):
    for query, found in {
        "verifier=SGS": {"Wind farm of the north"},
        "issued=no&numbered=yes": {"Stoves of all", "Misplaced"},
        "numbered=no": {"=Hydro of the south"},
        "issued_from=2009&issued_to=2009-12": {"ESTRE’s landfill"},
        "cers_min=1000": {"ESTRE’s landfill"},
        "cers_max=0&located=no": {"Stoves of all", "=Hydro of the south"},
        "validation_from=2011": {"=Hydro of the south"},
        "ref=7&ref=10": {"Wind farm of the north", "Stoves of all"},
        "family=consolidated&subregion=Eastern+Africa": {"Stoves of all"},
    }.items():
        assert set(titles(client.get(f"/projects/?{query}"))) == found, query
    assert titles(client.get("/@2009-06-01/projects/?verifier=SGS")) == []


def test_chips_name_what_narrows_and_lead_to_the_list_without_it(client, imported):
    answer = client.get("/projects/?host=BR&q=wind&host=XX&sort=title")
    assert chips(answer) == ["Remove “wind”", "Remove Brazil", "Remove Host Party: XX (not in this release)", "Show all"]
    hrefs = main(answer).xpath(".//ul[@class='chips']/li/a/@href")
    assert hrefs == ["?host=BR&host=XX&sort=title", "?q=wind&host=XX&sort=title", "?q=wind&host=BR&sort=title", "/projects/"]
    assert counted(client.get("/projects/?host=XX")) == "0 activities"


def test_all_filters_have_a_page_whose_form_finds_what_it_asks(client, imported):
    document = main(client.get("/projects/?host=BR&facets=all"))
    assert {"Scale", "Located"} <= {text_of(heading) for heading in document.xpath(".//h3")}
    names = set(document.xpath(".//form[@class='filters']//@name"))
    assert {"q", "ref", "verifier", "validation_from", "issued_to", "cers_min", "mw_max", "issued", "numbered", "sort", "host"} <= names
    assert document.xpath(".//form[@class='filters']/@action") == ["/projects/"]
    assert text_of(document.xpath(".//a[@class='more']")[0]) == "Show 3 activities"
    assert not document.xpath(".//ul[@class='results']")
    assert client.get("/projects/?facets=nothing").status_code == 404
    assert client.get("/programmes/?facets=kind").status_code == 404


def test_facet_with_many_values_shows_the_most_frequent_and_leads_to_all(client, tmp_path):
    many = [{"unique_id": f"T{n}", "title": "T", "project_type": f"Type {n:02}"} for n in range(12)]
    load(tmp_path, [*many, {"unique_id": "X", "title": "X", "project_type": "Type 11"}])
    answer = client.get("/projects/")
    assert facets(answer)["Type"][0] == ("Type 11", "2", False)
    assert len(facets(answer)["Type"]) == 7
    [link] = main(answer).xpath(".//nav[@class='facets']//a[starts-with(., '5 more')]")
    assert (link.get("rel"), link.get("href")) == ("nofollow", "?facets=type")
    assert len(facets(client.get("/projects/?facets=type"))["Type"]) == 12
    assert len(facets(client.get("/projects/?type=Type+09"))["Type"]) == 8


def test_pages_have_so_many_rows_as_were_asked_for(client, tmp_path):
    import_folder(
        folder_of(tmp_path / "data", [{"unique_id": f"T{n:03}", "title": f"T {n:03}"} for n in range(120)]), as_of=date(2023, 11, 3)
    )
    assert len(titles(client.get("/projects/"))) == len(titles(client.get("/projects/?per=33"))) == 25
    assert len(titles(client.get("/projects/?per=100"))) == 100
    pages = [titles(client.get(f"/projects/?per=50&page={number}&sort=title")) for number in (1, 2, 3)]
    assert [title for page in pages for title in page] == [f"T {n:03}" for n in range(120)]
    assert client.get("/projects/?per=50&page=4").status_code == client.get(f"/projects/?page={10**30}").status_code == 404


def test_text_of_the_section_stays_below_the_list_on_its_first_page_alone(client, imported):
    live_page("projects", title="Activities of projects", body="A text on project activities.")
    answer = client.get("/projects/")
    assert text_of(main(answer).xpath("./h1")[0]) == "Activities of projects"
    assert "A text on project activities." in text_of(main(answer).xpath(".//details[@class='fold']")[0])
    assert not main(client.get("/projects/?host=BR")).xpath(".//details[@class='fold']")


# The sample


def test_sample_says_what_it_is_and_gives_no_total(client):
    for address in ("/projects/", "/programmes/", "/projects/?facets=all", "/@2015-01-01/projects/"):
        answer = client.get(address)
        lead = text_of(main(answer).xpath(".//p[@class='since']")[0])
        assert "Sample of 110 activities from the release of 3 Nov 2023. The whole release: make registry FOLDER=…" in lead
        assert re.fullmatch(r"\d+ activities in the sample", counted(answer)), address
    assert client.get("/@2015-01-01/projects/")["Cache-Control"] == "private, no-store"
    about = json.loads(b"".join(client.get("/projects/?format=json")))
    assert about["is_sample"]
    assert about["source"] == "Sample from the UNFCCC release of 3 November 2023; its sums are no totals"
    assert "sample-2023-11-03" in client.get("/projects/?format=csv")["Content-Disposition"]


def test_sum_of_a_year_in_the_sample_counts_as_the_issuances_that_it_stands_for(client):
    first = rows(client.get("/projects/?ref=1"))
    assert next(iter(first.values())).endswith("56,704,038 CERs in 48 issuances")
    feed = etree.fromstring(client.get("/projects/?ref=1&format=atom").content)
    assert len(feed.findall("a:entry", ATOM)) == 2


# Files


@pytest.mark.parametrize("day", ["", "/@2009-06-01"])
@pytest.mark.parametrize("query", ["", "host=BR", "kind=PoA", "type=Wind&scope=13", "sort=title"])
def test_files_have_the_rows_of_the_page_in_its_order(client, imported, day, query):
    shown = rows(client.get(f"{day}/projects/?per=100&{query}"))
    table = sheet(client.get(f"{day}/projects/?format=csv&{query}"))
    assert [row["title"].removeprefix("'") for row in table] == list(shown)
    for row, text in zip(table, shown.values(), strict=True):
        assert f" {int(row['cers_issued']):,} " in text or row["cers_issued"] == "0"
        assert f"CERs in {row['n_issuances']} issuance" in text or (row["n_issuances"] == "0" and "CERs in" not in text)
        assert text.startswith(row["project_ref"])
    whole = json.loads(b"".join(client.get(f"{day}/projects/?format=json&{query}")))
    lines = [json.loads(line) for line in b"".join(client.get(f"{day}/projects/?format=ndjson&{query}")).decode().splitlines()]
    assert whole["items"] == lines
    assert [item["title"] for item in lines] == list(shown)
    assert whole["total"] == len(lines)
    assert (whole["release"], whole["as_of"]) == ("2023-11-03", "2009-06-01" if day else "2023-11-03")
    for row, item in zip(table, lines, strict=True):
        assert list(row) == list(item) == HEADER
        told = {name: "" if value is None else str(value) for name, value in item.items()}
        assert {name: value.removeprefix("'") for name, value in row.items()} == told


def test_csv_bears_the_names_of_the_source_and_guards_texts_alone(client, imported):
    answer = client.get("/projects/?format=csv&status=Withdrawn&host=BR")
    assert answer["Content-Disposition"] == (
        'attachment; filename="projects-release-2023-11-03-as-of-2023-11-03-host-br-status-withdrawn.csv"'
    )
    [row] = sheet(answer)
    assert row["title"] == "'=Hydro of the south"
    [row] = sheet(client.get("/projects/?format=csv&ref=7"))
    assert (row["lat"], row["lon"], row["cers_issued"]) == ("-10.5", "-50.25", "350")
    assert (row["first_issuance"], row["latest_issuance"], row["n_issuances"]) == ("2008-05-06", "2010-05-06", "2")
    assert row["badges"] == "map file 2018; contradicted"


def test_geojson_has_the_plausible_points_alone(client, imported):
    answer = client.get("/projects/?format=geojson")
    assert answer["Content-Type"] == "application/geo+json"
    found = json.loads(b"".join(answer))
    assert found["type"] == "FeatureCollection"
    assert {feature["id"]: feature["geometry"] for feature in found["features"]} == {
        key: {"type": "Point", "coordinates": [-50.25, -10.5]} for key in ("SEVEN", "EIGHT")
    }
    assert found["features"][0]["properties"]["address"].endswith("/projects/8/")


def test_atom_has_the_newest_issuances_of_the_filter_up_to_the_day(client, imported):
    def entries(address):
        feed = etree.fromstring(client.get(address).content)
        return [
            (entry.findtext("a:title", namespaces=ATOM), entry.find("a:link", ATOM).get("href")) for entry in feed.findall("a:entry", ATOM)
        ]

    assert [title for title, _link in entries("/projects/?format=atom")] == [
        "250 CERs: Wind farm of the north",
        "1,500 CERs: ESTRE’s landfill",
        "100 CERs: Wind farm of the north",
    ]
    [(title, link)] = entries("/@2008-06-01/projects/?format=atom&type=Wind")
    assert (title, link.partition("/@")[2]) == ("100 CERs: Wind farm of the north", "2008-06-01/projects/7/#issuance-DNV1")
    assert entries("/projects/?format=atom&host=KE") == []
    feed = etree.fromstring(client.get("/projects/?format=atom&type=Wind").content)
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert len(set(ids)) == 2
    assert feed.findtext("a:updated", namespaces=ATOM) == "2010-05-06T00:00:00+00:00"


def test_unknown_format_is_404(client, imported):
    for form in ("xml", "CSV", "csv\x00", "../csv"):
        assert client.get("/projects/", {"format": form}).status_code == 404


def test_markdown_has_the_page_that_the_address_asks_for(client, imported):
    live_page("projects", title="Project Activities", body="A text on project activities.")
    text = client.get("/projects/index.md").text
    assert "A text on project activities." in text
    assert "- 8 [ESTRE’s landfill](http://127.0.0.1:8000/projects/8/) Brazil · ACM0002" in text
    narrowed = client.get("/@2009-06-01/projects/index.md?type=Wind&kind=PA").text
    assert narrowed.startswith("# Project Activities\n\n2 activities · 100 CERs issued by 1 Jun 2009 · of 4 listed by then · page 1 of 1\n")
    assert "(http://127.0.0.1:8000/@2009-06-01/projects/7/)" in narrowed
    assert client.get("/projects/index.md?host=XX").text == "# Project Activities\n\n0 activities · page 1 of 1\n"


# What visitors may type

HOSTILE = [
    "",
    " ",
    "\x00",
    "'",
    '"><script>alert(1)</script>',
    "%",
    "<i>",
    "{{ x }}",
    "../..",
    "\u202egnp",
    "٢٠١٠",
    "²",
    "1e999",
    "-1",
    "9" * 400,
    "null",
    "2010-02-31",
    "x" * 5000,
    "&host=CN",
    "=1+1",
    "\ud83d\ude00",
]


@pytest.mark.parametrize("is_sample", [True, False])
def test_no_value_of_any_parameter_is_a_fault(client, request, is_sample):
    if not is_sample:
        request.getfixturevalue("imported")
    for turn, text in enumerate(HOSTILE):
        typed = quote(text, errors="surrogatepass")
        asked = [
            "&".join(f"{name}={typed}" for name in (*NAMES, "sort", "per")),
            *(f"{name}={typed}" for name in ("page", "format", "facets")),
        ]
        asked += [f"{name}={typed}&facets=all" for name in NAMES[turn :: len(HOSTILE)]]
        for query in asked:
            path = ("/projects/", "/@2010-03-10/programmes/")[turn % 2]
            answer = client.get(f"{path}?{query}")
            assert answer.status_code in ({200, 404} if query.startswith(("page=", "format=", "facets=")) else {200}), query
            if not answer.streaming:
                assert "<script>alert" not in answer.text
                assert "<i>" not in answer.text
    assert client.get("/projects/?" + "&".join(f"{name}={n}" for name in NAMES for n in range(20))).status_code == 200


@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "geojson", "atom"])
def test_no_value_in_a_file_is_a_fault(client, imported, form):
    for text in HOSTILE:
        answer = client.get(
            f"/projects/?format={form}&host={quote(text, errors='surrogatepass')}&q={quote(text[:50], errors='surrogatepass')}"
        )
        body = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code == 400:
            assert "at most" in body.decode()
            continue
        assert answer.status_code == 200
        assert body.startswith({"atom": b"<?xml", "csv": b"\xef\xbb\xbf", "ndjson": b""}.get(form, b"{"))
        assert "\n" not in answer.headers.get("Content-Disposition", "")


def test_hostile_title_of_a_release_is_shown_as_text(client, tmp_path):
    title = "<script>alert(1)</script> & \"'"
    load(tmp_path, [{"unique_id": "X", "title": title, "project_type": "<b>x</b>"}])
    for address in ("/projects/", "/projects/?type=%3Cb%3Ex%3C%2Fb%3E", "/projects/?facets=all", "/projects/index.md"):
        text = client.get(address).text
        assert "<script>alert" not in text
    assert titles(client.get("/projects/")) == [title]
    assert sheet(client.get("/projects/?format=csv"))[0]["title"] == title


def test_list_costs_three_queries_at_most(client, imported, django_assert_max_num_queries):
    live_page("projects", title="Project Activities", body="A text.")
    for address in ("/projects/", "/projects/?host=BR", "/@2009-06-01/projects/?q=wind", "/projects/?facets=all", "/projects/?format=atom"):
        client.get(address)
        with django_assert_max_num_queries(3):
            client.get(address)
