"""The desk's views that read and keep: history, comparison, preview, share links, autosave. `desk` is the ThingAdmin of the kind."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from desk import autosave, comparison, resubmission, share_links
from publishing.roles import Can, can

MOST_SAVES = 20


def history(desk, request, pk):
    """All editions of a thing, scheduled and cancelled ones included, and who saved the draft."""
    draft = desk.draft(request, pk, Can.READ_DRAFT)
    live = desk.kind.edition.objects.live(request.moment.now).filter(thing=pk).first()
    context = {
        "editions": desk.editions(pk),
        "now": request.moment.now,
        "saves": saves(draft)[:MOST_SAVES],
        "changes": comparison.changes(live, draft),
        "live": live,
        "state": desk.state(request, draft),
    }
    return desk.page(request, "history", _("History of “%s”") % draft, draft, **context)


def saves(draft):
    """Entries of the admin's log about the draft, newest first."""
    own = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(draft), object_id=str(draft.pk))
    return own.select_related("user").order_by("-action_time")


def compare(desk, request, pk, number):
    """The words changed from one edition to the draft, or with `?to=<number>` to another edition."""
    draft = desk.draft(request, pk, Can.READ_DRAFT)
    texts = {edition.number: edition for edition in desk.editions(pk) if edition.has_text}
    to = request.GET.get("to", "")
    new = texts.get(int(to)) if to.isascii() and to.isdigit() else draft
    if number not in texts or new is None:
        raise Http404
    title = _("Edition %(number)s and the draft") if new is draft else _("Editions %(number)s and %(to)s")
    context = {"old": texts[number], "new": None if new is draft else new, "changes": comparison.changes(texts[number], new)}
    return desk.page(request, "compare", title % {"number": number, "to": to}, draft, **context)


@resubmission.refills
def preview(desk, request, pk=None):
    """The draft as visitors would see it; posted, with what is in the form, which is not saved."""
    draft = desk.draft(request, pk, Can.READ_DRAFT) if pk else desk.model()
    if request.method != "POST":
        if not pk:
            return HttpResponseNotAllowed(["POST"])
        return share_links.unlisted(desk.kind.preview(request, draft))
    if not pk and not desk.has_add_permission(request):
        raise PermissionDenied
    form = desk.get_form(request, draft if pk else None, change=bool(pk))(request.POST, instance=draft)
    form.is_trial = True
    if form.is_valid():
        return share_links.unlisted(desk.kind.preview(request, form.instance))
    return desk.page(request, "unpreviewable", _("This cannot be shown yet"), draft if pk else None, form=form)


class ShareForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=share_links.MOST_DAYS, initial=share_links.DAYS)


def share(desk, request, pk):
    """Make and close links by which people without an account read the draft."""
    draft = desk.draft(request, pk, Can.SHARE)
    form = ShareForm(request.POST if "make" in request.POST else None)
    if request.method == "POST":
        if "make" in request.POST and form.is_valid():
            share_links.make(draft, request.user, form.cleaned_data["days"])
            return redirect(desk.address("share", pk))
        number = request.POST.get("revoke", "")
        if number.isascii() and number.isdigit() and share_links.revoke(draft, int(number)):
            messages.success(request, _("The link is closed; whoever opens it is told that there is nothing."))
            return redirect(desk.address("share", pk))
    links = [(link, request.build_absolute_uri(share_links.address(link))) for link in share_links.open_links(draft)]
    return desk.page(request, "share", _("Share the draft of “%s”") % draft, draft, form=form, links=links)


def working_copy(desk, request, pk=None):
    """Autosave: keep what is in the form for this person alone."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    draft = writable(desk, request, pk)
    version = request.POST.get("version", "")
    try:
        fields = autosave.typed(request.POST)
        base = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        copy = autosave.keep(request.user, desk.kind, draft, fields, base, request.POST.get("working_copy", ""))
    except autosave.KeptElsewhere:
        text = _("Another text of yours is kept for this form, from another window or from earlier. This one is kept in this browser only.")
        return JsonResponse({"error": text}, status=409)
    except autosave.TooLong:
        return JsonResponse({"error": _("This text is too long to be kept. It is in this browser only.")}, status=413)
    return JsonResponse({"stamp": autosave.stamp(copy), "time": f"{copy.saved:%H:%M:%S} UTC"})


def discard(desk, request, pk=None):
    """Forget what was kept for this person."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    draft = writable(desk, request, pk)
    autosave.settle(request.user, desk.kind, draft, request.POST.get("working_copy", ""))
    return redirect(desk.address("change", pk) if pk else desk.address("add"))


def writable(desk, request, pk):
    """The draft of a form that the person may write in, or None for the form of a new thing."""
    if pk:
        return desk.draft(request, pk, Can.WRITE)
    if not desk.has_add_permission(request) or not can(request.user, Can.WRITE):
        raise PermissionDenied
    return None
