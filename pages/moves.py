"""Moves of pages in the tree of drafts. Visitors see a move once the moved page is published."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.utils.translation import gettext as _

from desk import notices
from desk.draft_form import check_move
from pages.models import Page
from pages.tree import DEPTH_LIMIT, FIELDS, Tree
from publishing.models import Record, Thing

STEP = 10


def drafts_tree():
    """All drafts as a Tree, in one query; pages in a circle are in `nodes` but have no path."""
    columns = {"thing_id": "pk", "number": Value(0), "action": Value("publish")}
    return Tree(Page.objects.values_list(*[columns.get(name, name) for name in FIELDS]))


def in_order(tree):
    """Nodes from the top down in the order of the tree, those outside it at the end."""

    def walk(nodes):
        for node in nodes:
            yield node
            yield from walk(node.children)

    found = list(walk(tree.top))
    return found + [node for node in tree.nodes.values() if not node.path]


def hidden_above(tree, thing):
    """The page by which the menu loses a page: one above it there that is in no menu; None where the menu leads to it."""
    node = tree.nodes[thing]
    seen, above = {thing}, tree.menu_parent(node)
    while above and above.thing not in seen:
        if not above.in_menu:
            return above
        seen.add(above.thing)
        above = tree.menu_parent(above)
    return None


def siblings(tree, parent):
    return tree.nodes[parent].children if parent else tree.top


class Places:
    """Places to which a page can move: (new parent, place among its other children), or None where there is no such way."""

    def __init__(self, tree, thing):
        self.node = tree.nodes[thing]
        self.tree = tree
        self.beside = siblings(tree, self.node.parent_id if self.node.parent else None)
        self.place = self.beside.index(self.node) if self.node in self.beside else 0

    def up(self):
        return (self.node.parent, self.place - 1) if self.place else None

    def down(self):
        return (self.node.parent, self.place + 1) if self.place + 1 < len(self.beside) else None

    def inward(self):
        """The last place below the neighbour before it."""
        above = self.beside[self.place - 1] if self.place else None
        return (above, len(above.children)) if above else None

    def outward(self):
        """The place right after its parent, among the parent's neighbours."""
        parent = self.node.parent
        return (parent.parent, siblings(self.tree, parent.parent_id).index(parent) + 1) if parent else None

    def below(self, parent):
        """The last place below any other page; None stands for the top."""
        others = [node for node in siblings(self.tree, parent) if node is not self.node]
        return self.tree.nodes[parent] if parent else None, len(others)


def refuse_impossible(node, parent):
    """Raise ValidationError naming the culprit if the page cannot be below `parent`."""
    branch = node.branch()
    if parent in branch:
        raise ValidationError(_("“%(page)s” cannot be placed below itself.") % {"page": node.label})
    deepest = max(below.depth for below in branch) - node.depth + (parent.depth if parent else 0) + 1
    if deepest > DEPTH_LIMIT:
        names = {"page": node.label, "depth": deepest, "most": DEPTH_LIMIT}
        raise ValidationError(_("“%(page)s” would reach %(depth)s levels deep there; at most %(most)s are possible.") % names)


def move(user, thing, where):
    """Move a page to the (new parent, place) that `where(places)` names. Raises ValidationError for an impossible place."""
    with transaction.atomic():
        Record.objects.select_for_update().get()
        page, tree = Page.objects.get(pk=thing), drafts_tree()
        target = where(Places(tree, thing))
        if target is None:
            raise ValidationError(_("“%s” cannot go further that way.") % page)
        parent, place = target
        node = tree.nodes[thing]
        refuse_impossible(node, parent)
        check_move(user, page, page.parent, Thing.objects.get(pk=parent.thing) if parent else None)
        put(user, page, parent, place, [other for other in siblings(tree, parent and parent.thing) if other is not node])
    return page


def put(user, page, parent, place, others):
    """Write the page's new place, and the positions of those that have to make room for it."""
    position = last = between(others, place)
    for other in others[place:]:
        if other.position > last:
            break
        last += 1
        Page.objects.filter(pk=other.thing).update(position=last)
    if page.parent_id != (parent and parent.thing):
        page.parent_id = parent and parent.thing
        page.position = position
        page.save_if_unchanged(page.version, user=user)
        notices.tell_moved(user, page)
    else:
        Page.objects.filter(pk=page.pk).update(position=position)


def between(others, place):
    """A position for the page at `place` among the others: halfway, so that they keep theirs where there is room."""
    before = others[place - 1].position if place else 0
    after = others[place].position if place < len(others) else before + 2 * STEP
    return max((before + after) // 2, before + 1)


def last_position(parent):
    """The position after all others below a page."""
    positions = Page.objects.filter(parent=parent).order_by("-position").values_list("position", flat=True)
    return (positions.first() or 0) + STEP
