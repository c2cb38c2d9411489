"""Dashboard of the desk: text not saved yet, drafts that nobody has published, and everything that is scheduled."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk import own_texts, people, recent, upkeep
from desk.draft_form import titles_of
from desk.numbers import row_numbers
from desk.states import AHEAD, unchanged
from files import fields, metadata
from publishing import kinds, ledger
from publishing.models import Edition, WorkingCopy
from publishing.roles import Can, can, reach, sees_future

MOST = 12


@dataclass(frozen=True)
class ScheduledRow:
    """Row of the dashboard: a thing's title, the address of its form, and what is scheduled for it."""

    title: str
    kind: str
    address: str
    number: int = 0
    what: str = ""
    by: str = ""
    note: str = ""


def address(draft_model, view, *arguments):
    """The address of a desk view of the model's things, or an empty text for a kind without a desk."""
    try:
        return reverse(f"admin:{draft_model._meta.app_label}_{draft_model._meta.model_name}_{view}", args=arguments)
    except NoReverseMatch:
        return ""


def from_request(request):
    """Context of the desk's first page: unsaved texts, drafts that wait, what is scheduled."""
    return {
        "unsaved": unsaved(request.user),
        "waiting": waiting(request.user),
        "moments": list(by_moment(request)),
        "events": recent.events(request.user, recent.FEW),
        "carrying": carrying(request.user),
        "troubles": upkeep.troubles(request.user),
        "most": MOST,
        "may_cancel": False,
        "may_look": sees_future(request.user),
    }


def unsaved(user):
    """(title, address, when) of the texts that the person has typed and not saved."""
    copies = WorkingCopy.objects.filter(user=user, discarded=None).order_by("-saved").defer("fields")[:MOST]
    return [
        (own_texts.title_of(user, copy), own_texts.form_address(user, copy) or reverse("admin:text", args=[copy.pk]), copy.saved)
        for copy in copies
    ]


def waiting(user):
    """Drafts within the person's reach that differ from what was published or scheduled last, at most MOST and one of each kind."""
    lines = []
    for kind in kinds.every():
        drafts = kind.draft.objects.defer(*kind.draft.long_texts()).order_by("-pk")
        within = reach(user, Can.READ_DRAFT, kind)
        if within is not None:
            drafts = drafts.filter(pk__in=within)
        same = unchanged(kind, drafts.order_by().values("pk"))
        changed = [draft for draft in drafts if draft.pk not in same][: MOST + 1]
        lines += [
            ScheduledRow(people.title_within(user, kind, draft), kind.label, address(kind.draft, "change", draft.pk)) for draft in changed
        ]
    return lines


def carrying(user):
    """Things whose published pictures carry a place or data of a camera, for those who may erase: (title, form, page to erase, what)."""
    if not can(user, Can.ERASE):
        return []
    found = {}
    for model, field in fields.fields():
        if issubclass(model, Edition):
            pictures = Q(*((f"{field.name}__iendswith", f".{ending}") for ending in metadata.READERS), _connector=Q.OR)
            for edition in model.objects.filter(pictures).order_by("number"):
                told = set(metadata.found_if_there(getattr(edition, field.attname))) & {metadata.PLACE, metadata.CAMERA}
                if told:
                    found.setdefault((edition.kind, edition.thing_id), set()).update(told)
    return [carrying_row(user, kinds.get(kind), thing, told) for (kind, thing), told in found.items()]


def carrying_row(user, kind, thing, told):
    title = people.title_within(user, kind, kind.draft.objects.get(pk=thing))
    ways = (address(kind.draft, view, thing) for view in ("change", "erase"))
    return title, *ways, metadata.in_words(metadata.in_order(told))


def pending(request):
    """Everything scheduled that the person may see, in the order of its moments."""
    found = []
    for kind in kinds.every():
        editions = Edition.objects.filter(kind=kind.name).pending(request.moment.now)
        within = reach(request.user, Can.READ_DRAFT, kind)
        found += editions if within is None else editions.filter(thing__in=within)
    return sorted(found, key=lambda edition: (edition.live_from, edition.number))


def by_moment(request):
    """(moment, ScheduledRows) of what is scheduled."""
    editions = pending(request)
    titles = {}
    for name in {edition.kind for edition in editions}:
        titles |= titles_of(name, [edition.thing_id for edition in editions if edition.kind == name])
    for moment, group in groupby(editions, key=lambda edition: edition.live_from):
        yield moment, [scheduled_row(edition, titles) for edition in group]


def scheduled_row(edition, titles):
    kind = kinds.get(edition.kind)
    where = address(kind.draft, "change", edition.thing_id)
    title = titles.get(edition.thing_id) or edition.thing.reference
    return ScheduledRow(title, kind.label, where, edition.number, AHEAD[edition.action], edition.author, edition.note)


def scheduled(request):
    """The list of what is scheduled; a POST cancels what was ticked."""
    if request.method == "POST":
        return cancel_ticked(request)
    may_cancel = can(request.user, Can.PUBLISH)
    own = {"title": _("Scheduled"), "moments": list(by_moment(request)), "may_cancel": may_cancel, "may_look": sees_future(request.user)}
    context = admin.site.each_context(request) | own
    return TemplateResponse(request, "admin/desk/scheduled.html", context)


def cancel_ticked(request):
    if not can(request.user, Can.PUBLISH):
        raise PermissionDenied
    numbers = row_numbers(request.POST.getlist("edition"))
    editions = [edition for edition in pending(request) if edition.number in numbers]
    try:
        count = len(ledger.cancel_all(editions, author=request.user.get_username())) if editions else 0
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        text = ngettext("%d entry cancelled; what is live stays as it is.", "%d entries cancelled; what is live stays as it is.", count)
        messages.success(request, text % count) if count else messages.warning(request, _("Nothing was ticked that is still scheduled."))
    return redirect("admin:scheduled")
