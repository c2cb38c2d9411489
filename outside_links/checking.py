"""Checking of addresses on other sites as a polite guest: one request at a time to a host, with pauses, as its robots.txt allows."""

import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from queue import Queue
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from outside_links.fetching import AGENT, NameUnknown, NoAnswer, NotAllowed, fetch
from outside_links.models import LinkVerdict

AT_ONCE = 8  # hosts
PAUSE = 2.0  # seconds between two requests to a host
MOST_REDIRECTS = 5
FOR_GOOD, FOR_NOW = {301, 308}, {302, 303, 307}
GONE = {404, 410}
TOO_MANY = 429
LONGEST_WAIT = timedelta(days=30)
LONGEST_ADDRESS = 2000


@dataclass(frozen=True)
class LinkFinding:
    """What a try at an address showed. `status` is that of the last answer, None without one, 0 for a name that is unknown."""

    verdict: str
    status: int | None = None
    leads_to: str = ""
    not_before: datetime | None = None


class Hosts:
    """What is known of each host in one run: whose turn it is, what its robots.txt allows, and whether it wants to be left alone."""

    def __init__(self, ask=fetch, pause=PAUSE):
        self.ask, self.pause = ask, pause
        self.turns = defaultdict(threading.Lock)
        self.free_at, self.robots, self.closed_until = {}, {}, {}
        self.lock = threading.Lock()

    def request(self, address, method):
        """The Answer of a host, when its turn has come."""
        host = host_of(address)
        with self.lock:
            turn = self.turns[host]
        with turn:
            time.sleep(max(0, self.free_at.get(host, 0) - time.monotonic()))
            try:
                answer = self.ask(address, method)
            finally:
                self.free_at[host] = time.monotonic() + self.pause
        if answer.status == TOO_MANY:
            self.closed_until[host] = wanted_wait(answer.retry_after)
        return answer

    def allows(self, address):
        """Whether the host's robots.txt lets us ask (RFC 9309: all where there is none, nothing where it cannot be read)."""
        host = host_of(address)
        if host not in self.robots:
            self.robots[host] = self.read_robots(urljoin(address, "/robots.txt"))
        return self.robots[host].can_fetch(AGENT, address)

    def read_robots(self, address):
        rules = RobotFileParser()
        for _step in range(MOST_REDIRECTS + 1):
            try:
                answer = self.request(address, "GET")
            except (NoAnswer, NameUnknown, NotAllowed):
                break
            if answer.status in FOR_GOOD | FOR_NOW:
                address = urljoin(address, answer.location)
                continue
            if answer.status // 100 in {2, 4} and answer.status != TOO_MANY:
                rules.parse(answer.body.decode("utf-8", "replace").splitlines() if answer.status // 100 == 2 else [])
                return rules
            break
        rules.disallow_all = True
        return rules


def host_of(address):
    """The host that an address names; empty where it is no address."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def wanted_wait(retry_after, now=None):
    """The moment that a Retry-After names, in seconds or as a date: a day from now where it says nothing sensible, 30 days at most."""
    now = now or datetime.now(UTC)
    try:
        until = now + timedelta(seconds=int(retry_after)) if retry_after.isdecimal() else parsedate_to_datetime(retry_after)
        return min(until if until.tzinfo else until.replace(tzinfo=UTC), now + LONGEST_WAIT)
    except (ValueError, OverflowError):
        return now + timedelta(days=1)


def look_at(address, hosts):
    """What a try at an address shows, as LinkFinding. Each redirect is looked at anew, as if it stood in the text itself."""
    try:
        return follow(address, hosts)
    except NameUnknown:
        return LinkFinding(LinkVerdict.NOT_FOUND, 0)
    except (NoAnswer, NotAllowed, ValueError):  # the last of an address, or of a Location, that is none
        return LinkFinding(LinkVerdict.CANNOT)


def follow(address, hosts):
    step, for_good = address, True
    for _step in range(MOST_REDIRECTS + 1):
        if until := hosts.closed_until.get(host_of(step)):
            return LinkFinding(LinkVerdict.CANNOT, TOO_MANY, not_before=until)
        if not hosts.allows(step):
            return LinkFinding(LinkVerdict.CANNOT)
        answer = hosts.request(step, "HEAD")
        if not (answer.status // 100 == 2 or answer.status in FOR_GOOD | FOR_NOW | {TOO_MANY}):
            answer = hosts.request(step, "GET")
        if answer.status in FOR_GOOD | FOR_NOW and answer.location:
            for_good = for_good and answer.status in FOR_GOOD
            step = urljoin(step, answer.location)
            continue
        if answer.status // 100 == 2:
            has_moved = for_good and step != address and len(step) <= LONGEST_ADDRESS
            return LinkFinding(LinkVerdict.MOVED, answer.status, step) if has_moved else LinkFinding(LinkVerdict.WORKS, answer.status)
        if answer.status in GONE:
            return LinkFinding(LinkVerdict.NOT_FOUND, answer.status)
        return LinkFinding(LinkVerdict.CANNOT, answer.status, not_before=hosts.closed_until.get(host_of(step)))
    return LinkFinding(LinkVerdict.CANNOT, answer.status)


def look_at_all(addresses, hosts):
    """(address, LinkFinding) of each as it becomes known; the addresses of a host one after another, eight hosts at once."""
    by_host = defaultdict(list)
    for address in addresses:
        by_host[host_of(address)].append(address)
    told, ended = Queue(), threading.Event()

    def tell(waiting):
        for address in waiting:
            if ended.is_set():
                return
            try:
                told.put((address, look_at(address, hosts)))
            except Exception as error:  # noqa: BLE001 - it is raised where the answers are read
                told.put((address, error))
                return

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for waiting in by_host.values():
            pool.submit(tell, waiting)
        try:
            for _address in addresses:
                address, found = told.get()
                if isinstance(found, Exception):
                    raise found
                yield address, found
        finally:
            ended.set()
