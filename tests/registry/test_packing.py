"""Tables as bytes."""

import pytest

from registry import packing
from registry.facets import FACETS
from registry.table import Criteria, Table
from tests.registry.made import AS_OF, activities, issuances

ROWS = activities(5, 300)
TABLE = Table.of(AS_OF, ROWS, issuances(6, ROWS, 400), FACETS)


def test_table_is_the_same_after_it_was_bytes():
    again = packing.unpack(packing.pack(TABLE), FACETS)
    assert packing.pack(again) == packing.pack(TABLE)
    assert {name: again.columns[name].tobytes() for name in again.columns} == {
        name: TABLE.columns[name].tobytes() for name in TABLE.columns
    }
    criteria = Criteria({"type": ("Wind",)}, words="farm", ranges={"cers": (1, None)})
    for day in (AS_OF - 4000, AS_OF):
        assert again.counts(criteria, day) == TABLE.counts(criteria, day)
        assert {name: lists.all_at(day) for name, lists in again.dimensions.items()} == {
            name: lists.all_at(day) for name, lists in TABLE.dimensions.items()
        }
        assert again.places_of(again.matching(criteria, day), "cers", day) == TABLE.places_of(TABLE.matching(criteria, day), "cers", day)


@pytest.mark.parametrize("cut", [0, 5, 40, 5000, -1])
def test_bytes_that_end_too_early_are_no_table(cut):
    with pytest.raises(ValueError):  # noqa: PT011 (of the JSON, of the array or ours)
        packing.unpack(packing.pack(TABLE)[:cut], FACETS)


def test_form_changes_with_the_facets():
    assert packing.form(FACETS) != packing.form(FACETS[:-1])
