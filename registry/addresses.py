"""Addresses of what the registry's pages show, as paths from the root (`{% address_of %}` puts the moment in front)."""

from urllib.parse import quote


def activity_path(row):
    """The path of an activity's page: by its number, and by its unique identifier where it has none."""
    return f"/projects/{row.reference or quote(row.key, safe='')}/"
