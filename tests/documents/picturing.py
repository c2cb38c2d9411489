"""What tests of pictures share: samples made by Pillow, drafts and live things in one line."""

from io import BytesIO
from itertools import count

from PIL import Image

from documents.models import Picture
from files import sizes
from publishing.ledger import publish
from tests.documents.conftest import kept

numbers = count(1)


def drawn(width=64, height=48, colour="#2a6f4e", form="PNG", mode="RGB", **options):
    """The bytes of a picture whose left half differs from its right."""
    picture = Image.new(mode, (width, height), colour)
    picture.paste("white" if mode != "CMYK" else (0, 0, 0, 0), (width // 2, 0, width, height))
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def new_picture(data=None, name="chart.png", with_sizes=False, **fields):
    """A draft that has been saved and not published."""
    number = next(numbers)
    values = {"slug": f"picture-{number}", "title": f"Picture {number}", "alternative": f"Bars of year {number}", "licence": "cc0"}
    picture = Picture(file=kept(name, data or drawn()), **values | fields)
    picture.full_clean()
    picture.save()
    if with_sizes:
        sizes.make(picture.file, (picture.focus_x, picture.focus_y))
    return picture


def live_picture(*args, **fields):
    picture = new_picture(*args, **fields)
    publish([picture])
    return picture
