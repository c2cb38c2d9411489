"""Kind: releases of the registry's data."""

from django.core.exceptions import ValidationError
from django.db.models import F

from publishing.kinds import Kind, register
from registry.models import Release, ReleaseEdition


@register
class ReleaseKind(Kind):
    draft = Release
    edition = ReleaseEdition

    def check_record(self, things, since):
        """A release is public at once: the first one is shown at every moment before it too, and no schedule may change those."""
        if self.edition.objects.ever_in_force().filter(live_from__gte=since, live_from__gt=F("recorded")).exists():
            raise ValidationError("A release of registry data cannot be scheduled. Please publish it now.")

    def markdown(self, content):
        """What was imported, and what was not, as Markdown."""
        names = ("activities", "issuances", "blocks", "cancellations", "methodologies", "rejected", "warned")
        lines = [f"- {content._meta.get_field(name).verbose_name}: {getattr(content, name)}" for name in names]
        return "\n\n".join([f"# {self.title(content)}", "\n".join(lines)])
