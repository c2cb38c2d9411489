from django.apps import AppConfig


class CdmportalConfig(AppConfig):
    name = "cdmportal"
    verbose_name = "CDM portal"
