"""The portal as it is served, walked through: an address or two for every type of public page, found and not listed.

A real server with collected files, page cache and search index holds the shipped content and a few states that it does not have. The walk
follows every link of now, some of a past day and of every choice in a list, and fills in the forms that it meets.
"""

import contextlib
import http.client
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from urllib.parse import urlencode, urljoin

import lxml.html
from django.urls import Resolver404, resolve

from tests.reading import links
from tests.server import Server

PASSWORD = "a long enough password"
# What no link leads to: a page withdrawn, one whose text was erased, and an address cut short.
STARTS = ("/", "/about/withdrawn/", "/about/erased/", "/abou/")
STATES = f"""
from django.core.management import call_command
call_command("prepare")
from django.contrib.auth.models import User
from pages.models import Notice, Page
from publishing import ledger
from tests.serving import draft, publish
User.objects.create_superuser("ada", password="{PASSWORD}")
about = Page.objects.get(slug="about")
ledger.withdraw(publish("withdrawn", "Withdrawn", parent=about), "It was a trial.", successor=about)
ledger.erase(publish("erased", "Erased", parent=about).editions.get(), "A court has ordered it.")
draft("draft", "A draft")
notice = Notice(title="The portal is read-only on Sunday", body="From 08:00 to 09:00 UTC. See [About CDM](/about/).")
notice.save()
ledger.publish([notice])
call_command("run_indexer", "--once")
"""
# They have a frame of their own, and tests in tests/areas.
OF_AREAS = ("/extranets/areas/", "/extranets/log-in/")
WORDS = ("additionality", "additionalty", "xyzzy")
DAYS = ("2010-03-10", "1990-01-01", "2010-13-10")
MOMENT = re.compile(r"/@[^/]*")
# So many addresses of each type are followed: pages of now, and those with a moment or a choice in them.
MANY, SOME = 24, 3


@dataclass
class FoundPage:
    address: str
    status: int
    body: bytes

    @cached_property
    def document(self):
        return lxml.html.document_fromstring(self.body.decode())

    @cached_property
    def type(self):
        """The moment (now or past), the view, how many choices stand in the address, and how it answered."""
        return (*shape(self.address), self.status)

    @cached_property
    def components(self):
        return {name for classes in self.document.xpath("//main//@class") for name in classes.split()} | {
            element.tag for element in self.document.xpath("//main//*")
        }


def shape(address):
    path, _, query = address.partition("?")
    moment = MOMENT.match(path)
    path = path[moment.end() :] if moment else path
    try:
        view = resolve(path).view_name
    except Resolver404:
        view = ""
    return "past" if moment else "now", view, min(query.count("=") - query.count("=&"), 2)


@contextlib.contextmanager
def served(folder):
    """A server with the shipped content, the states above, and an index that is up to date."""
    server = Server(folder)
    server.manage(code=STATES)
    with server:
        yield server


def walk(server, starts=STARTS, headers=None, many=MANY, below="/"):
    """The HTML pages found whose address begins with `below`, by address; files are not kept."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    found, waiting, met, of_shape = {}, list(starts), set(starts), Counter()
    while waiting:
        address = waiting.pop(0)
        connection.request("GET", address, headers=headers or {})
        answer = connection.getresponse()
        body, leads_to = answer.read(), []
        if answer.status in {301, 302}:
            leads_to = [urljoin(address, answer.headers["Location"]).partition("#")[0]]
        elif answer.headers["Content-Type"].startswith("text/html"):
            page = found[address] = FoundPage(address, answer.status, body)
            leads_to = [*links(page.document, address), *filled_in(page.document, address)]
        for link in leads_to:
            kind = shape(link)
            if (
                link.startswith(below)
                and not link.startswith(OF_AREAS)
                and link not in met
                and (address not in found or of_shape[kind] < (many if kind[::2] == ("now", 0) else SOME))
            ):
                of_shape[kind] += 1
                met.add(link)
                waiting.append(link)
    connection.close()
    return found


def filled_in(document, address):
    """The addresses to which the GET forms of a page lead, each field with every word or day that fits it."""
    for form in document.xpath("//form[not(@method) or @method='get']"):
        fields = [field for field in form.xpath(".//input[@name] | .//select[@name]") if values_of(field)]
        names = [field.get("name") for field in fields]
        for values in product(*map(values_of, fields)):
            yield urljoin(address, form.get("action") or "") + "?" + urlencode(list(zip(names, values, strict=True)))


def values_of(field):
    if field.tag == "select":
        return field.xpath("(option/@value)[last()]")
    if field.get("name") == "date":
        return [WORDS[0], *DAYS]
    return [field.get("value")] if field.get("type") == "hidden" else WORDS


def one_of_each(found):
    """Of every view, number of choices and answer the heaviest page of now, then each further one, of the past too, that has a component
    which those before had not shown."""
    picked, shown = [], {}
    for page in sorted(found.values(), key=lambda page: (page.type[0] != "now", -len(page.body))):
        known = shown.setdefault(page.type[1:], set())
        if not known or page.components - known:
            picked.append(page)
            known |= page.components
    return picked


def log_in(tab):
    """The administrator's cookies, as the header of a request."""
    tab.goto("/admin/")
    tab.fill("#id_username", "ada")
    tab.fill("#id_password", PASSWORD)
    tab.press("#id_password", "Enter")
    tab.wait_for_selector("#logout-form")
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in tab.context.cookies())
