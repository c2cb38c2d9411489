"""Tree of pages at a moment, as a snapshot, and the pages that had an address at another time."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain

from django.urls import resolve

from pages.models import RESERVED_TOP_SLUGS, PageEdition
from pages.tree import DEPTH_LIMIT, FIELDS, Tree
from publishing.snapshots import Snapshot

STEP = re.compile(r"[-\w]{0,80}\Z", re.ASCII)
ALWAYS, FOREVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def load_tree(at):
    """The Tree at `at` in one query."""
    return Tree(PageEdition.objects.rows_in_force(at, FIELDS))


def is_taken(path):
    """Whether the address is not the tree's. The top page of a section that another app serves is shown above its list."""
    first, *below = path.strip("/").split("/")
    if not first or is_of_tree(f"/{first}/"):
        return False
    return resolve(path).namespace not in {"tree", "pages"} if below else first in RESERVED_TOP_SLUGS


@lru_cache(1000)
def is_of_tree(path):
    return resolve(path).view_name == "tree:page"


def update_tree(before, moment, changed):
    things = changed[PageEdition.KIND]
    return before.updated(things, PageEdition.objects.rows_in_force(moment.at, FIELDS, thing__in=things))


tree = Snapshot(lambda moment: load_tree(moment.at), of=["page"], update=update_tree)


def former_owners(paths, moment):
    """Ids of the pages that had one of the addresses at another time and have another at the moment, by path; in one query."""
    steps = {path: path.strip("/").split("/") for path in paths}
    steps = {path: names for path, names in steps.items() if len(names) <= DEPTH_LIMIT + 1 and all(map(STEP.match, names))}
    if not steps:
        return {}
    nodes = tree(moment).nodes
    rows = placements({"", *chain.from_iterable(steps.values())}, max(moment.now, moment.at))
    found = {}
    for path, names in steps.items():
        elsewhere = {
            thing: windows
            for thing, windows in owners(names, rows).items()
            if thing in nodes and nodes[thing].path and nodes[thing].path != path
        }
        if elsewhere:
            found[path] = min(elsewhere, key=lambda thing: min(distance(window, moment.at) for window in elsewhere[thing]))
    return found


def placements(slugs, until):
    """(thing, parent, start, end) of every edition with one of the slugs that came into force up to `until`, by slug."""
    numbers = PageEdition.objects.numbers_with(slug__in=slugs)
    editions = PageEdition.objects.ever_in_force(number__in=numbers).filter(live_from__lte=until)
    rows = {}
    for slug, thing, parent, start, end in editions.values_list("slug", "thing_id", "parent_id", "live_from", "live_to"):
        rows.setdefault(slug, []).append((thing, parent, start, end or FOREVER))
    return rows


def owners(steps, rows):
    """The things that had the address made of these steps, with the windows of time in which they and all above them stood so."""
    above = {None: [(ALWAYS, FOREVER)]}
    for thing, parent, start, end in rows.get("", ()):
        if parent is None:
            above.setdefault(thing, []).append((start, end))
    for step in steps:
        found = {}
        for thing, parent, start, end in rows.get(step, ()):
            both = [(max(start, since), min(end, until)) for since, until in above.get(parent, ())]
            if windows := [(since, until) for since, until in both if since < until]:
                found.setdefault(thing, []).extend(windows)
        above = found
    return above


def distance(window, at):
    """Orders windows by how near they are to a moment: the last before it, then the first after it."""
    start, end = window
    return (end > at, at - end if end <= at else start - at)
