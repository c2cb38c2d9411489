"""The tree of drafts at the desk: its list, its states, and moving pages in it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages import moves
from pages.models import Page
from publishing.ledger import publish, withdraw
from tests.desk_client import at, author, browser_of, publisher, said
from tests.processor import in_time
from tests.record import DAY, edit, live_page, new_page, paths, republish

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock):
    return browser_of(publisher())


@pytest.fixture
def tree():
    home = new_page("", title="Home", position=0)
    about = new_page("about", position=10)
    return {
        "home": home,
        "about": about,
        "a": new_page("a", about, position=10),
        "b": new_page("b", about, position=20),
        "c": new_page("c", about, position=30),
        "news": new_page("news", position=20),
    }


def shape():
    return [(node.depth, node.slug) for node in moves.in_order(moves.drafts_tree())]


def move(desk, page, to):
    return desk.post(at("move", page), {"to": to} if to in {"up", "down", "in", "out"} else {"below": to}, follow=True)


def test_list_shows_the_tree_in_its_order(desk, tree):
    rows = desk.get(at("changelist")).context["cl"].result_list
    assert [(page.indent, page.slug) for page in rows] == [(0, ""), (0, "about"), (1, "a"), (1, "b"), (1, "c"), (0, "news")]
    assert "/about/b/" in desk.get(at("changelist")).text


def test_list_shows_how_each_page_stands(desk, clock):
    live, changed, gone, ahead, new = (new_page(slug) for slug in ("live", "changed", "gone", "ahead", "new"))
    publish([live, changed, gone])
    edit(changed, body="Changed.")
    withdraw(gone, "R.")
    publish([ahead], clock.now + DAY)
    rows = {page.slug: [mark.text for mark in page.desk_state.marks()] for page in desk.get(at("changelist")).context["cl"].result_list}
    moment = f"{clock.now + DAY:%d %b %Y %H:%M} UTC"
    assert rows["live"] == ["Live"]
    assert rows["changed"] == ["Live", "Draft changed"]
    assert rows["gone"] == ["Withdrawn"]
    assert rows["new"] == ["New"]
    assert rows["ahead"][0] == "New"
    assert rows["ahead"][1].startswith("Goes live")
    assert moment[:11] in rows["ahead"][1]
    assert new.is_changed()


@pytest.mark.parametrize(("state", "slugs"), [("new", {"new"}), ("changed", {"changed"}), ("live", {"live", "changed"})])
def test_list_is_filtered_by_state(desk, state, slugs):
    publish([new_page("live"), changed := new_page("changed")])
    edit(changed, body="Changed.")
    new_page("new")
    assert {page.slug for page in desk.get(at("changelist"), {"state": state}).context["cl"].result_list} == slugs


def test_list_is_searched_and_still_in_order(desk, tree):
    rows = desk.get(at("changelist"), {"q": "a"}).context["cl"].result_list
    assert [page.slug for page in rows] == ["about", "a"]


def test_state_agrees_with_the_draft_itself(desk, clock):
    pages = [live_page("p", title="One"), new_page("q"), live_page("r")]
    republish(pages[0], clock.now + DAY, title="Two")
    edit(pages[2], body="Changed.")
    rows = desk.get(at("changelist")).context["cl"].result_list
    assert {page.slug: page.desk_state.is_changed for page in rows} == {page.slug: page.is_changed() for page in pages}


@pytest.mark.parametrize(
    ("page", "to", "expected"),
    [
        ("b", "up", ["b", "a", "c"]),
        ("b", "down", ["a", "c", "b"]),
        ("a", "down", ["b", "a", "c"]),
        ("c", "up", ["a", "c", "b"]),
        ("a", "up", ["a", "b", "c"]),
        ("c", "down", ["a", "b", "c"]),
    ],
)
def test_page_moves_among_its_neighbours(desk, tree, page, to, expected):
    move(desk, tree[page], to)
    assert [slug for depth, slug in shape() if depth == 2] == expected


def test_page_moves_in_and_out(desk, tree):
    move(desk, tree["b"], "in")
    assert shape() == [(1, ""), (1, "about"), (2, "a"), (3, "b"), (2, "c"), (1, "news")]
    move(desk, tree["b"], "out")
    assert shape() == [(1, ""), (1, "about"), (2, "a"), (2, "b"), (2, "c"), (1, "news")]
    move(desk, tree["b"], "out")
    assert shape() == [(1, ""), (1, "about"), (2, "a"), (2, "c"), (1, "b"), (1, "news")]


def test_page_moves_below_any_other_and_to_the_top(desk, tree):
    move(desk, tree["b"], tree["news"].pk)
    assert shape()[-2:] == [(1, "news"), (2, "b")]
    move(desk, tree["b"], "")
    assert shape()[-1] == (1, "b")


def test_neighbours_keep_their_places_where_there_is_room(desk, tree):
    move(desk, tree["c"], "up")
    assert [page.position for page in Page.objects.filter(parent=tree["about"].pk).order_by("slug")] == [10, 20, 15]


def test_crowded_neighbours_make_room(desk):
    top = new_page("top")
    for number, slug in enumerate("abcd"):
        new_page(slug, top, position=number // 2)
    for _ in range(3):
        move(desk, Page.objects.get(slug="d"), "up")
    assert [slug for depth, slug in shape() if depth == 2] == ["d", "a", "b", "c"]


def test_any_sequence_of_moves_keeps_every_page_in_the_tree(desk, tree):
    import random

    chance = random.Random(7)
    for _ in range(60):
        page = chance.choice([tree[name] for name in ("about", "a", "b", "c", "news")])
        to = chance.choice(["up", "down", "in", "out", *(str(tree[name].pk) for name in ("about", "a", "news"))])
        move(desk, page, to)
        nodes = moves.drafts_tree().nodes.values()
        assert len(nodes) == 6
        assert all(node.path and node.depth <= 6 for node in nodes)


def test_page_does_not_move_below_itself_or_too_deep(desk, tree):
    assert "cannot be placed below itself" in said(move(desk, tree["about"], tree["b"].pk))[0]
    deep = tree["a"]
    for number in range(3):
        deep = new_page(f"d{number}", deep)
    assert "levels deep" in said(move(desk, tree["about"], deep.pk))[0] or "below itself" in said(move(desk, tree["about"], deep.pk))[0]
    assert "7 levels deep" in said(move(desk, new_page("branch"), new_page("e", deep).pk))[0]
    assert all(node.path for node in moves.drafts_tree().nodes.values())


def test_move_is_public_only_once_published(desk, tree, clock):
    publish([tree[name] for name in ("home", "about", "a", "news")])
    move(desk, tree["a"], tree["news"].pk)
    assert "/about/a/" in paths(clock.now)
    desk.post(at("changelist"), {"action": "publish_chosen", "_selected_action": [tree["a"].pk]})
    publish([Page.objects.get(slug="a")])
    clock.tick()
    assert "/news/a/" in paths(clock.now)
    assert browser_of().get("/about/a/")["Location"] == "/news/a/"


def test_move_of_position_leaves_an_open_form_in_peace(desk, tree):
    move(desk, tree["b"], "up")
    assert Page.objects.get(slug="b").version == 1
    move(desk, tree["b"], tree["news"].pk)
    assert Page.objects.get(slug="b").version == 2


def test_pages_in_a_circle_are_still_listed(desk, tree):
    Page.objects.filter(slug="about").update(parent=tree["a"].pk)
    text = desk.get(at("changelist")).text
    assert text.count("outside the tree") == 4
    assert desk.get(at("move", tree["about"])).status_code == 200
    move(desk, tree["about"], "")
    assert all(node.path for node in moves.drafts_tree().nodes.values())


def test_nonsense_moves_nothing(desk, tree):
    before = shape()
    for values in ({"to": "sideways"}, {"below": "99999"}, {"below": "x"}, {}):
        assert desk.post(at("move", tree["a"]), values).status_code == 200
    assert shape() == before


def test_buttons_that_lead_nowhere_are_off(desk, tree):
    text = desk.get(at("move", tree["a"])).text
    assert 'value="up" disabled' in text
    assert 'value="down" disabled' not in text


def test_list_of_an_author_starts_at_the_own_section(tree, clock):
    anna = browser_of(author("anna", tree["b"]))
    rows = anna.get(at("changelist")).context["cl"].result_list
    assert [(page.indent, page.slug) for page in rows] == [(0, "b")]


def many_pages(count):
    """A tree of `count` pages in three levels, each published once; every tenth has a changed draft."""
    tops = [new_page(f"top-{number}", body="Words of this page. " * 150) for number in range(count // 100)]
    below = [new_page(f"below-{number}", tops[number // 10], body="Words of this page. " * 150) for number in range(count // 10)]
    leaves = [new_page(f"leaf-{n}", below[n // 9], body="Words of this page. " * 150) for n in range(count - len(tops) - len(below))]
    pages = [*tops, *below[:-1], below[-1], *leaves]
    publish(pages)
    for page in pages[::10]:
        edit(page, body="Changed.")
    return pages


def test_list_costs_the_same_few_queries_for_any_number_of_pages(desk):
    costs = []
    for count in (100, 300):
        Page.objects.count() or many_pages(100)
        if count == 300:
            publish([new_page(f"more-{number}") for number in range(200)])
        desk.get(at("changelist"))
        with CaptureQueriesContext(connection) as queries:
            assert len(desk.get(at("changelist")).context["cl"].result_list) == min(count, 100)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 16


def test_list_of_a_thousand_pages_answers_within_a_second(desk):
    many_pages(1000)
    desk.get(at("changelist"))
    response = in_time(1, lambda: desk.get(at("changelist")))
    assert len(response.context["cl"].result_list) == 100
