"""Subscripts and superscripts, as in CO~2~ and m^2^: marks that enclose nothing are text."""

from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX

# Marks that enclose nothing: between figures, as in 5~10/15~20, and in front of a figure, as in ~5/~10 or ~5 to ~10. Without this those of
# 5~10/15~20 enclose 10/15, and that of ~5 keeps the ones of a CO~2~ behind it from being read.
MARKS = (
    r"(?P<lone>(?<=[0-9])[~^](?=[0-9](?:[^\s~^]*[0-9])?[~^][0-9]|[0-9][^\s~^]*(?:\s|\Z))"
    r"|(?<![\w~])~(?=[^\s~]+(?:(?<!\w)~\w|\s|\Z)))"
    r"|[~^]{2,}|~[^\s~]+~|\^[^\s^]+\^"
)


class LoneMarks(InlineProcessor):
    """Inline processor that shows marks that enclose nothing as text."""

    def __init__(self):
        super().__init__(MARKS)

    def handleMatch(self, m, _data):
        return (f"{STX}{ord(m[0])}{ETX}", m.start(), m.end()) if m["lone"] else (None, None, None)
