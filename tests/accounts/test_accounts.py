"""Accounts and their roles are administrators' alone; their forms speak plainly."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts import tickets
from accounts.models import AccountEvent
from mail.models import WaitingMail
from publishing import roles
from publishing.models import SectionGrant
from publishing.roles import ADMINISTRATOR, AUTHOR, PUBLISHER, Can, can
from tests.accounts.logging_in import is_in, password_typed, with_phone
from tests.desk_client import PASSWORD, administrator, at, author, browser_of, person, publisher
from tests.record import new_page, new_term

pytestmark = pytest.mark.django_db
NEW = "correct horse 9 battery"
GIVEN = {"usable_password": "true", "password1": NEW, "password2": NEW}


@pytest.fixture
def tree():
    about = new_page("about")
    return {"about": about, "ccs": new_page("ccs", about), "term": new_term("Baseline")}


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


def test_forms_of_accounts_speak_plainly():
    """Case A9."""
    ada, paul = browser_of(administrator()), publisher()
    for view in ("user_add", "user_change", "user_password_change"):
        text = ada.get(reverse(f"admin:auth_{view}", args=[] if view == "user_add" else [paul.pk])).text
        assert not re.search(r"pbkdf2|sha256|iterations|salt|LDAP|Single Sign|algorithm", text), view
        assert ("Give another one" in text) is (view == "user_change")


def test_forms_of_accounts_name_the_fields_to_correct():
    """Case A10: `Please correct the error below` named none."""
    ada = administrator()
    form = {"section_grants-TOTAL_FORMS": 1, "section_grants-INITIAL_FORMS": 0, "section_grants-0-kind": "nothing", "username": "a b"}
    added = browser_of(ada).post(reverse("admin:auth_user_add"), form | {"usable_password": "true", "password1": "x", "password2": "y"})
    changed = browser_of(ada).post(reverse("admin:auth_user_change", args=[ada.pk]), form | {"role": "Author"})
    for answer, names in ((added, ["Username", "Password confirmation", "A whole kind"]), (changed, ["Username", "A whole kind"])):
        note = re.search(r'<p class="errornote">(.*?)</p>', answer.text, re.DOTALL)[1]
        assert [re.sub(r":\Z", "", name) for name in re.findall(r'<a href="#id_[^"]+">([^<]+)</a>', note)] == names
        assert "error below" not in answer.text
    none = {"section_grants-TOTAL_FORMS": 0, "section_grants-INITIAL_FORMS": 0}
    alone = browser_of(ada).post(reverse("admin:auth_user_change", args=[ada.pk]), none | {"username": "ada", "role": "Author"})
    assert "last administrator" in alone.text


def test_password_given_by_an_administrator_is_told_to_its_owner():
    ada, paul = browser_of(administrator()), publisher()
    User.objects.filter(pk=paul.pk).update(email="paul@example.org")
    address = reverse("admin:auth_user_password_change", args=[paul.pk])
    ada.post(address, GIVEN | {"password2": "another"})
    ada.post(address, GIVEN | {"usable_password": "false"})
    assert not AccountEvent.objects.exists(), "nothing was set"
    assert ada.post(address, GIVEN).status_code == 302
    assert (AccountEvent.objects.get().user, AccountEvent.objects.get().by) == (paul, "ada")
    assert "correct horse" not in WaitingMail.objects.get().body
    for nobody in (0, 99_999):
        assert ada.post(reverse("admin:auth_user_password_change", args=[nobody]), GIVEN).status_code in {302, 404}


@pytest.mark.parametrize("spelling", ["%s", "0%s", "+%s", "%s "])
def test_own_password_is_changed_by_the_form_that_asks_the_old_one_alone(spelling):
    ada = administrator()
    thief = browser_of(ada)
    for answer in (thief.get, thief.post):
        assert answer(f"/admin/auth/user/{spelling % ada.pk}/password/", GIVEN)["Location"] == "/admin/password_change/"
    assert User.objects.get(pk=ada.pk).password == ada.password


def test_password_given_under_another_spelling_of_the_number_is_told_too():
    ada, paul = browser_of(administrator()), publisher()
    ada.post(f"/admin/auth/user/0{paul.pk}/password/", GIVEN)
    assert AccountEvent.objects.get().user == paul


def test_own_change_of_the_password_ends_other_sessions_whole_and_half_and_is_told():
    paul = publisher()
    User.objects.filter(pk=paul.pk).update(email="paul@example.org")
    with_phone(paul)
    client, thief, half = browser_of(paul), browser_of(paul), password_typed(paul)[0]
    client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    kept = set(Session.objects.values_list("session_key", flat=True))
    assert kept == {client.session.session_key}
    assert not {thief.cookies["sessionid"].value, half.cookies["sessionid"].value} & kept
    assert (AccountEvent.objects.get().what, AccountEvent.objects.get().user) == ("password", paul)
    assert "A new password was set" in WaitingMail.objects.get().body
    assert is_in(client)


def test_administrator_whom_no_password_lets_in_does_not_count_as_another():
    ada, bea = administrator(), administrator("bea")
    bea.set_unusable_password()
    bea.save()
    client = browser_of(ada)
    assert "last administrator" in client.post(f"/admin/auth/user/{ada.pk}/change/", account(ada, role=AUTHOR)).text
    answer = browser_of(bea).post(f"/admin/auth/user/{ada.pk}/password/", {"usable_password": "false", "unset-password": "1"})
    assert "last administrator" in answer.text
    assert User.objects.get(pk=ada.pk).has_usable_password()


def test_account_that_may_not_log_in_any_more_is_logged_out_its_links_end_and_its_owner_is_told():
    ada, paul = browser_of(administrator()), publisher()
    with_phone(paul)
    browser_of(paul), password_typed(paul)
    _ticket, token = tickets.issue(tickets.RESET, paul)
    ada.post(f"/admin/auth/user/{paul.pk}/change/", account(paul, role=PUBLISHER, is_active=None))
    assert Session.objects.count() == 1, "that of ada"
    assert [(event.user, event.what, event.by) for event in AccountEvent.objects.all()] == [(paul, "off", "ada")]
    User.objects.update(is_active=True)
    assert tickets.found(tickets.RESET, token) is None


def test_role_and_address_that_an_administrator_changes_are_told_to_the_old_address_too():
    ada, paul = browser_of(administrator()), publisher()
    User.objects.filter(pk=paul.pk).update(email="paul@example.org")
    same = account(paul, role=PUBLISHER, email="paul@example.org")
    ada.post(f"/admin/auth/user/{paul.pk}/change/", same | {"first_name": "Paul"})
    assert not AccountEvent.objects.exists()
    ada.post(f"/admin/auth/user/{paul.pk}/change/", same | {"role": AUTHOR})
    assert (AccountEvent.objects.get().what, AccountEvent.objects.get().by) == ("role", "ada")
    assert "role of the account was changed. By ada." in WaitingMail.objects.get(to="paul@example.org").body
    WaitingMail.objects.all().delete()
    ada.post(f"/admin/auth/user/{paul.pk}/change/", same | {"role": AUTHOR, "email": "other@example.org"})
    assert {mail.to for mail in WaitingMail.objects.all()} == {"paul@example.org", "other@example.org"}
    assert "By ada." in WaitingMail.objects.get(to="paul@example.org").body


@pytest.mark.parametrize("name", ["PAUL", "p\u0430ul", "\u03c1aul"])
def test_name_that_looks_like_another_is_given_to_no_account(name):
    ada, user = browser_of(administrator()), person("anna")
    publisher()
    assert ada.post(f"/admin/auth/user/{user.pk}/change/", account(user, username=name)).status_code == 200
    added = {"username": name, "role": AUTHOR, "section_grants-TOTAL_FORMS": 0, "section_grants-INITIAL_FORMS": 0}
    assert ada.post("/admin/auth/user/add/", GIVEN | added).status_code == 200
    invited = ada.post("/admin/auth/user/invite/", {"email": "nora@example.org", "username": name, "role": AUTHOR})
    assert 'href="#id_username"' in invited.text
    assert not User.objects.filter(username=name).exists()


def test_name_of_one_script_is_given_whichever_it_is():
    ada = browser_of(administrator())
    for number, name in enumerate(("Jos\u00e9-9", "\u0410\u043d\u043d\u0430", "\u0623\u0645\u0644")):
        ada.post("/admin/auth/user/invite/", {"email": f"{number}@example.org", "username": name, "role": AUTHOR})
        assert User.objects.filter(username=name).exists(), name
