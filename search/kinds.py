"""What the other apps may know of issues."""

from django.core.exceptions import ValidationError

from publishing import kinds
from publishing.kinds import Kind, SearchDocument, Target
from search.issues import issues, load_issues
from search.models import Group, Issue, IssueEdition


class IssueKind(Kind):
    name = "issue"
    label = "Issue"
    label_plural = "Issues"
    draft = Issue
    edition = IssueEdition

    def targets(self, things, moment):
        """An issue lives at the address of its target; one whose target is not public has none."""
        by_thing = issues(moment).by_thing
        wanted = [by_thing[thing] for thing in things if thing in by_thing]
        found = kinds.targets([(entry.target_kind, entry.target) for entry in wanted], moment)
        return {entry.thing: self._target(entry, found[entry.target]) for entry in wanted if entry.target in found}

    def addresses(self, moment):
        """None: an issue has no page of its own."""
        return []

    def _target(self, entry, target):
        place = f"#{entry.place}" if entry.place and "#" not in entry.place else ""
        return Target(entry.thing, self.name, entry.label, target.address + place)

    def check_record(self, at):
        if problems := list(load_issues(at).problems()):
            raise ValidationError([f"{problem} (from {at:%d %B %Y %H:%M} UTC)" for problem in problems])

    def things_linked(self, content):
        return {content.target_id} if content.target_id else set()

    def search_document(self, edition, moment):
        return SearchDocument(
            thing=edition.thing_id,
            number=edition.number,
            kind=self.name,
            title=edition.label,
            summary=edition.best_bet,
            # Shown where there is nothing better to show; found they are as words in any case.
            text="" if edition.best_bet else " · ".join([*edition.synonyms, *edition.abbreviations]),
            section=Group(edition.heading).label,
            day=edition.live_from.date(),
            words=(*edition.abbreviations, *edition.synonyms),
            facets={"kind": self.label, "section": Group(edition.heading).label, "year": str(edition.live_from.year)},
        )
