from django.urls import path, re_path

from calls import calendars, views
from calls.kinds import SLUG
from publishing.list_views import listed

app_name = "calls"
SUBMISSION = rf"^public-inputs/{SLUG}/submissions/(?P<submission_number>[1-9][0-9]{{0,5}})"

urlpatterns = [
    path("public-inputs/calendar.ics", calendars.calendar_of_calls, name="calendar"),
    *listed("call", views.call),
    re_path(rf"{SUBMISSION}/$", views.submission, name="submission"),
    re_path(rf"{SUBMISSION}/(?P<name>(?!index\.md$)[^/]+)$", views.submission_file, name="submission_file"),
]
