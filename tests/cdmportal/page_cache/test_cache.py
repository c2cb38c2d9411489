"""The page cache as visitors and editors meet it."""

import gzip
from datetime import timedelta
from threading import Thread

import brotli
import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages.models import Page
from publishing import ledger
from tests.documents.conftest import kept, live_document, live_version
from tests.news.conftest import live_item
from tests.registry.made import release
from tests.serving import MEGABYTE, Portal, publish, publish_again

pytestmark = pytest.mark.django_db(transaction=True)


def test_second_visitor_gets_the_kept_answer(portal):
    first, second = portal.get("/about/"), portal.get("/about/")
    assert first.status == second.status == 200
    assert first.body == second.body
    assert portal.made == 1


def test_publish_is_seen_by_the_next_request(portal):
    about = Page.objects.get(slug="about")
    for number in range(20):
        publish_again(about, body=f"State {number}.")
        assert f"State {number}." in portal.get("/about/").text


def test_publish_is_seen_by_every_worker_and_thread(portal):
    workers = [portal, Portal(), Portal()]
    about = Page.objects.get(slug="about")
    seen = []

    def read(worker):
        seen.append(worker.get("/about/").text)
        connections.close_all()

    for number in range(5):
        publish_again(about, body=f"State {number}.")
        threads = [Thread(target=read, args=(worker,)) for worker in workers * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 9
        assert all(f"State {number}." in text for text in seen)
        seen.clear()


def test_scheduled_change_is_seen_at_its_moment(portal, monkeypatch):
    about = Page.objects.get(slug="about")
    soon = timezone.now() + timedelta(hours=1)
    publish_again(about, soon, body="What comes in an hour.")
    assert "in an hour" not in portal.get("/about/").text
    assert "in an hour" not in portal.get("/about/").text
    later = soon + timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert "in an hour" in portal.get("/about/").text


def test_clock_that_steps_back_brings_nothing_stale(portal, monkeypatch):
    about = Page.objects.get(slug="about")
    soon = timezone.now() + timedelta(hours=1)
    publish_again(about, soon, body="What comes in an hour.")
    for step in (-7200, 3700, 10, 3700, -86400):
        at = timezone.now() if step == 10 else soon - timedelta(hours=1) + timedelta(seconds=step)
        with monkeypatch.context() as patch:
            patch.setattr("django.utils.timezone.now", lambda at=at: at)
            for _ in range(2):
                assert ("in an hour" in portal.get("/about/").text) is (at >= soon), step


def test_head_equals_get_without_a_body(portal):
    for path in ("/about/", "/@2010-03-10/about/", "/nothing/", "/about", "/about/history/"):
        head, get = portal.ask("HEAD", path), portal.get(path)
        assert head.status == get.status, path
        assert head.body == b""
        drop = {"x-request-id"}
        assert [h for h in head.headers if h[0].lower() not in drop] == [h for h in get.headers if h[0].lower() not in drop], path


def test_head_first_fills_the_cache_for_get(portal):
    portal.ask("HEAD", "/about/")
    assert "The mechanism in brief" in portal.get("/about/").text
    assert portal.made == 1


@pytest.mark.parametrize(("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_packed_answer_is_the_plain_one(portal, coding, unpack):
    plain, packed = portal.get("/about/"), portal.get("/about/", Accept_Encoding=coding)
    assert packed["Content-Encoding"] == coding
    assert unpack(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert portal.made == 1


def test_tag_held_already_gets_304(portal):
    tag = portal.get("/about/", Accept_Encoding="br")["ETag"]
    again = portal.get("/about/", Accept_Encoding="br", If_None_Match=f'"x", W/{tag}')
    assert (again.status, again.body) == (304, b"")
    assert again["ETag"] == tag
    assert portal.get("/about/", Accept_Encoding="gzip", If_None_Match=tag).status == 200
    publish_again(Page.objects.get(slug="about"), body="Something else.")
    assert portal.get("/about/", Accept_Encoding="br", If_None_Match=tag).status == 200


def test_tag_of_a_page_with_figures_is_another_once_the_figures_are(portal):
    publish_again(Page.objects.get(slug="about"), body="{{ figure:cers }} CERs. " * 60)
    before = portal.get("/about/")
    assert b"2,423,389,675" in before.body
    release(a="One")
    after = portal.get("/about/", If_None_Match=before["ETag"])
    assert (after.status, after["ETag"] != before["ETag"]) == (200, True)
    assert b"0 CERs." in after.body


def test_visitors_may_keep_pages_but_must_ask(portal):
    assert portal.get("/about/")["Cache-Control"] == "public, no-cache"


def test_undeclared_parameters_make_no_new_entries(portal):
    for number in range(50):
        assert portal.get(f"/about/?utm_source={number}&a[]=b&{'x' * number}").status == 200
    assert portal.made == 1
    assert len(portal.cache.now) == 1
    assert len(portal.cache.made_up) == 0


def test_undeclared_parameters_do_not_reach_the_view(portal):
    portal.get("/about/history/?against=1&evil=1")
    assert portal.seen["QUERY_STRING"] == ""


def test_declared_parameters_have_one_order(portal):
    about = Page.objects.get(slug="about")
    number = publish_again(about, body="Two.")[0].number
    path = f"/about/history/{number}/"
    for query in ("against=1&x=2", "x=3&against=1", "against=1", "against=%31"):
        portal.get(f"{path}?{query}")
    assert portal.made == 1
    portal.get(path)
    assert portal.made == 2


def test_too_many_parameters_are_not_kept(portal):
    number = publish_again(Page.objects.get(slug="about"), body="Two.")[0].number
    for query in ("&".join(f"against={n}" for n in range(200)), "against=" + "1" * 5000):
        assert portal.get(f"/about/history/{number}/?{query}").status in {200, 400}
    assert len(portal.cache.made_up) == 0


def test_unknown_addresses_are_not_kept(portal):
    for number in range(30):
        assert portal.get(f"/nothing-{number}/").status == 404
        assert portal.get(f"/about?x={number}").status == 301
    assert len(portal.cache.now) == len(portal.cache.made_up) == 0


def test_past_moments_cannot_push_out_the_present(portal):
    portal.get("/about/")
    small = Portal(most=200_000)
    small.get("/about/")
    for minute in range(60):
        small.get(f"/@2010-03-10T17:{minute:02}/about/")
    assert small.cache.made_up.size <= 25_000
    made = small.made
    small.get("/about/")
    assert small.made == made


def test_bytes_are_bounded(portal):
    small = Portal(most=100_000)
    for number in range(20):
        publish(f"page-{number}", body="word " * 2000)
    for number in range(20):
        small.get(f"/page-{number}/", Accept_Encoding="br")
        assert small.cache.now.size + small.cache.made_up.size <= 100_000


def test_cache_of_no_bytes_asks_each_time(portal):
    off = Portal(most=0)
    assert off.get("/about/").body == off.get("/about/").body
    assert off.made == 2


@pytest.fixture
def editor(portal):
    client = Client()
    client.force_login(User.objects.create_superuser("editor", password="a long password here"))
    return f"sessionid={client.cookies['sessionid'].value}"


def test_editor_is_neither_served_nor_stored(portal, editor):
    portal.get("/about/")
    answer = portal.get("/about/", Cookie=editor)
    assert portal.made == 2
    assert "no-store" in answer["Cache-Control"]
    assert portal.seen["HTTP_COOKIE"] == editor
    portal.get("/", Cookie=editor)
    assert len(portal.cache.now) == 1


MADE_UP = ["", "x", "a" * 32, "0" * 32, "a" * 20 + "0" * 12, "é" * 32, "a" * 5000, "x; sessionid=y", '"' + "a" * 32 + '"']


@pytest.mark.parametrize("key", MADE_UP)
def test_session_that_somebody_made_up_is_none(portal, key):
    """It neither goes around the cache nor costs a query where the cache is not asked."""
    cookies = f"tracking=1; sessionid={key}; csrftoken={'a' * 32}"
    first = portal.get("/about/")
    assert portal.get("/about/", Cookie=cookies).body == first.body
    assert portal.made == 1
    with CaptureQueriesContext(connection) as asked:
        portal.get("/admin/", Cookie=cookies)
    assert not [query["sql"] for query in asked if "django_session" in query["sql"]]


def test_session_counts_whatever_stands_beside_it(portal, editor):
    """A kept page is never for somebody with a session, nor is theirs kept; also where junk of the same name surrounds the key."""
    portal.get("/about/")
    for cookies in (
        editor,
        f"a=b;{editor}",
        f"sessionid=junk; {editor}",
        f"{editor}; sessionid=junk",
        f"{editor};a",
        editor.replace("=", " = "),
    ):
        assert "no-store" in portal.get("/about/", Cookie=cookies)["Cache-Control"], cookies
        assert portal.seen["HTTP_COOKIE"] == cookies
    assert len(portal.cache.now) == 1


def test_session_outlives_a_change_of_the_secret_key_that_names_the_former(portal, editor, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert "no-store" in portal.get("/about/", Cookie=editor)["Cache-Control"]
    assert portal.get("/admin/", Cookie=editor).status == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert portal.get("/admin/", Cookie=editor).status == 302


def test_log_in_form_leaves_visitors_their_kept_pages(portal):
    """Its cookie is for its own form; no public page has one."""
    cookie = portal.get("/admin/login/")["Set-Cookie"].partition(";")[0]
    portal.made = 0
    first, second = portal.get("/about/", Cookie=cookie), portal.get("/about/", Cookie=cookie)
    assert "HTTP_COOKIE" not in portal.seen
    assert (portal.made, first.body) == (1, second.body)
    assert b"csrfmiddlewaretoken" not in first.body


def test_hosts_of_ours_are_one_key_each_whatever_the_port(portal):
    for number in range(1, 200):
        assert portal.get("/about/", host=f"localhost:{number}").status == 200
        assert portal.get("/about/", host=f"LocalHost:{number}").status == 200
    assert portal.made == 1
    assert len(portal.cache.now) == 1
    assert portal.seen["HTTP_HOST"] == "localhost", "no answer depends on the port"


def test_hosts_by_pattern_are_served_and_not_kept(portal, settings):
    settings.ALLOWED_HOSTS = [".example.org", "localhost"]
    patterned = Portal()
    for number in range(20):
        assert patterned.get("/about/", host=f"x{number}.example.org").status == 200
    assert len(patterned.cache.now) == 0
    for foreign in ("localhost:x", "localhost:", "localhost:1:2", "localhost.evil", "xlocalhost"):
        assert patterned.get("/about/", host=foreign).status == 400, foreign


@pytest.mark.parametrize("scheme", ["https, http", "HTTPS", "ftp", "", "x" * 1000])
def test_odd_schemes_make_no_new_keys(portal, settings, scheme):
    portal.cache.behind_proxy = True
    portal.cache.passed_on = portal.cache.passed_on | {"HTTP_X_FORWARDED_PROTO"}
    for told in ("http", scheme, "https"):
        portal.get("/about/", X_Forwarded_Proto=told)
    assert len(portal.cache.now) == 2


def test_foreign_cookies_are_not_seen_by_the_view(portal):
    portal.get("/about/", Cookie="tracking=1")
    assert "HTTP_COOKIE" not in portal.seen
    portal.get("/about/", Cookie="tracking=2")
    assert portal.made == 1


def test_publishers_future_is_never_kept(portal, editor):
    soon = timezone.now() + timedelta(days=2)
    publish_again(Page.objects.get(slug="about"), soon, body="What is to come.")
    path = f"/@{soon + timedelta(days=1):%Y-%m-%d}/about/"
    assert "What is to come" in portal.get(path, Cookie=editor).text
    assert "What is to come" not in portal.get(path).text
    assert "What is to come" in portal.get(path, Cookie=editor).text


def test_moment_not_over_yet_is_never_kept(portal):
    """`/@<today>/` means now for visitors, so its banner is out of date a minute later."""
    for path in (f"/@{timezone.now():%Y-%m-%d}/about/", "/@2999-01-01/about/"):
        assert "no-store" in portal.get(path)["Cache-Control"]
    assert len(portal.cache.made_up) == 0


def test_answer_that_sets_a_cookie_is_not_kept(portal, settings):
    assert portal.get("/admin/login/").all("Set-Cookie")
    assert portal.get("/admin/login/")["Set-Cookie"]
    assert len(portal.cache.now) == 0


@pytest.mark.parametrize(
    "headers",
    [
        [("Set-Cookie", "a=b")],
        [("Vary", "Cookie")],
        [("Vary", "Accept-Encoding, Accept-Language")],
        [("Cache-Control", "private")],
        [("Cache-Control", "max-age=0, no-store")],
        [("Content-Encoding", "gzip")],
    ],
)
def test_answer_that_depends_on_the_visitor_is_not_kept(portal, headers):
    portal.cache.application = answering("200 OK", headers)
    portal.get("/about/")
    assert len(portal.cache.now) == 0


@pytest.mark.parametrize("status", ["206 Partial Content", "302 Found", "400 Bad Request", "404 Not Found", "500 Oh", "503 No"])
def test_passing_answers_are_not_kept(portal, status):
    portal.cache.application = answering(status, [])
    assert portal.get("/about/").status == int(status[:3])
    assert len(portal.cache.now) == 0


def answering(status, headers):
    class CountedBody(list):
        streaming = False

        def close(self):
            pass

    def application(environ, start_response):
        start_response(status, [("Content-Type", "text/html"), *headers])
        return CountedBody([b"x" * 1000])

    return application


def test_change_while_an_answer_is_made_is_not_lost(portal):
    """The answer made from the former state must not be kept as that of the new one."""
    about = Page.objects.get(slug="about")
    django = portal.cache.application

    def slow(environ, start_response):
        response = django(environ, start_response)
        publish_again(about, body="The new state.")
        portal.cache.application = django
        return response

    portal.cache.application = slow
    assert "The new state." not in portal.get("/about/").text
    assert "The new state." in portal.get("/about/").text


def test_withdrawn_page_is_gone_at_once(portal):
    portal.get("/about/")
    ledger.withdraw(Page.objects.get(slug="about"), "No longer true.")
    assert portal.get("/about/").status == 410
    assert portal.get("/about/").status == 410
    assert len(portal.cache.now) == 1


def test_unknown_methods_are_refused(portal):
    for method in ("TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "get", "BREW"):
        answer = portal.ask(method, "/about/")
        assert answer.status == 405
        assert answer["Allow"] == "GET, HEAD"
        assert portal.seen["REQUEST_METHOD"] == "OPTIONS", "the view is asked what it takes, and nothing else"
    assert len(portal.cache.now) == 0


def test_large_cache_default_is_off_for_nobody():
    from django.conf import settings

    assert settings.PAGE_CACHE_BYTES >= MEGABYTE


def test_missing_slash_leads_on_only_to_what_is_there(portal):
    publish("former", "Former")
    publish_again(Page.objects.get(slug="former"), slug="latter")
    leads = {
        path: (portal.get(path).status, portal.get(path)["Location"])
        for path in ("/about", "/former", "/latter", "/nothing", "/about/x.css")
    }
    assert leads == {
        "/about": (301, "/about/"),
        "/former": (301, "/former/"),
        "/latter": (301, "/latter/"),
        "/nothing": (404, None),
        "/about/x.css": (404, None),
    }
    assert portal.get("/search?q=words")["Location"] == "/search/?q=words"
    assert portal.get("/@2999-01-01/about")["Location"] == "/@2999-01-01/about/"


def test_head_with_a_range_is_that_of_the_whole(portal, settings):
    """A page, a static file, a page of the desk; files: tests/files/test_downloads.py."""
    settings.X_ACCEL_REDIRECT = "/stored/"
    for path in ("/about/", "/static/admin/css/base.css", "/admin/login/", "/@2010-03-10/about/"):
        whole, head = portal.ask("HEAD", path), portal.ask("HEAD", path, Range="bytes=0-9")
        assert head.status == whole.status == portal.get(path).status, path
        assert head["Content-Length"] == whole["Content-Length"]
        assert not head["Content-Range"]


def test_file_asked_for_by_head_is_not_taken_for_an_empty_one(portal, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    live_version(live_document(slug="notes"), file=kept("notes.txt", b"0123456789"))
    path = "/documents/notes/1/notes.txt"
    for prefix in ("", "/stored/"):
        settings.X_ACCEL_REDIRECT = prefix
        head = portal.ask("HEAD", path, Range="bytes=0-4")
        assert (head.status, head["Content-Length"], head.body) == (200, "10", b"")
        assert not head["X-Accel-Redirect"]
        whole = portal.get(path)
        assert (whole.body, whole["X-Accel-Redirect"] is None) == ((b"", False) if prefix else (b"0123456789", True))


def test_feed_not_modified_since_is_not_sent_again(portal, clock):
    """And nothing that says when it was last modified; a tag, where one is sent along, decides alone."""
    live_item(slug="first")
    for path in ("/news/feed/atom/", "/news/feed/rss/", "/news/topics/board/feed/json/", "/newsletters/feed/atom/"):
        whole = portal.get(path)
        modified = whole["Last-Modified"]
        assert modified, path
        assert portal.get(path, If_Modified_Since=modified).status == 304
        assert portal.get(path, If_Modified_Since="Fri, 31 Dec 2100 00:00:00 GMT").status == 304
        for other in ("Wed, 10 Mar 2010 00:00:00 GMT", "nonsense", ""):
            assert portal.get(path, If_Modified_Since=other).body == whole.body, other
        assert portal.get(path, If_Modified_Since=modified, If_None_Match='"other"').status == 200
        assert portal.ask("HEAD", path, If_Modified_Since=modified).status == 304
    assert portal.get("/about/", If_Modified_Since="Fri, 31 Dec 2100 00:00:00 GMT").status == 200
