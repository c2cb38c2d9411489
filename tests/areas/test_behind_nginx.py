"""Papers of an area behind the documented nginx: one address leads to the bytes, for members alone, and nobody keeps an answer."""

import hashlib
import json
from http.cookies import SimpleCookie
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

import pytest

from tests.nginx import HOST, Nginx, deployed
from tests.security.test_behind_nginx import fetch

pytestmark = pytest.mark.once
PAPER, PASSWORD = b"Draft that members alone may read. " * 40, "a long enough password"
FILL = f"""
import json
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from areas import papers
from areas.models import Area, AreaMembership, AreaRole
call_command("migrate", verbosity=0)
found = {{}}
for name, others in (("alpha", "beta"), ("beta", "alpha")):
    area = Area.objects.create(name=name, whose="Panel", asks_second_factor=False)
    user = User.objects.create_user("member-of-" + name, password={PASSWORD!r})
    AreaMembership.objects.create(area=area, account=user, role=AreaRole.STEWARD)
    version = papers.add_version(area, user, ContentFile({PAPER!r}, name="draft.txt"), title="Draft", folder="")
    found[name] = {{"key": area.key, "file": version.file_id, "place": str(version.path), "stored": version.place}}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    server = deployed(tmp_path_factory.mktemp("server"))
    server.areas = json.loads(server.manage(code=FILL).splitlines()[-1])
    with server:
        yield server


@pytest.fixture(scope="module")
def nginx(portal, tmp_path_factory):
    with Nginx(tmp_path_factory.mktemp("nginx"), portal) as started:
        yield started


def kept_cookies(headers):
    return "; ".join(f"{name}={one.value}" for line in headers.get_all("Set-Cookie", []) for name, one in SimpleCookie(line).items())


@pytest.fixture(scope="module")
def member(nginx):
    """A function that asks as the steward of Alpha, by a log-in through the form."""
    address = "/extranets/log-in/"
    _status, headers, page = fetch(nginx.connect(), address)
    token = page.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    fields = urlencode({"username": "member-of-alpha", "password": PASSWORD, "csrfmiddlewaretoken": token})
    form = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": kept_cookies(headers), "Origin": f"https://{HOST}"}
    status, headers, _page = fetch(nginx.connect(), address, "POST", fields, **form)
    assert status == 302
    cookie = kept_cookies(headers)
    return lambda path, method="GET", **more: fetch(nginx.connect(), path, method, Cookie=cookie, **more)


def at(portal, name, rest=""):
    return f"/extranets/areas/{portal.areas[name]['key']}/{rest}"


def paper(portal, name):
    return at(portal, name, f"files/{portal.areas[name]['file']}/1/")


def test_member_reads_the_paper_whole_and_in_part_and_nobody_keeps_it(portal, member):
    """200, 206, 416, HEAD, 304 that never comes, 404, redirect: each says no-store, and names nothing to compare with later."""
    path = paper(portal, "alpha")
    for method, wanted, asked in (
        ("GET", 200, {}),
        ("HEAD", 200, {}),
        ("GET", 206, {"Range": "bytes=0-4"}),
        ("GET", 416, {"Range": "bytes=999999-"}),
        ("GET", 200, {"If_None_Match": "*"}),
        ("GET", 200, {"If_Modified_Since": "Fri, 27 Nov 2099 00:00:00 GMT"}),
    ):
        status, headers, body = member(path, method, **asked)
        assert (status, headers["Cache-Control"]) == (wanted, "no-store"), asked
        assert (headers["ETag"], headers["Last-Modified"]) == (None, None)
        assert body == {200: PAPER if method == "GET" else b"", 206: PAPER[:5], 416: body}[wanted]
    for rest in ("", "members/", "files/999/", "files/1/999/", "notices/1/"):
        assert member(at(portal, "alpha", rest))[1]["Cache-Control"] == "no-store"


def test_nobody_else_gets_a_byte(portal, nginx, member):
    for status, headers, body in (
        fetch(nginx.connect(), paper(portal, "alpha")),
        fetch(nginx.connect(), paper(portal, "alpha"), Range="bytes=0-4"),
        member(paper(portal, "beta")),
        member(paper(portal, "beta"), Range="bytes=0-4"),
    ):
        assert status in {302, 404}
        assert headers["Cache-Control"] == "no-store"
        assert b"Draft that" not in body


def other_ways(portal):
    """Addresses by which files of a store might be reached past the portal."""
    stored, place = portal.areas["alpha"]["stored"], portal.areas["alpha"]["place"]
    digest = hashlib.sha256(PAPER).hexdigest()
    name = place.rpartition("/")[2]
    for root in ("/files/", "/media/", "/private/", "/private/areas/", "/protected/", "/internal/", "/static/", "/"):
        yield from (f"{root}{end}" for end in (stored, name, digest, f"{digest[:2]}/{digest}"))
    for root in ("/static/", "/media/", "/files/", "/extranets/areas/"):
        yield from (f"{root}{up}private/{stored}" for up in ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "%252e%252e%252f"))
        yield f"{root}..{place}"
    yield from (place, f"/{place}", f"//{place}")
    own = paper(portal, "alpha")
    yield from (f"{own}..;/1/", own.replace("/1/", "/%31/") + "%00", own.replace("/extranets/", "/extranets%2f"), f"/@2026-01-01{own}")


def test_no_other_address_reaches_it(portal, nginx):
    ways = list(other_ways(portal))
    assert len(ways) > 60
    for way in ways:
        for more in ({}, {"X_Accel_Redirect": portal.areas["alpha"]["place"]}, {"Range": "bytes=0-4"}):
            status, _headers, body = fetch(nginx.connect(), way, **more)
            assert status not in {200, 206}, way
            assert b"Draft" not in body, way


def test_header_that_nginx_obeys_is_not_taken_from_outside(portal, nginx, member):
    for name in ("X_Accel_Redirect", "X_Sendfile", "X_Original_URL", "X_Rewrite_URL"):
        for value in (portal.areas["alpha"]["place"], "/_files/" + portal.areas["alpha"]["stored"], paper(portal, "beta")):
            assert b"Draft" not in fetch(nginx.connect(), "/extranets/areas/", **{name: value})[2]
            assert b"Draft that" not in member(at(portal, "alpha"), **{name: value})[2]


@pytest.mark.clock
def test_an_area_that_is_there_and_one_that_is_not_take_the_same_time(portal, member):
    """Medians of 60 requests each in turn: within a fifth of each other."""
    theirs, nowhere = at(portal, "beta"), "/extranets/areas/0123456789abcdef/"
    times = {theirs: [], nowhere: []}
    for _round in range(60):
        for path, noted in times.items():
            start = perf_counter()
            status, _headers, _body = member(path)
            noted.append(perf_counter() - start)
            assert status == 404
    medians = [median(noted) for noted in times.values()]
    print("Medians of a foreign area and of none, ms:", *(f"{1000 * one:.2f}" for one in medians))
    assert max(medians) / min(medians) < 1.2
