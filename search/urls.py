from django.urls import path

from search import quickfinder

app_name = "search"

urlpatterns = [
    path("quickfinder/", quickfinder.find, name="quickfinder"),
    path("quickfinder/suggestions/", quickfinder.suggestions, name="suggestions"),
]
