"""Links of a text resolved against the record at a moment."""

from django.urls import get_script_prefix

from publishing import kinds, markdown
from publishing.held import Held
from publishing.kinds import Target


class Links(dict):
    """Root-relative addresses to live Targets, or None for an address that leads nowhere; asks the record once for each."""

    def __init__(self, moment):
        super().__init__()
        self.moment = moment

    def __missing__(self, path):
        served = Target(0, "", "", path) if kinds.is_served(path, self.moment) else None
        self[path] = kinds.resolve(path, self.moment) or served or kinds.resolve_former(path, self.moment)
        return self[path]


links = Held(Links)


def render(content, moment, source, abbreviations=None):
    """Safe HTML of an edition or a draft at the moment, with links, sizes and abbreviations (all known ones by default) filled in."""
    number = getattr(content, "number", None)
    html = markdown.html_of(content.KIND, number, source)
    words = kinds.abbreviations(moment) if abbreviations is None else abbreviations
    return markdown.fill(html, links(moment).__getitem__, words, get_script_prefix())


def render_away(content, moment, source, address, prefix):
    """Safe HTML of an edition's text for a place other than its own page, such as a digest or a feed.

    It has no ids, links within the text lead to the page at `address`, and `prefix` starts our own addresses.
    """
    html = markdown.without_ids(markdown.bare_html_of(content.KIND, content.number, source), address, prefix)
    return markdown.fill(html, links(moment).__getitem__, {}, prefix)
