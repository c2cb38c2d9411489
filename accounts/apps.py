from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Second factors and sessions"

    def ready(self):
        from accounts import sessions, throttling  # noqa: F401  (they listen to log-ins)


class SiteConfig(AdminConfig):
    """Django's admin, with the desk behind its log-in as its site."""

    default_site = "accounts.site.GuardedDesk"
