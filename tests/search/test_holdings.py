"""What the search and the Quickfinder find of the registry: of the sample, of a release, after an import, at a past moment."""

from datetime import UTC, date, datetime

import pytest

from publishing import holdings
from publishing.ledger import publish
from publishing.moment import Moment, fixed
from registry.models import IssuanceRow, Release
from search import database, directory, indexer, queries
from search.directory import suggest
from tests.bodies.conftest import live_body, live_meeting
from tests.reading import parsed, text_of
from tests.record import DAY, live_page, new_term
from tests.registry.made import new_row

pytestmark = pytest.mark.django_db
ROWS = {
    "k1": {
        "reference": 2535,
        "title": "CUIDEMOS Mexico",
        "kind": "PoA",
        "hosts": "MX",
        "methodologies": "AMS-II.C.",
        "project_type": "Demand",
    },
    "k2": {"reference": 8, "title": "Brazil NovaGerar Landfill Gas to Energy Project", "hosts": "BR", "methodologies": "AM0003"},
    "k3": {"reference": 77, "title": "Wind farm in Gansu", "hosts": "CN", "methodologies": "ACM0002; AMS-I.D.", "project_type": "Wind"},
    "k4": {"reference": 78, "title": "Wind farm in Inner Mongolia", "hosts": "CN", "methodologies": "ACM0002", "project_type": "Wind"},
    "k7": {"reference": 79, "title": "Reeds of the delta", "hosts": "VN", "methodologies": "AMS-III.H."},
    "k5": {"reference": 2010, "title": "Biogas of a year", "hosts": "TH"},
    "k6": {"title": "Wind farm without a number", "hosts": "CN", "methodologies": "ACM0002", "project_type": "Wind"},
}


def import_release(as_of=date(2023, 11, 3), rows=None):
    """A published release of activities, the later ones of validations a year apart."""
    draft = Release.objects.create(as_of=as_of)
    for number, (key, row) in enumerate((rows or ROWS).items()):
        fields = {"validator": "Det Norske Veritas- CUK", "validation_start": date(2004 + number, 1, 1)} | row
        new_row(draft, key, **fields)
    IssuanceRow.objects.create(from_release=draft.pk, key="i", kind="PA", reference=78, date=date(2010, 1, 1), cers=5, host="CN", period=1)
    publish([draft])
    return draft


def led(client, typed):
    return client.get("/quickfinder/", {"q": typed})["Location"]


def urls(client, typed, **parameters):
    found = client.get("/search/", {"q": typed, "format": "json"} | parameters).json()
    return ["/" + hit["url"].split("/", 3)[3] for hit in [*found["best_bets"], *found["results"]]]


def test_bare_number_of_a_meeting_and_an_activity_leads_to_both(client, clock):
    live_page("", title="Home")
    live_page("executive-board", title="Executive Board")
    board = live_body(short="EB")
    for number in ("8", "9"):
        live_meeting(board, number, start=date(2003, 3, int(number)))
    import_release()
    assert led(client, "8") == "/search/?q=8"
    assert set(urls(client, "8")) == {"/projects/8/", "/executive-board/meetings/8/"}
    assert client.get("/search/", {"q": "8", "go": "1"}).status_code == 200
    assert led(client, "9") == "/executive-board/meetings/9/"
    assert led(client, "EB 8") == "/executive-board/meetings/8/"
    assert led(client, "project 8") == "/projects/8/"
    assert led(client, "77") == "/projects/77/"


TYPED = {
    "2535": "/projects/2535/",
    "NovaGerar": "/projects/8/",
    "China": "/parties/CN/",
    "AMS-I.D.": "/methodologies/AMS-I.D./",
    "ams i.d": "/methodologies/AMS-I.D./",
    "ACM0002": "/methodologies/ACM0002/",
    "DNV": "/entities/dnv/",
    "Det Norske Veritas": "/entities/dnv/",
    "ACM 2": "/methodologies/ACM0002/",
    "acm002": "/methodologies/ACM0002/",
    "ACM02": "/methodologies/ACM0002/",
    "AMS I D": "/methodologies/AMS-I.D./",
    "ams 1 d": "/methodologies/AMS-I.D./",
}
BEFORE_A_NUMBER = ["project 2535", "Project activity 2535", "programme no. 2535", "PoA 2535", "ref. 2535", "Ref: 2535", "#2535", "  2535 "]


@pytest.mark.parametrize(("typed", "address"), TYPED.items())
@pytest.mark.parametrize("has_release", [False, True])
def test_names_of_the_registry_lead_to_their_pages(client, indexed, typed, address, has_release):
    if has_release:
        import_release()
    indexed()
    assert led(client, typed) == address
    assert address in urls(client, typed)
    assert address in [suggestion.address for suggestion in suggest(typed, Moment())]


@pytest.mark.parametrize("typed", BEFORE_A_NUMBER)
def test_number_of_an_activity_is_told_with_a_word_before_it(client, indexed, typed):
    import_release()
    indexed()
    assert led(client, typed) == "/projects/2535/"
    assert "/projects/2535/" in [suggestion.address for suggestion in suggest(typed, Moment())]
    assert led(client, f"{typed}9").startswith("/search/")


def test_host_parties_are_found_by_the_names_that_visitors_type(client, indexed):
    hosts = {"Iran": "IR", "Bolivia": "BO", "Tanzania": "TZ", "laos": "LA", "South Korea": "KR", "Ivory Coast": "CI", "UAE": "AE"}
    import_release(rows={f"k{n}": {"reference": n, "title": "A farm", "hosts": code} for n, code in enumerate((*hosts.values(), "KP"), 1)})
    indexed()
    assert {name: led(client, name) for name in hosts} == {name: f"/parties/{code}/" for name, code in hosts.items()}
    told = [suggestion.address for suggestion in suggest("Korea", Moment())]
    assert told[0] == "/parties/KR/"
    assert "/parties/KP/" in told, "among the entities whose names begin so"


@pytest.mark.parametrize("typed", ["tuev sued", "TUEV SUED", "TÜV SÜD", "tuv sud", "Tu\u0308v Su\u0308d"])
def test_umlauts_are_found_by_what_is_written_for_them(client, indexed, typed):
    import_release(rows={"k1": {"title": "Solar roofs", "validator": "TÜV SÜD South Asia Private Limited (TÜV SÜD)"}})
    live_page("firms", title="Firms", body="One is TÜV SÜD of Munich.")
    indexed()
    assert led(client, typed) == "/entities/tuv-sud/"
    assert suggest(typed, Moment())[0].address == "/entities/tuv-sud/"
    assert urls(client, typed) == ["/entities/tuv-sud/", "/firms/"]
    page = parsed(client.get("/search/", {"q": typed}))
    assert [mark.text for mark in page.xpath("//ol[@class='item-list']/li[last()]//mark")] == ["TÜV", "SÜD"]
    stored = [document["thing"] for document, _ in database.search(queries.parse(typed), Moment()).documents]
    assert len(stored) == 2


def test_titles_with_umlauts_are_found_by_what_is_written_for_them(client, indexed):
    import_release(rows={"k1": {"reference": 5, "title": "Solar roofs of Zürich"}})
    indexed()
    for typed in ("zuerich", "zurich", "Zürich", "zueri"):
        assert led(client, typed) == "/projects/5/", typed
        assert "1 activity" in text_of(parsed(client.get("/projects/", {"q": typed})).xpath("//main")[0]), typed
    assert led(client, "solar zuerrich").startswith("/search/")


def test_items_of_the_sample_say_so_and_those_of_a_release_do_not(client, indexed, ask):
    indexed()
    assert "from the sample" in ask("2535").hits[0].passage
    import_release()
    indexed()
    assert ask("2535").hits[0].passage.startswith("Programme of activities <mark>2535</mark> · Mexico · AMS-II.C. · Registered")


def test_index_is_made_anew_after_an_import_and_until_then_has_no_items(indexed, ask):
    indexed()
    assert [hit.address for hit in ask("CUIDEMOS").hits] == ["/projects/2535/"]
    import_release(rows={"k9": {"reference": 9, "title": "Quite another"}})
    assert not ask("CUIDEMOS").hits
    assert ask("CUIDEMOS").count == 0
    assert indexer.catch_up() == "anew"
    assert not ask("CUIDEMOS").hits
    assert [hit.address for hit in ask("quite another").hits] == ["/projects/9/"]
    live_page("about")
    assert indexer.catch_up() == "1 things"


def test_texts_come_before_items_unless_an_item_bears_the_very_name(indexed, ask):
    import_release()
    for number in range(3):
        live_page(f"page-{number}", title=f"On wind {number}", body="Wind farm, at length. " * 9)
    indexed()
    found = ask("wind farm")
    assert [hit.kind for hit in found.hits] == ["page"] * 3 + ["activity"] * 2
    assert [hit.address for hit in found.hits[3:]] == ["/projects/78/", "/projects/77/"]
    assert ask("Wind farm in Gansu").hits[0].address == "/projects/77/"
    assert {choice["value"]: choice["count"] for facet in found.facets if facet["name"] == "kind" for choice in facet["choices"]} == {
        "page": 3,
        "activity": 2,
    }
    assert [hit.kind for hit in ask("wind farm", kind="activity").hits] == ["activity"] * 2
    assert [hit.kind for hit in ask("kind:activities wind").hits] == ["activity"] * 2


def test_items_change_neither_what_words_are_worth_nor_what_counts_as_enough(indexed, ask):
    live_page("one", title="One", body="Landfill and lamps.")
    live_page("two", title="Two", body="Lamps alone.")
    indexed()
    before = [(hit.address, hit.passage) for hit in ask("landfill lamps programme").hits]
    import_release(rows={f"k{n}": {"reference": n, "title": f"Landfill number {n}"} for n in range(1, 40)})
    indexed()
    found = ask("landfill lamps programme")
    assert [(hit.address, hit.passage) for hit in found.hits] == before
    assert ask("landfill gas").is_partial


def test_word_that_only_an_item_has_is_not_corrected_and_a_misspelt_one_is(indexed, ask):
    live_page("about", body="A nova garden.")
    import_release()
    indexed()
    assert ask("NovaGerar").corrected is None
    assert ask("NovaGrear").corrected.text == "novagerar"


def test_words_typed_apart_are_found_as_the_one_that_texts_have(client, indexed, ask):
    live_page("about", body="A nova garden. Biogas at length. Solar panels on roofs.")
    import_release()
    indexed()
    for typed in ("nova gerar", "Nova Gerar landfill"):
        assert led(client, typed) == "/projects/8/"
        assert ask(typed).corrected.text == typed.replace(" ", "", 1).lower()
        assert [hit.address for hit in ask(typed).hits] == ["/projects/8/"]
    assert ask("bio gas").corrected.text == "biogas"
    assert ask("solar roofs").corrected is None
    assert ask('"nova gerar"').corrected is None
    assert led(client, "nova gerar nothing").startswith("/search/")


NEAR = {"Chna": "CN", "CHNA": "CN", "Brazl": "BR", "Sout Africa": "ZA", "Viet Nm": "VN", "Nigr": "NE"}


@pytest.mark.parametrize(("typed", "code"), NEAR.items())
def test_names_of_parties_with_one_wrong_letter_are_suggested_and_searched_for(client, indexed, typed, code):
    import_release(rows={f"k{n}": {"reference": n, "title": "A farm", "hosts": host} for n, host in enumerate(NEAR.values(), 1)})
    live_page("charges", title="Charges", body="Words on Africa, charts and chapters.")
    live_page("chart", title="Chart")
    indexed()
    assert suggest(typed, Moment())[0].address == f"/parties/{code}/"
    assert urls(client, typed)[0] == f"/parties/{code}/"
    assert f"/parties/{code}/" not in urls(client, typed, **{"as": "typed"})
    past = client.get("/@2024-01-01/search/", {"q": typed, "format": "json"}).json()
    assert past["results"][0]["url"].endswith(f"/@2024-01-01/parties/{code}/")


def test_entity_with_a_wrong_letter_is_searched_for_and_what_may_be_two_or_is_a_code_is_not(client, indexed, ask):
    rows = {
        "k1": {"reference": 1, "title": "A farm", "hosts": "NE", "validator": "Bureau Veritas Certification"},
        "k2": {"reference": 2, "title": "A farm", "hosts": "NG", "methodologies": "ACM0002"},
    }
    import_release(rows=rows)
    indexed()
    assert ask("Bureau Veritsa Certification").hits[0].kind == "entity"
    assert ask("ACM0003").hits == []
    assert ask("Nigere").corrected is None
    assert ask("Nigr", **{"as": "typed"}).hits == []


def test_number_that_may_be_a_year_sends_nobody_to_an_activity(client, indexed, ask):
    import_release()
    live_page("about", title="About", body="It was 2010.")
    indexed()
    assert led(client, "2010").startswith("/search/")
    assert ask("2010").hits[0].address == "/about/"
    assert "/projects/2010/" in [suggestion.address for suggestion in suggest("2010", Moment())]


def test_word_of_a_name_means_that_and_no_single_activity(client, indexed):
    import_release(rows={"k1": {"reference": 5, "title": "Afforestation of slopes"}})
    publish([new_term("Afforestation and reforestation", slug="afforestation")])
    indexed()
    assert led(client, "afforestation").startswith("/search/")
    assert led(client, "slopes") == "/projects/5/"


PREFIXED = {
    "host:CN": ["/projects/78/", "/projects/77/", "/projects/k6/"],
    "host:china": ["/projects/78/", "/projects/77/", "/projects/k6/"],
    'host:"China" mongolia': ["/projects/78/"],
    "methodology:acm0002": ["/projects/78/", "/projects/77/", "/projects/k6/"],
    "methodology:AMS-I.D": ["/projects/77/"],
    "type:wind host:CN gansu": ["/projects/77/"],
    "host:Atlantis": [],
    "host:CN kind:activity gansu": ["/projects/77/"],
    "host:CN kind:page": [],
    "host: CN": ["/projects/78/", "/projects/77/", "/projects/k6/"],
    "HOST: CHN gansu": ["/projects/77/"],
    "gansu host: China kind: activity": ["/projects/77/"],
    "host:Viet Nam reeds": ["/projects/79/"],
    "host: viet nam": ["/projects/79/"],
    'host: "Viet Nam"': ["/projects/79/"],
    "methodology:acm2 gansu": ["/projects/77/"],
    "methodology:acm 2 gansu": ["/projects/77/"],
    "methodology: ams 1 d": ["/projects/77/"],
    "methodology:AMS I D type: wind": ["/projects/77/"],
}
NO_PREFIX = ["host: Atlantis", "host: of the projects", "type: of project", "year: of it", "kind: of thing", "section: wind", "host:"]


@pytest.mark.parametrize("typed", NO_PREFIX)
def test_prefix_before_a_blank_and_no_value_is_a_word(client, indexed, typed):
    import_release()
    indexed()
    answer = client.get("/search/", {"q": typed, "format": "json"}).json()
    assert answer["list"] is None
    words = typed.replace(":", "")
    assert answer["count"] == client.get("/search/", {"q": words, "format": "json"}).json()["count"]


@pytest.mark.parametrize(("typed", "found"), PREFIXED.items())
def test_prefixes_narrow_to_the_list_of_the_registry(client, indexed, typed, found):
    import_release()
    indexed()
    assert urls(client, typed) == found
    answer = client.get("/search/", {"q": typed, "format": "json"}).json()
    assert answer["count"] == len(found)
    assert led(client, typed).startswith("/search/?q=")
    listed = "/" + answer["list"].split("/", 3)[3]
    if "kind:" not in typed:
        assert f"{len(found)} activit" in text_of(parsed(client.get(listed)).xpath("//main")[0]) or not found


def test_page_of_narrowed_results_leads_to_the_list_at_its_moment(client, indexed):
    import_release()
    indexed()
    page = parsed(client.get("/search/", {"q": "host:CN wind"}))
    assert page.xpath("//a[@href='/projects/?q=wind&host=CN']")
    assert text_of(page.xpath("//ol[@class='item-list']//h2")[0]) == "Wind farm in Inner Mongolia"
    assert client.get("/search/index.md", {"q": "host:CN"}).status_code == 200
    assert client.get("/search/", {"q": "host:CN", "format": "atom"}).status_code == 200
    past = parsed(client.get("/@2024-01-01/search/", {"q": "host:CN wind"}))
    assert past.xpath("//a[@href='/@2024-01-01/projects/?q=wind&host=CN']")


ODD = ["host:", 'host:"', "host:\x00", "type:" + "x" * 200, "host:☃", "methodology:- host:* type:()", "host:CN " * 40]


@pytest.mark.parametrize("typed", ODD)
def test_odd_prefixes_are_no_error(client, indexed, typed):
    import_release()
    indexed()
    for form in ("", "json", "atom"):
        assert client.get("/search/", {"q": typed, "format": form} if form else {"q": typed}).status_code in {200, 400, 404}
    assert client.get("/quickfinder/", {"q": typed}).status_code == 302


def test_past_finds_what_was_listed_by_then(client, index, ask):
    import_release()
    then, before = fixed(datetime(2008, 6, 1, tzinfo=UTC)), fixed(datetime(2003, 6, 1, tzinfo=UTC))
    assert [hit.address for hit in ask("inner mongolia", then).hits] == ["/projects/78/"]
    assert [hit.address for hit in ask("inner mongolia", before).hits] == []
    assert [hit.address for hit in ask("2535", then).hits] == ["/projects/2535/"]
    assert [suggestion.address for suggestion in suggest("mongolia", before)] == []
    assert [suggestion.address for suggestion in suggest("mongolia", then)] == ["/projects/78/"]
    assert directory.exact("China", before).address == "/parties/CN/"


def test_database_finds_the_same_items_as_the_index(indexed, ask):
    import_release()
    live_page("about", title="About wind", body="Wind over Mongolia.")
    indexed()
    for typed in (
        "wind",
        "wind farm",
        "farms",
        "2535",
        "China",
        "ACM0002",
        "DNV",
        "NovaGerar landfill",
        "wind -gansu",
        '"inner mongolia"',
        "mongo*",
    ):
        query, moment = queries.parse(typed), Moment()
        stored = [document["thing"] for document, _ in database.search(query, moment).documents]
        assert stored == [hit.thing for hit in ask(typed).hits], typed


def test_search_of_the_past_shows_the_release_of_then(clock, ask, index):
    import_release()
    clock.tick(DAY)
    published = Moment().at
    clock.tick(DAY)
    draft = Release.objects.create(as_of=date(2024, 1, 1))
    new_row(draft, "new", reference=9999, title="Later one")
    publish([draft])
    assert [hit.address for hit in ask("9999", fixed(published)).hits] == []
    assert [hit.address for hit in ask("9999", fixed(Moment().at)).hits] == ["/projects/9999/"]


def test_every_item_has_one_document_with_the_version_shown(client):
    import_release()
    moment = Moment()
    searched = [holding for holding in holdings.every() if holding.is_searched]
    assert {holding.name for holding in holdings.every()} - {holding.name for holding in searched} == {"serial"}
    for holding in searched:
        found = list(holding.documents(moment))
        assert found
        assert len({document.thing for document in found}) == len(found)
        assert {document.number for document in found} == {holding.version(moment)}
        assert set(holding.targets([document.thing for document in found], moment)) == {document.thing for document in found}


def test_names_of_holdings_follow_a_release_and_not_other_publications(client, monkeypatch):
    import_release()
    suggest("China", Moment())
    asked = []
    monkeypatch.setattr(directory, "names_held", lambda moment: asked.append(moment) or {})
    live_page("about")
    assert [suggestion.address for suggestion in suggest("China", Moment())] == ["/parties/CN/"]
    assert not asked
    import_release(date(2023, 12, 3), {"n1": {"title": "Elsewhere", "hosts": "KE"}})
    suggest("Kenya", Moment())
    assert len(asked) == 1


def test_suggestions_of_activities_cost_two_queries(client, django_assert_max_num_queries):
    import_release()
    suggest("wind", Moment())
    with django_assert_max_num_queries(2):
        assert len(suggest("wind", Moment())) >= 2


@pytest.mark.parametrize("has_release", [False, True])
def test_every_item_leads_to_a_page_of_its_name(client, has_release):
    if has_release:
        import_release()
    for holding in holdings.every():
        items = [document.thing for document in holding.documents(Moment())]
        for target in holding.targets(items[:60], Moment()).values():
            page = client.get(target.address)
            assert page.status_code == 200, target.address
            assert target.title in text_of(parsed(page).xpath("//main")[0]), target.address
