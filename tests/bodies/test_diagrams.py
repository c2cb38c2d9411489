"""Diagrams of the bodies and of the project cycle: drawn by the server, each with a list that tells the same."""

from itertools import pairwise

import pytest
from lxml import html

from bodies.diagram import DEEPEST, INDENT, WIDTH, diagram
from bodies.lists import bodies
from pages.cycle import STEPS
from publishing.ledger import withdraw
from publishing.moment import Moment
from tests.bodies.conftest import live, live_body, new_body
from tests.record import HOUR, edit, live_page

pytestmark = pytest.mark.django_db


def drawn(client, address):
    """(the words of the drawing, the list beside it) of a page."""
    [part] = html.fromstring(client.get(address).content).xpath("//section[@class='diagram']")
    [image] = part.xpath("svg")
    assert image.get("role") == "img"
    assert image.get("aria-label")
    return [text.text for text in image.xpath(".//text")], part


@pytest.fixture
def board(clock):
    live_page("", title="Home")
    above = live_body("cmp", name="Meeting of the Parties", short="CMP", body_class="conference", position=5)
    return live_body(short="EB", parent=above)


def test_drawing_and_list_of_bodies_tell_the_same(client, board):
    live_body("mp", name="Methodologies Panel", short="MP", parent=board)
    live_body("secretariat", name="Secretariat", position=70, dissolved="2021-01-01")
    words, part = drawn(client, "/panels/")
    assert words == ["CMP", "Meeting of the Parties", "EB", "Executive Board", "MP", "Methodologies Panel", "Secretariat"]
    listed = part.xpath("ul/li")
    links = [item.xpath("h3/a")[0] for item in listed]
    assert [link.text for link in links] == [
        "Meeting of the Parties (CMP)",
        "Executive Board (EB)",
        "Methodologies Panel (MP)",
        "Secretariat",
    ]
    assert [link.get("href") for link in links] == [f"/panels/{slug}/" for slug in ("cmp", "executive-board", "mp", "secretariat")]
    said = [" ".join(item.xpath("p[@class='meta']")[0].text_content().split()) for item in listed]
    assert "set up by: Executive Board (EB)" in said[2]
    assert "dissolved 1 January 2021" in said[3]
    assert len(part.xpath("svg/path")) == 2
    assert [box.get("class") for box in part.xpath("svg/rect")] == [None, None, None, "ended"]


def test_body_that_is_not_public_is_not_drawn_and_what_it_set_up_stands_alone(client, board):
    hidden = new_body("hidden", name="Zwischenraumwort", parent=board)
    live_body("team", name="Team", parent=hidden)
    words, part = drawn(client, "/panels/")
    assert words[-1] == "Team"
    assert len(part.xpath("svg/path")) == 1
    live(hidden)
    assert "Zwischenraumwort" in drawn(client, "/panels/")[0]
    withdraw(hidden, "It was a trial.")
    assert "Zwischenraumwort" not in client.get("/panels/").text


def test_drawing_stays_within_its_width_however_deep_and_long(board):
    for depth in range(DEEPEST + 4):
        board = live_body(f"b{depth}", name=f"{'long name ' * 14}{depth}", parent=board)
    boxes = diagram(bodies(Moment())).boxes
    assert all(box.x + box.width < WIDTH and box.width > WIDTH / 2 for box in boxes)
    assert max(box.x for box in boxes) == DEEPEST * INDENT + 1
    assert all(len(line) * 7 < box.width for box in boxes for _y, line in box.lines)
    assert all(above.bottom < below.y for above, below in pairwise(boxes))
    assert boxes[-1].lines[-1][1].endswith("…")


def test_names_in_a_drawing_are_words(client, board):
    live_body("odd", name="<script>alert(1)</script>", short='"><b>x')
    words, part = drawn(client, "/panels/")
    assert {"<script>alert(1)</script>", '"><b>x'} <= set(words)
    assert not part.xpath(".//script | .//b")


def test_past_moment_shows_the_bodies_of_then(client, clock, board):
    clock.tick(HOUR)
    before = f"/@{clock.now:%Y-%m-%dT%H:%M}"
    clock.tick(HOUR)
    live_body("mp", name="Methodologies Panel", short="MP", parent=board)
    clock.tick(HOUR)
    assert "MP" not in drawn(client, f"{before}/panels/")[0]
    assert drawn(client, f"{before}/panels/")[1].xpath("ul/li//a")[0].get("href").startswith(f"{before}/panels/")


def test_cycle_has_eight_steps_with_who_acts_in_drawing_and_list(client, clock):
    live_page("", title="Home")
    about = live_page("about")
    cycle = live_page("project-cycle", about)
    board = live_page("executive-board")
    words, part = drawn(client, "/about/project-cycle/")
    told = [str(words) for step in enumerate(STEPS, 1) for words in (step[0], *step[1][:2])]
    assert words == told
    items = [" ".join(item.text_content().split()) for item in part.xpath(".//ol/li")]
    assert items == [f"{name}: {who}" for name, who, _address, _again in STEPS]
    assert len(items) == 8
    assert "/executive-board/" in {link.get("href") for link in part.xpath(".//ol//a")}
    withdraw(board, "Gone.")
    left = drawn(client, "/about/project-cycle/")[1]
    assert "/executive-board/" not in {link.get("href") for link in left.xpath(".//ol//a")}
    assert left.text_content().count("Executive Board") == 4
    edit(cycle, title="Cycle to come")
    assert "at-a-glance" not in client.get("/about/").text
