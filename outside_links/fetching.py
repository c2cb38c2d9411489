"""One request to another site that can never reach inside: each address of its host must be public, and the connection goes to one of them.

A host's name is resolved once and the connection made to what was looked at, so that the name cannot mean something else by then.
Variables that name a proxy, cookies and credentials in addresses play no part.
"""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

PORTS = {"http": 80, "https": 443}
SECONDS = 10  # for a whole request
MOST_BYTES = 64 * 1024  # read of a body
AGENT = f"cdm-portal-link-check (+{settings.SITE_ADDRESS}/)"
# Addresses of IPv4 written as IPv6 by translators, RFC 6052 section 2.1.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowed(Exception):
    """Address that is not asked: not http or https, another port, credentials, or a host that is not public."""


class NameUnknown(Exception):
    """Address whose host has no address on the network."""


class NoAnswer(Exception):
    """Request that ended without an answer: refused, cut, too slow, not to be trusted, or not HTTP."""


@dataclass(frozen=True)
class Answer:
    """What a site answered. `location` and `retry_after` are headers as sent, or empty."""

    status: int
    location: str = ""
    retry_after: str = ""
    body: bytes = b""


def is_public(text):
    """Whether an IP address is one that everybody reaches; those of IPv4 within IPv6 are looked at as what they stand for."""
    ip = ipaddress.ip_address(text)
    if ip.version == 6:
        if ip.scope_id or ip.teredo:
            return False
        if ip in NAT64:
            return is_public(str(ipaddress.ip_address(ip.packed[-4:])))
        if inner := ip.ipv4_mapped or ip.sixtofour:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def public_ip(host, port):
    """The first IP address of a host, all of which are public. Raises NameUnknown and NotAllowed."""
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except socket.gaierror as error:
        if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            raise NameUnknown(host) from error
        raise NoAnswer(host) from error
    except (UnicodeError, ValueError) as error:
        raise NameUnknown(host) from error
    if not found or not all(map(is_public, found)):
        raise NotAllowed(host)
    return found[0]


class HTTPToIP(HTTPConnection):
    """HTTP connection to an IP address, whatever its host's name means by now."""

    def __init__(self, host, port, ip):
        super().__init__(host, port, timeout=SECONDS)
        self.ip = ip

    def connect(self):
        self.sock = socket.create_connection((self.ip, self.port), self.timeout)


class HTTPSToIP(HTTPToIP):
    """HTTPS connection of that sort, whose certificate is held to the host's name."""

    default_port = HTTPSConnection.default_port

    def connect(self):
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def parts_of(address):
    """(scheme, host, port, path with query) of an address that may be asked. Raises NotAllowed."""
    try:
        parts = urlsplit(iri_to_uri(address))
        port = parts.port or PORTS.get(parts.scheme)
        host = parts.hostname.encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise NotAllowed(address) from error
    if parts.scheme not in PORTS or port != PORTS[parts.scheme] or not host or parts.username is not None:
        raise NotAllowed(address)
    return parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def fetch(address, method="HEAD"):
    """The Answer to one request; redirects are not followed. Raises NotAllowed, NameUnknown and NoAnswer."""
    scheme, host, port, path = parts_of(address)
    connection = {"http": HTTPToIP, "https": HTTPSToIP}[scheme](host, port, public_ip(host, port))
    watch = Timer(SECONDS, cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, path, headers={"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"})
        answer = connection.getresponse()
        body = answer.read(MOST_BYTES) if method == "GET" else b""
        if watch.finished.is_set():
            raise NoAnswer(address)  # what was cut may look whole
        return Answer(answer.status, answer.getheader("Location", ""), answer.getheader("Retry-After", ""), body)
    except (OSError, HTTPException, ValueError) as error:
        raise NoAnswer(address) from error
    finally:
        watch.cancel()
        connection.close()


def cut(connection):
    """End a request whose time is over, however slowly it goes on."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            connection.sock.close()
