"""Kind: releases of the registry's data. And the pages that come with them, as links and the sitemap know them."""

import re

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from publishing.kinds import Kind, Unrecorded, register, register_pages
from registry.accreditation import entities_told
from registry.addresses import ACTIVITY, ENTITY, METHODOLOGY, PARTY, RELEASE, methodology_path
from registry.entities import entities, entities_in
from registry.hosts import codes_in
from registry.methodologies import catalogue_of
from registry.models import ActivityRow, Release, ReleaseEdition
from registry.moments import registry_at, releases
from registry.parties import parties


@register
class ReleaseKind(Kind):
    draft = Release
    edition = ReleaseEdition
    is_dumped = False

    def check_record(self, things, since):
        """A release is public at once: the first one is shown at every moment before it too, and no schedule may change those."""
        if self.edition.objects.ever_in_force().filter(live_from__gte=since, live_from__gt=F("recorded")).exists():
            raise ValidationError("A release of registry data cannot be scheduled. Please publish it now.")

    def markdown(self, content):
        """What was imported, and what was not, as Markdown."""
        names = ("activities", "issuances", "blocks", "cancellations", "methodologies", "rejected", "warned")
        lines = [f"- {content._meta.get_field(name).verbose_name}: {getattr(content, name)}" for name in names]
        return "\n\n".join([f"# {self.title(content)}", "\n".join(lines)])


def of_release(moment, paths):
    """(path, since) for the sitemap of the paths that `paths(registry)` gives. Pages of the sample stay out: they are to be replaced."""
    registry = registry_at(moment)
    return [] if registry.is_sample else [(path, registry.release.live_from) for path in paths(registry)]


@register_pages
class ActivityPages(Unrecorded):
    """Pages of activities. Which ones the sample lacks is not known before the first import, so till then no well-formed address is dead:
    what a text of a past moment leads to must not change with it."""

    pattern = re.compile(rf"/projects/{ACTIVITY}/\Z")

    def serves(self, path, moment):
        match = self.pattern.match(path)
        if not match:
            return False
        registry, key = registry_at(moment), match["key"]
        if registry.is_sample or (key.isdecimal() and registry.table.place(int(key)) is not None):
            return True
        wanted = Q(reference=key) | Q(matched_reference=key) if key.isdecimal() else Q(key=key)
        return ActivityRow.objects.filter(wanted, from_release__lte=registry.release.thing_id).exists()

    def addresses(self, moment):
        return of_release(moment, lambda registry: registry.activity_paths())


@register_pages
class GroupPages(Unrecorded):
    """Pages of methodologies, Parties and entities. While the sample is shown every well-formed code of a methodology may yet come."""

    pattern = re.compile(rf"/(?:methodologies/{METHODOLOGY}|parties/{PARTY.replace('code', 'party')}|entities/{ENTITY})/\Z")

    def serves(self, path, moment):
        match = self.pattern.match(path)
        if not match:
            return False
        registry = registry_at(moment)
        if match["code"]:
            return registry.is_sample or catalogue_of(registry).code_of(match["code"]) is not None
        if match["party"]:
            code = match["party"].upper()
            return code in parties() or code in codes_in(registry.table)
        return match["slug"] in entities() or match["slug"] in entities_in(registry.table)

    def addresses(self, moment):
        return of_release(moment, group_paths)


@register_pages
class ReleasePages(Unrecorded):
    """Pages of releases and of what each changed. Links to them are good once they are published here."""

    pattern = re.compile(rf"/releases/{RELEASE}/(?P<changes>changes/)?\Z")

    def serves(self, path, moment):
        return bool(self.pattern.match(path)) and path in dict(self.addresses(moment))

    def addresses(self, moment):
        found = [release for release in releases(moment) if release.is_live(moment.at)]
        pages = [(release.path, release.live_from) for release in found]
        return [("/releases/", found[-1].live_from), *pages, *((f"{path}changes/", since) for path, since in pages[1:])] if found else []


def group_paths(registry):
    table = registry.table
    yield from (methodology_path(code) for code in catalogue_of(registry).codes)
    yield from (f"/parties/{code}/" for code in codes_in(table))
    yield from (entity.path for entity in (entities_in(table) | entities_told(registry.ends)).values())
