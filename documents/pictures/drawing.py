"""Pictures as texts and pages show them: which bytes at which addresses."""

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.encoding import escape_uri_path

from files import sizes
from files.store import StoredFile
from markup.pictures import DrawnPicture

SIGNER = TimestampSigner(salt="documents.pictures.draft")
# How long the address of a draft's picture in a preview leads to it.
SECONDS = 3600
HASH = 12  # characters of it in an address


def drawn_edition(edition, made, has_description):
    """DrawnPicture of an edition, given the PictureSizes of its file. Its long description is not read."""
    start = f"{edition.path}{edition.file.sha256[:HASH]}/"
    original = (f"{start}{escape_uri_path(edition.file.name)}", edition.width, edition.height)
    small = next(((start + size.name, size.width, size.height) for size in made if size.name.endswith(sizes.FALLBACKS)), None)
    src, width, height = small or original
    focus = (edition.focus_x, edition.focus_y)
    crops = [(shape, start, sizes.crop_names(shape, focus)) for shape in ("wide", "square")]
    return DrawnPicture(
        page=edition.path,
        src=src,
        width=width,
        height=height,
        sources=sources(start, [size for size in made if "-" not in size.name]),
        needs_plate=not edition.is_for_dark and any(size.is_clear for size in made),
        small=small or original,
        crops=tuple((shape, sources(start, [s for s in made if s.name.startswith(name)])) for shape, start, name in crops),
        has_description=has_description,
        **told(edition),
    )


def sources(start, made):
    """(media type, ((address, width), ...)) pairs of sizes, the lighter format first: browsers take the first that they know."""
    by_form = {ending: [size for size in made if size.name.endswith(ending)] for ending in ("avif", "webp")}
    lightest_first = sorted(by_form, key=lambda ending: sum(size.file.size for size in by_form[ending]))
    return tuple(
        (sizes.MEDIA_TYPES[ending], tuple((start + s.name, s.width) for s in by_form[ending]))
        for ending in lightest_first
        if by_form[ending]
    )


def told(content):
    """What is told of a picture, for its DrawnPicture."""
    return {
        "alternative": content.words,
        "caption": content.summary,
        "credit": content.credit,
    }


def drawn_draft(draft):
    """DrawnPicture of a draft, whose file is at an address that expires; None while it has no file."""
    if not draft.file:
        return None
    address = reverse("documents:picture_draft", args=[signed(draft.file)])
    size = {"width": draft.width, "height": draft.height}
    return DrawnPicture(page=draft.path, src=address, has_description=bool(draft.body), **size, **told(draft))


def signed(stored):
    return SIGNER.sign_object([stored.sha256, stored.size, stored.name])


def unsigned(token):
    """The StoredFile that a token names, or None for one that is forged or has expired."""
    try:
        return StoredFile(*SIGNER.unsign_object(token, max_age=SECONDS))
    except (BadSignature, ValueError, TypeError):
        return None
