"""Places on a page, checked against the headings that the page has at the moment."""

from markup import rendering
from publishing import kinds


def existing(address, moment):
    """The address without a place that the page does not have. `address` is one of our own, such as `/executive-board/#h-eb-50`."""
    path, _, place = address.partition("#")
    return address if not place or place in ids(path, moment) else path


def ids(path, moment):
    """The ids of the headings of the page at `path`."""
    target = kinds.resolve(path, moment)
    if target is None:
        return set()
    kind = kinds.get(target.kind)
    edition = kind.edition.objects.live(moment.at).filter(thing=target.thing).first()
    source = getattr(edition, "body", "")
    return {heading.id for heading in rendering.headings(rendering.framed_html(source))} if source else set()
