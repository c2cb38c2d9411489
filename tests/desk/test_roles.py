"""Who may do what, as one thing asked and as a set."""

import itertools

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages

from pages.models import Page, Term
from publishing import kinds
from publishing.models import Thing
from publishing.roles import Can, can, reach
from tests.desk_client import administrator, at, author, browser_of, person, publisher, said, typed
from tests.record import edit, live_page, new_page, new_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    about = new_page("about")
    ccs = new_page("ccs", about)
    return {"about": about, "ccs": ccs, "deep": new_page("deep", ccs), "news": new_page("news"), "term": new_term("Baseline")}


def people(tree):
    return [
        person("visitor"),
        author("nothing"),
        author("section", tree["ccs"]),
        author("sections", tree["ccs"], tree["news"]),
        author("whole", kind="page"),
        author("terms", kind="term"),
        publisher(),
        administrator(),
        User.objects.create_superuser("root"),
        User.objects.create_user("staff", is_staff=True),
    ]


def test_one_and_set_agree_for_everybody(tree):
    for user, action, kind in itertools.product(people(tree), Can, kinds.every()):
        everything = set(kind.draft.objects.values_list("pk", flat=True))
        within = reach(user, action, kind)
        one_by_one = {draft.pk for draft in kind.draft.objects.all() if can(user, action, draft)}
        assert (everything if within is None else within & everything) == one_by_one, (user, action, kind.name)


def test_author_reaches_the_section_and_all_below_it(tree):
    user = author("anna", tree["about"])
    assert reach(user, Can.WRITE, kinds.get("page")) == {tree[name].pk for name in ("about", "ccs", "deep")}


def test_author_without_a_grant_reaches_nothing_even_unsaved(tree):
    user = author("anna", tree["about"])
    assert not can(user, Can.WRITE, Page(slug="new"))
    assert can(user, Can.WRITE, Page(slug="new", parent=Thing.objects.get(pk=tree["ccs"].pk)))
    assert not can(user, Can.WRITE, Page(slug="new", parent=Thing.objects.get(pk=tree["news"].pk)))
    assert not can(user, Can.WRITE, Term(name="New"))


def test_inactive_people_may_nothing(tree):
    for user in people(tree):
        user.is_active = False
        assert not any(can(user, action, tree["about"]) for action in Can)


def test_circle_of_drafts_ends(tree):
    edit(tree["about"], parent_id=tree["deep"].pk)
    user = author("anna", tree["news"])
    assert not can(user, Can.WRITE, tree["ccs"])
    assert reach(user, Can.WRITE, kinds.get("page")) == {tree["news"].pk}


def test_author_sees_only_the_own_section_anywhere(tree):
    edit(tree["news"], title="Unseen newsroom", body="Unseen words.")
    edit(tree["ccs"], title="Seen capture")
    anna = browser_of(author("anna", tree["about"]))
    for address in (
        "/admin/",
        at("changelist"),
        at("add"),
        "/admin/links/?q=",
        "/admin/links/?format=json&q=",
        "/admin/scheduled/",
        at("move", tree["ccs"]),
    ):
        text = anna.get(address).text
        assert "Unseen" not in text, address
    assert "Seen capture" in anna.get(at("changelist")).text


def test_author_creates_only_within_the_section(tree):
    anna = browser_of(author("anna", tree["about"]))
    fields = {"title": "New", "slug": "new", "version": 0, "working_copy": ""}
    for parent in ("", tree["news"].pk):
        response = anna.post(at("add"), fields | {"parent": parent})
        assert response.status_code == 200
        assert not Page.objects.filter(slug="new").exists()
    assert anna.post(at("add"), fields | {"parent": tree["ccs"].pk}).status_code == 302


@pytest.mark.parametrize(
    ("page", "parent", "allowed"), [("deep", "about", True), ("deep", "news", False), ("deep", "", False), ("about", "news", False)]
)
def test_author_moves_only_between_given_places(tree, page, parent, allowed):
    anna = browser_of(author("anna", tree["about"]))
    draft = tree[page]
    before = draft.parent_id
    destination = tree[parent].pk if parent else ""
    anna.post(at("change", draft), typed(draft, parent=destination))
    anna.post(at("move", draft), {"below": destination})
    draft.refresh_from_db()
    assert (draft.parent_id == (destination or None)) == allowed
    assert allowed or draft.parent_id == before


def test_author_does_not_take_a_page_of_others_into_the_section(tree):
    anna = browser_of(author("anna", tree["about"]))
    assert anna.post(at("move", tree["news"]), {"below": tree["about"].pk}).status_code == 403
    assert anna.post(at("change", tree["news"]), typed(tree["news"], parent=tree["about"].pk)).status_code == 403


def test_author_keeps_the_head_of_the_section_where_it_is(tree):
    anna = browser_of(author("anna", tree["ccs"]))
    new_page("before", tree["about"], position=0)
    edit(tree["ccs"], position=5)
    for way in ("up", "down", "in", "out"):
        anna.post(at("move", tree["ccs"]), {"to": way})
    tree["ccs"].refresh_from_db()
    assert (tree["ccs"].parent_id, tree["ccs"].position) == (tree["about"].pk, 5)
    assert anna.post(at("change", tree["ccs"]), typed(tree["ccs"], body="My words.")).status_code == 302


def test_author_shows_nothing_in_the_menu_of_others(tree):
    anna = browser_of(author("anna", tree["about"]))
    response = anna.post(at("change", tree["ccs"]), typed(tree["ccs"], menu_below=tree["news"].pk))
    assert "within the sections given to you" in response.text
    tree["ccs"].refresh_from_db()
    assert tree["ccs"].menu_below_id is None


def test_author_does_not_restore_a_page_out_of_the_section(tree, clock):
    about, news = live_page("a"), live_page("n")
    page = live_page("p", news)
    edit(page, parent_id=about.pk)
    anna = browser_of(author("anna", about))
    response = anna.post(at("restore", page, 3), {"version": page.version})
    page.refresh_from_db()
    assert page.parent_id == about.pk
    assert any("only within the sections" in str(message) for message in get_messages(response.wsgi_request))


def test_superuser_counts_as_administrator(tree):
    root = browser_of(User.objects.create_superuser("root"))
    assert root.get(at("erase", tree["about"])).status_code == 200
    assert root.get("/admin/auth/user/").status_code == 200


def test_staff_without_a_role_stays_outside(tree):
    client = browser_of(User.objects.create_user("staff", is_staff=True))
    assert client.get("/admin/").status_code == 302
    assert "has no role here" in client.get("/admin/login/").text


def test_messages_name_what_was_done(tree):
    page = tree["about"]
    response = browser_of(publisher()).post(at("move", page), {"to": "down"}, follow=True)
    assert "is moved" in said(response)[0]
