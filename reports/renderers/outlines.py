"""Outlines: a GeoJSON file of boundaries as rings of points in a drawing, for each governorate.

Belongs here: reading such a file, joining districts to governorates, fitting them to a width, and where a name can
stand in them. Does not belong here: colours and figures (`maps.py`). The file is the user's own and stays in the data
home: Marsad draws no borders of its own.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from languages.refusal import Refusal

Point = tuple[float, float]
Ring = list[Point]
_CODES = ("code", "ADM2_PCODE", "ADM1_PCODE")  # in order of precedence: a district that is a place of its own first


@dataclass(frozen=True)
class PlaceOutline:
    """The outline of a place as closed rings of points, and the middle of where its name can stand."""

    rings: list[Ring]
    middle: Point


def read_outlines(path: Path, codes: Sequence[str], width: float) -> tuple[dict[str, PlaceOutline], float]:
    """Return the outline of each place, fitted to a width in pixels, and their total height.

    A feature names its place in `code`, or as OCHA's boundary files do in `ADM2_PCODE` and `ADM1_PCODE`; features of
    one
    place are joined and the borders between them dropped, so that a file of districts works too.

    Args:
        path: a GeoJSON feature collection of polygons in degrees.
        codes: of the required places.
        width: in pixels.

    Raises:
        Refusal: `outline_unreadable`, `outline_incomplete` naming the missing places.
    """
    rings = _rings(path, set(codes))
    if lacking := [code for code in codes if code not in rings]:
        raise Refusal("outline_incomplete", where=path.name, places=", ".join(lacking))
    try:
        return _fit(rings, codes, width)
    except (ValueError, ArithmeticError) as error:  # a place without any extent, or a number without an end
        raise Refusal("outline_unreadable", where=path.name) from error


def _fit(
    rings: Mapping[str, Sequence[Ring]], codes: Sequence[str], width: float
) -> tuple[dict[str, PlaceOutline], float]:
    """Return the outlines in a drawing of this width, and its height."""
    points = [point for place_rings in rings.values() for ring in place_rings for point in ring]
    west, north = min(x for x, _ in points), max(y for _, y in points)
    east, south = max(x for x, _ in points), min(y for _, y in points)
    narrowing = math.cos(math.radians((north + south) / 2))
    scale = width / ((east - west) * narrowing)

    def place_point(point: Point) -> Point:
        return round((point[0] - west) * narrowing * scale, 1), round((north - point[1]) * scale, 1)

    shapes: dict[str, PlaceOutline] = {}
    for code in codes:
        drawn = [thinned for ring in rings[code] if len(thinned := _thin_ring(map(place_point, ring))) > 3]
        shapes[code] = PlaceOutline(drawn, _middle(drawn))
    return shapes, round((north - south) * scale, 1)


def _rings(path: Path, codes: set[str]) -> dict[str, list[Ring]]:
    try:
        features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
        by_code: dict[str, list[Ring]] = defaultdict(list)
        for feature in features:
            names = (str(feature["properties"].get(key)) for key in _CODES)
            if code := next((name for name in names if name in codes), ""):
                by_code[code] += _polygons(feature["geometry"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Refusal("outline_unreadable", where=path.name) from error
    return {code: _join_rings(rings) for code, rings in by_code.items()}


def _polygons(geometry: dict[str, Any]) -> Iterator[Ring]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for part in parts:
        for ring in part:
            yield [(float(x), float(y)) for x, y, *_ in ring]


def _join_rings(rings: Sequence[Ring]) -> list[Ring]:
    """Return rings without the borders that two of them share: an edge that occurs twice is inside."""
    sides = [side for ring in rings for side in pairwise(ring) if side[0] != side[1]]
    twice: dict[frozenset[Point], int] = defaultdict(int)
    for side in sides:
        twice[frozenset(side)] += 1
    onward: dict[Point, list[Point]] = defaultdict(list)
    for start, end in sides:
        if twice[frozenset((start, end))] == 1:
            onward[start].append(end)
    return list(_chain_sides(onward))


def _chain_sides(onward: dict[Point, list[Point]]) -> Iterator[Ring]:
    for first in list(onward):
        while onward[first]:
            ring = [first]
            while onward[ring[-1]]:
                ring.append(onward[ring[-1]].pop())
            yield ring


def _thin_ring(points: Iterable[Point]) -> Ring:
    """Return a ring without points that lie within a pixel of the one before; shared borders are thinned alike."""
    ring: Ring = []
    for x, y in points:
        place = (float(round(x)), float(round(y)))
        if not ring or place != ring[-1]:
            ring.append(place)
    return ring


def _middle(rings: Sequence[Ring]) -> Point:
    """Return the middle of the longest horizontal segment inside a shape, among several heights."""
    heights = [y for ring in rings for _, y in ring]
    low, high = min(heights), max(heights)
    tried = [low + (high - low) * part / 12 + 0.03 for part in range(3, 10)]
    stretches = [(right - left, (left + right) / 2, y) for y in tried for left, right in _crossings(rings, y)]
    _, x, y = max(stretches)
    return round(x, 1), round(y, 1)


def _crossings(rings: Sequence[Ring], y: float) -> list[Point]:
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for ring in rings
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y1 <= y) != (y2 <= y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))
