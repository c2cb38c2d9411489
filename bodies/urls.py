from django.urls import re_path

from bodies import views

app_name = "bodies"
OWN = "history|timemap|preview|meetings|feed"
BODY = rf"(?P<slug>(?!(?:{OWN})/)[-a-zA-Z0-9_]{{1,80}})"
MEETING = rf"(?P<slug>(?!(?:{OWN})/)[-a-zA-Z0-9_]{{1,60}})"
OF_BODY = rf"panels/(?P<body>(?!(?:{OWN})/)[-a-zA-Z0-9_]{{1,80}})"

urlpatterns = [
    re_path(rf"^panels/{BODY}/$", views.body, name="body"),
    re_path(rf"^panels/{BODY}/index\.md$", views.body_source),
    re_path(rf"^executive-board/meetings/{MEETING}/$", views.meeting, name="board_meeting"),
    re_path(rf"^{OF_BODY}/meetings/{MEETING}/$", views.meeting, name="meeting"),
]
