"""The tree of pages: pure, and as publishing keeps it sound at every moment."""

import pytest
from django.core.exceptions import ValidationError

from pages.models import Page, TermEdition
from pages.navigation import load_tree
from pages.tree import DEPTH_LIMIT, Tree
from publishing.ledger import cancel, erase, publish, withdraw
from publishing.models import Edition
from tests.record import DAY, HOUR, START, edit, live_page, new_page, new_term, paths, republish


def row(thing, parent=None, slug=None, action="publish", position=0, title=None, below=None, in_menu=True):
    return (thing, thing, action, parent, below, slug or f"p{thing}", position, title or f"Page {thing}", "", in_menu)


def test_addresses_are_paths_of_slugs():
    tree = Tree([row(1), row(2, 1), row(3, 2), (9, 9, "publish", None, None, "", 0, "Home", "", True)])
    assert sorted(tree.by_path) == ["/", "/p1/", "/p1/p2/", "/p1/p2/p3/"]
    assert [node.thing for node in tree.nodes[3].ancestors()] == [1, 2]


def test_page_to_read_owns_an_address_before_one_that_is_gone():
    for rows in ([row(1, slug="a", action="withdraw"), row(2, slug="a")], [row(2, slug="a"), row(3, slug="a", action="withdraw")]):
        assert Tree(rows).by_path["/a/"].thing == 2


def test_menu_is_in_order_and_without_hidden_or_withdrawn_pages():
    tree = Tree([row(1, position=2), row(2, position=1), row(3, in_menu=False), row(4, action="withdraw"), row(5, 1, below=2), row(6, 1)])
    assert [node.thing for node in tree.menu_children(None)] == [2, 1]
    assert [node.thing for node in tree.menu_children(2)] == [5]
    assert [node.thing for node in tree.menu_children(1)] == [6]
    assert [node.thing for node in tree.trail(tree.nodes[5])] == [2]


def test_sound_tree_has_no_problems():
    assert Tree([row(1), row(2, 1), row(3, 1, below=2)]).problems() == []


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([row(1, slug="a"), row(2, slug="a")], "“Page 2” and “Page 1” would both have the address “a” below the same page."),
        ([row(1, 2), row(2, 1)], "“Page 1” would be below itself: “Page 2” > “Page 1”."),
        ([row(1, 1)], "“Page 1” would be below itself: “Page 1”."),
        ([row(1, action="withdraw"), row(2, 1)], "“Page 2” would be below “Page 1”, which is withdrawn."),
        ([row(2, 1)], "“Page 2” would be below a page that is not published."),
        ([row(1, below=2), row(2, 1)], "“Page 1” would be shown below itself in the menu."),
    ],
)
def test_problem_names_the_culprit(rows, problem):
    assert problem in Tree(rows).problems()


def test_depth_beyond_the_limit_is_a_problem():
    rows = [row(1), *(row(depth, depth - 1) for depth in range(2, DEPTH_LIMIT + 2))]
    assert Tree(rows[:-1]).problems() == []
    (problem,) = Tree(rows).problems()
    assert problem.startswith("“Page 7” would be 7 levels deep; at most 6 are possible: “Page 1” > “Page 2”")


def test_circle_hides_no_other_page_and_stalls_nothing():
    tree = Tree([row(1, 2), row(2, 1), row(3, 2), row(4)])
    assert sorted(tree.by_path) == ["/p4/"]
    assert len(tree.problems()) >= 2
    assert [node.thing for node in tree.nodes[1].branch()] == [1, 2, 3]
    assert [node.thing for node in tree.trail(tree.nodes[3])] == [1, 2]


@pytest.mark.django_db
class TestPublishing:
    def test_second_page_with_the_same_address_is_refused(self, clock):
        live_page("about", title="First")
        with pytest.raises(ValidationError, match=r"“Second” and “First” would both|“First” and “Second” would both"):
            publish([new_page("about", title="Second")])

    def test_address_scheduled_by_another_page_is_refused_from_that_moment(self, clock):
        publish([new_page("about", title="Tomorrow")], START + DAY)
        with pytest.raises(ValidationError, match=r"“Tomorrow”.*\(from 11 March 2030 17:07 UTC\)"):
            publish([new_page("about", title="Now")])

    def test_address_free_until_a_page_leaves_it_can_be_scheduled(self, clock):
        first = live_page("about")
        republish(first, START + DAY, slug="former")
        publish([new_page("about", title="Second")], START + DAY)
        assert paths(START + DAY) == {"/former/": "About", "/about/": "Second"}

    def test_circle_is_refused(self, clock):
        top = live_page("top")
        below = live_page("below", top)
        with pytest.raises(ValidationError, match="“Top” would be below itself"):
            republish(top, parent=below)
        assert paths(clock.now).keys() == {"/top/", "/top/below/"}

    def test_circle_by_two_scheduled_moves_is_refused_at_the_second(self, clock):
        one, two = live_page("one"), live_page("two")
        republish(one, START + 2 * DAY, parent=two)
        with pytest.raises(ValidationError, match=r"would be below itself.*\(from 12 March 2030"):
            republish(two, START + DAY, parent=one)

    def test_change_between_two_scheduled_ones_is_checked_against_both(self, clock):
        top = live_page("top")
        republish(top, START + DAY, slug="first")
        republish(top, START + 3 * DAY, slug="second")
        with pytest.raises(ValidationError, match=r"address “second”.*\(from 13 March 2030"):
            publish([new_page("second", title="Other")], START + 2 * DAY)
        publish([new_page("top", title="Other")], START + 2 * DAY)

    def test_slugs_are_swapped_in_one_publication(self, clock):
        one, two = live_page("one"), live_page("two")
        before = clock.now
        publish([edit(one, slug="two"), edit(two, slug="one")])
        assert paths(clock.now) == {"/two/": "One", "/one/": "Two"}
        assert paths(before) == {"/two/": "Two", "/one/": "One"}

    def test_slugs_swapped_one_after_the_other_are_refused(self, clock):
        one, _two = live_page("one"), live_page("two")
        with pytest.raises(ValidationError, match="would both have the address “two”"):
            republish(one, slug="two")

    def test_depth_of_seven_is_refused_also_by_a_move_of_a_branch(self, clock):
        above = None
        for depth in range(1, 7):
            above = live_page(f"d{depth}", above)
        with pytest.raises(ValidationError, match="“D7” would be 7 levels deep"):
            publish([new_page("d7", above)])
        top = live_page("top")
        with pytest.raises(ValidationError, match="“D6” would be 7 levels deep"):
            republish(Page.objects.get(slug="d1"), parent=top)

    def test_move_carries_the_branch(self, clock):
        top, other = live_page("top"), live_page("other")
        middle = live_page("middle", top)
        live_page("leaf", middle)
        republish(middle, parent=other)
        assert paths(clock.now).keys() == {"/top/", "/other/", "/other/middle/", "/other/middle/leaf/"}

    def test_page_below_one_that_was_never_published_is_refused(self, clock):
        with pytest.raises(ValidationError, match="below a page that is not published"):
            publish([new_page("leaf", new_page("top"))])

    def test_parent_and_child_are_published_together(self, clock):
        top = new_page("top")
        publish([new_page("leaf", top), top])
        assert paths(clock.now).keys() == {"/top/", "/top/leaf/"}

    def test_child_before_its_parent_is_refused(self, clock):
        top = new_page("top")
        publish([top], START + DAY)
        with pytest.raises(ValidationError, match="not published"):
            publish([new_page("leaf", top)], START + HOUR)
        publish([Page.objects.get(slug="leaf")], START + DAY)

    def test_cancelling_a_parent_that_children_wait_for_is_refused(self, clock):
        top = new_page("top")
        (scheduled,) = publish([top], START + DAY)
        publish([new_page("leaf", top)], START + 2 * DAY)
        with pytest.raises(ValidationError, match=r"“Leaf” would be below a page that is not published \(from 12 March 2030"):
            cancel(scheduled)

    def test_erased_page_keeps_its_branch(self, clock):
        top = live_page("top")
        live_page("leaf", top)
        erase(Edition.objects.get(thing=top.pk), "Court order.")
        assert paths(clock.now) == {"/top/leaf/": "Leaf"}
        assert load_tree(clock.now).by_path["/top/"].action == "erase"

    def test_address_of_a_withdrawn_page_can_be_taken(self, clock):
        withdraw(live_page("about"), "Old.")
        live_page("about", title="New")
        assert paths(clock.now) == {"/about/": "New"}

    @pytest.mark.parametrize("slug", ["", "Ä", "a b", "a/b", "İ", "a\0b", "history", "١٢"])
    def test_slug_that_makes_no_address_is_refused(self, clock, slug):
        with pytest.raises(ValidationError):
            publish([new_page("top"), Page(slug=slug, title="x", parent=new_page("other", parent=None))])

    def test_slug_in_capitals_is_put_into_small_letters(self, clock):
        publish([new_page("About")])
        assert list(paths(clock.now)) == ["/about/"]

    def test_terms_whose_addresses_differ_in_capitals_alone_are_one(self, clock, monkeypatch):
        with monkeypatch.context() as before:
            before.setattr("pages.models.TermContent.clean", lambda term: None)  # addresses of long ago had capitals
            old = new_term("Case term", slug="CASEterm")
            publish([old])
        with pytest.raises(ValidationError, match="would both have the address “caseterm”"):
            publish([new_term("Other", slug="CaseTerm")])
        publish([new_term("Third", slug="Third")])
        publish([edit(old, body="Changed.")])
        live = {edition.title: edition.slug for edition in TermEdition.objects.live(clock.now)}
        assert live == {"Case term": "caseterm", "Third": "third"}

    @pytest.mark.parametrize("title", ["a\0b", "a\u202eb", "a\ud800b", "a\x1fb"])
    def test_title_with_a_character_that_cannot_be_shown_is_refused(self, clock, title):
        page = new_page("about")
        page.title = title
        with pytest.raises(ValidationError, match="cannot be published"):
            publish([page])

    def test_texts_are_normalised(self, clock):
        live_page("about", title="Re\u0301sume\u0301", body="One\r\nTwo\rThree\n")
        edition = Edition.objects.get().pageedition
        assert (edition.title, edition.body) == ("Résumé", "One\nTwo\nThree")

    def test_thousand_children_are_all_reachable(self, clock):
        top = live_page("top")
        publish([new_page(f"c{number}", top) for number in range(1000)])
        assert len(load_tree(clock.now).nodes[top.pk].children) == 1000

    @pytest.mark.parametrize(("section", "slug"), [("news", "2010"), ("documents", "any"), ("newsletters", "1")])
    def test_page_at_an_address_that_another_app_answers_is_refused(self, clock, section, slug):
        above = live_page(section)
        live_page("other", above if section == "newsletters" else None)
        with pytest.raises(ValidationError, match=rf"“Hidden” would be hidden: at its address, /{section}/{slug}/"):
            live_page(slug, above, title="Hidden")

    def test_page_and_term_at_one_address_are_refused_whichever_comes_first(self, clock):
        above = live_page("glossary")
        live_page("about", above)
        publish([new_term("Baseline")])
        with pytest.raises(ValidationError, match="“Hidden” would be hidden: at its address, /glossary/baseline/"):
            live_page("baseline", above, title="Hidden")
        with pytest.raises(ValidationError, match="“About” would be hidden: at its address, /glossary/about/"):
            publish([new_term("About")])

    def test_page_below_the_home_page_shares_its_address_with_none_at_the_top(self, clock):
        home = live_page("")
        live_page("about")
        with pytest.raises(ValidationError, match="“Twin” and “About” would both have the address /about/"):
            live_page("about", home, title="Twin")
        with pytest.raises(ValidationError, match="“Hidden” would be hidden: at its address, /search/"):
            live_page("search", home, title="Hidden")
