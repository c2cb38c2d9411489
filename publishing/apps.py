from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Record in time"

    def ready(self):
        from publishing import checks  # noqa: F401  (registers the system checks)
        from publishing.immutability import arm_after_migrate, disarm_before_migrate
        from publishing.record_transaction import open_record
        from publishing.roles import make_groups
        from publishing.turns import renew

        autodiscover_modules("kinds")
        autodiscover_modules("figures")
        autodiscover_modules("holdings")
        apps.get_app_config("auth").verbose_name = "Accounts"  # at the desk there is nothing else of it

        # SQLite rebuilds a table when a migration alters it: its triggers go, and those that name it stop the rebuild.
        pre_migrate.connect(disarm_before_migrate, sender=self, dispatch_uid="publishing.immutability")
        post_migrate.connect(arm_after_migrate, sender=self, dispatch_uid="publishing.immutability")
        post_migrate.connect(open_record, sender=self, dispatch_uid="publishing.record")
        post_migrate.connect(renew, sender=self, dispatch_uid="publishing.turns")
        post_migrate.connect(make_groups, dispatch_uid="publishing.roles")
