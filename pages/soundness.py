"""Checks of a change to pages or terms, at every moment from the change on: only what the change touches is read.

Read are the editions of the touched pages, the pages above them in address and menu, and those at the same addresses; what lies below a
page is read where the page moves, goes or comes. The parts of the tree that this makes are checked as a whole tree would be.
"""

from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db.models import Q, SlugField
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from pages.models import PageEdition, TermEdition
from pages.navigation import is_taken
from pages.tree import FIELDS, Row, Tree
from publishing.clashes import FOREVER, claimed_twice, refusal
from publishing.models import Action

COLUMNS = (*FIELDS, "live_from", "live_to")
GLOSSARY = "glossary"

SlugField.register_lookup(Lower)  # slug__lower


class Surroundings:
    """Rows of pages with the time in which each is in force, from `since` on."""

    def __init__(self, since):
        self.since = since
        self.rows = {}
        self.loaded = set()

    def load(self, *conditions, **content):
        """Load the rows that meet the conditions; returns the ids of their things."""
        return self.load_rows(number__in=PageEdition.objects.numbers_with(*conditions, **content))

    def load_rows(self, **fields):
        editions = PageEdition.objects.in_force_from_on(self.since, **fields)
        found = [(Row(*row), start, end or FOREVER) for *row, start, end in editions.rows(COLUMNS)]
        self.rows |= {row.number: (row, start, end) for row, start, end in found}
        return {row.thing_id for row, _start, _end in found}

    def load_things(self, things):
        """Load all rows of the things."""
        if wanted := things - self.loaded - {None}:
            self.load_rows(thing__in=wanted)
            self.loaded |= wanted
        return bool(wanted)

    def values(self, name):
        return {getattr(row, name) for row, _start, _end in self.rows.values()}

    def load_below(self, things):
        """Load what the menu shows below the things, and the branches below them; returns the ids of all that."""
        found, below = self.load(menu_below__in=things), set(things)
        while below:
            below = self.load(parent__in=below) - found - things
            found |= below
        self.load_things(found)
        return found

    def load_around(self):
        """Load what is above the pages, in address and menu, and what has the same addresses, until there is no more."""
        asked = None
        while True:
            while self.load_things(self.values("parent_id") | self.values("menu_below_id")):
                pass
            parents, slugs = (self.values("parent_id") | self.twins()) - {None}, self.values("slug") | {""}
            if asked == (parents, slugs):
                return
            asked = parents, slugs
            self.load(Q(parent__in=parents, slug__in=slugs) | Q(parent__isnull=True, slug__in=slugs))

    def twins(self):
        """Ids of pages that may share an address with another: beside one with the same slug, or below such a page or the home page."""
        beside, rows = {}, [row for row, _start, _end in self.rows.values()]
        for row in rows:
            beside.setdefault((row.parent_id, row.slug), set()).add(row.thing_id)
        found = {thing for (_, slug), things in beside.items() if len(things) > 1 or not slug for thing in things}
        while more := {row.thing_id for row in rows if row.parent_id in found} - found:
            found |= more
        return found

    def moments(self):
        return {self.since} | {start for _row, start, _end in self.rows.values() if start > self.since}

    def tree(self, at):
        return Tree(row for row, start, end in self.rows.values() if start <= at < end)


def disturbed(things, since):
    """Pages that at some time from `since` on are not to be read, or not where they were or were to be before."""
    columns = ("thing_id", "parent_id", "slug", "action", "live_from", "live_to")
    editions = PageEdition.objects.filter(Q(live_to__isnull=True) | Q(live_to__gte=since), thing__in=things)
    own = {thing: [] for thing in things}
    for thing, *row in editions.rows(columns):
        own[thing].append(row)
    return {thing for thing, rows in own.items() if not is_steady(rows, since)}


def is_steady(rows, since):
    """Whether editions (parent, slug, action, start, end), dropped ones too, keep a page at one address and to be read from `since` on."""
    kept = sorted((start, end or FOREVER, action) for _parent, _slug, action, start, end in rows if end is None or end > max(start, since))
    times = [since, *(time for start, end, _action in kept for time in (start, end)), FOREVER]
    has_no_gap = kept and kept[0][0] <= since and all(one == other for one, other in list(pairwise(times[2:]))[::2])
    return bool(has_no_gap) and all(action == Action.PUBLISH for *_, action in kept) and len({tuple(row[:2]) for row in rows}) == 1


def check_pages(things, since):
    """Raise ValidationError if one of the pages, of all if `things` is None, cannot be where it is at `since` or later."""
    near = Surroundings(since)
    if things is None:
        near.load_rows()
    else:
        near.load_things(things)
        if moved := disturbed(things, since):
            things = things | near.load_below(moved)
        near.load_around()
    terms = terms_with(since, near.values("slug")) if things is None or GLOSSARY in near.values("slug") else []
    for at in sorted(near.moments() | coming(terms, since)):
        tree = near.tree(at)
        refuse([*tree.problems(things), *hidden(tree, things, addresses(terms, at))], at)


def check_terms(things, since):
    """Raise ValidationError if a term, of all if `things` is None, has the address or abbreviation of another, or that of a page.

    Addresses that differ in capitals alone, as those of long ago may, are one address.
    """
    own = TermEdition.objects.live_from_on(since, **{} if things is None else {"thing__in": things})
    names = own.values_list("slug", "abbreviation")
    slugs, abbreviations = {slug for slug, _other in names}, {abbreviation for _slug, abbreviation in names if abbreviation}
    numbers = TermEdition.objects.numbers_with(Q(slug__lower__in={slug.lower() for slug in slugs}) | Q(abbreviation__in=abbreviations))
    terms = TermEdition.objects.live_from_on(since, number__in=numbers).defer("body")
    for one, other, (what, value), at in claimed_twice(terms, claims if things else claims_of_a_record, since, things):
        said = _("“%(page)s” and “%(other)s” would both have the %(what)s “%(value)s”")
        raise refusal(said % {"page": other.title, "other": one.title, "what": what, "value": value}, at)
    near = Surroundings(since)
    above = near.load(parent__isnull=True, slug__in=["", GLOSSARY])
    above |= near.load(parent__in=above, slug=GLOSSARY)
    pages = near.load(parent__in=above, slug__in=slugs)
    near.load_things(above | pages)
    for at in sorted(near.moments() | coming(terms, since)) if pages else ():
        refuse(list(hidden(near.tree(at), pages, addresses(terms, at))), at)


def refuse(problems, at):
    """Raise ValidationError with the problems, if there are any, and the moment at which they would arise."""
    if problems:
        raise ValidationError([refusal(problem, at) for problem in problems])


def hidden(tree, things, terms):
    """Sentences about pages that nobody would ever see, since another part of the portal answers at their addresses."""
    for node in tree.nodes.values():
        if node.is_live and (things is None or node.thing in things) and (node.path in terms or is_taken(node.path)):
            said = _("“%(page)s” would be hidden: at its address, %(address)s, the portal shows something else.")
            yield said % {"page": node.label, "address": node.path}


def hidden_pages(since):
    """Sentences about the pages that other parts of the portal hide at `since` or later, each once: an upgrade may bring such parts."""
    near = Surroundings(since)
    near.load_rows()
    return list(dict.fromkeys(problem for at in sorted(near.moments()) for problem in hidden(near.tree(at), None, ())))


def terms_with(since, slugs):
    return list(TermEdition.objects.live_from_on(since, number__in=TermEdition.objects.numbers_with(slug__in=slugs)).defer("body"))


def coming(editions, since):
    return {edition.live_from for edition in editions if edition.live_from > since}


def addresses(terms, at):
    """The addresses of those of the terms that are live at the moment."""
    return {f"/{GLOSSARY}/{term.slug}/" for term in terms if term.is_in_force(at)}


def claims(term):
    return {("address", term.slug.lower()), *([("abbreviation", term.abbreviation)] if term.abbreviation else [])}


def claims_of_a_record(term):
    """The claims of a term in a record that is loaded as a whole: it may come from a time when capitals told two addresses apart."""
    return {("address", term.slug), *([("abbreviation", term.abbreviation)] if term.abbreviation else [])}
