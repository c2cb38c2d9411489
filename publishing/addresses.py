"""Absolute addresses that ignore the moment: canonical links, feed ids, the TimeMap."""

from django.conf import settings
from django.utils.encoding import iri_to_uri


def canonical(path):
    """The public address of a root-relative path, now."""
    return settings.SITE_ADDRESS + iri_to_uri(path)


def at_moment(path, at):
    """The address at which a root-relative path is shown as it stood at `at` (UTC)."""
    return canonical(f"/@{at:%Y-%m-%dT%H:%M:%S}{path}")
