"""Equal Earth projection on a plane 960 wide, whole numbers, cut at 58° south. Pure; the file of the world and the points share it."""

from math import asin, cos, radians, sin, sqrt

WIDTH, SOUTH, NORTH = 960, -58, 84
A = (1.340264, -0.081106, 0.000893, 0.003796)
M = sqrt(3) / 2


def plain(longitude, latitude):
    """(x, y) of the projection itself, y to the north."""
    angle = asin(M * sin(radians(latitude)))
    square = angle * angle
    sixth = square**3
    x = radians(longitude) * cos(angle) / (M * (A[0] + 3 * A[1] * square + sixth * (7 * A[2] + 9 * A[3] * square)))
    return x, angle * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square))


SCALE = WIDTH / 2 / plain(180, 0)[0]
TOP = plain(0, NORTH)[1]
HEIGHT = round((TOP - plain(0, SOUTH)[1]) * SCALE)


def projected(longitude, latitude):
    """(x, y) on the map, y downwards.

    >>> projected(0, 84)
    (480.0, 0.0)
    """
    x, y = plain(longitude, latitude)
    return WIDTH / 2 + x * SCALE, (TOP - y) * SCALE
