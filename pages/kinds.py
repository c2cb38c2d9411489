"""Kinds: pages, glossary terms and notices, as the other apps know them."""

import re

from django.db.models import Q

from pages import glossary, navigation, soundness
from pages.models import Notice, NoticeEdition, Page, PageEdition, Term, TermEdition
from pages.tree import DEPTH_LIMIT
from publishing.kinds import Addressed, Kind, Searched, Target, register
from publishing.listing import ListedKind


@register
class PageKind(Addressed, Searched):
    draft = Page
    edition = PageEdition

    def find(self, path, moment):
        node = navigation.tree(moment).by_path.get(path)
        return self._target(node) if node and node.is_live else None

    def owner(self, path, moment):
        node = navigation.tree(moment).by_path.get(path)
        return node and node.thing

    def find_former(self, path, moment):
        return navigation.former_owners([path], moment).get(path)

    def former_address(self, path, moment):
        thing = self.find_former(path, moment)
        return thing and navigation.tree(moment).nodes[thing].path

    def find_formers(self, paths, moment):
        return navigation.former_owners(paths, moment)

    def targets(self, things, moment):
        nodes = navigation.tree(moment).nodes
        found = (nodes.get(thing) for thing in things)
        return {node.thing: self._target(node) for node in found if node and node.is_live and node.path}

    def _target(self, node):
        return Target(node.thing, self.name, node.title, node.path)

    def check_record(self, things, since):
        soundness.check_pages(things, since)

    def unlisted(self, moment):
        """Pages that no menu leads to, not even below another page that is in one."""
        tree = navigation.tree(moment)
        reached, waiting = set(), [node for node in tree.top if node.path == "/"] + tree.menu_children(None)
        while waiting:
            node = waiting.pop()
            if node.thing not in reached:
                reached.add(node.thing)
                waiting += tree.menu_children(node.thing)
        return frozenset(node.thing for node in tree.nodes.values() if node.is_live and node.thing not in reached)

    def branch(self, thing, at):
        node = navigation.load_tree(at).nodes.get(thing)
        return [below.thing for below in node.branch() if below.is_live] if node else []

    def address(self, draft, moment):
        steps, parent = [draft.slug], draft.parent_id
        nodes, seen = navigation.tree(moment).nodes, {draft.pk}
        while parent and parent not in seen:
            seen.add(parent)
            if (node := nodes.get(parent)) and node.path:
                return "/".join([node.path.rstrip("/"), *reversed(steps), ""])
            above = Page.objects.get(pk=parent)
            steps.append(above.slug)
            parent = above.parent_id
        return "/" + "".join(f"{step}/" for step in reversed(steps) if step)

    def find_drafts(self, path, moment):
        steps = path.strip("/").split("/") if path != "/" else []
        homes = found = list(Page.objects.filter(parent=None, slug="").values_list("pk", flat=True))
        for place, step in enumerate(steps if len(steps) <= DEPTH_LIMIT else ()):
            below = Q(parent__in=found) if place else Q(parent__in=homes) | Q(parent=None)
            found = list(Page.objects.filter(below, slug=step).values_list("pk", flat=True))
        return found if len(steps) <= DEPTH_LIMIT else []

    def section_of(self, edition, moment):
        tree = navigation.tree(moment)
        node = tree.nodes[edition.thing_id]
        return (tree.trail(node) or [node])[0].label


@register
class TermKind(ListedKind, Searched):
    draft = Term
    edition = TermEdition
    section = "Glossary"
    home = "/glossary/"
    rows = glossary.terms
    # Not the portal's own last steps, which every address has.
    pattern = re.compile(r"/glossary/(?P<slug>(?!(?:history|timemap|preview)/)[-\w]+)/\Z", re.ASCII)

    def check_record(self, things, since):
        soundness.check_terms(things, since)

    def abbreviations(self, moment):
        return glossary.terms(moment).abbreviations

    def words(self, edition):
        return (edition.abbreviation, *edition.synonyms, *(name for _language, name in edition.in_other_languages))

    def names(self, edition):
        return (edition.abbreviation,)


@register
class NoticeKind(Kind):
    draft = Notice
    edition = NoticeEdition
