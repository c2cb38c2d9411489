"""Resolution of the links in a text against the record at a moment."""

from django.urls import get_script_prefix

from markup import rendering
from markup.tables import framed
from publishing import figures, kinds
from publishing.kinds import Target
from publishing.moment import as_of
from publishing.snapshots import Snapshot


class Links(dict):
    """Root-relative addresses to live Targets, or None for an address that leads nowhere; asks the record once for each.

    What a text of some moment leads to does not depend on what came later, so these hold for the version of the record at the moment.
    """

    def __init__(self, moment):
        super().__init__()
        self.moment = as_of(moment)

    def __missing__(self, path):
        self.look_up([path])
        return self[path]

    def look_up(self, paths):
        """Find where the addresses lead, all former ones together."""
        found = {path: kinds.resolve(path, self.moment) or served(path, self.moment) for path in paths if path not in self}
        unknown = [path for path, target in found.items() if target is None]
        self.update(found | kinds.resolve_formers(unknown, self.moment))


def served(path, moment):
    """A Target for what an app answers without a thing behind it, or None."""
    return Target(0, "", "", path) if kinds.is_served(path, moment) else None


links = Snapshot(Links)


def resolver(html, moment):
    """Gives the Target of each address that safe HTML links to, or None."""
    known = links(moment)
    known.look_up(rendering.addresses_in(html))
    return known.__getitem__


def render(moment, source, abbreviations=None):
    """Safe HTML of a text at the moment, with figures, links, sizes and abbreviations (all known ones by default) filled in."""
    html = framed(figures.html_of(source, moment))
    words = kinds.abbreviations(moment) if abbreviations is None else abbreviations
    return rendering.fill(html, resolver(html, moment), words, get_script_prefix())


def render_away(moment, source, address, prefix, day=None):
    """Safe HTML of a text for a place other than its own page, such as a digest or a feed.

    It has no ids, links within the text lead to the page at `address`, and `prefix` starts our own addresses. Figures are those of `day`,
    or of the moment.
    """
    html = rendering.without_ids(figures.html_of(source, moment, day), address, prefix)
    return rendering.fill(html, resolver(html, moment), {}, prefix)
