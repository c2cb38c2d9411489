from django.contrib import admin
from django.urls import include, path

from cdmportal import health, views
from pages.urls import tree_patterns

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("pages.urls")),
    path("", include("documents.urls")),
    path("", include("publishing.urls")),
    path("", include((tree_patterns, "tree"))),
]
handler404 = "cdmportal.views.not_found"
handler500 = "cdmportal.views.server_error"
