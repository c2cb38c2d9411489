"""Reports: what is to be put right on the site as far as one may see it, each as a page and as CSV, and the page that lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import examinations, people, recent, review_dates
from desk.models import Examination, LastExamination
from desk.states import AHEAD as AHEAD_WORDS
from publishing import clock, kinds
from publishing.calendars import CalendarEntry, calendar_answer, permanent_uid
from publishing.exports import csv_answer
from publishing.models import Edition
from publishing.moment import Moment
from publishing.roles import Can, reach

PER_PAGE, MOST_ENTRIES = 40, 500
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class DeskReport:
    """Report of things. `find(user)` gives the queryset of its findings; `tell(findings)` gives lists of sentences by finding."""

    name: str
    title: str
    lead: str
    find: Callable
    tell: Callable
    is_examined: bool = False


@dataclass(frozen=True)
class ReportRow:
    """Thing that a report names, the address of its form, and what is said of it. `finding` is the row that it comes from."""

    title: str
    kind: str
    address: str
    sentences: list
    finding: object


def within_reach(user):
    """The Q of findings on things whose drafts the person may read."""
    return recent.covers("kind", {kind.name: reach(user, Can.READ_DRAFT, kind) for kind in kinds.every()})


def reviews(user):
    return review_dates.standing().filter(within_reach(user), day__lte=review_dates.today() + AHEAD).order_by("day", "thing")


def tell_reviews(found):
    def said(day: date):
        return (_("due since %s") if day <= review_dates.today() else _("due on %s")) % date_format(day, "j F Y")

    return {one.pk: [said(one.day)] for one in found}


def orphans(user):
    return Examination.objects.filter(within_reach(user), is_orphan=True).order_by("edition")


def tell_orphans(found):
    return {one.pk: [_("no menu, no link and no relation of anything public leads to it")] for one in found}


def ahead(user):
    """Everything scheduled, in the order of its moments."""
    return Edition.objects.filter(within_reach(user)).pending(clock.now())


def tell_ahead(found):
    return {one.pk: [f"{AHEAD_WORDS[one.action]} {one.live_from:%Y-%m-%d %H:%M} UTC"] for one in found}


def examined(name):
    """(find, tell) of what examinations count under the name."""

    def find(user):
        return Examination.objects.filter(within_reach(user), **{f"{name}__gt": 0}).order_by(f"-{name}", "edition")

    def tell(found):
        moment, told = Moment(), {}
        for kind in kinds.every():
            numbers = [one.edition for one in found if one.kind == kind.name]
            for edition in kind.edition.objects.filter(number__in=numbers).live(moment.at) if numbers else ():
                told[edition.pk] = [in_words(item) for item in examinations.FINDERS[name](edition, moment)]
        return told

    return find, tell


def in_words(item):
    return item if isinstance(item, str) else _("line %(line)s: %(text)s") % {"line": item.line, "text": item.text}


REPORTS = {
    report.name: report
    for report in (
        DeskReport(
            "reviews",
            gettext_lazy("Review dates"),
            gettext_lazy("What is to be looked over within 60 days, and what is overdue. “Review by…” in a form sets the day."),
            reviews,
            tell_reviews,
        ),
        DeskReport(
            "passed-dates",
            gettext_lazy("Dates that have passed"),
            gettext_lazy(
                "Public texts that speak of a day as to come though it has gone by. News and documents speak as of their own day."
            ),
            *examined("passed_dates"),
            is_examined=True,
        ),
        DeskReport(
            "broken-links",
            gettext_lazy("Links to nowhere"),
            gettext_lazy("Public texts that link to an address of this portal where nothing is published; visitors see plain text."),
            *examined("broken_links"),
            is_examined=True,
        ),
        DeskReport(
            "notes",
            gettext_lazy("Notes on texts"),
            gettext_lazy("Public texts with what their editors are told when they save them."),
            *examined("text_notes"),
            is_examined=True,
        ),
        DeskReport(
            "orphans",
            gettext_lazy("Pages that nothing leads to"),
            gettext_lazy("Public pages that are in no menu and that nothing public links or refers to."),
            orphans,
            tell_orphans,
            is_examined=True,
        ),
        DeskReport(
            "scheduled",
            gettext_lazy("Scheduled"),
            gettext_lazy("What comes into force later; the calendar holds the same for your own programme."),
            ahead,
            tell_ahead,
        ),
    )
}


def register(report):
    """Add a DeskReport of another room."""
    REPORTS[report.name] = report


def rows(user, report, found):
    """ReportRows of a part of what a report has found; what has been put right since is left out."""
    found = list(found)
    told, drafts = report.tell(found), recent.drafts_of({(one.kind, thing_of(one)) for one in found})
    for one in found:
        if (draft := drafts.get(thing_of(one))) and told.get(one.pk):
            kind = kinds.get(one.kind)
            yield ReportRow(people.title_within(user, kind, draft), kind.label, form_address(draft), told[one.pk], one)


def thing_of(one):
    """The id of the thing that a finding is about; editions relate to it, other rows name it."""
    return one.thing_id if isinstance(one, Edition) else one.thing


def form_address(draft):
    try:
        return reverse(f"admin:{draft._meta.app_label}_{draft._meta.model_name}_change", args=[draft.pk])
    except NoReverseMatch:
        return ""


# Reports that other apps have at addresses of their own: functions of a person that give (title, lead, count, address), or None.
elsewhere = []


def report_list(request):
    """All reports with the number of things in each."""
    listed = [(report, report.find(request.user).count()) for report in REPORTS.values()]
    others = [dict(zip(("title", "lead", "count", "address"), told, strict=True)) for ask in elsewhere if (told := ask(request.user))]
    context = {"title": _("Reports"), "listed": listed, "elsewhere": others, "last": LastExamination.objects.first()}
    return TemplateResponse(request, "admin/desk/reports.html", admin.site.each_context(request) | context)


def scheduled_calendar(request):
    """What is scheduled as a calendar in UTC, by titles alone; the UID of an entry is that of its edition."""
    found = ahead(request.user)[:MOST_ENTRIES]
    entries = [
        CalendarEntry(
            uid=permanent_uid(f"scheduled/{row.finding.entry}/{row.finding.number}"),
            title=f"{row.title}: {AHEAD_WORDS[row.finding.action]}",
            start=row.finding.live_from,
            end=None,
            changed=row.finding.recorded,
            address=settings.SITE_ADDRESS + row.address if row.address else "",
        )
        for row in rows(request.user, REPORTS["scheduled"], found)
    ]
    answer = calendar_answer(request, _("Scheduled on the CDM portal"), entries)
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'attachment; filename="scheduled.ics"'
    return answer


def asked(name):
    if name not in REPORTS:
        raise Http404
    return REPORTS[name]


def report_page(request, name):
    report = asked(name)
    page = Paginator(report.find(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": report.title, "report": report, "page_obj": page, "rows": list(rows(request.user, report, page.object_list))}
    context["last"] = LastExamination.objects.first() if report.is_examined else None
    return TemplateResponse(request, "admin/desk/report.html", admin.site.each_context(request) | context)


def report_csv(request, name):
    report = asked(name)
    answer = csv_answer(f"{name}-{review_dates.today()}.csv", ["title", "kind", "address", "finding"], csv_rows(request.user, report))
    answer["Cache-Control"] = "private, no-store"
    return answer


def csv_rows(user, report):
    """One row a finding, read in parts as it is sent."""
    for part in Paginator(report.find(user), PER_PAGE):
        for row in rows(user, report, part.object_list):
            address = settings.SITE_ADDRESS + row.address if row.address else ""
            yield from ([row.title, row.kind, address, sentence] for sentence in row.sentences)
