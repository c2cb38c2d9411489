from django.urls import path

from registry.views import activity_list

app_name = "registry"

urlpatterns = [
    path("projects/", activity_list.projects, name="projects"),
    path("projects/index.md", activity_list.projects, {"is_source": True}),
    path("programmes/", activity_list.programmes, name="programmes"),
    path("programmes/index.md", activity_list.programmes, {"is_source": True}),
]
