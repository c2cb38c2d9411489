"""Glossary terms at a moment, as a snapshot."""

from functools import cached_property

from pages.models import TermEdition
from publishing.listing import LiveList, live_list


class Glossary(LiveList):
    """The terms at one moment, with the abbreviations that they explain."""

    @cached_property
    def abbreviations(self):
        """Names of terms by their abbreviation, for `<abbr>`."""
        return {term.abbreviation: term.name for term in self.live if term.abbreviation}


terms = live_list(TermEdition, Glossary)
