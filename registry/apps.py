from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = "Registry"

    def ready(self):
        from publishing import kinds

        names = "projects programmes issuance statistics registry releases data methodologies dna parties doe entities"
        kinds.served.update(f"/{name}/" for name in names.split())
        kinds.served.update({"/statistics/compare/", "/projects/map/"})
