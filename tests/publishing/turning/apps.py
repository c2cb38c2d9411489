from django.apps import AppConfig

from tests.publishing.turning.texts import named


class TurningConfig(AppConfig):
    name = "tests.publishing.turning"

    def ready(self):
        from pages.kinds import PageKind
        from publishing import figures

        PageKind.turns = lambda kind, edition: named(edition.body)
        figures.register({"open": "Open now"}, count_open, kind="page")


def count_open(moment, day):
    from pages.models import PageEdition
    from publishing.figures import Figure

    instants = [dict(named(text)) for text in PageEdition.objects.live(moment.at).values_list("body", flat=True)]
    is_open = [each["opens"] <= moment.at < each["closes"] for each in instants if each]
    return {"open": Figure(sum(is_open), day)}
