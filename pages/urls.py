from django.urls import path, re_path

from pages import views

app_name = "pages"

urlpatterns = [
    path("glossary/", views.glossary_index, name="glossary"),
    path("glossary/<slug:slug>/", views.glossary_term, name="term"),
]

# The catch-all, included after every other address.
tree_patterns = [re_path(r"^(?P<address>(?:[^/]+/)*)\Z", views.page, name="page")]
