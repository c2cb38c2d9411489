"""Finding at the desk: one box for everything that the person may read there, drafts and what is public alike, by words of title and text.

Every kind is asked once, within the person's reach, for MOST rows at most; texts are read of those alone that are shown.
"""

from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Case, IntegerField, Q, Value, When
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from desk import choosers, people
from desk.numbers import row_number
from desk.states import states
from publishing import kinds
from publishing.models import Edition, Thing
from publishing.roles import Can, can, reach

MOST = 40
WORDS, LONGEST, AROUND = 8, 128, 90


@dataclass(frozen=True)
class FoundThing:
    """Thing found: `place` tells why it stands where it does, `words` are those around the first one in its text."""

    place: tuple
    title: str
    kind: str
    address: str
    marks: list
    words: tuple = ()


def searched_kinds():
    """(kind, its desk) of everything that has a form with titles to search."""
    desks = ((kind, admin.site._registry.get(kind.draft)) for kind in kinds.every())
    return [(kind, desk) for kind, desk in desks if desk is not None and desk.search_fields]


def found(request, words, only=""):
    """(FoundThings, whether there are more) that hold every word: those with all of them in the title first."""
    wanted = list(dict.fromkeys(words.casefold().split()))[:WORDS]
    asked = [(kind, desk) for kind, desk in searched_kinds() if wanted and only in ("", kind.name)]
    rows = [row for kind, desk in asked for row in matches(request, kind, desk, wanted)]
    if not sees_all(request.user):
        rows = [(kind, draft) for kind, draft in rows if not people.hides(request.user, draft)]
    rows.sort(key=lambda row: (row[1].rank, str(row[1]).casefold(), row[1].pk))
    shown, results = rows[:MOST], []
    for kind, desk in asked:
        drafts = [draft for one, draft in shown if one is kind]
        if drafts:
            results += told(request, kind, desk, drafts, wanted)
    return sorted(results, key=lambda result: result.place), len(rows) > MOST


def matches(request, kind, desk, wanted):
    """(kind, draft) of the best drafts of a kind, with their `rank`."""
    titles, texts = desk.search_fields, kind.draft.long_texts()
    in_titles = Q(*(holds(titles, word) for word in wanted))
    anywhere = Q(*(holds([*titles, *texts], word) for word in wanted))
    rank = Case(When(in_titles, then=Value(0)), default=Value(1), output_field=IntegerField())
    drafts = desk.get_queryset(request).filter(anywhere).annotate(rank=rank).order_by("rank", titles[0], "pk").defer(*texts)[: MOST + 1]
    return [(kind, draft) for draft in drafts]


def holds(fields, word):
    return Q(*(Q(**{f"{field}__icontains": word}) for field in fields), _connector=Q.OR)


def sees_all(user):
    return all(reach(user, Can.READ_DRAFT, kind) is None for kind in kinds.every())


def told(request, kind, desk, drafts, wanted):
    """FoundThings of drafts of one kind, with their states and the words around what was looked for."""
    found_states = states(kind, [draft.pk for draft in drafts], request.moment.now)
    names, unread = kind.draft.long_texts(), [draft.pk for draft in drafts if draft.rank]
    texts = {pk: parts for pk, *parts in kind.draft.objects.filter(pk__in=unread).values_list("pk", *names)} if unread else {}
    for draft in drafts:
        title = people.title_within(request.user, kind, draft)
        place, around = (draft.rank, title.casefold(), draft.pk), words_around(texts.get(draft.pk, ()), wanted)
        yield FoundThing(place, title, kind.label, desk.address("change", draft.pk), list(found_states[draft.pk].marks()), around)


def words_around(texts, wanted):
    """(before, word, after) of the first place in the texts that has one of the words, or nothing."""
    for text in texts:
        folded = text.casefold()
        places = [(place, word) for word in wanted if (place := folded.find(word)) >= 0]
        if places and len(folded) == len(text):
            place, word = min(places)
            begin, end = max(place - AROUND, 0), place + len(word)
            return ("… " if begin else "") + text[begin:place], text[place:end], text[end : end + AROUND]
    return ()


def directly(request, words):
    """(words, address) of what an address or the number of an edition names, as far as the person may read it."""
    if number := row_number(words):
        edition = Edition.objects.filter(number=number).select_related("thing").first()
        desk = edition and admin.site._registry.get(kinds.get(edition.kind).draft)
        if desk and can(request.user, Can.READ_DRAFT, edition.thing):
            yield _("Edition %d") % number, reverse(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_history", args=[edition.thing_id])
    for kind, desk in searched_kinds() if words.startswith("/") or "://" in words else ():
        pk = choosers.thing_named(kind.name, words) if isinstance(kind, kinds.Addressed) else None
        thing = pk and Thing.objects.filter(pk=pk).first()
        if thing and can(request.user, Can.READ_DRAFT, thing):
            yield people.title_of_thing(request.user, pk), desk.address("change", pk)


def find(request):
    """The page of what is found; `?kind=` leaves one kind."""
    words = " ".join(request.GET.get("q", "").replace("\0", "")[:LONGEST].split())
    offered = [
        (kind.name, kind.label_plural) for kind, desk in searched_kinds() if reach(request.user, Can.READ_DRAFT, kind) != frozenset()
    ]
    only = request.GET.get("kind", "") if request.GET.get("kind") in dict(offered) else ""
    results, more = found(request, words, only)
    context = {"title": _("Find"), "words": words, "words_found": words, "results": results, "more": more, "offered": offered, "only": only}
    context["named"] = list(directly(request, words))
    return TemplateResponse(request, "admin/desk/find.html", admin.site.each_context(request) | context)
