"""`{{ row.summary|with_figures:request.moment }}`: the marks for figures in a plain text filled in for the moment."""

from django import template

from publishing import figures

register = template.Library()


@register.filter
def with_figures(text, moment):
    return figures.in_text(text, moment) if text else ""


@register.filter
def figures_told(content, moment, form="sentence"):
    """Sentences, or `brief` words, that tell of which days the figures in the text of an edition are; none where it has none."""
    return figures.sentences_of(getattr(content, "body", "") or "", moment, form)


@register.simple_tag
def figure_marks():
    """The marks of every figure, with its label."""
    found = figures.known().items()
    return [{"figure": f"{{{{ figure:{name} }}}}", "date": f"{{{{ date:{name} }}}}", "label": label} for name, label in found]
