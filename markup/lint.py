"""Notes on a Markdown text for its editor: broken links, skipped headings, links and pictures without words. They never stop anyone."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from markup import rendering

EMPTY_WORDS = {"here", "click here", "click", "this", "this link", "this page", "link", "more", "read more", "see here", "go here"}
FENCE = re.compile(r"^ {0,3}(```|~~~)")
CODE_SPAN = re.compile(r"(?<!`)(`{1,8})(?!`)[^`]+\1(?!`)")
DEFINITION = re.compile(r"^ {0,3}\[(?!\^)(?P<name>[^\[\]]+)\]:\s*<?(?P<href>[^\s>]*)")
IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
HTML_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
HTML_ALT = re.compile(r"""\balt\s*=\s*(?:"\s*[^"\s]|'\s*[^'\s]|[^\s"'>])""", re.IGNORECASE)
LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\(\s*<?(?P<href>[^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*)>?[^()]*\)")
REFERENCE = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\[(?P<name>[^\[\]]*)\])?")
HTML_LINK = re.compile(r"""<a\b[^<>]*?\bhref\s*=\s*["'](?P<href>[^"'<>]*)["'][^<>]*>(?P<text>[^<>]*)</a>""", re.IGNORECASE)
ATX = re.compile(r"^ {0,3}(?P<marks>#{1,6})(?P<text>[^#].*|)$")
UNDERLINE = re.compile(r"^(?:=+|-+)\s*$")
EMPHASIS = re.compile(r"[*_~^]+")


@dataclass(frozen=True)
class Note:
    line: int
    text: str


def notes(source, resolve):
    """Notes on the text in the order of its lines. `resolve(path)` tells what lives at a root-relative address, or gives None."""
    lines = without_code(source.splitlines())
    ids = {heading.id for heading in rendering.headings(rendering.safe_html(source))}
    found = [*heading_notes(lines), *image_notes(lines)]
    for number, text, href in links(lines):
        found += [Note(number, sentence) for sentence in (wording(text), leading(text, href, resolve, ids)) if sentence]
    return sorted(set(found), key=lambda note: (note.line, note.text))


def without_code(lines):
    """The lines with everything blanked that Markdown shows as it is written."""
    plain, fence = [], None
    for line in lines:
        mark = FENCE.match(line)
        if mark and fence in {None, mark[1]}:
            fence = None if fence else mark[1]
            plain.append("")
        else:
            plain.append("" if fence else without_comments(CODE_SPAN.sub("", line)))
    return plain


def without_comments(line):
    while (start := line.find("<!--")) >= 0 and (end := line.find("-->", start)) >= 0:
        line = line[:start] + line[end + 3 :]
    return line


def heading_notes(lines):
    """A heading more than one level below the one before it. The page's title stands above them all."""
    above = 1
    for number, level, text in headings(lines):
        if not text:
            yield Note(number, _("This heading is empty."))
        if level > above + 1:
            yield Note(number, _("“%(text)s” skips a heading level: write %(marks)s instead.") % {"text": text, "marks": "#" * (above + 1)})
        above = level


def headings(lines):
    for number, line in enumerate(lines, 1):
        below = lines[number] if number < len(lines) else ""
        if atx := ATX.match(line):
            yield number, max(2, len(atx["marks"])), atx["text"].strip(" #\t")
        elif line.strip() and UNDERLINE.match(below) and not line.lstrip().startswith(("|", "-", ">")):
            yield number, 2, line.strip()


def image_notes(lines):
    for number, line in enumerate(lines, 1):
        silent = [match for match in IMAGE.finditer(line) if not match["alt"].strip()]
        silent += [match for match in HTML_IMAGE.finditer(line) if not HTML_ALT.search(match[0])]
        for _match in silent:
            yield Note(number, _("This picture has no words for those who cannot see it: write ![what it shows](address)."))


def links(lines):
    """(line, text, address) of every link. A picture within a link gives it its words."""
    definitions = {match["name"].casefold(): match["href"] for line in lines if (match := DEFINITION.match(line))}
    for number, line in enumerate(lines, 1):
        if DEFINITION.match(line):
            continue
        worded = IMAGE.sub(lambda match: match["alt"] or "picture", line)
        for match in [*LINK.finditer(worded), *HTML_LINK.finditer(worded)]:
            yield number, plain(match["text"]), match["href"]
        for match in REFERENCE.finditer(LINK.sub("", worded)):
            name = (match["name"] or match["text"]).casefold()
            if name in definitions:
                yield number, plain(match["text"]), definitions[name]


def plain(text):
    return EMPHASIS.sub("", text).strip()


def wording(text):
    """What is wrong with the words of a link, or None."""
    if not text:
        return _("This link has no words.")
    if text.casefold().strip(" .:!>»") in EMPTY_WORDS and not rendering.MORE.match(text.replace(">", "&gt;")):
        return _("The link “%(text)s” does not say where it leads to people who hear links without the text around.") % {"text": text}
    return None


def leading(text, href, resolve, ids):
    """What is wrong with where a link leads, or None."""
    names = {"text": text, "href": href}
    if href.startswith("/"):
        found = resolve(unquote(urlsplit(href).path))
        return None if found else _("The link “%(text)s” leads to %(href)s, where nothing is published; visitors see plain text.") % names
    if href.startswith("#"):
        found = {href[1:], rendering.ID_PREFIX + href[1:]} & ids or href.startswith("#fn")
        return None if found else _("The link “%(text)s” leads to %(href)s, and there is no such heading on this page.") % names
    if href.startswith(settings.SITE_ADDRESS + "/"):
        return _("The link “%(text)s” names this portal's full address: write it from the first / on, so that it follows moves.") % names
    return elsewhere(names)


def elsewhere(names):
    """What is wrong with an address outside the portal, or None."""
    href = names["href"]
    scheme = href.split(":", 1)[0].lower() if ":" in href else ""
    if not href:
        return _("The link “%(text)s” leads nowhere.") % names
    if not scheme:
        return _("The link “%(text)s” leads to %(href)s: write addresses here from the first / on, others with https://.") % names
    if scheme not in rendering.SCHEMES:
        return _("The link “%(text)s” (%(href)s) will be removed: only http, https, mailto and tel are possible.") % names
    return None
