"""Anchors on a page, checked against the headings that the page has at the moment."""

from markup import rendering
from publishing import kinds
from publishing.links import links


def existing(address, moment):
    """Address without an anchor that the page does not have. `address` is one of our own, such as `/executive-board/#h-eb-50`."""
    path, _, place = address.partition("#")
    return address if not place or place in (ids(kinds.resolve(path, moment), moment) or ()) else path


def ids(target, moment):
    """The ids within the text of what lives at a Target, or None for what has no text of its own."""
    if target is None or not target.kind:
        return None
    edition = kinds.get(target.kind).edition.objects.live(moment.at).filter(thing=target.thing).first()
    return rendering.ids(rendering.safe_html(edition.body)) if edition and hasattr(edition, "body") else None


def parts(moment):
    """Gives the ids of the headings at a root-relative address, or None where they are not known."""
    return lambda path: ids(links(moment)[path], moment)
