"""Forms of an area for contributors and stewards: papers, remarks, notices, members, copies."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from areas import events, invitations, mails, memberships, papers
from areas.entry import of_area, shown
from areas.forms import AreaInvitationForm, AreaMembershipForm, EndForm, NextVersionForm, NoticeForm, PaperForm, RemarkForm
from areas.models import AreaComment, AreaEvent
from areas.rights import Act, may
from areas.views import AT_ONCE, notice_of, paper_of
from mail import outbox


def back(request, name="area", *args, part=""):
    return redirect(reverse(f"areas:{name}", args=[request.member.area.key, *args]) + part)


@of_area(Act.UPLOAD)
def add_paper(request):
    return upload(request, PaperForm, None)


@of_area(Act.UPLOAD)
def add_version(request, pk):
    return upload(request, NextVersionForm, paper_of(request, pk))


def upload(request, form_class, paper):
    """A new paper or version; a refused file leaves what else was typed in the form."""
    form = form_class(request.POST, request.FILES) if request.method == "POST" else form_class()
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name not in {"file", "zone"}}
        try:
            version = papers.add_version(request.member.area, request.user, form.cleaned_data["file"], paper, **facts)
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            return back(request, "paper", version.file_id)
    title = _("New version of “%s”") % paper if paper else _("New file")
    return shown(request, "form", form=form, heading=title, button=_("Upload"), has_file=True)


@of_area(Act.UPLOAD)
def remove_paper(request, pk):
    """Contributors remove what they uploaded themselves, stewards everything."""
    paper = paper_of(request, pk)
    is_own = not paper.versions.exclude(account=request.user).exists()
    if not is_own and not may(request.member, Act.NOTIFY):
        raise PermissionDenied
    if request.method == "POST":
        papers.remove(paper, request.user)
        messages.success(request, _("“%s” is removed.") % paper)
        return back(request)
    return shown(request, "confirm", heading=_("Remove “%s”") % paper, button=_("Remove"))


@of_area(Act.COMMENT)
def change_comment(request, pk):
    """Change an own remark while comments are open."""
    remark = remark_of(request, pk)
    if remark.account != request.user:
        raise PermissionDenied
    form = RemarkForm(request.POST, instance=remark) if request.method == "POST" else RemarkForm(instance=remark)
    if request.method == "POST" and form.is_valid():
        try:
            papers.change_comment(AreaComment.objects.get(pk=pk), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return back(request, "paper", remark.version.file_id, part=f"#comment-{pk}")
    return shown(request, "form", form=form, heading=_("Change a comment"), button=_("Save"))


@of_area(Act.COMMENT)
def settle(request, pk):
    remark = remark_of(request, pk)
    if remark.account != request.user and not may(request.member, Act.NOTIFY):
        raise PermissionDenied
    if request.method == "POST":
        papers.settle(remark, request.user)
    return back(request, "paper", remark.version.file_id, part=f"#comment-{pk}")


def remark_of(request, pk):
    rows = AreaComment.objects.filter(pk=pk, version__file__area=request.member.area, version__file__removed=None)
    found = rows.select_related("version__file", "account").first()
    if found is None:
        raise Http404
    return found


@of_area(Act.NOTIFY)
def add_notice(request):
    form = NoticeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            notice = form.save(commit=False)
            notice.area, notice.by = request.member.area, request.user.get_username()
            notice.due, notice.due_zone = form.cleaned_data["due"], form.cleaned_data["zone"]
            notice.save()
            events.note(notice.area, AreaEvent.Happening.NOTICED, notice.by)
            mails.tell(notice.area, but=request.user)
        return back(request, "notice", notice.pk)
    return shown(request, "form", form=form, heading=_("New notice"), button=_("Publish to the members"))


@of_area(Act.NOTIFY)
def remove_notice(request, pk):
    notice = notice_of(request, pk)
    if request.method == "POST":
        papers.remove(notice, request.user)
        messages.success(request, _("“%s” is removed.") % notice)
        return back(request)
    return shown(request, "confirm", heading=_("Remove “%s”") % notice, button=_("Remove"))


@of_area(Act.SEE_MEMBERS)
def members(request):
    """Who is in; for stewards also who was, who is invited, and who asks."""
    area = request.member.area
    rows = area.memberships.select_related("account")
    if not may(request.member, Act.MANAGE_MEMBERS):
        return shown(request, "members", rows=rows.filter(ended_at=None))
    form = AreaInvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        invitation = form.save(commit=False)
        invitation.area = area
        address = invitations.invite(invitation, request.user.get_username())
        if not outbox.writes_to_people():
            return shown(request, "hand_over", invitation=invitation, address=address)
        messages.success(request, _("An invitation goes to %s. It works for seven days.") % invitation.email)
        return back(request, "members")
    waiting = invitations.open_invitations(area).select_related("asked_by")
    return shown(request, "members", rows=rows, form=form, waiting=waiting, events=area.events.all()[:AT_ONCE])


@of_area(Act.MANAGE_MEMBERS)
def change_member(request, pk):
    """Role, dates and whom a member represents; nobody changes the own membership."""
    member = (
        request.member.area.memberships.filter(pk=pk, ended_at=None).exclude(pk=request.member.pk).select_related("account", "area").first()
    )
    if member is None:
        raise Http404
    is_end = request.POST.get("do") == "end"
    form = AreaMembershipForm(request.POST if request.method == "POST" and not is_end else None, instance=member)
    ending = EndForm(request.POST if is_end else None)
    sent = ending if is_end else form
    if request.method == "POST" and sent.is_valid():
        try:
            if is_end:
                memberships.end(member, request.user.get_username(), ending.cleaned_data["why"])
            else:
                memberships.change(member, request.user.get_username(), **form.cleaned_data)
        except ValidationError as refused:
            sent.add_error(None, refused)
        else:
            return back(request, "members")
    return shown(request, "member", form=form, ending=ending, whom=member)


@of_area(Act.MANAGE_MEMBERS)
def decide(request, pk):
    """Revoke an invitation, or let the account with another address use it."""
    invitation = invitations.open_invitations(request.member.area).select_related("asked_by", "area").filter(pk=pk).first()
    if invitation is None:
        raise Http404
    if request.method == "POST" and request.POST.get("do") == "revoke":
        invitations.revoke(invitation, request.user.get_username())
    if request.method == "POST" and request.POST.get("do") == "allow" and (asking := invitation.asked_by):
        try:
            if request.POST.get("account") != str(asking.pk):
                raise ValidationError(_("Meanwhile another account asks to use this invitation. Please look who it is."))
            invitations.accept(invitation, asking)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
    return back(request, "members")


@of_area(Act.TAKE_COPY)
def export(request):
    """All that the area holds, for its steward to take along."""
    if request.method != "POST":
        return back(request)
    events.note(request.member.area, AreaEvent.Happening.EXPORTED, request.user.get_username())
    try:
        return FileResponse(papers.export(request.member.area), as_attachment=True, filename="area.zip", content_type="application/zip")
    except ValidationError as refused:
        return shown(request, "refused", refused=refused.messages[0])
