"""States of things at a moment, for editors: what is in force, what is scheduled, whether the draft differs from the newest edition."""

from dataclasses import dataclass, field

from django.db.models import Max

from publishing.models import Action, Edition

IN_FORCE = {Action.PUBLISH: ("live", "Live"), Action.WITHDRAW: ("withdrawn", "Withdrawn"), Action.ERASE: ("erased", "Erased")}
AHEAD = {Action.PUBLISH: "Goes live", Action.WITHDRAW: "Is withdrawn", Action.ERASE: "Is erased"}


@dataclass(frozen=True)
class Mark:
    """Label of a thing's state, with the name by which it is coloured."""

    name: str
    text: str


@dataclass
class State:
    """State of one thing. `pending` holds what is scheduled, in its order; the editions bear no content."""

    in_force: Edition | None = None
    pending: list = field(default_factory=list)
    is_changed: bool = True

    @property
    def is_live(self):
        return self.in_force is not None and self.in_force.action == Action.PUBLISH

    @property
    def is_new(self):
        return self.in_force is None

    def marks(self):
        """Marks of the thing in the list, most important first."""
        name, text = IN_FORCE[self.in_force.action] if self.in_force else ("new", "New")
        found = [Mark(name, text)]
        if self.is_changed and not (self.is_new and not self.pending):
            found.append(Mark("changed", "Draft changed"))
        found += [Mark("scheduled", f"{AHEAD[edition.action]} {edition.live_from:%d %b %Y %H:%M} UTC") for edition in self.pending]
        return found


def states(kind, things, now):
    """The State of each of the thing ids, all of one kind, as a dict; three queries and one for the drafts' contents."""
    found = {thing: State() for thing in things}
    own = Edition.objects.filter(kind=kind.name, thing__in=things)
    for edition in own.in_force(now):
        found[edition.thing_id].in_force = edition
    for edition in own.pending(now):
        found[edition.thing_id].pending.append(edition)
    for thing in unchanged(kind, things):
        found[thing].is_changed = False
    return found


def state(draft, now):
    from publishing import kinds

    return states(kinds.get(draft.KIND), [draft.pk], now)[draft.pk]


def unchanged(kind, things):
    """Ids of those things whose draft is equal to their newest edition with content. Set twin of `Draft.is_changed`."""
    names = [field.attname for field in kind.edition.content_fields()]
    kept = kind.edition.objects.ever_in_force().filter(thing__in=things, action=Action.PUBLISH, erased_by__isnull=True)
    numbers = kept.order_by().values("thing").annotate(newest=Max("number")).values_list("newest", flat=True)
    drafts = {pk: content for pk, *content in kind.draft.objects.filter(pk__in=things).values_list("pk", *names)}
    published = kind.edition.objects.filter(number__in=list(numbers)).values_list("thing_id", *names)
    return {thing for thing, *content in published if content == drafts.get(thing)}
