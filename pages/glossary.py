"""The glossary at a moment, held in the process."""

from functools import cached_property

from pages.models import TermEdition
from publishing.listing import LiveList, live_list


class Glossary(LiveList):
    """All terms at one moment, in groups by their first letter."""

    @cached_property
    def abbreviations(self):
        """Abbreviation to term, for `<abbr>`."""
        return {entry.abbreviation: entry.name for entry in self.live if entry.abbreviation}


entries = live_list(TermEdition, Glossary)
