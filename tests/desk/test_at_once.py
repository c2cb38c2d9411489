"""Several people, or one who clicks twice, at the very same time."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from desk import deletion
from desk.action_forms import state_seen
from pages import moves
from pages.models import Page
from publishing import draft_versions
from publishing.models import DeletedDraft, Edition, WorkingCopy
from tests.desk_client import at, browser_of, publisher, typed
from tests.record import new_page

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(*requests):
    """The answers to requests, each a (client, address, form), that are sent together."""
    start, answers = Barrier(len(requests)), [None] * len(requests)

    def send(place, client, address, form):
        try:
            start.wait()
            answers[place] = client.post(address, form)
        finally:
            connections.close_all()

    threads = [Thread(target=send, args=(place, *request)) for place, request in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_publish_form_sent_four_times_at_once_makes_one_edition():
    page, desk = new_page("about"), publisher()
    form = {"when": "now", "seen": state_seen([page])}
    answers = all_at_once(*[(browser_of(desk), at("publish", page), form) for _ in range(4)])
    assert [answer.status_code for answer in answers] == [302] * 4
    assert Edition.objects.count() == 1


def test_one_of_four_saves_at_once_wins_and_the_others_see_both_texts():
    page, desk = new_page("about"), publisher()
    answers = all_at_once(*[(browser_of(desk), at("change", page), typed(page, body=f"Text {n}.")) for n in range(4)])
    page.refresh_from_db()
    won = [n for n, answer in enumerate(answers) if answer.status_code == 302]
    assert len(won) == 1
    assert (page.body, page.version) == (f"Text {won[0]}.", 2)
    for n, answer in enumerate(answers):
        assert n in won or (answer.context["is_behind"] and f"Text {n}." in answer.text)


def test_two_moves_at_once_make_no_circle():
    a, b = new_page("a"), new_page("b", position=10)
    desk = publisher()
    all_at_once(*[(browser_of(desk), at("move", page), {"below": below.pk}) for page, below in ((a, b), (b, a))])
    assert all(node.path for node in moves.drafts_tree().nodes.values())
    assert Page.objects.exclude(parent=None).count() == 1


def test_move_by_form_and_by_button_at_once_make_no_circle():
    a, b = new_page("a"), new_page("b", position=10)
    desk = publisher()
    all_at_once((browser_of(desk), at("move", a), {"below": b.pk}), (browser_of(desk), at("change", b), typed(b, parent=a.pk)))
    assert all(node.path for node in moves.drafts_tree().nodes.values())


def test_two_windows_keeping_at_once_lose_neither_silently():
    page, desk = new_page("about"), publisher()
    answers = all_at_once(*[(browser_of(desk), at("working_copy", page), typed(page, body=f"Text {n}.")) for n in range(3)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    kept = answers.index(next(answer for answer in answers if answer.status_code == 200))
    assert WorkingCopy.objects.get().fields["body"] == [f"Text {kept}."]


def test_deletion_and_save_at_once_lose_no_text():
    for number in range(3):
        page = new_page(f"page-{number}")
        paul, petra = publisher(f"paul{number}"), publisher(f"petra{number}")
        text = f"Petra's text {number}."
        deletion_, saved = all_at_once(
            (browser_of(paul), at("delete", page), {"post": "yes"}), (browser_of(petra), at("change", page), typed(page, body=text))
        )
        assert deletion_.status_code == 302
        versions = [draft_versions.open_version(Page, page.pk, v.number)[1].body for v in draft_versions.for_thing(page.pk)]
        assert text in versions or saved.context["adminform"].form["body"].value() == text
        gone = DeletedDraft.objects.get(thing=page.pk)
        assert gone.version == draft_versions.for_thing(page.pk).first().number


def test_brought_back_by_two_at_once_it_is_there_once():
    page, paul = new_page("about"), publisher()
    deletion.delete(paul, page)
    answers = all_at_once(*[(browser_of(paul), f"/admin/deleted/{page.pk}/", {"bring_back": "1"}) for _ in range(3)])
    assert {answer.status_code for answer in answers} <= {302, 404}
    assert Page.objects.get().pk == page.pk
