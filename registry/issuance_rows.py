"""Rows of the table of an activity's issuances as HTML. Not by a template: an activity may have a hundred of them."""

from html import escape

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.addresses import address_of
from registry.days import short_day


def issuance_rows(issued, tells_host):
    """The rows of Issued ones: day, days monitored, verifier, the host Party too where asked, CERs, running total."""
    monitored, not_given, links = escape(_("monitored {first} – {last}")), escape(_("not given")), {}
    return mark_safe("".join(row(one, tells_host, monitored, not_given, links) for one in issued))  # noqa: S308 - each part is escaped


def row(one, tells_host, monitored, not_given, links):
    anchor = f' id="{escape(one.anchor)}"' if one.anchor else ""
    if one.more:
        words = ngettext("{count} more in {year}", "{count} more in {year}, together", one.more)
        head = escape(words.format(count=one.more, year=one.row.date.year))
    else:
        head = f"{escape(short_day(one.row.date))} <small>{below(one, tells_host, monitored, not_given, links)}</small>"
    numbers = f'<td class="right">{one.row.cers:,}</td><td class="right">{one.total:,}</td>'
    return f'<tr{anchor}><th scope="row">{head}</th>{numbers}</tr>\n'


def below(one, tells_host, monitored, not_given, links):
    """What stands below the day, as HTML."""
    source, verifier = one.row, one.verifier
    days = ""
    if source.monitoring_start and source.monitoring_end:
        first, last = escape(short_day(source.monitoring_start)), escape(short_day(source.monitoring_end))
        days = monitored.format(first=first, last=last)
    if verifier not in links:
        links[verifier] = f'<a href="{escape(address_of(verifier.path))}">{escape(verifier.name)}</a>' if verifier else not_given
    return ", ".join(filter(None, (days, links[verifier], escape(source.host) if tells_host else "")))
