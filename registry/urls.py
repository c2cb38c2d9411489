from django.urls import path, re_path

from registry.addresses import ACTIVITY
from registry.views import activity, activity_list

app_name = "registry"

urlpatterns = [
    path("projects/", activity_list.projects, name="projects"),
    path("projects/index.md", activity_list.projects, {"is_source": True}),
    path("programmes/", activity_list.programmes, name="programmes"),
    path("programmes/index.md", activity_list.programmes, {"is_source": True}),
    re_path(rf"^projects/{ACTIVITY}/$", activity.activity, name="activity"),
    re_path(rf"^projects/{ACTIVITY}/index\.md$", activity.activity, {"is_source": True}),
]
