from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutsideLinksConfig(AppConfig):
    name = "outside_links"
    verbose_name = _("Links to other sites")

    def ready(self):
        from outside_links import report  # noqa: F401 - registers it
