"""Files of the lists of activities: CSV, JSON, NDJSON and GeoJSON of all rows of the filter, made while they are sent, and an Atom feed.

Columns bear the names of the source files; CERs, issuances and their days are as of the moment, all else as of the release. Days and
numbers come from the table, texts from the database, so that no row becomes an object.
"""

import csv
import io
import json
import math
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import chain, islice
from urllib.parse import quote, urljoin

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from publishing.addresses import as_asked, canonical, permanent_id
from publishing.exports import FORMULA, safe_cell
from publishing.feed_formats import Dated
from publishing.feeds import BEGINNING, with_last_change
from registry.addresses import activity_path, anchor_of, official_address, path_of
from registry.columns import NO_DAY
from registry.days import long_day
from registry.parties import party
from registry.records import Badge

AT_ONCE = 250  # rows of one query
MOST_ENTRIES = 50
LONGEST_NAME = 100
# Columns of the source files, and after them our own: all host Parties, the number matched by title, marks, the address here.
HEADER = (
    "project_ref unique_id title activity_type status_group host_country_first host_iso2 subregion scope_number project_type methodologies "
    "scale validating_doe validation_start crediting_start crediting_end annual_reductions_tco2e_2018 cers_issued n_issuances "
    "first_issuance latest_issuance capacity_mw lat lon n_locations ref_source official_url hosts_iso2 matched_ref badges address"
).split()
# What is read of each row, in this order; the rest stands in the table.
FIELDS = (
    "key title host_name host subregions scopes project_type methodologies scale validator latitude longitude locations reference_source "
    "hosts matched_reference"
).split()


# Rows


def records(found):
    """A tuple for each activity of a list, in its order, by the names of HEADER; None where nothing is given."""
    places, registry, make = iter(found.places), found.registry, record_maker(found)
    while chunk := list(islice(places, AT_ONCE)):
        yield from map(make, chunk, registry.values(chunk, FIELDS))


def record_maker(found):
    """Function that makes the tuple of a place and its values by FIELDS."""
    table, site = found.table, canonical("")
    cers, counts, latest = table.cers_by(found.day), found.registry.issuance_counts(), table.latest_by(found.day)
    kinds, statuses = table.names["kind"], table.names["status"]

    def make(place, values):
        key, title, host_name, host, subregions, scopes, type_, methods, scale, validator, latitude, longitude, *more = values
        locations, source, hosts, matched = more
        ref = table.refs[place] or None
        return (
            ref,
            key,
            title,
            kinds[table.kinds[place]],
            statuses[table.statuses[place]],
            host_name,
            host,
            subregions,
            scopes,
            type_,
            methods,
            scale,
            validator,
            iso(table.validation[place]),
            iso(table.crediting_start[place]),
            iso(table.crediting_end[place]),
            whole(table.reductions[place]),
            cers[place],
            counts[place],
            iso(table.first_issued[place]) if counts[place] else None,
            iso(latest[place]),
            number(table.megawatts[place]),
            latitude,
            longitude,
            locations,
            source,
            official_address(key),
            hosts,
            matched,
            marks(table.badges[place]),
            site + path_of(ref, key),
        )

    return make


@lru_cache(maxsize=10_000)
def iso(day):
    return date.fromordinal(day).isoformat() if day != NO_DAY else None


def number(value):
    return None if math.isnan(value) else value


def whole(value):
    return None if math.isnan(value) else int(value)


@lru_cache(maxsize=64)
def marks(badges):
    """The names of the badges: `map file 2018; repaired`."""
    return "; ".join(badge.name.lower().replace("_", " ") for badge in Badge if badges & badge)


# Files


def as_csv(_request, found):
    def lines():
        text = io.StringIO()
        writer = csv.writer(text)
        text.write("\ufeff")  # by which Excel knows UTF-8
        writer.writerow(found.header)
        rows = (guarded(row, found.texts(row)) for row in found.records())
        while True:
            chunk = list(islice(rows, AT_ONCE))
            writer.writerows(chunk)
            yield text.getvalue()
            if not chunk:
                return
            text.seek(0)
            text.truncate()

    return streamed(lines(), "text/csv; charset=utf-8", f"{name_of(found)}.csv")


def guarded(row, texts):
    """The row with an apostrophe before texts that a spreadsheet would take for formulas; numbers below zero stay numbers."""
    if FORMULAS.isdisjoint([text[:1] for text in texts]):
        return row
    return [safe_cell(cell) if isinstance(cell, str) else cell for cell in row]


FORMULAS = frozenset(FORMULA)
# Texts of the file of activities; all others begin with letters of our own.
TEXTS, SOURCE = slice(HEADER.index("unique_id"), HEADER.index("validation_start")), HEADER.index("ref_source")


def texts(row):
    """The texts of an activity's row that come from the file."""
    return (*row[TEXTS], row[SOURCE])


def as_json(_request, found):
    head = json.dumps(about(found), ensure_ascii=False, indent=1).removesuffix("\n}")
    items = separated((dump(as_dict(found.header, row)) for row in found.records()), ",\n")
    return streamed(chain([f'{head},\n "items": [\n'], items, ["\n]}\n"]), "application/json; charset=utf-8")


def as_ndjson(_request, found):
    lines = separated((dump(as_dict(found.header, row)) for row in found.records()), "\n")
    return streamed(chain(lines, ["\n"] if found.count else []), "application/x-ndjson; charset=utf-8", f"{name_of(found)}.ndjson")


def as_geojson(_request, found):
    """Points by RFC 7946: of those activities alone that have a plausible one."""
    head = json.dumps({"type": "FeatureCollection"} | about(found), ensure_ascii=False).removesuffix("}")
    plausible = found.table.plausible
    placed = (row for place, row in zip(found.places, records(found), strict=True) if plausible[place] and row[LATITUDE] is not None)
    features = separated(map(feature, placed), ",\n")
    return streamed(chain([f'{head}, "features": [\n'], features, ["\n]}\n"]), "application/geo+json", f"{name_of(found)}.geojson")


LATITUDE = HEADER.index("lat")


def as_dict(header, row):
    return dict(zip(header, row, strict=True))


def feature(row):
    properties = as_dict(HEADER, row)
    point = [properties.pop("lon"), properties.pop("lat")]
    geometry = {"type": "Point", "coordinates": point}
    return dump({"type": "Feature", "id": properties["unique_id"], "geometry": geometry, "properties": properties})


dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def separated(texts, separator):
    """Pieces of the texts with a separator between any two, so many at once."""
    texts, before = iter(texts), ""
    while chunk := list(islice(texts, AT_ONCE)):
        yield before + separator.join(chunk)
        before = separator


def streamed(pieces, content_type, name=""):
    headers = {"Content-Disposition": content_disposition_header(True, name)} if name else {}
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)


def about(found):
    """What a file says of itself."""
    release = found.table.as_of
    return {
        "source": source_of(found),
        "release": iso(release),
        "as_of": found.registry.ends.isoformat(),
        "is_sample": found.registry.is_sample,
        "filter": {name: list(values) for name, values in (found.of.fixed | found.chosen).items()},
        "total": found.count,
    }


def source_of(found):
    day = long_day(date.fromordinal(found.table.as_of))
    if found.registry.is_sample:
        return _("Sample from the UNFCCC release of {day}; its sums are no totals").format(day=day)
    return _("UNFCCC release of {day}").format(day=day)


def name_of(found):
    """Name of a file: the list, release, day of the figures, filter."""
    of, release = found.of.path.strip("/"), "sample" if found.registry.is_sample else "release"
    chosen = slugify(" ".join(f"{name} {' '.join(values)}" for name, values in found.chosen.items() if values))[:LONGEST_NAME]
    return "-".join(filter(None, (of, release, iso(found.table.as_of), "as-of", found.registry.ends.isoformat(), chosen)))


# Feed


class IssuanceFeed(Dated, Atom1Feed):
    """Feed that is as new as its newest issuance."""


def as_atom(request, found):
    """The newest issuances to the activities of the filter."""
    address = as_asked(found.of.path)
    numbers, places = found.newest_issuances()
    rows, activities = found.registry.issuances_numbered(numbers), found.registry.activities(places)
    feed = IssuanceFeed(
        title=_("CDM portal, issuance of CERs: {list}").format(list=", ".join([str(found.of.title), *found.words()])),
        link=urljoin(address, found.filters.query()),
        feed_url=address + found.filters.query(format="atom"),
        updated=midnight(rows[0].date) if rows else BEGINNING,
        description=f"{source_of(found)}. {_('Not a service of the UNFCCC.')}",
        language=get_language(),
        author_name=_("CDM portal"),
    )
    for row, activity in zip(rows, activities, strict=True):
        feed.add_item(
            _("{cers} CERs: {title}").format(cers=f"{row.cers:,}", title=activity.title),
            as_asked(activity_path(activity)) + (f"#{quote(anchor_of(row.process))}" if row.process else ""),
            monitored(row),
            unique_id=permanent_id(f"issuance|{row.kind}|{row.reference}|{row.process}|{row.date}|{row.period}|{row.monitoring_start}"),
            pubdate=midnight(row.date),
            updateddate=midnight(row.date),
            categories=[party(row.host).name],
        )
    return with_last_change(HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type), request.moment)


def monitored(row):
    if not (row.monitoring_start and row.monitoring_end):
        return ""
    start, end = long_day(row.monitoring_start), long_day(row.monitoring_end)
    return _("Monitored from {start} to {end}; verified by {entity}.").format(start=start, end=end, entity=row.verifier or _("not given"))


def midnight(day):
    return datetime.combine(day, time.min, UTC)


FORMATS = {"csv": as_csv, "json": as_json, "ndjson": as_ndjson, "geojson": as_geojson, "atom": as_atom}
