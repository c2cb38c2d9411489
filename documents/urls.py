from django.urls import path, re_path

from documents import views
from documents.models import NUMBER, RESERVED_SLUGS
from documents.pictures.urls import urlpatterns as of_pictures

app_name = "documents"
# Not the portal's own last steps, which every address has.
SLUG = rf"(?P<slug>(?!(?:{'|'.join(sorted(RESERVED_SLUGS))})/)[-\w]{{1,80}})"
VERSION = rf"(?P<number>{NUMBER})"

urlpatterns = [
    path("documents/", views.library_list, name="library"),
    path("documents/index.md", views.list_source),
    re_path(rf"^documents/{SLUG}/$", views.document, name="document"),
    re_path(rf"^documents/{SLUG}/{VERSION}/$", views.version, name="version"),
    re_path(rf"^documents/{SLUG}/{VERSION}/(?P<name>[^/]+)$", views.version_file, name="file"),
    *of_pictures,
]
