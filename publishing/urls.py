from django.urls import re_path

from publishing import views

app_name = "publishing"
ADDRESS = r"^(?P<address>(?:[^/]+/)*)"

urlpatterns = [
    re_path(ADDRESS + r"history/$", views.history, name="history"),
    re_path(ADDRESS + r"history/index\.md$", views.history, {"is_source": True}),
    re_path(ADDRESS + r"history/(?P<number>[0-9]{1,12})/$", views.difference, name="difference"),
    re_path(ADDRESS + r"history/(?P<number>[0-9]{1,12})/index\.md$", views.difference, {"is_source": True}),
    re_path(ADDRESS + r"index\.md$", views.source, name="source"),
    re_path(ADDRESS + r"timemap/$", views.timemap, name="timemap"),
]
