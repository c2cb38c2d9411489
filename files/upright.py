"""Script that writes a picture upright, with its colours and without all else; run by files/bounded.py from standard input to output."""

import contextlib
import resource
import sys

MEMORY = 1_500_000_000
SECONDS = 20
# Orientations in which rows become columns, and with them those of the tables.
ON_ITS_SIDE = {5, 6, 7, 8}


def main():
    with contextlib.suppress(ValueError, OSError):  # a system without such limits
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the inspector has measured it
    with Image.open(sys.stdin.buffer) as picture:
        form, side = picture.format, picture.getexif().get(0x0112) in ON_ITS_SIDE
        options = {"icc_profile": picture.info.get("icc_profile")}
        if form == "JPEG":
            options |= coded_alike(picture, side)
        elif form == "WEBP":
            lossless = is_lossless()
            options |= {"lossless": lossless, "quality": 30 if lossless else 95, "exact": True}  # of a lossless one, the effort
        upright = ImageOps.exif_transpose(picture)
    upright.info.clear()
    upright.save(sys.stdout.buffer, form, **options)


def coded_alike(picture, side):
    """How the JPEG was coded, with its colours at full size, so that coding it again loses next to nothing."""
    tables = picture.quantization
    if side:
        tables = {key: [table[column * 8 + row] for row in range(8) for column in range(8)] for key, table in tables.items()}
    return {"qtables": tables, "subsampling": 0, "optimize": True, "progressive": "progressive" in picture.info}


def is_lossless():
    sys.stdin.buffer.seek(0)
    return b"VP8L" in sys.stdin.buffer.read(256 * 1024)


if __name__ == "__main__":
    main()
