"""Notes on a saved draft for its editor: on its texts, and on what would keep it from being published. They keep nobody from saving."""

from django.db.models import SlugField
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from desk.examinations import passed_dates
from desk.people import readable_title
from markup import lint
from markup.linting.figures import figure_notes, misplaced_marks
from markup.linting.note import Note
from publishing import figures
from publishing.anchors import parts
from publishing.fields import BODY_LIMIT, FIGURED_FIELDS, MARKDOWN_FIELDS
from publishing.links import links


def notes(desk, request, draft):
    """(name of the field, Note) for the saved draft; a note without a line is on the field as a whole."""
    found = [(draft._meta.get_field(name).verbose_name, Note(0, text)) for name, text in desk.notes(request, draft)]
    known, places = links(request.moment).__getitem__, parts(request.moment)
    named = figures.known()
    for field in draft.content_fields():
        found += [(field.verbose_name, Note(0, note.text)) for note in notes_on_figures(field, getattr(draft, field.attname), named)]
    for name in sorted(MARKDOWN_FIELDS & {field.name for field in draft.content_fields()}):
        label = draft._meta.get_field(name).verbose_name
        if len(getattr(draft, name)) > BODY_LIMIT:  # refused, and what stands in the form is not read twice
            continue
        found += [(label, note) for note in lint.notes(getattr(draft, name), known, places, named)]
    found += [(_("text"), note) for note in passed_dates(draft, request.moment)]
    return found


def notes_on_figures(field, value, known):
    """Notes on the marks for figures in a plain text: a summary shows them, no other field does."""
    if not isinstance(value, str) or field.name in MARKDOWN_FIELDS:
        return []
    return figure_notes(value.splitlines(), known) if field.name in FIGURED_FIELDS else misplaced_marks(value.splitlines())


def twins(desk, request, draft):
    """(name of the field, sentence) where another thing of the kind has the same address: only one of them can be published."""
    names = draft.UNIQUE
    if not names:
        return
    fields = [draft._meta.get_field(name) for name in names]
    # An address that differs in capitals alone is the same one to readers.
    same = {f"{field.name}__iexact" if isinstance(field, SlugField) else field.name: getattr(draft, field.attname) for field in fields}
    others = [*desk.model.objects.filter(**same).exclude(pk=draft.pk).values_list("pk", flat=True)[:5]]
    live = desk.kind.edition.objects.live(request.moment.now).filter(**same).exclude(thing=draft.pk)
    others += [thing for thing in live.values_list("thing", flat=True)[:5] if thing not in others]
    if others:
        titles = get_text_list([readable_title(request.user, desk.kind, thing) for thing in others], _("and"))
        yield names[-1], _("%s has the same address. Only one of them can be published there: please choose another.") % titles
