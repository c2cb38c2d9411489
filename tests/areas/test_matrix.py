"""Every address of areas, by everybody who may come, with every method."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from areas.models import AreaInvitation, AreaState
from tests.desk_client import HOST, browser_of

READ, STEWARD = {"reader", "contributor", "steward"}, {"steward"}
WRITE = {"contributor", "steward"}
# Who gets an answer there; everybody else in the area 403, everybody else the same 404.
ALLOWED = {
    "area": READ,
    "notice": READ,
    "printed_notice": READ,
    "many": READ,
    "paper": READ,
    "download": READ,
    "dates": READ,
    "reading": READ,
    "add_paper": WRITE,
    "add_version": WRITE,
    "change_comment": {"contributor"},
    "settle": WRITE,
    "add_notice": STEWARD,
    "remove_notice": STEWARD,
    "remove_paper": STEWARD,
    "members": STEWARD,
    "change_member": STEWARD,
    "decide": STEWARD,
    "export": STEWARD,
}
WITHOUT_FIELDS = {"settle", "remove_notice", "remove_paper", "decide"}
UNTRIED = sum(len(ALLOWED[name]) for name in WITHOUT_FIELDS)
PEOPLE = ["reader", "contributor", "steward", "former", "stranger", "elsewhere", "administrator"]
METHODS = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]
SAFE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def names_of_area():
    patterns = next(one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "areas").url_patterns
    return {one.name: str(one.pattern) for one in patterns if "<str:key>" in str(one.pattern)}


def address_of(place, pattern, name):
    things = dict.fromkeys(("notice", "printed_notice", "remove_notice"), place.notice)
    things |= dict.fromkeys(("change_comment", "settle"), place.remark) | {"decide": place.invitation, "change_member": place.member}
    pk = things.get(name, place.paper).pk
    return "/" + pattern.replace("<str:key>", place.area.key).replace("<int:pk>", str(pk)).replace("<int:number>", "1")


@pytest.fixture
def whole(place):
    place.invitation = AreaInvitation.objects.create(
        area=place.area, email="new@example.org", digest="d" * 64, made_by="steward", expires="2099-01-01T00:00Z"
    )
    place.member = place.area.memberships.get(account__username="reader")
    return place


def said(answer):
    """The answer without what differs between two people and two times: names and tokens of forms."""
    return re.sub(r'value="[A-Za-z0-9]{64}"|logged in as \w+', "", answer.text)


def check(answer):
    assert {name: answer.headers.get(name) for name in SAFE} == SAFE
    assert "ETag" not in answer.headers
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_every_address_answers_whom_it_should_and_nobody_else(whole):
    assert set(names_of_area()) == set(ALLOWED), "a new address of areas is told here who may come"
    browsers = {name: whole.enter(name) for name in PEOPLE}
    nowhere, count = said(browsers["stranger"].get("/extranets/areas/0123456789abcdef/")), 0
    for name, pattern in names_of_area().items():
        for who, client in browsers.items():
            for method in METHODS:
                # An empty form changes nothing, but these have none; they are tried in tests of their own.
                if method == "POST" and name in WITHOUT_FIELDS and who in ALLOWED[name]:
                    continue
                answer = client.generic(method, address_of(whole, pattern, name))
                list(answer)  # closes the files that are sent
                count += 1
                check(answer)
                assert answer.status_code in expected(name, who, method), (name, who, method)
                assert answer.status_code != 404 or method == "HEAD" or said(answer) == nowhere
    assert count == len(ALLOWED) * len(PEOPLE) * len(METHODS) - UNTRIED


def expected(name, who, method):
    if method not in {"GET", "HEAD", "POST"}:
        return {405}
    if who in ALLOWED[name]:
        return {200, 302, 403} if method == "POST" and name == "paper" else {200, 302}
    return {403} if who in READ else {404}


def test_without_a_log_in_every_address_leads_to_it_and_a_desk_session_is_none(whole):
    for client in (Client(headers=HOST), browser_of(whole.people["administrator"]), browser_of(whole.people["steward"])):
        for name, pattern in names_of_area().items():
            address = address_of(whole, pattern, name)
            answer = client.get(address)
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/extranets/log-in/"), name
            check(answer)
            assert client.post(address, {"text": "typed"}).status_code == 403
            assert "typed" in client.post(address, {"text": "typed"}).text


def test_past_has_no_areas(whole):
    client = whole.enter("steward")
    for pattern in names_of_area().values():
        assert client.get(f"/@2026-11-01/{pattern.replace('<str:key>', whole.area.key)}").status_code == 404
    for address in ("log-in/", "log-in/code/", "areas/", "invitation/x/", "log-out/"):
        assert client.get(f"/@2026-11-01/extranets/{address}").status_code == 404


@pytest.mark.parametrize("state", [AreaState.READ_ONLY, AreaState.CLOSED, AreaState.DELETED])
def test_state_of_the_area_takes_rights_away(whole, state):
    whole.area.state = state
    whole.area.save()
    reads = {AreaState.READ_ONLY: READ, AreaState.CLOSED: STEWARD, AreaState.DELETED: set()}[state]
    for who in READ:
        client = whole.enter(who)
        assert (client.get(whole.at()).status_code == 200) == (who in reads)
        for writing in ("files/add/", "notices/add/"):
            assert client.post(whole.at(writing), {"title": "T"}).status_code == (403 if who in reads else 404)
