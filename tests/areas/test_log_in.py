"""The door: the session of areas, the second factor, and what ends a right."""

import time

import pytest
from django.test import Client
from django.utils import timezone

from areas import memberships
from tests.accounts.logging_in import App, time_passes, with_phone
from tests.areas.entering import LOG_IN, MINE, entered, typed
from tests.desk_client import HOST, PASSWORD, browser_of

CODE, PHONE = "/extranets/log-in/code/", "/extranets/log-in/phone/"


def opens(client, place):
    return client.get(place.at()).status_code == 200


def test_membership_ended_is_felt_by_the_next_request(place):
    client = place.enter("reader")
    assert opens(client, place)
    memberships.end(place.area.memberships.get(account=place.people["reader"]), "steward", "term over")
    assert client.get(place.at()).status_code == 404
    assert client.get(place.at(f"files/{place.paper.pk}/1/")).status_code == 404


@pytest.mark.parametrize(("begins", "ends", "is_in"), [(0, None, True), (1, None, False), (-9, 0, False), (-9, 1, True)])
def test_membership_counts_from_its_first_day_to_before_its_last(place, begins, ends, is_in):
    member, today = place.area.memberships.get(account=place.people["reader"]), timezone.localdate()
    member.begins, member.ends = today + timezone.timedelta(days=begins), None if ends is None else today + timezone.timedelta(days=ends)
    member.save()
    assert opens(place.enter("reader"), place) == is_in


def test_session_of_an_area_ends_after_its_own_length_and_the_browsers_goes_on(place):
    client = place.enter("reader")
    session = client.session
    session["areas"] |= {"since": time.time() - 60 * place.area.session_minutes}
    session.save()
    answer = client.get(place.at())
    assert answer["Location"].startswith(LOG_IN)
    kept = client.post(place.at(f"files/{place.paper.pk}/"), {"version": place.version.pk, "text": "A long remark."})
    assert kept.status_code == 403
    assert "A long remark." in kept.text
    assert client.session["_auth_user_id"] == str(place.people["reader"].pk)
    assert opens(typed(place.people["reader"], client)[0], place)


def test_log_out_ends_the_session_of_the_desk_too(place):
    client = entered(place.people["administrator"])
    assert client.get("/admin/").status_code == 200
    assert client.get("/extranets/log-out/")["Location"] == MINE
    client.post("/extranets/log-out/")
    assert client.get("/admin/").status_code == 302
    assert client.get(MINE).status_code == 200
    assert "Your areas" not in client.get(MINE).text


def test_area_that_asks_for_a_second_factor_is_closed_to_one_factor(place):
    before = place.enter("reader")
    place.area.asks_second_factor = True
    place.area.save()
    assert before.get(place.at())["Location"].startswith(LOG_IN)
    client, answer = typed(place.people["reader"], next=place.at())
    assert answer["Location"] == PHONE
    assert client.get(place.at())["Location"].startswith(LOG_IN), "half a session opens nothing"
    app = App.told_by(client.get(PHONE))
    assert client.post(PHONE, {"code": "000000"}).status_code == 200
    page = client.post(PHONE, {"code": app.code()})
    assert "shown once" in page.text
    assert place.at() in page.text
    assert opens(client, place)


def test_who_has_a_phone_is_asked_for_its_code_and_recovery_codes_work_once(place):
    app, codes = with_phone(place.people["reader"])
    client, answer = typed(place.people["reader"])
    assert answer["Location"] == CODE
    assert client.post(CODE, {"code": "12"}).status_code == 200
    assert client.post(CODE, {"code": app.code()})["Location"] == MINE
    time_passes(place.people["reader"])
    for status in (302, 200):
        client, _answer = typed(place.people["reader"])
        assert client.post(CODE, {"recovery": codes[0]}).status_code == status


def test_member_never_gets_into_the_desk_and_the_desk_opens_no_area(place):
    client = place.enter("steward")
    assert client.get("/admin/").status_code == 302
    client = browser_of(place.people["steward"])
    assert "Log out" in client.get(MINE).text
    assert client.get(place.at())["Location"].startswith(LOG_IN)


@pytest.mark.parametrize("asked", ["https://example.org/", "//example.org", "/admin/", MINE + "\\x", MINE + "x//y", "javascript:alert(1)"])
def test_log_in_leads_to_areas_alone(place, asked):
    _client, answer = typed(place.people["reader"], next=asked)
    assert answer["Location"] == MINE


def test_password_is_guessed_slowly_here_too(place):
    client = Client(headers=HOST)
    statuses = [client.post(LOG_IN, {"username": "reader", "password": "wrong"}).status_code for _try in range(6)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert Client(headers=HOST).post("/admin/login/", {"username": "reader", "password": "wrong"}).status_code == 429


def test_device_is_known_at_its_own_log_in_alone(place):
    answer = typed(place.people["reader"])[1]
    assert answer.cookies["device"]["path"] == "/extranets/"


def test_form_from_another_site_is_refused_and_one_of_ours_without_an_origin_is_taken(place):
    client = Client(headers=HOST, enforce_csrf_checks=True)
    client.get(LOG_IN)
    fields = {"username": "reader", "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    for headers in ({"origin": "https://example.org"}, {"origin": "null"}, {"origin": "null", "sec-fetch-site": "cross-site"}):
        assert client.post(LOG_IN, fields, headers=headers).status_code == 403
    assert client.post(LOG_IN, fields, headers={"origin": "null", "sec-fetch-site": "same-origin"}).status_code == 302


def test_list_of_areas_sets_no_cookie_and_names_those_alone_that_are_listed(place):
    answer = Client(headers=HOST).get(MINE)
    assert not answer.cookies
    assert "Alpha" not in answer.text
    place.area.is_listed = True
    place.area.save()
    assert "Area Alpha" in Client(headers=HOST).get(MINE).text
