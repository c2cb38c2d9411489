"""Upkeep of the portal, for administrators: what falls due and whether it is done, mails that were not sent, addresses that refused."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.numbers import row_numbers
from due import running
from due.jobs import registered
from due.models import JobRun
from mail import held, outbox
from mail.models import MailState
from publishing.roles import Can, can

PER_PAGE = 40


def troubles(user):
    """What an administrator ought to look at, in sentences; None for others."""
    if not can(user, Can.GIVE_ROLES):
        return None
    return [*of_due_work(), *of_mail()]


def of_due_work():
    last, overdue, failing = running.state()
    if last is None:
        yield _("What falls due has never been done: no mail is sent, and nothing old is cleared away. A timer has to call it.")
    elif overdue:
        said = _("What falls due was done last on %s UTC, and ought to be each minute. Look at its timer.")
        yield said % f"{last:%d %B %Y, %H:%M}"
    for name in failing:
        yield _("“%s” failed when it was done last, and is tried again each minute.") % in_words(name)


def of_mail():
    if not outbox.writes_to_people():
        yield _("No mail server is set, so nobody is written to.")
    if count := held.unsent().count():
        yield ngettext("%d mail could not be sent yet.", "%d mails could not be sent yet.", count) % count
    if count := held.paused().count():
        yield ngettext("%d address is not written to, as it refused five times.", "%d addresses are not written to.", count) % count


def in_words(name):
    return name.replace("_", " ").capitalize()


def upkeep(request):
    """Due work, mails that were not sent, addresses that refused; a POST tries again or resumes."""
    if not can(request.user, Can.GIVE_ROLES):
        raise PermissionDenied
    if request.method == "POST":
        return tried_again(request)
    page = Paginator(held.unsent(), PER_PAGE).get_page(request.GET.get("page"))
    runs = [(in_words(run.name), run) for run in JobRun.objects.filter(name__in=registered).order_by("name")]
    context = {"title": _("Upkeep"), "troubles": troubles(request.user), "runs": runs, "page_obj": page, "paused": held.paused()}
    context |= {"may_be_tried": {MailState.WAITING, MailState.REFUSED}}
    return TemplateResponse(request, "admin/desk/upkeep.html", admin.site.each_context(request) | context)


def tried_again(request):
    resumed = sum(held.resume(number) for number in row_numbers(request.POST.getlist("address")))
    again = held.try_again(row_numbers(request.POST.getlist("mail")))
    if resumed:
        messages.success(request, _("The address is written to again, beginning with what was held back."))
    if again:
        messages.success(
            request, ngettext("%d mail is tried again within a minute.", "%d mails are tried again within a minute.", again) % again
        )
    if not resumed and not again:
        messages.info(request, _("There was nothing to try again."))
    return redirect("admin:upkeep")
