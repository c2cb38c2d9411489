"""Addresses of the CDM site of the UNFCCC lead on to what stands here, at any moment, and never off the site."""

import pytest
from django.test import Client
from django.urls import reverse

from registry.importing import import_folder
from registry.models import ActivityRow, IssuanceRow
from tests.record import live_page
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db
LED_ON = {
    "/Projects/projsearch.html": "/projects/",
    "/Projects/search.html": "/projects/",
    "/Projects/index.html": "/projects/",
    "/PROJECTS/": "/projects/",
    "/Projects": "/projects/",
    "/projects/INDEX.HTML": "/projects/",
    "/Projects/registered.html": "/projects/?status=Registered",
    "/Projects/rejected.html": "/projects/?status=Withdrawn",
    "/Projects/withdrawn.html": "/projects/?status=Withdrawn",
    "/Projects/Validation/": "/projects/?status=Validated",
    "/Projects/Validation/index.html": "/projects/?status=Validated",
    "/Projects/redirector?ref=1365": "/projects/1365/",
    "/Projects/redirector/?ref=0008": "/projects/8/",
    "/Projects/redirector?ref=//evil.example": "/projects/",
    "/Projects/redirector": "/projects/",
    "/ProgrammeOfActivities/registered.html": "/programmes/?status=Registered",
    "/ProgrammeOfActivities/poa_db/X/view": "/programmes/",
    "/Issuance/cers_iss.html": "/issuance/",
    "/Issuance/index.html": "/issuance/",
    "/methodologies/PAmethodologies/approved.html": "/methodologies/?family=large",
    "/methodologies/PAmethodologies/approved": "/methodologies/?family=large",
    "/methodologies/SSCmethodologies/index.html": "/methodologies/?family=small",
    "/methodologies/ARmethodologies/": "/methodologies/?family=forest",
    "/methodologies/DB/ABC/view.html": "/methodologies/",
    "/methodologies/index.html": "/methodologies/",
    "/DOE/list/index.html": "/doe/",
    "/doe/list/": "/doe/",
    "/DOE": "/doe/",
    "/DNA/index.html": "/dna/",
    "/Statistics/Public/CDMinsights/index.html": "/statistics/",
    "/sunsetcms/Statistics/Issuance/CERsIssued.html": "/statistics/",
    "/Registry/index.html": "/registry/",
    "/Reference/COPMOP/index.html": "/documents/?body=cmp",
    "/Reference/Guidclarif/index.html": "/documents/?class=guidance",
    "/Reference/tools/index.html": "/documents/?class=tool",
    "/Reference/PDDs_Forms/index.html": "/documents/?class=form",
    "/Reference/Documents/index.html": "/documents/",
    "/index.html": "/",
    "/CDMNews/issues/issues/I_X/viewnewsitem.html": "/news/",
}


@pytest.mark.parametrize(("old", "leads_to"), LED_ON.items())
def test_old_address_leads_on(old, leads_to):
    answer = Client().get(old)
    assert (answer.status_code, answer["Location"]) == (301, leads_to)
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("old", "leads_to"),
    [(old, LED_ON[old]) for old in ("/Projects/registered.html", "/Projects/redirector?ref=1365", "/DOE", "/index.html")],
)
def test_old_address_leads_on_within_the_moment(old, leads_to):
    assert Client().get(f"/@2010-03-10{old}")["Location"] == f"/@2010-03-10{leads_to}"


@pytest.mark.parametrize(
    "address",
    [
        "/Projects//evil.example/",
        "//evil.example/Projects/registered.html",
        "/Projects/\\evil.example/",
        "/EB/%2f%2fevil.example",
        "/Reference//evil.example/",
        "/Projects/Validation/DB/%2F%2Fevil/view.html",
        "/Projects/DB/https:evil/view",
        "/index.html/index.html",
        "/Projects/DB/" + "x" * 2000,
    ],
)
def test_no_address_leads_off_the_site(address):
    answer = Client().get(address)
    assert answer.status_code in (301, 404)
    assert "evil" not in answer.get("Location", "")
    assert answer.get("Location", "/").startswith("/")


def test_what_the_portal_has_itself_is_not_led_on():
    for name in ("registry:projects", "registry:statistics", "registry:registry"):
        assert Client().get(reverse(name)).status_code == 200
    for address in (
        "/nowhere/index.html",
        "/methodologies/ACM9999/",
        "/registry/Nothing/",
        "/issuance/?format=NOSUCH",
        "/projects/NOSUCH1/",
    ):
        assert Client().get(address).status_code == 404, address
    assert Client().post("/Projects/registered.html").status_code in (403, 404, 405)


def test_section_that_a_moment_lacks_leads_to_what_stands_above_it():
    assert Client().get("/about/ccs/index.html")["Location"] == "/"
    assert Client().get("/Panels/meth/index.html")["Location"] in ("/panels/", "/")


@pytest.fixture
def release(tmp_path):
    activities = [
        {"project_ref": "7", "unique_id": "SEVEN", "title": "Wind farm", "total_cers_issued": "100"},
        {"unique_id": "NUMBERLESS", "title": "No number"},
    ]
    issuances = [{"project_ref": "7", "issuance_process_id": "LRQA Ltd1343652670.52"}]
    return import_folder(folder_of(tmp_path, activities, issuances))


def test_activity_is_found_by_its_unique_identifier(release):
    assert Client().get("/Projects/Validation/DB/SEVEN/view.html")["Location"] == "/projects/SEVEN/"
    assert Client().get("/projects/SEVEN/")["Location"] == "/projects/7/"
    assert Client().get("/PROJECTS/validation/db/NUMBERLESS/view.html")["Location"] == "/projects/NUMBERLESS/"
    answer = Client().get("/Projects/Validation/DB/NOSUCH/view.html")
    assert answer.status_code == 404
    assert "cannot be led on" in answer.content.decode()


def test_issuance_is_found_by_the_number_of_its_process(release):
    for written in ("LRQA%20Ltd1343652670.52", "LRQA+Ltd1343652670.52"):
        answer = Client().get(f"/Projects/DB/DNV-CUK1.1/iProcess/{written}/view")
        assert answer["Location"] == "/projects/7/#issuance-LRQA-Ltd1343652670.52"
    assert 'id="issuance-LRQA-Ltd1343652670.52"' in Client().get("/projects/7/").content.decode()


def test_page_of_a_request_says_what_cannot_be_led_on_and_offers_the_search(release):
    for address in ("/Projects/DB/DNV-CUK1101980215.07/view", "/Projects/DB/DNV-CUK1101980215.07/iProcess/NoSuch1.1/view"):
        answer = Client().get(address)
        assert answer.status_code == 404
        page = answer.content.decode()
        assert "are not in the data" in page
        assert 'name="q"' in page


def test_until_a_release_is_imported_the_sample_is_asked():
    assert Client().get("/Projects/Validation/DB/AuxID/view.html")["Location"] == "/projects/AuxID/"
    assert Client().get("/Projects/DB/X/iProcess/DNV-CUK1142506026.01/view")["Location"] == "/projects/1/#issuance-DNV-CUK1142506026.01"


def test_all_identifiers_and_processes_of_the_real_release_lead_on(registry_data):
    import_folder(registry_data)
    for model, field, count in ((ActivityRow, "key", 13_161), (IssuanceRow, "process", 11_902)):
        values = model.objects.values_list(field, flat=True).distinct()
        assert len(values) == count
        for value in list(values)[:: count // 150]:
            old = f"/Projects/Validation/DB/{value}/view.html" if field == "key" else f"/Projects/DB/X/iProcess/{value}/view"
            answer = Client().get(old)
            assert answer.status_code == 301, old
            leads_to, _mark, anchor = answer["Location"].partition("#")
            if anchor:
                assert f'id="{anchor}"' in Client().get(leads_to).content.decode(), old


def test_short_addresses_below_about_lead_to_its_pages():
    about = live_page("about")
    for old, slug in (("/about/hcfc22", "hcfc-22"), ("/about/limitations/", "small-scale-ar-limit")):
        live_page(slug, parent=about)
        assert Client().get(old)["Location"] == f"/about/{slug}/"
