"""The answer to a search: from the index where it can be used, else from the database; every hit checked against the record."""

import logging
from dataclasses import dataclass, field
from textwrap import shorten

from publishing import dates, holdings, kinds
from publishing.anchors import existing
from publishing.facets import offered
from publishing.layered import Layered
from publishing.models import Edition
from publishing.snapshots import Snapshot
from search import backend, database, facet_labels, index_documents, queries
from search.analysis import value_key
from search.directory import MOST_TYPED, exact, near
from search.facet_labels import FACETS
from search.highlight import Highlighter
from search.issues import issues
from search.search_request import PAGE

logger = logging.getLogger(__name__)

# Of a facet with many values, the most frequent are offered.
MOST_VALUES = 10
# Of what a best bet says of its own, in characters.
MOST_SAID = 200
# While so many things have changed since the index was last told, the database answers.
MOST_CHANGED = 200


@dataclass(frozen=True)
class Hit:
    """One thing found, as it is live at the moment. `heading` and `passage` are safe HTML with the words asked for marked.

    `place` is the part of its page that answers, as (address, words), where one part does.
    """

    thing: int
    number: int
    kind: str
    title: str
    address: str
    heading: str
    passage: str
    section: str
    day: object
    precision: str = dates.Precision.DAY
    size: str = ""
    language: str = ""
    place: tuple = ()

    @property
    def kind_label(self):
        return holdings.kind_or_holding(self.kind).label

    @property
    def shown_date(self):
        """The day as far as it is known, as people read it; nothing without one."""
        return dates.shown(self.day, self.precision) if self.day else ""

    @property
    def machine_date(self):
        return dates.machine(self.day, self.precision) if self.day else ""

    @property
    def templates(self):
        """A kind may have a template of its own."""
        return (f"search/results/{self.kind}.html", "search/results/default.html")


@dataclass
class Results:
    """Results of a search. `corrected` is the search whose answer is shown because the one asked for had none.

    `source` is `index`, `past`, or why the index could not be used: `missing`, `damaged`, `behind`.

    `is_final` when it stays the same until the record changes. `listed` is the address of a list of all that is shown, with its filters.
    """

    asked: object
    count: int = 0
    hits: list = field(default_factory=list)
    facets: list = field(default_factory=list)
    is_partial: bool = False
    corrected: object = None
    best_bets: list = field(default_factory=list)
    source: str = "index"
    is_final: bool = True
    listed: str = ""

    @property
    def is_degraded(self):
        return self.source not in {"index", "past"}


def search(asked, moment):
    """Results for what was asked at the moment, by one state of the index throughout."""
    if holding := next((holdings.prefixes()[name] for name in asked.query.filters if name in holdings.prefixes()), None):
        return narrowed(holding, asked, moment)
    head = backend.default().generations.head() if moment.is_now else None
    answer, source = look_up(asked, chosen_values(asked), moment, head)
    corrected = None
    if not asked.is_as_typed and (answer["is_partial"] or not answer["hits"]) and (text := put_right(asked, answer, moment)):
        better = asked.asking(text, moment)
        answer_to_better, source_of_better = look_up(better, chosen_values(better), moment, head)
        if answer_to_better["hits"] and not answer_to_better["is_partial"]:
            answer, source, corrected = answer_to_better, source_of_better, better
    hits = hits_of(answer["results"], (corrected or asked).query, moment)
    return Results(
        asked,
        answer["hits"] - (len(answer["results"]) - len(hits)),
        hits,
        facets_of(answer["facets"]["fields"], asked),
        answer["is_partial"],
        corrected,
        best_bets(corrected or asked, moment, answer["results"]),
        source,
        is_final(source, moment, head),
    )


def put_right(asked, answer, moment):
    """What to look for instead of what was not found: the words put right, or a name that was typed with one wrong letter."""
    return answer["spelling_suggestion"] or ("" if asked.query.filters else near(asked.text, moment))


def narrowed(holding, asked, moment):
    """Results among the items of a holding that its prefixes in the query leave, in the order of its list."""
    wanted = {name: values for name, values in asked.query.filters.items() if name in holding.filters}
    others = {name: value for name, value in chosen_values(asked).items() if name not in wanted}
    own = {"kind": holding.name, "section": str(holding.section)}
    words = asked.query.plain
    found = holding.narrowed(wanted, words, moment, asked.start, asked.start + PAGE)
    if any(value_key(own.get(name, "")) != value_key(value) for name, value in others.items()):
        return Results(asked, listed=found.address)
    targets, highlighter = holding.targets(found.items, moment), Highlighter(queries.parse(words))
    hits = [item_hit(holding, targets[item], highlighter, moment) for item in found.items if item in targets]
    return Results(asked, found.count, hits, listed=found.address, source="index" if moment.is_now else "past")


def item_hit(holding, target, highlighter, moment):
    """Hit for an item of a holding that was found by no words of a text."""
    title, said = highlighter.marked(target.title), highlighter.marked(holding.told(target.thing, moment))
    return Hit(target.thing, 0, holding.name, target.title, target.address, title, said, str(holding.section), None)


def is_final(source, moment, head):
    """False where the index did not show the record as it is now, or could not be used."""
    return source == "past" or (source == "index" and head.covers(moment.version))


def look_up(asked, narrowed, moment, head):
    """Answer of the engine or of the database, in the same form, and its source."""
    if not moment.is_now:
        return in_database(asked, narrowed, moment), "past"
    engine = backend.default()
    try:
        changed = changed_since_indexed(head, moment)
        if len(changed) > MOST_CHANGED:
            return in_database(asked, narrowed, moment), "behind"
        return in_index(engine, asked, narrowed, changed), "index"
    except backend.Missing:
        return in_database(asked, narrowed, moment), "missing"
    except backend.Damaged as problem:
        logger.warning("The search index cannot be read: %s", problem)
        engine.generations.report_damage()
        return in_database(asked, narrowed, moment), "damaged"


def in_index(engine, asked, narrowed, changed):
    answer = engine.search(
        asked.query,
        start_offset=asked.start,
        end_offset=asked.start + PAGE,
        sort_by=["-day"] if asked.by_date else None,
        facets=[facet.name for facet in FACETS],
        narrow_queries=[f"{name}:{value}" for name, value in narrowed.items()],
        without=changed,
        later=[holding.name for holding in holdings.every()],
        gone=[holding.name for holding in holdings.every()] if index_documents.brings_items(changed) else [],
        spelling_query=asked.text,
    )
    return answer | {"results": [result.get_additional_fields() for result in answer["results"]]}


def in_database(asked, narrowed, moment):
    found = database.search(asked.query, moment, asked.start, asked.start + PAGE, asked.by_date, narrowed)
    return {
        "results": [document for document, _ in found.documents],
        "hits": found.count,
        "facets": {"fields": found.facets},
        "spelling_suggestion": None,
        "is_partial": found.is_partial,
    }


def changed_since_indexed(head, moment):
    """Ids of the things whose entries in the index may no longer be true: for a search they do not exist."""
    if head is None:
        raise backend.Missing("There is no index.")
    return set() if head.covers(moment.version) else changes(moment, head)


known_changes = Snapshot(lambda _moment: {})


def changes(moment, head):
    """Ids of the things that changed since the index, asked once for each state of record and index."""
    known = known_changes(moment)
    if head not in known:
        things = index_documents.changed(head.last, head.moment_until(), moment)
        known[head] = things | index_documents.targets_of_issues(things) | index_documents.showing_figures(things, moment)
    return known[head]


def chosen_values(asked):
    """Facet values by facet: those of prefixes in the query, such as kind:page or class:decision, and those chosen, which go first."""
    values = {name: values[-1] for name, values in asked.query.filters.items()} | asked.chosen
    if "kind" in values:
        values["kind"] = facet_labels.kind_called(values["kind"])
    return values


def numbers(moment, **fields):
    return dict(Edition.objects.live(moment.at, **fields).values_list("thing_id", "number"))


def update_numbers(before, moment, changed):
    things = set().union(*changed.values())
    return before.changed(dict.fromkeys(things) | numbers(moment, thing__in=things))


# The number of the edition live of each thing: every hit is looked up here before it is shown.
live_numbers = Snapshot(lambda moment: Layered(numbers(moment)), most=3, update=update_numbers)


def hits_of(documents, query, moment):
    """Hits for prepared documents, without those that the record does not show as they were indexed."""
    live, items = live_numbers(moment), {document["kind"] for document in documents}
    versions = {name: holding.version(moment) for name in items if (holding := holdings.find(name))}
    documents = [d for d in documents if d["number"] == (versions[d["kind"]] if d["kind"] in versions else live.get(d["thing"]))]
    targets = holdings.targets([(document["kind"], document["thing"]) for document in documents], moment)
    highlighter = Highlighter(query)
    entries = issues(moment).by_target
    return [
        hit_of(document, targets[thing], entries.get(thing, ()), highlighter)
        for document in documents
        if (thing := document["thing"]) in targets
    ]


def hit_of(document, target, entries, highlighter):
    passage = highlighter.passage(target.title, document["summary"], document["pieces"])
    return Hit(
        document["thing"],
        document["number"],
        document["kind"],
        target.title,
        target.address,
        highlighter.marked(target.title),
        passage.html,
        document["section"],
        document["day"],
        document["precision"],
        target.size,
        target.language,
        place=place_in(target, passage.part, document, entries, highlighter),
    )


def place_in(target, part, document, entries, highlighter):
    """(address, words) of the part of a page that answers: the place of an issue that was asked for, or where the words are; or nothing."""
    if target.outside or "#" in target.address:
        return ()
    headings = {place: text for kind, place, text in document["pieces"] if kind == "heading"}
    places = (entry.place_for(highlighter.query.names) for entry in entries)
    place = next((place for place in places if place in headings), part and part[0])
    return (f"{target.address}#{place}", headings[place]) if place in headings else ()


def facets_of(counted, asked):
    """Facets with a choice between values: the most frequent first, years from the latest on."""
    counts = counted | {"year": sorted(counted.get("year", []), reverse=True)}
    return offered(FACETS, counts, {name: [value] for name, value in asked.chosen.items()}, asked.changed, MOST_VALUES)


def best_bets(asked, moment, documents):
    """Things that bear this very name, and their texts; none where the first of the documents found bears it too."""
    if asked.page > 1 or asked.chosen or len(asked.text) > MOST_TYPED:
        return []
    if documents and not documents[0]["named"].isdisjoint(asked.query.names):
        return []
    found = exact(asked.text, moment)
    if not found:
        return []
    address = existing(found.address, moment)
    return [{"title": found.title, "text": said_of(found, moment), "address": address, "language": found.language}]


def said_of(found, moment):
    """An issue's own words, or else the beginning of what is found there."""
    if holding := holdings.find(found.kind):
        return shortened(holding.told(found.thing, moment))
    entry = issues(moment).by_thing.get(found.thing)
    if entry and entry.best_bet:
        return entry.best_bet
    kind, thing = (kinds.get(entry.target.kind), entry.target_id) if entry else (kinds.get(found.kind), found.thing)
    edition = kind.edition.objects.live(moment.at).filter(thing=thing).first()
    document = edition and kind.search_document(edition, moment)
    return shortened(document.summary or document.text) if document else ""


def shortened(text):
    return shorten(text, MOST_SAID, placeholder=" …")
