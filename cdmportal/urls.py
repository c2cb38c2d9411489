from django.contrib import admin
from django.urls import include, path, re_path

from bodies import views as of_bodies
from cdmportal import crawlers, health, old_addresses, styles, timeline, views
from cdmportal.cards.views import card
from cdmportal.openapi.views import openapi
from desk import share_links
from pages.urls import tree_patterns

urlpatterns = [
    re_path(r"^@|[\x00-\x1f\x7f]|(?:^|/)\.{1,2}(?:/|\Z)", views.nowhere),
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("styles/", styles.styles, name="styles"),
    path("at/", views.at_date, name="at"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline/index.md", timeline.timeline_source),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("llms.txt", crawlers.llms, name="llms"),
    re_path(r"^cards/(?P<name>[a-z0-9-]{1,40}\.png)\Z", card, name="card"),
    path("manifest.webmanifest", crawlers.manifest, name="manifest"),
    path("admin/", admin.site.urls),
    path("shared/<str:token>/", share_links.shared, name="shared"),
    path("", include("pages.urls")),
    path("", include("news.urls")),
    path("", include("documents.urls")),
    re_path(old_addresses.REDIRECTOR, old_addresses.redirector, name="redirector"),
    path("data/openapi.json", openapi, name="openapi"),
    path("", include("registry.urls")),
    path("executive-board/", views.executive_board, name="executive_board"),
    path("executive-board/index.md", of_bodies.board_source),
    path("panels/", views.panels, name="panels"),
    path("panels/index.md", of_bodies.body_list_source),
    path("", include("bodies.urls")),
    path("public-inputs/", views.public_inputs, name="public_inputs"),
    path("", include("calls.urls")),
    path("", include("submissions.urls")),
    path("", include("areas.urls")),
    path("", include("search.urls")),
    path("", include("publishing.urls")),
    path("", include((tree_patterns, "tree"))),
    re_path(r"^(?P<address>.*[^/])\Z", views.without_slash),
]
handler400 = "cdmportal.views.bad_request"
handler404 = "cdmportal.views.not_found"
handler500 = "cdmportal.views.server_error"
