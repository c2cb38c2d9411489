"""Views of pictures: their list, a page each, and their bytes."""

from django.http import Http404
from django.shortcuts import render
from django.urls import get_script_prefix
from django.views.decorators.http import require_safe

from documents.pictures import drawing
from documents.pictures.models import PictureEdition
from files import downloads, sizes
from markup.rendering import picture_block
from publishing import kinds
from publishing.backlinks import linking_here
from publishing.links import render as render_text
from publishing.links import root_of_bytes
from publishing.list_views import answer
from publishing.models import Action, Thing
from publishing.snapshots import Snapshot
from publishing.tombstones import tombstone

# A week: what is erased is nowhere for longer, and nothing would be gained by more.
LASTING = "public, max-age=604800, immutable"


@require_safe
def picture(request, **_slug):
    """Page of a picture, with what is told of it and what shows it."""
    return answer(request, kinds.get("picture"), lambda edition: show_picture(request, edition))


def show_picture(request, shown):
    kind = kinds.get("picture")
    is_edition = isinstance(shown, PictureEdition)
    found = kind.drawn([shown.thing_id], request.moment).get(shown.thing_id) if is_edition else drawing.drawn_draft(shown)
    context = {
        "picture": shown,
        "edition": shown if is_edition else None,
        "shown": picture_block(found, root_of_bytes(request.moment, get_script_prefix())) if found else "",
        "original": original_address(shown) if is_edition else "",
        "text": render_text(request.moment, shown.body),
        "used_in": using(shown.thing_id, request.moment) if shown.thing_id else [],
    }
    return render(request, kind.template, context)


def original_address(edition):
    return f"{edition.path}{edition.file.sha256[: drawing.HASH]}/{edition.file.name}"


# What shows each picture, by its id: read once for each version of the record.
uses = Snapshot(lambda _moment: {}, most=6)


def using(thing, moment):
    """(title, kind, address, language) of the live things that show the picture or lead to it."""
    known = uses(moment)
    if thing not in known:
        known[thing] = linking_here(Thing(pk=thing, kind="picture"), moment)
    return known[thing]


@require_safe
@downloads.with_composed_name
def picture_file(request, slug, digest, name):
    """Bytes of a picture or of one of its sizes, if an edition at this address that is or was in force holds them."""
    editions = PictureEdition.objects.ever_in_force(slug=slug).filter(action=Action.PUBLISH, live_from__lte=request.moment.at)
    edition = editions.filter(file__startswith=digest, erased_by=None).order_by("number").first()
    if edition is None:
        erased = editions.filter(erased_by__isnull=False).order_by("-number").first()
        if erased is None:
            raise Http404
        return tombstone(request, erased.number)
    size = sizes.named(edition.file.sha256, name)
    if size is None and name != edition.file.name and not sizes.NAME.match(name):
        raise Http404
    response = downloads.serve(request, size or edition.file, edition.live_from)
    if response.status_code in {200, 206, 304}:
        # The picture itself stands in for a size only until that is made.
        is_final = size is not None or name == edition.file.name
        response.headers["Cache-Control"] = "private, no-store" if request.moment.is_future else LASTING if is_final else "public, no-cache"
    return response


@require_safe
def picture_draft(request, token):
    """The file of a draft, for the previews that hold its address; it expires."""
    stored = drawing.unsigned(token)
    if stored is None:
        raise Http404
    response = downloads.serve(request, stored)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
