"""Every address of the portal that answers programmes with data.

A new one is a MachineAddress here; lists and feeds of a ListedKind come by themselves, from its `columns` and its `description`. The test
tests/cdmportal/test_openapi.py walks the URLconf and names what is missing.
"""

from functools import cache

from django.urls import get_resolver

from calls import views as calls
from cdmportal.openapi import schemas
from cdmportal.openapi.description import (
    ATOM,
    CALENDAR,
    CSV,
    GEOJSON,
    JSON,
    JSON_FEED,
    NDJSON,
    RSS,
    SVG,
    TEXT,
    MachineAddress,
)
from cdmportal.openapi.parameters import DAY, NUMBER_OF_ACTIVITY, Parameter, choice, of_activities, of_facets, page, plain, several, step
from documents import selection
from documents.exports import HEADER as OF_DOCUMENTS
from news.topics import Topic
from publishing.feed_formats import FORMS
from publishing.listing import listed
from registry import cancellations, exports, filters, issuances, release_changes, stat_tables, statistics
from registry.facets import FAMILIES
from registry.own_years import BY
from registry.views import activity_list, issuance, releases
from search.directory import MOST_TYPED
from search.search_request import FURTHEST, MOST_PAGES

FEEDS = {"atom": (ATOM, TEXT), "rss": (RSS, TEXT), "json": (JSON_FEED, schemas.FEED)}
SLUG = "[-a-zA-Z0-9_]{1,80}"
BODY = step("slug", "Address of the body.", SLUG, "executive-board")
# Rows of kinds that make them otherwise than from their fields.
ROWS = {"call": schemas.CALL}
# Lists that are not at the name that `listed` gives them.
LISTS = {"call": "public_inputs"}
WHOLE = Parameter("all", "1: the past too, which else leaves a year after the event.", {"type": "string", "enum": ["1"]})


@cache
def addresses():
    """All MachineAddresses, in the order of their paths."""
    found = [*of_the_portal(), *of_the_registry(), *of_news(), *of_documents(), *of_bodies(), *of_calls(), *of_search(), *of_kinds()]
    return tuple(sorted(found, key=lambda one: one.path))


def of_the_portal():
    alive = {"": (JSON, schemas.ALIVE)}
    ready = {"": (JSON, schemas.ready())}
    yield MachineAddress("healthz", "/healthz", "Whether the process answers", alive, has_past=False)
    yield MachineAddress(
        "readyz", "/readyz", "Whether what it needs works", ready, also=("503",), has_past=False, schemas={"503": {JSON: schemas.ready()}}
    )
    yield MachineAddress("sitemap", "/sitemap.xml", "All addresses, for crawlers", {"": ("application/xml", TEXT)}, (page(),))
    yield MachineAddress("robots", "/robots.txt", "What crawlers may read", {"": ("text/plain", TEXT)})
    yield MachineAddress("llms", "/llms.txt", "Sections with their Markdown, for language models", {"": ("text/plain", TEXT)})
    manifest = {"": ("application/manifest+json", schemas.MANIFEST)}
    yield MachineAddress("manifest", "/manifest.webmanifest", "Manifest for home screens", manifest)
    yield MachineAddress("openapi", "/data/openapi.json", "This description", {"": (JSON, schemas.OPENAPI)})
    yield MachineAddress("registry:csvw", "/data/csvw.json", "Columns of the CSV files, as CSVW", {"": (JSON, schemas.CSVW)})
    thing = step("address", "Address of a page or the like without its first and last slash; others may stand as %2F.", ".+", "about")
    yield MachineAddress(
        "publishing:timemap",
        "/{address}/timemap/",
        "All states of a page, as the TimeMap of RFC 7089",
        {"": ("application/link-format", TEXT)},
        (thing,),
        also=("301",),
    )


def of_the_registry():
    for name, told, without in (
        ("projects", "Project activities and programmes of activities", ()),
        ("programmes", "Programmes of activities", tuple(activity_list.PROGRAMMES.fixed)),
    ):
        forms = {
            "csv": (CSV, TEXT),
            "json": (JSON, schemas.list_of_rows("Activity", filters.NAMES)),
            "ndjson": (NDJSON, rows_of("Activity")),
            "geojson": (GEOJSON, schemas.points(filters.NAMES)),
            "atom": (ATOM, TEXT),
        }
        yield MachineAddress(f"registry:{name}", f"/{name}/", told, forms, (*of_activities(without),), columns=exports.HEADER)
    names = [facet.name for facet in issuances.FILTERS]
    forms = {
        "csv": (CSV, TEXT),
        "json": (JSON, schemas.list_of_rows("Issuance", names)),
        "ndjson": (NDJSON, rows_of("Issuance")),
        "atom": (ATOM, TEXT),
    }
    yield MachineAddress(
        "registry:issuance", "/issuance/", "Issuances of CERs", forms, (*of_issuances(),), columns=(*issuance.COLUMNS, "address")
    )
    key = step("key", "Number of the activity, or its unique identifier.", "([0-9]{1,9}|[A-Za-z0-9_]{1,64})", "8")
    years = choice("by", "year: CERs by year instead, in each format.", [BY])
    one = {"json": (JSON, {"oneOf": [schemas.ACTIVITY, schemas.OWN_YEARS]}), "csv": (CSV, TEXT), "svg": (SVG, TEXT)}
    yield MachineAddress("registry:activity", "/projects/{key}/", "One activity", one, (key, years), ("301",))
    group = one | {"json": (JSON, {"oneOf": [schemas.GROUP, schemas.OWN_YEARS]})}
    code = step("code", "Code of the methodology, such as ACM0002 or AMS-I.D.", "[-A-Za-z0-9 .]{5,20}", "ACM0002")
    yield MachineAddress("registry:methodology", "/methodologies/{code}/", "One methodology", group, (code, years), ("301",))
    party = step("code", "Code of the host Party, ISO 3166-1 alpha-2.", "[A-Za-z]{2}", "BR")
    yield MachineAddress("registry:party", "/parties/{code}/", "One host Party", group, (party, years), ("301",))
    entity = step("slug", "Address of the entity.", "[a-z0-9]+(-[a-z0-9]+)*", "dnv")
    yield MachineAddress("registry:entity", "/entities/{slug}/", "One operational entity", group, (entity, years))
    yield from of_groups()
    yield from of_statistics()
    yield from of_releases()


def of_groups():
    """Lists of what activities are grouped by."""
    registered = ("listed", "registered", "cers")
    verified = ("validated", "issuances", "cers")
    changes = {"accreditation": schemas.list_of(schemas.part("Accreditation"))}
    family = choice("family", "Methodologies of this family alone.", FAMILIES)
    for view, path, told, numbers, more, given in (
        ("registry:parties", "/dna/", "Host Parties", registered, {}, ()),
        ("registry:entities", "/doe/", "Operational entities, with changes of their accreditation", verified, changes, ()),
        ("registry:methodologies", "/methodologies/", "Methodologies", registered, {}, (family,)),
    ):
        order = choice("sort", "Column by which the list is ordered, the highest first.", numbers)
        yield MachineAddress(view, path, told, {"json": (JSON, schemas.groups(numbers, **more))}, (*given, order))


def rows_of(name):
    return TEXT | {"description": f"One JSON object a line, each of the schema {name}."}


def of_issuances():
    """As those of the list of activities, where they are the same; what no facet of either has, by name."""
    days = {"issued_from", "issued_to"}
    found = []
    for facet in issuances.FILTERS:
        if facet.name in days:
            found.append(Parameter(facet.name, "Day of issuance.", DAY))
        elif facet.name == "ref":
            found.append(Parameter("ref", "Numbers of activities.", several(NUMBER_OF_ACTIVITY, 30)))
        elif facet.name == "q":
            found.append(plain("q", "Words of the titles of activities.", 40))
        else:
            found += of_facets([facet])
    return found


def of_statistics():
    tables = {"csv": (CSV, TEXT), "json": (JSON, schemas.STATISTICS), "svg": (SVG, TEXT)}
    named = [*statistics.BREAKDOWNS, *stat_tables.HEADINGS]
    by = choice("by", "Breakdown of CERs, or a table of its own.", named, is_required=True, is_named=True, example="host")
    yield MachineAddress("registry:statistics", "/statistics/", "One breakdown of CERs", tables, (by,))
    code = {"type": "string", "maxLength": 2, "pattern": "^[A-Za-z]{2}$", "description": "a code of two letters, ISO 3166-1 alpha-2"}
    party = Parameter(
        "party",
        "Two to four host Parties, by their codes.",
        several(code, stat_tables.MOST_PARTIES),
        is_required=True,
        is_named=True,
        example=["BR", "IN"],
    )
    compared = {"csv": (CSV, TEXT), "json": (JSON, schemas.COMPARISON), "svg": (SVG, TEXT)}
    yield MachineAddress("registry:compare", "/statistics/compare/", "Host Parties compared", compared, (party,))
    found = {"csv": (CSV, TEXT), "json": (JSON, schemas.REGISTRY)}
    serial = plain("serial", "A serial number or a range of units, such as CN-188778197; JSON alone.", 200)
    cancelled = choice("by", "Breakdown of cancelled units.", cancellations.BREAKDOWNS, is_named=True, example="year")
    yield MachineAddress(
        "registry:registry",
        "/registry/",
        "Units by serial number, or cancelled units by group: one of them",
        found,
        (serial, cancelled),
    )


def of_releases():
    found = {"json": (JSON, schemas.closed({"items": schemas.list_of(schemas.part("Release"))})), "atom": (ATOM, TEXT)}
    yield MachineAddress("registry:releases", "/releases/", "Releases of the data", found)
    day = step(
        "release",
        "Day of the data, and after a dot the revision.",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(\\.[1-9][0-9]{0,3})?",
        "2023-11-03",
    )
    yield MachineAddress("registry:release", "/releases/{release}/", "One release", {"json": (JSON, schemas.part("Release"))}, (day,))
    changed = {"csv": (CSV, TEXT), "json": (JSON, schemas.CHANGES)}
    narrowed = (
        choice("what", "Changes of this sort alone.", releases.WHAT, is_named=True),
        choice("field", "Changes of this field alone.", release_changes.FIELDS, is_named=True),
    )
    path, told = "/releases/{release}/changes/", "What a release changed against the one before it"
    yield MachineAddress("registry:changes", path, told, changed, (day, *narrowed), columns=releases.COLUMNS)


def of_news():
    forms = {"csv": (CSV, TEXT), "json": (JSON, schemas.list_at(schemas.NEWS_ITEM))}
    columns = ("date", "date_precision", "title", "summary", "topics", "address")
    year = step("year", "Year.", "[0-9]{4}", "2010")
    month = step("month", "Month.", "[0-9]{2}", "03")
    day = step("day", "Day of the month.", "[0-9]{2}", "08")
    topic = Parameter("topic", "Topic.", schemas.one_of(Topic.values), "path", is_required=True, is_named=True, example="board")
    yield MachineAddress("news:archive", "/news/", "News", forms, columns=columns)
    wider = ("301",)
    yield MachineAddress("news:year", "/news/{year}/", "News of a year", forms, (year,), wider, columns)
    yield MachineAddress("news:month", "/news/{year}/{month}/", "News of a month", forms, (year, month), wider, columns)
    yield MachineAddress("news:day", "/news/{year}/{month}/{day}/", "News of a day", forms, (year, month, day), wider, columns)
    yield MachineAddress("news:topic", "/news/topics/{topic}/", "News of a topic", forms, (topic,), columns=columns)
    yield from feed("news:feed", "/news/feed/", "News as a feed")
    yield from feed("news:topic_feed", "/news/topics/{topic}/feed/", "News of a topic as a feed", topic)
    yield MachineAddress("news:podcast", "/audio/feed/podcast/", "Recordings as a podcast", {"": (RSS, TEXT)}, (page(),))


def of_documents():
    forms = {"csv": (CSV, TEXT), "json": (JSON, schemas.documents(selection.FACETS))}
    words = plain("words", "Words of titles and symbols; all must be there.", selection.WORDS_LIMIT)
    order = choice("sort", "Order of the rows.", selection.ORDERS)
    given = (*of_facets(selection.FACETS), words, order)
    yield MachineAddress("documents:library", "/documents/", "Documents of the library", forms, given, columns=OF_DOCUMENTS)


def of_bodies():
    calendar = {"": (CALENDAR, TEXT)}
    yield MachineAddress("bodies:calendar", "/panels/calendar.ics", "Meetings of all bodies", calendar, (WHOLE,), ("404",))
    yield MachineAddress("bodies:board_calendar", "/executive-board/calendar.ics", "Meetings of the Board", calendar, (WHOLE,), ("404",))
    yield MachineAddress("bodies:body_calendar", "/panels/{slug}/calendar.ics", "Meetings of a body", calendar, (BODY, WHOLE))
    yield from feed("bodies:feed", "/panels/feed/", "Meetings of all bodies as a feed")
    yield from feed("bodies:board_feed", "/executive-board/feed/", "Meetings of the Board as a feed")
    yield from feed("bodies:body_feed", "/panels/{slug}/feed/", "Meetings of a body as a feed", BODY)


def of_calls():
    calendar = {"": (CALENDAR, TEXT)}
    yield MachineAddress("calls:calendar", "/public-inputs/calendar.ics", "Calls for public inputs", calendar, (WHOLE,))
    slug = step("slug", "Address of the call.", SLUG, "2010-registration-and-issuance")
    order = choice("sort", "Order of the rows; without it by number.", filter(None, calls.ORDERS))
    forms = {"csv": (CSV, TEXT), "json": (JSON, schemas.list_at(schemas.SUBMISSION))}
    gone = ("301", "410", "451")
    path, told = "/public-inputs/{slug}/", "Submissions to a call"
    yield MachineAddress("calls:call", path, told, forms, (slug, order), gone, calls.COLUMNS)


def of_search():
    q = plain("q", "What is looked for; the first 128 characters count. A feed asks for it.", FURTHEST, example="registration")
    chosen = [plain(facet, f"One value of the facet {facet}.", 80) for facet in ("kind", "section", "year", "class")]
    order = choice("sort", "date: the newest first; without it by relevance.", ["date"])
    typed = choice("as", "typed: no word is put right.", ["typed"])
    forms = {"json": (JSON, schemas.RESULTS), "atom": (ATOM, TEXT)}
    missing = {"404": {JSON: schemas.ERROR, "text/html": TEXT}}
    yield MachineAddress(
        "search:results", "/search/", "Search of everything", forms, (q, *chosen, order, typed, page(MOST_PAGES)), schemas=missing
    )
    yield MachineAddress(
        "search:opensearch", "/search/opensearch.xml", "Description for browsers", {"": ("application/opensearchdescription+xml", TEXT)}
    )
    suggested = {"": (JSON, schemas.SUGGESTIONS), "opensearch": ("application/x-suggestions+json", schemas.SUGGESTIONS_OF_BROWSERS)}
    name = plain("q", "The beginning of a name.", MOST_TYPED)
    yield MachineAddress("search:suggestions", "/quickfinder/suggestions/", "Suggestions while typing", suggested, (name,))


def feed(view, home, summary, *parameters):
    """A feed in its three formats: a path each, since each has one media type."""
    for form in FORMS:
        yield MachineAddress(view, f"{home}{form}/", f"{summary} ({form})", {"": FEEDS[form]}, (*parameters, page()), also=("404",))


def of_kinds():
    """Files and feeds of the kinds whose addresses `publishing.list_views.listed` makes."""
    for kind in listed():
        app = kind.edition._meta.app_label
        view = LISTS.get(kind.name, f"{app}:{kind.name}_list")
        if kind.columns and is_made(view):
            row = ROWS.get(kind.name) or schemas.of_fields(kind)
            forms = {"csv": (CSV, TEXT), "json": (JSON, schemas.list_at(row))}
            given, columns = tuple(of_facets(kind.facets)), (*kind.columns, "address")
            yield MachineAddress(view, kind.home, str(kind.label_plural), forms, given, columns=columns)
        if kind.description and is_made(f"{app}:{kind.name}_feed"):
            yield from feed(f"{app}:{kind.name}_feed", f"{kind.home}feed/", f"{kind.label_plural} as a feed")


def is_made(view):
    """Whether the URLconf has an address of the name."""
    resolver, (app, _colon, name) = get_resolver(), view.rpartition(":")
    return name in (resolver.namespace_dict[app][1] if app else resolver).reverse_dict
