"""Serial numbers as people write them."""

import pytest

from registry.serials import SerialError, SerialRange, read


@pytest.mark.parametrize(
    "text",
    [
        "CN-188778197",
        "cn 188778197",
        "CN-5-188778197",
        "CN-5-188778197-1-1-0-2039",
        "Serial number: CN-5-188778197-1-1-0-2039.",
        "CN-188,778,197",
        "CN 188 778 197",
        "CN-١٨٨٧٧٨١٩٧",
        "ＣＮ－１８８７７８１９７",
        "CN-000000000000000000000000188778197",
    ],
)
def test_ways_to_write_one_unit_are_the_same(text):
    asked = read(text)
    assert (asked.party, asked.first, asked.last) == ("CN", 188778197, 188778197)


@pytest.mark.parametrize(
    "text",
    [
        "CN-100-200",
        "CN-100–200",
        "CN-100..200",
        "CN - 100 - 200",
        "CN-100 to 200",
        "CN-5-100-200-1-1-0-9",
        "CN-5-100-1-1-0-9 to CN-5-200-1-1-0-9",
    ],
)
def test_ways_to_write_a_range_are_the_same(text):
    asked = read(text)
    assert (asked.party, asked.first, asked.last) == ("CN", 100, 200)


def test_certificate_names_the_type_of_its_units():
    assert read("HN-5-2211-2-1-0-9") == SerialRange("HN", 2211, 2211, 5)
    assert read("BR-6-1-5-2-1-0-9") == SerialRange("BR", 1, 5, 6)


@pytest.mark.parametrize(
    "text", ["", "\0", "CN", "188778197", "C-1", "CHN-1", "CN-x", "CN-9..1", "CN-1 to BR-5", f"CN-{'9' * 19}", "CN-1" + "-1" * 200, "٣٤"]
)
def test_what_is_no_serial_number_is_told_in_words(text):
    with pytest.raises(SerialError, match=r"\.\Z"):
        read(text)


def test_range_is_written_so_that_it_is_read_again():
    for asked in (SerialRange("CN", 7, 7), SerialRange("CN", 2, 10**17)):
        assert read(asked.written) == asked == read(str(asked))
