"""Form context: status of the thing, offers of autosave, notes on the text, actions."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from desk import autosave, choosers, comparison, people, resubmission
from desk.draft_form import as_typed
from desk.draft_notes import notes
from desk.models import ReviewDate
from desk.numbers import row_number
from desk.states import State
from publishing import draft_versions
from publishing.models import How
from publishing.roles import Can, can


@dataclass(frozen=True)
class Tool:
    """Action that the form of a thing offers."""

    label: str
    address: str
    opens_apart: bool = False
    is_main: bool = False


def prefilled(desk, request, object_id):
    """The request with `prefill` where the form is to open with other values than the draft's; such a request saves nothing."""
    draft = desk.get_object(request, object_id) if object_id else None
    if resubmission.asks_refill(request):
        return resubmission.opening(request)
    if request.method == "POST" and (taken := choosers.taken(request)):
        shown = resubmission.opening(request)
        shown.prefill[taken[0]] = taken[1]
        return shown
    if request.method == "POST" and "_take" in request.POST and draft:
        shown = resubmission.opening(request)
        shown.prefill = with_saved(desk, request, draft, request.POST["_take"])
        return shown
    if request.method != "POST" and (copy := copy_asked_for(desk, request, draft)):
        request.prefill = autosave.as_post(copy)
    return request


def copy_asked_for(desk, request, draft):
    """The working copy that `?copy=` names by its id, or by `use`, which is the latest one."""
    name, waiting = request.GET.get("copy", ""), autosave.for_user(request.user, desk.kind, draft and draft.pk)
    if name == "use":
        return waiting.first()
    return waiting.filter(pk=row_number(name) or 0).first() if name else None


def without_save_as_new(post):
    """Django's admin makes a copy for whoever sends this name, whether the form offers it or not."""
    if "_saveasnew" not in post:
        return post
    post = post.copy()
    del post["_saveasnew"]
    return post


def with_saved(desk, request, draft, name):
    """The posted fields, with one field as it is saved."""
    values = request.POST.copy()
    saved = as_typed(desk.form_of(request, draft))
    values.setlist(name, saved.get(name, []))
    return values


def context_of(desk, request, form, draft):
    """Context of the form's template besides the form."""
    state = desk.state(request, draft) if draft else State()
    sent = form.data if form.is_bound else form.prefill
    return {
        "state": state,
        "tools": tools(desk, request, draft, state) if draft else [],
        "notes": notes(desk, request, draft) if draft else [],
        "offers": [] if request.method == "POST" else offers(desk, request, draft, autosave.named_slot(sent or {})),
        "writing": list(people.writing(request.user, draft.pk)) if draft else [],
        "slot": autosave.new_slot() if sent is None else autosave.named_slot(sent) or autosave.new_slot(),
        "copy_stamp": "" if sent is None else sent.get("working_copy", ""),
        "lost_files": resubmission.lost_files(request),
        "changes": changes(desk, request, form, draft),
        "is_behind": getattr(form, "is_behind", False),
        "is_prefilled": form.prefill is not None,
        "is_unsaved": sent is not None,
        "review_date": ReviewDate.objects.filter(thing=draft.pk).first() if draft else None,
        "today": timezone.now().date(),
        "last_save": last_save(draft) if draft else None,
        "now": int(timezone.now().timestamp() * 1000),
        "token_address": reverse("admin:token"),
        "preview_address": desk.address("preview", draft.pk) if draft else desk.address("preview_new"),
        "copy_address": desk.address("working_copy", draft.pk) if draft else desk.address("working_copy_new"),
        "discard_address": desk.address("discard", draft.pk) if draft else desk.address("discard_new"),
        "cancel_address": desk.address("cancel", draft.pk) if draft and can(request.user, Can.PUBLISH, draft) else "",
        "may_publish": can(request.user, Can.PUBLISH, draft) if draft else can(request.user, Can.PUBLISH),
    }


def last_save(draft):
    """Last save of the draft: who, when and how; for drafts from before there were versions, from the log."""
    if version := draft_versions.for_thing(draft.pk).first():
        return {"who": version.author, "when": version.made, "how": version.how, "origin": version.origin}
    found = draft_versions.last_logged_save(draft)
    return {"who": found["user"], "when": found["made"], "how": How.SAVE} if found else None


def changes(desk, request, form, draft):
    """Differences between the saved draft and the form, where the form shows something else."""
    if draft is None or not (form.prefill is not None or getattr(form, "is_behind", False)):
        return []
    post = form.data if form.is_bound else form.prefill
    return comparison.form_changes(desk.get_form(request, draft, change=True), post, form.stored)


MOST_OFFERS = 5


def offers(desk, request, draft, shown=""):
    """The person's texts that wait to be used or discarded, with how they differ from the draft; not the one in the form."""
    stored, waiting = draft or desk.model(), autosave.for_user(request.user, desk.kind, draft and draft.pk)
    form_class = desk.get_form(request, draft, change=bool(draft))
    found = []
    for copy in (waiting.exclude(slot=shown) if shown else waiting)[:MOST_OFFERS]:
        differs = comparison.form_changes(form_class, autosave.as_post(copy), stored)
        is_behind = draft is not None and copy.base_version != draft.version
        is_open = timezone.now() - copy.saved < people.STILL_THERE
        if differs:
            found.append({"copy": copy, "stamp": autosave.stamp(copy), "changes": differs, "is_behind": is_behind, "is_open": is_open})
    return found


def tools(desk, request, draft, state=None):
    """Actions on a thing that the person may take."""
    state = state or desk.state(request, draft)
    target = desk.kind.targets([draft.pk], request.moment).get(draft.pk)
    offered = [
        (target is not None, Can.READ_DRAFT, Tool(_("View on site"), target.address if target else "")),
        (True, Can.READ_DRAFT, Tool(_("Preview saved draft"), desk.address("preview", draft.pk), opens_apart=True)),
        (True, Can.READ_DRAFT, Tool(_("History"), desk.address("history", draft.pk))),
        (not state.is_new, Can.READ_DRAFT, Tool(_("What links here"), desk.address("inbound", draft.pk))),
        (True, Can.WRITE, Tool(_("Review by…"), desk.address("review", draft.pk))),
        (True, Can.SHARE, Tool(_("Share…"), desk.address("share", draft.pk))),
        (True, Can.PUBLISH, Tool(_("Publish…"), desk.address("publish", draft.pk), is_main=True)),
        (state.is_live, Can.WITHDRAW, Tool(_("Withdraw…"), desk.address("withdraw", draft.pk))),
        (not state.is_new, Can.ERASE, Tool(_("Erase…"), desk.address("erase", draft.pk))),
    ]
    return [tool for fits, action, tool in offered if fits and can(request.user, action, draft)]
