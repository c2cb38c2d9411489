"""What the search and the Quickfinder find of the registry: Parties, methodologies, entities and numbered activities of the release shown.

Until a release is imported it is the sample, and each item says so.
"""

import re
from functools import reduce
from itertools import chain, pairwise
from operator import and_, or_
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from markup.lru import LRU, one
from publishing import snapshots
from publishing.facets import bitmap
from publishing.holdings import Holding, Narrowed, register
from publishing.kinds import SearchDocument, Target
from registry.accreditation import entities_told
from registry.addresses import activity_path, methodology_path
from registry.entities import entities_in
from registry.facets import FACETS, KINDS, STATUSES
from registry.methodologies import catalogue_of, key_of
from registry.moments import registry_at
from registry.parties import party
from registry.records import NOT_GIVEN
from registry.serial_holding import Serials
from registry.table import Criteria
from registry.tables import several
from registry.words import MOST_WORDS, folded, words_of

AT_ONCE = 500
# More candidates are not looked at while the database answers a search.
MOST_CANDIDATES = 500
# Numbers that visitors mean as years: an activity of this number is found, but nobody is sent there.
YEARS = range(1990, 2036)
SHORTEST = 3
ZEROS = re.compile(r"(\D+)(0+)([1-9]\d*)\Z", re.ASCII)
SMALL_SCALE = re.compile(r"(AMS-)(I{1,3})(\..+)")
# What visitors write before the number of an activity: project 2535, ref. 2535, #2535.
BEFORE_NUMBER = re.compile(
    r"((cdm )?project( activity)?|programme( of activities)?|activity|poa|pa|ref(erence)?|)[\s.:]*(no|number)?[\s.:#№]*(?=\d+\Z)",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\s*\([^()]*\)")
FACET = {facet.name: facet for facet in FACETS}
# The values by name of each facet that a prefix chooses from, of the release shown now and the one before it.
held = LRU(6, one)
snapshots.instances.append(held)


class RegistryHolding(Holding):
    """Holding whose items come from the release shown at the moment, or from the sample."""

    behind = "release"

    def version(self, moment):
        release = registry_at(moment).release
        return release.number if release else 0

    def item(self, key):
        return f"{self.name}/{key}"

    def document(self, registry, key, title, told, words=(), names=()):
        return SearchDocument(
            thing=self.item(key),
            number=registry.release.number if registry.release else 0,
            kind=self.name,
            title=title,
            text="",
            summary=told,
            section=str(self.section),
            words=tuple(filter(None, words)),
            names=tuple(names),
            facets={"kind": str(self.label), "section": str(self.section)},
        )


def told_of(registry, *parts):
    """The parts as one line; of the sample it says so."""
    return " · ".join(filter(None, (*parts, _("from the sample") if registry.is_sample else "")))


def counted(registry, facet, value):
    """How many of the activities listed by the day have a value of a facet, in words."""
    count = (registry.table.index.bitmaps[facet].get(value, 0) & registry.table.listed_by(registry.day)).bit_count()
    return ngettext("{count} activity listed", "{count} activities listed", count).format(count=f"{count:,}") if count else ""


class FewItems(RegistryHolding):
    """Holding of a few hundred items: `keys(registry)` gives their keys, `title`, `path`, `facts` and `other_names` what is told of one."""

    def keys(self, registry):
        raise NotImplementedError

    def title(self, registry, key):
        return key

    def other_names(self, registry, key):
        return ()

    def documents(self, moment):
        registry = registry_at(moment)
        for key in self.keys(registry):
            others = self.other_names(registry, key)
            words = (*others, self.says(registry, key))
            yield self.document(registry, key, self.title(registry, key), self.facts(registry, key), words, others)

    def says(self, registry, key):
        """Words by which an item is found beside its names."""
        return ""

    def targets(self, items, moment):
        registry = registry_at(moment)
        known = self.keys(registry)
        keys = [(item, item.partition("/")[2]) for item in items]
        return {item: Target(item, self.name, self.title(registry, key), self.path(registry, key)) for item, key in keys if key in known}

    def told(self, item, moment):
        return self.facts(registry_at(moment), item.partition("/")[2])

    def names(self, moment):
        registry = registry_at(moment)
        return {self.item(key): [self.title(registry, key), *self.other_names(registry, key)] for key in self.keys(registry)}


@register
class Parties(FewItems):
    name = "party"
    label, label_plural = gettext_lazy("Host Party"), gettext_lazy("Host Parties")
    section = gettext_lazy("Designated National Authorities (DNA)")

    def path(self, registry, key):
        return f"/parties/{key}/"

    def keys(self, registry):
        return registry.table.index.bitmaps["host"].keys() - {NOT_GIVEN}

    def title(self, registry, key):
        return party(key).name

    def other_names(self, registry, key):
        return party(key).other_names

    def facts(self, registry, key):
        return told_of(registry, str(self.label), party(key).subregion, counted(registry, "host", key))


@register
class Methodologies(FewItems):
    name = "methodology"
    label, label_plural = gettext_lazy("Methodology"), gettext_lazy("Methodologies")
    section = gettext_lazy("Methodologies")

    def path(self, registry, key):
        return methodology_path(key)

    def keys(self, registry):
        return dict.fromkeys(catalogue_of(registry).codes)

    def says(self, registry, key):
        return catalogue_of(registry).title(key)

    def other_names(self, registry, key):
        """The code with fewer zeros, and with a figure for a Roman number: ACM2 for ACM0002, AMS-1.D. for AMS-I.D."""
        if match := SMALL_SCALE.match(key):
            return [f"{match[1]}{len(match[2])}{match[3]}"]
        match = ZEROS.match(key)
        return [match[1] + "0" * count + match[3] for count in range(len(match[2]))] if match else ()

    def facts(self, registry, key):
        return told_of(registry, catalogue_of(registry).title(key) or str(self.label), counted(registry, "method", key))


@register
class Entities(FewItems):
    name = "entity"
    label, label_plural = gettext_lazy("Operational entity"), gettext_lazy("Operational entities")
    section = gettext_lazy("Designated Operational Entities (DOE)")

    def keys(self, registry):
        """Those that the table names, and those that decisions alone name by the end of the data."""
        return entities_in(registry.table) | entities_told(registry.ends)

    def path(self, registry, key):
        return self.keys(registry)[key].path

    def title(self, registry, key):
        return self.keys(registry)[key].name

    def other_names(self, registry, key):
        """The names of the files, and our own without what stands in brackets: Det Norske Veritas."""
        entity = self.keys(registry)[key]
        names = (*entity.verifiers, entity.validator, BRACKET.sub("", entity.name))
        return tuple(dict.fromkeys(name for name in names if name and name != entity.name))

    def facts(self, registry, key):
        entity = self.keys(registry)[key]
        return told_of(registry, str(self.label), counted(registry, "validator", entity.validator) if entity.validator else "")


@register
class Activities(RegistryHolding):
    """Activities that have a number. Their names are not held: the table finds their words, and the database has their titles."""

    name = "activity"
    label, label_plural = gettext_lazy("Activity"), gettext_lazy("Activities")
    section = gettext_lazy("Project Activities")
    # Prefixes of the search and the facets that they choose from.
    filters = {"host": "host", "methodology": "method", "type": "type"}

    def documents(self, moment):
        registry = registry_at(moment)
        yield from self.documents_of(registry, registry.table.places_of(registry.table.numbered, "cers", registry.day, True))

    def documents_of(self, registry, places):
        places = list(places)
        for start in range(0, len(places), AT_ONCE):
            for row in registry.activities(places[start : start + AT_ONCE]):
                number = str(row.reference)
                own = () if row.reference in YEARS else (number,)
                yield self.document(registry, number, row.title, facts_of(registry, row), (number,), own)

    def candidates(self, words, moment):
        registry = registry_at(moment)
        found = reduce(and_, (having(registry.table, beginnings) for beginnings in words), public(registry)) if words else 0
        return self.documents_of(registry, registry.table.places_of(found, "cers", registry.day, True)[:MOST_CANDIDATES])

    def rows(self, items, registry):
        """ActivityRows by the ids of items, in one query."""
        places = {item: place for item in items if (place := place_of(registry.table, item.partition("/")[2])) is not None}
        return dict(zip(places, registry.activities(places.values()), strict=True))

    def item_at(self, table, place):
        """The id of the item at a place of the table: by its number, or by that of its row where it has none."""
        return self.item(table.refs[place] or f"row-{table.numbers[place]}")

    def targets(self, items, moment):
        rows = self.rows(items, registry_at(moment))
        return {item: Target(item, self.name, row.title, activity_path(row)) for item, row in rows.items()}

    def said(self, item):
        return _("number {number}").format(number=item.partition("/")[2])

    def told(self, item, moment):
        registry = registry_at(moment)
        return facts_of(registry, self.rows([item], registry)[item])

    def suggested(self, typed, moment, most):
        registry = registry_at(moment)
        return [self.item(registry.table.refs[place]) for place in found_by(registry, typed, most)]

    def exact(self, typed, moment):
        """The activity of this number, or the only one whose title has all the words."""
        if typed.strip().isdecimal() and int(typed.strip()[:9]) in YEARS:
            return None
        registry = registry_at(moment)
        places = found_by(registry, typed, 2)
        return self.item(registry.table.refs[places[0]]) if len(places) == 1 else None

    def has_value(self, prefix, text, moment):
        return value_of(registry_at(moment), self.filters[prefix], text) is not None

    def narrowed(self, filters, words, moment, start, stop):
        registry = registry_at(moment)
        table, chosen = registry.table, {}
        for name, values in filters.items():
            chosen[self.filters[name]] = [value_of(registry, self.filters[name], value) or value for value in values]
        found = table.matching(Criteria(chosen=chosen, words=words), registry.day)
        places = table.places_of(found, "cers", registry.day, True)
        query = [*([("q", words)] if words else []), *((name, value) for name, values in sorted(chosen.items()) for value in values)]
        items = [self.item_at(table, place) for place in places[start:stop]]
        return Narrowed(len(places), items, f"/projects/?{urlencode(query)}")


def place_of(table, key):
    """The place of an activity by its number, or by that of its row as in `row-17`; None for none."""
    return table.place_of_number(int(key.removeprefix("row-"))) if key.startswith("row-") else table.place(int(key))


def public(registry):
    """The bitmap of the numbered activities listed by the day."""
    return registry.table.listed_by(registry.day) & registry.table.numbered


def having(table, beginnings):
    """The bitmap of the activities with a word that begins so, or of which the number is one of them."""
    places = [table.place(int(text)) for text in beginnings if text.isdecimal() and len(text) < 10]
    numbered = bitmap((place for place in places if place is not None), table.size)
    return reduce(or_, (table.words.beginning(folded(text)) for text in beginnings if text), numbered)


def found_by(registry, typed, most):
    """Places of at most so many activities that a number or words typed may mean, those with the most CERs first.

    Where no title has the words, two of them may be one: nova gerar.
    """
    typed = BEFORE_NUMBER.sub("", typed.strip(), count=1)
    words = words_of(typed)[:MOST_WORDS]
    if typed.isdecimal():
        place = registry.table.place(int(typed)) if len(typed) < 10 else None
        return [place] if place is not None and public(registry) >> place & 1 else []
    if not words or max(map(len, words)) < SHORTEST:
        return []
    known, pairs = registry.table.words, enumerate(map("".join, pairwise(words)))
    joined_forms = ([*words[:at], pair, *words[at + 2 :]] for at, pair in pairs if known.beginning(pair))
    found = next(filter(None, (known.having(" ".join(form)) & public(registry) for form in chain([words], joined_forms))), 0)
    return list(registry.table.places_of(found, "cers", registry.day, True)[:most]) if found else []


def facts_of(registry, row):
    label, status = KINDS.get(row.kind, row.kind), STATUSES.get(row.status, row.status)
    name = f"{label} {row.reference}" if row.reference else str(label)
    hosts = ", ".join(party(code).name for code in several(row.hosts))
    return told_of(registry, name, hosts, ", ".join(several(row.methodologies)), str(status))


def value_of(registry, facet, text):
    """The value of a facet that a text means, by its code or one of its names however they are written; None for none."""
    if text in registry.table.index.bitmaps[facet]:
        return text
    release = registry.release
    key = facet, (release.number, release.entry) if release else None
    return held.get_or_make(key, lambda: values_by_name(registry, facet)).get(KEYS.get(facet, joined)(text))


def values_by_name(registry, facet):
    """The values of a facet by the keys of their names."""
    values, key_of_name = registry.table.index.bitmaps[facet], KEYS.get(facet, joined)
    named = ((name, value) for value in values for name in (str(FACET[facet].label_of(value)), *other_names_of(facet, value)))
    return {key_of_name(name): value for name, value in named if key_of_name(name)} | {key_of_name(value): value for value in values}


def other_names_of(facet, value):
    return (party(value).iso3, *party(value).other_names) if facet == "host" else ()


def joined(text):
    """The letters and digits of a text, folded."""
    return "".join(words_of(text))


# How the names of a facet's values are compared, where not by their letters alone.
KEYS = {"method": key_of}


register(Serials)  # after the others: names go before what looks like a serial number
