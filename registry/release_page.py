"""What pages of one thing of the registry have in common: of which days they tell, and in words where their values come from."""

from datetime import date

from django.utils.translation import gettext as _

from registry.days import long_day, short_day


class ReleasePage:
    """Page of one thing at the day of its `registry`, a Registry (registry/moments.py). Days are dates."""

    @property
    def day(self):
        return date.fromordinal(self.registry.day)

    @property
    def as_of(self):
        """Day of the data: what is text of a thing is as of it."""
        return date.fromordinal(self.registry.table.as_of)

    @property
    def until(self):
        """Last day of which figures are told."""
        return self.registry.ends

    @property
    def is_of_the_end(self):
        """Whether the day is that of the release or later, so that its statuses hold."""
        return self.day >= self.as_of

    @property
    def source(self):
        """Where values without a mark come from."""
        return _("UNFCCC, release of %(day)s") % {"day": long_day(self.as_of)}

    @property
    def release_shortly(self):
        return _("Release of %(day)s") % {"day": short_day(self.as_of)}
