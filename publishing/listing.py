"""Lists of the things of one kind: LiveList at a moment, ListedKind, and the pages of a list."""

import re
from functools import cached_property
from operator import attrgetter

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.utils.translation import gettext as _

from publishing import figures
from publishing.addresses import canonical
from publishing.clashes import claimed_twice, refusal
from publishing.dates import known_beginning
from publishing.exports import FORMATS
from publishing.facets import FacetIndex
from publishing.kinds import Addressed, Target, every
from publishing.layered import Layered, grouped, regrouped, replaced
from publishing.models import Edition
from publishing.snapshots import Snapshot

FEED = "feed/(?:atom|rss|json)/"
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}\Z", re.ASCII)


def page_number(query):
    """The number that `?page=` gives, 1 without one. Raises Http404 for what is no number of a page, such as nothing, `0` or `01`."""
    asked = query.get("page", "1")
    if not PAGE_NUMBER.match(asked):
        raise Http404
    return int(asked)


def page_of(request, rows, size):
    """The page of the rows that `?page=` asks for. Raises Http404 for what is no page."""
    try:
        return Paginator(rows, size).page(page_number(request.GET))
    except EmptyPage as error:
        raise Http404 from error


by_order = attrgetter("order")


def with_paths(rows):
    return [(row.path, row) for row in rows]


def owner(rows):
    """The row that owns the address that all of them have, or None."""
    return next((row for row in rows if not row.is_gone), rows[-1]) if rows else None


class LiveList:
    """The things of one kind in force at one moment, in the order of their lists; what is gone still owns its address."""

    def __init__(self, model, at, facets=()):
        self.model, self.at, self.facets = model, at, facets
        self.all = sorted(model.objects.listed(at), key=by_order)
        self.live = [row for row in self.all if not row.is_gone]

    def updated(self, at, things):
        """The list at `at`, where nothing but the things given by id has changed since this one; this one stays as it is."""
        come = list(self.model.objects.listed(at, thing__in=things))
        went = [row for thing in things if (row := self.by_thing.get(thing))]
        following = type(self).__new__(type(self))
        following.model, following.at, following.facets = self.model, at, self.facets
        following.all = replaced(self.all, went, come, by_order)
        following.live = [row for row in following.all if not row.is_gone]
        following.by_thing = self.by_thing.changed(dict.fromkeys(things) | {row.thing_id: row for row in come})
        following.owners = regrouped(self.owners, with_paths(went), with_paths(come), by_order)
        touched = {row.path for row in [*went, *come]}
        following.by_path = self.by_path.changed({path: owner(following.owners.get(path)) for path in touched})
        return following

    @cached_property
    def index(self):
        """FacetIndex of the rows to be read."""
        return FacetIndex(self.live, self.facets)

    @cached_property
    def owners(self):
        """All rows of each address, in the order of the list."""
        return Layered(grouped(with_paths(self.all)))

    @cached_property
    def by_path(self):
        """Rows by address; one to read owns an address before one that is gone."""
        return Layered({path: owner(rows) for path, rows in self.owners.items()})

    @cached_property
    def by_thing(self):
        return Layered({row.thing_id: row for row in self.all})

    @cached_property
    def positions(self):
        return {row.thing_id: position for position, row in enumerate(self.live)}

    def neighbours(self, row):
        """The rows before and after one in the list, None at either end and for what is not in it."""
        position = self.positions.get(row.thing_id)
        if position is None:
            return None, None
        following = self.live[position + 1] if position + 1 < len(self.live) else None
        return self.live[position - 1] if position else None, following

    @cached_property
    def superseded(self):
        """First publications of those things of which an earlier edition has been superseded."""
        return Edition.objects.filter(kind=self.model.KIND, live_to__lte=self.at).first_published(self.at)

    def published(self, row):
        """Time of the thing's first publication."""
        return self.superseded.get(row.thing_id, row.live_from)

    @cached_property
    def by_publication(self):
        """Rows to read and rows that are gone, in the order in which readers of feeds met them, the latest first."""
        return sorted(self.all, key=self.published, reverse=True)


def live_list(model, make=LiveList, facets=(), most=24, of=()):
    """The LiveList of an edition model at a moment, a snapshot until something of its kind, or of those in `of`, changes."""

    def build(moment):
        return make(model, moment.at, facets)

    def update(before, moment, changed):
        return before.updated(moment.at, changed[model.KIND])

    return Snapshot(build, most=most, of=[model.KIND, *of], update=None if of else update)


def lines(rows):
    """Rows for `publishing.exports.markdown_list`: the date, where there is one, the title as a link, the summary."""
    for row in rows:
        date = getattr(row, "shown_date", "")
        yield f"{date}: " if date else "", row.label, row.path, getattr(row, "summary", "")


def listed():
    """The kinds that have a list."""
    return [kind for kind in every() if isinstance(kind, ListedKind)]


class ListedKind(Addressed):
    """A kind with a list. Its content class has `path`; `rows(moment)` is the `live_list` of its editions.

    `pattern` matches the addresses of its things; its groups are named by the fields of which an address is made.
    """

    rows = None
    pattern = None
    # The address of its list, and what makes it narrow: see publishing/facets.py.
    home = ""
    facets = ()
    # The columns of its list as a file, before the address; without any there is no file.
    columns = ()
    # What its feeds say of themselves; without it there are none.
    description = ""
    template = "publishing/thing.html"
    list_template = "publishing/list.html"

    def gathered(self, row, moment):
        """Rows of other things that a thing draws together; feeds lead to them."""
        return ()

    def serves(self, path, moment):
        return path == self.home or bool(self.description and re.match(rf"{self.home}{FEED}\Z", path))

    def record(self, row):
        """A row by the names of the columns."""
        return {name: getattr(row, name) for name in self.columns} | {"address": canonical(row.path)}

    def file(self, form, rows, moment):
        """The rows as a file. Raises Http404 for a form that there is not."""
        if form not in FORMATS:
            raise Http404
        name = self.home.strip("/").replace("/", "-")
        records, held = [self.record(row) for row in rows], self.rows(moment)
        for row, record in zip(rows, records, strict=True):
            if "summary" in record:
                record["summary"] = figures.in_entry(record["summary"], row, held, moment)
        return FORMATS[form](name, [*self.columns, "address"], records, moment)

    def row_at(self, path, moment):
        """The row of an address, or None; of an address that no thing of the kind can have no rows are asked."""
        return self.rows(moment).by_path.get(path) if self.pattern.match(path) else None

    def find(self, path, moment):
        row = self.row_at(path, moment)
        return self.target(row, moment) if row and not row.is_gone else None

    def owner(self, path, moment):
        row = self.row_at(path, moment)
        return row and row.thing_id

    def former(self, path, moment):
        """The row in force of the thing that had the address `path` at another time, the latest if there were several, or None."""
        match = self.pattern.match(path)
        fields = match and self.fields_of(**match.groupdict())
        if not fields:
            return None
        earlier = self.edition.objects.ever_in_force().filter(**fields, live_from__lte=max(moment.now, moment.at))
        by_thing = self.rows(moment).by_thing
        rows = (by_thing.get(thing) for thing in earlier.order_by("-number").values_list("thing_id", flat=True))
        return next((row for row in rows if row and row.path != path), None)

    def find_drafts(self, path, moment):
        match = self.pattern and self.pattern.match(path)
        steps = (match and self.fields_of(**match.groupdict())) or {}
        names = {field.name for field in self.draft.content_fields()}
        fields = {name: value for name, value in steps.items() if name in names}
        near = self.draft.objects.filter(**fields).defer(*self.draft.long_texts()) if fields else ()
        return [draft.pk for draft in near if self.address(draft, moment) == path]

    def fields_of(self, **steps):
        """Values of fields by the steps of an address; None where no thing can have them."""
        return steps

    def find_former(self, path, moment):
        row = self.former(path, moment)
        return row and row.thing_id

    def former_address(self, path, moment):
        row = self.former(path, moment)
        return row and row.path

    def targets(self, things, moment):
        by_thing = self.rows(moment).by_thing
        found = (by_thing.get(thing) for thing in things)
        return {row.thing_id: self.target(row, moment) for row in found if row and not row.is_gone}

    def target(self, row, moment):
        return Target(row.thing_id, self.name, row.label, row.path)

    def address(self, draft, moment):
        return draft.path

    def addresses(self, moment):
        return [(row.path, known_beginning(row)) for row in self.rows(moment).live]

    def check_record(self, things, since):
        """No two things have one address, which is made of the UNIQUE fields."""
        editions, bodies = self.edition.objects, self.edition.bodies()
        own = editions.live_from_on(since, **{} if things is None else {"thing__in": things}).defer(*bodies)
        for edition in own:
            if edition.live_from >= since:
                self.check_edition(edition)
        first_field = self.edition.UNIQUE[0]
        numbers = editions.numbers_with(**{f"{first_field}__in": {getattr(edition, first_field) for edition in own}}) if things else ()
        near = editions.live_from_on(since, number__in=numbers).defer(*bodies) if things else own
        for one, other, _address, at in claimed_twice(near, self.claims, since, things):
            said = _("“%(label)s” and “%(other)s” would both have the same address")
            raise refusal(said % {"label": one.label, "other": other.label}, at)

    def claims(self, edition):
        return {tuple(getattr(edition, name) for name in self.edition.UNIQUE)}

    def check_edition(self, edition):
        """Raise ValidationError if an edition cannot be public from its moment on."""
