"""Figures by name: an app registers what it can tell of any day, and texts show it by marks (`markup/figure_marks.py`).

A figure carries its date: where a text shows figures of a day that it does not tell with a `date` mark, a sentence at its end does. A page
shows the figures of its moment; feeds and lists as files those of each entry's own date, so that an entry does not change with every day.
Differences and versions show the mark itself: an edition says the mark, and what two editions say must not depend on when that is read.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.translation import gettext as _

from markup import figure_marks, rendering
from markup.rendering import safe_html
from publishing.dates import shown


@dataclass(frozen=True)
class Figure:
    """Whole number as of the end of a day. `is_last`: the data end on that day, so that later days have the same. `rounded`: words that
    texts show in place of all its digits."""

    value: int
    day: date
    is_last: bool = False
    rounded: str = ""

    def __str__(self):
        return self.rounded or f"{self.value:,}"

    @property
    def sentence(self):
        """Sentence for readers: of which day the figure is."""
        if self.is_last:
            return _("Figures to {day}; the data end there.").format(day=shown(self.day))
        return _("Figures of {day}.").format(day=shown(self.day))

    @property
    def brief(self):
        """The same beside the word Figures."""
        return (_("to {day}, the end of the data") if self.is_last else _("of {day}")).format(day=shown(self.day))


_sources = []  # (labels by name, function, kind)


def register(labels, read, kind):
    """Register figures by name, each with its label. `read(moment, day)` gives a dict of Figures by name as of the end of `day`, a date
    not after the moment's; one that is not known on the day is left out. They change when a thing of the kind is published."""
    _sources.append((labels, read, kind))


def known():
    """Labels of all figures by name."""
    return {name: label for labels, _read, _kind in _sources for name, label in labels.items()}


def kinds_behind():
    """Names of the kinds whose things bring other figures."""
    return {kind for _labels, _read, kind in _sources}


class Figures:
    """The figures of a day, that of the moment unless an earlier one is given. Nothing is asked for texts without marks."""

    def __init__(self, moment, day=None):
        today = moment.at.date()
        self.moment, self.day = moment, min(day or today, today)
        self._read = {}

    def __getitem__(self, name):
        """The Figure, or None where it is not known on the day. Raises KeyError where there is none of the name."""
        place = next((n for n, (labels, _read, _kind) in enumerate(_sources) if name in labels), None)
        if place is None:
            raise KeyError(name)
        if place not in self._read:
            self._read[place] = _sources[place][1](self.moment, self.day)
        return self._read[place].get(name)

    def words(self, sort, name):
        """Words for a mark, None for one that names no figure."""
        try:
            figure = self[name]
        except KeyError:
            return None
        if figure is None:
            return shown(self.day) if sort == "date" else _("(not known)")
        return shown(figure.day) if sort == "date" else str(figure)

    def of_marks(self, marks, sort):
        return [figure for found, name in marks if found == sort and name in known() and (figure := self[name])]

    def untold(self, marks):
        """Sentences for the days of the figures among the marks that no date among them tells."""
        told = {figure.day for figure in self.of_marks(marks, "date")}
        return list(dict.fromkeys(figure.sentence for figure in self.of_marks(marks, "figure") if figure.day not in told))

    def in_text(self, text):
        """Plain text with its marks filled in."""
        marks = figure_marks.marks_in(text)
        return " ".join([figure_marks.filled(text, self.words), *self.untold(marks)]) if marks else text

    def in_html(self, html):
        """Safe HTML with its marks filled in."""
        marks = figure_marks.marks_in_html(html)
        if not marks:
            return html
        sentences = (format_html('\n<p class="figures-day">{}</p>', sentence) for sentence in self.untold(marks))
        return "".join([figure_marks.filled_html(html, self.words), *sentences])

    def in_source(self, source):
        """A Markdown text with its marks filled in."""
        marks = figure_marks.marks_in(figure_marks.without_code(source)) if figure_marks.has_marks(source) else []
        return "\n\n".join([figure_marks.filled_source(source, self.words), *self.untold(marks)]) if marks else source


def in_text(text, moment, day=None):
    """Plain text, such as a summary, with its marks filled in."""
    return Figures(moment, day).in_text(text) if figure_marks.has_marks(text) else text


def in_source(source, moment, day=None):
    """A Markdown text with its marks filled in, as Markdown."""
    return Figures(moment, day).in_source(source) if figure_marks.has_marks(source) else source


def html_of(source, moment, day=None):
    """Safe HTML of a Markdown text with its marks filled in."""
    html = safe_html(source)
    return Figures(moment, day).in_html(html) if figure_marks.has_marks(html) else html


def text_of(source, moment):
    """The words of a Markdown text in one line, with its marks filled in."""
    return rendering.text_of(html_of(source, moment))


def sentences_of(source, moment, form="sentence"):
    """Sentences, or `brief` words, that tell of which days the figures in a Markdown text are; none where it has no marks."""
    if not figure_marks.has_marks(source):
        return []
    figures, marks = Figures(moment), figure_marks.marks_in_html(safe_html(source))
    return list(dict.fromkeys(getattr(figure, form) for figure in figures.of_marks(marks, "figure")))


def own_day(row, held):
    """The day whose figures an entry of a feed or of a file shows: that of its own date, else that of its publication in a LiveList."""
    return getattr(row, "date", None) or held.published(row).date()


def in_entry(text, row, held, moment):
    """Plain text of a row of a LiveList with the figures of the row's own day."""
    return in_text(text, moment, own_day(row, held)) if figure_marks.has_marks(text) else text
