from django.urls import path, re_path

from bodies import subscriptions, views

app_name = "bodies"
OWN = "history|timemap|preview|meetings|feed"
BODY = rf"(?P<slug>(?!(?:{OWN})/)[-a-zA-Z0-9_]{{1,80}})"
MEETING = rf"(?P<slug>(?!(?:{OWN})/)[-a-zA-Z0-9_]{{1,60}})"
OF_BODY = rf"panels/(?P<body>(?!(?:{OWN})/)[-a-zA-Z0-9_]{{1,80}})"

FORM = r"feed/(?P<form>atom|rss|json)"

urlpatterns = [
    path("executive-board/calendar.ics", subscriptions.calendar_of_body, name="board_calendar"),
    re_path(rf"^executive-board/{FORM}/$", subscriptions.feed_of_body, name="board_feed"),
    path("panels/calendar.ics", subscriptions.calendar_of_all, name="calendar"),
    re_path(rf"^panels/{FORM}/$", subscriptions.feed_of_all, name="feed"),
    re_path(rf"^panels/{BODY}/calendar\.ics$", subscriptions.calendar_of_body, name="body_calendar"),
    re_path(rf"^panels/{BODY}/{FORM}/$", subscriptions.feed_of_body, name="body_feed"),
    re_path(rf"^panels/{BODY}/$", views.body, name="body"),
    re_path(rf"^panels/{BODY}/index\.md$", views.body_source),
    re_path(rf"^executive-board/meetings/{MEETING}/$", views.meeting, name="board_meeting"),
    re_path(rf"^{OF_BODY}/meetings/{MEETING}/$", views.meeting, name="meeting"),
]
