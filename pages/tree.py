"""Content tree at one moment: a plain structure built from rows, with no database in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext as _

from publishing.layered import Layered, grouped, regrouped

DEPTH_LIMIT = 6


class Row(NamedTuple):
    """Row of a page for the tree. `action` tells whether it is there to read or was withdrawn or erased."""

    thing_id: int
    number: int
    action: str
    parent_id: int | None
    menu_below_id: int | None
    slug: str
    position: int
    title: str
    menu_title: str
    in_menu: bool
    summary: str = ""


FIELDS = Row._fields
place = attrgetter("position", "title", "thing_id")


def keyed(rows):
    """Rows with the keys by which a tree finds them: those below a page, those with an address there, those shown there in the menu."""
    return (
        [(row.parent_id, row) for row in rows],
        [((row.parent_id, row.slug), row) for row in rows],
        [(row.menu_below_id, row) for row in rows if row.menu_below_id],
    )


@dataclass(eq=False)
class Node:
    """Page in its tree; made when it is asked for, one for each page. `path` is empty outside the tree."""

    tree: "Tree"
    thing: int
    number: int
    action: str
    parent_id: int | None
    menu_below_id: int | None
    slug: str
    position: int
    title: str
    menu_title: str
    in_menu: bool
    summary: str = ""

    @property
    def label(self):
        """The name in menus; what has lost its title with its text is named by its address."""
        return self.menu_title or self.title or self.path or self.slug

    @property
    def is_live(self):
        return self.action == "publish"

    @cached_property
    def path(self):
        return "/" + "".join(f"{node.slug}/" for node in self.way if node.slug) if self.way else ""

    @property
    def depth(self):
        """1 for a page at the top, 0 outside the tree."""
        return len(self.way)

    @cached_property
    def way(self):
        """Nodes from the top down to the page itself; none outside the tree."""
        chain = [*self.ancestors(), self]
        return chain if chain[0].parent_id is None else []

    @cached_property
    def parent(self):
        return self.tree.nodes.get(self.parent_id)

    @property
    def children(self):
        return self.tree.below(self.thing)

    def ancestors(self):
        """Nodes from the top down, without the page itself. Ends at a circle."""
        chain, node = [], self.parent
        while node and node is not self and node not in chain:
            chain.append(node)
            node = node.parent
        return chain[::-1]

    def branch(self):
        """The page and everything below it, parents first. A circle ends where it began: a page has one parent, so only there."""
        found = [self]
        for node in found:
            found.extend(child for child in node.children if child is not self)
        return found


class Tree:
    """Tree of the pages in force at one moment, by thing and by address; `rows` have the columns of FIELDS.

    A tree never changes. `updated` gives another one that shares with it what stayed.
    """

    def __init__(self, rows):
        self._rows = {row.thing_id: row for row in sorted((Row(*row) for row in rows), key=attrgetter("number"))}
        ordered = sorted(self._rows.values(), key=place)
        self._rows = Layered(self._rows)
        self._below, self._named, self._shown = (Layered(grouped(by_key)) for by_key in keyed(ordered))
        self._menus = {}

    def updated(self, things, rows):
        """The tree in which the pages of the ids `things` stand as `rows` say; those without a row have gone."""
        after = {row[0]: Row(*row) for row in rows}
        before = [self._rows[thing] for thing in things if thing in self._rows]
        tree = Tree(())
        tree._rows = self._rows.changed({thing: after.get(thing) for thing in things})
        groups = zip((self._below, self._named, self._shown), keyed(before), keyed(after.values()), strict=True)
        tree._below, tree._named, tree._shown = (regrouped(*changes, place) for changes in groups)
        return tree

    @cached_property
    def nodes(self):
        """Nodes by thing."""
        return Nodes(self)

    @cached_property
    def by_path(self):
        """Nodes by address; a page to read owns an address before one that is gone."""
        return Addresses(self)

    @property
    def top(self):
        return self.below(None)

    def below(self, thing):
        """The pages below a page, in their order; None stands for the top."""
        return [self.nodes[row.thing_id] for row in self._below.get(thing, ())]

    def at(self, path):
        """The node that owns the address, or None."""
        homes = [None, *(row.thing_id for row in self._named.get((None, ""), ()))]
        above, found = homes, homes[1:]
        for step in path.strip("/").split("/") if path != "/" else ():
            found = above = [row.thing_id for thing in above for row in self._named.get((thing, step), ())]
        nodes = [node for thing in found if (node := self.nodes[thing]).path == path]
        return max(nodes, key=attrgetter("is_live", "number"), default=None)

    def menu_children(self, thing):
        """The menu entries below a page, in their order; None stands for the top."""
        if thing not in self._menus:
            own, rows = self.nodes.get(thing), sorted({*self._below.get(thing, ()), *self._shown.get(thing, ())}, key=place)
            nodes = [self.nodes[row.thing_id] for row in rows if row.in_menu]
            self._menus[thing] = [node for node in nodes if node.is_live and node.path and self.menu_parent(node) is own]
        return self._menus[thing]

    def menu_parent(self, node):
        """The page below which the menu and the breadcrumb show `node`, or None at the top."""
        below = self.nodes.get(node.menu_below_id)
        return below if below and below.is_live and below.path and below is not node else node.parent

    def trail(self, node):
        """The breadcrumb above `node`, from the top down."""
        chain = []
        above = self.menu_parent(node)
        while above and above not in chain:
            chain.append(above)
            above = self.menu_parent(above)
        return chain[::-1]

    def problems(self, among=None):
        """Sentences about what cannot be, each naming the culprits; of those `among` the things, if given. Empty when the tree is sound."""
        found, addresses = [], {}
        for node in filter(attrgetter("is_live"), self.nodes.values()):
            other = addresses.setdefault(node.path or (node.parent_id, node.slug), node)
            if other is not node and (among is None or not among.isdisjoint({node.thing, other.thing})):
                where = _("“%s” below the same page") % node.slug if other.parent_id == node.parent_id else node.path
                said = _("“%(page)s” and “%(other)s” would both have the address %(address)s.")
                found.append(said % {"page": node.label, "other": other.label, "address": where})
            if (among is None or node.thing in among) and (problem := self.problem(node)):
                found.append(problem)
        return found

    def problem(self, node):
        """A sentence about a live page that cannot be where it is, or None."""
        names = " > ".join(f"“{n.label}”" for n in [*node.ancestors(), node])
        if in_circle(node, attrgetter("parent")):
            return _("“%(page)s” would be below itself: %(names)s.") % {"page": node.label, "names": names}
        if node.parent_id and (node.parent is None or node.parent.action == "withdraw"):
            above = _("“%s”, which is withdrawn") % node.parent.label if node.parent else _("a page that is not published")
            return _("“%(page)s” would be below %(above)s.") % {"page": node.label, "above": above}
        if in_circle(node, self.menu_parent):
            return _("“%s” would be shown below itself in the menu.") % node.label
        if node.depth > DEPTH_LIMIT:
            said = _("“%(page)s” would be %(depth)s levels deep; at most %(most)s are possible: %(names)s.")
            return said % {"page": node.label, "depth": node.depth, "most": DEPTH_LIMIT, "names": names}
        return None


def in_circle(node, above):
    """Whether one comes back to the node by going up; `above(node)` gives the next or None."""
    seen, step = {node.thing}, above(node)
    while step and step is not node and step.thing not in seen:
        seen.add(step.thing)
        step = above(step)
    return step is node


class Nodes(Mapping):
    """The nodes of a tree by thing."""

    def __init__(self, tree):
        self._tree, self._made = tree, {}

    def __getitem__(self, thing):
        if thing not in self._made:
            self._made.setdefault(thing, Node(self._tree, *self._tree._rows[thing]))
        return self._made[thing]

    def __contains__(self, thing):
        return thing in self._tree._rows

    def __iter__(self):
        return iter(self._tree._rows)

    def __len__(self):
        return len(self._tree._rows)


class Addresses(Mapping):
    """The nodes of a tree by the address that they own."""

    def __init__(self, tree):
        self._tree = tree

    def __getitem__(self, path):
        if node := self._tree.at(path):
            return node
        raise KeyError(path)

    def __iter__(self):
        return iter({node.path for node in self._tree.nodes.values() if node.path})

    def __len__(self):
        return sum(1 for _ in self)
