"""What attributes of pasted elements say: looks, levels of lists, hidden words, comments."""

import re
from dataclasses import replace

STRONG = re.compile(r"bold|[6-9]00")
MONOSPACED = {"code", "kbd", "samp", "tt"}
BY_TAG = {
    "b": {"bold": True},
    "strong": {"bold": True},
    "i": {"italic": True},
    "em": {"italic": True},
    "cite": {"italic": True},
    "dfn": {"italic": True},
    "var": {"italic": True},
    "s": {"struck": True},
    "strike": {"struck": True},
    "sub": {"place": "sub"},
    "sup": {"place": "sup"},
} | {tag: {"code": True} for tag in MONOSPACED}
WORD_LIST = re.compile(r"l\d+ level(\d+)(?: lfo\d+)?", re.IGNORECASE)
LIST_CLASS = re.compile(r"MsoList(Bullet|Number)(\d?)\b")
HEADING_CLASS = re.compile(r"MsoHeading([1-9])\b", re.IGNORECASE)
UNSEEN_CLASSES = {"visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text"}
HIDDEN = re.compile(r"display: *none|visibility: *hidden|mso-hide: *all|font-size: *0(?:pt|px)? *(?:;|\Z)")
COMMENT = re.compile(r"\b(?:msocomtxt|MsoComment(?!Reference)\w*|sdcomment\w*)", re.IGNORECASE)
COMMENT_ANCHOR = re.compile(r"\b(?:msocom(?:anchor|off)|MsoCommentReference)\b", re.IGNORECASE)
COMMENT_LINK = re.compile(r"#(?:_msocom_|_msoanchor_|cmnt(?!_ref)|cmnt_ref|sdcomment)")
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def declarations(style):
    """The declarations of a style as a dict, in small letters."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.strip() for name, _colon, value in pairs}


def looked(look, tag, style):
    """The look within an element, from the look around it, the element's name and its declarations."""
    changes = dict(BY_TAG.get(tag, ()))
    if weight := style.get("font-weight"):
        changes["bold"] = bool(STRONG.match(weight))
    if slant := style.get("font-style"):
        changes["italic"] = slant.startswith(("italic", "oblique"))
    if (place := style.get("vertical-align")) in {"sub", "super"}:
        changes["place"] = place[:3]
    if "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", ""):
        changes["struck"] = True
    return replace(look, **changes) if changes else look


def left_out(tag, attributes, style):
    """Why an element must not arrive (`deleted`, `comments`, `anchors` of comments, `hidden`, `margins`, `fields`), or nothing."""
    names = attributes.get("class", "")
    if tag == "del" or "msodel" in names.lower():
        return "deleted"
    if "mso-element:comment" in style.replace(" ", "") or COMMENT.search(names):
        return "comments"
    if COMMENT_ANCHOR.search(names) or COMMENT_LINK.search(attributes.get("href", "")):
        return "anchors"
    if re.search(r"mso-element: *(?:header|footer)\b", style) or (tag == "div" and attributes.get("title") in {"header", "footer"}):
        return "margins"
    if "hidden" in attributes or HIDDEN.search(style) or UNSEEN_CLASSES & set(names.split()):
        return "hidden"
    return "fields" if tag in {"select", "textarea", "button"} else ""


def heading_level(tag, attributes):
    """Level of a heading, 0 for what is none."""
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        return int(tag[1])
    names = attributes.get("class", "")
    if "MsoTitle" in names.split():
        return 1
    if attributes.get("role") == "heading":
        level = attributes.get("aria-level", "2")
        return int(level) if level.isdecimal() and 0 < int(level) < 10 else 2
    found = HEADING_CLASS.search(names)
    return int(found[1]) if found else 0


def number_of(mark, before):
    """The number that a mark of a list bears (`3.`, `b)`, `iv.`, `1.2.`), or 0 for a bullet. `before` is the number of the item before."""
    found = re.fullmatch(r"[(\[]?(?:\d+\.)*?(?:(\d{1,9})[.):\]]*|([a-z]{1,5})[.):\]]+)", mark.strip().lower())
    if not found:
        return 0
    if found[1]:
        return int(found[1])
    letters = found[2]
    if (set(letters) <= set(ROMAN)) and (roman(letters) == before + 1):
        return roman(letters)
    return ord(letters[0]) - 96 if len(set(letters)) == 1 else max(1, before + 1)


def roman(letters):
    values = [ROMAN[letter] for letter in letters]
    return sum(-value if any(later > value for later in values[place:]) else value for place, value in enumerate(values))
