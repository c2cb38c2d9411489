"""The pages of releases as Markdown: their list, one release, and what it changed."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from markup.rendering import escape_markdown
from publishing.addresses import as_asked, canonical
from publishing.exports import markdown_answer, markdown_list
from registry.days import long_day

MOST_REASONS = 20


def of_list(title, releases, told):
    rows = [("", release.title, release.path, told(release)) for release in releases]
    empty = _("No release had been published here yet.")
    return markdown_answer(f"# {title}", markdown_list(rows) or empty, "---", f"<{canonical('/releases/')}>")


def of_release(release, before, counted, rejects, warnings):
    """`counted` are (label, number) pairs, `rejects` and `warnings` (reason, how often, file, line) of the report."""
    published = _("Published here on {day} UTC").format(day=date_format(release.recorded, "j F Y, H:i"))
    return markdown_answer(
        f"# {escape_markdown(release.title)}",
        published,
        escape_markdown(release.note),
        "\n".join(f"- {label}: {number:,}" for label, number in counted),
        changed_against(release, before),
        f"## {_('Files')}",
        "\n".join(map(line_of_file, release.files)),
        "## " + _("Rows left out: {count}").format(count=f"{release.rejected:,}"),
        "\n".join(map(line_of_reason, rejects[:MOST_REASONS])),
        "## " + _("Warnings: {count}").format(count=f"{release.warned:,}"),
        "\n".join(map(line_of_reason, warnings[:MOST_REASONS])),
        "---",
        f"<{canonical(release.path)}>",
    )


def changed_against(release, before):
    if before is None:
        return _("This is the first release published here; there is nothing to compare it with.")
    words = _("What changed against: {name}").format(name=escape_markdown(before.title))
    return f"[{words}]({as_asked(release.path)}changes/)"


def line_of_file(file):
    until = f" ({_('to')} {file['until']})" if file.get("until") else ""
    return f"- {escape_markdown(file['name'])}{until}: {file['rows']:,} {_('rows')}, SHA-256 `{file['sha256']}`"


def line_of_reason(reason):
    told, count, name, line = reason
    place = f"{name}, {line}" if line else name
    return f"- {escape_markdown(str(told))} ({count:,}; {escape_markdown(str(place))})"


def of_changes(release, before, found, kinds, chosen, page):
    """`found` the ReleaseChanges, `kinds` (label, number) pairs, `chosen` the page of ChangedActivities that the address asks for."""
    issued = found.issuances
    moves = sorted(found.moves.items(), key=lambda move: -move[1])
    words = _("{added} issuances came, with {cers} CERs; {gone} went, with {lost} CERs.")
    past = _("Of days up to {day}, of which the release before told, {count} came ({cers} CERs).")
    return markdown_answer(
        f"# {escape_markdown(release.title)}: {_('changes')}",
        _("Against {release}").format(release=escape_markdown(before.title)),
        "\n".join(f"- {label}: {count:,}" for label, count in kinds),
        f"## {_('Issuances')}",
        words.format(added=f"{issued.added[0]:,}", cers=f"{issued.added[1]:,}", gone=f"{issued.gone[0]:,}", lost=f"{issued.gone[1]:,}"),
        past.format(day=long_day(before.as_of), count=f"{issued.past[0]:,}", cers=f"{issued.past[1]:,}"),
        found.by_field and f"## {_('Changed by field')}",
        "\n".join(f"- {escape_markdown(str(label))}: {count:,}" for _name, label, count in found.by_field),
        moves and f"## {_('Moves of status')}",
        "\n".join(f"- {escape_markdown(str(old))} → {escape_markdown(str(new))}: {count:,}" for (old, new), count in moves),
        f"## {_('Activities')}",
        markdown_list([("", one.title, one.path, told_of(one)) for one in chosen]),
        page,
        "---",
        f"<{canonical(release.path)}changes/>",
    )


def told_of(one):
    if not one.changes:
        return _("Added") if one.what == "added" else _("Gone")
    nothing = _("nothing")
    return "; ".join(f"{change.label}: {change.shown[0] or nothing} → {change.shown[1] or nothing}" for change in one.changes)
