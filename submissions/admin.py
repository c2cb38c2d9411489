"""The desk's pages of submissions: calls, the queue of one, a submission, decisions on one or many.

Who may what goes by call (publishing/roles.py): a moderator is an author to whom the call, or all calls, are given.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.lists import calls
from calls.models import Call
from desk.numbers import row_numbers
from files.downloads import serve_private
from publishing import clock, kinds
from publishing.moment import Moment
from publishing.roles import Can, can, reach
from submissions import decisions, parties, publication, queue, throttle, tickets, timing
from submissions.models import AddressLook, Consent, PlainQuestion, Standing, Submission, SubmissionOpening, SubmittedFile

AT_ONCE = 40  # published in one entry of the record, which takes no longer than it may
# Buttons that keep what was typed and ticked with what they decide, so that it is there when a submission is put back.
KEEPING = {"keep", "publish", "refuse", "accept", "spam"}


def public_files(request):
    """The ids of the files that are ticked to be published."""
    return set(row_numbers(request.POST.getlist("public_file")))


class DecisionForm(forms.Form):
    """What is taken out before a publication, and the reason of a refusal."""

    passages = forms.CharField(
        label=gettext_lazy("Words to take out"),
        widget=forms.Textarea(attrs={"rows": 3, "accesskey": "m"}),
        required=False,
        strip=False,
        help_text=gettext_lazy("Copied from the text, one passage a line; each is published as […]."),
    )
    redaction_reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, required=False, help_text=gettext_lazy("Readers see it."))
    is_anonymised = forms.BooleanField(label=gettext_lazy("Publish without name and organisation"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason of a refusal"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("The sender is told it in your words."),
    )

    def clean_passages(self):
        return [line.strip() for line in self.cleaned_data["passages"].splitlines() if line.strip()]


class PersonalLinkForm(forms.Form):
    """Days for which a person who comes late may still submit, by a link that is good once."""

    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=30, initial=7)

    def link(self, call):
        """The address for a live call, with the host."""
        now = clock.now()
        ticket = tickets.issue(call.thing_id, now, now + timedelta(days=self.cleaned_data["days"]))
        path = reverse("submissions:submit", args=[call.slug])
        return f"{settings.SITE_ADDRESS}{path}?{urlencode({tickets.PERSONAL: ticket})}"


@admin.register(Submission)
class SubmissionAdmin(admin.ModelAdmin):
    """Submissions by call, for those who moderate one."""

    def has_module_permission(self, request):
        given = reach(request.user, Can.READ_SUBMISSION, kinds.get("call"))
        return given is None or bool(given)

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def get_urls(self):
        wrap, name = self.admin_site.admin_view, "submissions_submission"
        return [
            path("", wrap(self.call_list), name=f"{name}_changelist"),
            path("call/<row:call>/", wrap(self.queue), name=f"{name}_queue"),
            path("call/<row:call>/decide/", wrap(self.many), name=f"{name}_many"),
            path("<row:pk>/", wrap(self.one), name=f"{name}_one"),
            path("<row:pk>/address/", wrap(self.address), name=f"{name}_address"),
            path("<row:pk>/file/<row:file>/", wrap(self.file), name=f"{name}_file"),
        ]

    def page(self, request, template, title, status=200, **context):
        whole = self.admin_site.each_context(request) | {"title": title} | context
        answer = render(request, f"admin/submissions/{template}.html", whole, status=status)
        answer["Cache-Control"] = "private, no-store"
        return answer

    def call_of(self, request, pk, action):
        """The draft of a call with which the person may do `action`. Raises PermissionDenied, and Http404 to who may read all."""
        draft = Call.objects.filter(pk=pk).first()
        if draft is None and reach(request.user, action, kinds.get("call")) is None:
            raise Http404
        if draft is None or not can(request.user, action, draft):
            raise PermissionDenied
        return draft

    def submission_of(self, request, pk, action):
        submission = Submission.objects.filter(pk=pk).exclude(standing__in=[Standing.UNCONFIRMED, Standing.EXPIRED]).first()
        if submission is None:
            if not self.has_view_permission(request):
                raise PermissionDenied
            raise Http404
        return submission, self.call_of(request, submission.call_id, action)

    def call_list(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        given = reach(request.user, Can.READ_SUBMISSION, kinds.get("call"))
        drafts = Call.objects.filter(pk__in=Submission.objects.values("call"))
        drafts = drafts if given is None else drafts.filter(pk__in=given)
        rows = [(draft, queue.waiting(draft.pk).count(), queue.suspects(draft.pk).count()) for draft in drafts.order_by("-closes", "pk")]
        return self.page(request, "calls", _("Submissions"), rows=rows)

    def queue(self, request, call):
        """What waits, in groups of letters; nothing of a person but the shown name."""
        draft = self.call_of(request, call, Can.READ_SUBMISSION)
        shown = {"groups": queue.grouped(queue.waiting(draft.pk).prefetch_related("openings")), "suspects": queue.suspects(draft.pk)}
        published = Submission.objects.filter(call=draft.pk).exclude(public_number=None).order_by("public_number")
        live = calls(Moment()).by_thing.get(draft.pk)
        if timing.gives_personal_links(live, clock.now()):
            form = PersonalLinkForm(request.POST if request.method == "POST" else None)
            shown["late_form"] = form
            if form.is_bound and form.is_valid():
                self.call_of(request, call, Can.MODERATE)
                shown["personal_link"] = form.link(live)
        shown |= {"counts": queue.counts(draft.pk), "call": draft, "published": published}
        return self.page(request, "queue", _("Submissions to “%s”") % draft.title, **shown)

    def one(self, request, pk):
        """One submission; a POST decides it and goes on to the next."""
        submission, call = self.submission_of(request, pk, Can.READ_SUBMISSION)
        if request.method != "POST":
            opening = {"submission": submission, "by": request.user}
            if request.method == "GET" and not SubmissionOpening.objects.filter(**opening).exists():
                SubmissionOpening.objects.create(**opening)  # two windows at once make two rows, which hurt nobody
            return self.shown(request, submission, call)
        self.call_of(request, submission.call_id, Can.MODERATE)
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self.shown(request, submission, call, form, 422)
        try:
            said = self.decide(request, submission, call, form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.shown(request, Submission.objects.get(pk=submission.pk), call, form, 409)
        if said:
            messages.success(request, said)
        stays = "take_in" in request.POST or request.POST.get("do", "") in {"", "keep", "back"}
        follower = submission if stays else queue.next_after(submission)
        return HttpResponseRedirect(self.address_of("one", follower.pk) if follower else self.address_of("queue", call.pk))

    def decide(self, request, submission, call, data):
        """Do what the pressed button says; returns what was done, in words. Raises ValidationError, PermissionDenied."""
        what, by, pk = request.POST.get("do", ""), request.user, submission.pk
        if taken := row_numbers(request.POST.getlist("take_in")):
            return self.take_in(request, submission, taken[0], data)
        if what in KEEPING:
            passages, why = data["passages"], data["redaction_reason"]
            decisions.edit(pk, by, passages, why, data["is_anonymised"], public_files(request), is_final=what != "keep")
        if what == "publish":
            self.publish(request, [pk], call)
            return _("Published.")
        if what == "refuse":
            decisions.refuse(pk, by, data["reason"], call.title)
            return _("Refused; the sender is told.")
        deeds = {"accept": (decisions.accept, _("Noted as read.")), "spam": (decisions.set_aside, _("Set aside as spam."))}
        deeds |= {"back": (decisions.put_back, _("Put back into the queue."))}
        if what not in deeds:
            return _("Kept.") if what == "keep" else ""
        deed, said = deeds[what]
        deed(pk, by)
        return said

    def take_in(self, request, submission, pk, data):
        file = submission.files.filter(pk=pk).first()
        if file is None or file.extension not in decisions.WITH_WORDS:
            raise Http404
        passages, why = data["passages"], data["redaction_reason"]
        decisions.edit(submission.pk, request.user, passages, why, data["is_anonymised"], public_files(request))
        decisions.take_in(submission.pk, request.user, file)
        return _("The text of “%s” stands below that of the form.") % file.name

    def publish(self, request, pks, draft):
        """Publish submissions to a call, some at a time. Raises PermissionDenied, ValidationError."""
        if not can(request.user, Can.PUBLISH_SUBMISSION, draft):
            raise PermissionDenied
        call = calls(Moment()).by_thing.get(draft.pk)
        if call is None or call.is_gone:
            raise ValidationError(_("The call is not public, so nothing to it can be."))
        for start in range(0, len(pks), AT_ONCE):
            publication.publish(pks[start : start + AT_ONCE], request.user, call)

    def shown(self, request, submission, call, form=None, status=200, address=""):
        initial = {"passages": "\n".join(submission.redactions), "redaction_reason": submission.redaction_reason}
        form = form or DecisionForm(initial=initial | {"is_anonymised": submission.is_anonymised})
        is_waiting = submission.standing in decisions.WAITING
        alike = publication.like(submission).exclude(pk=submission.pk) if submission.letter else Submission.objects.none()
        context = {"submission": submission, "call": call, "form": form, "is_waiting": is_waiting, "address": address}
        context |= {"alike": alike.count(), "next": queue.next_after(submission), "country": parties.name_of(submission.country)}
        files = list(submission.files.all())
        if form.is_bound:
            for file in files:
                file.goes_public = file.pk in public_files(request)
        context |= {"files": files, "changes": submission.changes.select_related("by")}
        context |= {"may_publish": is_waiting and submission.consent != Consent.UNPUBLISHED, "problems": form.non_field_errors()}
        context["preview"] = publication.redacted(submission.text, submission.redactions) if submission.redactions else ""
        context["may_see_person"] = can(request.user, Can.READ_PERSON, call)
        context["is_set_aside"] = submission.standing in {Standing.SPAM, Standing.ACCEPTED}
        return self.page(request, "one", _("Submission %s") % submission.receipt, status, **context)

    def address(self, request, pk):
        """The sender's address, on a click that is recorded; elsewhere it is never shown."""
        submission, call = self.submission_of(request, pk, Can.READ_PERSON)
        if request.method != "POST":
            return HttpResponseRedirect(self.address_of("one", pk))
        AddressLook.objects.create(submission=submission, by=request.user)
        row = getattr(submission, "address", None)
        return self.shown(request, submission, call, address=row.email if row else _("It has been deleted."))

    def file(self, request, pk, file):
        submission, _call = self.submission_of(request, pk, Can.READ_SUBMISSION)
        row = SubmittedFile.objects.filter(pk=file, submission=submission).first()
        if row is None:
            raise Http404
        answer = serve_private(request, row)
        answer["Cache-Control"] = "private, no-store"
        return answer

    def many(self, request, call):
        """Decide many at once: a page that says what nobody has opened asks, its button does it."""
        draft = self.call_of(request, call, Can.MODERATE)
        if request.method != "POST":
            return HttpResponseRedirect(self.address_of("queue", draft.pk))
        chosen = row_numbers(request.POST.getlist("submission"))
        if group := row_numbers(request.POST.getlist("group")):
            chosen = queue.group_of(group[0], draft.pk)
        rows = list(Submission.objects.filter(pk__in=chosen, call=draft.pk, standing__in=decisions.WAITING).order_by("pk"))
        if not rows:
            messages.info(request, _("Nothing was chosen that still waits."))
            return HttpResponseRedirect(self.address_of("queue", draft.pk))
        problems = []
        if "do" in request.POST:
            try:
                self.decide_many(request, draft, rows)
                return HttpResponseRedirect(self.address_of("queue", draft.pk))
            except ValidationError as refused:
                problems = refused.messages
        context = {
            "call": draft,
            "rows": rows,
            "unopened": queue.unopened(rows),
            "problems": problems,
            "reason": request.POST.get("reason", ""),
        }
        context["private"] = [row for row in rows if row.consent == Consent.UNPUBLISHED]
        return self.page(request, "many", _("Decide together"), 409 if problems else 200, **context)

    def decide_many(self, request, draft, rows):
        what, pks = request.POST["do"], [row.pk for row in rows]
        if what == "publish":
            public = [row.pk for row in rows if row.consent != Consent.UNPUBLISHED]
            self.publish(request, public, draft)
            pks = public
        elif what == "refuse":
            for pk in pks:
                decisions.refuse(pk, request.user, request.POST.get("reason", ""), draft.title)
        else:
            deed = {"accept": decisions.accept, "spam": decisions.set_aside}.get(what)
            for pk in pks if deed else ():
                deed(pk, request.user)
        said = ngettext("%d submission was decided.", "%d submissions were decided.", len(pks)) % len(pks)
        messages.success(request, said)

    def address_of(self, name, pk):
        return reverse(f"admin:submissions_submission_{name}", args=[pk])


class PlainQuestionForm(forms.ModelForm):
    def clean_answers(self):
        if not throttle.answers_of(self.cleaned_data["answers"]):
            raise forms.ValidationError(_("Please write at least one answer, of letters or figures."))
        return self.cleaned_data["answers"]


@admin.register(PlainQuestion)
class PlainQuestionAdmin(admin.ModelAdmin):
    """The question asked of networks from which many forms come; administrators set it, and the newest is asked."""

    form = PlainQuestionForm
    ordering = ["-pk"]

    def has_view_permission(self, request, obj=None):
        return can(request.user, Can.GIVE_ROLES)

    has_module_permission = has_change_permission = has_view_permission

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False
