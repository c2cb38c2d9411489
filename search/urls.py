from django.urls import path

from search import quickfinder, views

app_name = "search"

urlpatterns = [
    path("search/", views.results, name="results"),
    path("search/index.md", views.results, {"is_source": True}),
    path("search/opensearch.xml", views.opensearch, name="opensearch"),
    path("quickfinder/", quickfinder.find, name="quickfinder"),
    path("quickfinder/suggestions/", quickfinder.suggestions, name="suggestions"),
]
