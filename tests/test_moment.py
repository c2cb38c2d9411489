"""The moment of a request: how it is written, what it shows to whom, and what programs are told of it."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from django.contrib.auth.models import Group, User
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import get_script_prefix, reverse

from cdmportal.middleware import MomentMiddleware
from publishing.addresses import at_moment
from publishing.ledger import publish, withdraw
from publishing.models import Record
from publishing.moment import SETTLING, Moment, as_of, fixed, next_change, parse, record_version
from publishing.roles import PUBLISHER
from tests.record import DAY, HOUR, MINUTE, SECOND, START, clock, live_page, new_page, paths, republish

__all__ = ["clock"]
WHEN = "/@2030-03-10T18:00"


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2010-03-10", datetime(2010, 3, 10, 23, 59, 59, 999_999, UTC)),
        ("2010-03-10T17:07", datetime(2010, 3, 10, 17, 7, 59, 999_999, UTC)),
        ("2010-03-10T17:07:30", datetime(2010, 3, 10, 17, 7, 30, 999_999, UTC)),
        ("2010-03-10T17:07:30.000417", datetime(2010, 3, 10, 17, 7, 30, 417, UTC)),
        ("2012-02-29", datetime(2012, 2, 29, 23, 59, 59, 999_999, UTC)),
        ("0001-01-01", datetime(1, 1, 1, 23, 59, 59, 999_999, UTC)),
        ("9999-12-31T23:59:59", datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
        ("2010-03-28T02:30", datetime(2010, 3, 28, 2, 30, 59, 999_999, UTC)),  # an hour that summer time leaves out elsewhere
    ],
)
def test_moment_is_the_last_instant_of_what_is_named(text, last):
    assert parse(text) == last


MALFORMED = [
    "",
    "x",
    "2010",
    "2010-3-10",
    "2010-02-29",
    "2010-13-01",
    "0000-01-01",
    "10000-01-01",
    "-001-01-01",
    "2010-03-10T",
    "2010-03-10T24:00",
    "2010-03-10T17:60",
    "2010-03-10T17:07:60",
    "2010-03-10T17:07Z",
    "2010-03-10T17:07.000001",
    "2010-03-10T17:07:30.",
    "2010-03-10T17:07:30.5",
    "2010-03-10T17:07:30.0000001",
    "2010-03-10T17:07+01:00",
    "2010-03-10t17:07",
    "2010-03-10 17:07",
    " 2010-03-10",
    "2010-03-10\n",
    "2010-W10-3",
    "20100310",
    "٢٠١٠-٠٣-١٠",
    "２０１０-03-10",
    "2010‐03‐10",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_moment_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.django_db
@pytest.mark.parametrize("text", [*MALFORMED, "%2F", "2010-03-10%2F..", "<script>", "%ff", "%00", "1" * 50_000])
def test_malformed_moment_is_a_404_with_help(client, clock, text):
    live_page("about")
    response = client.get(f"/@{text}/about/")
    assert response.status_code == 404
    assert "Memento-Datetime" not in response
    if "\n" not in text and "%00" not in text and "%2F" not in text:
        assert re.search(r"/@\d{4}-\d\d-\d\d", response.content.decode()), "the page shows how a moment is written"
    assert "<script>" not in response.content.decode().split("<main")[1].split("</main")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/login/", "/static/css/portal.css", "/media/x", "/shared/x/", "/healthz", "/readyz", "/@2010-03-10/about/", "/@x/"],
)
def test_what_has_no_past_is_not_found_below_a_moment(client, clock, path):
    live_page("about")
    assert client.get(WHEN + path).status_code == 404


@pytest.mark.django_db
class TestRequests:
    def test_past_shows_page_menu_and_links_as_they_were(self, client, clock):
        page, other = live_page("a", body="First text, see [other](/other/)."), live_page("other", title="Other title")
        clock.tick(2 * HOUR)
        republish(page, body="Second text.")
        republish(other, slug="renamed", title="Renamed title")
        clock.tick(HOUR)
        text = client.get(f"{WHEN}/a/").content.decode()
        assert "First text" in text
        assert f'href="{WHEN}/other/"' in text
        assert "Other title" in text
        assert "Renamed" not in text
        assert "Second text" not in text
        now = client.get("/a/").content.decode()
        assert "Second text" in now
        assert 'href="/renamed/"' in now
        assert "/@2030-03-10T18:00/" not in now.replace('content="', "")

    def test_only_the_canonical_link_and_the_way_back_lead_to_now(self, client, clock, settings):
        live_page("a", body="[self](/a/)")
        clock.tick(2 * HOUR)
        text = client.get(f"{WHEN}/a/").content.decode()
        assert f'<link rel="canonical" href="{settings.SITE_ADDRESS}/a/">' in text
        menu = text.split("<nav")[1].split("</nav>")[0]
        links = re.findall(r'href="([^"#]*)"', menu)
        assert links
        assert all(link.startswith(WHEN + "/") for link in links)

    def test_headers_of_the_past(self, client, clock, settings):
        live_page("a")
        clock.tick(2 * HOUR)
        response = client.get(f"{WHEN}/a/")
        assert parsedate_to_datetime(response["Memento-Datetime"]) == datetime(2030, 3, 10, 18, 0, 59, tzinfo=UTC)
        assert response["X-Robots-Tag"] == "noindex"
        assert links_of(response["Link"]) >= {
            (f"{settings.SITE_ADDRESS}/a/", "original"),
            (f"{settings.SITE_ADDRESS}/a/timemap/", "timemap"),
        }
        assert "Cache-Control" not in response or "no-store" not in response["Cache-Control"]

    def test_now_bears_no_headers_of_the_past(self, client, clock):
        live_page("a")
        response = client.get("/a/")
        assert "Memento-Datetime" not in response
        assert "X-Robots-Tag" not in response

    def test_list_below_a_moment_names_no_timemap(self, client, clock):
        live_page("a")
        clock.tick(2 * HOUR)
        assert "timemap" not in client.get(f"{WHEN}/a/history/").get("Link", "")

    def test_head_is_get_without_a_body(self, client, clock):
        live_page("a")
        clock.tick(2 * HOUR)
        get, head = client.get(f"{WHEN}/a/"), client.head(f"{WHEN}/a/")
        assert (head.status_code, head.content) == (200, b"")
        assert head["Memento-Datetime"] == get["Memento-Datetime"]

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
    @pytest.mark.parametrize("path", [f"{WHEN}/a/", "/@x/a/", "/@2030-03-10"])
    def test_past_cannot_be_written(self, client, clock, method, path):
        live_page("a")
        response = getattr(client, method)(path)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"

    @pytest.mark.parametrize(
        ("path", "to"), [("/@2030-03-10", "/@2030-03-10/"), ("/@2030-03-10T18:00?a=%2F&b", "/@2030-03-10T18:00/?a=%2F&b")]
    )
    def test_moment_without_a_slash_leads_to_the_home_page_of_that_moment(self, client, clock, path, to):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, to)

    def test_before_the_first_edition_the_page_says_that_nothing_was_there(self, client, clock):
        live_page("")
        response = client.get("/@1999-12-31/")
        assert response.status_code == 404
        assert "nothing had been published" in response.content.decode().lower()
        assert "nothing had been published" not in client.get("/nowhere/").content.decode().lower()

    @pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2012-02-29"])
    def test_outermost_years_are_moments_like_others(self, client, clock, text):
        live_page("")
        assert client.get(f"/@{text}/").status_code == (200 if text > "2030" else 404)
        assert client.get(f"/@{text}/timemap/").status_code == (200 if text > "2030" else 404)


@pytest.fixture
def publisher(client, clock):
    user = User.objects.create_user("paula", password="long enough 123", is_staff=True)
    user.groups.add(Group.objects.get(name=PUBLISHER))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
class TestFuture:
    def test_visitors_see_now_instead(self, client, clock):
        page = live_page("a", body="Live text.")
        republish(page, START + DAY, body="Scheduled text.")
        clock.tick(HOUR)
        response = client.get("/@2030-03-12/a/")
        assert "Live text." in response.content.decode()
        assert "Scheduled text." not in response.content.decode()
        assert parsedate_to_datetime(response["Memento-Datetime"]) <= clock.now
        assert "no-store" in response["Cache-Control"]

    def test_publishers_see_the_site_as_it_will_be(self, publisher, clock):
        page = live_page("a", body="Live text.")
        publish([new_page("later")], START + DAY)
        republish(page, START + DAY, body="Scheduled text.")
        clock.tick(HOUR)
        response = publisher.get("/@2030-03-12/a/")
        assert "Scheduled text." in response.content.decode()
        assert "/@2030-03-12/later/" in response.content.decode()
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
        assert publisher.get("/@2030-03-12/later/").status_code == 200
        assert publisher.get("/later/").status_code == 404

    def test_what_publishers_saw_reaches_no_visitor(self, publisher, client, clock):
        page = live_page("a", body="Live text.")
        republish(page, START + DAY, body="Scheduled text.", title="Scheduled title", slug="scheduled")
        clock.tick(HOUR)
        assert publisher.get("/@2030-03-12/scheduled/").status_code == 200
        publisher.logout()
        for address in (
            "/a/",
            "/@2030-03-12/a/",
            "/a/history/",
            "/a/timemap/",
            "/@2030-03-12/a/history/",
            "/scheduled/",
            "/@2030-03-12/scheduled/",
        ):
            assert "cheduled t" not in client.get(address).content.decode()

    @pytest.mark.parametrize("staff", [False, True])
    def test_others_who_are_logged_in_see_no_future(self, client, clock, staff):
        publish([new_page("a")], START + DAY)
        user = User.objects.create_user("ann", password="long enough 123", is_staff=staff)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/@2030-03-12/a/").status_code == 404

    def test_404_of_a_future_is_kept_nowhere_either(self, publisher, client, clock):
        live_page("a")
        assert "no-store" in client.get("/@2030-03-12/nowhere/")["Cache-Control"]


@pytest.mark.django_db
class TestClosedMoments:
    def test_moment_just_past_is_not_answered_yet(self, clock):
        live_page("a")
        clock.tick(HOUR)
        asked = f"{clock.now:%Y-%m-%dT%H:%M:%S}"
        clock.tick(SECOND * 2)
        moment = Moment(asked)
        assert moment.is_open
        assert moment.at == moment.closed == moment.now - SETTLING
        clock.tick(SETTLING)
        moment = Moment(asked)
        assert not moment.is_open
        assert moment.at == parse(asked)

    def test_last_entry_closes_its_own_moment(self, clock):
        live_page("a")
        moment = Moment("2030-12-31")
        assert moment.at == moment.closed == Record.objects.get().at
        assert paths(moment.at) == {"/a/": "A"}

    def test_clock_that_steps_back_hides_nothing(self, client, clock):
        clock.tick(DAY)
        live_page("a")
        clock.set(START)
        assert client.get("/a/").status_code == 200
        assert Moment().now == Record.objects.get().at
        republish(live_page("b"), title="Second")
        assert paths(Moment().now) == {"/a/": "A", "/b/": "Second"}

    def test_moment_read_once_is_the_same_throughout_a_request(self, clock):
        live_page("a")
        moment = Moment()
        first = moment.at
        clock.tick(HOUR)
        live_page("b")
        assert (moment.at, moment.version.last) == (first, 1)


@pytest.mark.django_db
class TestVersions:
    def test_version_tells_last_number_and_last_change(self, clock):
        page = live_page("a")
        republish(page, START + DAY, title="Tomorrow")
        assert record_version(START + DAY).last == 2
        assert record_version(START + DAY).changed == START + DAY
        assert record_version(START + 2 * DAY) == record_version(START + DAY)
        assert record_version(START + DAY - SECOND) != record_version(START + DAY)
        assert record_version(START - DAY).changed is None

    def test_cancelled_schedule_is_no_change_and_leaves_no_trace_in_the_stamp(self, clock):
        from publishing.ledger import cancel

        page = live_page("a")
        cancel(republish(page, START + DAY, title="Tomorrow"))
        assert record_version(START + 2 * DAY).changed < START + HOUR
        assert next_change(clock.now) is None

    def test_as_of_knows_nothing_of_what_came_later(self, clock):
        page = live_page("a")
        clock.tick(HOUR)
        republish(page, slug="b")
        then = as_of(fixed(START + MINUTE))
        assert (then.now, then.at) == (START + MINUTE, START + MINUTE)


def links_of(header):
    """(address, relation) pairs of a Link header or a body in link format: an own reading of RFC 8288."""
    pairs = set()
    for address, parameters in re.findall(r'<([^>]*)>((?:\s*;\s*[\w*]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)', header):
        named = dict(re.findall(r';\s*([\w*]+)\s*=\s*"?([^";]*)"?', parameters))
        pairs.update((address, relation) for relation in named["rel"].split())
    return pairs


def mementos(text):
    found = re.findall(r'<([^>]*)>\s*;\s*rel="([^"]*)"\s*;\s*datetime="([^"]*)"', text)
    return [(address, parsedate_to_datetime(when)) for address, relation, when in found if "memento" in relation.split()]


@pytest.mark.django_db
class TestTimeMap:
    def test_each_edition_with_a_text_is_a_memento_that_can_be_read(self, client, clock, settings):
        page = live_page("a", body="Text 0.")
        for number in (1, 2):
            clock.tick(HOUR)
            republish(page, body=f"Text {number}.")
        clock.tick(HOUR)
        withdraw(page, "Old.")
        clock.tick(HOUR)
        response = client.get("/a/timemap/")
        assert response["Content-Type"] == "application/link-format"
        text = response.content.decode()
        assert (f"{settings.SITE_ADDRESS}/a/", "original") in links_of(text)
        assert (f"{settings.SITE_ADDRESS}/a/timemap/", "self") in links_of(text)
        found = mementos(text)
        assert [when for _, when in found] == [(START + HOUR * hour).replace(microsecond=0) for hour in range(3)]
        for number, (address, when) in enumerate(found):
            memento = client.get(address.removeprefix(settings.SITE_ADDRESS))
            assert f"Text {number}." in memento.content.decode()
            assert parsedate_to_datetime(memento["Memento-Datetime"]) == when

    def test_two_editions_of_one_second_are_one_memento(self, client, clock):
        page = live_page("a", body="First.")
        republish(page, body="Second.")
        clock.tick(HOUR)
        (found,) = mementos(client.get("/a/timemap/").content.decode())
        assert "Second." in client.get(found[0][found[0].index("/@") :]).content.decode()

    def test_scheduled_editions_are_not_listed(self, client, clock):
        republish(live_page("a"), START + DAY)
        assert len(mementos(client.get("/a/timemap/").content.decode())) == 1

    def test_mementos_of_a_moved_page_lead_to_it(self, client, clock):
        page = live_page("a")
        clock.tick(HOUR)
        republish(page, slug="b")
        clock.tick(HOUR)
        first = mementos(client.get("/b/timemap/").content.decode())[0][0]
        assert client.get(first[first.index("/@") :], follow=True).status_code == 200


def test_address_at_a_moment_has_four_digits_for_the_year(settings):
    settings.SITE_ADDRESS = "https://cdm.example.org"
    assert at_moment("/é/", datetime(33, 4, 5, 6, 7, 8, 9, UTC)) == "https://cdm.example.org/@0033-04-05T06:07:08/%C3%A9/"


@pytest.mark.django_db
class TestMiddleware:
    def ask(self, path, answer, **extra):
        request = RequestFactory().get(path, **extra)
        return MomentMiddleware(answer)(request)

    def test_streamed_bodies_keep_the_moment(self, clock):
        live_page("a")
        clock.tick(2 * HOUR)
        response = self.ask(f"{WHEN}/a/", lambda request: StreamingHttpResponse(reverse("home") for _ in range(3)))
        assert b"".join(response) == f"{WHEN}/".encode() * 3

    def test_next_request_is_of_now_again(self, clock):
        live_page("a")
        self.ask(f"{WHEN}/a/", lambda request: HttpResponse())
        self.ask("/a/", lambda request: HttpResponse())
        assert get_script_prefix() == "/"

    def test_link_that_is_there_already_stays(self, clock):
        live_page("a")
        clock.tick(2 * HOUR)
        response = self.ask(f"{WHEN}/a/", lambda request: HttpResponse(headers={"Link": '<https://x.example/>; rel="license"'}))
        assert ("https://x.example/", "license") in links_of(response["Link"])
        assert {relation for _, relation in links_of(response["Link"])} == {"license", "original", "timemap"}

    def test_portal_below_a_folder_of_its_host_keeps_that_folder(self, clock):
        live_page("a")
        clock.tick(2 * HOUR)
        answer = self.ask(f"{WHEN}/a/", lambda request: HttpResponse(reverse("home")), SCRIPT_NAME="/portal")
        assert answer.content.decode() == f"/portal{WHEN}/"
        assert self.ask("/a/", lambda request: HttpResponse(reverse("home")), SCRIPT_NAME="/portal").content == b"/portal/"

    def test_answer_given_before_anybody_is_known_is_no_error(self, clock):
        live_page("a")
        response = self.ask("/@2099-01-01/a/", lambda request: HttpResponse(status=301))
        assert (response.status_code, response["Cache-Control"]) == (301, "private, no-store")

    def test_static_address_is_free_of_the_moment(self, clock):
        from django.templatetags.static import static

        live_page("a")
        response = self.ask(f"{WHEN}/a/", lambda request: HttpResponse(static("css/portal.css")))
        assert response.content.decode().startswith("/static/")
