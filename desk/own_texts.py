"""Pages of a person's own texts, not saved or discarded, to read and use again; and a fresh token for a form that was open for long."""

from django.contrib import admin
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from desk import autosave, deletion, people
from publishing import kinds
from publishing.models import DeletedDraft, WorkingCopy
from publishing.roles import Can, can

MOST = 200


def token(request):
    """The token that a form sends back; one that was opened before a log-in in another window has an older one."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return JsonResponse({"token": get_token(request)})


def title_of(user, copy):
    """Title, as the person may read it now, that the thing has or had into whose form the text was typed."""
    if copy.thing_id is None:
        return _("A new %s") % kinds.get(copy.kind).label.lower()
    if title := people.title_of_thing(user, copy.thing_id):
        return title
    deleted = DeletedDraft.objects.filter(thing=copy.thing_id).first()
    is_readable = deleted and deletion.may(user, Can.READ_DRAFT, deleted)
    return _("%s (deleted)") % deleted.title if is_readable else _("Something that is gone")


def form_address(user, copy):
    """The address of the form with the text in it, or an empty text where the person may not write any more."""
    model = kinds.get(copy.kind).draft
    names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if copy.thing_id is None:
        return f"{reverse(f'{names}_add')}?copy={copy.pk}" if can(user, Can.WRITE) else ""
    draft = model.objects.filter(pk=copy.thing_id).first()
    return f"{reverse(f'{names}_change', args=[copy.thing_id])}?copy={copy.pk}" if draft and can(user, Can.WRITE, draft) else ""


def text_list(request):
    """All texts of the person that are not saved, and those discarded lately."""
    waiting = WorkingCopy.objects.filter(user=request.user, discarded=None).order_by("-saved").defer("fields")[:MOST]
    dropped = autosave.discarded_texts(request.user).defer("fields")[:MOST]
    context = {"title": _("Your texts"), "days": autosave.DAYS}
    context |= {
        name: [(copy, title_of(request.user, copy)) for copy in copies] for name, copies in (("waiting", waiting), ("dropped", dropped))
    }
    return TemplateResponse(request, "admin/desk/texts.html", admin.site.each_context(request) | context)


def text(request, pk):
    """One text of the person, to read and copy; a POST brings back one that was discarded."""
    copy = WorkingCopy.objects.filter(pk=pk, user=request.user).first()
    if copy is None:
        raise Http404
    address = form_address(request.user, copy)
    if request.method == "POST":
        WorkingCopy.objects.filter(pk=pk).update(discarded=None)
        return redirect(address or reverse("admin:text", args=[pk]))
    fields = [(name, "\n".join(values)) for name, values in copy.fields.items() if any(values)]
    context = {"title": title_of(request.user, copy), "copy": copy, "fields": fields, "address": address}
    return TemplateResponse(request, "admin/desk/text.html", admin.site.each_context(request) | context)
