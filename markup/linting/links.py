"""Notes on links without words, or that lead nowhere."""

import re
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from markup import rendering
from markup.anchors import to_heading
from markup.linting.note import Note

EMPTY_WORDS = {"here", "click here", "click", "this", "this link", "this page", "link", "more", "read more", "see here", "go here"}
DEFINITION = re.compile(r"""^[ >]*+\[(?!\^)(?P<name>[^\[\]]+)\]: *+<?(?P<href>[^\s>]*+)>? *+(?:(?:"[^"]*"|'[^']*'|\([^()]*\)) *+)?$""")
IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\(\s*<?(?P<href>[^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*)>?[^()]*\)")
REFERENCE = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\[(?P<name>[^\[\]]*)\])?")
REFERENCE_IN_FULL = re.compile(r"(?<!\\)\[(?!\^)(?P<text>[^\[\]]+)(?<!\\)\] ?\[(?!\^)(?P<name>[^\[\]]*)(?<!\\)\](?![(:])")
HTML_LINK = re.compile(r"""<a\b[^<>]*?\bhref\s*=\s*["'](?P<href>[^"'<>]*)["'][^<>]*>(?P<text>[^<>]*)</a>""", re.IGNORECASE)
EMPHASIS = re.compile(r"[*_~^]+")


def link_notes(lines, resolve, ids, parts):
    """`ids` are those of this text, `parts(path)` gives those of another page, or None where they are not known."""
    for number, text, href in links(lines):
        for sentence in (wording(text), leading(text, href, resolve, ids), dead_part(text, href, parts)):
            if sentence:
                yield Note(number, sentence)
    yield from reference_notes(lines)
    yield from definition_notes(lines)


def definitions(lines):
    """(line, name, address) of every definition of a reference; its address may stand in the line below."""
    for number, line in enumerate(lines, 1):
        if match := DEFINITION.match(line):
            below = lines[number].split() if number < len(lines) else []
            yield number, named(match["name"]), match["href"] or (below[0].strip("<>") if below else "")


def named(words):
    """The name of a reference, in which capitals and blanks make no difference."""
    return " ".join(words.split()).casefold()


def reference_notes(lines):
    """Notes on references without a definition."""
    known = {name for _number, name, _href in definitions(lines)}
    for number, line in enumerate(lines, 1):
        for match in REFERENCE_IN_FULL.finditer(LINK.sub(" ", IMAGE.sub("picture", line))) if "][" in line else ():
            name = match["name"] or match["text"]
            if named(name) not in known:
                names = {"form": match[0], "name": name}
                yield Note(number, _("%(form)s is shown as it is written: write a line [%(name)s]: with the address.") % names)


def definition_notes(lines):
    """Notes on definitions of one name, of which the last counts here and elsewhere the first, and on those that nothing leads to."""
    first, counts = {}, {name: href for _number, name, href in definitions(lines)}
    text = "\n".join("" if DEFINITION.match(line) else line for line in lines)
    used = {named(match[1]) for match in re.finditer(r"\[([^\[\]]+)\]", text)} if counts else ()
    for number, name, href in definitions(lines):
        line, address = first.setdefault(name, (number, href))
        names = {"name": name, "line": line, "href": counts[name]}
        if href != address:
            yield Note(number, _("[%(name)s] has an address already in line %(line)s; all its links lead to %(href)s: rename one.") % names)
        elif name not in used and line == number:
            yield Note(number, _("This line is not shown, and nothing leads to it: write [%(name)s] in the text, or delete it.") % names)


def links(lines):
    """(line, text, address) of every link. A picture within a link gives it its words."""
    known = {name: href for _number, name, href in definitions(lines)}
    for number, line in enumerate(lines, 1):
        if DEFINITION.match(line):
            continue
        worded = IMAGE.sub(lambda match: match["alt"] or "picture", line)
        for match in [*LINK.finditer(worded), *HTML_LINK.finditer(worded)]:
            yield number, plain(match["text"]), match["href"]
        for match in REFERENCE.finditer(LINK.sub("", worded)):
            name = named(match["name"] or match["text"])
            if name in known:
                yield number, plain(match["text"]), known[name]


def plain(text):
    return EMPHASIS.sub("", text).strip()


def wording(text):
    """Note on the words of a link, or None."""
    if not text:
        return _("This link has no words.")
    if text.casefold().strip(" .:!>»") in EMPTY_WORDS and not rendering.MORE.match(text.replace(">", "&gt;")):
        return _("The link “%(text)s” does not say where it leads to people who hear links without the text around.") % {"text": text}
    return None


def leading(text, href, resolve, ids):
    """Note on the address of a link, or None."""
    names = {"text": text, "href": href}
    if href.startswith("/"):
        found = resolve(unquote(urlsplit(href).path))
        return (
            None
            if found
            else _("The link “%(text)s” leads to %(href)s, where nothing is published; visitors see plain text. Correct it.") % names
        )
    if href.startswith("#"):
        found = unquote(to_heading(href, ids)[1:]) in ids
        return None if found else _("The link “%(text)s” leads to %(href)s, and there is no such heading on this page: correct it.") % names
    if href.startswith(settings.SITE_ADDRESS + "/"):
        return _("The link “%(text)s” names this portal's full address: write it from the first / on, so that it follows moves.") % names
    return elsewhere(names)


def dead_part(text, href, parts):
    """Note on the part of another page that a link names, or None."""
    path, _mark, part = to_heading(href, ()).partition("#")
    if not part or not path.startswith("/"):
        return None
    known = parts(unquote(urlsplit(path).path))
    if known is None or unquote(part) in known:
        return None
    names = {"text": text, "part": f"#{href.partition('#')[2]}", "path": path}
    return _("The link “%(text)s” names the heading %(part)s, which %(path)s does not have: correct it.") % names


def elsewhere(names):
    """Note on an address outside the portal, or None."""
    href = names["href"]
    scheme = href.split(":", 1)[0].lower() if ":" in href else ""
    if not href:
        return _("The link “%(text)s” leads nowhere.") % names
    if not scheme:
        return _("The link “%(text)s” leads to %(href)s: write addresses here from the first / on, others with https://.") % names
    if scheme not in rendering.SCHEMES:
        return _("The link “%(text)s” (%(href)s) will be removed: only http, https, mailto and tel are possible.") % names
    return None
