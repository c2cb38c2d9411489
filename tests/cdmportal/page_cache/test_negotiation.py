import pytest

from cdmportal.page_cache.negotiation import coding_for, holds_tag


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("BR", "br"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("identity", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("gzip ; q=0.000", "identity"),
        ("gzip;q=nonsense", "identity"),
        ("gzip;q=1.1.1", "identity"),
        ("deflate", "identity"),
        ("gzip," * 1000, "identity"),
    ],
)
def test_coding_for_header(header, coding):
    assert coding_for(header) == coding


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b",W/"a" , "c"', True),
        ("*", True),
        (" * ", True),
        ('"b"', False),
        ("a", False),
        ('"a', False),
        ('"aa"', False),
        ('"b, a"', False),
        ("", False),
    ],
)
def test_holds_tag_in_header(header, holds):
    assert holds_tag(header, '"a"') is holds
