"""Documents for the index: made of live editions, and the things that have changed since the index was last told."""

import logging
from functools import reduce
from operator import or_

from django.db.models import Q

from markup.characters import spelt_out
from markup.figure_marks import has_marks
from publishing import figures, holdings, kinds, turns
from publishing.dates import Precision
from publishing.fields import FIGURED_FIELDS, MARKDOWN_FIELDS
from publishing.kinds import searched
from publishing.models import Edition, Thing
from search.analysis import squashed
from search.dates import in_words
from search.issues import issues
from search.models import IssueEdition
from search.passages import pieces

logger = logging.getLogger(__name__)
AT_ONCE = 500
TEXTS = FIGURED_FIELDS | MARKDOWN_FIELDS


def documents(moment, failed, things=None, with_items=True):
    """Yield prepared documents of everything live at the moment that has an address, the items of holdings too, or of those among `things`.

    A text that cannot be prepared is logged and its thing added to `failed`; it must not keep the others out of the index.
    """
    names = issues(moment).names_of_targets
    for kind in searched():
        for editions in portions(kind, moment, things):
            reached = kind.targets([edition.thing_id for edition in editions], moment)
            for edition in editions:
                if edition.thing_id in reached and (document := attempt(kind, edition, moment, failed)):
                    own = names.get(edition.thing_id, ())
                    yield document | {"names": " · ".join(own), "called": document["called"] | whole_names(own)}
    if things is None and with_items:
        for holding in holdings.every():
            yield from map(prepared_item, holding.documents(moment))


def portions(kind, moment, things):
    """The kind's live editions in lists of at most AT_ONCE."""
    live = kind.edition.objects.live(moment.at).order_by("number")
    if things is not None:
        ids = sorted(things)
        for start in range(0, len(ids), AT_ONCE):
            yield list(live.filter(thing__in=ids[start : start + AT_ONCE]))
        return
    last = 0
    while portion := list(live.filter(number__gt=last)[:AT_ONCE]):
        yield portion
        last = portion[-1].number


def attempt(kind, edition, moment, failed):
    try:
        document = kind.search_document(edition, moment)
        return document and prepared(document, kind.edition._meta.label_lower) | {"has_figures": has_figures(edition)}
    except Exception:
        logger.exception("Edition %s cannot be indexed", edition.number)
        failed.add(edition.thing_id)
        return None


def has_figures(edition):
    """Whether texts of an edition may show figures, which change with the day and with the kinds behind them."""
    return any(has_marks(getattr(edition, name, "") or "") for name in TEXTS)


def whole_names(names):
    return {squashed(form) for name in names for form in (name, spelt_out(name))} - {""}


def prepared_item(document):
    """The field values of a SearchDocument of a holding. Its summary is shown, and not found by."""
    return prepared(document, f"holding.{document.kind}") | {"unindexed": ("summary",), "has_figures": False}


def prepared(document, label):
    """The field values of a SearchDocument by name, with those that Haystack itself asks for; `label` is that of its model."""
    return {
        "id": f"{label}.{document.number}",
        "django_ct": label,
        "django_id": str(document.number),
        "thing": document.thing,
        "number": document.number,
        "title": document.title,
        "named": whole_names((document.title, *document.names)),
        "called": whole_names((document.title, *document.names, *document.words)),
        "summary": document.summary,
        "words": " · ".join(word for word in document.words if word),
        "names": "",
        "date": in_words(document.day) if document.day and document.precision == Precision.DAY else "",
        "text": document.text,
        "pieces": pieces(document.blocks),
        "day": document.day,
        "precision": str(document.precision),
        "kind": document.kind,
        "section": document.section,
        "year": document.facets.get("year", ""),
        "class": document.facets.get("class", ""),
    }


def changed(last, until, moment):
    """Ids of the things whose public state may have changed since the record's number `last` and the moment `until`.

    Every change to what is live begins with an edition, so new numbers and moments that have come are all there is, besides what turns
    by the clock alone.
    """
    came = Q(number__gt=last) | Q(live_from__gt=until, live_from__lte=moment.at)
    things = set(Edition.objects.filter(came).values_list("thing_id", flat=True))
    return things.union(turns.turned(until, moment.at).values_list("edition__thing", flat=True))


def targets_of_issues(things):
    """Ids of the things to which issues among the given ones lead, or have led: their documents hold the issues' names."""
    return set(IssueEdition.objects.filter(thing__in=things).values_list("target_id", flat=True)) - {None}


def showing_figures(things, moment):
    """Ids of the things whose documents show figures that the given things may have changed."""
    if not Thing.objects.filter(pk__in=things, kind__in=figures.kinds_behind()).exists():
        return set()
    found = set()
    for kind in searched():
        names = {field.name for field in kind.edition.content_fields()} & TEXTS
        marked = [Q((f"{name}__contains", start)) for name in names for start in ("figure:", "date:")]
        live = kind.edition.objects.live(moment.at).filter(reduce(or_, marked, Q(pk=None)))
        found.update(live.values_list("thing_id", flat=True))
    return found


def brings_items(things):
    """Whether the things bring other items of a holding, so that the index is to be made anew."""
    return Thing.objects.filter(pk__in=things, kind__in=holdings.kinds_behind()).exists()


def dependent(things, moment):
    """Ids of other things whose documents may be different because the given ones changed: targets of issues, pages below a page, texts
    with figures."""
    found = targets_of_issues(things) | showing_figures(things, moment)
    for kind in kinds.every():
        for edition in kind.edition.objects.live(moment.at).filter(thing__in=things):
            found |= kind.things_linked(edition)
            found.update(kind.branch(edition.thing_id, moment.at))
    return found - things
