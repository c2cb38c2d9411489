"""Deletion of drafts that never had an edition: for DAYS days they can be brought back, with their versions and what was typed there."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from desk import comparison, notices, people, resubmission
from desk.autosave import new_slot
from desk.models import ReviewDate
from desk.numbers import row_number
from publishing import draft_versions, kinds
from publishing.models import DeletedDraft, DraftVersion, How, SectionGrant, Thing, WorkingCopy
from publishing.roles import Can, can

DAYS = 30


def deleted_drafts():
    """DeletedDrafts of the last DAYS days, the latest first."""
    return DeletedDraft.objects.filter(deleted__gt=timezone.now() - timedelta(days=DAYS)).select_related("user").order_by("-deleted")


def deleted_draft(kind, thing):
    """The DeletedDraft of a thing of the kind, or None."""
    return deleted_drafts().filter(kind=kind.name, thing=thing).first()


def may(user, action, deleted):
    """Whether the person could do `action` with the draft if it were there."""
    draft = kinds.get(deleted.kind).draft(**({"parent_id": deleted.parent} if deleted.parent else {}))
    return can(user, action, draft) or (can(user, action) and user.pk in deleted.granted)


def in_words(deleted):
    said = _("“%(title)s” was deleted by %(name)s at %(when)s UTC. Saving makes a new one of your text.")
    return said % {"title": deleted.title, "name": deleted.author, "when": people.time_of(deleted.deleted)}


@transaction.atomic
def delete(user, draft):
    """Delete a draft and keep what is needed to bring it back."""
    purge()
    Thing.objects.select_for_update().get(pk=draft.pk)  # the thing before the draft, as whoever saves locks them
    draft = type(draft).objects.get(pk=draft.pk)
    draft_versions.ensure(draft)
    granted = SectionGrant.objects.filter(section=draft.pk).values_list("user", flat=True)
    DeletedDraft.objects.create(
        thing=draft.pk,
        kind=draft.KIND,
        key=draft.key,
        version=draft.version,
        title=str(draft) or draft.reference,  # not the title of what it is part of, which its readers may not read
        parent=getattr(draft, "parent_id", None),
        granted=list(granted),
        user=user,
        author=user.get_username(),
    )
    notices.tell_deleted(user, draft)
    draft.delete()


@transaction.atomic
def bring_back(desk, user, deleted):
    """The draft as it was when it was deleted, saved anew. Raises ValidationError where what it needs is gone."""
    if not DeletedDraft.objects.select_for_update().filter(pk=deleted.pk):
        raise ValidationError(_("It has been brought back already."))
    model = kinds.get(deleted.kind).draft
    version, draft = draft_versions.open_version(model, deleted.thing, deleted.version)
    draft.key, draft.version = deleted.key, deleted.version + 1
    for field in draft.content_fields():
        needed = getattr(draft, field.attname)
        if isinstance(field, models.ForeignKey) and needed and not Thing.objects.filter(pk=needed).exists():
            raise ValidationError(_("“%s” is gone too: please bring that back first.") % title_of_gone(needed))
    desk.put_last(draft)
    draft.save()
    draft_versions.keep(draft, draft.version, user=user, how=How.RETURN, origin=version.number)
    for author in deleted.granted:
        SectionGrant.objects.create(user_id=author, section_id=draft.pk)
    deleted.delete()
    return draft


def title_of_gone(thing):
    deleted = DeletedDraft.objects.filter(thing=thing).first()
    return deleted.title if deleted else _("what it was part of")


def purge():
    """Forget what was deleted or discarded more than DAYS days ago. What was typed there and not discarded stays, for something new."""
    long_ago = timezone.now() - timedelta(days=DAYS)
    for deleted in DeletedDraft.objects.filter(deleted__lte=long_ago):
        forget(deleted)
    WorkingCopy.objects.filter(discarded__lte=long_ago).delete()


@transaction.atomic
def forget(deleted):
    """Take a deleted draft away for good."""
    ReviewDate.objects.filter(thing=deleted.thing).delete()
    DraftVersion.objects.filter(thing=deleted.thing).delete()
    for copy in WorkingCopy.objects.filter(thing=deleted.thing):
        WorkingCopy.objects.filter(pk=copy.pk).update(thing=None, slot=copy.slot or new_slot())
    deleted.delete()


def already(desk, request, thing):
    """The answer where a thing is deleted that is deleted already: it in the bin, or None for those who may not see it there."""
    wanted = deleted_draft(desk.kind, row_number(thing) or 0)
    if wanted is None or not may(request.user, Can.READ_DRAFT, wanted):
        return None
    messages.info(request, _("“%(title)s” was deleted by %(name)s.") % {"title": wanted.title, "name": wanted.author})
    return redirect("admin:deleted_draft", wanted.thing)


def out_of_bin(request, thing):
    """The answer where something is not in the bin any more: its form where it has been brought back, else the bin, else None."""
    back = Thing.objects.filter(pk=thing).first()
    if back and can(request.user, Can.WRITE, back):
        messages.info(request, _("It has been brought back already."))
        return redirect(admin.site.get_model_admin(kinds.get(back.kind).draft).address("change", thing))
    if request.method != "POST":
        return None
    messages.warning(request, _("It is not in the bin any more, so nothing has been done."))
    return redirect("admin:deleted")


def from_request(request, thing, action):
    """The DeletedDraft with which the person may do `action`. Raises Http404 or PermissionDenied."""
    deleted = deleted_drafts().filter(thing=thing).first()
    if deleted is None:
        raise Http404
    if not may(request.user, action, deleted):
        raise PermissionDenied
    return deleted


def page(request, template, title, **context):
    return TemplateResponse(request, f"admin/desk/{template}.html", admin.site.each_context(request) | {"title": title} | context)


def draft_bin(request):
    """The list of deleted drafts within the person's reach."""
    found = [deleted for deleted in deleted_drafts() if may(request.user, Can.READ_DRAFT, deleted)]
    rows = [(deleted, kinds.get(deleted.kind).label, deleted.deleted + timedelta(days=DAYS)) for deleted in found]
    return page(request, "deleted", _("Bin: deleted drafts"), rows=rows, days=DAYS)


def bin_item(request, thing):
    """A deleted draft as it was last saved; a POST brings it back, or takes it away for good."""
    if not deleted_drafts().filter(thing=thing).exists() and (answered := out_of_bin(request, thing)):
        return answered
    wanted = from_request(request, thing, Can.READ_DRAFT)
    desk = admin.site.get_model_admin(kinds.get(wanted.kind).draft)
    if request.method == "POST":
        return answer(desk, request, wanted)
    version, draft = draft_versions.open_version(desk.model, wanted.thing, wanted.version)
    rights = {name: may(request.user, right, wanted) for name, right in (("may_write", Can.WRITE), ("may_erase", Can.ERASE))}
    fields = comparison.field_texts(draft, request.user)
    return page(request, "deleted_draft", _("“%s”, deleted") % wanted.title, deleted=wanted, version=version, fields=fields, **rights)


def answer(desk, request, wanted):
    if "for_good" in request.POST:
        if not may(request.user, Can.ERASE, wanted):
            raise PermissionDenied
        forget(wanted)
        messages.success(request, _("“%s” is gone for good.") % wanted.title)
        return redirect("admin:deleted")
    if not may(request.user, Can.WRITE, wanted):
        raise PermissionDenied
    try:
        draft = bring_back(desk, request.user, wanted)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:deleted_draft", wanted.thing)
    desk.log_change(request, draft, _("Brought back after its deletion."))
    messages.success(request, _("“%s” is back, with all its versions.") % wanted.title)
    return redirect(desk.address("change", draft.pk))


def form_of_gone(desk, request, thing):
    """The answer where a form's draft is gone: its text in the form of a new thing, else the text to copy; None where none was sent."""
    wanted = deleted_draft(desk.kind, row_number(thing) or 0)
    if wanted and not may(request.user, Can.WRITE, wanted):
        raise PermissionDenied
    if request.method != "POST" and getattr(request, "prefill", None) is None:
        return redirect("admin:deleted_draft", wanted.thing) if wanted else None
    if wanted is None or not desk.has_add_permission(request):
        reason = _("What you were writing in is not there any more, so nothing has been saved. This is what you had sent.")
        return resubmission.show_fields(admin.site, request, reason, status=404)
    shown = resubmission.opening(request)
    shown.prefill["version"] = "0"
    return desk.new_form(shown, wanted)
