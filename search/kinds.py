"""Kinds: issues and equal spellings, as the other apps know them."""

from django.utils.translation import gettext as _

from publishing import kinds
from publishing.clashes import claimed_twice, refusal
from publishing.kinds import Kind, Target, register
from search.analysis import folded
from search.issues import issues
from search.models import Issue, IssueEdition, Spelling, SpellingEdition


@register
class IssueKind(Kind):
    draft = Issue
    edition = IssueEdition

    def targets(self, things, moment):
        """An issue lives at the address of its target; one whose target is not public has none."""
        by_thing = issues(moment).by_thing
        wanted = [by_thing[thing] for thing in things if thing in by_thing]
        found = kinds.targets([(entry.target.kind, entry.target_id) for entry in wanted], moment)
        return {entry.thing_id: self._target(entry, found[entry.target_id]) for entry in wanted if entry.target_id in found}

    def _target(self, entry, target):
        place = f"#{entry.place}" if entry.place and "#" not in entry.place else ""
        return Target(entry.thing_id, self.name, entry.label, target.address + place)

    def check_record(self, things, since):
        """No two issues have a name in common. Names are compared as they are folded here, so all issues are read."""
        editions = self.edition.objects.live_from_on(since)
        for one, other, folded_name, at in claimed_twice(editions, lambda issue: set(map(folded, issue.names)), since, things):
            name = next(name for name in other.names if folded(name) == folded_name)
            said = _("“%(label)s” and “%(other)s” would both be found by “%(name)s”")
            raise refusal(said % {"label": other.label, "other": one.label, "name": name}, at)


@register
class SpellingKind(Kind):
    draft = Spelling
    edition = SpellingEdition
