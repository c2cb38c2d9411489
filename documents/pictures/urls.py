from django.urls import path, re_path

from documents.pictures import views
from publishing.list_views import listed

SLUG = r"(?P<slug>[-a-zA-Z0-9_]{1,80})"

urlpatterns = [
    *listed("picture", views.picture),
    path("pictures/draft/<str:token>/", views.picture_draft, name="picture_draft"),
    re_path(rf"^pictures/{SLUG}/(?P<digest>[0-9a-f]{{12}})/(?P<name>[^/]+)$", views.picture_file, name="picture_file"),
]
