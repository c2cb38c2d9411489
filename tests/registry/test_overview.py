"""CDM Home: figures, curve and ways to other days, as visitors read them; the curve as numbers."""

import re
from datetime import date
from itertools import pairwise

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.charts import in_prose
from registry.curve import curve, path, straightened
from tests.reading import text_of
from tests.shipped import shipped

__all__ = ["shipped"]

FIRST = date(2005, 10, 20)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return lxml.html.document_fromstring(answer.content.decode())


def words(document, expression):
    return [" ".join(one.text_content().split()) for one in document.xpath(expression)]


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
class TestHome:
    def test_now_has_the_figures_of_the_end_of_the_data(self, client):
        home = page(client, "/")
        figures = words(home, "//ul[@class='figures']/li")
        assert figures[0].startswith("2.42 billion ")
        assert [one.split()[0] for one in figures[1:]] == ["12,548", "3,703", "82"]
        assert words(home, "//figure/h2")[:1] == ["Half of all CERs were issued by 4 March 2013"]
        marks = words(home, "//figure//*[name()='text']")
        assert {"1 billion, 7 Sep 2012", "2 billion, 28 Jun 2019", "3 Nov 2023"} <= set(marks)

    def test_past_tells_nothing_of_what_came_later(self, client):
        home = page(client, "/@2010-03-10/")
        assert words(home, "//ul[@class='figures']/li")[0].startswith("391 million")
        assert words(home, "//figure//*[@class='moment']") == ["10 Mar 2010"]
        shown = text_of(home)
        assert "billion" not in " ".join(words(home, "//figure | //nav[@class='travel'] | //ul[@class='figures']"))
        assert "2.42" not in shown

    @pytest.mark.parametrize(("day", "half"), [("2010-03-10", "6 October 2008"), ("2012-12-31", "6 April 2011")])
    def test_days_that_home_leads_to_name_the_day_of_their_half(self, client, day, half):
        assert words(page(client, f"/@{day}/"), "//figure/h2")[0] == f"Half of all CERs were issued by {half}"

    def test_ways_lead_to_other_days_and_name_the_one_shown(self, client):
        for address, here in (("/", "Today 2.42 billion CERs"), ("/@2010-03-10/", "10 March 2010 391 million CERs")):
            home = page(client, address)
            assert words(home, "//nav[@class='travel']//a[@aria-current]") == [here]
            for way in home.xpath("//nav[@class='travel']//a/@href"):
                assert client.get(way).status_code == 200, way

    def test_before_the_first_cers_statistics_are_one_way_and_home_has_no_curve(self, client):
        assert "9,514" in text_of(page(client, "/@2005-10-20/statistics/"))


@pytest.mark.parametrize(
    ("typed", "start"),
    [
        ("NovaGerar", "/projects/8/"),
        ("China", "/parties/CN/"),
        ("2535", "/projects/2535/"),
        ("3/CMP.1", "/documents/"),
        (" china ", "/parties/CN/"),
    ],
)
@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_search_field_leads_to_what_a_name_or_number_means(client, typed, start):
    answer = client.get("/search/", {"go": "1", "q": typed})
    assert (answer.status_code, answer["Location"][: len(start)]) == (302, start)
    assert client.get("/search/", {"q": typed}).status_code == 200


@pytest.mark.parametrize("typed", ["", "additionality", "wind power in China", "host:CN", "x" * 300, "\0", "//evil.example"])
@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_search_field_gives_results_for_other_words(client, typed):
    assert client.get("/search/", {"go": "1", "q": typed}).status_code == 200


TOTALS = st.lists(st.tuples(st.integers(1, 120), st.integers(0, 10**8)), min_size=1, max_size=60)


@given(TOTALS)
def test_curve_never_falls_and_ends_at_the_moment(steps):
    day, total, known = FIRST.toordinal(), 9_514, [(FIRST.toordinal(), 9_514)]
    for days, cers in steps:
        day, total = day + days, total + cers
        known.append((day, total))
    drawn = curve(known, FIRST, "Title")
    points = [*read(drawn.line)]
    assert all(0 <= x <= 1000 and 0 <= y <= 200 for x, y in points)
    assert all(before[0] <= after[0] and before[1] >= after[1] for before, after in pairwise(points))
    assert abs(points[-1][0] - float(drawn.moment.x[:-1]) * 10) <= 1
    assert drawn.moment.words.endswith(str(drawn.until.year))
    assert drawn.area.startswith(drawn.line)


def read(line):
    """The points of a path."""
    numbers = [int(number) for number in re.findall(r"-?\d+", line)]
    x, y = numbers[:2]
    yield x, y
    for across, down in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + across, y + down
        yield x, y


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 200)), min_size=1, max_size=40))
def test_straightened_points_lie_on_the_same_line(points):
    kept = straightened(points)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert [*read(path(points))] == points
    assert set(kept) <= set(points)


def test_numbers_in_prose():
    assert [in_prose(n) for n in (9_514, 391_050_410, 1_155_088_466, 2_423_389_675)] == [
        "9,514",
        "391 million",
        "1.16 billion",
        "2.42 billion",
    ]
    assert in_prose(999_999_999) == "999 million"
    near = [in_prose(n) for n in (1_999_426_245, 2_001_492_228, 103_956_913, 50_995_101)]
    assert near == ["1.99 billion", "2 billion", "104 million", "51 million"]
