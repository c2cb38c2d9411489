"""The documented nginx before the portal: what holds up a server reached directly holds up nobody, and files are sent as before."""

import contextlib
import http.client
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Event
from urllib.parse import urlencode

import pytest

from tests.nginx import HOST, Nginx, deployed

pytestmark = [pytest.mark.once, pytest.mark.clock]
SIZE = 42_000_000
LARGE, SMALL = "/documents/large/1/large.txt", "/documents/small/1/small.txt"
PAGES = ("/", "/about/", "/documents/", "/search/?q=mechanism", "/about/history/", "/healthz")
FILL = f"""
from io import BytesIO
from django.core.management import call_command
from documents.models import Document, DocumentVersion
from files import uploads
from publishing.ledger import publish as record
from tests.serving import publish
call_command("migrate", verbosity=0)
for slug, title in (("", "CDM Home"), ("about", "About CDM"), ("documents", "Documents")):
    publish(slug, title, "The mechanism in brief. " * 60)
for name, size in (("large", {SIZE}), ("small", 1000)):
    document = Document.objects.create(slug=name, title=name, document_class="report", issued_by="eb")
    file = uploads.accept(BytesIO((b"0123456789" * 100 * (size // 1000))), name + ".txt")
    version = DocumentVersion(of_document_id=document.pk, version_number="1", file=file)
    version.save()
    record([document, version])
"""
HALF_FORM = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Proto: https\r\nCookie: __Host-csrf=%s\r\nReferer: https://%s/admin/login/\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nusername="
) % (HOST.encode(), b"a" * 32, HOST.encode())
HALF_HEAD = b"GET /about/ HTTP/1.1\r\nHost: %s\r\nUser-Agent: slow" % HOST.encode()
READING = f"GET {LARGE} HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n\r\n".encode()


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    server = deployed(tmp_path_factory.mktemp("server"))
    server.manage(code=FILL)
    with server:
        yield server


@pytest.fixture(scope="module")
def nginx(portal, tmp_path_factory):
    with Nginx(tmp_path_factory.mktemp("nginx"), portal) as started:
        yield started


def fetch(connection, path, method="GET", body=None, **headers):
    """Status, headers and bytes; the connection is closed."""
    asking = http.client.HTTPConnection(HOST)
    asking.sock = connection
    try:
        asking.request(method, path, body, {"Host": HOST, "Connection": "close"} | {n.replace("_", "-"): v for n, v in headers.items()})
        answer = asking.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        asking.close()


def seconds_of(connect, path):
    start = time.monotonic()
    status, _headers, _body = fetch(connect(), path, X_Forwarded_Proto="https")
    assert status == 200, path
    return time.monotonic() - start


def slowest_page(connect):
    """Seconds of the page that takes longest, each asked three times; the median, since other tests use the machine too."""
    return max(median(seconds_of(connect, path) for _ in range(3)) for path in PAGES)


@contextlib.contextmanager
def held_open(connect, request, count):
    """So many connections that have sent this and do nothing more."""
    waiting = []
    try:
        for _ in range(count):
            waiting.append(connect())
            waiting[-1].sendall(request)
        time.sleep(0.3)
        yield waiting
    finally:
        for connection in waiting:
            connection.close()


@pytest.mark.parametrize(
    ("request_", "count"), [(HALF_FORM, 200), (READING, 200), (HALF_HEAD, 50)], ids=["half forms", "slow readers", "half heads"]
)
def test_nobody_is_held_up(nginx, request_, count):
    with held_open(nginx.connect, request_, count):
        assert slowest_page(nginx.connect) < 1
        assert nginx.buffered() == 0


def test_attack_is_one_reached_directly(portal):
    """What the test above holds off does stop a server without nginx, which docs/deploy.md says in so many words."""

    def connect():
        return socket.create_connection(("127.0.0.1", portal.port), 1)

    assert slowest_page(connect) < 1
    with held_open(connect, HALF_FORM, 2 * portal.workers * portal.threads), pytest.raises(TimeoutError):
        slowest_page(connect)


def log_in_for_ever(connect, stopped):
    """A client that gets the form once and then guesses; returns the statuses of its guesses."""
    _status, headers, body = fetch(connect(), "/admin/login/")
    cookie = headers["Set-Cookie"].partition(";")[0]
    token = body.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    got = []
    while not stopped.is_set():
        form = urlencode({"csrfmiddlewaretoken": token, "username": f"editor{len(got)}", "password": "guess"})
        page = f"https://{HOST}/admin/login/"
        kind = "application/x-www-form-urlencoded"
        got.append(fetch(connect(), "/admin/login/", "POST", form, Cookie=cookie, Referer=page, Content_Type=kind)[0])
    return got


def test_log_ins_from_twenty_networks_hold_up_nobody(nginx):
    stopped = Event()
    with ThreadPoolExecutor(20) as pool:
        clients = [pool.submit(log_in_for_ever, lambda i=i: nginx.connect(f"127.0.9.{i}", 30), stopped) for i in range(1, 21)]
        time.sleep(0.5)
        try:
            assert slowest_page(nginx.connect) < 1
        finally:
            stopped.set()
        assert {status for client in clients for status in client.result()} <= {200, 429}


OWN_WAY = {"If_Match": "*"}  # such a request is answered by the portal itself, whose answer is the measure
OF_NGINX = {"date", "server", "connection", "x-request-id"}


def told(headers):
    """The headers that say the same whoever sends them; of the moment, which ticks on between two answers, that it is named."""
    values = {name.lower(): value for name, value in headers.items() if name.lower() not in OF_NGINX}
    return values | {"memento-datetime": "memento-datetime" in values}


def ranges():
    yield from ("bytes=0-0", "bytes=0-99", "bytes=990-", "bytes=990-5000", "bytes=-10", "bytes=-5000")
    yield from ("bytes=1000-", "bytes=0-1,5-6", "lines=0-5")


@pytest.mark.parametrize("asked", ["", *ranges()])
def test_nginx_sends_a_file_as_the_portal_does(nginx, asked):
    moment = datetime.now(UTC) - timedelta(seconds=3)
    for path in (SMALL, f"/@{moment:%Y-%m-%dT%H:%M:%S}{SMALL}"):
        own, by_nginx = (fetch(nginx.connect(), path, Range=asked, **way) for way in (OWN_WAY, {}))
        assert by_nginx[0] == own[0]
        if own[0] == 416:  # whose body is its own
            assert by_nginx[1]["Content-Range"] == own[1]["Content-Range"]
            continue
        assert by_nginx[2] == own[2]
        assert told(by_nginx[1]) == told(own[1])
        assert len(by_nginx[1].get_all("X-Request-ID")) == 1


def test_range_holds_only_for_the_file_that_was_begun(nginx):
    headers = fetch(nginx.connect(), SMALL)[1]
    begun = {headers["ETag"]: 206, headers["Last-Modified"]: 206, '"other"': 200, "Wed, 10 Mar 2010 00:00:00 GMT": 200}
    for condition, status in begun.items():
        assert fetch(nginx.connect(), SMALL, Range="bytes=10-", If_Range=condition)[0] == status, condition


def test_conditions_are_weighed_by_the_portals_tag_and_date(nginx):
    headers = fetch(nginx.connect(), SMALL)[1]
    for status, condition in (
        (304, {"If_None_Match": headers["ETag"]}),
        (304, {"If_Modified_Since": headers["Last-Modified"]}),
        (200, {"If_None_Match": '"other"'}),
        (200, {"If_None_Match": '"other"', "If_Modified_Since": headers["Last-Modified"]}),
        (200, {"If_Modified_Since": "Wed, 10 Mar 2010 00:00:00 GMT"}),
        (200, {"If_Match": headers["ETag"]}),
        (412, {"If_Match": '"other"'}),
        (200, {"If_Unmodified_Since": headers["Last-Modified"]}),
        (412, {"If_Unmodified_Since": "Wed, 10 Mar 2010 00:00:00 GMT"}),
    ):
        assert fetch(nginx.connect(), SMALL, **condition)[0] == status, condition


def test_head_of_a_file_is_that_of_the_whole(nginx):
    for asked in ("", "bytes=0-9", "bytes=5000-"):
        status, headers, body = fetch(nginx.connect(), SMALL, "HEAD", Range=asked)
        assert (status, headers["Content-Length"], body) == (200, "1000", b"")


def test_stored_files_have_no_address_of_their_own(nginx, portal):
    stored = next((Path(portal.folder) / "media" / "files").glob("??/*"))
    for path in (f"/stored/{stored.parent.name}/{stored.name}", "/stored/", "/stored/../static/", "/stored/%2e%2e/portal.sqlite3"):
        assert fetch(nginx.connect(), path)[0] in {400, 403, 404}, path


def test_conditions_that_keep_nginx_from_sending_hold_up_nobody(nginx):
    """The portal sends those files itself, but only a few at a time."""
    with held_open(nginx.connect, READING.replace(b"\r\n\r\n", b"\r\nIf-Match: *\r\n\r\n"), 50):
        assert slowest_page(nginx.connect) < 1
        assert fetch(nginx.connect(), SMALL, If_Match="*")[0] == 429
        assert 0 < nginx.buffered() <= 4 * SIZE


@pytest.mark.parametrize("size", [10_500_000, 40_000_000])
def test_form_that_is_too_long_is_refused_in_words(nginx, portal, size):
    """The portal reads it to its end: nginx tells a 502 for a server that hangs up, and the words would be gone without one of ours."""

    def direct():
        return socket.create_connection(("127.0.0.1", portal.port), 20)

    for connect in (nginx.connect, direct):
        sent = {"Content_Type": "application/x-www-form-urlencoded", "X_Forwarded_Proto": "https"}
        status, _headers, body = fetch(connect(), "/admin/pages/page/add/", "POST", b"body=" + b"x" * size, **sent)
        assert (status, b"Too much at once" in body) == (413, True)


def test_form_of_a_call_takes_files_that_other_public_addresses_do_not(nginx):
    sent = {"Content_Type": "application/x-www-form-urlencoded"}
    for path, expected in (("/public-inputs/no-such-call/submit/", 404), ("/public-inputs/no-such-call/", 413)):
        assert fetch(nginx.connect(), path, "POST", b"text=" + b"x" * 1_000_000, **sent)[0] == expected


def test_log_of_nginx_tells_no_secret_part_of_an_address_no_query_and_nobody(nginx):
    for path in ("/shared/SECRET/", "/admin/invitation/SECRET/", "/admin/reset/SECRET/", "/search/?q=SECRET"):
        fetch(nginx.connect(), path, Referer="https://SECRET.example/", User_Agent="SECRET")
    fetch(nginx.connect(), "/about/")
    log = nginx.folder / "cdm.log"
    lines = log.read_text()
    assert "GET /about/ 200" in lines
    assert "GET /admin/reset/... 404" in lines
    assert "SECRET" not in lines
    assert "127.0.0.1" not in lines
