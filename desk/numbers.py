"""Numbers of rows in requests: those that every database can hold, or none."""

import re

from django.urls import register_converter
from django.urls.converters import IntConverter

ROW = re.compile(r"[0-9]{1,18}", re.ASCII)
BEYOND = re.compile(r"[0-9]{19}")


class RowConverter(IntConverter):
    regex = ROW.pattern


register_converter(RowConverter, "row")


def names_no_row(text):
    """Whether a parameter holds a number beyond what a database holds."""
    return BEYOND.search(text) is not None


def row_number(text):
    """The number that the text is, or None."""
    return int(text) if ROW.fullmatch(str(text)) else None


def row_numbers(texts):
    """The numbers among the texts, each once, in their order."""
    return list(dict.fromkeys(number for number in map(row_number, texts) if number is not None))
