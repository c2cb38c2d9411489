"""Link picker: things to link to, by title; and the formatted text for the pane beside the form."""

from dataclasses import asdict, dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponseNotAllowed, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from desk import people
from markup import rendering
from publishing import kinds, preview
from publishing.fields import BODY_LIMIT
from publishing.links import render
from publishing.roles import Can, can, reach

MOST = 40


@dataclass(frozen=True)
class LinkChoice:
    """Thing to link to. `state` says why a link to it would not work yet; empty for what is live."""

    title: str
    address: str
    kind: str
    state: str = ""

    @property
    def markdown(self):
        title = self.title.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        return f"[{title}]({self.address})"


def choices(user, moment, words):
    """Things of all kinds whose title holds every word: what is live, then drafts within the person's reach."""
    wanted = words.casefold().split()
    found = [choice for kind in kinds.every() for choice in [*live(kind, moment, wanted), *drafts(kind, user, moment, wanted)]]
    return sorted(found, key=lambda choice: order(choice, words.casefold()))


def order(choice, words):
    """Sort key: live things first, then those that begin with the words, then by title."""
    title = choice.title.casefold()
    return bool(choice.state), not title.startswith(words), title


def live(kind, moment, wanted):
    things = list(kind.edition.objects.live(moment.at).values_list("thing_id", flat=True))
    targets = kind.targets(things, moment).values()
    return [LinkChoice(target.title, target.address, kind.label) for target in targets if holds(target.title, wanted)]


def drafts(kind, user, moment, wanted):
    """Drafts that are not live but would have an address."""
    rows = kind.draft.objects.defer(*kind.draft.long_texts()).exclude(pk__in=kind.edition.objects.live(moment.at).values("thing_id"))
    within = reach(user, Can.READ_DRAFT, kind)
    rows = rows if within is None else rows.filter(Q(pk__in=within))
    named = [draft for draft in rows if holds(kind.title(draft), wanted) and not people.hides(user, draft)][:MOST]
    placed = [(draft, kind.address(draft, moment)) for draft in named]
    return [LinkChoice(kind.title(draft), address, kind.label, _("not published yet")) for draft, address in placed if address]


def holds(title, wanted):
    folded = title.casefold()
    return all(word in folded for word in wanted)


def links(request):
    """The list of what can be linked to, as a page or, with `?format=json`, for the dialog beside the text."""
    if not can(request.user, Can.WRITE):
        raise PermissionDenied
    words = request.GET.get("q", "")[:128].replace("\0", "")
    found = choices(request.user, request.moment, words)
    if "published" in request.GET:
        found = [choice for choice in found if not choice.state]
    more = max(0, len(found) - MOST)
    if request.GET.get("format") == "json":
        return JsonResponse({"links": [asdict(choice) | {"markdown": choice.markdown} for choice in found[:MOST]], "more": more})
    context = {**admin.site.each_context(request), "title": _("Links"), "words": words, "links": found[:MOST], "more": more}
    return TemplateResponse(request, "admin/desk/links.html", context)


def formatted(request):
    """A Markdown text as visitors would see it, for the pane beside it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not can(request.user, Can.WRITE):
        raise PermissionDenied
    source = request.POST.get("source", "")
    try:
        if len(source) > BODY_LIMIT:
            raise ValidationError(_("This text is too long: at most %d characters.") % BODY_LIMIT)
        rendering.check(source)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)})
    with preview.reading_as(request.user):
        return JsonResponse({"html": render(request.moment, source)})
