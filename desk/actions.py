"""Views that write to the record: publish, withdraw, cancel, restore, erase. `desk` is the ThingAdmin of the kind."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk import change_form, comparison, people, resubmission
from desk.action_forms import EraseForm, PublishForm, SentTwice, WithdrawForm, erasable_editions, only_if_seen
from desk.draft_form import titles_of
from desk.draft_notes import notes
from desk.numbers import row_numbers
from desk.restoring import put_back
from publishing import backlinks, draft_versions, ledger
from publishing.models import Edition, How, ShareLink, WorkingCopy
from publishing.roles import Can


def opened_form(form_class, request, drafts):
    """Form as posted, or open; a refill opens it with what was sent before the session ended."""
    if resubmission.asks_refill(request):
        return form_class(initial=request.POST.dict(), drafts=drafts)
    return form_class(request.POST if request.method == "POST" else None, drafts=drafts)


def recorded_once(request, form, write):
    """Make the form's entry by `write()`; returns whether it is in the record now. The record's refusals go into the form."""
    try:
        with only_if_seen(form.drafts, form.cleaned_data["seen"]):
            write()
    except SentTwice as twice:
        name = twice.edition.author or _("the import")
        if form.says_more_than(twice.edition):
            text = _("Nothing is recorded yet: edition %(number)s, by %(name)s, has been recorded since you opened this form.")
            again = _("Look at what has changed, then decide again.")
            form.refuse(ValidationError(f"{text % {'number': twice.edition.number, 'name': name}} {again}"))
            return False
        text = _("Nothing was recorded a second time: edition %(number)s, by %(name)s, had been recorded since this form was opened.")
        messages.warning(request, text % {"number": twice.edition.number, "name": name})
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def effect(form):
    return _("from %s UTC on") % f"{form.moment:%d %B %Y %H:%M}" if form.moment else _("from now on")


@resubmission.refills
def publish(desk, request, pk=None):
    """Publish one draft, or those chosen in the list, all from one moment."""
    if not desk.has_publish_permission(request):
        raise PermissionDenied
    chosen = [pk] if pk else row_numbers(request.GET.getlist("thing"))
    drafts = [desk.draft(request, number, Can.PUBLISH) for number in chosen]
    if not drafts:
        raise Http404
    form = opened_form(PublishForm, request, drafts)
    form.changes_nothing = all(is_live_as_it_is(desk, request, draft) for draft in drafts)

    def write():
        values = form.cleaned_data
        ledger.publish(drafts, form.moment, values["note"], values["minor"], request.user.get_username(), form.choice)
        text = ngettext("“%(title)s” is published %(when)s.", "%(count)s drafts are published %(when)s.", len(drafts))
        named = {"title": drafts[0], "count": len(drafts), "when": effect(form)}
        messages.success(request, format_html("{} {}", text % named, desk.link_to_site(drafts[0], form.moment)))

    if form.is_bound and form.is_valid() and recorded_once(request, form, write):
        return redirect(desk.address("change", drafts[0].pk) if pk else desk.address("changelist"))
    lines = [line(desk, request, draft) for draft in drafts]
    title = _("Publish “%s”") % drafts[0] if len(drafts) == 1 else _("Publish %d drafts together") % len(drafts)
    return desk.page(request, "publish", title, drafts[0] if pk else None, form=form, lines=lines)


def is_live_as_it_is(desk, request, draft):
    live = desk.kind.edition.objects.live(request.moment.now).filter(thing=draft.pk).first()
    return live is not None and live.content() == draft.content()


def line(desk, request, draft):
    """Line of the publish form: the changes to one thing."""
    live = desk.kind.edition.objects.live(request.moment.now).filter(thing=draft.pk).first()
    found = {"draft": draft, "live": live, "changes": comparison.changes(live, draft, request.user), "state": desk.state(request, draft)}
    found |= {"notes": notes(desk, request, draft), "writing": list(people.writing(request.user, draft.pk))}
    return found | {"unsaved": change_form.offers(desk, request, draft), "form_address": desk.address("change", draft.pk)}


@resubmission.refills
def withdraw(desk, request, pk):
    """Take a thing and its branch from the public, after a look at what links there."""
    draft = desk.draft(request, pk, Can.WITHDRAW)
    form = opened_form(WithdrawForm, request, [draft])

    def write():
        values = form.cleaned_data
        gone = ledger.withdraw(
            draft, values["reason"], form.moment, values["successor"], values["note"], request.user.get_username(), form.choice
        )
        text = ngettext("“%(title)s” is withdrawn %(when)s.", "“%(title)s” and everything below it are withdrawn %(when)s.", len(gone))
        messages.success(request, text % {"title": draft, "when": effect(form)})

    if form.is_bound and form.is_valid() and recorded_once(request, form, write):
        return redirect(desk.address("change", pk))
    branch = desk.kind.branch(pk, request.moment.now) or [pk]
    titles = titles_of(draft.KIND, branch)
    context = {
        "state": desk.state(request, draft),
        "below": [titles[thing] for thing in branch if thing != pk],
        "inbound": backlinks.linking_here(draft, request.moment, branch),
    }
    return desk.page(request, "withdraw", _("Withdraw “%s”") % draft, draft, form=form, **context)


def cancel(desk, request, pk):
    """Cancel all that is scheduled for one thing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    draft = desk.draft(request, pk, Can.PUBLISH)
    pending = list(Edition.objects.filter(thing=pk).pending(request.moment.now))
    if pending and {edition.number for edition in pending} - set(row_numbers(request.POST.getlist("edition"))):
        messages.warning(request, _("Something else has been scheduled since you opened the page. Nothing is cancelled: look at it first."))
        return redirect(desk.address("change", pk))
    try:
        if pending:
            ledger.cancel_all(pending, author=request.user.get_username())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = _("Nothing is scheduled for “%s” any more.") if pending else _("Nothing was scheduled for “%s”.")
        messages.success(request, text % draft)
    return redirect(desk.address("change", pk))


def restore(desk, request, pk, number):
    """Copy an old edition into the draft, after a look at what that changes. The draft's former content stays a version of it."""
    draft = desk.draft(request, pk, Can.WRITE)
    edition = desk.kind.edition.objects.filter(number=number, thing=pk).first()
    if edition is None or number not in {e.number for e in desk.editions(pk) if e.has_text}:
        raise Http404

    def write():
        ledger.restore(edition, request.user)

    if request.method == "POST" and put_back(desk, request, draft, edition, write, _("edition %d") % number):
        return redirect(desk.address("change", pk))
    changed = comparison.changes(draft, edition, request.user)
    title = _("Restore edition %(number)s of “%(title)s”") % {"number": number, "title": draft}
    return desk.page(request, "restore", title, draft, edition=edition, changes=changed, last=draft_versions.for_thing(pk).first())


@resubmission.refills
def erase(desk, request, pk):
    """Take the text of editions away for legal cause."""
    draft = desk.draft(request, pk, Can.ERASE)
    editions = list(erasable_editions(desk.kind, pk))
    posted = request.method == "POST" and not resubmission.asks_refill(request)
    if posted and not editions:
        reason = _("There is no text to erase any more, so nothing has been done. This is what you had sent.")
        return resubmission.show_fields(admin.site, request, reason)
    form = EraseForm(request.POST if posted else None, editions=editions)
    if posted and form.is_valid():
        try:
            erase_chosen(request, draft, [e for e in editions if e.number in form.cleaned_data["editions"]], form.cleaned_data)
            return redirect(desk.address("change", pk))
        except ValidationError as error:
            form.add_error(None, error.messages)
    return desk.page(request, "erase", _("Erase text of “%s”") % draft, draft, form=form, editions=editions)


def erase_chosen(request, draft, editions, values):
    title = str(draft)
    with transaction.atomic():
        ledger.erase_all(editions, values["reason"], request.user.get_username())
        if values["draft"]:
            empty(type(draft).objects.get(pk=draft.pk))
    text = ngettext(
        "The text of one edition of “%(title)s” is erased.", "The texts of %(count)s editions of “%(title)s” are erased.", len(editions)
    )
    messages.success(request, text % {"title": title, "count": len(editions)})


def empty(draft):
    """Blank the texts of the draft and its versions, and all that people have typed or shared of it."""
    draft.put_content(draft.erasable_blanks())
    draft.save_if_unchanged(draft.version, how=How.ERASE)
    draft_versions.rewrite(type(draft), draft.pk, lambda _version, then: then.put_content(then.erasable_blanks()))
    WorkingCopy.objects.filter(thing=draft.pk).delete()
    ShareLink.objects.filter(thing=draft.pk).delete()
