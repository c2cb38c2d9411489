"""Serial numbers for the Quickfinder: what looks like one and lies in a block leads to the look-up of the CDM registry."""

import re
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.holdings import Holding
from publishing.kinds import Target
from registry.moments import registry_at
from registry.parties import parties
from registry.serials import SerialError, plain, read

# A Party and a number with a dash, a number of five digits, or all parts of a certificate: AM0001 is a methodology.
LIKE_ONE = re.compile(r"[A-Z]{2}(?:\s*-\s*\d[\d~-]*|\s*\d{5,}[\d~-]*)(?:~[A-Z]{2}[\d\s~-]+)?\Z")


class Serials(Holding):
    name = "serial"
    label, label_plural = gettext_lazy("Serial number"), gettext_lazy("Serial numbers")
    section = gettext_lazy("CDM Registry")
    behind = "release"
    is_searched = False

    def version(self, moment):
        release = registry_at(moment).release
        return release.number if release else 0

    def documents(self, _moment):
        return ()

    def targets(self, items, _moment):
        return {item: self.target(item) for item in items}

    def target(self, item):
        asked = read(item.partition("/")[2])
        title = _("Unit %(serial)s") if asked.is_one else _("Units %(serial)s")
        return Target(item, self.name, title % {"serial": asked}, "/registry/?" + urlencode({"serial": asked.written}))

    def told(self, _item, _moment):
        return ""

    def exact(self, typed, moment):
        """The serial numbers that were typed, where a block holds one of them at the moment."""
        if not LIKE_ONE.match(plain(typed)):
            return None
        try:
            asked = read(typed)
        except SerialError:
            return None
        if asked.party not in parties():
            return None
        return f"{self.name}/{asked.written}" if registry_at(moment).issued_within(asked.party, asked.first, asked.last)[:1] else None

    def suggested(self, typed, moment, most):
        found = self.exact(typed, moment) if most > 0 else None
        return [found] if found else []

    def said(self, _item):
        return _("block, activity, issuance, fate")
