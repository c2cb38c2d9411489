"""Addresses of what the registry's pages show, as paths from the root (`{% address_of %}` puts the moment in front)."""

import re
from urllib.parse import quote

# Steps of addresses, for the URLconf and for the links in texts. An activity by its number, or by its unique identifier, which has a
# capital letter in it: addresses of the tree have none.
ACTIVITY = r"(?P<key>[0-9]{1,9}|(?=[a-z0-9_]*[A-Z])[A-Za-z0-9_]{1,64})"

METHODOLOGY = r"(?P<code>(?i:(?:AR[- ]?)?A(?:MS|CM|M)[- ]?(?:[0-9]{1,4}|(?:[IVX]{1,3}|[1-3])[-. ]{0,2}[A-Z]{1,2}[-. ]?)))"
RELEASE = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.(?P<revision>[1-9][0-9]{0,3}))?"
PARTY = r"(?P<code>[A-Za-z]{2})"
ENTITY = r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)"


def activity_path(row):
    """The path of an activity's page: by its number, and by its unique identifier where it has none."""
    return path_of(row.reference, row.key)


def path_of(reference, key):
    """The path of the page of the activity with this number, or None, and this identifier."""
    return f"/projects/{reference or quote(key, safe='')}/"


def anchor_of(process):
    """The place on the page of its activity of the issuance with this process number, which may hold blanks.

    >>> anchor_of("LRQA Ltd1343652670.52")
    'issuance-LRQA-Ltd1343652670.52'
    """
    return "issuance-" + re.sub(r"[^\w.~-]", "-", process)


def official_address(key):
    """The activity's page on the site of the UNFCCC."""
    return f"https://cdm.unfccc.int/Projects/Validation/DB/{key}/view.html"


def methodology_path(code):
    """The path of the page of a methodology; its code keeps the dots that the release gives it."""
    return f"/methodologies/{quote(code, safe='')}/"
