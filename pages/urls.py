from django.urls import path, re_path

from pages import glossary, views
from publishing.listing import lines
from publishing.views import source_with

app_name = "pages"
# Not the portal's own last steps, which every address has.
TERM = r"(?P<slug>(?!(?:history|timemap|preview)/)[-a-zA-Z0-9_]+)"

urlpatterns = [
    path("glossary/", views.glossary_index, name="glossary"),
    path("glossary/index.md", source_with(lambda moment: lines(glossary.terms(moment).live))),
    re_path(rf"^glossary/{TERM}/$", views.glossary_term, name="term"),
]

# The catch-all, included after every other address.
tree_patterns = [re_path(r"^(?P<address>(?:[^/]+/)*)\Z", views.page, name="page")]
