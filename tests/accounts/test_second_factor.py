"""The second step of the log-in: who owes it, what lets in, and that nobody who follows the pages is locked out."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import half, new_phone, second_factor
from accounts.models import LETTERS, AccountEvent, Phone, RecoveryCodes
from cdmportal import settings as portal
from mail.models import WaitingMail
from tests.accounts.logging_in import ENROL, LOGIN, STEP, App, is_in, logged_in, password_typed, time_passes, with_phone
from tests.desk.test_resubmission import hidden_fields
from tests.desk_client import HOST, PASSWORD, administrator, at, author, browser_of, publisher, typed
from tests.record import new_page

pytestmark = pytest.mark.django_db
CODE = re.compile(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>")


@pytest.fixture
def paul(settings):
    settings.SECOND_FACTOR = {"Publisher", "Administrator"}
    return publisher()


def test_newcomer_is_led_through_the_set_up_and_in(paul):
    client, answer = password_typed(paul)
    assert (answer.status_code, answer["Location"]) == (302, STEP if second_factor.phone(paul) else ENROL)
    shown = client.get(ENROL)
    assert 'name="code"' in shown.text
    assert not is_in(client)
    answer = client.post(ENROL, {"code": App.told_by(shown).code()})
    assert len(CODE.findall(answer.text)) == 10
    assert 'href="/admin/"' in answer.text
    assert is_in(client)
    assert "no-store" in answer["Cache-Control"]


def test_key_stays_the_same_however_often_the_page_is_opened(paul):
    client, _answer = password_typed(paul)
    first, second = client.get(ENROL), client.get(ENROL)
    app = App.told_by(first)
    assert app.key == App.told_by(second).key
    assert "not the code of this key" in client.post(ENROL, {"code": "000000"}).text
    assert not Phone.objects.exists()
    client.post(ENROL, {"code": app.code()})
    assert is_in(client)


def test_picture_is_plain_svg_of_the_key(paul):
    client, _answer = password_typed(paul)
    text = client.get(ENROL).text
    svg = re.search(r"<svg[^>]*class=\"segno\".*?</svg>", text, re.DOTALL)[0]
    assert len(svg) < 8000
    assert not re.search(r"style|script|href", svg)
    assert re.search(r'href="otpauth://totp/127.0.0.1%3Apaul\?secret=[A-Z2-7]{32}&amp;', text)


@pytest.mark.parametrize("seconds", [-29, 29])
def test_clock_half_a_minute_off_lets_in_and_is_learnt(paul, seconds):
    app, _codes = with_phone(paul, wrong_by=seconds)
    for _ in range(3):
        logged_in(paul, app)
    assert abs(Phone.objects.get().drift) <= 1


@pytest.mark.parametrize("seconds", [-90, 90])
def test_clock_a_minute_and_a_half_off_is_learnt_when_the_phone_is_set_up(paul, seconds):
    client, _answer = password_typed(paul)
    app = App.told_by(client.get(ENROL), wrong_by=seconds)
    client.post(ENROL, {"code": app.code()})
    assert is_in(client)
    time_passes(paul)
    logged_in(paul, app)
    assert Phone.objects.get().tolerance == 1


def test_clock_that_is_wrong_later_is_refused_and_a_recovery_code_lets_in(paul):
    app, codes = with_phone(paul, wrong_by=90)
    client, _answer = password_typed(paul)
    assert "clock of the phone" in client.post(STEP, {"code": app.code()}).text
    assert not is_in(client)
    client.post(STEP, {"recovery": codes[0]})
    assert is_in(client)


def test_code_works_once(paul):
    app, _codes = with_phone(paul)
    code = app.code()
    client, _answer = password_typed(paul)
    client.post(STEP, {"code": code})
    other, _answer = password_typed(paul)
    assert "has been used" in other.post(STEP, {"code": code}).text
    assert not is_in(other)


def test_code_is_taken_with_a_space_in_it(paul):
    app, _codes = with_phone(paul)
    client, _answer = password_typed(paul)
    code = app.code()
    client.post(STEP, {"code": f" {code[:3]} {code[3:]} "})
    assert is_in(client)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٣٣٣٣٣٣", "1" * 20, "0x1234"])
def test_what_is_no_code_is_said_and_costs_no_try(paul, code):
    with_phone(paul)
    client, _answer = password_typed(paul)
    answer = client.post(STEP, {"code": code})
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert Phone.objects.get().throttling_failure_count == 0


def test_wrong_code_of_the_phone_does_not_make_the_recovery_code_wait(paul):
    _app, codes = with_phone(paul)
    client, _answer = password_typed(paul)
    for _ in range(5):
        client.post(STEP, {"code": "000000"})
    client.post(STEP, {"recovery": codes[3]})
    assert is_in(client)


def test_wrong_codes_slow_down_say_for_how_long_and_never_lock_out_for_ever(paul):
    app, _codes = with_phone(paul)
    client, _answer = password_typed(paul)
    assert "Please wait 1 second before" in client.post(STEP, {"code": "000000"}).text
    assert "Please wait 1 second before" in client.post(STEP, {"code": app.code()}).text, "too early, though right"
    waits = []
    for _ in range(20):
        Phone.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=1))
        client.post(STEP, {"code": "000000"})
        waits.append(Phone.objects.get().seconds_to_wait())
    assert waits[:3] == [2, 4, 8]
    assert waits[-1] == max(waits) == 1024
    assert "17 minutes, 4 seconds" in client.post(STEP, {"code": "000000"}).text
    Phone.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=1025))
    client.post(STEP, {"code": app.code()})
    assert is_in(client)


def test_guesses_of_a_day_are_few():
    """Three codes are right at any time. Guessed as fast as one may for a day, that is one chance in thousands."""
    seconds, tries = 0, 0
    while seconds < 86_400:
        seconds += min(2**tries, 1024)
        tries += 1
    assert tries * 3 / 1_000_000 < 1 / 3_000


def test_owner_is_told_once_of_guesses(paul):
    User.objects.update(email="paul@example.org")
    with_phone(paul)
    client, _answer = password_typed(paul)
    for _ in range(8):
        Phone.objects.update(throttling_failure_timestamp=None)
        client.post(STEP, {"code": "000000"})
    assert [event.what for event in AccountEvent.objects.all()] == ["guessed"]
    assert "wrong codes" in WaitingMail.objects.get().body


def test_recovery_codes_work_once_each_and_say_how_many_are_left(paul):
    app, codes = with_phone(paul)
    for left, code in zip(range(9, -1, -1), codes, strict=True):
        client, _answer = password_typed(paul)
        answer = client.post(STEP, {"recovery": code.upper().replace("-", " ")}, follow=True)
        assert f"{left} recovery code" in answer.text
        again, _answer = password_typed(paul)
        assert "has been used" in again.post(STEP, {"recovery": code}).text
        assert not is_in(again)
        RecoveryCodes.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    logged_in(paul, app)


def test_recovery_codes_are_kept_as_digests_alone(paul):
    _app, codes = with_phone(paul)
    kept = RecoveryCodes.objects.get()
    assert len(kept.digests) == len(set(codes)) == 10
    assert not [code for code in codes if code in str(vars(kept)) or code.replace("-", "") in str(vars(kept))]
    assert len(LETTERS) ** 16 > 2**79


def test_recovery_code_of_another_person_lets_nobody_in(paul):
    with_phone(paul)
    _app, codes = with_phone(administrator())
    client, _answer = password_typed(paul)
    client.post(STEP, {"recovery": codes[0]})
    assert not is_in(client)


def test_owner_is_told_of_a_recovery_code(paul):
    User.objects.update(email="paul@example.org")
    _app, codes = with_phone(paul)
    client, _answer = password_typed(paul)
    client.post(STEP, {"recovery": codes[0]})
    assert "A recovery code was used" in WaitingMail.objects.get().body
    assert codes[0] not in WaitingMail.objects.get().body
    assert "A recovery code was used" in client.get("/admin/account/").text


def test_lost_phone_is_replaced_after_a_recovery_code(paul):
    _lost, codes = with_phone(paul)
    client, _answer = password_typed(paul)
    client.post(STEP, {"recovery": codes[0]})
    assert client.post("/admin/account/second-factor/", {"password": PASSWORD, "do": "new"})["Location"] == ENROL
    app = App.told_by(client.get(ENROL))
    shown = client.post(ENROL, {"code": app.code()})
    assert len(CODE.findall(shown.text)) == 10
    time_passes(paul)
    logged_in(paul, app)
    assert Phone.objects.count() == 1
    refused, _answer = password_typed(paul)
    refused.post(STEP, {"recovery": codes[1]})
    assert not is_in(refused)


def test_administrator_takes_a_lost_phone_off_with_a_reason_and_all_sessions_end(paul):
    User.objects.update(email="paul@example.org")
    app, _codes = with_phone(paul)
    client, ada = logged_in(paul, app), browser_of(administrator())
    waiting, _answer = password_typed(paul)
    address = f"/admin/auth/user/{paul.pk}/second-factor/"
    assert address in ada.get(f"/admin/auth/user/{paul.pk}/change/").text
    assert "errorlist" in ada.post(address, {"password": PASSWORD}).text, "a reason is asked"
    assert "not your password" in ada.post(address, {"password": "wrong", "reason": "lost"}).text
    assert is_in(client)
    assert ada.post(address, {"password": PASSWORD, "reason": "Fell into the Rhine."}).status_code == 302
    assert not is_in(client)
    assert waiting.get(STEP)["Location"] == LOGIN, "half sessions end too"
    assert "Fell into the Rhine." in WaitingMail.objects.get().body
    client, answer = password_typed(paul)
    assert answer["Location"] == ENROL
    told = client.post(ENROL, {"code": App.told_by(client.get(ENROL)).code()})
    assert "Fell into the Rhine." in client.get("/admin/account/").text
    assert "Fell into the Rhine." in told.text or "Fell into the Rhine." in client.get("/admin/").text


def test_nobody_else_takes_a_phone_off(paul):
    anna, ada = author("anna"), administrator()
    with_phone(ada)
    for client in (browser_of(anna), browser_of(paul)):
        assert client.post(f"/admin/auth/user/{ada.pk}/second-factor/", {"password": PASSWORD, "reason": "x"}).status_code == 403
    assert browser_of(ada).post(f"/admin/auth/user/{ada.pk}/second-factor/", {"password": PASSWORD, "reason": "x"}).status_code == 302
    root = User.objects.create_superuser("root", password=PASSWORD)
    with_phone(root)
    assert browser_of(ada).post(f"/admin/auth/user/{root.pk}/second-factor/", {"password": PASSWORD, "reason": "x"}).status_code == 403
    assert Phone.objects.count() == 2


def test_last_administrator_gets_in_again_by_the_command(paul, capsys):
    ada = administrator()
    app, _codes = with_phone(ada)
    client = logged_in(ada, app)
    call_command("reset_second_factor", "ada", reason="Phone lost.")
    assert "is taken away" in capsys.readouterr().out
    assert not is_in(client)
    assert password_typed(ada)[1]["Location"] == ENROL
    with pytest.raises(CommandError, match="no account nobody"):
        call_command("reset_second_factor", "nobody")


def test_who_needs_none_is_let_in_by_the_password_and_may_have_one(settings):
    settings.SECOND_FACTOR = {"Administrator"}
    anna = author("anna")
    client, answer = password_typed(anna)
    assert answer["Location"] == "/admin/"
    client.post("/admin/account/second-factor/", {"password": PASSWORD, "do": "new"})
    app = App.told_by(client.get(ENROL))
    client.post(ENROL, {"code": app.code()})
    assert password_typed(anna)[1]["Location"] == STEP
    time_passes(anna)
    client = logged_in(anna, app)
    client.post("/admin/account/second-factor/", {"password": PASSWORD, "do": "remove"})
    assert password_typed(anna)[1]["Location"] == "/admin/"


def test_demanded_factor_cannot_be_taken_away_by_oneself(paul):
    app, _codes = with_phone(paul)
    client = logged_in(paul, app)
    assert 'value="remove"' not in client.get("/admin/account/second-factor/").text
    client.post("/admin/account/second-factor/", {"password": PASSWORD, "do": "remove"})
    assert Phone.objects.exists()


def test_demand_does_not_reach_into_a_session(settings):
    settings.SECOND_FACTOR = frozenset()
    paul = publisher()
    client, _answer = password_typed(paul)
    settings.SECOND_FACTOR = {"Publisher"}
    assert is_in(client)
    client.post("/admin/logout/")
    assert password_typed(paul, client)[1]["Location"] == ENROL


def test_each_change_asks_the_password(paul):
    app, codes = with_phone(paul)
    client = logged_in(paul, app)
    for wanted in ("new", "codes", "remove"):
        assert "not your password" in client.post("/admin/account/second-factor/", {"password": "wrong", "do": wanted}).text
    assert client.get(ENROL)["Location"] == "/admin/", "no key was offered"
    assert second_factor.codes_left(paul) == 10
    new = CODE.findall(client.post("/admin/account/second-factor/", {"password": PASSWORD, "do": "codes"}).text)
    assert len(new) == 10
    assert not {*new} & {*codes}


@pytest.mark.parametrize(("address", "field"), [("/admin/account/second-factor/", "password"), ("/admin/password_change/", "old_password")])
def test_wrong_passwords_within_are_slowed_down_too(paul, address, field):
    app, _codes = with_phone(paul)
    client = logged_in(paul, app)
    fields = {"do": "new", "new_password1": "another long enough one", "new_password2": "another long enough one"}
    statuses = [client.post(address, fields | {field: f"guess {number}"}).status_code for number in range(7)]
    assert statuses[0] == 200
    assert statuses[-2:] == [429, 429]
    assert client.post(address, fields | {field: PASSWORD}).status_code == 429
    assert User.objects.get(pk=paul.pk).check_password(PASSWORD)


def test_count_of_wrong_passwords_is_forgotten_only_by_the_second_step(paul):
    app, _codes = with_phone(paul)
    client = Client(headers=HOST)
    for number in range(3):
        client.post(LOGIN, {"username": "paul", "password": f"guess {number}"})
    password_typed(paul, client)
    assert AccessAttempt.objects.get().failures_since_start == 3
    client.post(STEP, {"code": app.code()})
    assert not AccessAttempt.objects.exists()


def test_half_session_ends_by_itself_by_log_out_and_by_a_new_password(paul, monkeypatch):
    app, _codes = with_phone(paul)
    for ending in ("late", "log-out", "password"):
        client, _answer = password_typed(paul)
        if ending == "late":
            monkeypatch.setattr(half, "SECONDS", -1)
        elif ending == "log-out":
            client.post("/admin/logout/")
        else:
            paul.set_password("another long enough password")
            paul.save()
        assert client.post(STEP, {"code": app.code()})["Location"] == LOGIN
        assert not is_in(client)
        monkeypatch.undo()


def test_half_session_is_nobody_and_has_its_own_key(paul):
    with_phone(paul)
    client = Client(headers=HOST)
    client.get(LOGIN)
    client.cookies["sessionid"] = "plantedbyanattacker00000000000000"
    password_typed(paul, client)
    assert client.cookies["sessionid"].value != "plantedbyanattacker00000000000000"
    held = Session.objects.get().get_decoded()
    assert set(held) == {"half"}
    assert User.objects.get(pk=paul.pk).last_login is None


def test_half_session_with_a_phone_sets_up_no_other(paul):
    with_phone(paul)
    client, _answer = password_typed(paul)
    assert client.get(ENROL)["Location"] == STEP
    assert client.post(ENROL, {"code": "123456"})["Location"] == STEP


def test_phone_that_came_meanwhile_is_not_replaced_by_a_half_session(paul):
    slow, _answer = password_typed(paul)
    app = App.told_by(slow.get(ENROL))
    with_phone(paul)
    assert second_factor.enrol(paul, half_key(slow), app.code(), is_first=True) is None
    assert Phone.objects.count() == 1


def half_key(client):
    return client.session["half"]["key"]


def test_no_loop_and_an_explanation_for_who_has_no_phone_yet(paul):
    client, _answer = password_typed(paul)
    visited = client.get("/admin/", follow=True)
    assert [place for place, _status in visited.redirect_chain] == [STEP, ENROL]
    assert "Your role asks for a second proof" in visited.text
    assert "Log out" in visited.text
    assert "KeePassXC" in visited.text


def test_text_typed_before_the_session_ended_survives_the_second_step(paul):
    page, (app, _codes) = new_page("about"), with_phone(paul)
    client = Client(headers=HOST)
    carried = hidden_fields(client.post(at("change", page), typed(page, body="Long work.")))
    asked = client.post(LOGIN, carried | {"username": paul.username, "password": PASSWORD})
    assert "Nothing that you typed is lost" in asked.text
    wrong = client.post(STEP, hidden_fields(asked) | {"code": "000000"})
    Phone.objects.update(throttling_failure_timestamp=None)
    resumed = client.post(STEP, hidden_fields(wrong) | {"code": app.code()})
    assert f'action="{at("change", page)}"' in resumed.text
    filled = client.post(at("change", page), hidden_fields(resumed))
    assert filled.context["adminform"].form["body"].value() == "Long work."


def test_text_typed_before_the_session_ended_survives_the_set_up_of_a_phone(paul):
    page, client = new_page("about"), Client(headers=HOST)
    carried = hidden_fields(client.post(at("change", page), typed(page, body="Long work.")))
    asked = client.post(LOGIN, carried | {"username": paul.username, "password": PASSWORD})
    codes = client.post(ENROL, hidden_fields(asked) | {"code": App.told_by(asked).code()})
    assert len(CODE.findall(codes.text)) == 10
    resumed = client.post("/admin/login/resume/", hidden_fields(codes))
    filled = client.post(at("change", page), hidden_fields(resumed))
    assert filled.context["adminform"].form["body"].value() == "Long work."


def test_form_sent_with_a_half_session_is_carried_on(paul):
    page, (app, _codes) = new_page("about"), with_phone(paul)
    client, _answer = password_typed(paul)
    asked = client.post(at("change", page), typed(page, body="Long work."))
    assert asked.status_code == 403
    resumed = client.post(STEP, hidden_fields(asked) | {"code": app.code()})
    assert client.post(at("change", page), hidden_fields(resumed)).context["adminform"].form["body"].value() == "Long work."


def test_text_survives_a_half_session_that_was_left_too_long(paul, monkeypatch):
    page, client = new_page("about"), Client(headers=HOST)
    with_phone(paul)
    carried = hidden_fields(client.post(at("change", page), typed(page, body="Long work.")))
    asked = client.post(LOGIN, carried | {"username": paul.username, "password": PASSWORD})
    monkeypatch.setattr(half, "SECONDS", -1)
    assert "Nothing that you typed is lost" in client.post(STEP, hidden_fields(asked) | {"code": "123456"}).text


def test_text_survives_a_code_sent_without_the_cookie_that_belongs_to_it(paul):
    page, client = new_page("about"), Client(headers=HOST, enforce_csrf_checks=True)
    app, _codes = with_phone(paul)
    carried = hidden_fields(browser_of().post(at("change", page), typed(page, body="Long work.")))
    form = hidden_fields(client.get(LOGIN))
    client.post(LOGIN, form | {"carried": carried["carried"], "username": paul.username, "password": PASSWORD})
    refused = client.post(STEP, {"carried": carried["carried"], "code": app.code()})
    assert refused.status_code == 403
    resumed = client.post(STEP, hidden_fields(refused) | {"code": app.code()})
    assert client.post(at("change", page), hidden_fields(resumed)).context["adminform"].form["body"].value() == "Long work."


@pytest.mark.parametrize("step", [STEP, ENROL])
def test_log_in_left_too_long_says_why_it_begins_again(paul, monkeypatch, step):
    if step == STEP:
        with_phone(paul)
    client, _answer = password_typed(paul)
    monkeypatch.setattr(half, "SECONDS", -1)
    answer = client.post(step, {"code": "123456"}, follow=True)
    assert answer.redirect_chain[0][0] == LOGIN
    assert "half hour for this step is over" in answer.text
    assert "half hour" not in client.get(step, follow=True).text, "said once"


def test_phone_not_set_up_in_time_says_so(paul, monkeypatch):
    app, _codes = with_phone(paul)
    client = logged_in(paul, app)
    client.post("/admin/account/second-factor/", {"password": PASSWORD, "do": "new"})
    monkeypatch.setattr(new_phone, "SECONDS", -1)
    assert "half hour for this step is over" in client.post(ENROL, {"code": "123456"}, follow=True).text
    assert "half hour" not in client.get(ENROL, follow=True).text


def test_recovery_code_leads_on_to_the_account_where_another_phone_is_set_up(paul):
    _app, codes = with_phone(paul)
    client, _answer = password_typed(paul)
    answer = client.post(STEP, {"recovery": codes[0]}, follow=True)
    assert re.search(r'set up another one under <a href="/admin/account/">“Your account”</a>', answer.text)


def test_lost_phone_of_an_account_without_one_is_told_as_what_it_was(paul):
    User.objects.update(email="paul@example.org")
    within, ada = browser_of(paul), browser_of(administrator())
    form = {"password": PASSWORD, "reason": "Said so."}
    assert "There was no second factor" in ada.post(f"/admin/auth/user/{paul.pk}/second-factor/", form, follow=True).text
    assert "there was no second factor. By ada." in WaitingMail.objects.get().body
    assert not is_in(within)


@pytest.mark.parametrize(
    ("said", "roles"), [("none", set()), ("publisher, Administrator", {"Publisher", "Administrator"}), ("AUTHOR", {"Author"})]
)
def test_roles_that_must_have_a_second_factor_are_named_in_the_environment(monkeypatch, said, roles):
    monkeypatch.setenv("SECOND_FACTOR", said)
    assert portal.second_factor_of("Publisher") == roles


def test_unknown_role_in_the_environment_stops_the_start(monkeypatch):
    monkeypatch.setenv("SECOND_FACTOR", "editors")
    with pytest.raises(ImproperlyConfigured, match="editors"):
        portal.second_factor_of("none")
    monkeypatch.delenv("SECOND_FACTOR")
    assert portal.second_factor_of("Publisher Administrator") == {"Publisher", "Administrator"}


def test_what_others_did_is_told_once_at_the_next_log_in_and_own_acts_are_not(paul):
    client, _answer = password_typed(paul)
    client.post(ENROL, {"code": App.told_by(client.get(ENROL)).code()})
    assert not list(client.get("/admin/").context["messages"])
    second_factor.forget(paul, AccountEvent.What.RESET, "ada", "Lost.")
    client, _answer = password_typed(paul)
    app = App.told_by(client.get(ENROL))
    assert "Lost." in client.post(ENROL, {"code": app.code()}).text
    time_passes(paul)
    client, _answer = password_typed(paul)
    assert "Lost." not in client.post(STEP, {"code": app.code()}, follow=True).text
    assert not AccountEvent.objects.filter(told=None).exists()
