from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DueConfig(AppConfig):
    name = "due"
    verbose_name = "Work that falls due"

    def ready(self):
        autodiscover_modules("jobs")
