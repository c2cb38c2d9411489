"""Script that makes the sizes of a picture, run by files/bounded.py with the picture as standard input.

Arguments: `sizes`, `crops` or `sizes+crops`, then the focus from the left and from the top in per cent. The output is a line of JSON, a
list of {name, width, height, is_clear, length}, and behind it the bytes of each in that order. The colours of all are sRGB.
"""

import contextlib
import io
import json
import resource
import sys

MEMORY = 400_000_000
SECONDS = 15
MOST_POINTS = 40_000_000
WIDTHS = (480, 960, 1600)
FALLBACK = 1200
CROPS = {"wide": (480, 270), "square": (240, 240)}
FORMATS = ["PNG", "JPEG", "WEBP"]
MOST_COLOURS = 4096  # of a picture that may be shorter without loss than with it
STRIP = 2_000_000  # points that are shrunk at a time


def main(what, focus_x, focus_y):
    with contextlib.suppress(ValueError, OSError):  # a system without such limits
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    with Image.open(sys.stdin.buffer, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_POINTS or getattr(picture, "n_frames", 1) > 1:
            sys.exit("too large, or moving")
        is_drawn = picture.format == "PNG" or (picture.format == "WEBP" and is_lossless())
        base = in_srgb(shrunk(picture), picture.info.get("icc_profile"))
    if base.mode == "RGBA" and base.getchannel("A").getextrema()[0] == 255:
        base = base.convert("RGB")
    made = sizes(base, width, height, is_drawn) if "sizes" in what else []
    made += crops(base, width, height, (int(focus_x), int(focus_y)), is_drawn) if "crops" in what else []
    head = [{key: value for key, value in one.items() if key != "data"} | {"length": len(one["data"])} for one in made]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for one in made:
        sys.stdout.buffer.write(one["data"])


def is_lossless():
    place = sys.stdin.buffer.tell()
    sys.stdin.buffer.seek(0)
    found = b"VP8L" in sys.stdin.buffer.read(256 * 1024)
    sys.stdin.buffer.seek(place)
    return found


def shrunk(picture):
    """The picture in one of the modes L, RGB, RGBA, CMYK, with a width not far above the largest size: strip by strip, in little memory."""
    if picture.format == "JPEG":
        picture.draft(picture.mode, (WIDTHS[-1], max(1, WIDTHS[-1] * picture.height // picture.width)))
    factor = picture.width // WIDTHS[-1]
    if factor < 2:
        return plain(picture)
    from PIL import Image

    rows = max(1, STRIP // picture.width // factor) * factor
    small = None
    for top in range(0, picture.height, rows):
        strip = plain(picture.crop((0, top, picture.width, min(top + rows, picture.height))))
        has_alpha = strip.mode == "RGBA"
        strip = (strip.convert("RGBa") if has_alpha else strip).reduce(factor)
        strip = strip.convert("RGBA") if has_alpha else strip
        small = small or Image.new(strip.mode, (strip.width, -(-picture.height // factor)))
        small.paste(strip, (0, top // factor))
    return small


def plain(picture):
    """The same with eight bits a channel, without palette."""
    if picture.mode.startswith("I"):
        whole = picture if picture.mode in {"I", "I;16"} else picture.convert("I")
        return whole.point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode in {"L", "RGB", "CMYK"} and "transparency" not in picture.info:
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    is_clear = "transparency" in picture.info or "A" in picture.getbands() or "a" in picture.getbands()
    return picture.convert("RGBA" if is_clear else "CMYK" if picture.mode == "CMYK" else "RGB")


def in_srgb(picture, profile):
    """The picture as RGB or RGBA with the colours of sRGB; a profile that cannot be read is passed over."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
    converted = None
    if profile:
        from PIL import ImageCms

        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    colours = converted or colours.convert("RGB")
    colours.info.clear()
    if alpha:
        colours.putalpha(alpha)
    return colours


def sizes(base, width, height, is_drawn):
    """The whole picture at each width up to its own, and once in a format that every program reads."""
    widths = [w for w in WIDTHS if w < width]
    if width <= WIDTHS[-1] and (not widths or width > widths[-1] * 1.1):
        widths.append(width)
    made, small = [], {w: resized(base, (w, max(1, round(height * w / width)))) for w in sorted(widths, reverse=True)}
    for ending, encode in ENCODERS.items():
        lighter = None
        for w, picture in small.items():
            one = size(picture, f"{w}.{ending}", encode, is_drawn)
            # A smaller one that is no lighter would be chosen for nothing.
            if one and (lighter is None or len(one["data"]) <= lighter):
                made.append(one)
                lighter = len(one["data"])
    w = min(FALLBACK, width)
    return [*made, fallback(base, (w, max(1, round(height * w / width))), is_drawn)]


def crops(base, width, height, focus, is_drawn):
    """Crops of fixed shapes, never enlarged, that keep the point of the focus."""
    made = []
    for shape, (w, h) in CROPS.items():
        scale = min(width / w, height / h)  # below 1 the picture is smaller than the crop
        across, down = min(w * scale, width), min(h * scale, height)  # products of floats may come out a trace larger
        left = min(max(width * focus[0] / 100 - across / 2, 0), width - across)
        top = min(max(height * focus[1] / 100 - down / 2, 0), height - down)
        x, y = base.width / width, base.height / height
        box = (left * x, top * y, min((left + across) * x, base.width), min((top + down) * y, base.height))
        points = (max(1, round(w * min(scale, 1))), max(1, round(h * min(scale, 1))))
        crop = resized(base, points, box)
        for ending, encode in ENCODERS.items():
            if one := size(crop, f"{shape}-{focus[0]}-{focus[1]}-{w}.{ending}", encode, is_drawn):
                made.append(one)
    return made


def resized(base, points, box=None):
    from PIL import Image

    small = base.copy() if box is None and base.size == points else base.resize(points, Image.Resampling.LANCZOS, box)
    small.info.clear()
    return small


def size(picture, name, encode, is_drawn):
    """A size as a dict, or None where the format has none so long."""
    try:
        return described(name, picture, encode(picture, is_drawn))
    except (OSError, ValueError):
        return None


def described(name, picture, data):
    return {"name": name, "width": picture.width, "height": picture.height, "is_clear": picture.mode == "RGBA", "data": data}


def fallback(base, points, is_drawn):
    small = resized(base, points)
    found = [("png", saved(small, "PNG"))] if base.mode == "RGBA" or is_drawn else []
    if base.mode != "RGBA":
        found.append(("jpg", saved(small, "JPEG", quality=80, optimize=True, progressive=True)))
    ending, data = min(found, key=lambda one: len(one[1]))
    return described(f"{FALLBACK}.{ending}", small, data)


def avif(picture, _is_drawn):
    return saved(picture, "AVIF", quality=50, speed=8, max_threads=1)


def webp(picture, is_drawn):
    lossy = saved(picture, "WEBP", quality=80)
    has_few = is_drawn and picture.getcolors(MOST_COLOURS) is not None
    return min(lossy, saved(picture, "WEBP", lossless=True), key=len) if has_few else lossy


def saved(picture, form, **options):
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


ENCODERS = {"avif": avif, "webp": webp}

if __name__ == "__main__":
    main(*sys.argv[1:])
