"""Notices: who is told of what others did, once each; and what they read of it, with the rights of the moment."""

import pytest
from django.contrib.auth.models import User

from desk import deletion, notices, record_notices
from desk.models import DeskNotice, NoticeCursor
from pages.models import Page
from publishing import draft_versions, ledger
from publishing.models import DeletedDraft, SectionGrant
from tests.desk_client import at, author, browser_of, publisher, said, typed
from tests.publishing.test_crashes import in_child, was_killed
from tests.record import HOUR, MINUTE, new_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock):
    """Anna and Otto write in /about/, Paul publishes."""
    home, about = new_page("", title="Home"), new_page("about")
    ledger.publish([home, about])
    record_notices.read_on()
    clock.tick()
    return author("anna", about), author("otto", about), publisher(), about


def written(slug, user, parent, **fields):
    """A draft that the person has begun."""
    page = new_page(slug, parent, **fields)
    draft_versions.begin(page, user=user)
    return page


def saved(page, user, **fields):
    """The draft, saved again by the person."""
    page = Page.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    assert page.save_if_unchanged(page.version, user=user)
    return page


def told(user):
    return list(DeskNotice.objects.filter(user=user).order_by("pk").values_list("event", "by"))


def read(user):
    return browser_of(user).get("/admin/notices/").content.decode()


def test_whose_draft_another_publishes_is_told_once(people, clock):
    anna, otto, paul, about = people
    page = written("ccs", anna, about)
    ledger.publish([page], author="paul")
    for _ in range(3):
        record_notices.read_on()
    assert told(anna) == [("published", "paul")]
    assert told(otto) == told(paul) == []


def test_nobody_is_told_of_what_they_did_themselves(people, clock):
    _anna, _otto, paul, about = people
    page = written("ccs", paul, about)
    ledger.publish([page], author="paul")
    clock.tick()
    ledger.withdraw(page, "It was wrong.", author="paul")
    page = written("other", paul, about)
    deletion.delete(paul, page)
    record_notices.read_on()
    assert not DeskNotice.objects.exists()


def test_of_a_publication_those_are_told_whose_text_it_is(people, clock):
    anna, otto, _paul, about = people
    page = written("ccs", anna, about)
    clock.tick()
    ledger.publish([page], author="paul")
    clock.tick()
    page = saved(page, otto, body="Words of Otto.")
    clock.tick()
    ledger.publish([page], author="paul")
    record_notices.read_on()
    assert (told(anna), told(otto)) == ([("published", "paul")], [("published", "paul")])
    assert DeskNotice.objects.get(user=anna).ref < DeskNotice.objects.get(user=otto).ref


def test_scheduled_publication_is_told_when_it_takes_place(people, clock):
    anna, _otto, _paul, about = people
    page = written("ccs", anna, about)
    ledger.publish([page], clock.now + HOUR, author="paul")
    record_notices.read_on()
    assert told(anna) == []
    clock.tick(HOUR + MINUTE)
    record_notices.read_on()
    record_notices.read_on()
    assert told(anna) == [("came", "paul")]


def test_scheduled_publication_that_came_before_it_was_read_is_told(people, clock):
    anna, _otto, _paul, about = people
    ledger.publish([written("ccs", anna, about)], clock.now + MINUTE, author="paul")
    clock.tick(HOUR)
    record_notices.read_on()
    record_notices.read_on()
    assert told(anna) == [("came", "paul")]


def test_scheduled_publication_that_was_cancelled_is_not_told(people, clock):
    anna, _otto, _paul, about = people
    page = written("ccs", anna, about)
    ledger.publish([page], author="anna")
    clock.tick()
    page = saved(page, anna, body="Later words.")
    (edition,) = ledger.publish([page], clock.now + HOUR, author="paul")
    record_notices.read_on()
    clock.tick()
    ledger.cancel(edition, author="paul")
    clock.tick(2 * HOUR)
    record_notices.read_on()
    assert told(anna) == []


def test_withdrawal_is_told_to_all_who_wrote_it(people, clock):
    anna, otto, _paul, about = people
    page = written("ccs", anna, about)
    page = saved(page, otto, body="Words of Otto.")
    ledger.publish([page], author="anna")
    record_notices.read_on()
    DeskNotice.objects.all().delete()
    clock.tick()
    ledger.withdraw(page, "It was wrong.", author="paul")
    record_notices.read_on()
    assert (told(anna), told(otto)) == ([("withdrawn", "paul")], [("withdrawn", "paul")])


def test_move_is_told_by_the_form_and_by_its_own_page(people, clock):
    anna, otto, paul, about = people
    below, page = written("below", paul, about), written("ccs", anna, about)
    browser_of(paul).post(at("move", page), {"below": below.pk})
    assert told(anna) == [("moved", "paul")]
    page = Page.objects.get(pk=page.pk)
    browser_of(otto).post(at("change", page), typed(page, parent=about.pk))
    assert told(anna) == [("moved", "paul"), ("moved", "otto")]
    page = Page.objects.get(pk=page.pk)
    browser_of(otto).post(at("change", page), typed(page, title="Only a title"))
    assert len(told(anna)) == 2
    assert told(otto) == []


def test_deletion_is_told_and_leads_to_the_bin(people, clock):
    anna, _otto, paul, about = people
    page = written("ccs", anna, about, title="<Storage> of CO2")
    browser_of(paul).post(at("delete", page), {"post": "yes"})
    DeletedDraft.objects.update(deleted=clock.now)
    assert told(anna) == [("deleted", "paul")]
    text = read(anna)
    print(text[text.index("notices-told") :][:900])
    assert "“&lt;Storage&gt; of CO2”" in text
    assert f"/admin/deleted/{page.pk}/" in text


def test_title_is_that_of_the_moment_and_hidden_where_rights_are_gone(people, clock):
    anna, otto, _paul, about = people
    page = written("ccs", anna, about, title="First title")
    notices.tell("moved", [anna], "page", page.pk, "1", "paul")
    saved(page, otto, title="Second title")
    assert "“Second title”" in read(anna)
    SectionGrant.objects.filter(user=anna).delete()
    other = new_page("other")
    SectionGrant.objects.create(user=anna, section_id=other.pk)
    text = read(anna)
    assert "title”" not in text
    assert "Something that is gone or that you may no longer read" in text
    assert f"/page/{page.pk}/" not in text


def test_public_thing_outside_ones_sections_is_named_as_visitors_read_it(people, clock):
    anna, otto, _paul, about = people
    page = written("ccs", anna, about, title="Public title")
    ledger.publish([page], author="paul")
    record_notices.read_on()
    saved(page, otto, title="Draft title")
    SectionGrant.objects.filter(user=anna).delete()
    text = read(anna)
    assert "“Public title”" in text
    assert 'href="/about/ccs/"' in text
    assert "Draft title" not in text


def test_thing_that_is_gone_for_good_ends_in_no_error(people, clock):
    anna, _otto, _paul, _about = people
    notices.tell("deleted", [anna], "page", 999_999, "1", "paul")
    notices.tell("deleted", [anna], "a former kind", 999_998, "2", "paul")
    assert read(anna).count("Something that is gone or that you may no longer read was deleted") == 2


def test_page_marks_one_or_all_as_read_by_post_alone(people):
    anna, otto, _paul, about = people
    for number in range(3):
        notices.tell("moved", [anna, otto], "page", about.pk, str(number), "paul")
    client = browser_of(anna)
    assert "3 new" in client.get("/admin/notices/").content.decode()
    foreign = DeskNotice.objects.filter(user=otto).first()
    own = DeskNotice.objects.filter(user=anna).first()
    client.post("/admin/notices/", {"notice": [own.pk, foreign.pk]})
    assert notices.unread_count(anna) == 2
    assert notices.unread_count(otto) == 3
    answer = client.post("/admin/notices/", {"all": "1"}, follow=True)
    assert said(answer)[-1] == "2 notices are marked as read."
    assert " new</span>" not in answer.content.decode()
    assert said(client.post("/admin/notices/", {"notice": own.pk}, follow=True)) == ["They were read already."]


def test_unread_notices_stand_first_and_pages_hold_forty(people):
    anna, _otto, _paul, about = people
    for number in range(50):
        notices.tell("moved", [anna], "page", about.pk, str(number), f"person{number}.")
    notices.mark_read(anna, [notice.pk for notice in DeskNotice.objects.filter(by="person49.")])
    client = browser_of(anna)
    first, second = (client.get("/admin/notices/", {"page": page}).content.decode() for page in (1, 2))
    assert "person48." in first
    assert "person49." not in first
    assert "person49." in second
    assert "Page 2 of 2" in second
    assert client.get("/admin/notices/", {"page": "x"}).status_code == 200


def test_empty_list_says_what_will_stand_there(people):
    assert "There is nothing yet." in read(people[0])


def test_list_of_forty_costs_few_queries(people, django_assert_max_num_queries):
    anna, _otto, _paul, about = people
    pages = [written(f"page{number}", anna, about) for number in range(40)]
    for page in pages:
        notices.tell("moved", [anna], "page", page.pk, str(page.pk), "paul")
    client = browser_of(anna)
    with django_assert_max_num_queries(70):
        client.get("/admin/notices/")


def test_people_who_left_are_not_told(people, clock):
    anna, _otto, _paul, about = people
    page = written("ccs", anna, about)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    ledger.publish([page], author="paul")
    record_notices.read_on()
    assert not DeskNotice.objects.exists()


def test_what_was_published_before_there_were_notices_is_old(clock):
    anna, about = author("anna"), new_page("about")
    draft_versions.begin(about, user=anna)
    ledger.publish([about], author="paul")
    record_notices.read_on()
    assert not DeskNotice.objects.exists()
    assert NoticeCursor.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_reader_of_the_record_killed_before_each_statement_tells_each_entry_once():
    anna, about = author("anna"), new_page("about")
    record_notices.read_on()
    for step in range(30):
        page = written(f"page{step}", anna, about)
        ledger.publish([about, page], author="paul")
        killed = was_killed(in_child(record_notices.read_on, step))
        record_notices.read_on()
        assert len(told(anna)) == step + 1
        if not killed:
            break
    assert step > 5
