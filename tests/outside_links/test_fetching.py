"""What a request to another site may reach: public hosts alone, whatever a name means later, and not for long."""

import socket
import threading
import time

import pytest

from outside_links import fetching
from outside_links.fetching import NameUnknown, NoAnswer, NotAllowed, fetch, is_public

INSIDE = (
    "127.0.0.1",
    "0.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%1",
    "fd00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
)
PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822", "::ffff:93.184.216.34")
NOT_ASKED = (
    "ftp://example.org/",
    "file:///etc/passwd",
    "gopher://example.org/",
    "http://example.org:8080/",
    "https://example.org:80/",
    "http://example.org:99999/",
    "http://anna:secret@example.org/",
    "http://@example.org/",
    "http:///nothing",
    "http://[::1/",
    "http://exa mple.org:x/",
    "//example.org/",
    "http://" + "a" * 300 + ".org/",
)


@pytest.mark.parametrize("ip", INSIDE)
def test_inside_is_never_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_addresses_that_everybody_reaches_are_public(ip):
    assert is_public(ip)


@pytest.mark.parametrize("address", NOT_ASKED)
def test_what_is_no_plain_address_of_the_web_is_not_asked(address, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(NotAllowed):
        fetch(address)


def never(*_args, **_options):
    raise AssertionError("nobody was to be asked")


def meaning(*ips):
    return lambda host, port, **_options: [(0, 0, 0, "", (ip, port)) for ip in ips]


@pytest.mark.parametrize("ips", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("::ffff:127.0.0.1",)])
def test_a_host_of_which_one_address_is_inside_is_not_connected_to(ips, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", meaning(*ips))
    monkeypatch.setattr(socket, "create_connection", never)
    with pytest.raises(NotAllowed):
        fetch("http://example.org/")


@pytest.mark.parametrize(
    "written", ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::ffff:7f00:1]/", "http://localhost/"]
)
def test_other_ways_to_write_inside_are_not_connected_to(written, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", never)
    with pytest.raises((NotAllowed, NameUnknown)):
        fetch(written)


def test_the_connection_goes_to_what_was_looked_at_though_the_name_changes_its_meaning(monkeypatch):
    means, asked = iter(["93.184.216.34", "127.0.0.1"]), []
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_options: meaning(next(means))(host, port))

    def connected(place, *_args):
        asked.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connected)
    with pytest.raises(NoAnswer):
        fetch("http://example.org/")
    assert asked == [("93.184.216.34", 80)]


def test_a_name_that_nobody_knows_is_told_apart_from_a_resolver_that_fails(monkeypatch):
    for number, error in ((socket.EAI_NONAME, NameUnknown), (socket.EAI_AGAIN, NoAnswer)):

        def fails(*_args, number=number, **_options):
            raise socket.gaierror(number, "said")

        monkeypatch.setattr(socket, "getaddrinfo", fails)
        with pytest.raises(error):
            fetch("http://example.org/")


def test_a_site_that_drips_is_cut(monkeypatch):
    """Each byte comes within the time of a socket; the whole does not."""
    server = socket.create_server(("127.0.0.1", 0))
    connect = socket.create_connection

    def drip():
        other, _address = server.accept()
        with other:
            other.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            try:
                for _byte in range(100):
                    other.sendall(b"a")
                    time.sleep(0.05)
            except OSError:
                pass

    threading.Thread(target=drip, daemon=True).start()
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    monkeypatch.setattr(fetching, "public_ip", lambda *_place: "93.184.216.34")
    monkeypatch.setattr(socket, "create_connection", lambda _place, *args: connect(server.getsockname(), *args))
    start = time.monotonic()
    with pytest.raises(NoAnswer):
        fetch("http://example.org/")
    assert time.monotonic() - start < 3
    server.close()
