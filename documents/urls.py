from django.urls import path, re_path

from documents import views
from documents.models import RESERVED_SLUGS

app_name = "documents"
# Not the portal's own last steps, which every address has.
SLUG = rf"(?P<slug>(?!(?:{'|'.join(sorted(RESERVED_SLUGS))})/)[-\w]{{1,80}})"
NUMBER = r"(?P<number>[0-9.]{1,20})"

urlpatterns = [
    path("documents/", views.library_list, name="library"),
    re_path(rf"^documents/{SLUG}/$", views.document, name="document"),
    re_path(rf"^documents/{SLUG}/{NUMBER}/$", views.version, name="version"),
    re_path(rf"^documents/{SLUG}/{NUMBER}/(?P<name>[^/]+)$", views.version_file, name="file"),
]
