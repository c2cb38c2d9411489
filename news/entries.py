"""What a process holds of the things of one kind that are in force at a moment, newest first."""

from functools import cached_property

from django.db.models import Min

from publishing.models import Action, Edition


class Entries:
    """All entries of one kind at one moment; those that were withdrawn or erased still own their addresses."""

    def __init__(self, model, at, entries):
        self.model, self.at = model, at
        self.all = sorted(entries, key=lambda entry: entry.order, reverse=True)
        self.live = [entry for entry in self.all if entry.is_live]

    @cached_property
    def by_path(self):
        """Entries by address; one to read owns an address before one that is gone."""
        return {entry.path: entry for entry in sorted(self.all, key=lambda entry: entry.is_live)}

    @cached_property
    def by_thing(self):
        return {entry.thing: entry for entry in self.all}

    @cached_property
    def positions(self):
        return {entry.thing: position for position, entry in enumerate(self.live)}

    @cached_property
    def superseded(self):
        """First publications of those things of which an earlier edition has been superseded."""
        return first_publications(self.model.KIND, self.at)

    def published(self, entry):
        """When the thing was first published."""
        return self.superseded.get(entry.thing, entry.live_from)

    @cached_property
    def by_publication(self):
        """Those to read and those that are gone, in the order in which readers of feeds met them, the latest first."""
        return sorted(self.all, key=lambda entry: (self.published(entry), entry.order), reverse=True)

    def neighbours(self, entry):
        """The entries before and after one in time, or None at either end."""
        position = self.positions.get(entry.thing)
        if position is None:
            return None, None
        earlier = self.live[position + 1] if position + 1 < len(self.live) else None
        return earlier, self.live[position - 1] if position else None


def load_rows(model, at, fields):
    """What is in force at `at`, in one query: thing, edition, whether there is a text, since when, `fields`."""
    columns = ("thing_id", "number", "action", "live_from", *fields)
    for thing, number, action, live_from, *values in model.objects.rows_in_force(at, columns):
        yield thing, number, action == Action.PUBLISH, live_from, *values


def first_publications(kind, at):
    """When things were first published, for those of which an edition has been superseded by `at`."""
    over = Edition.objects.ever_in_force().filter(kind=kind, action=Action.PUBLISH, live_from__lte=at, live_to__lte=at)
    return dict(over.order_by().values_list("thing").annotate(Min("live_from")))


def drafted(make, draft, at, fields):
    """The entry that a draft would become if it were published at `at`."""
    return make(draft.pk, 0, True, at, *(getattr(draft, name) for name in fields))
