"""Charts by year: steps of the axis, places of the bars, and sentences that the numbers bear out."""

import re
from datetime import date

import pytest

from registry.charts import BASE, TOP, finding, scale, short, year_chart


@pytest.mark.parametrize("most", [1, 2, 3, 7, 9, 10, 99, 101, 1_137_719, 339_393_698, 10**12 - 1])
def test_axis_has_three_to_five_round_steps_that_hold_the_highest_value(most):
    end, step = scale(most)
    assert end >= most
    assert end % step == 0
    assert 3 <= end // step <= 5
    assert str(step).rstrip("0") in {"1", "2", "25", "5"}


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1 k"), (1_250_000, "1.25 m"), (81_530, "81.53 k"), (224_800_000, "224 m"), (2 * 10**9, "2 bn")],
)
def test_numbers_of_an_axis_are_short(number, text):
    assert short(number) == text


def test_bars_stand_within_the_plot_and_in_their_order():
    chart = year_chart({2008: 67_303, 2022: 1_137_719, 2023: 5}, date(2023, 11, 3))
    assert [bar.year for bar in chart.bars] == list(range(2008, 2024))
    places = [float(bar.x.rstrip("%")) for bar in chart.bars]
    assert places == sorted(places)
    for bar in chart.bars:
        top, height = float(bar.y.rstrip("%")) * 10, float(bar.height.rstrip("%")) * 10
        assert TOP <= top <= BASE
        assert abs(top + height - BASE) <= 1
        assert (height > 0) == (bar.cers > 0)
        assert re.fullmatch(r"\d+(\.\d)?%", bar.width)
    assert chart.part == date(2023, 11, 3)
    assert [bar.year for bar in chart.bars if bar.is_part] == [2023]
    assert [bar.number for bar in chart.bars if bar.number] == ["1.13 m"]


def test_part_year_is_named_only_where_it_has_a_bar():
    assert year_chart({2008: 5}, date(2010, 3, 10)).part is None
    assert year_chart({2010: 5}, date(2010, 12, 31)).part is None
    assert len(year_chart({2010: 5}, date(2010, 3, 10)).bars) == 8
    assert year_chart({}, date(2010, 3, 10)) is None


@pytest.mark.parametrize(
    ("by_year", "sentence"),
    [
        ({2010: 5}, "All its CERs came in 2010"),
        ({2010: 5, 2012: 6}, "More than half of its CERs came in 2012"),
        ({2009: 1, 2010: 5, 2011: 6, 2012: 2, 2013: 1}, "More than half of its CERs came in 2010 and 2011"),
        ({2009: 5, 2010: 5, 2011: 5, 2012: 5, 2013: 5}, "Half of its CERs had come by 1 May 2011"),
    ],
)
def test_title_is_a_finding_that_the_numbers_bear_out(by_year, sentence):
    assert finding(by_year, "1 May 2011") == sentence


def test_title_without_a_day_says_what_the_picture_shows():
    assert finding({2009: 5, 2010: 5, 2011: 5}, None) == ""
