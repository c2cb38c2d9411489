"""What the other apps may know of pages, glossary terms and notices."""

from pages import glossary, navigation, soundness
from pages.models import Notice, NoticeEdition, Page, PageEdition, Term, TermEdition
from publishing.kinds import Addressed, Kind, Searched, Target


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

    def section_of(self, edition, moment):
        tree = navigation.tree(moment)
        node = tree.nodes[edition.thing_id]
        return (tree.trail(node) or [node])[0].label


class TermKind(Addressed, Searched):
    draft = Term
    edition = TermEdition
    section = "Glossary"

    def find(self, path, moment):
        entry = glossary.entries(moment).by_path.get(path)
        return self._target(entry) if entry else None

    def owner(self, path, moment):
        terms = glossary.entries(moment)
        entry = terms.by_path.get(path) or terms.gone.get(path)
        return entry and entry.thing

    def find_former(self, path, moment):
        return glossary.former_owner(path, moment)

    def targets(self, things, moment):
        by_thing = glossary.entries(moment).by_thing
        return {thing: self._target(by_thing[thing]) for thing in things if thing in by_thing}

    def _target(self, entry):
        return Target(entry.thing, self.name, entry.title, entry.path)

    def check_record(self, things, since):
        soundness.check_terms(things, since)

    def address(self, draft, moment):
        return f"/glossary/{draft.slug}/"

    def abbreviations(self, moment):
        return glossary.entries(moment).abbreviations

    def words(self, edition):
        return (edition.abbreviation, *edition.synonyms)


class NoticeKind(Kind):
    draft = Notice
    edition = NoticeEdition
