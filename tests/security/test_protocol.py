"""Attacks that need a real server: request lines, duplicate headers, smuggling, what the server itself answers."""

import pytest

from tests.server import Server

END = b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("server"))
    started.manage("migrate", "-v0")
    started.manage(code="from tests.serving import publish; publish('', 'CDM Home'); publish('about', 'About CDM')")
    with started:
        yield started


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer else None


def ask(server, line, *headers, host=b"127.0.0.1"):
    lines = [line, *([b"Host: " + host] if host else []), *headers]
    return server.raw(b"\r\n".join(lines) + b"\r\n" + END)


def test_page_is_served(server):
    answer = ask(server, b"GET /about/ HTTP/1.1")
    assert status_of(answer) == 200
    assert b"About CDM" in answer


@pytest.mark.parametrize("method", [b"TRACE", b"TRACK", b"PUT", b"DELETE", b"PATCH", b"PROPFIND"])
def test_method_of_no_use_is_refused(server, method):
    """TRACE must not send cookies back to a script."""
    answer = ask(server, method + b" /about/ HTTP/1.1", b"Cookie: sessionid=secretsession", b"X-Secret: secretheader")
    assert status_of(answer) in {400, 405}
    assert b"secret" not in answer


def test_absolute_request_line_does_not_choose_the_host(server):
    for line in (
        b"GET http://evil.example/about HTTP/1.1",
        b"GET https://evil.example/about HTTP/1.1",
        b"GET //evil.example/about HTTP/1.1",
    ):
        answer = ask(server, line)
        assert b"evil.example/about/" not in answer.split(b"\r\n\r\n")[0] or status_of(answer) >= 400, line
        location = [header for header in answer.split(b"\r\n") if header.lower().startswith(b"location:")]
        assert not [header for header in location if b"//evil" in header], line
    assert status_of(ask(server, b"GET http://evil.example/about/ HTTP/1.1", host=b"evil.example")) == 400


def test_two_hosts_are_refused_or_the_foreign_one_is(server):
    for hosts in ((b"127.0.0.1", b"evil.example"), (b"evil.example", b"127.0.0.1")):
        answer = ask(server, b"GET /about HTTP/1.1", *(b"Host: " + host for host in hosts), host=None)
        assert status_of(answer) == 400
        assert b"evil.example" not in answer


def test_no_host_is_refused(server):
    assert status_of(ask(server, b"GET /about/ HTTP/1.1", host=None)) == 400


def test_two_lengths_or_length_and_chunks_do_not_smuggle(server):
    """The second request must not be answered to whoever comes next on the connection."""
    hidden = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for headers in (
        (b"Content-Length: 4", b"Content-Length: 44"),
        (b"Content-Length: 4", b"Transfer-Encoding: chunked"),
        (b"Transfer-Encoding: xchunked", b"Content-Length: 4"),
        (b"Transfer-Encoding : chunked",),
        (b"Content-Length: +4",),
        (b"Content-Length: 0x4",),
    ):
        request = b"\r\n".join([b"POST /about/ HTTP/1.1", b"Host: 127.0.0.1", *headers, b"Connection: close", b"", b"0\r\n\r\n" + hidden])
        answer = server.raw(request)
        assert b'"alive"' not in answer, headers


def test_header_with_a_line_break_or_nul_is_refused(server):
    for bad in (b"X: a\x00b", b"X: a\rb", b"X : a", b" X: a", b"X\x00: a", b"X\n: a"):
        answer = ask(server, b"GET /about/ HTTP/1.1", bad)
        assert status_of(answer) in {200, 400}, bad
        assert b"a\x00b" not in answer


@pytest.mark.parametrize(
    "path",
    [
        b"/%00",
        b"/%ff%fe/",
        b"/about/%00/",
        b"/%C0%AE%C0%AE/",
        b"/%ED%A0%80/",
        b"/%E2%80%AE/",
        b"/" + b"a/" * 400,
        b"/" + b"%2e%2e/" * 50,
        b"/*",
        b"/@2010-03-10/%00/",
    ],
)
def test_odd_path_is_404_or_400(server, path):
    assert status_of(ask(server, b"GET " + path + b" HTTP/1.1")) in {400, 404}


@pytest.mark.parametrize(
    "path",
    [
        b"/static/../manage.py",
        b"/static/%2e%2e/%2e%2e/manage.py",
        b"/static/..%2f..%2fmanage.py",
        b"/static/%252e%252e/manage.py",
        b"/static//etc/passwd",
        b"/static/..\\..\\manage.py",
        b"/static/css/../../portal.sqlite3",
        b"/static/%2fetc%2fpasswd",
    ],
)
def test_no_path_leaves_the_static_files(server, path):
    answer = ask(server, b"GET " + path + b" HTTP/1.1")
    assert status_of(answer) in {400, 404}
    assert b"root:" not in answer
    assert b"SQLite format" not in answer


def test_request_beyond_measure_is_refused(server):
    answers = [
        ask(server, b"GET /" + b"a" * 100_000 + b" HTTP/1.1"),
        ask(server, b"GET /about/ HTTP/1.1", b"Cookie: " + b"a" * 1_000_000),
        ask(server, b"GET /about/ HTTP/1.1", *(b"X-%d: a" % number for number in range(2000))),
    ]
    for answer in answers:
        assert answer == b"" or 400 <= status_of(answer) < 500
    assert status_of(ask(server, b"GET /about/ HTTP/1.1")) == 200


def test_half_a_request_holds_up_nobody(server):
    import socket

    waiting = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    for connection in waiting:
        connection.sendall(b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf")
    try:
        assert status_of(ask(server, b"GET /healthz HTTP/1.1")) == 200
        assert status_of(ask(server, b"GET /about/ HTTP/1.1")) == 200
    finally:
        for connection in waiting:
            connection.close()


def test_head_has_no_body_on_the_wire(server):
    for path in (b"/about/", b"/healthz", b"/nothing/", b"/admin/login/", b"/static/admin/css/base.css"):
        answer = ask(server, b"HEAD " + path + b" HTTP/1.1")
        assert answer.endswith(b"\r\n\r\n"), path
        assert b"content-length: 0" not in answer.lower(), path
