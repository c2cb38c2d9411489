"""Filters of the registry's lists: what stands in an address, as criteria for the table and back as an address.

Repeated keys are "or", different keys "and". Parameters stand in one order whatever theirs was; a key that is not known is left out. A
value that is not in the release, or is no day or number, is kept: nothing matches it, and its chip says so.
"""

import math
import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from urllib.parse import quote, urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from markup.characters import FORBIDDEN
from publishing.facets import values_in
from registry.facets import FACETS, YES_NO
from registry.records import NOT_GIVEN
from registry.table import Criteria
from registry.words import MOST_WORDS

MOST_VALUES, LONGEST_VALUE, LONGEST_WORDS = 50, 100, 128
DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z", re.ASCII)
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?\Z", re.ASCII)
REFERENCE = re.compile(r"\d{1,9}\Z", re.ASCII)
NOTHING = (math.inf, -math.inf)  # a range in which nothing is
UNREADABLE = "unreadable"

FACET = {facet.name: facet for facet in FACETS}
RANGES = {
    "validation": (gettext_lazy("Validation from"), gettext_lazy("Validation until")),
    "crediting": (gettext_lazy("Crediting starts from"), gettext_lazy("Crediting starts until")),
    "issued": (gettext_lazy("Issuance from"), gettext_lazy("Issuance until")),
    "reductions": (gettext_lazy("Reductions a year from"), gettext_lazy("Reductions a year up to")),
    "cers": (gettext_lazy("CERs from"), gettext_lazy("CERs up to")),
    "mw": (gettext_lazy("Megawatts from"), gettext_lazy("Megawatts up to")),
}
DAYS = ("validation", "crediting", "issued")
ENDS = {f"{name}_{end}": (name, place) for name in RANGES for place, end in enumerate(("from", "to") if name in DAYS else ("min", "max"))}
YES_OR_NO = {
    "issued": {"yes": gettext_lazy("With CERs issued"), "no": gettext_lazy("Without CERs issued")},
    "numbered": {"yes": gettext_lazy("With a reference number"), "no": gettext_lazy("Without a reference number")},
}
TOGETHER = {"scope_all": gettext_lazy("All these sectoral scopes"), "method_all": gettext_lazy("All these methodologies")}
# In the order in which they stand in an address.
NAMES = (
    "q ref host subregion un_group ldc sids scope type method family scale status kind validator verifier crediting located".split()
    + list(ENDS)
    + [*YES_OR_NO, *TOGETHER]
)
# Of each order its label, the order of the table, and whether it is turned round there.
ORDERS = {
    "cers": (gettext_lazy("most CERs issued"), "cers", True),
    "issued": (gettext_lazy("latest issuance"), "issued", True),
    "listed": (gettext_lazy("latest validation"), "listed", True),
    "crediting": (gettext_lazy("latest crediting period"), "crediting", True),
    "ref": (gettext_lazy("number"), "ref", False),
    "title": (gettext_lazy("title"), "title", False),
    "reductions": (gettext_lazy("most reductions a year"), "reductions", True),
    "mw": (gettext_lazy("most megawatts"), "mw", True),
}
USUAL = "cers"
SIZES = (25, 50, 100)
PARAMETERS = (*NAMES, "sort", "page", "per", "format", "facets")


@dataclass(frozen=True)
class Filters:
    """Filters in force. `values` has the texts of each name, in the order of NAMES; `fixed` has facets that the list itself sets."""

    values: dict = field(default_factory=dict)
    sort: str = USUAL
    per: int = SIZES[0]
    fixed: dict = field(default_factory=dict)

    @classmethod
    def from_query(cls, query, fixed=None):
        """Filters of an address: `query` is a QueryDict. What is too long is cut, an unknown order or size is the usual one."""
        fixed = fixed or {}
        found = {name: asked(query, name) for name in NAMES if name in query and name not in fixed}
        sort, per = query.get("sort", ""), query.get("per", "")
        return cls(
            {name: values for name, values in found.items() if values},
            sort if sort in ORDERS else USUAL,
            int(per) if per in map(str, SIZES) else SIZES[0],
            fixed,
        )

    def __bool__(self):
        return bool(self.values)

    @property
    def words(self):
        return self.values.get("q", ("",))[0]

    # What matches

    @cached_property
    def criteria(self):
        return Criteria(
            chosen={name: self.values[name] for name in FACET if name in self.values} | self.fixed,
            together=frozenset(name.removesuffix("_all") for name in TOGETHER if name in self.values),
            words=self.words,
            refs=tuple(int(text) if REFERENCE.match(text) else -1 for text in self.values.get("ref", ())),
            verifiers=self.values.get("verifier", ()),
            ranges=self._ranges(),
            is_issued=self._is("issued"),
            is_numbered=self._is("numbered"),
        )

    def _ranges(self):
        found = {}
        for name in RANGES:
            ends = [self._end(key) for key, (of, _place) in ENDS.items() if of == name]
            if any(end is not None for end in ends):
                found[name] = NOTHING if UNREADABLE in ends else tuple(ends)
        if any(not set(self.values[name]) & {"yes", "no"} for name in YES_OR_NO if name in self.values):
            found["issued"] = NOTHING
        return found

    def _end(self, key):
        """The end of a range, None without one; of several the wider, as either may hold. UNREADABLE where no text of it can be read."""
        texts = self.values.get(key)
        if not texts:
            return None
        name, place = ENDS[key]
        read = [end for text in texts if (end := (day if name in DAYS else number)(text, place)) is not None]
        return (max if place else min)(read) if read else UNREADABLE

    def _is(self, name):
        answers = set(self.values.get(name, ())) & {"yes", "no"}
        return answers == {"yes"} if len(answers) == 1 else None

    @property
    def order(self):
        """The order of the table and whether it is turned round."""
        return ORDERS[self.sort][1:]

    # As an address

    @cached_property
    def _parts(self):
        """The encoded values of each name."""
        return {name: [f"{name}={quote(value, safe='')}" for value in values] for name, values in self.values.items()}

    def _ending(self, sort=None, per=None, **more):
        sort, per = sort or self.sort, per or self.per
        ending = ({"sort": sort} if sort != USUAL else {}) | ({"per": per} if per != SIZES[0] else {}) | more
        return [urlencode(ending)] if ending else []

    def query(self, **more):
        """The query of an address with these filters; `more` are another order or size and further parameters."""
        parts = [*(part for name in NAMES for part in self._parts.get(name, ())), *self._ending(**more)]
        return "?" + "&".join(parts) if parts else "."

    def changes(self, name):
        """Function that gives the query with a value of the name chosen if it is not, and the other way round."""
        own, place = self.values.get(name, ()), NAMES.index(name)
        before = [part for other in NAMES[:place] for part in self._parts.get(other, ())]
        after = [part for other in NAMES[place + 1 :] for part in self._parts.get(other, ())] + self._ending()
        start, end = "".join(f"{part}&" for part in before), "".join(f"&{part}" for part in after)

        def changed(value):
            if own:
                kept = [one for one in own if one != value] + ([] if value in own else [value])
                middle = "&".join(f"{name}={quote(one, safe='')}" for one in kept)
                return f"?{start}{middle}{end}" if middle else "?" + "&".join([*before, *after]) if before or after else "."
            return f"?{start}{name}={quote(value, safe='')}{end}"

        return changed

    def without(self, name, value=None):
        """The filters without a value of a name, or without all of them."""
        left = tuple(one for one in self.values[name] if value is not None and one != value)
        return replace(self, values={key: left if key == name else values for key, values in self.values.items() if key != name or left})

    def pairs(self, *fields):
        """(name, value) pairs that a form with these fields must send again."""
        kept = [(name, value) for name in NAMES if name not in fields for value in self.values.get(name, ())]
        ending = {"sort": self.sort} if self.sort != USUAL and "sort" not in fields else {}
        return [*kept, *ending.items(), *({"per": self.per} if self.per != SIZES[0] else {}).items()]

    # As words

    def chips(self, table):
        """Chips: each value with its label and the filters without it. What matches nothing says that it is not in the release."""
        return [
            {"label": self.label(name, value, table), "address": left.query(), "without": left}
            for name in NAMES
            for value in self.values.get(name, ())
            for left in [self.without(name, value)]
        ]

    def label(self, name, value, table):
        if is_known(name, value, table):
            return label_of(name, value)
        text = f"{FACET[name].label}: {value}" if name in FACET else label_of(name, value)
        return _("{filter} (not in this release)").format(filter=text)


def asked(query, name):
    """The texts that an address gives for a name, without what cannot be shown."""
    if name == "q":
        words = " ".join(list(dict.fromkeys(FORBIDDEN.sub(" ", query["q"])[:LONGEST_WORDS].split()))[:MOST_WORDS])
        return (words,) if words else ()
    found = values_in(query, name, MOST_VALUES, LONGEST_VALUE)
    if name in TOGETHER:
        return ("1",) if "1" in found else ()
    return found


def label_of(name, value):
    """What a chip says of a value, in a few words."""
    if name == "q":
        return f"“{value}”"
    if name in FACET:
        facet = FACET[name]
        if facet.labels is YES_NO or name in ("crediting", "validator") or value == NOT_GIVEN:
            return f"{facet.label}: {facet.label_of(value)}"
        if name == "scope" and value.isdecimal() and value in facet.labels:
            return f"{value} {facet.label_of(value)}"
        return str(facet.label_of(value))
    if name == "ref":
        return _("Number {number}").format(number=value)
    if name == "verifier":
        return _("Verified by {entity}").format(entity=value)
    if name in ENDS:
        of, place = ENDS[name]
        return f"{RANGES[of][place]}: {shown_end(of, place, value)}"
    return str(TOGETHER[name] if name in TOGETHER else YES_OR_NO[name].get(value, f"{name}: {value}"))


def shown_end(name, place, text):
    if name in DAYS:
        found = day(text, place)
        return date_format(date.fromordinal(found), "j M Y") if found else text
    found = number(text, place)
    return text if found is None else f"{found:,.10g}" if found % 1 else f"{int(found):,}"


def is_known(name, value, table):
    """Whether anything in the release can match a value."""
    if name in FACET:
        return value in table.index.bitmaps[name]
    if name == "ref":
        return bool(REFERENCE.match(value)) and table.place(int(value)) is not None
    if name == "verifier":
        return value in table.names["verifier"]
    if name in ENDS:
        of, place = ENDS[name]
        return (day if of in DAYS else number)(value, place) is not None
    return name not in YES_OR_NO or value in YES_OR_NO[name]


def day(text, place):
    """The ordinal of a day like `2010-03-10`; of a month or a year its first (place 0) or last day. None for what is no day.

    >>> date.fromordinal(day("2010-02", 1))
    datetime.date(2010, 2, 28)
    """
    match = DAY.match(text)
    if not match:
        return None
    year, month, of_month = (int(part) if part else None for part in match.groups())
    try:
        if month is None:
            month = 12 if place else 1
        if of_month is None:
            of_month = monthrange(year, month)[1] if place else 1
        return date(year, month, of_month).toordinal()
    except ValueError:
        return None


def number(text, _place):
    """The number in a text, with or without separators of thousands; None for what is none."""
    text = re.sub(r"[,\s]", "", text)
    return float(text) if NUMBER.match(text) else None
