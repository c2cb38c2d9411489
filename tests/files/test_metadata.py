"""What pictures carry besides themselves does not come in; what they show does, unchanged."""

import os
import subprocess
import sys
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageChops, ImageOps, ImageStat

from files import bounded, metadata, uploads
from tests.files import samples

XMP = b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='48,1N'/>"
PROFILE = b"ICC_PROFILE\0\1\1" + b"p" * 200
FORMS = {"photo.jpg": "JPEG", "map.png": "PNG", "map.webp": "WEBP"}


def accepted(data, name):
    return uploads.accept(BytesIO(data), name)


def photo(form, orientation, **options):
    """A picture of 64 by 32 points, whose four corners differ, and what a viewer shows of it."""
    picture = Image.linear_gradient("L").resize((64, 32)).convert("RGB")
    picture.paste((250, 20, 20), (0, 0, 32, 16))
    file = BytesIO()
    picture.save(file, form, exif=(b"Exif\0\0" if form == "JPEG" else b"") + samples.exif(orientation), **options)
    return file.getvalue()


def difference(one, other):
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).rms)


def test_parts_of_a_jpeg_that_tell_more_than_it_shows_are_taken_out():
    kept = samples.segment(0xE2, PROFILE) + samples.segment(0xEE, b"Adobe\0d\0\0\0\0\0")
    told = [
        samples.segment(0xE1, b"Exif\0\0" + samples.exif()),
        samples.segment(0xE1, XMP),
        samples.segment(0xED, b"Photoshop 3.0\0city"),
        samples.segment(0xFE, b"comment"),
        samples.segment(0xE2, b"MPF\0" + b"x" * 20),
        samples.segment(0xE0, b"JFXX\0thumbnail"),
        samples.segment(0xEB, b"serial number"),
    ]
    second = samples.jpeg(extra=told[0])
    stored = accepted(samples.jpeg(extra=told[0] + kept + b"".join(told[1:])) + second, "photo.jpg")
    assert stored.path.read_bytes() == samples.jpeg(extra=kept)
    assert len(stored.taken_out) == 6
    assert metadata.PLACE in stored.taken_out
    assert metadata.found_in(stored) == ()


def test_comment_between_two_scans_is_taken_out():
    plain = samples.jpeg()
    scan = plain[plain.index(b"\xff\xda") : -2]
    assert (
        accepted(plain[:-2] + samples.segment(0xFE, b"note") + scan + b"\xff\xd9", "a.jpg").path.read_bytes()
        == plain[:-2] + scan + b"\xff\xd9"
    )


def test_parts_of_a_png_that_tell_more_than_it_shows_are_taken_out():
    kept = samples.chunk(b"iCCP", b"p\0\0x") + samples.chunk(b"pHYs", b"\0" * 9)
    told = [
        (b"tEXt", b"Author\0me"),
        (b"zTXt", b"a"),
        (b"iTXt", b"XML:com.adobe.xmp\0"),
        (b"tIME", b"1"),
        (b"eXIf", samples.exif()),
        (b"prVt", b""),
    ]
    stored = accepted(samples.png(extra=kept + b"".join(samples.chunk(*part) for part in told)), "map.png")
    assert stored.path.read_bytes() == samples.png(extra=kept)
    assert metadata.PLACE in stored.taken_out


def test_parts_of_a_webp_that_tell_more_than_it_shows_are_taken_out():
    kept = (b"ICCP", b"profile")
    data = bytearray(samples.webp(2, 2, kept, (b"EXIF", samples.exif()), (b"XMP ", XMP), (b"ABCD", b"x")))
    data[20] |= 0x0C
    stored = accepted(bytes(data), "map.webp")
    assert stored.path.read_bytes() == samples.webp(2, 2, kept)
    assert metadata.PLACE in stored.taken_out


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", FORMS)
def test_picture_stands_upright_and_shows_what_it_showed(name, orientation):
    data = photo(FORMS[name], orientation, quality=90)
    stored = accepted(data, name)
    with Image.open(BytesIO(data)) as before, Image.open(stored.path) as after:
        assert dict(after.getexif()) == {}
        assert difference(ImageOps.exif_transpose(before), after) < (6 if name == "map.webp" else 2.5)
    assert b"Cam" not in stored.path.read_bytes()
    assert {metadata.PLACE, metadata.CAMERA} <= set(stored.taken_out)


@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_jpeg_that_is_turned_keeps_colours_and_next_to_all_quality(sampling):
    data = photo("JPEG", 6, quality=85, subsampling=sampling, icc_profile=b"p" * 200, progressive=True)
    stored = accepted(data, "photo.jpg")
    with Image.open(stored.path) as after, Image.open(BytesIO(data)) as before:
        assert after.size == (32, 64)
        assert after.info["icc_profile"] == b"p" * 200
        assert difference(before.transpose(Image.Transpose.ROTATE_270), after) < 2.5


def test_picture_that_cannot_be_turned_is_refused_in_words(store):
    broken = samples.jpeg(extra=samples.segment(0xE1, b"Exif\0\0" + samples.exif(6)))
    with pytest.raises(ValidationError, match="could not be turned upright"):
        accepted(broken, "photo.jpg")
    assert not store.exists()


def test_child_process_ends_when_its_time_is_over(monkeypatch, tmp_path):
    monkeypatch.setattr(bounded, "SECONDS", 0.2)
    (tmp_path / "slow.py").write_text("while True: pass")
    with pytest.raises(bounded.Exceeded):
        bounded.run(tmp_path / "slow.py", BytesIO())


@pytest.mark.parametrize("data", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", samples.exif()[:30]])
def test_damaged_exif_is_taken_out_too(data):
    stored = accepted(samples.jpeg(extra=samples.segment(0xE1, b"Exif\0\0" + data)), "photo.jpg")
    assert stored.path.read_bytes() == samples.jpeg()


def test_decoders_are_not_loaded_at_start():
    start = "import django; django.setup(); import cdmportal.urls, files.uploads"
    said = f"{start}, sys; print([name for name in ('PIL', 'pikepdf') if name in sys.modules])"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "cdmportal.settings"}
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, env=environment).stdout.strip() == "[]"
