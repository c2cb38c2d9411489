"""Kind: pictures, as the other apps know them."""

import re
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from desk.people import hides
from documents.pictures import drawing
from documents.pictures.models import RESERVED_SLUGS, Licence, Picture, PictureEdition
from files import sizes
from markup.rendering import escape_markdown
from publishing.facets import Facet
from publishing.kinds import Searched, register
from publishing.listing import ListedKind, live_list
from publishing.roles import Can, can

SHAPES = {"landscape": _("Landscape"), "portrait": _("Portrait"), "square": _("Square")}
FACETS = (
    Facet("licence", _("Licence"), attrgetter("licence"), dict(Licence.choices)),
    Facet("shape", _("Shape"), attrgetter("shape"), SHAPES),
)


@register
class PictureKind(ListedKind, Searched):
    draft = Picture
    edition = PictureEdition
    section = "Reference / Pictures"
    home = "/pictures/"
    # Not the portal's own last steps, which every address has.
    pattern = re.compile(rf"/pictures/(?P<slug>(?!(?:{'|'.join(sorted(RESERVED_SLUGS))})/)[-\w]{{1,80}})/\Z", re.ASCII)
    facets = FACETS
    rows = live_list(PictureEdition, facets=FACETS)
    columns = ("title", "summary", "alternative", "credit", "licence_label", "licence_address", "width", "height")
    template = "documents/picture.html"
    list_template = "documents/pictures.html"

    def drawn(self, things, moment):
        by_thing = self.rows(moment).by_thing
        live = [row for thing in things if (row := by_thing.get(thing)) and not row.is_gone and row.file]
        described = PictureEdition.objects.filter(number__in=[row.number for row in live]).exclude(body="")
        described = set(described.values_list("pk", flat=True))
        made = sizes.by_original({row.file.sha256 for row in live})
        return {row.thing_id: drawing.drawn_edition(row, made[row.file.sha256], row.number in described) for row in live}

    def drawn_draft(self, path, user):
        match = self.pattern.match(path)
        draft = match and Picture.objects.filter(slug=match["slug"]).first()
        if not draft or not can(user, Can.READ_DRAFT, draft) or hides(user, draft):
            return None
        return drawing.drawn_draft(draft)

    def markdown(self, content):
        """The picture with what is told of it, and its long description."""
        shown = f"![{escape_markdown(content.words)}]({content.path})"
        facts = {"Caption": content.summary, "Credit": content.credit, "Licence": content.get_licence_display()}
        lines = [f"- {name}: {escape_markdown(value)}" for name, value in facts.items() if value]
        parts = (f"# {escape_markdown(content.title)}", shown, "\n".join(lines), content.body)
        return "\n\n".join(part.strip() for part in parts if part)

    def search_summary(self, edition):
        return edition.summary or edition.alternative

    def words(self, edition):
        return (edition.alternative, edition.credit)
