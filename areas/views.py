"""Pages of an area for those who read it: the list of the own areas, the area, a notice, a paper, downloads, dates, readings."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from areas import entry, readings, rights
from areas.entry import of_area, shown
from areas.forms import RemarkForm
from areas.models import Area, AreaReading, AreaState, AreaVersion, ReadingAct
from areas.papers import comment, files_of, takes_comments, zipped
from areas.rights import Act, may
from files.downloads import serve_private

AT_ONCE = 100  # rows of a page of readings or events


@entry.sealed
def mine(request):
    """The own areas; for everybody else, what areas there are and how to ask for access."""
    if not entry.is_in(request):
        listed = Area.objects.filter(is_listed=True, state__in=[AreaState.OPEN, AreaState.READ_ONLY])
        return render(request, "areas/listed.html", {"areas": listed})
    return render(request, "areas/mine.html", {"memberships": rights.current(request.user)})


@of_area()
def area(request):
    """First page: dates, notices, papers."""
    readings.record(request, "area")
    notices = request.member.area.notices.filter(removed=None)
    dated = notices.exclude(due=None).order_by("due")
    now = timezone.now()
    context = {"coming": dated.filter(due__gte=now), "past": dated.filter(due__lt=now), "papers": files_of(request.member.area)}
    return shown(request, "area", notices=notices, **context)


def notice_of(request, pk):
    found = request.member.area.notices.filter(pk=pk, removed=None).first()
    if found is None:
        raise Http404
    return found


def paper_of(request, pk):
    found = request.member.area.files.filter(pk=pk, removed=None).first()
    if found is None:
        raise Http404
    return found


@of_area()
def notice(request, pk):
    found = notice_of(request, pk)
    readings.record(request, f"notice {pk}")
    return shown(request, "notice", notice=found)


@of_area()
def printed_notice(request, pk):
    found = notice_of(request, pk)
    readings.record(request, f"notice {pk}", ReadingAct.PRINT)
    return shown(request, "printed_notice", notice=found)


@of_area()
def paper(request, pk):
    """A paper with its versions, and the comments on them; a remark is sent to the same address."""
    found = paper_of(request, pk)
    versions = list(found.versions.prefetch_related("comments__account", "comments__former"))
    if not may(request.member, Act.READ_OLD_VERSION):
        del versions[1:]
    for version in versions:
        version.is_open = takes_comments(version)
        is_meant = request.method == "POST" and str(version.pk) == request.POST.get("version")
        version.form = RemarkForm(request.POST if is_meant else None) if version.is_open else None
        if is_meant and (remark := commented(request, version)):
            return redirect(f"{request.path}#comment-{remark.pk}")
    if request.method == "POST" and not any(version.form and version.form.is_bound for version in versions):
        raise PermissionDenied
    readings.record(request, f"paper {pk}")
    return shown(request, "paper", paper=found, versions=versions)


def commented(request, version):
    """The new remark on a version, None where its form is shown again. Raises PermissionDenied, which shows what was typed."""
    if not may(request.member, Act.COMMENT) or version.form is None:
        raise PermissionDenied
    return comment(version, request.user, **version.form.cleaned_data) if version.form.is_valid() else None


@of_area()
def download(request, pk, number):
    """The bytes of one version; recorded before, or not sent."""
    version = AreaVersion.objects.filter(file=paper_of(request, pk), number=number).first()
    if version is None:
        raise Http404
    if version.number != version.file.versions.first().number and not may(request.member, Act.READ_OLD_VERSION):
        raise Http404
    readings.record_file(request, version)
    return serve_private(request, version)


@of_area()
def many(request):
    """A ZIP with the latest versions of the papers, of one folder or of all; each of them is recorded."""
    folder = request.GET.get("folder")
    versions = [paper.latest for paper in files_of(request.member.area) if folder in {None, paper.folder}]
    if not versions:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip")
    readings.write(request, [f"version {version.pk}" for version in versions], ReadingAct.ZIPPED)
    try:
        return FileResponse(zipped(versions), as_attachment=True, filename="files.zip", content_type="application/zip")
    except ValidationError as refused:
        return shown(request, "refused", refused=refused.messages[0])


@of_area()
def dates(request):
    """What is due, as a calendar file; there is no address of it that works without the session."""
    calendar = Calendar()
    calendar.add("prodid", "-//CDM portal//Extranets//EN")
    calendar.add("version", "2.0")
    for found in request.member.area.notices.filter(removed=None).exclude(due=None):
        event = Event()
        event.add("uid", f"{request.member.area.key}-{found.pk}@extranets.invalid")
        event.add("dtstamp", found.at)
        event.add("dtstart", found.due)
        event.add("summary", found.title)
        event.add("description", _("Due at %(time)s, %(zone)s.") % {"time": f"{found.due_there:%Y-%m-%d %H:%M}", "zone": found.due_zone})
        calendar.add_component(event)
    readings.record(request, "dates")
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


@of_area()
def reading(request):
    """What was read: by everybody for stewards, by oneself for others."""
    rows = AreaReading.objects.filter(area=request.member.area).select_related("account")
    if not may(request.member, Act.SEE_READING):
        rows = rows.filter(account=request.user)
    return shown(request, "reading", rows=named(request.member.area, rows[:AT_ONCE]), most=AT_ONCE)


def named(area, rows):
    """The readings with the title of what was read, as far as it is still there."""
    rows = list(rows)
    titles = {f"notice {pk}": title for pk, title in area.notices.values_list("pk", "title")}
    titles |= {f"paper {pk}": title for pk, title in area.files.values_list("pk", "title")}
    for version in AreaVersion.objects.filter(file__area=area).select_related("file"):
        titles[f"version {version.pk}"] = str(version)
    titles |= {"area": _("first page"), "dates": _("dates")}
    for row in rows:
        row.title = titles.get(row.what, row.what)
    return rows
