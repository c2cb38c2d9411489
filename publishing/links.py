"""Resolution of the links and pictures in a text against the record at a moment."""

from urllib.parse import urljoin

from django.urls import get_script_prefix

from markup import pictures, rendering
from markup.tables import framed
from publishing import figures, kinds, preview
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
        self.pictures = {}

    def __missing__(self, path):
        self.look_up([path])
        return self[path]

    def look_up(self, paths):
        """Find where the addresses lead, all former ones together."""
        found = {path: kinds.resolve(path, self.moment) or served(path, self.moment) for path in paths if path not in self}
        unknown = [path for path, target in found.items() if target is None]
        self.update(found | kinds.resolve_formers(unknown, self.moment))

    def draw(self, paths):
        """Find the pictures at those of the addresses that lead to one, all together."""
        new = {path: self[path] for path in paths if path not in self.pictures}
        drawn = kinds.drawn({target for target in new.values() if target}, self.moment)
        self.pictures.update({path: target and drawn.get(target.thing) for path, target in new.items()})


def served(path, moment):
    """A Target for what an app answers without a thing behind it, or None."""
    timeless = path in kinds.timeless
    return Target(0, "", "", path, timeless=timeless) if timeless or kinds.is_served(path, moment) else None


links = Snapshot(Links)


def resolver(html, moment):
    """Gives the Target of each address that safe HTML links to, or None."""
    known = links(moment)
    known.look_up(rendering.addresses_in(html))
    return known.__getitem__


def picture_finder(html, moment):
    """Gives the DrawnPicture at each address that safe HTML shows as a picture, or None; in a preview that of a draft too."""
    paths = {path for path in pictures.sources_in(html) if path.endswith("/")}
    if not paths:
        return {}.get
    known, reader = links(moment), preview.reader()
    known.look_up(paths)
    known.draw(paths)
    if reader is None:
        return known.pictures.get
    drafts = {path: kinds.drawn_draft(path, reader) for path in paths if known.pictures[path] is None}
    return lambda path: known.pictures[path] or drafts.get(path)


def first_picture(moment, source):
    """The DrawnPicture that a Markdown text shows first, or None; for cards and previews of links."""
    html = rendering.safe_html(source)
    found = picture_finder(html, moment)
    return next(filter(None, map(found, pictures.sources_of(html))), None)


def root_of_bytes(moment, prefix):
    """What starts the addresses of pictures' bytes where `prefix` starts those of pages: they are the same at every moment.

    What is still to come is not public, so there they have the moment too, which only publishers may read.
    """
    return prefix if moment.is_future else urljoin(prefix, "/")


def completed(moment, html, words, prefix):
    """Safe HTML with all that depends on the moment."""
    root = root_of_bytes(moment, prefix)
    return rendering.fill(html, resolver(html, moment), words, prefix, picture_finder(html, moment), root)


def render(moment, source, abbreviations=None):
    """Safe HTML of a text at the moment, with figures, links, pictures, sizes and abbreviations (all known ones by default) filled in."""
    html = framed(figures.html_of(source, moment))
    words = kinds.abbreviations(moment) if abbreviations is None else abbreviations
    return completed(moment, html, words, get_script_prefix())


def render_away(moment, source, address, prefix, day=None):
    """Safe HTML of a text for a place other than its own page, such as a digest or a feed.

    It has no ids, links within the text lead to the page at `address`, and `prefix` starts our own addresses. Figures are those of `day`,
    or of the moment.
    """
    html = rendering.without_ids(figures.html_of(source, moment, day), address)
    return completed(moment, html, {}, prefix)
