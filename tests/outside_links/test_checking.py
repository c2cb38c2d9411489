"""Manners and verdicts: pauses, robots.txt, redirects looked at anew, what counts as gone, and what is left alone."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from outside_links.checking import Hosts, LinkFinding, look_at, look_at_all, wanted_wait
from outside_links.fetching import Answer, NameUnknown, NoAnswer, NotAllowed
from outside_links.models import LinkVerdict

SITE = "http://example.org"
OK, MISSING = Answer(200), Answer(404)


class Web:
    """Sites by their addresses: an Answer, an error, or a dict of these by method. All that is asked is noted."""

    def __init__(self, pages):
        self.pages, self.asked = pages, []

    def __call__(self, address, method):
        self.asked.append((method, address, time.monotonic()))
        told = self.pages.get(address, MISSING)
        told = told[method] if isinstance(told, dict) else told
        if isinstance(told, Exception):
            raise told
        return told

    def methods(self, address):
        return [method for method, asked, _at in self.asked if asked == address]


def looked_at(pages, address=f"{SITE}/a"):
    web = Web(pages)
    return look_at(address, Hosts(web, pause=0)), web


def to(path, status=301):
    return Answer(status, path)


CASES = [
    ({"/a": OK}, LinkFinding(LinkVerdict.WORKS, 200)),
    ({"/a": {"HEAD": Answer(405), "GET": OK}}, LinkFinding(LinkVerdict.WORKS, 200)),
    ({"/a": {"HEAD": MISSING, "GET": OK}}, LinkFinding(LinkVerdict.WORKS, 200)),
    ({"/a": MISSING}, LinkFinding(LinkVerdict.NOT_FOUND, 404)),
    ({"/a": Answer(410)}, LinkFinding(LinkVerdict.NOT_FOUND, 410)),
    ({"/a": Answer(403)}, LinkFinding(LinkVerdict.CANNOT, 403)),
    ({"/a": Answer(500)}, LinkFinding(LinkVerdict.CANNOT, 500)),
    ({"/a": NameUnknown()}, LinkFinding(LinkVerdict.NOT_FOUND, 0)),
    ({"/a": NoAnswer()}, LinkFinding(LinkVerdict.CANNOT)),
    ({"/a": NotAllowed()}, LinkFinding(LinkVerdict.CANNOT)),
    ({"/a": to("/b"), "/b": OK}, LinkFinding(LinkVerdict.MOVED, 200, f"{SITE}/b")),
    ({"/a": to("/b", 308), "/b": to("/c"), "/c": OK}, LinkFinding(LinkVerdict.MOVED, 200, f"{SITE}/c")),
    ({"/a": to("/b", 302), "/b": OK}, LinkFinding(LinkVerdict.WORKS, 200)),
    ({"/a": to("/b"), "/b": to("/c", 307), "/c": OK}, LinkFinding(LinkVerdict.WORKS, 200)),
    ({"/a": to("/b"), "/b": MISSING}, LinkFinding(LinkVerdict.NOT_FOUND, 404)),
    ({"/a": to("/a")}, LinkFinding(LinkVerdict.CANNOT, 301)),
    ({"/a": to("http://[::1")}, LinkFinding(LinkVerdict.CANNOT)),
    ({"/a": Answer(301)}, LinkFinding(LinkVerdict.CANNOT, 301)),
    ({"/a": to("/" + "b" * 3000), "/" + "b" * 3000: OK}, LinkFinding(LinkVerdict.WORKS, 200)),
    ({"/robots.txt": Answer(200, body=b"User-agent: *\nDisallow: /a"), "/a": OK}, LinkFinding(LinkVerdict.CANNOT)),
    ({"/robots.txt": Answer(200, body=b"User-agent: *\nDisallow: /b"), "/a": OK}, LinkFinding(LinkVerdict.WORKS, 200)),
    ({"/robots.txt": Answer(503), "/a": OK}, LinkFinding(LinkVerdict.CANNOT)),
    ({"/robots.txt": to("/r", 302), "/r": Answer(200, body=b"User-agent: *\nDisallow: /"), "/a": OK}, LinkFinding(LinkVerdict.CANNOT)),
    ({"/robots.txt": Answer(200, body=b"\xff\xfe\0"), "/a": OK}, LinkFinding(LinkVerdict.WORKS, 200)),
]


@pytest.mark.parametrize(("paths", "found"), CASES)
def test_verdict(paths, found):
    assert looked_at({SITE + path: told for path, told in paths.items()})[0] == found


def test_what_robots_txt_forbids_is_not_asked_for():
    _found, web = looked_at({f"{SITE}/robots.txt": Answer(200, body=b"User-agent: *\nDisallow: /"), f"{SITE}/a": OK})
    assert web.methods(f"{SITE}/a") == []


def test_a_redirect_to_another_host_asks_that_host_for_its_rules():
    other = "http://other.example"
    found, web = looked_at({f"{SITE}/a": to(f"{other}/x"), f"{other}/robots.txt": Answer(200, body=b"User-agent: *\nDisallow: /x")})
    assert found == LinkFinding(LinkVerdict.CANNOT)
    assert web.methods(f"{other}/x") == []


def test_a_host_that_asks_to_be_left_alone_is():
    web = Web({f"{SITE}/a": Answer(429, retry_after="7200"), f"{SITE}/b": OK})
    hosts = Hosts(web, pause=0)
    first, second = look_at(f"{SITE}/a", hosts), look_at(f"{SITE}/b", hosts)
    assert (first.verdict, second.verdict) == (LinkVerdict.CANNOT, LinkVerdict.CANNOT)
    assert first.not_before == second.not_before > datetime.now(UTC) + timedelta(seconds=7000)
    assert web.methods(f"{SITE}/a") == ["HEAD"]
    assert web.methods(f"{SITE}/b") == []


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("", timedelta(days=1)),
        ("soon", timedelta(days=1)),
        ("9" * 400, timedelta(days=1)),
        ("Fri, 27 Nov 2026 12:00:00 GMT", timedelta(hours=12)),
        ("Fri, 27 Nov 2126 12:00:00 GMT", timedelta(days=30)),
    ],
)
def test_wait_that_a_host_wants(said, wait):
    now = datetime(2026, 11, 27, tzinfo=UTC)
    assert wanted_wait(said, now) - now == wait


@pytest.mark.clock
def test_one_host_gets_one_request_at_a_time_and_others_do_not_wait_for_it():
    addresses = [f"http://host{host}.example/{page}" for host in range(4) for page in range(3)]
    web, pause = Web(dict.fromkeys(addresses, OK)), 0.1
    start = time.monotonic()
    found = dict(look_at_all(addresses, Hosts(web, pause)))
    assert found == dict.fromkeys(addresses, LinkFinding(LinkVerdict.WORKS, 200))
    assert time.monotonic() - start < 4 * 3 * pause
    for host in range(4):
        times = [at for _method, address, at in web.asked if f"host{host}." in address]
        assert all(later - earlier >= pause * 0.99 for earlier, later in pairwise(times))
    assert set(Counter(address for _method, address, _at in web.asked).values()) == {1}


def test_a_fault_of_ours_ends_the_run_and_is_not_taken_for_a_verdict():
    with pytest.raises(ZeroDivisionError):
        list(look_at_all([f"{SITE}/a", "http://b.example/"], Hosts(Web({f"{SITE}/a": ZeroDivisionError()}), pause=0)))
