"""Notes on elements that the sanitiser takes out, and on marks of other editors that are shown as they are written."""

import re
from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from markup.conversion import TAGS
from markup.elements import VOID, scan
from markup.linting.note import Note

# What stands within these is taken out as well.
TAKEN_WHOLE = {"script", "style", "template"}
# HTML reads what stands within these as plain text.
PLAIN = {"iframe", "noembed", "noframes", "noscript", "textarea", "title", "xmp"}
ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*(?P<mark>\\[\"$%&',/:;<=?@])")
BREAK = re.compile(r"(?<!\\)(?:\\\\)*\\$")


def element_notes(lines):
    """One note for each kind of element that is not allowed, at the first of them."""
    source = "\n".join(lines)
    tags = [(tag["name"].lower(), start) for start, _end, tag in scan(source) if tag and not tag["end"]]
    count, first = Counter(name for name, _start in tags), dict(reversed(tags))
    for name in count.keys() - TAGS:
        names = {"name": name, "count": count[name]}
        text = ngettext("<%(name)s> is taken out.", "<%(name)s> is taken out (%(count)s times).", count[name]) % names
        yield Note(source.count("\n", 0, first[name]) + 1, f"{text} {remedy(name)}")


def remedy(name):
    if name in TAKEN_WHOLE:
        return _("So is what stands in it: no scripts, styles or templates of one's own are possible.")
    if name == "plaintext":
        return _("All that follows is shown as plain text with its tags: leave it out.")
    if name in PLAIN:
        return _("What stands in it stays as plain text, with any tags: write its form in Markdown, or link to what it showed.")
    if name in VOID:
        return _("Nothing stands in its place: say in words or with a link what it showed.")
    return _("What stands in it stays: write its form in Markdown, or link to what it showed.")


def mark_notes(lines):
    for number, line in enumerate(lines, 1):
        if "\\" not in line:
            continue
        if (mark := ESCAPED.search(line)) and not line.lstrip().startswith(("|", "    ")):
            yield Note(number, _("The backslash of %(mark)s is shown: leave it out, or write &lt; for <.") % {"mark": mark["mark"]})
        below = lines[number] if number < len(lines) else ""
        if BREAK.search(line) and below.strip():
            yield Note(number, _("The backslash at the end of this line is shown: write two spaces instead, which begin a new line."))
