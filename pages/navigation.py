"""The tree of pages at a moment, held in the process, and the pages that had an address at another time."""

from django.db.models import Q

from pages.models import PageEdition
from pages.tree import FIELDS, Tree
from publishing.held import Held
from publishing.models import Edition


def load_tree(at):
    """The Tree at `at` in one query, or two when something has been erased."""
    rows = PageEdition.objects.in_force(at).values_list(*FIELDS, "erased_by__number")
    erased = set()
    plain = []
    for *row, eraser in rows:
        plain.append(row)
        if eraser is not None:
            erased.add(row[1])
    return Tree(plain, erased)


tree = Held(lambda moment: load_tree(moment.at))
summaries = Held(lambda moment: dict(PageEdition.objects.live(moment.at).filter(in_menu=True).values_list("thing", "summary")))


def former_owner(path, now):
    """The id of the page that had the address `path` at some time up to `now`, the latest if there were several, or None.

    Goes down the path by (parent, slug), keeping for each candidate the times at which the whole path above held.
    """
    candidates = {None: [(None, None)]}
    for slug in path.strip("/").split("/"):
        found = {}
        rows = (
            PageEdition.objects.ever_in_force()
            .filter(
                Q(parent__in=[c for c in candidates if c]) | (Q(parent=None) if None in candidates else Q(pk__in=[])),
                slug=slug,
                live_from__lte=now,
            )
            .values_list("thing_id", "parent_id", "live_from", "live_to")
        )
        for thing, parent, start, end in rows:
            for window in overlaps((start, end), candidates[parent]):
                found.setdefault(thing, []).append(window)
        candidates = found
    if not candidates:
        return None
    return max(candidates, key=lambda thing: max((end is None, end or start, start) for start, end in candidates[thing]))


def overlaps(window, others):
    """The parts of `window` that lie within one of `others`; None stands for no bound."""
    start, end = window
    for other_start, other_end in others:
        first = max((t for t in (start, other_start) if t), default=None)
        last = min((t for t in (end, other_end) if t), default=None)
        if first is None or last is None or first < last:
            yield first, last


def withdrawal(number):
    """The edition that took a page away, with its reason and successor."""
    return Edition.objects.select_related("successor").get(number=number)
