"""What members read is recorded before it is answered; what cannot be recorded is not answered.

Not counted: HEAD, and the later ranges of a file whose beginning was recorded. Prefetching gets no answer at all (areas/entry.py).
"""

from datetime import timedelta

from django.utils import timezone

from areas.models import AreaReading, ReadingAct

KEPT = timedelta(days=365)
DAY = timedelta(days=1)


def record(request, what, act=ReadingAct.PAGE):
    """Write that the member reads `what`, once in ten minutes. Raises a database error where that cannot be written."""
    if request.method == "HEAD":
        return
    write(request, [what], act)


def record_file(request, version):
    """Write that the member takes a file; a range counts unless the file was recorded for the member within a day."""
    if request.method == "HEAD":
        return
    what = f"version {version.pk}"
    readings = AreaReading.objects.filter(area=request.member.area, account=request.user, what=what, at__gt=timezone.now() - DAY)
    if is_later_range(request) and readings.filter(act=ReadingAct.FILE).exists():
        return
    write(request, [what], ReadingAct.FILE)


def write(request, whats, act):
    rows = [AreaReading(area=request.member.area, account=request.user, what=what, act=act) for what in whats]
    AreaReading.objects.bulk_create(rows, ignore_conflicts=True)


def is_later_range(request):
    asked = request.headers.get("Range", "")
    return asked.startswith("bytes=") and not asked.startswith(("bytes=0-", "bytes= 0-"))


def forget_old():
    """Delete what was read longer than twelve months ago; returns how many."""
    return AreaReading.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
