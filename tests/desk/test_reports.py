"""Days of review and reports: who is told, once; what is listed, within what one may read; words that are found anew when shown."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from desk import deletion, examinations, reports, review_dates
from desk.models import DeskNotice, Examination, ReviewDate
from desk.reports import REPORTS
from publishing import ledger
from publishing.models import DeletedDraft
from tests.desk.test_notices import people, written
from tests.desk_client import administrator, at, author, browser_of, publisher
from tests.record import DAY, clock, live_page, new_page, republish

__all__ = ["clock", "people"]
pytestmark = pytest.mark.django_db


def day(after=1):
    return timezone.now().date() + timedelta(days=after)


def report(user, name, ending="/"):
    answer = browser_of(user).get(f"/admin/reports/{name}{ending}")
    return (b"".join(answer) if answer.streaming else answer.content).decode()


def told(user):
    return list(DeskNotice.objects.filter(user=user, event="due").values_list("thing", flat=True))


def test_whoever_wrote_it_is_told_once_when_the_day_has_come(people, clock):
    anna, otto, paul, about = people
    page = written("ccs", anna, about)
    browser_of(anna).post(at("review", page), {"day": day(10)})
    assert review_dates.tell_due() == 0
    clock.tick(11 * DAY)
    assert [review_dates.tell_due() for _ in range(3)] == [1, 0, 0]
    assert told(anna) == [page.pk]
    assert told(otto) == told(paul) == []
    assert "is due for review" in browser_of(anna).get("/admin/notices/").text
    browser_of(anna).post(at("review", page), {"months": "3"})
    clock.tick(100 * DAY)
    assert review_dates.tell_due() == 1
    assert told(anna) == [page.pk, page.pk]


def test_of_what_nobody_wrote_publishers_are_told(clock):
    page, paul, anna = live_page("old"), publisher(), author()
    ReviewDate.objects.create(thing=page.pk, kind="page", day=day(-1))
    assert review_dates.tell_due() == 1
    assert told(paul) == [page.pk]
    assert told(anna) == []


def test_what_is_withdrawn_or_in_the_bin_is_not_due(clock):
    gone, binned, paul = live_page("gone"), new_page("binned"), publisher()
    for page in (gone, binned):
        review_dates.put(page, day(-1), paul)
    ledger.withdraw(gone, "Wrong.")
    deletion.delete(paul, binned)
    assert review_dates.tell_due() == 0
    deletion.forget(DeletedDraft.objects.get())
    assert list(ReviewDate.objects.values_list("thing", flat=True)) == [gone.pk]


def test_day_of_review_touches_neither_draft_nor_record():
    page, paul = live_page("about"), publisher()
    answer = browser_of(paul).post(at("review", page), {"months": "12"}, follow=True)
    assert f"Review by {review_dates.months_after(day(0), 12):%-d %B %Y}" in answer.text
    page.refresh_from_db()
    assert (page.version, page.is_changed(), page.newest_edition().content()) == (1, False, page.content())
    browser_of(paul).post(at("review", page), {"day": ""})
    assert not ReviewDate.objects.exists()


def test_day_that_is_none_or_has_passed_is_refused_and_stays_in_the_form():
    page, client = live_page("about"), browser_of(publisher())
    assert "day to come" in client.post(at("review", page), {"day": day(0)}).text
    for wrong in ("31 February", "2026-02-31", "0000-00-00", "\0"):
        assert "Enter a valid date" in client.post(at("review", page), {"day": wrong}).text
    assert client.post(at("review", page), {"months": "9999"}).status_code == 200
    assert not ReviewDate.objects.exists()


def test_last_day_of_a_month_stays_one():
    assert f"{review_dates.months_after(timezone.datetime(2027, 11, 30).date(), 3)}" == "2028-02-29"


def test_texts_are_examined_once_a_change_and_reports_name_what_they_hold(clock):
    page = live_page("old", title="Old page", body="It is open until 2020.\n\nSee [this](/nowhere/).")
    assert examinations.examine_all() == 1
    assert examinations.examine_all() is None
    paul = publisher()
    assert "“2020” has gone by" in report(paul, "passed-dates")
    assert "/nowhere/" in report(paul, "broken-links")
    assert "does not say where it leads" in report(paul, "notes", ".csv")
    republish(page, body="It was open until 2020.")
    assert "Old page" not in report(paul, "passed-dates"), "put right, and not yet examined again"
    clock.tick()
    assert examinations.examine_all() == 1
    assert set(Examination.objects.values_list("passed_dates", "broken_links", "text_notes")) == {(0, 0, 0)}


def test_authors_read_of_their_sections_alone(clock):
    mine, other = live_page("mine", title="Mine to see"), live_page("other", title="Zwischenraumwort", body="It is open until 2020.")
    for page in (mine, other):
        review_dates.put(page, day(), administrator(f"ada{page.pk}"))
    examinations.examine_all()
    anna = author("anna", mine)
    assert "Mine to see" in report(anna, "reviews")
    for name in REPORTS:
        for ending in ("/", ".csv"):
            assert "Zwischenraumwort" not in report(anna, name, ending)
    assert "Zwischenraumwort" in report(publisher(), "passed-dates", ".csv")


def test_page_that_no_menu_no_link_and_no_relation_leads_to_is_an_orphan(clock):
    live_page("", title="Home", body="To [the linked one](/linked/).")
    for slug, shown in (("linked", False), ("alone", False), ("shown", True)):
        live_page(slug, in_menu=shown, body=f"Itself: [this page](/{slug}/).")
    live_page("deep", live_page("above", in_menu=False), in_menu=True)
    examinations.examine_all()
    assert {row.title for row in reports_of("orphans")} == {"Alone", "Above", "Deep"}


def reports_of(name):
    paul = publisher("reader")
    return list(reports.rows(paul, REPORTS[name], REPORTS[name].find(paul)))


def test_what_is_scheduled_is_a_report_and_a_calendar_within_reach(clock):
    mine, other = live_page("mine", title="Mine"), live_page("other", title="Zwischenraumwort, body; of it")
    for page in (mine, other):
        republish(page, clock.now + DAY, body="Text to come.")
    ledger.withdraw(mine, "Over.", live_from=clock.now + 2 * DAY)
    anna, paul = author("anna", mine), publisher()
    assert "Goes live" in report(anna, "scheduled")
    assert "Zwischenraumwort" not in report(anna, "scheduled", ".csv")
    ours, all_of_it = (Calendar.from_ical(browser_of(user).get("/admin/scheduled/calendar.ics").content) for user in (anna, paul))
    assert [str(event["summary"]) for event in ours.walk("VEVENT")] == ["Mine: Goes live", "Mine: Is withdrawn"]
    assert next(event["dtstart"].dt for event in ours.walk("VEVENT")).tzinfo is not None
    assert len({event["uid"] for event in all_of_it.walk("VEVENT")}) == 3
    assert b"Text to come" not in all_of_it.to_ical()


def test_what_happened_is_a_file_within_reach(people, clock):
    anna, otto, _paul, about = people
    written("ccs", anna, about, title="=Begun by Anna")
    new_page("hidden", title="Zwischenraumwort")
    text = b"".join(browser_of(otto).get("/admin/recent/events.csv")).decode()
    assert "Draft begun,'=Begun by Anna,Page,anna" in text
    assert "Zwischenraumwort" not in text
    assert "Anna" not in b"".join(browser_of(otto).get("/admin/recent/events.csv?by=me")).decode()


def test_list_of_reports_counts_each_and_names_those_of_other_apps(clock):
    live_page("old", body="It is open until 2020.")
    examinations.examine_all()
    text = browser_of(publisher()).get("/admin/reports/").text
    assert "Searches that found nothing" in text
    assert '<a href="/admin/reports/passed-dates/">Dates that have passed</a></th><td>1</td>' in text
    assert browser_of(author("anna")).get("/admin/reports/nothing/").status_code == 404


def test_cells_of_a_report_are_no_formulas(clock):
    page = live_page("formula", title="=1+1")
    review_dates.put(page, day(), publisher())
    assert "'=1+1" in report(administrator(), "reviews", ".csv")


def test_saved_text_with_a_day_gone_by_has_a_note():
    page = new_page("old", body="The Board will meet in 2020.")
    assert "“2020” has gone by" in browser_of(publisher()).get(at("change", page)).text
