"""The desk's report of links to other sites: what is not found, what has moved for good, and what could not be checked."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.reports import DeskReport, register, within_reach
from outside_links.collecting import addresses_of, digest_of
from outside_links.models import LinkVerdict, OutsideAddress, TextWithLinks
from publishing import kinds

TOLD = (LinkVerdict.NOT_FOUND, LinkVerdict.MOVED, LinkVerdict.CANNOT)


def find(user):
    """Editions that name an address to be told of."""
    return TextWithLinks.objects.filter(within_reach(user), addresses__verdict__in=TOLD).distinct().order_by("edition")


def tell(found):
    """Sentences by edition. The addresses are read from its texts as the record has them now, so nothing is told of what was erased."""
    told = {}
    for kind in kinds.every():
        numbers = [one.edition for one in found if one.kind == kind.name]
        for edition in kind.edition.objects.filter(number__in=numbers) if numbers else ():
            named = {digest_of(address): address for address in addresses_of(edition)}
            rows = OutsideAddress.objects.filter(digest__in=list(named), verdict__in=TOLD)
            rows = sorted(rows, key=lambda row: (TOLD.index(row.verdict), named[row.digest]))
            told[edition.pk] = [sentence(row, named[row.digest]) for row in rows]
    return told


def sentence(row, address):
    if row.verdict == LinkVerdict.NOT_FOUND:
        since = date_format(row.missed_since, "j F Y")
        why = _("answered %d") % row.status if row.status else _("its host is unknown")
        return _("%(address)s: not found since %(since)s (%(why)s)") % {"address": address, "since": since, "why": why}
    if row.verdict == LinkVerdict.MOVED:
        return _("%(address)s: moved for good to %(new)s") % {"address": address, "new": row.leads_to}
    if row.missed:
        return _("%s: missing when last looked at; tried again before it counts as not found") % address
    return _("%(address)s: cannot be checked%(status)s") % {"address": address, "status": f" ({row.status})" if row.status else ""}


register(
    DeskReport(
        "outside-links",
        gettext_lazy("Links to other sites"),
        gettext_lazy("Public texts that link to addresses elsewhere which are gone or have moved, as “check_links” found them."),
        find,
        tell,
    )
)
