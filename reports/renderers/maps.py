"""Maps of the 19 governorates: equal tiles by default, their outlines if the home has them installed.

Belongs here: the position of a tile, its colour and the key below a map; the specification of the tiles, which the
explorer fills as well. Does not belong here: the classes, which come with the block and were made only from published
figures; how outlines become paths (`outlines.py`); text.

Tiles need no boundary file and take no side in a border dispute, show Halabja and Baghdad as large as Anbar, and hold
the figure itself. Neither map is mirrored in right-to-left languages: east stays east.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from reports.editions.edition import Edition, MapBlock, MapPlace
from reports.renderers import charts, fonts, outlines
from reports.renderers.chart_style import INK
from reports.renderers.charts import HATCH_FILL, ScriptStyle, Specification

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
    inner, height = _draw_outlines(block, edition, width, outline) if outline else _draw_tiles(block, edition, width)
    key, below = _key(block, edition, width, height + 14)
    name = f"{block.id}-{width}"
    return charts.frame_svg(inner + key, name, block.alternative, f'viewBox="0 0 {width} {below:g}"')


def png(block: MapBlock, edition: Edition, width: int, outline: Path | None = None) -> bytes:
    """Return the map as a PNG on white, at twice its size so that it prints sharply."""
    return charts.png_on_white(draw(block, edition, width=width, outline=outline))


def colour(level: int, count: int) -> tuple[str, str]:
    """Return fill and ink of a class, 0 for the lowest, out of `count`: few classes are spread over the whole scale."""
    last = len(COLOURS) - 1
    return COLOURS[min(last, round(level * last / max(1, count - 1)))]


def paint_place(place: MapPlace, count: int) -> tuple[str, str]:
    """Return fill and ink of a place: hatched if withheld, white if missing, else the colour of its class."""
    if place.figure.mark == "c":
        return HATCH_FILL, DARK_BORDER
    return colour(place.level, count) if place.level >= 0 else (EMPTY, INK)


def height_of(width: int) -> int:
    """Return the total height of the tiles."""
    return round(_ROWS * (_tile(width)[1] + _GAP) - _GAP)


def places(names: dict[str, str], width: int, direction: str) -> Iterator[dict[str, Any]]:
    """Yield for each place its tile and the lines of its name, without any figure.

    Args:
        names: of the places, by code.
        width: of the map in pixels.
        direction: of the language.

    Yields:
        `code`, `x`, `y`, `x2`, `y2` of the tile, `lines` (text, x, y, size) and `middle`, `base`, `size` of its figure.
    """
    wide, high = _tile(width)
    for code, (column, row) in TILES.items():
        if code not in names:
            continue
        left, top = column * (wide + _GAP), row * (high + _GAP)
        size, lines = _fit_name(names[code], wide - 6)
        middle, step = left + wide / 2, size * 1.2
        first = top + high * 0.36 - step * (len(lines) - 1) / 2
        yield {
            "code": code,
            "x": left,
            "y": top,
            "x2": left + wide,
            "y2": top + high,
            "lines": [
                {"text": _isolate(line, direction), "x": middle, "y": first + step * number, "size": size}
                for number, line in enumerate(lines)
            ],
            "middle": middle,
            "base": top + high * 0.74,
            "size": min(16.0, max(13.0, wide / 5)),
        }


def specification() -> Specification:
    """Return the Vega-Lite specification of the tiles, with placeholders that `charts.fill_drawing` fills.

    Placeholders: `width`, `height` and three data sets: `tiles` (x, y, x2, y2, fill, stroke), `dotted` (with a
    dotted border) and `texts` (text, x, y, size, ink).
    """

    def field(name: str, kind: str = "quantitative") -> Specification:
        return {"field": name, "type": kind, "scale": None, "axis": None} if name[0] in "xy" else {
            "field": name, "type": kind, "scale": None, "legend": None,
        }  # fmt: skip

    corners = {name: field(name) for name in ("x", "y")} | {name: {"field": name} for name in ("x2", "y2")}
    tile = {"type": "rect", "strokeWidth": 1, "aria": False}
    dotted = {**tile, "filled": False, "stroke": DARK_BORDER, "strokeWidth": 2.5, "strokeDash": [2, 3]}
    text = {"type": "text", "align": "center", "baseline": "middle", "aria": False}
    place = {"x": field("x"), "y": field("y"), "text": {"field": "text", "type": "nominal"}, "size": field("size")}
    layers: list[Specification] = [
        {"data": {"name": "tiles"}, "mark": tile,
         "encoding": {**corners, "fill": field("fill", "nominal"), "stroke": field("stroke", "nominal")}},
        {"data": {"name": "dotted"}, "mark": dotted, "encoding": corners},
        {"data": {"name": "texts"}, "mark": text, "encoding": {**place, "color": field("ink", "nominal")}},
    ]  # fmt: skip
    sets = {name: f"${name}" for name in ("tiles", "dotted", "texts")}
    return charts.configure_drawing(
        {"width": "$width", "height": "$height", "padding": 1, "datasets": sets, "layer": layers}
    )


def _draw_tiles(block: MapBlock, edition: ScriptStyle, width: int) -> tuple[str, float]:
    by_code = {place.code: place for place in block.places}
    tiles: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for spot in places({code: place.name for code, place in by_code.items()}, width - 2, edition.direction):
        place = by_code[spot["code"]]
        fill, ink = paint_place(place, len(block.levels))
        corners = {name: spot[name] for name in ("x", "y", "x2", "y2")}
        is_dotted = place.is_provisional
        tiles.append({**corners, "fill": fill, "stroke": EMPTY if is_dotted else BORDER, "dotted": is_dotted})
        texts += [{**line, "ink": ink} for line in spot["lines"]]
        figure = _isolate(figure_text(place), edition.direction)
        size = min(spot["size"], round((spot["x2"] - spot["x"] - 6) / max(fonts.width(figure, 1), 1), 1))
        texts.append({"text": figure, "x": spot["middle"], "y": spot["base"], "size": size, "ink": ink})
    values = {
        "width": width - 2,
        "height": height_of(width - 2),
        "tiles": tiles,
        "dotted": [tile for tile in tiles if tile["dotted"]],
        "texts": texts,
    }
    svg = charts.vega(charts.fill_drawing(specification(), values), charts.format_locale(edition.numerals))
    return charts.inner_svg(svg, f"{block.id}-{width}"), float(height_of(width - 2) + 2)


def figure_text(place: MapPlace) -> str:
    """Return the figure of a place with its mark, as printed in its tile."""
    mark = f"[{place.figure.mark}]" if place.figure.mark else ""
    return " ".join(part for part in (place.figure.text, mark) if part)


def _draw_outlines(block: MapBlock, edition: Edition, width: int, outline: Path) -> tuple[str, float]:
    shapes, height = outlines.read_outlines(outline, [place.code for place in block.places], width)
    drawn: list[str] = []
    texts: list[str] = []
    for place in block.places:
        shape = shapes[place.code]
        fill, ink = paint_place(place, len(block.levels))
        dash = ' stroke-dasharray="2 3"' if place.is_provisional else ""
        border = DARK_BORDER if place.is_provisional else EMPTY
        drawn.append(f'<path d="{shape.path}" fill="{fill}" stroke="{border}" stroke-width="1.2"{dash}/>')
        x, y = shape.middle
        halo = EMPTY if fill == HATCH_FILL else fill
        for line, size, step in ((place.name, 10.5, 0), (figure_text(place), 12, 13)):
            texts.append(
                f'<text x="{x:g}" y="{y + step:g}" text-anchor="middle" font-family="{fonts.FAMILY}" '
                f'font-size="{size}" fill="{ink}" stroke="{halo}" stroke-width="2.5" stroke-linejoin="round" '
                f'paint-order="stroke">{charts.escape_text(_isolate(line, edition.direction))}</text>'
            )
    return "".join([*drawn, *texts]), height


def _key(block: MapBlock, edition: Edition, width: int, top: float) -> tuple[str, float]:
    """Return the key as SVG, with as many entries in a line as fit, and where it ends."""
    is_rtl = edition.direction == "rtl"
    parts: list[str] = []
    x, y = 0.0, top
    for fill, dash, text in _entries(block, edition):
        wide = 22 + fonts.width(text, 12) + 16
        if x and x + wide > width:
            x, y = 0.0, y + _LINE
        left, words = (width - x - 15, width - x - 22) if is_rtl else (x + 1, x + 22)
        border = f'stroke="{DARK_BORDER if dash else BORDER}"' + (
            ' stroke-width="2" stroke-dasharray="2 3"' if dash else ""
        )
        shown = charts.escape_text(_isolate(text, edition.direction))
        parts.append(
            f'<rect x="{left:g}" y="{y:g}" width="14" height="14" fill="{fill}" {border}/>'
            f'<text x="{words:g}" y="{y + 11.5:g}" text-anchor="{"end" if is_rtl else "start"}" fill="{INK}" '
            f'font-family="{fonts.FAMILY}" font-size="12">{shown}</text>'
        )
        x += wide
    return "".join(parts), y + _LINE


class _KeyEntry(NamedTuple):
    """An entry of the key: its fill, whether its border is dotted, its text."""

    fill: str
    is_dotted: bool
    text: str


def _entries(block: MapBlock, edition: Edition) -> Iterator[_KeyEntry]:
    """Yield the entries: classes, then other symbols on the map."""
    for level, text in enumerate(block.levels):
        yield _KeyEntry(colour(level, len(block.levels))[0], is_dotted=False, text=text)
    marks = {place.figure.mark for place in block.places}
    for mark, name, fill in (("c", "map_withheld", HATCH_FILL), ("x", "map_missing", EMPTY)):
        if mark in marks and name in edition.labels:
            yield _KeyEntry(fill, is_dotted=False, text=f"[{mark}] {edition.labels[name]}")
    if any(place.is_provisional for place in block.places) and "map_provisional" in edition.labels:
        yield _KeyEntry(EMPTY, is_dotted=True, text=edition.labels["map_provisional"])


def _tile(width: int) -> tuple[float, float]:
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


def _isolate(text: str, direction: str) -> str:
    return f"\u2067{text}\u2069" if direction == "rtl" and text else text
