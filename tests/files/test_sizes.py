"""Sizes of pictures: made within bounds, with the colours of the picture, without anything that it carried."""

import resource
import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

from files import sizes, uploads
from files.models import PictureSize
from tests.files import samples

pytestmark = pytest.mark.django_db


def stored(picture, form="PNG", name=None, **options):
    file = BytesIO()
    picture.save(file, form, **options)
    return uploads.accept(file, name or {"PNG": "a.png", "JPEG": "a.jpg", "WEBP": "a.webp"}[form])


def made(original, focus=(50, 50)):
    """The sizes of a picture as pictures, by their names."""
    sizes.make(original, focus)
    found = {}
    for size in PictureSize.objects.filter(original=original.sha256):
        with Image.open(size.file.path) as picture:
            picture.load()
            assert picture.size == (size.width, size.height)
            assert not {"exif", "icc_profile", "xmp"} & set(picture.info)
            found[size.name] = picture
    return found


def difference(one, other):
    """Mean difference of the colours of two pictures, of 255."""
    one, other = (picture.convert("RGB").resize((60, 40)) for picture in (one, other))
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def slope(mode="RGB"):
    """A picture of soft colours, without noise that any coding would lose."""
    gradient = Image.linear_gradient("L")
    bands = [gradient.resize((300, 200)), gradient.rotate(90).resize((300, 200)), Image.new("L", (300, 200), 90)]
    return Image.merge("RGB", bands).convert(mode)


def test_sizes_are_never_larger_than_the_picture_and_lighter_the_smaller():
    found = made(stored(slope().resize((1300, 700)), "JPEG"))
    assert set(found) >= {"480.avif", "480.webp", "960.avif", "1300.avif", "1200.jpg", "wide-50-50-480.webp", "square-50-50-240.avif"}
    assert found["480.avif"].size == (480, 258)
    assert found["1200.jpg"].size == (1200, 646)
    assert found["wide-50-50-480.webp"].size == (480, 270)
    for ending in ("avif", "webp"):
        weights = PictureSize.objects.filter(name__regex=rf"^[0-9]+\.{ending}$").order_by("width")
        assert [size.file.size for size in weights] == sorted(size.file.size for size in weights)
    small = "100.avif 100.webp 1200.jpg wide-50-50-480.avif wide-50-50-480.webp square-50-50-240.avif square-50-50-240.webp"
    assert set(made(stored(slope().resize((100, 50)), "JPEG"))) == set(small.split())


def test_crop_keeps_the_point_of_the_focus_and_only_crops_are_made_anew():
    picture = Image.new("RGB", (1000, 300), "white")
    picture.paste("navy", (900, 0, 1000, 300))
    original = stored(picture)
    middle = made(original)["square-50-50-240.webp"].convert("RGB")
    before = PictureSize.objects.count()
    right = made(original, (95, 50))["square-95-50-240.webp"].convert("RGB")
    assert PictureSize.objects.count() == before + 4
    assert middle.getpixel((235, 120))[0] > 200
    assert right.getpixel((235, 120))[0] < 60
    assert sizes.make(original, (95, 50)) == 0


@pytest.mark.parametrize("form", ["RGB", "L", "P", "1", "CMYK", "16-bit grey", "palette with transparency", "grey with transparency"])
def test_colours_are_those_of_the_picture(form):
    reference = slope()
    if form == "16-bit grey":
        reference = slope("L")
        original = stored(reference.convert("I").point(lambda value: value * 257).convert("I;16"))
    elif form == "palette with transparency":
        reference = slope().quantize(64)
        original = stored(reference, transparency=0)
        reference = original_on_white(original)
    elif form == "grey with transparency":
        reference = slope("LA")
        original = stored(reference)
    elif form == "CMYK":
        reference = slope("CMYK")
        original = stored(reference, "JPEG", quality=95)
    else:
        reference = slope(form)
        original = stored(reference)
    for name, picture in made(original).items():
        if "-" not in name:
            assert difference(on_white(picture), on_white(reference)) < 3, name


def original_on_white(original):
    with Image.open(original.path) as picture:
        return on_white(picture)


def on_white(picture):
    whole = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")


# What makes red, green and blue of sRGB those of a wider space, in XYZ adapted to D50.
PRIMARIES = {
    "Adobe RGB": ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)),
    "Display P3": ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)),
}


def wide_profile(space):
    """A profile with the primaries of a space, and the curve of sRGB."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at : at + 4]): int.from_bytes(data[at + 4 : at + 8], "big") for at in range(132, 132 + 12 * data[131], 12)}
    for name, values in zip((b"rXYZ", b"gXYZ", b"bXYZ"), PRIMARIES[space], strict=True):
        data[tags[name] + 8 : tags[name] + 20] = b"".join(round(value * 65536).to_bytes(4, "big", signed=True) for value in values)
    return bytes(data)


@pytest.mark.parametrize("space", PRIMARIES)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_profile_is_applied_and_left_out(form, space):
    picture, wide = slope(), wide_profile(space)
    options = {"quality": 95} if form == "JPEG" else {"lossless": True} if form == "WEBP" else {}
    found = made(stored(picture, form, icc_profile=wide, **options))
    reference = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(BytesIO(wide)), ImageCms.createProfile("sRGB"))
    assert difference(picture, reference) > 3
    for name in ("300.avif", "300.webp"):
        assert difference(found[name], reference) < 3


def deep_png(picture):
    """A PNG with 16 bits a channel, which Pillow reads and does not write."""
    row = picture.width * len(picture.getbands())
    data = picture.tobytes()
    lines = b"".join(b"\0" + bytes(byte for value in data[at : at + row] for byte in (value, value)) for at in range(0, len(data), row))
    head = struct.pack(">IIBBBBB", *picture.size, 16, {"RGB": 2, "RGBA": 6}[picture.mode], 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_sixteen_bits_a_channel_keep_their_colours(mode):
    picture = slope(mode)
    found = made(uploads.accept(BytesIO(deep_png(picture)), "a.png"))
    for name in ("300.avif", "300.webp", "1200.png"):
        assert difference(found[name], picture) < 3


def test_profile_that_cannot_be_read_is_passed_over():
    found = made(stored(slope(), icc_profile=b"no profile"))
    assert difference(found["300.avif"], slope()) < 3


@pytest.mark.parametrize("orientation", range(9))
def test_sizes_stand_upright(orientation):
    picture = Image.new("RGB", (80, 40), "white")
    picture.paste("navy", (0, 0, 40, 20))
    exif = samples.exif(orientation)
    file = BytesIO()
    picture.save(file, "JPEG", quality=95, exif=b"Exif\0\0" + exif)
    with Image.open(BytesIO(file.getvalue())) as shown:
        upright = ImageOps.exif_transpose(shown).convert("RGB")
    found = made(uploads.accept(file, "a.jpg"))
    assert difference(found[f"{upright.width}.avif"], upright) < 3


def test_no_byte_of_place_or_camera_is_in_any_size():
    marks = [b"SERIAL-4711", b"GPSLatitude", b"THUMB-NAIL"]
    file = BytesIO()
    slope().save(file, "JPEG", exif=b"Exif\0\0" + samples.exif(6))
    data = file.getvalue()
    told = samples.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b" ".join(marks))
    told += samples.segment(0xED, b"Photoshop 3.0\0" + marks[0])
    original = uploads.accept(BytesIO(data[:2] + told + data[2:]), "a.jpg")
    made(original)
    for path in [original.path, *(size.file.path for size in PictureSize.objects.all())]:
        content = path.read_bytes()
        assert not any(mark in content for mark in [*marks, b"Exif", b"GPS"])


def test_bomb_of_forty_million_points_is_made_within_bounds():
    file = BytesIO()
    Image.new("P", (6320, 6320)).save(file, "PNG", optimize=True)
    assert len(file.getvalue()) < 10_000
    before, own = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = made(uploads.accept(file, "bomb.png"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert found["1600.avif"].size == (1600, 1600)
    assert after.ru_utime - before.ru_utime < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 60_000  # kB, with the sizes opened here


def test_picture_that_is_damaged_is_refused_in_words():
    with pytest.raises(ValidationError, match="No smaller sizes could be made"):
        sizes.make(uploads.accept(BytesIO(samples.jpeg(width=64, height=64)), "a.jpg"), (50, 50))


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@pytest.mark.parametrize(("name", "data"), [("a.heic", b"x"), ("a.jpg", HEIC), ("a.gif", b"GIF89a"), ("a.avif", b"x")])
def test_other_formats_are_refused_in_words_that_help(name, data):
    with pytest.raises(ValidationError) as refused:
        uploads.accept(BytesIO(data), name)
    assert "JPEG" in str(refused.value) or "PNG" in str(refused.value)


def test_lost_sizes_are_made_again_and_unused_ones_forgotten():
    original = stored(slope())
    made(original)
    paths = [size.file.path for size in PictureSize.objects.all()]
    call_command("make_sizes", verbosity=0)  # no picture has this file
    assert not PictureSize.objects.exists()
    assert not any(path.exists() for path in paths)


@pytest.mark.parametrize("size", [(2000, 2000), (1111, 777), (480, 270), (333, 1000), (271, 481), (1, 1)])
@pytest.mark.parametrize("focus", [(0, 0), (50, 50), (100, 100)])
def test_both_crops_are_made_of_any_shape(size, focus):
    """Products of floats once came out a trace larger than the picture, and its crops were missing without a word."""
    found = made(stored(Image.new("RGB", size, "navy")), focus)
    shapes = {name.partition("-")[0] for name in found if "-" in name}
    assert shapes == {"wide", "square"}
