"""What the other apps may know of issues."""

from django.core.exceptions import ValidationError

from publishing import kinds
from publishing.kinds import Searched, Target
from search.issues import issues, load_issues
from search.models import Group, Issue, IssueEdition


class IssueKind(Searched):
    draft = Issue
    edition = IssueEdition

    def targets(self, things, moment):
        """An issue lives at the address of its target; one whose target is not public has none."""
        by_thing = issues(moment).by_thing
        wanted = [by_thing[thing] for thing in things if thing in by_thing]
        found = kinds.targets([(entry.target_kind, entry.target) for entry in wanted], moment)
        return {entry.thing: self._target(entry, found[entry.target]) for entry in wanted if entry.target in found}

    def _target(self, entry, target):
        place = f"#{entry.place}" if entry.place and "#" not in entry.place else ""
        return Target(entry.thing, self.name, entry.label, target.address + place)

    def check_record(self, at):
        if problems := list(load_issues(at).problems()):
            raise ValidationError([f"{problem} (from {at:%d %B %Y %H:%M} UTC)" for problem in problems])

    def section_of(self, edition, moment):
        return Group(edition.heading).label

    def search_text(self, edition):
        """Its other names, where there is nothing better to show; found they are as words in any case."""
        return "" if edition.best_bet else " · ".join([*edition.synonyms, *edition.abbreviations])

    def search_summary(self, edition):
        return edition.best_bet

    def words(self, edition):
        return (*edition.abbreviations, *edition.synonyms)
