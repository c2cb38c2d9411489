"""Finder of static files that joins small files into one stylesheet a page and one script for visitors, whenever they are looked up.

`static/css/portal/*.css` become `css/portal.css` and its like, `static/js/portal/*.js` become `js/portal.js`; the parts
themselves are not served.
"""

from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage
from rcssmin import cssmin

# In the order in which they count: a later part may override an earlier one. A page has one of the stylesheets: those of the registry's
# pages and of its lists have a part of their own, and leave out what they have not, as the first view has no room for it.
PARTS = "portal"  # the folder in which the parts lie
PAST = "-past"  # ends the name of a stylesheet that has the band of the past beside its own parts
STYLES = "tokens elements forms layout navigation text tables components facets facts things suggestions search record news".split()


def styles(*parts, without=()):
    """The parts of a stylesheet: those of every page but what it has no use for, then its own."""
    return [*(part for part in STYLES if part not in without), *parts, "print"]


PAGES = {
    "portal": styles(),
    "diagrams": styles("diagrams", without=["search", "news"]),
    "registry": styles("registry", without=["search", "facets", "things", "record", "news"]),
    "map": styles("registry", "map", without=["search", "facets", "things", "record", "news"]),
    "meetings": styles("registry", without=["search", "facets", "things", "record"]),
    "home": styles("registry", "home", without=["search", "facets", "record", "news"]),
    "library": styles(without=["tables", "search", "record", "news"]),
    "difference": styles(without=["search", "facets", "facts", "news"]),
    "timeline": styles("timeline", without=["search", "facets", "facts", "things", "record"]),
    "lists": styles("lists", without=["tables", "search", "facts", "things", "record", "news"]),
    "submit": styles("submit", without=["tables", "search", "facets", "facts", "things", "record", "news"]),
    "pictures": styles("pictures", without=["search", "record", "news"]),
}
JOINED = {f"css/{name}.css": parts for name, parts in PAGES.items()}
JOINED |= {f"css/{name}{PAST}.css": [*parts[:-1], "past", parts[-1]] for name, parts in PAGES.items()}
JOINED["js/portal.js"] = ["tools", "quickfinder"]


class JoiningFinder(FileSystemFinder):
    """Django's finder for `static/`, with the joined files in the place of their parts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.joined = FileSystemStorage(location=settings.VAR_DIR / "joined")

    def list(self, ignore_patterns):
        folders = tuple(f"{Path(name).parent}/{PARTS}/" for name in JOINED)
        for path, storage in super().list(ignore_patterns):
            if not path.startswith(folders):
                yield path, storage
        for name in JOINED:
            self.write(name)
            yield name, self.joined

    def find(self, path, find_all=False, **options):
        if path in JOINED:
            found = self.write(path)
            return [found] if find_all else found
        return super().find(path, find_all=find_all, **options)

    def write(self, name):
        """Join the parts of `name` in a file, touched only when its text changes; returns its path."""
        target = Path(self.joined.path(name))
        text = joined(name)
        if not target.exists() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
            unfinished.write_text(text)
            unfinished.replace(target)
        return str(target)


def joined(name):
    folder, suffix = settings.BASE_DIR / "static" / Path(name).parent / PARTS, Path(name).suffix
    parts = [(folder / part).with_suffix(suffix).read_text() for part in JOINED[name]]
    if suffix == ".css":
        return cssmin("".join(parts))
    return '"use strict";\n' + "".join(f"{{\n{part}}}\n" for part in parts)  # a block each, so that names cannot clash
