from django.apps import AppConfig


class CdmportalConfig(AppConfig):
    name = "cdmportal"
    verbose_name = "CDM portal"

    def ready(self):
        from cdmportal.database_file import watch_files
        from publishing import kinds

        watch_files()
        kinds.served.add("/timeline/")
