"""Footnotes and endnotes as programs write them: what refers to a note, what leads back, what holds it.

Word (`_ftn1`, `_edn1`), Google Docs (`ftnt1`), LibreOffice (`sdfootnote1sym`), mammoth (`footnote-1`), Markdown's converters (`fn:1`,
`fn1`), Wikipedia (`cite_note-1`), and their ways back.
"""

import re

BACK = re.compile(
    r"#(?:user-content-)?(?:_?(?:ftn|edn|fn|cite_|footnote-|endnote-)ref\d*[-:_]?|ftnt_ref)[\w.-]*\Z|#sd(?:foot|end)note\w+anc\Z"
)
NAMES = r"(?P<sort>_?ftnt?|_?edn|footnote|endnote|fn|cite_note|sdfootnote|sdendnote)(?:[-:](?P<name>[\w.-]+)|(?P<number>\d\w*?))(?:sym)?\Z"
REFERENCE = re.compile(rf"#(?:user-content-)?{NAMES}")
HOLDER = re.compile(rf"(?:user-content-)?{NAMES}")
HOLDERS = {"div", "li", "p", "aside", "section"}


def key(found):
    """Key of a note, alike for its reference and its holder."""
    return ("e" if found["sort"].lstrip("_").removeprefix("sd").startswith("e") else "f") + (found["name"] or found["number"])


def referred(href):
    """Key of the note that a link refers to, or nothing."""
    fragment = href[href.find("#") :] if "#" in href else ""
    found = REFERENCE.match(fragment)
    return key(found) if found and not BACK.match(fragment) else ""


def leads_back(href):
    return "#" in href and bool(BACK.match(href[href.index("#") :]))


def held(tag, attributes):
    """Key of the note that an element holds, or nothing."""
    found = tag in HOLDERS and HOLDER.match(attributes.get("id", ""))
    return key(found) if found else ""
