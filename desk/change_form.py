"""What stands around the form of a draft: how the thing stands, what was typed before, notes on the text, the ways onward."""

from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from desk import autosave, comparison, resubmission
from desk.draft_form import MARKDOWN_FIELDS, as_typed
from desk.states import State
from desk.views import saves
from markup import lint
from publishing.anchors import parts
from publishing.links import links
from publishing.roles import Can, can


@dataclass(frozen=True)
class Tool:
    """A way onward from a thing's form."""

    label: str
    address: str
    opens_apart: bool = False
    is_main: bool = False


def prefilled(desk, request, object_id):
    """The request with `prefill` where the form is to open with other values than the draft's; such a request saves nothing."""
    draft = desk.get_object(request, object_id) if object_id else None
    if resubmission.asks_refill(request):
        return resubmission.opened(request)
    if request.method == "POST" and "_take" in request.POST and draft:
        shown = resubmission.opened(request)
        shown.prefill = with_saved(desk, request, draft, request.POST["_take"])
        return shown
    if request.method != "POST" and request.GET.get("copy") == "use" and (copy := waiting_copy(desk, request, draft)):
        request.prefill = autosave.as_post(copy)
    return request


def without_save_as_new(post):
    """Django's admin makes a copy for whoever sends this name, whether the form offers it or not."""
    if "_saveasnew" not in post:
        return post
    post = post.copy()
    del post["_saveasnew"]
    return post


def with_saved(desk, request, draft, name):
    """What was posted, with one field as it is saved."""
    values = request.POST.copy()
    saved = as_typed(desk.form_of(request, draft))
    values.setlist(name, saved.get(name, []))
    return values


def waiting_copy(desk, request, draft):
    return autosave.of(request.user, desk.kind, draft).first()


def context_of(desk, request, form, draft):
    """What the template of the form shows besides the form."""
    state = desk.state(request, draft) if draft else State()
    offered = offer(desk, request, draft)
    own = own_save(desk, request, draft)
    return {
        "state": state,
        "tools": tools(desk, request, draft, state) if draft else [],
        "notes": notes(request, draft) if draft else [],
        "offer": offered if offered and offered["changes"] else None,
        "copy_stamp": stamp_known(form, offered),
        "changes": changes(desk, request, form, draft),
        "is_behind": getattr(form, "is_behind", False),
        "is_prefilled": form.prefill is not None,
        "last_save": saves(draft).first() if draft else None,
        "own_save": int(own.timestamp() * 1000) if own else 0,
        "now": int(timezone.now().timestamp() * 1000),
        "preview_address": desk.address("preview", draft.pk) if draft else desk.address("preview_new"),
        "copy_address": desk.address("working_copy", draft.pk) if draft else desk.address("working_copy_new"),
        "discard_address": desk.address("discard", draft.pk) if draft else desk.address("discard_new"),
        "cancel_address": desk.address("cancel", draft.pk) if draft and can(request.user, Can.PUBLISH, draft) else "",
        "may_publish": can(request.user, Can.PUBLISH, draft) if draft else can(request.user, Can.PUBLISH),
    }


def own_save(desk, request, draft):
    """When this person last saved this draft, or a new one of the kind; tells the browser which of its texts are saved."""
    entries = LogEntry.objects.filter(user=request.user, content_type=ContentType.objects.get_for_model(desk.model))
    entries = entries.filter(object_id=str(draft.pk)) if draft else entries.filter(action_flag=1)
    return entries.order_by("-action_time").values_list("action_time", flat=True).first()


def changes(desk, request, form, draft):
    """Where the form shows something else than the saved draft: what differs."""
    if draft is None or not (form.prefill is not None or getattr(form, "is_behind", False)):
        return []
    post = form.data if form.is_bound else form.prefill
    return comparison.changes_typed(desk.get_form(request, draft, change=True), post, form.stored)


def offer(desk, request, draft):
    """The working copy that waits to be used or discarded, if there is one that the form does not show; `changes` says how it differs."""
    if request.method == "POST" or getattr(request, "prefill", None) is not None:
        return None
    copy = waiting_copy(desk, request, draft)
    if copy is None:
        return None
    stored = draft or desk.model()
    differs = comparison.changes_typed(desk.get_form(request, draft, change=bool(draft)), autosave.as_post(copy), stored)
    is_behind = draft is not None and copy.base_version != draft.version
    return {"copy": copy, "stamp": autosave.stamp(copy), "changes": differs, "is_behind": is_behind}


def stamp_known(form, offered):
    """The stamp of the working copy that the form may write over: the one it shows, or one that says the same as the draft."""
    if form.is_bound or form.prefill is not None:
        return (form.data if form.is_bound else form.prefill).get("working_copy", "")
    return offered["stamp"] if offered and not offered["changes"] else ""


def notes(request, draft):
    """(name of the field, Note) for every Markdown text of the saved draft."""
    found, known, places = [], links(request.moment).__getitem__, parts(request.moment)
    for name in sorted(MARKDOWN_FIELDS & {field.name for field in draft.content_fields()}):
        label = draft._meta.get_field(name).verbose_name
        found += [(label, note) for note in lint.notes(getattr(draft, name), known, places)]
    return found


def tools(desk, request, draft, state=None):
    """The ways onward that the person may take from a thing."""
    state = state or desk.state(request, draft)
    target = desk.kind.targets([draft.pk], request.moment).get(draft.pk)
    offered = [
        (target is not None, Can.READ_DRAFT, Tool(_("View on site"), target.address if target else "")),
        (True, Can.READ_DRAFT, Tool(_("Preview saved draft"), desk.address("preview", draft.pk), opens_apart=True)),
        (True, Can.READ_DRAFT, Tool(_("History"), desk.address("history", draft.pk))),
        (True, Can.SHARE, Tool(_("Share…"), desk.address("share", draft.pk))),
        (True, Can.PUBLISH, Tool(_("Publish…"), desk.address("publish", draft.pk), is_main=True)),
        (state.is_live, Can.WITHDRAW, Tool(_("Withdraw…"), desk.address("withdraw", draft.pk))),
        (not state.is_new, Can.ERASE, Tool(_("Erase…"), desk.address("erase", draft.pk))),
    ]
    return [tool for fits, action, tool in offered if fits and can(request.user, action, draft)]
