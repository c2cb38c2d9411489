"""A word of its own in every state that a text can be in: it must not come out where that state is not public.

Looked for in results, counts, facets, spelling, feed, JSON, best bets, suggestions and the Quickfinder, with an index that is up to the
record, with one that is behind it, with none, and at moments of the past.
"""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from publishing.ledger import OnPending, erase, publish, withdraw
from publishing.models import Edition, ShareLink
from search import indexer
from search.models import Issue
from tests.planting import planted_once
from tests.record import DAY, HOUR, MINUTE, START, Clock, edit, live_page, new_page, new_term

pytestmark = pytest.mark.django_db

STATES = ("new", "draft", "scheduled", "withdrawn", "superseded", "erased", "shared", "dropped")


def canary(state):
    """The word that is asked for."""
    return f"canary{state}x"


def marker(state):
    """The word that stands beside it and is never asked for: where it is read, something has come out."""
    return f"marker{state}y"


def secret(state):
    both = f"{canary(state)} {marker(state)}"
    return {"title": both, "summary": f"{both}.", "body": f"{both} sings."}


PUBLIC = {"title": "Public", "summary": "", "body": "Public."}


@pytest.fixture(scope="module")
def planting(django_db_setup, django_db_blocker, tmp_path_factory):
    with planted_once(planted_with, django_db_blocker.unblock(), tmp_path_factory.mktemp("canary")) as planting:
        yield planting


@pytest.fixture(autouse=True)
def index(planting):
    """The index of what is planted, in place of an empty one."""
    with planting.restored() as engine:
        yield engine


@pytest.fixture
def clock(planting):
    clock = Clock(planting.now)
    with clock.held():
        yield clock


@pytest.fixture
def planted(planting, clock):
    return planting.things


def planted_with(clock):
    """A page, a term and an issue in each state, and a page with a canary that is public."""
    home = live_page("", title="CDM Home", body="Welcome.")
    live_page("open", **secret("open"))
    things = {
        state: (
            new_page(f"is-{state}", **PUBLIC),
            new_term(f"Is-{state}", body="Public."),
            Issue.objects.create(label=f"Is-{state}", target=home, heading="rules"),
        )
        for state in STATES
    }
    for state, (page, term, issue) in things.items():
        plant(state, page, term, issue, clock)
    return things


def plant(state, page, term, issue, clock):
    if state in {"draft", "shared", "scheduled", "dropped"}:
        publish([page, term, issue])
    hide(state, page, term, issue)
    if state == "shared":
        ShareLink.objects.create(thing=page.thing_ptr, expires=timezone.now() + DAY, created_by=User.objects.create_user("editor"))
    if state in {"new", "draft", "shared"}:
        return
    publish([page, term, issue], clock.now + HOUR if state in {"scheduled", "dropped"} else None)
    clock.tick(MINUTE)
    if state == "withdrawn":
        for thing in (page, term, issue):
            withdraw(thing, "Out of date.")
    elif state == "erased":
        for thing in (page, term, issue):
            erase(Edition.objects.filter(thing=thing.pk).latest("number"), "A court order.")
    elif state in {"superseded", "dropped"}:
        edit(page, **PUBLIC)
        edit(term, name="Public", synonyms=[], body="Public.")
        edit(issue, label=f"Public {state}", synonyms=[], best_bet="")
        publish([page, term, issue], on_pending=OnPending.DROP)


def hide(state, page, term, issue):
    """Put the canary into the drafts."""
    values = secret(state)
    edit(page, **values)
    edit(term, name=values["title"], body=values["body"], synonyms=[marker(state)])
    edit(issue, label=values["title"], synonyms=[marker(state)], best_bet=values["body"])


def everywhere(client, state, prefix=""):
    """All that the search says to whoever asks for a canary, or for its marker cut short or misspelt, by address."""
    word, cut, misspelt = canary(state), marker(state)[:-2], "mraker" + marker(state)[6:]
    addresses = [
        *(f"/search/?q={query}" for query in (word, f"{word}*", f'"{word}"', f"public+{word}", f"{cut}*", misspelt)),
        *(f"/search/?q={word}&{more}" for more in ("kind=page", "sort=date", "format=json", "format=atom", "page=1")),
        *(
            f"/search/?q={query}&format=json"
            for query in (f"{cut}*", misspelt, f"{word[:-2]}*", "kind:page", "kind:term", "year:2030", "public")
        ),
        *(f"/quickfinder/suggestions/?q={typed}" for typed in (word, cut, misspelt, word[:4], f"{cut}&format=opensearch")),
        *(f"/quickfinder/?q={typed}" for typed in (word, cut)),
        "/search/",
        "/",
    ]
    said = {}
    for address in addresses:
        response = client.get(prefix + address)
        assert response.status_code in {200, 302}, address
        said[address] = response.content.decode() + response.get("Location", "")
    return said


def leaks(client, state, prefix=""):
    return [address for address, text in everywhere(client, state, prefix).items() if marker(state) in text.lower()]


def total(client, state, prefix=""):
    return client.get(f"{prefix}/search/?q={canary(state)}&format=json").json()["count"]


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("condition", ["current", "behind", "missing"])
def test_hidden_canary_comes_out_nowhere(client, index, condition):
    if condition == "behind":
        live_page("another", title="Another")
    if condition == "missing":
        index.generations.head_file.unlink()
    assert {state: leaks(client, state) for state in STATES} == {state: [] for state in STATES}
    assert {state: total(client, state) for state in STATES} == dict.fromkeys(STATES, 0)


@pytest.mark.usefixtures("planted")
def test_public_canary_comes_out_everywhere():
    client = Client()
    assert len(leaks(client, "open")) >= 15
    assert total(client, "open") == 1
    corrected = client.get("/search/?q=mrakeropeny&format=json").json()
    assert corrected["corrected"] == marker("open")


@pytest.mark.usefixtures("planted")
def test_scheduled_canary_comes_with_its_moment(client, clock):
    clock.tick(HOUR)
    indexer.catch_up()
    assert total(client, "scheduled") == 3
    assert len(leaks(client, "scheduled")) >= 15
    assert total(client, "dropped") == 0


@pytest.mark.usefixtures("planted")
def test_moment_that_has_come_before_the_indexer_knows_shows_neither_the_old_nor_the_new(client, clock):
    clock.tick(HOUR)
    response = client.get("/search/?q=public&format=json")
    assert response["Cache-Control"] == "no-store"
    assert not {hit["url"] for hit in response.json()["results"]} & {"http://127.0.0.1:8000/is-scheduled/"}
    assert total(client, "scheduled") == 0


@pytest.mark.parametrize("state", ["withdrawn", "superseded"])
def test_former_canary_is_found_in_the_past_alone(planted, client, state):
    shown = Edition.objects.filter(thing=planted[state][0].pk, action="publish").earliest("number").live_from
    assert total(client, state, f"/@{shown:%Y-%m-%dT%H:%M:%S}") == 3
    assert total(client, state, f"/@{START - DAY:%Y-%m-%d}") == 0
    assert total(client, state) == 0


@pytest.mark.usefixtures("planted")
def test_canary_that_was_never_public_or_was_erased_is_in_no_past(client, clock):
    clock.tick(30 * MINUTE)
    for moment in (START + MINUTE, START + 20 * MINUTE):
        for state in ("new", "draft", "shared", "erased", "scheduled", "dropped"):
            assert leaks(client, state, f"/@{moment:%Y-%m-%dT%H:%M}") == [], state


@pytest.mark.usefixtures("planted")
def test_withdrawn_canary_comes_out_nowhere_before_the_indexer_knows(client):
    page = live_page("later", **secret("later"))
    indexer.catch_up()
    assert total(client, "later") == 1
    withdraw(page, "Out of date.")
    assert total(client, "later") == 0
    assert leaks(client, "later") == []
