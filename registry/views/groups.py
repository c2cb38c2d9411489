"""What the pages and lists of groups have in common: page, Markdown and JSON of one; the list in pages and as Markdown."""

from dataclasses import dataclass, replace

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from markup.rendering import escape_markdown
from publishing.addresses import canonical
from publishing.exports import json_answer, markdown_answer, markdown_list
from publishing.listing import page_of
from publishing.views import source
from registry.activity_page import Fact
from registry.days import short_day, shown_day
from registry.own_years import years_of_group
from registry.views.stat_tables import show_own

SIZE = 50


@dataclass(frozen=True)
class GroupList:
    """List of groups: its columns as (name, label) pairs, its rows as Cells in their order, and what is said above it. `others` are
    Cells without numbers, named below it."""

    path: str
    title: str
    columns: list
    cells: list
    notes: tuple = ()
    choices: tuple = ()
    others: tuple = ()
    others_label: str = ""
    empty: str = ""
    item: str = ""
    items: str = ""
    ends: str = ""
    as_of: str = ""


def show_list(request, registry, shown, is_source):
    """A list as a page, as Markdown or as JSON of all its rows. Raises Http404 for another form."""
    if form := request.GET.get("format"):
        if form != "json" or is_source:
            raise Http404
        return json_answer(for_programs(registry, shown))
    if is_source:
        rows = [("", cell.label, cell.path, told(shown, cell)) for cell in shown.cells]
        if not rows:
            return markdown_answer(f"# {shown.title}", str(shown.empty))
        return source_of(request, shown, rows)
    shown = replace(shown, ends=short_day(registry.ends), as_of=shown_day(registry.table.as_of))
    context = {"registry": registry, "list": shown, "page_obj": page_of(request, shown.cells, SIZE)}
    return render(request, "registry/groups.html", context)


def for_programs(registry, shown):
    def named(cell):
        return {"address": canonical(cell.path), "name": cell.label}

    others = [named(cell) | cell.more for cell in shown.others]
    return {
        "title": str(shown.title),
        "figures_to": registry.ends,
        "is_sample": registry.is_sample,
        "release": registry.release and registry.release.title,
        "items": [named(cell) | {"detail": str(cell.detail)} | cell.numbers | cell.more for cell in shown.cells],
    } | ({"others": others} if others else {})


def source_of(request, shown, rows):
    """The text of the section with the list below it; the list alone before there is a text."""
    answer = source(request, shown.path.strip("/") + "/", rows=rows)
    if answer.content.startswith(b"# "):
        return answer
    return markdown_answer(f"# {shown.title}", markdown_list(rows))


def told(shown, cell):
    numbers = (f"{label}: {cell.numbers[name]:,}" for name, label in shown.columns if cell.numbers.get(name) is not None)
    return ". ".join(filter(None, [str(cell.detail), ", ".join(numbers)]))


def show_group(request, page, is_source):
    """A group's page, or with `?by=year` its chart. Raises Http404 for a form that there is not."""
    if "by" in request.GET:
        return show_own(request, page, years_of_group(page), request.GET.get("format"), is_source)
    if is_source:
        return markdown(page)
    if form := request.GET.get("format"):
        if form != "json":
            raise Http404
        return json_answer({"address": canonical(page.path)} | page.as_data())
    return render(request, "registry/group.html", {"group": page, "registry": page.registry})


def markdown(page):
    facts = "\n".join(f"- {fact.label}: {escape_markdown(', '.join(str(text) for text, _address in fact.values))}" for fact in page.facts)
    figures = "\n".join(f"- {value if isinstance(value, str) else f'{value:,}'} {words}" for value, words in page.figures)
    rows = [("", line.title, line.path, "" if cers is None else f"{cers:,} CERs") for line, cers in page.lines]
    parts = [escape_markdown(str(note)) for note in page.notes]
    changes = [f"- {one.shown_day}: {told_of_change(one)}" for one in getattr(page, "accreditation", ())]
    parts += [f"## {_('Changes of accreditation')}", "\n".join(changes)] if changes else []
    listed = ["## " + _("Activities"), markdown_list(rows)] if rows else []
    origin = f"<{canonical(page.path)}>, {page.source}, {_('figures to')} {page.until.isoformat()}"
    head = f"# {escape_markdown(page.title)}"
    return markdown_answer(head, str(page.subtitle), facts, figures, *parts, *listed, "---", origin)


def told_of_change(change):
    scopes = f"{_('sectoral scopes')} {change.scopes}" if change.scopes else ""
    return escape_markdown(", ".join(filter(None, (str(change.label), scopes, change.note))) + f" ({change.source})")


def plain_fact(name, label, text, source=""):
    """A fact of a group, of which every value has one source."""
    return Fact(name, label, [(text, "")] if text else [(_("not given"), "")], source)


def sorted_cells(cells, sort):
    """Cells by the number of a column, the highest first; in their own order for any other name."""
    if not any(sort in cell.numbers for cell in cells):
        return cells
    return sorted(cells, key=lambda cell: -(cell.numbers[sort] or 0))
