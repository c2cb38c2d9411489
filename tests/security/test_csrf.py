"""Forms that another site makes an editor's browser send: with their session, without our token."""

import pytest
from django.contrib.auth.models import User
from django.middleware.csrf import _get_new_csrf_string as new_secret
from django.test import Client
from django.urls import NoReverseMatch, reverse

from publishing.models import Edition, ShareLink, Thing
from tests.desk_client import HOST, administrator, typed
from tests.record import live_page

pytestmark = pytest.mark.django_db
VIEWS = "change publish withdraw share erase move restore working_copy discard delete cancel".split()
EVIL = "https://evil.example"


@pytest.fixture
def page():
    return live_page("about", body="Before.")


@pytest.fixture
def victim():
    """An editor's browser, which checks nothing for us."""
    client = Client(enforce_csrf_checks=True, headers=HOST)
    client.force_login(administrator(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def forms(page):
    """Every form of the desk that changes something, as another site would fill it in."""
    fields = typed(page, body="Defaced.") | {"when": "now", "seen": "", "reason": "x", "make": 1, "days": 7, "below": "", "editions": 1}
    number = page.editions.get().number
    for view in VIEWS:
        for arguments in ([page.pk], [page.pk, number]):
            try:
                yield reverse(f"admin:pages_page_{view}", args=arguments), fields
            except NoReverseMatch:
                continue
    yield reverse("admin:pages_page_add"), fields | {"slug": "new"}
    yield reverse("admin:auth_user_add"), {"username": "mallory", "password1": "long enough 123", "password2": "long enough 123"}
    yield reverse("admin:password_change"), {"old_password": "x", "new_password1": "long enough 123", "new_password2": "long enough 123"}
    yield reverse("admin:logout"), {}
    yield "/admin/login/", {"username": "mallory", "password": "x"}


def state():
    drafts = [(thing.pk, thing.version) for thing in Thing.objects.order_by("pk")]
    return drafts, Edition.objects.count(), ShareLink.objects.count(), User.objects.count()


ATTACKS = {
    "no token": ({}, {}),
    "a token of their own": ({"csrfmiddlewaretoken": new_secret() * 2}, {}),
    "an empty token": ({"csrfmiddlewaretoken": ""}, {"referer": f"{EVIL}/"}),
    "a page without an origin": ({}, {"origin": "null"}),
}


@pytest.mark.parametrize(("fields", "headers"), ATTACKS.values(), ids=ATTACKS)
def test_form_of_another_site_is_refused_and_changes_nothing(victim, page, fields, headers):
    victim.get("/admin/")
    before = state()
    tried = 0
    for address, values in forms(page):
        assert victim.post(address, values | fields, headers=headers).status_code == 403, address
        tried += 1
    assert tried > 12
    assert state() == before
    assert victim.get("/admin/").status_code == 200, "still logged in"


def test_right_token_from_a_foreign_origin_is_refused(victim, page):
    """A token that leaked is of no use to another site."""
    victim.get(reverse("admin:pages_page_change", args=[page.pk]))
    token = victim.cookies["csrftoken"].value
    before = state()
    for address, values in forms(page):
        answer = victim.post(address, values | {"csrfmiddlewaretoken": token}, headers={"origin": EVIL})
        assert answer.status_code == 403, address
    assert state() == before


def test_same_form_with_the_token_of_this_site_is_taken(victim, page):
    """The forms above are right but for who sends them."""
    victim.get(reverse("admin:pages_page_change", args=[page.pk]))
    values = typed(page, body="Written by us.") | {"csrfmiddlewaretoken": victim.cookies["csrftoken"].value}
    before = state()
    assert victim.post(reverse("admin:pages_page_change", args=[page.pk]), values).status_code == 302
    assert state() != before
