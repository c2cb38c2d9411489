"""Notes on a Markdown text for its editor, each with its line and a remedy. They keep nobody from saving."""

from itertools import islice

from markup import rendering
from markup.linting.code import code_notes, indentation_notes, without_code, without_indented
from markup.linting.dialects import dialect_notes
from markup.linting.figures import figure_notes
from markup.linting.footnotes import footnote_notes
from markup.linting.headings import heading_notes
from markup.linting.links import link_notes
from markup.linting.lists import list_notes
from markup.linting.marks import element_notes, mark_notes
from markup.linting.pictures import picture_notes
from markup.linting.tables import table_notes

# Of each sort of note an editor is shown at most so many at once.
MOST = 100


def unknown(_path):
    return None


def notes(source, resolve, parts=unknown, figures=()):
    """Notes on the text in the order of its lines.

    `resolve(path)` tells what lives at a root-relative address, or gives None; `parts(path)` gives the ids of the headings of the page
    there, or None where they are not known; `figures` are the names of all figures.
    """
    lines = source.splitlines()
    found = set(every_note(lines, resolve, parts, rendering.ids(rendering.safe_html(source)), figures))
    return sorted(found, key=lambda note: (note.line, note.text))


def every_note(lines, resolve, parts, ids, figures=()):
    plain = without_code(lines)
    text = without_indented(plain)
    sorts = [of_lines(plain) for of_lines in (heading_notes, list_notes, footnote_notes, element_notes, mark_notes, indentation_notes)]
    sorts += [code_notes(lines), table_notes(text), dialect_notes(text), picture_notes(text, resolve), figure_notes(text, figures)]
    for sort in [*sorts, link_notes(text, resolve, ids, parts)]:
        yield from islice(sort, MOST)
