from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AreasConfig(AppConfig):
    name = "areas"
    verbose_name = _("Extranets")

    def ready(self):
        from publishing import kinds

        kinds.timeless.update({"/extranets/areas/", "/extranets/log-in/"})
