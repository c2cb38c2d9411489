"""Addresses with the host: canonical ones, which ignore the moment of the request, and those at a moment; ids in feeds."""

from uuid import UUID, uuid5

from django.conf import settings
from django.urls import get_script_prefix
from django.utils.encoding import iri_to_uri

# Ids in feeds hang on this; it never changes.
THINGS = UUID("9675a731-8eab-4c11-8b08-854aaa6844db")


def canonical(path):
    """The public address of a root-relative path, now."""
    return settings.SITE_ADDRESS + iri_to_uri(path)


def as_asked(path):
    """The public address of a root-relative path at the moment of the request."""
    return canonical(address_of(path))


def address_of(path):
    """A root-relative path at the moment of the request, on the host that was asked."""
    return get_script_prefix() + path.lstrip("/")


def at_moment(path, at):
    """The address at which a root-relative path is shown as it stood at `at` (UTC)."""
    return canonical(f"/@{at.replace(tzinfo=None).isoformat(timespec='seconds')}{path}")


def permanent_id(reference):
    """The id in feeds of the thing with this reference: the same after a move, a change of title or host, a dump and load."""
    return uuid5(THINGS, reference).urn
