"""The pages that show a thing's editions and the words that changed."""

import re

import pytest

from markup.diff import Piece
from markup.templatetags.differences import folded
from publishing.ledger import erase, publish
from tests.reading import parsed, text_of
from tests.record import HOUR, clock, live_page, new_page, republish

__all__ = ["clock"]

BODY = "One line.\n\nA second one."


def difference(client, address):
    return parsed(client.get(address))


@pytest.fixture
def page(db):
    """A page with three editions."""
    page = live_page("about", title="About", body=BODY)
    republish(page, body=BODY.replace("second", "third"))
    publish([page], note="Only the note is new.", minor=True)
    return page


def numbers_of(page):
    return list(page.editions.order_by("number").values_list("number", flat=True))


def test_history_lists_editions_newest_first_with_notes_and_ways(client, page):
    document = parsed(client.get("/about/history/"))
    items = document.xpath("//ol[@class='editions']/li")
    assert len(items) == 3
    assert "Only the note is new." in text_of(items[0])
    assert [text_of(tag) for tag in items[0].xpath(".//*[@class='tag']")] == ["minor"]
    what_changed, as_it_stood = items[1].xpath(".//a/@href")
    assert what_changed == f"/about/history/{numbers_of(page)[1]}/"
    assert items[2].xpath(".//a/@href")[0].startswith("/@")  # nothing was there before the first edition
    assert as_it_stood.startswith("/@")
    assert as_it_stood.endswith("/about/")
    assert parsed(client.get("/about/history/")).xpath("//h1")[0].text == "History of the page About"


def test_history_and_difference_are_there_as_markdown(client, page):
    first, second, third = numbers_of(page)
    lines = client.get("/about/history/index.md").content.decode().splitlines()
    assert lines[0] == "# History of the page About"
    assert [re.search(r"history/([0-9]+)/\)", line)[1] for line in lines[2:]] == [str(third), str(second), str(first)]
    assert lines[2].endswith("Only the note is new.")
    changed = client.get(f"/about/history/{second}/index.md").content.decode()
    assert changed.startswith("# What changed in the page About\n")
    assert "    A {--second--}{++third++} one." in changed
    assert "    About\n" not in changed
    assert "The words are the same in both." in client.get(f"/about/history/{third}/index.md").content.decode()
    assert client.get(f"/about/history/{third + 1}/index.md").status_code == 404
    erase(page.editions.get(number=second), "A court has ordered it.")
    erased = client.get(f"/about/history/{second}/index.md")
    assert "This edition has no text that can be compared." in erased.content.decode()
    assert erased["X-Robots-Tag"] == "noindex"
    assert "text erased" in client.get("/about/history/index.md").content.decode()


def test_difference_marks_words_and_leads_to_its_neighbours(client, page):
    first, second, third = numbers_of(page)
    document = parsed(client.get(f"/about/history/{second}/"))
    assert [text_of(mark) for mark in document.xpath("//div[@class='change']//del")] == ["second"]
    assert [text_of(mark) for mark in document.xpath("//div[@class='change']//ins")] == ["third"]
    assert document.xpath("//a[@rel='prev']/@href") == [f"/about/history/{first}/"]
    assert document.xpath("//a[@rel='next']/@href") == [f"/about/history/{third}/"]


def test_difference_of_the_first_edition_says_that_nothing_changed(client, page):
    address = f"/about/history/{numbers_of(page)[0]}/"
    document = difference(client, address)
    assert "nothing: it is the first" in text_of(document.xpath("//main")[0])
    assert "Nothing was public before it, so nothing changed." in text_of(document.xpath("//main")[0])
    assert not document.xpath("//del | //ins")
    assert "so nothing changed" in client.get(address + "index.md").text


TABLE = "| Year | CERs |\n|---|---|\n| 2008 | {} |\n| 2009 | **7** |\n"
OLD = f"Intro.\n\n## One\n\nSame.\n\n- a\n- b\n\n## Two\n\n{TABLE.format(5)}\n[x](/a/) y"
NEW = f"Intro.\n\n## One\n\nSame.\n\n- a\n- b, *c*\n\n## Two\n\n{TABLE.format(6)}| 2010 | 8 |\n\n[x](/b/) y"


def test_difference_is_shown_as_readers_know_the_text(client, db):
    page = live_page("about", title="About", body=OLD)
    republish(page, body=NEW)
    (change,) = difference(client, f"/about/history/{numbers_of(page)[1]}/").xpath("//div[@class='change']")
    assert not set("|*#[") & set(change.text_content())
    assert [text_of(row) for row in change.xpath(".//tbody/tr")] == ["2008 56", "2010 8"]
    assert [text_of(cell) for cell in change.xpath(".//thead//th")] == ["Year", "CERs"] * 2
    assert [text_of(item) for item in change.xpath(".//p[@class='item'][ins]")] == ["b, c"]
    assert [text_of(mark) for mark in change.xpath(".//p[@class='meta']/*")] == ["/a/", "/b/"]
    assert text_of(change.xpath(".//summary")[0]).startswith("4 parts unchanged")
    assert "Same." in text_of(change.xpath(".//details")[0])


def test_difference_that_readers_do_not_see_says_so(client, db):
    page = live_page("about", body="One line\nand another.")
    republish(page, body="One line and\nanother. <!-- said to nobody -->")
    assert "Readers see the same in both." in difference(client, f"/about/history/{numbers_of(page)[1]}/").text_content()


def test_difference_without_changed_words_says_so(client, page):
    assert "The words are the same in both." in text_of(parsed(client.get(f"/about/history/{numbers_of(page)[2]}/")).xpath("//main")[0])


def test_difference_compares_with_any_other_edition(client, page):
    first, _, third = numbers_of(page)
    document = parsed(client.get(f"/about/history/{third}/?against={first}"))
    assert document.xpath("//select[@name='against']/option[@selected]/@value") == [str(first)]
    assert [text_of(mark) for mark in document.xpath("//div[@class='change']//ins")] == ["third"]


@pytest.mark.parametrize("against", ["", "x", "-1", "0", "9" * 6000, "٣", "1 OR 1=1"])
def test_difference_takes_the_edition_before_for_any_other_against(client, page, against):
    response = client.get(f"/about/history/{numbers_of(page)[1]}/", {"against": against})
    assert response.status_code == 200
    assert [text_of(mark) for mark in parsed(response).xpath("//div[@class='change']//del")] == ["second"]


def test_difference_of_another_thing_is_not_found(client, page):
    other = live_page("other")
    assert client.get(f"/about/history/{numbers_of(other)[0]}/").status_code == 404
    assert client.get("/about/history/999/").status_code == 404


def test_history_of_what_was_never_public_is_not_found(client, db):
    new_page("draft")
    assert client.get("/draft/history/").status_code == 404


LINES = "".join(f"Line {number}\n" for number in range(20))


def test_long_unchanged_run_between_changes_is_folded_with_two_lines_in_sight():
    pieces = list(folded([Piece("old", deleted=True), Piece(LINES), Piece("new", inserted=True)]))
    assert [getattr(piece, "lines", None) for piece in pieces] == [None, None, 14, None, None]
    assert "".join(piece.text for piece in pieces[1:4]) == LINES
    assert pieces[1].text.endswith("Line 2\n")
    assert pieces[3].text.startswith("Line 17\n")


def test_unchanged_run_at_the_ends_is_folded_up_to_the_change():
    before, after = list(folded([Piece(LINES), Piece("new", inserted=True)])), list(folded([Piece("new", inserted=True), Piece(LINES)]))
    assert "".join(piece.text for piece in before[:-1]) == LINES
    assert "".join(piece.text for piece in after[1:]) == LINES
    assert [piece.text for piece in after[-1:]] == [""]


@pytest.mark.parametrize("text", ["", "word", "a\nb\nc\nd\ne\n", "\n\n\n\n\n\n\n\n\n\n"])
def test_short_unchanged_run_is_shown(text):
    pieces = list(folded([Piece("x", deleted=True), Piece(text), Piece("y", inserted=True)]))
    assert pieces[1:-1] == [Piece(text)]


@pytest.mark.django_db
def test_two_editions_within_one_second_are_each_shown_as_they_stood(client, clock):
    page = live_page("twice", body="The first words.")
    republish(page, body="The second words.")
    republish(page, body="The third words.")
    clock.tick(HOUR)
    links = parsed(client.get("/twice/history/")).xpath("//a[starts-with(., 'As it stood')]/@href")
    shown = ["The third words.", "The second words.", "The first words."]
    assert len(links) == len(shown)
    for link, words in zip(links, shown, strict=True):
        assert words in client.get(link).content.decode()
    assert "." not in links[0].partition("/twice")[0]  # the last of a second needs no more than the second
    compared = parsed(client.get(f"/twice/history/{page.editions.order_by('number')[1].number}/"))
    assert compared.xpath("//a[starts-with(., 'The page as it stood')]/@href") == [links[1]]
    previous = parsed(client.get(links[1])).xpath("//section[@class='band past']//ul[@class='walk']//a/@href")
    assert [link == other for link, other in zip(previous, (links[2], links[0]), strict=True)] == [True, True]
