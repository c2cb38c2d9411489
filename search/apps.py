from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"

    def ready(self):
        from publishing import kinds
        from search import readiness  # noqa: F401 - registers the check

        kinds.served.update({"/search/", "/quickfinder/"})
