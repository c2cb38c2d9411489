"""Figures in texts: marks wherever a text goes, with the figures of the moment or of an entry's own day, and their date."""

from datetime import UTC, date, datetime

import pytest

from documents.models import Document
from markup.lint import notes
from pages.models import Notice, Term
from publishing import figures
from publishing.ledger import publish
from publishing.moment import Moment, fixed
from registry.importing import ImportRefusedError, refuse_future
from registry.models import IssuanceRow
from registry.moments import find_shown, registry_on, releases, shown_of
from search import indexer
from tests.desk_client import at, browser_of, publisher, typed
from tests.news.conftest import live_item, live_newsletter
from tests.reading import parsed, text_of
from tests.record import DAY, clock, live_page, republish
from tests.registry.made import release
from tests.search.conftest import ask, index

__all__ = ["ask", "clock", "index"]
pytestmark = pytest.mark.django_db
CERS, DATE = "{{ figure:cers }}", "{{ date:cers }}"
# Running totals of the shipped table, by day.
KNOWN = [("2005-10-20", "9,514"), ("2010-03-10", "391,050,410"), ("2020-01-01", "2,030,962,023")]


@pytest.fixture
def early(clock):
    """The record begins in 2004, and it is 2026."""
    clock.set(datetime(2004, 1, 1, tzinfo=UTC))

    def go_on():
        clock.set(datetime(2026, 11, 26, 12, tzinfo=UTC))

    return go_on


def issued(until=date(2023, 11, 3), **by_day):
    """A release with issuances: `issued(d20051020=500)`."""

    def add(draft):
        for name, cers in by_day.items():
            day = datetime.strptime(name, "d%Y%m%d").replace(tzinfo=UTC).date()
            row = {"kind": "PA", "reference": 1, "date": day, "cers": cers, "host": "CN", "period": 1}
            IssuanceRow.objects.create(from_release=draft.pk, key=name, **row)

    return release(until, filling=add, a="One")


@pytest.mark.parametrize(("day", "rounded"), [("2010-03-10", "391 million"), ("2005-10-20", "9,514"), ("2024-01-01", "2.42 billion")])
def test_sentence_may_have_the_figure_without_all_its_digits(client, early, day, rounded):
    live_page("about", body="{{ figure:cers-in-prose }} CERs by {{ date:cers }}.")
    early()
    assert f"{rounded} CERs by " in text_of(parsed(client.get(f"/@{day}/about/")).xpath("//main")[0])


@pytest.mark.parametrize(("day", "cers"), KNOWN)
def test_page_shows_the_figure_of_its_moment_and_the_day(client, early, day, cers):
    live_page("", body=f"{CERS} CERs by {DATE}.")
    early()
    shown = f"{date.fromisoformat(day):%-d %B %Y}"
    page = parsed(client.get(f"/@{day}/"))
    assert f"{cers} CERs by {shown}." in text_of(page.xpath("//main")[0])
    assert f"Text of 1 January 2004. Figures of {shown}." in text_of(page.xpath("//p[@class='since']")[0])
    assert f"Figures of {shown}" in text_of(page.xpath("//section[@class='band past']")[0])


def test_two_moments_of_one_state_of_the_record_have_figures_of_their_own(client, early):
    live_page("about", body=CERS)
    publish([Notice.objects.create(title="Notice", body=f"Now {CERS}.")])
    early()
    for day, cers in [*KNOWN, *KNOWN]:
        page = parsed(client.get(f"/@{day}/about/"))
        assert cers in text_of(page.xpath("//main")[0])
        assert f"Now {cers}." in text_of(page.xpath("//section[@aria-label='Notice']")[0])


def test_between_the_rows_of_the_table_a_figure_is_of_the_row_before_and_after_its_end_says_so(client, early):
    live_page("about", body=f"{CERS} CERs.")
    early()
    assert "240,355,208 CERs. Figures of 31 December 2008." in text_of(parsed(client.get("/@2009-06-01/about/")))
    now = text_of(parsed(client.get("/about/")).xpath("//main")[0])
    assert "2,423,389,675 CERs. Figures to 3 November 2023; the data end there." in now
    assert "0 CERs. Figures of 1 February 2004." in text_of(parsed(client.get("/@2004-02-01/about/")))


def test_day_that_the_text_tells_is_not_told_again():
    moment = fixed(datetime(2010, 3, 10, 23, tzinfo=UTC))
    assert figures.in_text(f"{CERS} CERs", moment) == "391,050,410 CERs Figures of 10 March 2010."
    assert figures.in_text(f"{CERS} CERs by {DATE}", moment) == "391,050,410 CERs by 10 March 2010"
    assert figures.in_text("No mark", moment) == "No mark"


def test_what_is_not_known_on_a_day_is_no_zero(early):
    early()
    moment = fixed(datetime(2010, 3, 10, tzinfo=UTC))
    assert figures.in_text("{{ figure:registered }} by {{ date:registered }}", moment) == "(not known) by 10 March 2010"


def test_summary_shows_figures_wherever_it_stands(client, early):
    live_page("")
    live_page("about", title="About", summary=f"Of {CERS} CERs.")
    item = live_item(date=date(2003, 3, 8), summary=f"News of {CERS} CERs.", body=f"Text with {CERS}.")
    live_newsletter([item], date=date(2004, 1, 1), summary=f"Digest of {CERS}.", body="Lead.")
    document = Document(title="Paper", slug="paper", document_class="report", issued_by="eb", summary=f"Paper of {CERS}.")
    document.save()
    publish([document])
    early()
    meta = parsed(client.get("/@2010-03-10/about/")).xpath("//meta[@name='description']/@content")[0]
    assert meta == "Of 391,050,410 CERs. Figures of 10 March 2010."
    for address in ("/", "/news/", item_address(client), "/newsletters/", "/newsletters/1/", "/documents/paper/", "/news/2003/"):
        page = client.get(f"/@2010-03-10{address}").content.decode()
        assert "391,050,410" in page, address
        assert "{{" not in page, address
    for address in ("/llms.txt", "/documents/index.md", "/news/index.md", "/about/index.md"):
        assert "{{" not in client.get(address).content.decode(), address


def item_address(client):
    return "/" + client.get("/news/?format=json").json()["items"][0]["address"].split("/", 3)[3]


def test_entries_of_feeds_and_files_show_the_figures_of_their_own_day(client, early, clock):
    clock.set(datetime(2020, 1, 1, 12, tzinfo=UTC))
    live_item(date=date(2010, 3, 10), slug="dated", summary=f"{CERS} CERs.", body=f"By then {CERS}.")
    document = Document.objects.create(title="Paper", slug="paper", document_class="report", issued_by="eb", summary=f"Paper of {CERS}.")
    publish([document])
    early()
    entry = client.get("/news/feed/json/").json()["items"][0]
    assert entry["summary"] == "391,050,410 CERs. Figures of 10 March 2010."
    assert "By then 391,050,410." in entry["content_html"]
    assert "Figures of 10 March 2010." in entry["content_html"]
    for form in ("atom", "rss"):
        assert client.get(f"/news/feed/{form}/").content.decode().count("391,050,410") >= 2
    assert client.get("/news/?format=json").json()["items"][0]["summary"].startswith("391,050,410")
    assert "391,050,410" in b"".join(client.get("/news/?format=csv")).decode()
    assert client.get("/documents/?format=json").json()["documents"][0]["summary"].startswith("Paper of 2,030,962,023.")
    # A page shows those of the moment that is read.
    assert "2,423,389,675" in client.get("/news/2010/03/10/dated/").content.decode()


def test_markdown_of_a_page_has_figures_and_its_code_has_marks(client, early):
    live_page("about", body=f"By {DATE}: {CERS}; `{CERS}` shows it.\n\n    {CERS}\n\n```\n{CERS}\n```\n")
    early()
    text = client.get("/@2010-03-10/about/index.md").content.decode()
    assert "By 10 March 2010: 391,050,410; `{{ figure:cers }}` shows it." in text
    assert text.count("{{ figure:cers }}") == 3
    assert parsed(client.get("/about/")).xpath("//main//code/text()") == [CERS, f"{CERS}\n", f"{CERS}\n"]


def test_unknown_marks_are_shown_as_they_are_written(client):
    live_page("about", body="{{ figure:cerz }} {{ cers }} {{figure:cers}} {{ figure:<b>x</b> }} {{ date: }} \\{{ figure:issuances }}")
    shown = text_of(parsed(client.get("/about/")).xpath("//main//*[@class='text']")[0])
    assert shown.startswith("{{ figure:cerz }} {{ cers }} 2,423,389,675 {{ figure:x }} {{ date: }} 12,548")


HOSTILE = ["{{ figure:" * 3000, "{{" + " " * 9000 + "figure:cers}}", "{" * 30_000 + "figure:cers", "{{ figure:" + "a-" * 9000]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_marks_are_text(client, hostile):
    live_page("about", body=hostile, summary=hostile[:400])
    assert client.get("/about/").status_code == 200
    assert client.get("/about/index.md").status_code == 200


def test_marks_in_addresses_are_left_alone(client):
    live_page("about", body=f"[words]({{{{figure:cers}}}}) ![{CERS}](/media/x.png) <a href='https://example.org/{CERS}'>there</a>")
    page = client.get("/about/").content.decode()
    assert "391,050,410" not in page
    assert "2,423,389,675" not in page


def test_editor_is_told_of_marks_that_name_nothing(client):
    page = live_page("about")
    browser = browser_of(publisher())
    body = "Good: {{ figure:cers }}\n\nBad: {{ figure:cerz }} `{{ x }}`"
    changes = {"title": f"About {CERS}", "summary": "{{ figure:nothing }}", "body": body}
    found = text_of(parsed(browser.post(at("change", page), typed(page, **changes), follow=True)).xpath("//section[@class='notes']")[0])
    assert "{{ figure:cers }} is shown as it is written: figures stand in the text or in the summary." in found
    assert "{{ figure:nothing }} is shown as it is written." in found
    assert "line 3: {{ figure:cerz }} is shown as it is written. {{ figure:… }} takes the name of a figure: activities, cers," in found
    assert "{{ x }}" not in found


def test_help_beside_the_form_lists_the_figures(client):
    page = parsed(browser_of(publisher()).get(at("change", live_page("about"))))
    rows = [text_of(row) for row in page.xpath("//details[contains(@class, 'formatting')]//tr")]
    assert any(row.startswith("{{ figure:cers }}") and "CERs issued" in row for row in rows)
    assert all(name in " ".join(rows) for name in figures.known())


def test_differences_show_the_mark_since_that_is_what_an_edition_says(client):
    page = live_page("about", body="So many CERs.", summary="Old.")
    edition = republish(page, body=f"So many CERs: {CERS}.", summary=f"New: {CERS}.")
    shown = text_of(parsed(client.get(f"/about/history/{edition.number}/")))
    assert shown.count(CERS) == 2
    assert "2,423,389,675" not in shown
    assert CERS in client.get(f"/about/history/{edition.number}/index.md").content.decode()


def test_release_brings_other_figures_and_other_words_to_be_found(client, early, ask, index):
    live_page("about", title="About", body=f"There are {CERS} of them.")
    early()
    indexer.catch_up()
    before = client.get("/about/").content
    assert [hit.title for hit in ask("2,423,389,675").hits] == ["About"]
    issued(d20051020=500, d20100310=1500)
    assert not ask("2,423,389,675").hits  # until the index has the new figures, what shows any does not exist for a search
    indexer.catch_up()
    after = client.get("/about/")
    assert "There are 2,000 of them." in text_of(parsed(after))
    assert before != after.content
    assert [hit.title for hit in ask('"2,000 of them"').hits] == ["About"]
    assert "<mark>2,000</mark>" in ask('"2,000 of them"').hits[0].passage
    assert "There are 500 of them." in text_of(parsed(client.get("/@2006-01-01/about/")))


def test_search_of_the_past_has_the_figures_of_its_day(ask, early, index):
    live_page("about", title="About", body=f"There are {CERS} of them.")
    early()
    for day, cers in [*KNOWN, *KNOWN]:
        moment = Moment(day)
        assert [hit.title for hit in ask(f'"{cers} of them"', moment).hits] == ["About"], day
        assert moment.is_open


def test_answers_that_rest_on_the_shipped_table_are_never_final(client, early):
    live_page("about", body=CERS)
    live_page("plain")
    early()
    for _again in range(2):
        assert client.get("/@2010-03-10/about/")["Cache-Control"] == "private, no-store"
        assert "no-store" not in client.get("/@2010-03-10/plain/").get("Cache-Control", "")
    issued(d20051020=500)
    assert "no-store" not in client.get("/@2010-03-10/about/").get("Cache-Control", "")


def test_figures_of_an_entry_come_from_the_release_that_its_day_shows(clock, early):
    clock.set(datetime(2024, 1, 1, tzinfo=UTC))
    issued(d20051020=500)
    clock.set(datetime(2025, 1, 1, tzinfo=UTC))
    second = issued(date(2024, 12, 1), d20051020=700, d20240601=1)
    early()
    moment = Moment()
    assert registry_on(moment, date(2024, 6, 1)).release.as_of == date(2023, 11, 3)
    assert registry_on(moment, date(2025, 6, 1)).release.thing_id == second.pk
    assert registry_on(moment, date(2010, 3, 10)).is_reconstructed
    for instant in (moment.at, moment.at - 400 * DAY, moment.at - 4000 * DAY):
        there = fixed(instant)
        assert shown_of(releases(there), instant) == find_shown(there)


def test_pages_without_marks_ask_nothing_of_the_registry(client, django_assert_max_num_queries):
    live_page("about", body="Plain.", summary="Plain.")
    client.get("/about/")
    with django_assert_max_num_queries(1):
        client.get("/about/")


def test_page_with_figures_costs_no_query_more_once_they_are_held(client, early, django_assert_max_num_queries):
    live_page("about", body=f"{CERS} {DATE} {{{{ figure:issuances }}}}", summary=CERS)
    early()
    issued(d20051020=500)
    client.get("/about/")
    with django_assert_max_num_queries(1):
        client.get("/about/")


def test_data_of_a_day_to_come_are_refused(early):
    early()
    refuse_future(date(2026, 11, 26))
    with pytest.raises(ImportRefusedError, match="still to come"):
        refuse_future(date(2026, 11, 27))


def test_meaning_of_a_term_has_figures(client, early):
    publish([Term.objects.create(name="CER", slug="cer", body=f"One of {CERS}.")])
    early()
    page = parsed(client.get("/glossary/cer/"))
    assert page.xpath("//meta[@name='description']/@content")[0].startswith("One of 2,423,389,675.")


def test_heading_with_a_mark_keeps_its_id_on_any_day(client, early):
    live_page("about", body=f"## Figures of {DATE}\n\nText.")
    early()
    for address in ("/about/", "/@2010-03-10/about/"):
        assert parsed(client.get(address)).xpath("//h2/@id")[-1] == "h-figures-of"


def test_notes_need_no_figures_to_be_known():
    assert [note.line for note in notes("{{ figure:cers }}", lambda path: None)] == [1]


@pytest.mark.parametrize(("day", "cers"), KNOWN[:1])
def test_day_before_the_first_page_has_its_key_figures_all_the_same(client, clock, early, day, cers):
    clock.set(datetime(2010, 3, 10, tzinfo=UTC))
    live_page("")
    early()
    page = client.get(f"/@{day}/")
    assert page.status_code == 404
    assert f"{cers} CERs had been issued by 20 October 2005, in 2 issuances to 2 activities." in text_of(parsed(page).xpath("//main")[0])
