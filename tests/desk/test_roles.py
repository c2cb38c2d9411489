"""Who may do what, as one thing asked and as a set; accounts are administrators' alone."""

import itertools

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages

from pages.models import Page, Term
from publishing import kinds, roles
from publishing.models import SectionGrant, Thing
from publishing.roles import ADMINISTRATOR, AUTHOR, PUBLISHER, Can, can, reach
from tests.desk_client import administrator, at, author, browser_of, person, publisher, said, typed
from tests.record import edit, live_page, new_page, new_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    about = new_page("about")
    ccs = new_page("ccs", about)
    return {"about": about, "ccs": ccs, "deep": new_page("deep", ccs), "news": new_page("news"), "term": new_term("Baseline")}


def people(tree):
    return [
        person("visitor"),
        author("nothing"),
        author("section", tree["ccs"]),
        author("sections", tree["ccs"], tree["news"]),
        author("whole", kind="page"),
        author("terms", kind="term"),
        publisher(),
        administrator(),
        User.objects.create_superuser("root"),
        User.objects.create_user("staff", is_staff=True),
    ]


def test_one_and_set_agree_for_everybody(tree):
    for user, action, kind in itertools.product(people(tree), Can, kinds.every()):
        everything = set(kind.draft.objects.values_list("pk", flat=True))
        within = reach(user, action, kind)
        one_by_one = {draft.pk for draft in kind.draft.objects.all() if can(user, action, draft)}
        assert (everything if within is None else within & everything) == one_by_one, (user, action, kind.name)


def test_author_reaches_the_section_and_all_below_it(tree):
    user = author("anna", tree["about"])
    assert reach(user, Can.WRITE, kinds.get("page")) == {tree[name].pk for name in ("about", "ccs", "deep")}


def test_author_without_a_grant_reaches_nothing_even_unsaved(tree):
    user = author("anna", tree["about"])
    assert not can(user, Can.WRITE, Page(slug="new"))
    assert can(user, Can.WRITE, Page(slug="new", parent=Thing.objects.get(pk=tree["ccs"].pk)))
    assert not can(user, Can.WRITE, Page(slug="new", parent=Thing.objects.get(pk=tree["news"].pk)))
    assert not can(user, Can.WRITE, Term(name="New"))


def test_inactive_people_may_nothing(tree):
    for user in people(tree):
        user.is_active = False
        assert not any(can(user, action, tree["about"]) for action in Can)


def test_circle_of_drafts_ends(tree):
    edit(tree["about"], parent_id=tree["deep"].pk)
    user = author("anna", tree["news"])
    assert not can(user, Can.WRITE, tree["ccs"])
    assert reach(user, Can.WRITE, kinds.get("page")) == {tree["news"].pk}


def test_author_sees_only_the_own_section_anywhere(tree):
    edit(tree["news"], title="Unseen newsroom", body="Unseen words.")
    edit(tree["ccs"], title="Seen capture")
    anna = browser_of(author("anna", tree["about"]))
    for address in (
        "/admin/",
        at("changelist"),
        at("add"),
        "/admin/links/?q=",
        "/admin/links/?format=json&q=",
        "/admin/scheduled/",
        at("move", tree["ccs"]),
    ):
        text = anna.get(address).text
        assert "Unseen" not in text, address
    assert "Seen capture" in anna.get(at("changelist")).text


def test_author_creates_only_within_the_section(tree):
    anna = browser_of(author("anna", tree["about"]))
    fields = {"title": "New", "slug": "new", "version": 0, "working_copy": ""}
    for parent in ("", tree["news"].pk):
        response = anna.post(at("add"), fields | {"parent": parent})
        assert response.status_code == 200
        assert not Page.objects.filter(slug="new").exists()
    assert anna.post(at("add"), fields | {"parent": tree["ccs"].pk}).status_code == 302


@pytest.mark.parametrize(
    ("page", "parent", "allowed"), [("deep", "about", True), ("deep", "news", False), ("deep", "", False), ("about", "news", False)]
)
def test_author_moves_only_between_given_places(tree, page, parent, allowed):
    anna = browser_of(author("anna", tree["about"]))
    draft = tree[page]
    before = draft.parent_id
    destination = tree[parent].pk if parent else ""
    anna.post(at("change", draft), typed(draft, parent=destination))
    anna.post(at("move", draft), {"below": destination})
    draft.refresh_from_db()
    assert (draft.parent_id == (destination or None)) == allowed
    assert allowed or draft.parent_id == before


def test_author_does_not_take_a_page_of_others_into_the_section(tree):
    anna = browser_of(author("anna", tree["about"]))
    assert anna.post(at("move", tree["news"]), {"below": tree["about"].pk}).status_code == 403
    assert anna.post(at("change", tree["news"]), typed(tree["news"], parent=tree["about"].pk)).status_code == 403


def test_author_keeps_the_head_of_the_section_where_it_is(tree):
    anna = browser_of(author("anna", tree["ccs"]))
    new_page("before", tree["about"], position=0)
    edit(tree["ccs"], position=5)
    for way in ("up", "down", "in", "out"):
        anna.post(at("move", tree["ccs"]), {"to": way})
    tree["ccs"].refresh_from_db()
    assert (tree["ccs"].parent_id, tree["ccs"].position) == (tree["about"].pk, 5)
    assert anna.post(at("change", tree["ccs"]), typed(tree["ccs"], body="My words.")).status_code == 302


def test_author_shows_nothing_in_the_menu_of_others(tree):
    anna = browser_of(author("anna", tree["about"]))
    response = anna.post(at("change", tree["ccs"]), typed(tree["ccs"], menu_below=tree["news"].pk))
    assert "Please choose a page within the sections" in response.text
    tree["ccs"].refresh_from_db()
    assert tree["ccs"].menu_below_id is None


def test_author_does_not_restore_a_page_out_of_the_section(tree, clock):
    about, news = live_page("a"), live_page("n")
    page = live_page("p", news)
    edit(page, parent_id=about.pk)
    anna = browser_of(author("anna", about))
    response = anna.post(at("restore", page, 3), {"version": page.version})
    page.refresh_from_db()
    assert page.parent_id == about.pk
    assert any("only within the sections" in str(message) for message in get_messages(response.wsgi_request))


def account(user, **changes):
    fields = {
        "username": user.username,
        "first_name": "",
        "last_name": "",
        "is_active": "on",
        "role": AUTHOR,
        "section_grants-TOTAL_FORMS": 0,
        "section_grants-INITIAL_FORMS": 0,
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def test_administrator_gives_roles_and_sections(tree):
    ada, user = browser_of(administrator()), person("anna")
    grants = {"section_grants-TOTAL_FORMS": 2, "section_grants-0-section": tree["about"].pk, "section_grants-1-kind": "term"}
    assert ada.post(f"/admin/auth/user/{user.pk}/change/", account(user, **grants)).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (roles.role(user), user.is_staff) == (AUTHOR, True)
    assert can(user, Can.WRITE, tree["ccs"])
    assert can(user, Can.WRITE, tree["term"])
    ada.post(f"/admin/auth/user/{user.pk}/change/", account(user, role=""))
    user = User.objects.get(pk=user.pk)
    assert (roles.role(user), user.is_staff) == (None, False)


def test_new_account_gets_its_role(tree):
    ada = browser_of(administrator())
    fields = {
        "username": "new",
        "usable_password": "true",
        "password1": "correct horse 9",
        "password2": "correct horse 9",
        "role": PUBLISHER,
    }
    ada.post("/admin/auth/user/add/", fields | {"section_grants-TOTAL_FORMS": 0, "section_grants-INITIAL_FORMS": 0})
    assert roles.role(User.objects.get(username="new")) == PUBLISHER


def test_grant_is_for_a_section_or_a_kind_not_both(tree):
    ada, user = browser_of(administrator()), person("anna")
    both = {"section_grants-TOTAL_FORMS": 1, "section_grants-0-section": tree["about"].pk, "section_grants-0-kind": "term"}
    assert ada.post(f"/admin/auth/user/{user.pk}/change/", account(user, **both)).status_code == 200
    assert not SectionGrant.objects.exists()


def test_extra_fields_give_no_power(tree):
    ada, user = browser_of(administrator()), person("anna")
    extra = {"is_superuser": "on", "is_staff": "on", "groups": "3", "user_permissions": "1", "password": "x", "_saveasnew": "1"}
    ada.post(f"/admin/auth/user/{user.pk}/change/", account(user, role="", **extra))
    changed = User.objects.get(pk=user.pk)
    assert (changed.is_superuser, changed.is_staff, changed.groups.count(), changed.user_permissions.count()) == (False, False, 0, 0)
    assert changed.password == user.password
    assert User.objects.count() == 2


def test_nobody_else_manages_accounts_not_even_the_own_one(tree):
    for user in (publisher(), author("anna", tree["about"])):
        client = browser_of(user)
        for address in (
            "/admin/auth/user/",
            "/admin/auth/user/add/",
            f"/admin/auth/user/{user.pk}/change/",
            f"/admin/auth/user/{user.pk}/password/",
        ):
            assert client.get(address).status_code == 403
            assert client.post(address, account(user, role=ADMINISTRATOR)).status_code == 403
        assert roles.role(User.objects.get(pk=user.pk)) != ADMINISTRATOR


def test_administrator_does_not_change_a_superuser(tree):
    ada, root = browser_of(administrator()), User.objects.create_superuser("root")
    shown = ada.get(f"/admin/auth/user/{root.pk}/change/")
    assert (shown.status_code, 'name="username"' in shown.text, "root" in shown.text) == (200, False, True)
    assert ada.post(f"/admin/auth/user/{root.pk}/change/", account(root)).status_code == 403
    assert ada.post(f"/admin/auth/user/{root.pk}/password/", {"password1": "x", "password2": "x"}).status_code == 403


def test_last_administrator_stays(tree):
    user = administrator()
    response = browser_of(user).post(f"/admin/auth/user/{user.pk}/change/", account(user, role=AUTHOR))
    assert "last administrator" in response.text
    assert roles.role(User.objects.get(pk=user.pk)) == ADMINISTRATOR


def test_accounts_are_switched_off_not_deleted(tree):
    ada, user = browser_of(administrator()), author("anna", tree["about"])
    anna = browser_of(user)
    assert ada.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    ada.post(f"/admin/auth/user/{user.pk}/change/", account(user, is_active=None))
    assert anna.get(at("changelist")).status_code == 302


def test_groups_and_permissions_of_models_have_no_page():
    ada = browser_of(administrator())
    for address in ("/admin/auth/group/", "/admin/autocomplete/", "/admin/r/1/1/"):
        assert ada.get(address).status_code == 404


def test_list_of_accounts_answers_no_questions_about_passwords():
    ada = browser_of(administrator())
    assert ada.get("/admin/auth/user/?password__startswith=md5").status_code in {302, 400}


def test_superuser_counts_as_administrator(tree):
    root = browser_of(User.objects.create_superuser("root"))
    assert root.get(at("erase", tree["about"])).status_code == 200
    assert root.get("/admin/auth/user/").status_code == 200


def test_staff_without_a_role_stays_outside(tree):
    client = browser_of(User.objects.create_user("staff", is_staff=True))
    assert client.get("/admin/").status_code == 302
    assert "has no role here" in client.get("/admin/login/").text


def test_messages_name_what_was_done(tree):
    page = tree["about"]
    response = browser_of(publisher()).post(at("move", page), {"to": "down"}, follow=True)
    assert "is moved" in said(response)[0]
