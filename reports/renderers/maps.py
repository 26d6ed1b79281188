"""Maps of the 19 governorates: equal tiles by default, their outlines if the home has them installed.

Belongs here: the position of a tile, its colour and the key below a map. Does not belong here: the classes, which come
with the block and were made only from published figures; how marks are drawn (`placed_marks.py`), or outlines read
(`outlines.py`); text.

Tiles need no boundary file and take no side in a border dispute, show Halabja and Baghdad as large as Anbar, and hold
the figure itself. Neither map is mirrored in right-to-left languages: east stays east.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reports.editions.edition import Edition, MapBlock, MapPlace
from reports.renderers import fonts, outlines
from reports.renderers.chart_style import INK
from reports.renderers.charts import HATCH_FILL, isolate
from reports.renderers.placed_marks import PADDING, Marks

# Column and row of each tile, roughly by location.
TILES = {
    "IQG09": (2, 0),
    "IQG15": (1, 1), "IQG11": (2, 1), "IQG06": (3, 1), "IQG06Q05": (4, 1),
    "IQG16": (1, 2), "IQG13": (2, 2), "IQG10": (3, 2),
    "IQG01": (0, 3), "IQG08": (1, 3), "IQG18": (2, 3),
    "IQG12": (0, 4), "IQG07": (1, 4), "IQG05": (2, 4), "IQG14": (3, 4),
    "IQG04": (0, 5), "IQG03": (1, 5), "IQG17": (2, 5), "IQG02": (3, 5),
}  # fmt: skip
# One hue from light to dark, distinguishable with any colour vision; the ink on each has at least 4.5:1.
COLOURS = (
    ("#e4eef5", INK),
    ("#b4d2e4", "#1f2933"),
    ("#78b0d0", "#10202c"),
    ("#2e6f9e", "#ffffff"),
    ("#0b3a5c", "#ffffff"),
)
EMPTY, BORDER, DARK_BORDER = "#ffffff", "#8795a1", "#1f2933"
_COLUMNS, _ROWS, _GAP = 5, 6, 4
_LARGEST = 13.0  # letter size of a name
_LINE = 20  # line height of the key


def draw(block: MapBlock, edition: Edition, *, width: int, outline: Path | None = None) -> str:
    """Return the map with its key as an SVG element without script, style, link or font of its own.

    Args:
        block: the places with their figures and classes.
        edition: its edition; the labels `map_withheld`, `map_missing` and `map_provisional` are used in the key.
        width: in pixels.
        outline: a GeoJSON file with the outline of every place (`outlines.read_outlines` says how it names them);
            without one, tiles.

    Raises:
        Refusal: `outline_unreadable`, `outline_incomplete`.
    """
    marks = Marks(edition, width - 2 * PADDING, is_mirrored=False)
    height = _place_outlines(block, marks, outline) if outline else _place_tiles(block, marks)
    below = _place_key(block, edition, marks, height + 14)
    return marks.draw(f"{block.id}-{width}", block.alternative, below)


def colour(level: int, count: int) -> tuple[str, str]:
    """Return fill and ink of a class, 0 for the lowest, out of `count`: few classes are spread over the whole scale."""
    last = len(COLOURS) - 1
    return COLOURS[min(last, round(level * last / max(1, count - 1)))]


def paint_place(place: MapPlace, count: int) -> tuple[str, str]:
    """Return fill and ink of a place: hatched if withheld, white if missing, else the colour of its class."""
    if place.figure.mark == "c":
        return HATCH_FILL, DARK_BORDER
    return colour(place.level, count) if place.level >= 0 else (EMPTY, INK)


def height_of(width: float) -> int:
    """Return the total height of the tiles."""
    return round(_ROWS * (_tile(width)[1] + _GAP) - _GAP)


def places(
    names: dict[str, str], width: float, direction: Literal["ltr", "rtl"], provisional: Container[str]
) -> Iterator[dict[str, Any]]:
    """Yield for each place its tile and the lines of its name, without any figure.

    Args:
        names: of the places, by code.
        width: of the map in pixels.
        direction: of the language.
        provisional: codes of the places with a dotted border.

    Yields:
        `code`, `bar` (the tile without its fill), `lines` (the words of its name), `figure` (where its figure stands).
    """
    wide, high = _tile(width)
    for code, (column, row) in TILES.items():
        if code not in names:
            continue
        left, top = column * (wide + _GAP), row * (high + _GAP)
        size, lines = _fit_name(names[code], wide - 6)
        step = size * 1.2
        first = top + high * 0.36 - step * (len(lines) - 1) / 2
        look = {"x": left + wide / 2, "align": "center", "fontWeight": 400}
        yield {
            "code": code,
            "bar": {"x": left, "y": top, "x2": left + wide, "y2": top + high, **_border(code in provisional)},
            "lines": [
                {**look, "text": isolate(line, direction), "y": first + step * number, "fontSize": size}
                for number, line in enumerate(lines)
            ],
            "figure": {**look, "y": top + high * 0.74, "fontSize": min(16.0, max(13.0, wide / 5))},
        }


def _place_tiles(block: MapBlock, marks: Marks) -> float:
    """Place the tiles with names and figures; return their height."""
    by_code = {place.code: place for place in block.places}
    names = {code: place.name for code, place in by_code.items()}
    provisional = {code for code, place in by_code.items() if place.is_provisional}
    direction = marks.script.direction
    for spot in places(names, marks.width, direction, provisional):
        place, bar, figure = by_code[spot["code"]], spot["bar"], spot["figure"]
        fill, ink = paint_place(place, len(block.levels))
        marks.rows["bars"].append({**bar, "fill": fill})
        marks.rows["words"] += [{**line, "fill": ink} for line in spot["lines"]]
        text = figure_text(place, block)
        size = min(figure["fontSize"], round((bar["x2"] - bar["x"] - 6) / max(fonts.width(text, 1), 1), 1))
        marks.rows["words"].append({**figure, "text": isolate(text, direction), "fontSize": size, "fill": ink})
    return height_of(marks.width)


def figure_text(place: MapPlace, block: MapBlock) -> str:
    """Return the figure of a place with its mark, as printed in its tile; one that rounds to zero says so in words."""
    return block.few if block.few and place.figure.mark == "low" else place.figure.told


def _place_outlines(block: MapBlock, marks: Marks, outline: Path) -> float:
    """Place the outlines with names and figures; return their height."""
    shapes, height = outlines.read_outlines(outline, [place.code for place in block.places], marks.width)
    for place in block.places:
        shape = shapes[place.code]
        fill, ink = paint_place(place, len(block.levels))
        border = {"stroke": DARK_BORDER, "strokeDash": [2, 3]} if place.is_provisional else {"stroke": EMPTY}
        geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in shape.rings]}
        feature = {"type": "Feature", "geometry": geometry, "fill": fill, "strokeWidth": 1.2, **border}
        marks.rows["outlines"].append(feature)
        x, y = shape.middle
        halo = EMPTY if fill == HATCH_FILL else fill
        for line, size, step in ((place.name, 10.5, -4), (figure_text(place, block), 12.0, 9)):
            marks.add_words(x, y + step, line, anchor="middle", size=size, colour=ink, halo=halo)
    return height


def _place_key(block: MapBlock, edition: Edition, marks: Marks, top: float) -> float:
    """Place the key, with as many entries in a line as fit; return where it ends."""
    is_rtl = edition.direction == "rtl"
    x, y = 0.0, top
    for fill, is_dotted, text in _entries(block, edition):
        wide = 22 + fonts.width(text, 12) + 16
        if x and x + wide > marks.width:
            x, y = 0.0, y + _LINE
        left, start = (marks.width - x - 14, marks.width - x - 21) if is_rtl else (x, x + 21)
        marks.add_bar(left, y, 14, 14, {"fill": fill, **_border(is_dotted)})
        marks.add_words(start, y + 7.5, text, anchor="end" if is_rtl else "start")
        x += wide
    return y + _LINE


class _KeyEntry(NamedTuple):
    """An entry of the key: its fill, whether its border is dotted, its text."""

    fill: str
    is_dotted: bool
    text: str


def _entries(block: MapBlock, edition: Edition) -> Iterator[_KeyEntry]:
    """Yield the entries: classes, then other symbols on the map."""
    for level, text in enumerate(block.levels):
        yield _KeyEntry(colour(level, len(block.levels))[0], is_dotted=False, text=text)
    signs = {place.figure.mark: place.figure.sign for place in block.places}
    for mark, name, fill in (("c", "map_withheld", HATCH_FILL), ("x", "map_missing", EMPTY)):
        if mark in signs and name in edition.labels:
            yield _KeyEntry(fill, is_dotted=False, text=f"{signs[mark]} {edition.labels[name]}")
    if any(place.is_provisional for place in block.places) and "map_provisional" in edition.labels:
        yield _KeyEntry(EMPTY, is_dotted=True, text=edition.labels["map_provisional"])


def _border(is_dotted: bool) -> dict[str, Any]:
    """Return the border of a tile: a provisional boundary is dotted."""
    if is_dotted:
        return {"stroke": DARK_BORDER, "strokeWidth": 2.5, "strokeDash": [2, 3]}
    return {"stroke": BORDER, "strokeWidth": 1}


def _tile(width: float) -> tuple[float, float]:
    wide = (width - (_COLUMNS - 1) * _GAP) / _COLUMNS
    return wide, min(wide, max(54.0, wide * 0.68))


def _fit_name(name: str, width: float) -> tuple[float, list[str]]:
    """Return the largest letter size that a tile allows for a name, and the lines of the name."""
    space = max(name.find(" "), name.find("-") + 1)
    halves = [name[:space].strip(), name[space:].strip()] if space > 0 else [name]
    whole, halved = ((_size(lines, width), lines) for lines in ([name], halves))
    size, lines = whole if whole[0] >= min(11.0, halved[0]) else halved
    return round(min(_LARGEST, size), 1), lines


def _size(lines: Sequence[str], width: float) -> float:
    return width / max(fonts.width(line, 1) for line in lines)
