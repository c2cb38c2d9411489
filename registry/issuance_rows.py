"""Rows of the table of an activity's issuances as HTML. Not by a template: an activity may have a hundred of them."""

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.addresses import address_of
from registry.days import short_day

ROW = '<tr{}><th scope="row">{}</th><td class="right">{}</td><td class="right">{}</td></tr>\n'
ANCHOR, BELOW, LINK = ' id="{}"', "{} <small>{}</small>", '<a href="{}">{}</a>'


def issuance_rows(issued, tells_host):
    """The rows of Issued ones: day, days monitored, verifier, the host Party too where asked, CERs, running total."""
    monitored, not_given, links = _("monitored {first} – {last}"), _("not given"), {}
    return mark_safe("".join(row(one, tells_host, monitored, not_given, links) for one in issued))  # noqa: S308 - each row is escaped


def row(one, tells_host, monitored, not_given, links):
    anchor = format_html(ANCHOR, one.anchor) if one.anchor else ""
    if one.more:
        year = one.row.date.year
        head = ngettext("{count} more in {year}", "{count} more in {year}, together", one.more).format(count=one.more, year=year)
    else:
        head = format_html(BELOW, short_day(one.row.date), below(one, tells_host, monitored, not_given, links))
    return format_html(ROW, anchor, head, f"{one.row.cers:,}", f"{one.total:,}")


def below(one, tells_host, monitored, not_given, links):
    """What stands below the day: each part is escaped."""
    source = one.row
    is_known = source.monitoring_start and source.monitoring_end
    days = monitored.format(first=short_day(source.monitoring_start), last=short_day(source.monitoring_end)) if is_known else ""
    if one.verifier not in links:
        links[one.verifier] = format_html(LINK, address_of(one.verifier.path), one.verifier.name) if one.verifier else not_given
    parts = [part for part in (days, links[one.verifier], source.host if tells_host else "") if part]
    return format_html(", ".join(["{}"] * len(parts)), *parts)
