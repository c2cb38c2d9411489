"""What a first view weighs: the page, its style and the icon, each packed as it is served."""

import gzip
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

FIRST_VIEW = 14_336
NAMES = 30  # by so much the names of collected files, which tests do not have, lengthen a page


def first_view(content, style):
    """Bytes of the first view of a page with this style."""
    return packed(content) + file_size(style) + file_size("favicon.svg") + NAMES


def packed(content):
    return len(gzip.compress(content, 6))  # as the page cache does


@cache
def file_size(name):
    return len(gzip.compress(Path(finders.find(name)).read_bytes(), 9))  # as WhiteNoise does
