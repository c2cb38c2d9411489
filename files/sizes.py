"""Sizes of stored pictures: made once, in a bounded child process, and found by the hash of the picture.

Nobody who reads a page ever has one made: where they are missing the picture itself is shown.
"""

import json
import re
import tempfile
from collections import defaultdict
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from files import bounded, fields, store
from files.models import PictureSize

# Version of files/picture_maker.py: with another one all sizes are made anew.
MAKER = 2
NAME = re.compile(r"(?:(?P<shape>wide|square)-\d{1,3}-\d{1,3}-)?\d{1,4}\.(?:avif|webp|jpg|png)\Z", re.ASCII)
# Endings of the one copy that every program reads.
FALLBACKS = (".jpg", ".png")
MEDIA_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}


def by_original(digests):
    """The PictureSizes of the pictures with these hashes, as a dict of lists, the narrowest first; in one query."""
    found = defaultdict(list)
    for size in PictureSize.objects.filter(original__in=digests, maker=MAKER).order_by("width", "name"):
        found[size.original].append(size)
    return found


def named(digest, name):
    """One size of a picture as a StoredFile, or None."""
    size = PictureSize.objects.filter(original=digest, maker=MAKER, name=name).first()
    return size and store.StoredFile(size.file.sha256, size.file.size, name)


def crop_names(shape, focus):
    """Beginning of the names of the crops of a shape (`wide`, `square`) at a focus (x, y) in per cent."""
    return f"{shape}-{focus[0]}-{focus[1]}-"


def make(stored, focus):
    """Make those sizes of a picture that are missing; returns how many. Raises ValidationError where none can be made."""
    sizes = by_original([stored.sha256])[stored.sha256]
    names = {size.name for size in sizes if size.file.path.exists()}
    missing = [] if any(name.endswith(FALLBACKS) for name in names) else ["sizes"]
    missing += [] if any(name.startswith(crop_names("square", focus)) for name in names) else ["crops"]
    return make_all(stored, "+".join(missing), focus) if missing else 0


def make_all(stored, what, focus):
    try:
        with stored.open() as file, tempfile.TemporaryFile() as made:
            bounded.run("picture_maker.py", file, what, *focus, target=made)
            made.seek(0)
            sizes = json.loads(made.readline())
            for size in sizes:
                keep(stored, made.read(size.pop("length")), size)
            return len(sizes)
    except (bounded.Exceeded, json.JSONDecodeError) as error:
        text = _("No smaller sizes could be made of “%(name)s”: it is damaged, or needs too much memory or time. Please scale it down.")
        raise ValidationError(text % {"name": stored.name}, code="no_sizes") from error
    except OSError as error:
        raise ValidationError(_("“%s” cannot be read from the store.") % stored.name, code="store") from error


def keep(original, data, size):
    file = store.keep(BytesIO(data), size["name"])
    PictureSize.objects.update_or_create(original=original.sha256, maker=MAKER, name=size["name"], defaults=size | {"file": file})


def forget(stored):
    """Delete the bytes of a file, and the sizes made of it, if no row, draft or edition, refers to them any more."""
    if not is_used(stored.sha256):
        forget_sizes(PictureSize.objects.filter(original=stored.sha256))
    fields.forget(stored)


def is_used(digest):
    """Whether a row refers to these bytes, other than the sizes made of them: a size may have the very bytes of its picture."""
    for model, field in fields.fields():
        rows = model._default_manager.filter(**{f"{field.name}__startswith": digest})
        if (rows.exclude(original=digest) if model is PictureSize else rows).exists():
            return True
    return False


def forget_sizes(sizes):
    files = [size.file for size in sizes]
    sizes.delete()
    for file in files:
        fields.forget(file)
    return len(files)


def forget_unused():
    """Delete the sizes of other makers and of pictures that no row refers to any more; returns how many."""
    count = forget_sizes(PictureSize.objects.exclude(maker=MAKER))
    for digest in PictureSize.objects.values_list("original", flat=True).distinct():
        if not is_used(digest):
            count += forget_sizes(PictureSize.objects.filter(original=digest))
    return count
