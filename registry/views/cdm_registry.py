"""CDM registry at the request's moment: look-up of serial numbers, cancellations by year and group, the share of proceeds."""

from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from markup.rendering import escape_markdown
from publishing.addresses import canonical
from publishing.exports import csv_answer, json_answer, markdown_answer
from publishing.parameters import query_parameters
from publishing.views import source
from registry.cancellations import BREAKDOWNS, cancellations_of
from registry.days import long_day, short_day, shown_day
from registry.moments import registry_at
from registry.proceeds import raised_by, share_for_adaptation
from registry.serials import SerialError, read
from registry.unit_lookup import UnitLookup

TITLE = gettext_lazy("CDM Registry")
PATH = "/registry/"
SHOWN = 5  # groups of a breakdown on the page itself
SUMMARIES = ("host", "type", "platform")
COLUMNS = ("value", "label", "units", "blocks", "share_percent")


@query_parameters("serial", "by", "format")
@require_safe
def cdm_registry(request, is_source=False):
    """The registry as one page; with `?serial=` what is known of units, with `?by=host` and so on one breakdown of cancellations, whole."""
    registry = registry_at(request.moment)
    serial, by, form = (request.GET.get(name, "").strip() for name in ("serial", "by", "format"))
    if serial and not by:
        return looked_up(request, registry, serial, form, is_source)
    if by:
        return one_breakdown(request, registry, by, form, is_source)
    if form:
        raise Http404
    return source(request, PATH[1:], rows=rows_of_breakdowns(registry)) if is_source else overview(request, registry)


def overview(request, registry):
    day = registry.blocks_end.toordinal() if registry.blocks_end else registry.day
    found = None if registry.is_sample else cancellations_of(registry)
    context = frame(registry) | {
        "cancelled": found and found.totals(day),
        "voluntary": found and found.totals(day, "platform", "yes")[0],
        "chart": found and found.chart(day),
        "summaries": [(shown, shown.groups[:SHOWN]) for name in SUMMARIES if found and (shown := found.breakdown(name, day)).groups],
        "issued": registry.totals()[0].cers,
        "share": share_for_adaptation(registry),
        "raised": raised_by(date.fromordinal(registry.day)),
        "typed": "",
    }
    return render(request, "registry/cdm_registry.html", context)


def frame(registry):
    """What all pages of the CDM registry have in common."""
    return {
        "registry": registry,
        "title": TITLE,
        "as_of": shown_day(registry.table.as_of),
        "ends": short_day(registry.ends),
        "blocks_end": registry.blocks_end,
        "breakdowns": [] if registry.is_sample else [(name, heading) for name, (heading, _column) in BREAKDOWNS.items()],
        "source": source_of(registry),
    }


def source_of(registry):
    if registry.blocks_end is None:
        return _("Source: UNFCCC, reports of the CDM registry.")
    return _("Source: UNFCCC, reports of the CDM registry to %(day)s.") % {"day": long_day(registry.blocks_end)}


def rows_of_breakdowns(registry):
    return [("", str(heading), f"{PATH}?by={name}", "") for name, heading in frame(registry)["breakdowns"]]


# Serial numbers


def looked_up(request, registry, serial, form, is_source):
    try:
        found, problem = UnitLookup(registry, read(serial)), ""
    except SerialError as error:
        found, problem = None, str(error)
    if form and form != "json":
        raise Http404
    if form:
        return json_answer(for_programs(registry, found, problem))
    if is_source:
        origin = f"<{canonical(PATH)}>, {source_of(registry)}"
        return markdown_answer(f"# {_('CDM Registry')}: {escape_markdown(serial[:60])}", problem or as_markdown(found), "---", origin)
    context = frame(registry) | {"found": found, "problem": problem, "typed": serial[:200]}
    return render(request, "registry/units.html", context)


def for_programs(registry, found, problem):
    about = {"as_of": date.fromordinal(registry.day), "registry_reports_to": registry.blocks_end, "is_sample": registry.is_sample}
    if problem:
        return about | {"problem": problem}
    asked = found.asked
    blocks, units, cancellations, cancelled = found.totals
    about |= {"party": asked.party, "first": asked.first, "last": asked.last, "units": asked.count}
    about |= {"blocks": blocks, "issued": units, "cancellations": cancellations, "cancelled": cancelled}
    return about | {"items": [block_for_programs(block) for block in found.blocks]}


def block_for_programs(block):
    row, issuance = block.row, block.issuance
    return {
        "serial_start": row.first,
        "serial_end": row.last,
        "units": row.units,
        "unit_type": row.unit_type,
        "commitment_period": row.period,
        "project_ref": row.reference,
        "completed": row.completed,
        "units_asked": block.units,
        "issuance": issuance and {"date": issuance.day, "cers": issuance.cers, "process": issuance.process},
        "cancelled": [part_for_programs(part) for part in block.parts],
    }


def part_for_programs(part):
    row = part.row
    return {"serial_start": part.first, "serial_end": part.last, "completed": row.completed, "voluntary_platform": row.is_voluntary}


def as_markdown(found):
    _blocks, units, _cancellations, cancelled = found.totals
    lines = [_("Units issued: {units:,}. Cancelled: {cancelled:,}.").format(units=units, cancelled=cancelled)]
    lines += [_("Transfers to other registries are not in the data."), ""]
    for block in found.blocks:
        words = _("{party}-{first}–{last} of block {party}-{start}–{end}: activity {number}, recorded {day}, cancelled: {cancelled:,}")
        told = {"party": block.row.party, "first": block.first, "last": block.last, "start": block.row.first, "end": block.row.last}
        told |= {"number": block.row.reference or "?", "day": block.day.isoformat(), "cancelled": block.cancelled}
        lines.append("- " + words.format(**told) + issued_with(block))
    return "\n".join(lines)


def issued_with(block):
    issuance = block.issuance
    return _("; issuance of {cers:,} CERs on {day}").format(cers=issuance.cers, day=issuance.day.isoformat()) if issuance else ""


# Breakdowns of cancellations


def one_breakdown(request, registry, by, form, is_source):
    if by not in BREAKDOWNS or form not in ("", *FORMATS):
        raise Http404
    day = registry.blocks_end.toordinal() if registry.blocks_end else registry.day
    found = None if registry.is_sample else cancellations_of(registry).breakdown(by, day)
    if form or is_source:
        if found is None:
            raise Http404
        return FORMATS[form](registry, found) if form else breakdown_as_markdown(found)
    context = frame(registry) | {"found": found, "heading": BREAKDOWNS[by][0], "by": by}
    if found and found.is_by_time:
        context["chart"] = cancellations_of(registry).chart(day)
    return render(request, "registry/cancelled.html", context)


def record(group):
    return group.value, str(group.label), group.units, group.blocks, group.percent


def as_csv(registry, found):
    return csv_answer(f"units-cancelled-by-{found.name}-to-{registry.blocks_end}.csv", COLUMNS, map(record, found.groups))


def as_json(registry, found):
    items = [dict(zip(COLUMNS, record(group), strict=True)) for group in found.groups]
    return json_answer(
        {"source": source_of(registry), "as_of": registry.blocks_end, "by": found.name, "units": found.total, "items": items}
    )


FORMATS = {"csv": as_csv, "json": as_json}


def breakdown_as_markdown(found):
    lines = [f"| {found.column} | {_('Units')} | % |", "|---|---:|---:|"]
    lines += [f"| {escape_markdown(str(group.label))} | {group.units:,} | {group.percent} |" for group in found.groups]
    return markdown_answer(f"# {found.heading}", found.finding, "\n".join(lines), "---", f"<{canonical(PATH)}?by={found.name}>")
