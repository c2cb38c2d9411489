"""Views of the desk that leave the record alone: history, preview, share links, autosave. `desk` is the ThingAdmin of the kind."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from desk import autosave, comparison, deletion, people, resubmission, share_links
from desk.numbers import row_number
from publishing import backlinks, draft_versions
from publishing.roles import Can, can


def history(desk, request, pk):
    """All editions of a thing, scheduled and cancelled ones included, and the versions of its draft."""
    draft = desk.draft(request, pk, Can.READ_DRAFT)
    live = desk.kind.edition.objects.live(request.moment.now).filter(thing=pk).first()
    context = {
        "editions": desk.editions(pk),
        "now": request.moment.now,
        "changes": comparison.changes(live, draft, request.user),
        "live": live,
        "state": desk.state(request, draft),
        "may_write": can(request.user, Can.WRITE, draft),
    }
    return desk.page(request, "history", _("History of “%s”") % draft, draft, **context, **version_list(request, draft))


MOST_VERSIONS = 50


def version_list(request, draft):
    """The versions of a draft for its history, newest first, MOST_VERSIONS a page; `?before=<number>` goes on."""
    before = request.GET.get("before", "")
    found = draft_versions.for_thing(draft.pk)
    if number := row_number(before):
        found = found.filter(number__lt=number)
    page = list(found[: MOST_VERSIONS + 1])
    labels = {field.name: str(field.verbose_name).capitalize() for field in draft.content_fields()}
    labels |= {field.attname: labels[field.name] for field in draft.content_fields()}
    for version in page:
        version.labels = ", ".join(labels.get(name, name) for name in version.changed)
    older = page[MOST_VERSIONS - 1].number if len(page) > MOST_VERSIONS else None
    return {"versions": page[:MOST_VERSIONS], "older": older, "is_first_page": not before}


def inbound(desk, request, pk):
    """The live things that lead to a thing by a link or a relation."""
    draft = desk.draft(request, pk, Can.READ_DRAFT)
    found = backlinks.linking_here(draft, request.moment)
    return desk.page(request, "inbound", _("What links to “%s”") % draft, draft, inbound=found, state=desk.state(request, draft))


@resubmission.refills
def preview(desk, request, pk=None):
    """The draft as visitors would see it; posted, with what is in the form, which is not saved."""
    draft = desk.draft(request, pk, Can.READ_DRAFT) if pk else desk.model()
    if people.hides(request.user, draft):
        raise PermissionDenied
    if request.method != "POST":
        if not pk:
            return HttpResponseNotAllowed(["POST"])
        return share_links.unlisted(desk.kind.preview(request, draft))
    if not pk and not desk.has_add_permission(request):
        raise PermissionDenied
    form = desk.get_form(request, draft if pk else None, change=bool(pk))(request.POST, instance=draft)
    form.is_trial = True
    if form.is_valid() and form.is_within_reach():
        return share_links.unlisted(desk.kind.preview(request, form.instance))
    return desk.page(request, "unpreviewable", _("This cannot be shown yet"), draft if pk else None, form=form)


class ShareForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=share_links.MOST_DAYS, initial=share_links.DAYS)


def share(desk, request, pk):
    """Make and close links by which people without an account read the draft."""
    draft = desk.draft(request, pk, Can.SHARE)
    if people.hides(request.user, draft):
        raise PermissionDenied
    form = ShareForm(request.POST if "make" in request.POST else None)
    if request.method == "POST":
        if "make" in request.POST and form.is_valid():
            share_links.make(draft, request.user, form.cleaned_data["days"])
            return redirect(desk.address("share", pk))
        number = row_number(request.POST.get("revoke", ""))
        if number is not None and share_links.revoke(draft, number):
            messages.success(request, _("The link is closed; whoever opens it is told that there is nothing."))
            return redirect(desk.address("share", pk))
    links = [(link, request.build_absolute_uri(share_links.address(link))) for link in share_links.open_links(draft)]
    return desk.page(request, "share", _("Share the draft of “%s”") % draft, draft, form=form, links=links)


def working_copy(desk, request, pk=None):
    """Autosave: store what is in the form for this person alone."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    gone = check_writable(desk, request, pk)
    if "leftover" in request.POST and is_saved(desk, request, pk):
        return JsonResponse({"saved": True})
    version = request.POST.get("version", "")
    base = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    slot, seen = autosave.named_slot(request.POST), request.POST.get("working_copy", "")
    try:
        copy = autosave.keep(request.user, desk.kind, pk, slot, autosave.typed_fields(request.POST), base, seen)
    except autosave.KeptElsewhere:
        text = _("Another text of yours is kept for this form, from another window or from earlier. This one is kept in this browser only.")
        return JsonResponse({"error": text, "taken": True}, status=409)
    except autosave.TooMany:
        text = _("So many texts of yours wait here that no other is taken: use or discard some. This one is kept in this browser only.")
        return JsonResponse({"error": text}, status=409)
    except autosave.TooLong:
        return JsonResponse({"error": _("This text is too long to be kept. It is in this browser only.")}, status=413)
    told = [deletion.in_words(gone)] if gone else people.writing(request.user, pk) if pk else []
    return JsonResponse({"stamp": autosave.stamp(copy), "time": f"{copy.saved:%H:%M:%S} UTC", "told": " ".join(told)})


def is_saved(desk, request, pk):
    """Whether a text that a browser has left over is saved already: by the form that it was typed into, or in the draft as it stands."""
    draft = desk.model.objects.filter(pk=pk).first() if pk else None
    saved = [draft] if draft else []
    if slot := autosave.named_slot(request.POST):
        own = draft_versions.DraftVersion.objects.filter(user=request.user, slot=slot).values_list("thing", "number")
        opened = (draft_versions.open_version(desk.model, thing, number) for thing, number in own[:5])
        saved += [then for _version, then in filter(None, opened)]
    form_class = desk.get_form(request, draft, change=bool(pk))
    return any(not comparison.form_changes(form_class, request.POST, then) for then in saved)


def discard(desk, request, pk=None):
    """Take an autosaved text of this person out of the offers; it can be brought back for a while."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    check_writable(desk, request, pk)
    slot = autosave.named_slot(request.POST)
    if autosave.discard(autosave.for_user(request.user, desk.kind, pk).filter(slot=slot), request.POST.get("working_copy", "")):
        messages.info(request, _("Your text is discarded. Until %d days from now it can be found under “Your texts”.") % autosave.DAYS)
    else:
        messages.warning(request, _("Your text has been typed on in another window since, so it stays. Look at it again."))
    return redirect(desk.address("change", pk) if pk else desk.address("add"))


def check_writable(desk, request, pk):
    """Raise Http404 or PermissionDenied unless the person may write in the form; returns the DeletedDraft of a draft that is gone."""
    if pk and (gone := deletion.deleted_draft(desk.kind, pk)):
        if not deletion.may(request.user, Can.WRITE, gone):
            raise PermissionDenied
        return gone
    if pk:
        desk.draft(request, pk, Can.WRITE)
    elif not desk.has_add_permission(request) or not can(request.user, Can.WRITE):
        raise PermissionDenied
    return None
