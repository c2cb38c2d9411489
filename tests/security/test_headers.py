"""Headers by the rules of the HTTP Observatory (Mozilla/MDN), for every kind of answer."""

import re

import pytest
from django.test import Client, override_settings

from cdmportal import security
from publishing import ledger
from tests.serving import publish

pytestmark = pytest.mark.django_db(transaction=True)
IN_PRODUCTION = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 63_072_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
}
IN_PRODUCTION |= {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}


@pytest.fixture
def answers(portal):
    """An answer of every status that the portal gives, by a name."""
    gone = publish("gone", "Gone")
    ledger.withdraw(gone, "Wrong.")
    wrong = publish("erased", "Erased")
    ledger.erase(wrong.editions.get(), "Court order.")
    tag = portal.get("/about/")["ETag"]
    return {
        "page": portal.get("/about/"),
        "page kept": portal.get("/about/"),
        "page of the past": portal.get("/@2999-01-01/about/"),
        "history": portal.get("/about/history/"),
        "redirect": portal.get("/about"),
        "not changed": portal.get("/about/", If_None_Match=tag),
        "gone": portal.get("/gone/"),
        "erased": portal.get("/erased/"),
        "not found": portal.get("/nothing/"),
        "bad moment": portal.get("/@yesterday/about/"),
        "bad host": portal.get("/about/", host="evil.example"),
        "login": portal.get("/admin/login/"),
        "to login": portal.get("/admin/"),
        "csrf": portal.ask("POST", "/admin/login/", b"a=b", CONTENT_TYPE="application/x-www-form-urlencoded"),
        "health": portal.get("/healthz"),
        "static": portal.get("/static/admin/css/base.css"),
        "method": portal.ask("POST", "/about/"),
        "trace": portal.ask("TRACE", "/about/"),
    }


def test_statuses_are_what_they_should_be(answers):
    statuses = {name: answer.status for name, answer in answers.items()}
    assert statuses == statuses | {
        "page": 200,
        "redirect": 301,
        "not changed": 304,
        "gone": 410,
        "erased": 451,
        "not found": 404,
        "bad moment": 404,
        "bad host": 400,
        "login": 200,
        "to login": 302,
        "health": 200,
        "trace": 405,
        "static": 200,
    }
    assert statuses["csrf"] == 403
    assert statuses["method"] in {403, 405}


def directives(policy):
    return {words[0]: words[1:] for words in (rule.split() for rule in policy.split(";")) if words}


UNSAFE = {"'unsafe-inline'", "'unsafe-eval'", "data:", "*", "https:", "http:"}
PRIVATE_REFERRER = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def max_age(value):
    return int((re.search(r"max-age=(\d+)", value or "") or [0, "0"])[1])


def losses(get, policy, cookies):
    """What the Observatory takes off, by reason."""
    scripts = set(policy.get("script-src", policy.get("default-src", ["*"])))
    rules = {
        "no policy": (-25, not policy),
        "unsafe scripts": (-20, scripts & UNSAFE),
        "unsafe styles": (-10, set(policy.get("style-src", [])) & UNSAFE),
        "plain http in the policy": (-20, any(source.startswith("http:") for sources in policy.values() for source in sources)),
        "no HSTS": (-20, max_age(get("Strict-Transport-Security")) < 15_768_000),
        "sniffing": (-5, (get("X-Content-Type-Options") or "").lower() != "nosniff"),
        "framing": (-20, "frame-ancestors" not in policy and get("X-Frame-Options") not in {"DENY", "SAMEORIGIN"}),
        "referrer": (-5, get("Referrer-Policy") not in PRIVATE_REFERRER),
        "open to other sites": (-50, get("Access-Control-Allow-Origin")),
        "insecure cookie": (-40, not all(cookie["secure"] for cookie in cookies)),
        "readable cookie": (-30, not all(cookie["httponly"] for cookie in cookies)),
    }
    return {name: points for name, (points, is_wrong) in rules.items() if is_wrong}


def bonuses(get, policy, cookies):
    rules = {
        "nothing by default": (10, policy.get("default-src") == ["'none'"]),
        "frame-ancestors": (5, "frame-ancestors" in policy),
        "preloaded": (5, "preload" in (get("Strict-Transport-Security") or "")),
        "private referrer": (5, get("Referrer-Policy") in PRIVATE_REFERRER),
        "resources for us alone": (10, get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"}),
        "same-site cookies": (5, cookies and all(cookie["samesite"] in {"Strict", "Lax"} for cookie in cookies)),
    }
    return sum(points for points, is_right in rules.values() if is_right)


def test_every_answer_has_all_headers(answers):
    for name, answer in answers.items():
        if answer.status == 304:
            continue
        for header, value in security.headers().items():
            assert answer.all(header) == [value], f"{name} ({answer.status}) {header}"


@override_settings(**IN_PRODUCTION)
@pytest.mark.parametrize("path", ["/", "/about/", "/admin/login/", "/nothing/", "/about", "/about/history/"])
def test_observatory_gives_a_plus(portal, path):
    client = Client(headers={"x-forwarded-proto": "https"})
    response = client.get(path)

    seen = response.headers.get, directives(response["Content-Security-Policy"]), list(client.cookies.values())
    assert not losses(*seen), path
    assert 100 + bonuses(*seen) >= 135, "A+ begins at 100"


@override_settings(**IN_PRODUCTION)
def test_plain_http_is_sent_to_https_on_the_same_host(portal):
    response = Client().get("/about/?a=b", headers={"host": "localhost"})
    assert (response.status_code, response["Location"]) == (301, "https://localhost/about/?a=b")


def test_policy_forbids_everything_first_and_nothing_is_unsafe():
    policy = directives(security.policy())
    assert policy["default-src"] == ["'none'"]
    for closed in ("base-uri", "frame-ancestors"):
        assert policy[closed] == ["'none'"]
    assert all(source in {"'self'", "'none'"} for sources in policy.values() for source in sources)
    assert not {"object-src", "frame-src", "font-src", "worker-src", "child-src"} & set(policy)


def test_other_sites_may_neither_frame_nor_share_a_window(answers):
    for name, answer in answers.items():
        if answer.status != 304:
            assert answer["X-Frame-Options"] == "DENY", name
            assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name


def test_features_of_the_browser_that_the_portal_does_not_use_are_off(answers):
    for name, answer in answers.items():
        if answer.status != 304:
            off = set((answer["Permissions-Policy"] or "").split(", "))
            assert off >= {"camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()", "display-capture=()"}, name


def test_public_answers_set_no_cookie(answers):
    for name, answer in answers.items():
        if name not in {"login", "to login", "csrf"}:
            assert not answer.all("Set-Cookie"), name


@pytest.mark.parametrize("path", ["/about/", "/nothing/", "/about/history/", "/", "/static/admin/css/base.css", "/healthz"])
def test_no_answer_names_software(portal, path):
    answer = portal.get(path)
    assert answer["Server"] is None
    assert answer["X-Powered-By"] is None


def test_page_that_answers_an_editor_is_kept_nowhere(portal, admin_user):
    client = Client()
    client.force_login(admin_user)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    for path in ("/", "/about/", "/nothing/", "/about/history/", "/admin/"):
        assert "no-store" in portal.get(path, Cookie=cookie)["Cache-Control"], path
