from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CdmportalConfig(AppConfig):
    name = "cdmportal"
    verbose_name = "CDM portal"


class DeskConfig(AdminConfig):
    default_site = "publishing.site.DeskSite"
