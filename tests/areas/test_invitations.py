"""Invitations: opened as often as one likes, used once, by whom they are for."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from areas import invitations, jobs, memberships
from areas.models import AreaInvitation, AreaMembership, AreaRole
from mail.models import WaitingMail
from tests.areas.entering import entered, typed
from tests.desk_client import HOST

JOINING = {"username": "newcomer", "first_name": "N", "new_password1": "a long enough one", "new_password2": "a long enough one"}


@pytest.fixture
def invited(place):
    return path_of(place, "new@example.org")


def path_of(place, email, **facts):
    address = invitations.invite(AreaInvitation(area=place.area, email=email, **facts), "steward")
    return re.sub(r"https?://[^/]+", "", address)


def test_opening_changes_nothing_and_the_form_makes_a_member_once(place, invited):
    client = Client(headers=HOST)
    for _time in range(5):
        assert client.get(invited).status_code == 200
        assert client.head(invited).status_code == 200
    assert client.post(invited, JOINING | {"new_password2": "another"}).status_code == 200
    assert client.post(invited, JOINING | {"role": "steward", "email": "x@example.org"}).status_code == 200
    new = User.objects.get(username="newcomer")
    assert (new.email, new.is_staff, new.area_memberships.get().role) == ("new@example.org", False, AreaRole.READER)
    assert client.get(invited).status_code == 404
    assert client.post(invited, JOINING | {"username": "second"}).status_code == 404
    assert typed(new, password="a long enough one")[0].get(place.at()).status_code == 200


def test_mail_tells_neither_area_nor_who_invites(place, invited):
    mail = WaitingMail.objects.get()
    for word in ("Alpha", "steward", "Methodologies", place.area.key):
        assert word not in mail.subject + mail.body
    assert mail.is_secret


def test_account_of_the_invited_address_accepts_in_whatever_case_and_another_one_asks(place):
    path = path_of(place, "STRANGER@Example.org", role=AreaRole.CONTRIBUTOR)
    other = entered(place.people["elsewhere"])
    assert "Ask a steward" in other.get(path).text
    other.post(path, {"do": "accept"})
    assert not AreaMembership.objects.filter(area=place.area, account=place.people["elsewhere"]).exists()
    assert "elsewhere@example.org" in place.enter("steward").get(place.at("members/")).text
    client = entered(place.people["stranger"])
    client.post(path, {"do": "accept"})
    assert client.get(place.at()).status_code == 200


def test_steward_lets_another_account_in(place, invited):
    entered(place.people["elsewhere"]).post(invited, {"do": "ask"})
    pk = AreaInvitation.objects.get().pk
    steward = place.enter("steward")
    steward.post(place.at(f"invitations/{pk}/"), {"do": "allow", "account": place.people["elsewhere"].pk})
    assert entered(place.people["elsewhere"]).get(place.at()).status_code == 200
    assert Client(headers=HOST).get(invited).status_code == 404


def test_steward_lets_in_whom_the_page_named_and_nobody_who_asked_after_it(place, invited):
    entered(place.people["elsewhere"]).post(invited, {"do": "ask"})
    steward, pk = place.enter("steward"), AreaInvitation.objects.get().pk
    shown = re.search(r'name="account" value="(\d+)"', steward.get(place.at("members/")).text)[1]
    entered(place.people["stranger"]).post(invited, {"do": "ask"})
    answer = steward.post(place.at(f"invitations/{pk}/"), {"do": "allow", "account": shown}, follow=True)
    assert "another account asks" in answer.text
    assert not place.area.memberships.filter(account__username__in=["stranger", "elsewhere"]).exists()


def test_invitation_that_was_read_before_another_used_it_makes_no_second_member(place, invited):
    read_before = [AreaInvitation.objects.get(), AreaInvitation.objects.get()]
    invitations.accept(read_before[0], place.people["stranger"])
    with pytest.raises(ValidationError):
        invitations.accept(read_before[1], place.people["elsewhere"])


def test_address_that_has_an_account_gets_no_second_one(place):
    path = path_of(place, "stranger@example.org")
    answer = Client(headers=HOST).post(path, JOINING)
    assert "There is an account" in answer.text
    assert 'value="newcomer"' in answer.text
    assert not User.objects.filter(username="newcomer").exists()


@pytest.mark.parametrize("end", ["revoke", "renew", "expire", "close"])
def test_invitation_ends(place, invited, end):
    row = AreaInvitation.objects.get()
    if end == "revoke":
        place.enter("steward").post(place.at(f"invitations/{row.pk}/"), {"do": "revoke"})
    elif end == "renew":
        path_of(place, "NEW@example.org")
    elif end == "expire":
        AreaInvitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    else:
        place.area.state = "closed"
        place.area.save()
    assert Client(headers=HOST).get(invited).status_code == 404
    assert Client(headers=HOST).post(invited, JOINING).status_code == 404
    assert not User.objects.filter(username="newcomer").exists()


def test_member_whose_membership_ended_does_not_come_back_by_an_invitation_of_before(place):
    path = path_of(place, "Contributor@example.org", role=AreaRole.STEWARD)
    memberships.end(place.area.memberships.get(account=place.people["contributor"]), "steward", "left")
    assert entered(place.people["contributor"]).post(path, {"do": "accept"}).status_code == 404
    assert not place.area.memberships.filter(account=place.people["contributor"], ended_at=None).exists()


def test_who_is_a_member_already_is_told_so(place):
    path = path_of(place, "reader@example.org", role=AreaRole.STEWARD)
    assert "a member already" in entered(place.people["reader"]).post(path, {"do": "accept"}).text
    assert place.area.memberships.get(account=place.people["reader"]).role == AreaRole.READER


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 5_000, "%00", "..%2f"])
def test_no_invitation_at_an_address_that_is_none(place, token):
    assert Client(headers=HOST).get(f"/extranets/invitation/{token}/").status_code == 404


def test_one_steward_always_stays_and_nobody_changes_the_own_role(place):
    own = place.area.memberships.get(account=place.people["steward"])
    with pytest.raises(ValidationError):
        memberships.end(own, "ada", "why")
    with pytest.raises(ValidationError):
        memberships.change(own, "ada", ends=timezone.localdate() + timedelta(days=9))
    own.refresh_from_db()
    client = place.enter("steward")
    assert client.post(place.at(f"members/{own.pk}/"), {"role": "reader", "begins": "2026-01-01"}).status_code == 404
    reader = place.area.memberships.get(account=place.people["reader"])
    client.post(place.at(f"members/{reader.pk}/"), {"role": "steward", "begins": "2026-01-01", "represents": "Party A"})
    reader.refresh_from_db()
    assert (reader.role, reader.represents) == ("steward", "Party A")
    client.post(place.at(f"members/{reader.pk}/"), {"do": "end", "why": "Term over"})
    assert place.enter("reader").get(place.at()).status_code == 404
    foreign = place.other.memberships.get()
    assert client.post(place.at(f"members/{foreign.pk}/"), {"do": "end", "why": "x"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.ended_at is None


@pytest.mark.parametrize("how", ["ended", "reader from now on", "steward until a day"])
def test_who_is_no_steward_for_good_any_more_has_invited_nobody(place, how):
    second = AreaMembership.objects.create(area=place.area, account=place.people["stranger"], role=AreaRole.STEWARD)
    theirs = invitations.invite(AreaInvitation(area=place.area, email="new@example.org", role=AreaRole.STEWARD), "stranger")
    others = path_of(place, "other@example.org")
    if how == "ended":
        memberships.end(second, "steward", "left")
    else:
        end = {"ends": timezone.localdate() + timedelta(days=2)} if how == "steward until a day" else {"role": AreaRole.READER}
        memberships.change(second, "steward", **end)
    client = Client(headers=HOST)
    assert client.get(re.sub(r"https?://[^/]+", "", theirs)).status_code == 404
    assert client.get(others).status_code == 200


def test_other_changes_leave_a_stewards_invitations(place):
    second = AreaMembership.objects.create(area=place.area, account=place.people["stranger"], role=AreaRole.STEWARD)
    theirs = invitations.invite(AreaInvitation(area=place.area, email="new@example.org"), "stranger")
    memberships.change(second, "steward", represents="Party B")
    assert Client(headers=HOST).get(re.sub(r"https?://[^/]+", "", theirs)).status_code == 200


def test_invited_addresses_are_forgotten_with_their_invitations(place):
    path_of(place, "new@example.org")
    jobs.forget_invitations()
    assert place.area.events.filter(whom="new@example.org").exists()
    long_ago = timezone.now() - timedelta(days=38)
    place.area.events.update(at=long_ago)
    AreaInvitation.objects.update(made=long_ago, expires=long_ago + invitations.LASTING)
    jobs.forget_invitations()
    assert not AreaInvitation.objects.exists()
    assert not place.area.events.filter(whom="new@example.org").exists()
    assert place.area.events.filter(what="invited", by="steward").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks the whole file")
def test_invitations_used_revoked_and_ended_at_once_lock_nobody_out(place):
    """Twelve threads on two invitations of a steward whose membership ends meanwhile: no deadlock, and one state at the end."""
    second = AreaMembership.objects.create(area=place.area, account=place.people["stranger"], role=AreaRole.STEWARD)
    rows = [AreaInvitation(area=place.area, email=f"{name}@example.org") for name in ("elsewhere", "former")]
    for row in rows:
        invitations.invite(row, "stranger")

    def work(number):
        try:
            row = AreaInvitation.objects.get(pk=rows[number % 2].pk)
            with suppress(ValidationError):
                if number % 6 < 2:
                    invitations.accept(row, place.people["elsewhere" if number % 2 == 0 else "former"])
                elif number % 6 < 4:
                    invitations.revoke(row, "steward")
                else:
                    memberships.end(AreaMembership.objects.get(pk=second.pk), "steward", "left")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        for outcome in [pool.submit(work, number) for number in range(12)]:
            outcome.result(timeout=60)
    assert not invitations.open_invitations(place.area).exists()
    for row in AreaInvitation.objects.filter(pk__in=[row.pk for row in rows]):
        members = place.area.memberships.filter(account__email=row.email, ended_at=None).count()
        assert members == (1 if row.used else 0)
