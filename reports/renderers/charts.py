"""Charts: one Vega-Lite specification for each form, filled with the figures of a block; the SVG is then cleaned up.

Belongs here: the specifications, which the explorer fills in the browser as `draw` fills them here, the sample of a
series for a key, and the clean-up of the SVG.
Does not belong here: choosing figures, or text: a block has finished words and its alternative text.

Rules, each tested with vl-convert: an unknown font makes labels vanish, so ours is registered; years are an ordinal
axis, because d3 has no Arabic-Indic digits for time; shape and dash differ as well as colour, and the page has a key of
its own, in text that can be read and selected; a missing or withheld value is not drawn, but its mark is; the line ends
before a year that is counted in another way, and a dashed rule stands there; in right-to-left languages time runs from
the right, and every SVG has `direction: ltr`, since its anchors would flip otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, Protocol, cast

import vl_convert as vlc

from languages.digits import ARABIC
from reports.editions.edition import ChartBlock, ChartSeries
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import fonts, kept_drawings
from reports.renderers.chart_style import COLOURS, GRID, INK, OTHERS, RULE

Shape = Literal["line", "bar", "forecast"]
Specification = dict[str, Any]
HATCH_FILL = "#cfcfce"  # of withheld figures; replaced by the pattern after drawing
_BARS = ({"fill": OTHERS, "stroke": COLOURS[0]}, {"fill": COLOURS[1], "stroke": COLOURS[1]})
_FORECAST = ({"fill": "#ffffff", "stroke": COLOURS[0]}, {"fill": COLOURS[0], "stroke": COLOURS[0]})
_DASH = (4, 3)  # of the edge of a forecast
_HALO = "#ffffff"  # the edge of a text
_SCALE = 2  # of a PNG, so that it prints sharply
_YEAR_WIDTH = 40  # pixels of a four-digit year and the space to the next
_MARK_WIDTH = 36  # pixels of the longest mark
_GAP = 0.25  # between two years, as a fraction of the step from one to the next
_HATCH = (
    '<defs><pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#f4f5f6"/><line x1="0" y1="0" x2="0" y2="6" stroke="#c3c9ce" stroke-width="2"/>'
    "</pattern></defs>"
)


class ScriptStyle(Protocol):
    """How a language is written; both an edition and the words of a language provide it."""

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The side where lines begin."""
        ...

    @property
    def numerals(self) -> Literal["latn", "arab"]:
        """The digits shown to readers."""
        ...


def swatch(shape: Shape, number: int) -> str:
    """Return the sample of a series for the key: its line or bar as drawn."""
    colour = COLOURS[number]
    if shape != "line":
        dash = f' stroke-dasharray="{_DASH[0]} {_DASH[1]}"' if shape == "forecast" and number == 0 else ""
        inside = f'<rect x="5" y="2" width="18" height="10" {_attributes(_bars(shape)[number])}{dash}/>'
    else:
        dash = "" if number == 0 else ' stroke-dasharray="7 3"'
        point = (
            f'<circle cx="14" cy="7" r="4" fill="{colour}"/>'
            if number == 0
            else f'<rect x="10" y="3" width="8" height="8" fill="#ffffff" stroke="{colour}" stroke-width="2"/>'
        )
        inside = f'<path d="M0,7H28" stroke="{colour}" stroke-width="2.5"{dash}/>{point}'
    return f'<svg viewBox="0 0 28 14" width="28" height="14" aria-hidden="true">{inside}</svg>'


def draw(block: ChartBlock, edition: ScriptStyle, *, width: int, height: int = 280) -> str:
    """Return the chart as an SVG element without script, style, link or font of its own.

    Args:
        block: what to draw.
        edition: its edition, for direction and digits.
        width: of the drawing itself in pixels, without the axes.
        height: likewise.
    """
    spec = fill_drawing(specification(block.shape, edition.direction), _values(block, width, height))
    svg = vega(spec, format_locale(edition.numerals))
    return clean_svg(svg, f"{block.id}-{width}", block.alternative)


def vega(spec: Specification, locale: Mapping[str, Any]) -> str:
    """Return the SVG that Vega draws of a filled specification, with numbers in a d3 locale (`format_locale`)."""

    def draw() -> bytes:
        register_fonts()
        return vlc.vegalite_to_svg(spec, format_locale=dict(locale)).encode("utf-8")

    return kept_drawings.draw_unless_kept(["vega", spec, locale], draw).decode("utf-8")


def png_on_white(svg: str) -> bytes:
    """Return a drawing as a PNG on white, at twice its size.

    The text for screen readers is left out: it is not visible, and differs between languages with the same drawing.
    """
    start, _, rest = svg.partition(">")
    start = re.sub(r' aria-label="[^"]*"', "", start)
    white = f'{start}><rect width="100%" height="100%" fill="#ffffff"/>{rest}'

    def convert() -> bytes:
        register_fonts()
        return vlc.svg_to_png(white, scale=_SCALE)

    return kept_drawings.draw_unless_kept(["png", white, _SCALE], convert)


def specification(shape: Shape, direction: Literal["ltr", "rtl"]) -> Specification:
    """Return the Vega-Lite specification of figures over years, with placeholders that `fill_drawing` fills.

    Placeholders: `width`, `height`, `years` (labels in order of time), `labelled` (those written under the axis),
    `bottom`
    and `top` (of the scale), `ticks` and `format` (of its numbers) and data sets: `rows` (series, year, value, mark,
    segment, floor, upwards: whether its mark is), `withheld` and `breaks` (year), `figures` (year, value, text: to be
    written above their points).
    """
    is_rtl = direction == "rtl"
    x = {
        "field": "year",
        "type": "ordinal",
        "sort": "$years",
        "scale": {"domain": "$years", "reverse": is_rtl, "paddingInner": _GAP, "paddingOuter": 0.15},
        "axis": {"values": "$labelled", "labelAngle": 0, "title": None, "grid": False, "ticks": False,
                 "labelPadding": 8, "aria": False},
    }  # fmt: skip
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": ["$bottom", "$top"], "nice": True},
        "axis": {"orient": "right" if is_rtl else "left", "title": None, "tickCount": "$ticks", "format": "$format",
                 "ticks": False, "domain": False, "aria": False, **_turn_signs(is_rtl)},
    }  # fmt: skip
    half_gap = _GAP / (1 - _GAP) / 2
    rule = {"type": "rule", "color": RULE, "strokeDash": [3, 3], "strokeWidth": 1, "aria": False}
    layers = [
        _layer("withheld", {"type": "rect", "fill": HATCH_FILL, "aria": False}, {"x": x}),
        _layer("breaks", rule, {"x": {**x, "bandPosition": 1 + half_gap if is_rtl else -half_gap}}),
    ]
    for number in (0, 1):
        layers += _series_layers(shape, number, x, y)
    for number in (0, 1):
        layers += _marks(number, x, y)
    above = {"baseline": "bottom", "dy": -7, "fontSize": 12}
    layers.append(_text_layer("figures", above, {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}}, INK))
    sets = {name: f"${name}" for name in ("rows", "withheld", "breaks", "figures")}
    return configure_drawing({"width": "$width", "height": "$height", "datasets": sets, "layer": layers})


def comparison(direction: Literal["ltr", "rtl"]) -> Specification:
    """Return the Vega-Lite specification of categories side by side in one year, with placeholders for `fill_drawing`.

    Placeholders: `width`, `height`, `names` (in order of print), `bottom`, `top`, `format` and data sets: `rows` (name,
    value, end: of the bar, text: the figure with its mark, or only the mark, where there is no bar), `withheld` (name).
    """
    is_rtl = direction == "rtl"
    y = {
        "field": "name",
        "type": "ordinal",
        "sort": "$names",
        "scale": {"domain": "$names", "paddingInner": 0.3, "paddingOuter": 0.15},
        "axis": {"orient": "right" if is_rtl else "left", "title": None, "ticks": False, "labelLimit": 190,
                 "labelPadding": 8, "aria": False},
    }  # fmt: skip
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": ["$bottom", "$top"], "reverse": is_rtl, "nice": True},
        "axis": {"title": None, "tickCount": 4, "format": "$format", "ticks": False, "domain": False, "aria": False,
                 **_turn_signs(is_rtl)},
    }  # fmt: skip
    text = {"type": "text", "align": "right" if is_rtl else "left", "baseline": "middle", "dx": -5 if is_rtl else 5,
            "fontSize": 13, "color": INK, "aria": False}  # fmt: skip
    bar = {"type": "bar", "strokeWidth": 1, "aria": False, **_BARS[0]}
    text_encoding = {"x": {**x, "field": "end"}, "y": y, "text": {"field": "text", "type": "nominal"}}
    layers = [
        _layer("withheld", {"type": "rect", "fill": HATCH_FILL, "aria": False}, {"y": y}),
        _layer("rows", bar, {"x": x, "y": y}, "datum.value !== null"),
        _layer("rows", text, text_encoding),
    ]
    sets = {name: f"${name}" for name in ("rows", "withheld")}
    return configure_drawing({"width": "$width", "height": "$height", "datasets": sets, "layer": layers})


def _turn_signs(is_rtl: bool) -> Specification:
    """Return what keeps a sign on its side of a number on a scale: the drawing itself runs from left to right."""
    return {"labelExpr": "'\u2067' + datum.label + '\u2069'"} if is_rtl else {}


def configure_drawing(drawing: Specification) -> Specification:
    """Return a specification with our font and colours."""
    axis = {"labelColor": INK, "gridColor": GRID, "domainColor": "#8795a1", "labelFontSize": 13}
    config = {"font": fonts.FAMILY, "padding": 4, "background": "transparent", "view": {"stroke": None}, "axis": axis}
    return {**drawing, "config": config}


def fill_drawing(drawing: Specification, values: Mapping[str, Any]) -> Specification:
    """Return a specification with every text `$name` replaced by the value of that name; the explorer does the same."""
    return {key: _fill_part(part, values) for key, part in drawing.items()}


def _fill_part(part: object, values: Mapping[str, Any]) -> object:
    if isinstance(part, dict):
        return fill_drawing(cast(Specification, part), values)
    if isinstance(part, list):
        return [_fill_part(below, values) for below in cast(list[object], part)]
    return values[part[1:]] if isinstance(part, str) and part.startswith("$") else part


def format_locale(numerals: Literal["latn", "arab"]) -> dict[str, Any]:
    """Return what d3 needs to write numbers with the digits and separators of a language."""
    arabic = numerals == "arab"
    locale: dict[str, Any] = {"decimal": "٫" if arabic else ".", "thousands": "٬" if arabic else ","}
    locale |= {"grouping": [3], "currency": ["", ""]}
    return locale | ({"numerals": list(ARABIC), "percent": "٪"} if arabic else {})


def clean_svg(svg: str, name: str, alternative: str) -> str:
    """Return the SVG without Vega's English labels, its styles and its ids, and with an accessible name of its own."""
    size = re.search(r'viewBox="[^"]*"', svg)
    return frame_svg(inner_svg(svg, name), name, alternative, size[0] if size else "")


def inner_svg(svg: str, name: str) -> str:
    """Return the content of an SVG of Vega, without its English labels and its styles; ids begin with `name`."""
    body = re.sub(r' (aria-[a-z]+|role|style|class)="[^"]*"', "", svg)
    body = re.sub(r'(<text[^>]*) stroke="', r'\1 paint-order="stroke" stroke="', body)  # the edge under the letters
    body = re.sub(r'"clip(\d+)"', rf'"{name}-clip\1"', body).replace("url(#clip", f"url(#{name}-clip")
    return body[body.index(">") + 1 : body.rindex("</svg>")]


def frame_svg(inner: str, name: str, alternative: str, size: str) -> str:
    """Return the content of a drawing as an SVG element, with its name and hatch and a direction of its own."""
    pattern = hatch(f"{name}-hatch") if HATCH_FILL in inner else ""
    inner = inner.replace(f'fill="{HATCH_FILL}"', f'fill="url(#{name}-hatch)"')
    named = f'role="img" aria-label="{escape_text(alternative)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" direction="ltr" {named} {size}>{pattern}{inner}</svg>'


def hatch(name: str) -> str:
    """Return the pattern for withheld figures, with an id for references."""
    return _HATCH.format(id=name)


def isolate(text: str, direction: Literal["ltr", "rtl"]) -> str:
    """Return a text that keeps its own order in a drawing, which itself always runs from left to right."""
    return f"\u2067{text}\u2069" if direction == "rtl" and text else text


def escape_text(text: str) -> str:
    """Return a text escaped for an element or an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


@cache
def register_fonts() -> None:
    """Tell vl-convert where our font is; without it every label would vanish."""
    vlc.register_font_directory(str(fonts.folder()))


def _attributes(attributes: dict[str, str]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in attributes.items())


def _layer(data: str, mark: Specification, encoding: Specification, wanted: str = "") -> Specification:
    chosen = {"transform": [{"filter": wanted}]} if wanted else {}
    return {"data": {"name": data}, **chosen, "mark": mark, "encoding": encoding}


def _bars(shape: Shape) -> tuple[dict[str, str], dict[str, str]]:
    """Return the style of the bars of both series: a forecast is an empty bar, dashed, around what has arrived."""
    return _FORECAST if shape == "forecast" else _BARS


def _series_layers(shape: Shape, number: int, x: Specification, y: Specification) -> list[Specification]:
    colour, seen = COLOURS[number], f"datum.series === {number} && datum.value !== null"
    if shape != "line":
        dash = {"strokeDash": [*_DASH]} if shape == "forecast" and number == 0 else {}
        bar = {"type": "bar", "strokeWidth": 1, "aria": False, **_bars(shape)[number], **dash}
        return [_layer("rows", bar, {"x": x, "y": y}, seen)]
    line = {"type": "line", "color": colour, "strokeWidth": 2.5, "strokeDash": [7, 3] if number else [], "aria": False}
    point = {
        "type": "point", "color": colour, "fill": "#ffffff" if number else colour, "filled": False, "size": 46,
        "opacity": 1, "shape": "square" if number else "circle", "strokeWidth": 2, "aria": False,
    }  # fmt: skip
    segments = {"x": x, "y": y, "detail": {"field": "segment", "type": "nominal"}}
    return [_layer("rows", line, segments, seen), _layer("rows", point, {"x": x, "y": y}, seen)]


def _marks(number: int, x: Specification, y: Specification) -> list[Specification]:
    """Return the marks of a series where it has no figure; written upwards if years are close together."""
    across = {"baseline": "bottom", "dy": -4 - 15 * number, "fontSize": 12}
    upwards = {"baseline": "middle", "align": "left", "angle": -90, "dx": 4 + 32 * number, "fontSize": 12}
    encoding = {"x": x, "y": {**y, "field": "floor"}, "text": {"field": "mark", "type": "nominal"}}
    wanted = f"datum.series === {number} && datum.value === null && "
    return [
        _text_layer("rows", across, encoding, COLOURS[number], wanted + "!datum.upwards"),
        _text_layer("rows", upwards, encoding, COLOURS[number], wanted + "datum.upwards"),
    ]


def _text_layer(
    data: str, mark: Specification, encoding: Specification, colour: str, wanted: str = ""
) -> Specification:
    """Return a text with a white edge, put under its letters after drawing, so that it is legible on lines and bars."""
    text = {"type": "text", "color": colour, "stroke": _HALO, "strokeWidth": 3, "strokeJoin": "round", "aria": False}
    return _layer(data, {**text, **mark}, encoding, wanted)


def _values(block: ChartBlock, width: int, height: int) -> dict[str, Any]:
    labels = list(block.year_labels)
    seen = [figure.value or 0 for line in block.series for figure in line.figures if _is_drawn(figure)]
    is_share = any(figure.is_share for line in block.series for figure in line.figures)
    is_fine = is_share or any(figure.decimals for line in block.series for figure in line.figures)
    label_of = dict(zip(block.years, labels, strict=True))
    withheld = [
        label for place, label in enumerate(labels) if any(line.figures[place].mark == "c" for line in block.series)
    ]
    broken = {year for line in block.series for year in line.broken_before}
    return {
        "width": width,
        "height": height,
        "years": labels,
        "labelled": _labelled_years(labels, width),
        "bottom": min(0, *seen, 0) * 1.15,
        "top": _top(seen, is_fine=is_fine),
        "format": _format(max(seen, default=1), is_share=is_share, is_fine=is_fine),
        "figures": [],
        "ticks": 5,
        "rows": [
            {**row, "upwards": width < len(labels) * _MARK_WIDTH}
            for number, line in enumerate(block.series)
            for row in _rows(number, line, block)
        ],
        "withheld": [{"year": label} for label in withheld],
        "breaks": [{"year": label_of[year]} for year in block.years[1:] if year in broken],
    }


def _top(seen: Sequence[float], *, is_fine: bool) -> float:
    """Return the end of the scale: slightly above the greatest figure; for counts at least 10."""
    greatest = max(seen, default=0)
    return greatest * 1.15 or 1 if is_fine else max(10, greatest * 1.15)


def _format(greatest: float, *, is_share: bool, is_fine: bool) -> str:
    """Return the format of a scale's numbers, with enough decimals that no two of them look alike."""
    if is_share:
        return ",.1%" if greatest < 0.05 else ",.0%"
    if not is_fine or greatest >= 10:
        return ",.0f"
    return ",.2f" if greatest < 0.5 else ",.1f"


def _labelled_years(labels: Sequence[str], width: int) -> list[str]:
    """Return the years that are written under the axis: every one, or the last and every second before it."""
    is_crowded = width < len(labels) * _YEAR_WIDTH
    return list(labels[::-1][::2][::-1] if is_crowded else labels)


def _is_drawn(figure: PrintedFigure) -> bool:
    return figure.value is not None and figure.mark not in ("c", "low")


def _rows(number: int, line: ChartSeries, block: ChartBlock) -> Iterator[dict[str, Any]]:
    """Yield a row for each year; years joined by a line share a segment, which ends at a missing year or a break."""
    segment = 0
    for year, label, figure in zip(block.years, block.year_labels, line.figures, strict=True):
        is_drawn = _is_drawn(figure)
        segment += not is_drawn or year in line.broken_before
        yield {
            "series": number,
            "year": label,
            "value": figure.value if is_drawn else None,
            "mark": "" if is_drawn else figure.sign,
            "segment": segment,
            "floor": 0,
        }
