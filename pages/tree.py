"""The content tree at one moment: a plain structure built from rows, with no database in it."""

from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

DEPTH_LIMIT = 6
FIELDS = ("thing_id", "number", "action", "parent_id", "menu_below_id", "slug", "position", "title", "menu_title", "in_menu", "summary")


@dataclass(slots=True, eq=False)
class Node:
    """A page in the tree. `action` tells whether it is there to read or was withdrawn or erased; `path` is empty outside the tree."""

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
    path: str = ""
    depth: int = 0
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    @property
    def label(self):
        """The name in menus; what has lost its title with its text is named by its address."""
        return self.menu_title or self.title or self.path or self.slug

    @property
    def is_live(self):
        return self.action == "publish"

    def ancestors(self):
        """From the top down, without the page itself. Ends at a circle."""
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
    """All pages in force at one moment, by thing and by address; `rows` have the columns of FIELDS."""

    def __init__(self, rows):
        self.nodes = {row[0]: Node(*row) for row in sorted(rows, key=itemgetter(FIELDS.index("number")))}
        self.top = []
        for node in sorted(self.nodes.values(), key=lambda node: (node.position, node.title, node.thing)):
            node.parent = self.nodes.get(node.parent_id)
            if node.parent:
                node.parent.children.append(node)
            elif node.parent_id is None:
                self.top.append(node)
        for top in self.top:
            for node in top.branch():
                node.depth = node.parent.depth + 1 if node.parent else 1
                node.path = (node.parent.path if node.parent else "/") + (f"{node.slug}/" if node.slug else "")

    @cached_property
    def by_path(self):
        """Nodes by address; a page to read owns an address before one that is gone."""
        ordered = sorted(self.nodes.values(), key=lambda node: node.is_live)
        return {node.path: node for node in ordered if node.path}

    @cached_property
    def menu_children(self):
        """The menu entries below each page, by thing id; None holds the top."""
        entries = {}
        for node in self.nodes.values():
            if node.is_live and node.in_menu and node.path:
                above = self.menu_parent(node)
                entries.setdefault(above and above.thing, []).append(node)
        for nodes in entries.values():
            nodes.sort(key=lambda node: (node.position, node.title, node.thing))
        return entries

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

    def problems(self):
        """Sentences about what cannot be, each naming the culprits; empty when the tree is sound."""
        found = []
        live = [node for node in self.nodes.values() if node.is_live]
        addresses = {}
        for node in live:
            other = addresses.setdefault(node.path or (node.parent_id, node.slug), node)
            if other is not node and other.parent_id == node.parent_id:
                found.append(f"“{node.label}” and “{other.label}” would both have the address “{node.slug}” below the same page.")
            elif other is not node:
                found.append(f"“{node.label}” and “{other.label}” would both have the address {node.path}.")
            if self._in_circle(node, parent_of):
                names = " > ".join(f"“{n.label}”" for n in [*node.ancestors(), node])
                found.append(f"“{node.label}” would be below itself: {names}.")
            elif node.parent_id and (node.parent is None or node.parent.action == "withdraw"):
                above = f"“{node.parent.label}”, which is withdrawn" if node.parent else "a page that is not published"
                found.append(f"“{node.label}” would be below {above}.")
            elif self._in_circle(node, self.menu_parent):
                found.append(f"“{node.label}” would be shown below itself in the menu.")
            elif node.depth > DEPTH_LIMIT:
                names = " > ".join(f"“{n.label}”" for n in [*node.ancestors(), node])
                found.append(f"“{node.label}” would be {node.depth} levels deep; at most {DEPTH_LIMIT} are possible: {names}.")
        return found

    @staticmethod
    def _in_circle(node, above):
        """Whether one comes back to the node by going up; `above(node)` gives the next or None."""
        seen, step = {node.thing}, above(node)
        while step and step is not node and step.thing not in seen:
            seen.add(step.thing)
            step = above(step)
        return step is node


def parent_of(node):
    return node.parent
