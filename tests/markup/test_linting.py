"""Notes on what Markdown reads otherwise than a writer means, each with its line and a remedy; lists against CommonMark's own reading."""

import random

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from markup import lint
from markup.conversion import TAGS
from markup.elements import KNOWN, VOID
from markup.linting.dialects import dialect_notes
from markup.linting.links import definition_notes, reference_notes
from markup.linting.lists import list_notes
from markup.rendering import safe_html
from tests.processor import in_time

COMMONMARK = MarkdownIt("commonmark")
HEADINGS = {"/about/": {"h-steps", "h-глава"}, "/documents/x/1/a.png": None}


def found(source):
    return [(note.line, note.text) for note in lint.notes(source, lambda path: path in HEADINGS, HEADINGS.get)]


def shape(html):
    """The text of HTML and the blocks that it stands in, without what only spaces it out."""

    def walk(element):
        yield from (element.text or "").split()
        for child in element:
            inner = list(walk(child))
            yield from inner if child.tag in {"p", "em", "strong", "a"} else [(child.tag, inner)]
            yield from (child.tail or "").split()

    return list(walk(lxml_html.fragment_fromstring(html, create_parent="main")))


def reads_as_commonmark(source):
    return shape(safe_html(source)) == shape(COMMONMARK.render(source))


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("- a\n  - b\n  - c", 2, "indent it by 4 spaces"),
        ("- a\n   - b", 2, "indent it by 4 spaces"),
        ("1. a\n   - b", 2, "indent it by 4 spaces"),
        ("- a\n    - b\n      - c", 3, "indent it by 8 spaces"),
        ("1. a\n\n   More.\n2. b", 3, "This paragraph is published outside of the item"),
        ("Text\n- a\n- b", 2, "A list needs an empty line"),
        ("Text\n1. a\n2. b", 2, "A list needs an empty line"),
        ("- a\n\n    More.\n    - b", 4, "A list needs an empty line"),
        ("> Text\n> - a", 2, "A list needs an empty line"),
        ("> - a\n>   - b", 2, "indent it by 4 spaces"),
        ("- a\n1. b", 2, "another kind needs an empty line"),
        ("1. a\n- b", 2, "another kind needs an empty line"),
        ("- a\n* b", 2, "does not begin another list"),
        ("- a\n\n    - b\n- c", 4, "needs an empty line before it"),
        ("1) a\n2) b", 1, "write 1. instead"),
        ("- - a\n  - b", 2, "indent it by 4 spaces"),
        ("- a\n-\n- b", 2, "no text behind it"),
        ("- a\n# H", 2, "needs an empty line before it"),
        ("- a\n> q", 2, "needs an empty line before it"),
        ("- a\n\n      code", 3, "must be indented by 8 spaces"),
    ],
)
def test_list_that_other_editors_read_otherwise_is_noted(source, line, words):
    assert not reads_as_commonmark(source)
    assert [number for number, text in found(source) if words in text] == [line]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1986. was a year", "write 1986\\. instead"),
        ("31. December 2012 was the last day.", "write 31\\. instead"),
        ("Text\n\n2. Decides", "write 2\\. instead"),
        ("- a\n```\nx\n```", "needs an empty line"),
        ("- a\n\n  ```\n  x\n  ```", "cannot be fenced"),
        ("- a\n\n    ```\n    x\n    ```", "cannot be fenced"),
        ("- ```\n  x\n  ```", "cannot be fenced"),
        ("> ```\n> x\n> ```", "cannot be fenced"),
        ("  ```\n  x\n  ```", "start of a line"),
        ("```\nx\n````", "start of a line"),
        ("```\nx", "never closed"),
        ("#1 of two", "makes a heading of this line"),
        ("Text\nText\n---", "none is a heading"),
        ("a\\\nb", "backslash at the end of this line"),
        ("\\<host Party\\>", "backslash of \\<"),
    ],
)
def test_text_that_other_editors_read_otherwise_is_noted(source, words):
    assert any(words in text for _line, text in found(source))


@pytest.mark.parametrize(
    "source",
    [
        "- a\n    - b\n        - c\n- d",
        "1. a\n2. b\n\n    More.\n\n3. c",
        "Text:\n\n- a\n- b\n\nText",
        "Text\n\n  - a\n  - b",
        "12. Decides\n13. Requests",
        "- a\n\n\n- b",
        "In 1986\n1987. was a year",
        "> - a\n> - b",
        "- a\ngoes on",
        "* * *",
        "    - code",
        "```\n- a\n  - b\n```",
        "Text[^1]\n\n[^1]: Note\n\n    - a\n    - b",
        "Term\n:   Meaning\n\n    - a",
        "## Heading\n- a",
    ],
)
def test_list_that_is_read_alike_is_left_in_peace(source):
    assert found(source) == []


def random_lists(seed, count):
    chance = random.Random(seed)
    for _number in range(count):
        lines = []
        for _line in range(chance.randint(2, 5)):
            mark = chance.choice(["- ", "- ", "* ", "1. ", "1. ", "2. ", "3. ", "", "", "1) ", "10. ", "-  "])
            lines.append(" " * chance.choice([0, 0, 0, 1, 2, 2, 3, 3, 4, 4, 5, 6, 8]) + mark + chance.choice("abcdefg"))
            lines += [""] if chance.random() < 0.35 else []
        yield "\n".join(lines).strip()


def test_of_random_lists_nearly_all_that_are_read_otherwise_are_noted():
    """Of 1,500, two thirds are read otherwise; what goes without a note is code within items, what is noted in vain an odd indentation."""
    texts = list(random_lists(seed=70, count=1_500))
    alike = {text: reads_as_commonmark(text) for text in texts}
    noted = {text: [note for note in list_notes(text.splitlines()) if "belongs to the sentence" not in note.text] for text in texts}
    otherwise = [text for text in alike if not alike[text]]
    assert len(otherwise) > 700
    assert sum(not noted[text] for text in otherwise) <= 0.005 * len(otherwise)
    assert sum(bool(noted[text]) for text in alike if alike[text]) <= 0.04 * (len(alike) - len(otherwise))


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("[x](/about/#nowhere)", 1, "names the heading #nowhere"),
        ("[x](/about/#steps) [y](/about/#h-steps) [z](/about/#глава)", None, ""),
        ("## FN rules\n\n[x](#fn-rules) [y](#h-fn-rules)", None, ""),
        ("## Other\n\n[x](#fn-rules)", 3, "no such heading"),
        ("a[^1]\n\n[^1]: x\n\n[x](#fn:1) [y](#fn:2)", 5, "leads to #fn:2"),
        ("note[^a b]\n\n[^a b]: x", 1, "leads nowhere"),
        ("a[^9]", 1, "[^9] has no text"),
        ("a[^9]\n\n[^9]:", 3, "[^9] has no text"),
        ("a\n\n[^9]: x", 3, "Nothing in the text leads to the note [^9]"),
        ("a[^9]\n\n[^9]: x\n\n[^9]: y", 5, "already in line 3"),
        ("a[^9] b[^ä]\n\n[^9]: x\n    more\n[^ä]: y", None, ""),
        ("Text\n| a | b |\n|---|---|\n| 1 | 2 |", 2, "A table needs an empty line"),
        ("- a\n| a | b |\n|---|---|\n| 1 | 2 |", 2, "A table needs an empty line"),
        ("| a | b | c |\n|---|---|\n| 1 | 2 |", 2, "a --- for each column"),
        ("## H\n| a | b |\n|:--|--:|\n| 1 \\| 3 | 2 |\n\na | b\n--|--\n1 | 2", None, ""),
        ("![A](https://example.org/a.png)", 1, "only pictures that lie on this portal"),
        ("![A](/pictures/none.png)", 1, "no picture at /pictures/none.png"),
        ("![A](/about/)", 1, "no picture at /about/"),
        ("![A](a.png)", 1, "from the first / on"),
        ("![A]()", 1, "no address"),
        ("![A][p]\n\n[p]: //example.org/a.png", 1, "only pictures that lie on this portal"),
        ('<img src="data:image/png;base64,x" alt="A">', 1, "only pictures that lie on this portal"),
        ("![A](/documents/x/1/a.png)", None, ""),
        ("a\n<iframe src=x></iframe>\n<iframe src=y></iframe>", 2, "<iframe> is taken out (2 times)"),
        ("<figure>\n\n![A](/documents/x/1/a.png)\n\n</figure>", 1, "<figure> is taken out. What stands in it stays"),
        ("a <script>x</script>", 1, "no scripts"),
        ("a <i>b</i> <font color=red>c</font>", 1, "<font> is taken out"),
        ("Fill in <host Party>, H<sub>2</sub>O, `<iframe></iframe>`", None, ""),
    ],
)
def test_what_is_silently_lost_or_dead_is_noted(source, line, words):
    assert [number for number, text in found(source) if words in text] == ([line] if line else [])


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("|Party|CERs|\n|---|---|\n|India|9|\n|Brazil|12|withdrawn|", 4, "“withdrawn” is not shown"),
        ("Party|CERs\n---|---\nBrazil|12|`a|b`|late", 3, "“… | late” is not shown"),
        ("- a\n\n    |x|y|\n    |---|---|\n    |1|2|3|", 5, "“3” is not shown"),
        ("> |x|y|\n> |---|---|\n> |1|2|3|", 3, "“3” is not shown"),
        ("x|y\n---|---\n|1|2|", 3, "“2” is not shown"),
        ("|x|y|\n|---|---|\n|`a|b`|2|\n|a \\| b|2||\n|1|2\n\na|b|c", None, "is not shown"),
        ("    |x|y|\n    |---|---|\n    |1|2|3|", None, "is not shown"),
        ("Text\n\n[EB 50][eb50]", 3, "[EB 50][eb50] is shown as it is written"),
        ("[t][]", 1, "write a line [t]:"),
        ("[EB 50][eb50] [a][B  c]\n\n[eb50]: /about/\n[b c]:\n  /about/", None, "as it is written"),
        ("a[^1][^2] [EB][^1] \\[a\\][b] `[a][b]` [a](/about/)[^1]\n\n[^1]: x\n[^2]: y", None, "as it is written"),
        ("[a]\n\n[a]: /about/\n[A]: /news/", 4, "already in line 3; all its links lead to /news/"),
        ("[a]\n\n[a]: /about/\n[A]: /about/", None, "already"),
        ("Text\n\n[Note]: important", 3, "This line is not shown"),
        ("[long\nname]\n\n[Note]: the words go on\n[Long name]: /about/", None, "not shown"),
    ],
)
def test_cell_or_reference_that_is_lost_is_noted(source, line, words):
    assert [number for number, text in found(source) if words in text] == ([line] if line else [])


@pytest.mark.parametrize("name", sorted(KNOWN - VOID - TAGS))
def test_note_on_an_element_tells_what_becomes_of_its_words(name):
    for source in (f"Before <{name}>kept <b>words</b></{name}> after", f"<{name}>\n\nkept <b>words</b>\n\n</{name}>\n\nafter"):
        html = safe_html(source)
        [note] = [text for _line, text in found(source) if text.startswith(f"<{name}>")]
        assert ("So is what stands in it" in note) == ("words" not in html), html
        assert "plain text" in note or "&lt;b&gt;" not in html


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("CER\n\n*[CER]: x", 3, "“*[CER]:” is shown as it is written"),
        ("# H {#own .c}", 1, "“{#own .c}” is shown as it is written"),
        ("Text\n{: .c}", 2, "“{: .c}” is shown as it is written"),
        ("a ==mark== b", 1, "“==mark==” is shown as it is written"),
        ("a ++more++ b", 1, "“++more++” is shown as it is written"),
        ("a https://example.org/a.", 1, "https://example.org/a is shown without a link"),
        ("a (www.example.org/b)", 1, "write <https://www.example.org/b>"),
        ("- a\n    - https://example.org/a", 2, "without a link"),
        ("a[^1]\n\n[^1]: https://example.org/a", 3, "without a link"),
        ("a \\(x\\) b", 1, "“\\(x\\)” makes no formula"),
        ("\\[x = 1\\]", 1, "makes no formula"),
        ("$$x$$", 1, "makes no formula"),
        ("Text\n\n    A paragraph\n    of two lines", 3, "shown as code"),
        ("- [ ] do\n- [ ] this", 1, "“[ ]” is shown as it is written"),
        ("1. [x] done", 1, "“[x]” is shown as it is written"),
        ("[TOC]", 1, "list their headings by themselves"),
        ("> [!NOTE]\n> Text", 1, "no boxes here"),
        ("!!! note", 1, "no boxes here"),
    ],
)
def test_form_of_another_dialect_is_noted_once(source, line, words):
    assert [number for number, text in found(source) if words in text] == [line]


@pytest.mark.parametrize(
    "source",
    [
        "<https://example.org/a> [https://example.org/a](https://example.org/a) [x][a]\n\n[a]: https://example.org/a_(b)",
        '<a href="https://example.org/a">https://example.org/a</a> `https://example.org/a`',
        "```\nhttps://example.org/a\n==mark==\n- [ ] do\n```",
        "Text\n\n    curl https://example.org/a\n    x == y\n    |a|b|",
        "Text\n\n    {% block %}",
        "Text\n    goes on here",
        "a == b and c == d, C++ and G++, {a} and {1}, \\[a\\_b\\] and \\[1\\], 5 $ and 6 $",
        "- [x](/about/)\n- `code`\n- [`code`](/about/)\n\n## `code`",
        "- a\n\n    More words here.\n\nTerm\n:   Meaning\n\n    More words here.",
        "a[^1]\n\n[^1]: x\n\n    More words here.",
    ],
)
def test_what_is_plainly_meant_is_left_in_peace(source):
    assert found(source) == []


@pytest.mark.parametrize(
    "source", ["\\(" * 20_000, "\\[" + "=" * 20_000, "[a]:" + " " * 20_000 + "x y", "[a]: x " + "(" * 20_000, "==" * 20_000]
)
def test_notes_on_rows_of_marks_come_in_time(source):
    notes = in_time(1, lambda: [*dialect_notes([source]), *definition_notes([source]), *reference_notes([source])])
    assert len(notes) <= 2


def test_draft_with_ten_faults_gets_ten_notes():
    source = """Text
- a list

[x](/about/#nowhere) and note[^a b] and [^9]

## One

#### Deep

| a | b |
|---|---|---|

1. item

   second paragraph

![](https://example.org/a.png)

<iframe src="x"></iframe>

[^unused]: Text
"""
    assert [line for line, _text in found(source)] == [2, 4, 4, 4, 8, 11, 15, 17, 17, 19, 21]
