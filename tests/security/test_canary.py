"""A word in every state that is not live, in every kind: nobody reads it who may not, wherever they look.

Two words for each state: the canary is what people ask for, so an answer may repeat it; the marker beside it is never asked for, so
where it is read something has come out. Addresses bear a word of their own. The crawls follow every link, start from every list, and
try every address that a person could work out.
"""

from contextlib import suppress
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, reverse

from desk import notice_lines, notices, share_links
from desk.models import DeskNotice
from pages.models import Page
from publishing import kinds, ledger
from publishing.ledger import OnPending
from publishing.moment import Moment
from tests.desk_client import HOST, author, browser_of, publisher
from tests.planting import planted_once
from tests.record import DAY, HOUR, MINUTE, Clock
from tests.security.addresses import READABLE, STARTS, links_in
from tests.security.xss.things import DESK, LISTS, Planter, attackable

pytestmark = pytest.mark.django_db
STATES = ("draft", "scheduled", "withdrawn", "superseded", "erased", "shared")
ONCE_PUBLIC = {"withdrawn", "superseded"}
NEVER_SCHEDULED = {"release"}
BELOW = ("", "history/", "history/index.md", "index.md", "timemap/", "preview/")
PUBLIC_LISTS = [address for address in LISTS if address != "/admin/"]
SEARCHES = (
    "/search/?q={}",
    "/search/?q={}*",
    "/search/index.md?q={}",
    "/search/?q={}&format=json",
    "/search/?q={}&format=atom",
    "/quickfinder/?q={}",
    "/quickfinder/suggestions/?q={}",
    "/documents/?words={}",
)


def canary(state):
    return f"canary{state}x"


def marker(state):
    return f"marker{state}y"


def part(state):
    """What the addresses of things in the state begin with."""
    return f"address{state}z"


class Planted:
    """`things`: the drafts by state. `then`: the moment at which what was public once was public. `link`: the share link."""

    def __init__(self, clock):
        self.clock, self.planter = clock, Planter("canary")
        self.planter.plant(["Ordinary words"])
        self.number = 1
        self.things = {state: [self.make(kind, state) for kind in self.planter.ordered()] for state in STATES}
        for state in ("withdrawn", "superseded", "erased"):
            for made in self.things[state]:
                ledger.publish([made], note="" if state == "erased" else marker(state))
        clock.tick(HOUR)
        self.then = f"/@{clock.now:%Y-%m-%dT%H:%M}"
        clock.tick(HOUR)
        self.hide()
        clock.tick(MINUTE)
        owner = User.objects.create_superuser("owner")
        self.link = share_links.address(share_links.make(self.things["shared"][0], owner))
        self.later = f"/@{clock.now + 3 * DAY:%Y-%m-%d}"

    def make(self, kind, state):
        self.number += 1
        made = self.planter.draft(kind, self.number, f"{canary(state)} {marker(state)}")
        if state == "erased":  # the frame of an edition outlives its erasure: where it stood, and the note that was public beside it
            frame = [field for field in attackable(kind) if field.name not in kind.draft.ERASABLE]
            made.put_content({field.name: field.get_default() for field in frame})
        if hasattr(made, "slug"):
            made.slug = f"{part(state)}-{self.number}"
        made.save()
        return made

    def hide(self):
        """Take what is public once out of sight again, each in the way of its state."""
        for made in self.things["scheduled"]:
            if made.kind in NEVER_SCHEDULED:
                continue
            ledger.publish([made], self.clock.now + 2 * DAY, on_pending=OnPending.DROP, note=marker("scheduled"))
        for made in self.things["erased"]:
            ledger.erase(made.editions.get(), "By order of a court.")
        for made in self.things["superseded"]:
            self.number += 1
            kind = next(kind for kind in self.planter.ordered() if kind.name == made.kind)
            ledger.publish([self.planter.draft(kind, self.number, "Other words", made)])
        for made in reversed(self.things["withdrawn"]):
            ledger.withdraw(made, "Out of date.")


@pytest.fixture(scope="module")
def planting(django_db_setup, django_db_blocker, tmp_path_factory):
    with planted_once(Planted, django_db_blocker.unblock(), tmp_path_factory.mktemp("canary")) as planting:
        yield planting


@pytest.fixture
def planted(planting):
    with Clock(planting.now).held(), planting.restored():
        yield planting.things


def guesses(planted):
    """Addresses that lead to what is not public, if they lead anywhere."""
    for drafts in planted.things.values():
        for made in drafts:
            if address := kinds.get(made.kind).address(made, Moment()):
                yield from (address + below for below in BELOW)
    for state in STATES:
        yield from (pattern.format(query) for query in (canary(state), marker(state)[:-3]) for pattern in SEARCHES)
    yield from (*PUBLIC_LISTS, *STARTS, "/search/?q=ordinary", "/readyz")


def read(client, address):
    """All text of an answer, its headers included."""
    answer = client.get(address)
    body = answer.getvalue().decode("utf-8", "replace")
    readable = body if answer.get("Content-Type", "").startswith(READABLE) else ""
    return answer, f"{readable}\n{unquote(str(answer.headers))}"


def crawl(client, starts):
    """(address, states whose words stand in the answer) of every address that can be reached from the starts, at their moments."""
    waiting, seen = list(starts), set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        assert len(seen) < 5000, "a crawl ends"
        answer, text = read(client, address)
        yield address, {state for state in STATES if marker(state) in text or (part(state) in text and part(state) not in address)}
        if answer.status_code == 200:
            waiting += [link for link in links_in(text, "http://localhost" + address) if is_to_follow(link, moment_of(address))]
    assert len(seen) > 100, "a crawl that reads nothing finds nothing"


def moment_of(address):
    return address.split("/")[1] if address.startswith("/@") else ""


def is_to_follow(link, moment):
    """Every link of the same moment; combinations of filters have no end."""
    return moment_of(link) == moment and "&" not in link and not link.startswith(("/admin", "/static"))


def leaks(found, public=frozenset()):
    """What was read where it is not public: what was public once may be read in a history, the states `public` anywhere."""
    wrong = {address: states - public - (ONCE_PUBLIC if "history/" in address else set()) for address, states in found}
    return {address: states for address, states in wrong.items() if states}


def people(planted):
    other = Page.objects.get(slug="x-canary-0")
    return {
        "visitor": Client(headers=HOST),
        "author of another section": browser_of(author("anna", other)),
        "publisher": browser_of(publisher()),
    }


@pytest.mark.parametrize("role", ["visitor", "author of another section", "publisher"])
def test_nobody_reads_at_a_public_address_what_is_not_live(planted, role):
    assert leaks(crawl(people(planted)[role], guesses(planted))) == {}


def test_moment_to_come_shows_publishers_what_is_scheduled_and_nothing_else(planted):
    found = list(crawl(people(planted)["publisher"], [planted.later + address for address in guesses(planted)]))
    assert leaks(found, public={"scheduled"}) == {}
    assert len([address for address, states in found if states]) > 10, "the crawl reads the lists of that moment"


@pytest.mark.parametrize("role", ["visitor", "author of another section"])
def test_moment_to_come_shows_others_nothing(planted, role):
    client = people(planted)[role]
    for address in guesses(planted):
        _, text = read(client, planted.later + address)
        assert not [state for state in STATES if marker(state) in text and not ("history/" in address and state in ONCE_PUBLIC)], address


def test_past_shows_what_was_public_then_and_nothing_that_was_erased(planted):
    found = list(crawl(Client(headers=HOST), [planted.then + address for address in guesses(planted)]))
    assert leaks(found, public=ONCE_PUBLIC) == {}
    assert len([address for address, states in found if states == ONCE_PUBLIC]) > 5, "the crawl reads the lists of the past"


def desk_addresses(planted, *views):
    """Views of every thing planted, by state, and the lists of the desk."""
    for state, drafts in planted.things.items():
        for made in drafts:
            names = f"admin:{made._meta.app_label}_{made._meta.model_name}"
            for view in views:
                with suppress(NoReverseMatch):
                    yield state, reverse(f"{names}_{view}", args=[made.pk])
            with suppress(NoReverseMatch):  # releases are imported, not written at the desk
                yield "", reverse(f"{names}_changelist")
    yield from (("", address) for address in ("/admin/", "/admin/links/?q=marker", "/admin/scheduled/", "/styles/"))


ALL_VIEWS = (*DESK, "change", "delete", "compare", "file", "move")


def test_visitors_read_nothing_at_the_desk(planted):
    client = Client(headers=HOST)
    for _, address in desk_addresses(planted, *ALL_VIEWS):
        answer, text = read(client, address)
        assert answer.status_code in {302, 403, 404, 405}, address
        assert "marker" not in text.replace("q=marker", ""), address


def test_author_of_another_section_reads_no_foreign_draft_at_the_desk(planted):
    client = people(planted)["author of another section"]
    for _, address in desk_addresses(planted, *ALL_VIEWS):
        _, text = read(client, address)
        assert not [state for state in STATES if marker(state) in text], address


def test_notices_and_their_mails_tell_an_author_of_another_section_no_foreign_draft(planted):
    """Somebody who has lost every section is told of what others do with each thing in each state."""
    client = people(planted)["author of another section"]
    person = User.objects.get(pk=client.session["_auth_user_id"])
    for state, things in planted.things.items():
        for number, thing in enumerate(things):
            notices.tell("moved", [person], thing.KIND, thing.pk, f"{state} {number}", "paul")
    told = list(DeskNotice.objects.filter(user=person))
    assert len(told) > 6 * len(STATES)
    texts = [read(client, f"/admin/notices/?page={page}")[1] for page in range(1, len(told) // 40 + 2)]
    texts += [line.named for line in notice_lines.mail_lines(person, told)]
    assert "Something that is gone or that you may no longer read" in " ".join(texts)
    assert not [state for state in STATES for text in texts if marker(state) in text or canary(state) in text]


def test_publisher_reads_every_draft_at_the_desk_and_nothing_erased(planted):
    """The same addresses, to show that the words are there; what was erased is gone for everybody."""
    client = people(planted)["publisher"]
    shown = {(state, address): read(client, address)[1] for state, address in desk_addresses(planted, "change")}
    assert {state for (state, _), text in shown.items() if state and marker(state) in text} == set(STATES) - {"superseded", "erased"}
    assert not [address for (_, address), text in shown.items() if marker("erased") in text]
    histories = [
        read(client, address)[1] for state, address in desk_addresses(planted, "history", "preview", "publish") if state == "erased"
    ]
    assert histories
    assert not [text for text in histories if marker("erased") in text]


def test_share_link_opens_its_draft_and_no_other(planted):
    visitor = Client(headers=HOST)
    answer, text = read(visitor, planted.link)
    assert answer.status_code == 200
    assert marker("shared") in text
    assert not [state for state in STATES if state != "shared" and marker(state) in text]
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_token_of_a_share_link_opens_nothing_else(planted):
    visitor = Client(headers=HOST)
    token = planted.link.strip("/").rpartition("/")[2]
    changed = token[:-1] + ("a" if token[-1] != "a" else "b")
    for forged in (changed, token.replace(":", ";"), "x", token + "x", token.upper(), token.partition(":")[0]):
        assert visitor.get(f"/shared/{forged}/").status_code == 404, forged
    own, other = planted.things["shared"][0], planted.things["draft"][0]
    for elsewhere in (f"/{own.slug}/", f"/{other.slug}/", f"/{own.slug}/preview/", "/", "/x-canary-0/"):
        for query in ("token", "share", "shared", "preview"):
            _, text = read(visitor, f"{elsewhere}?{query}={token}")
            assert "marker" not in text, (elsewhere, query)
    for path in (f"/@2030-01-01{planted.link}", f"{planted.later}{planted.link}", f"{planted.link}history/", f"{planted.link}index.md"):
        _, text = read(visitor, path)
        assert "marker" not in text, path
