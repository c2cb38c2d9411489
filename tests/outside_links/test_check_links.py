"""The command and its report: what is looked at and how often, what editors are told, and that nothing of a text stays in the tables."""

from io import StringIO

import pytest
from django.core.management import call_command

from outside_links import verdicts
from outside_links.checking import LinkFinding
from outside_links.collecting import addresses_of, collect, digest_of
from outside_links.management.commands import check_links
from outside_links.models import LinkVerdict, OutsideAddress, TextWithLinks
from pages.models import PageEdition
from publishing import ledger
from tests.desk.test_reports import report
from tests.desk_client import author, publisher
from tests.record import DAY, START, clock, edit, live_page

__all__ = ["clock"]
pytestmark = pytest.mark.django_db

GONE, MOVED, GOOD = "https://gone.example/a", "https://moved.example/", "https://good.example/"


@pytest.fixture
def web(monkeypatch):
    """What each address shows; what is not named works. The addresses of the last run stand under `asked`."""
    shown = {"asked": []}

    def looked_at(addresses, _hosts):
        shown["asked"] = addresses
        return [(address, shown.get(address, LinkFinding(LinkVerdict.WORKS, 200))) for address in addresses]

    monkeypatch.setattr(check_links, "look_at_all", looked_at)
    return shown


def run(**options):
    out = StringIO()
    call_command("check_links", stdout=out, **options)
    return out.getvalue()


def test_addresses_of_texts_and_sources_are_collected_once(clock):
    one = live_page("one", body=f"[a]({GONE}#part) [b]({GONE}) <{GOOD}> [in](/one/) [mail](mailto:x@example.org)\n\n[^n]: See {MOVED}")
    live_page("two", body=f"`https://code.example/` [a]({GONE})")
    assert addresses_of(PageEdition.objects.get(thing=one)) == {GONE, GOOD}
    assert set(collect().values()) == {GONE, GOOD}
    assert OutsideAddress.objects.count() == 2
    assert TextWithLinks.objects.count() == 2
    edit(one, body="None.")
    ledger.publish([one])
    assert set(collect().values()) == {GONE}


def test_an_address_is_looked_at_once_a_day_the_longest_untried_first(clock, web):
    live_page("one", body=f"[a]({GONE}) [b]({GOOD})")
    assert run(most=1) == "2 addresses, 1 looked at: works 1.\n"
    first = web["asked"]
    assert run() == "2 addresses, 1 looked at: works 1.\n"
    assert {*first, *web["asked"]} == {GONE, GOOD}
    assert run() == "2 addresses, 0 looked at.\n"
    clock.tick(DAY)
    run()
    assert web["asked"] == [*first, *({GONE, GOOD} - {*first})]


def test_a_host_that_wants_to_be_left_alone_is_not_asked_before(clock, web):
    live_page("one", body=f"[a]({GONE})")
    web[GONE] = LinkFinding(LinkVerdict.CANNOT, 429, not_before=START + 5 * DAY)
    assert "cannot be checked 1" in run()
    clock.tick(4 * DAY)
    assert "0 looked at" in run()
    clock.tick(DAY)
    assert "1 looked at" in run()


def test_not_found_is_what_was_missing_on_three_days(clock, web):
    anna = publisher()
    live_page("one", title="Page one", body=f"[a]({GONE})")
    web[GONE] = LinkFinding(LinkVerdict.NOT_FOUND, 404)
    for _day in range(2):
        assert "cannot be checked 1" in run()
        assert "missing when last looked at" in report(anna, "outside-links")
        clock.tick(DAY)
    assert "not found 1" in run()
    assert f"{GONE}: not found since 10 March 2030 (answered 404)" in report(anna, "outside-links")
    web[GONE] = LinkFinding(LinkVerdict.WORKS, 200)
    clock.tick(DAY)
    run()
    assert "Page one" not in report(anna, "outside-links")
    assert OutsideAddress.objects.get().missed == 0


def test_editors_are_told_of_what_they_may_read_and_of_nothing_else(clock, web):
    mine, other = live_page("mine", title="Mine", body=f"[a]({MOVED})"), live_page("other", title="Other", body=f"[a]({MOVED})")
    web[MOVED] = LinkFinding(LinkVerdict.MOVED, 200, "https://new.example/<b>")
    run()
    page = report(author("anna", mine), "outside-links")
    assert f"{MOVED}: moved for good to https://new.example/&lt;b&gt;" in page
    assert "Other" not in page
    assert report(publisher(), "outside-links", ".csv").count("moved for good") == 2
    ledger.withdraw(other, "away")
    run()
    assert report(publisher("peter"), "outside-links", ".csv").count("moved for good") == 1


def test_nothing_of_an_erased_text_is_told_or_kept(clock, web):
    page = live_page("one", title="Page one", body="[a](https://zwischenraumwort.example/)")
    edit(page, body="Now without.")
    web["https://zwischenraumwort.example/"] = LinkFinding(LinkVerdict.CANNOT, 403)
    run()
    rows = [str(row) for model in (OutsideAddress, TextWithLinks) for row in model.objects.values_list()]
    assert rows
    assert not any("zwischenraum" in row for row in rows)
    ledger.publish([page])
    ledger.erase(page.editions.order_by("number").first(), "asked for")
    assert "zwischenraum" not in report(publisher(), "outside-links")


def test_a_text_that_goes_while_it_is_looked_at_leaves_nothing(clock):
    assert verdicts.keep(digest_of(GONE), LinkFinding(LinkVerdict.WORKS, 200), START) is None
