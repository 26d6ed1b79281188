"""Small charts: one series over years beside the sentence of its finding.

Belongs here: their drawing as SVG, in the common chart style. The SVG is written directly, because Vega takes fifty
times as long for a line of six points, and a report has a hundred of them (decision 93).
Does not belong here: choosing figures; a chart has its figures and its alternative text.

A missing or withheld figure is never drawn: the line has a gap, with a mark if the figure is withheld. The line ends
before a year from which the series is counted differently, and a dashed rule stands there. In right-to-left languages
time runs from the right. Charts of one unit side by side share the top of their scale (`top`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from reports.editions.printed_parts import PrintedFigure, SmallChart
from reports.renderers import fonts
from reports.renderers.chart_style import ALL_PERSONS, CHILDREN, INK, RULE
from reports.renderers.charts import ScriptStyle, escape_text, frame_svg, isolate

WIDTH, HEIGHT = 200, 88
_LEFT, _RIGHT, _TOP, _BOTTOM = 12.0, 12.0, 22.0, 20.0
_LETTER = 11


class _DrawingFrame(NamedTuple):
    """The size of a drawing, and the margins around its points."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


_SMALL = _DrawingFrame(WIDTH, HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM)


class _Point(NamedTuple):
    """A year in a drawing."""

    year: str
    figure: PrintedFigure
    x: float
    y: float | None


def top(charts: Iterable[SmallChart]) -> float:
    """Return the top of a common scale for several charts of one unit."""
    return max((figure.value or 0.0 for chart in charts for figure in chart.figures), default=0.0)


def draw(chart: SmallChart, script: ScriptStyle, name: str, *, highest: float = 0.0) -> str:
    """Return a small chart as an SVG element without script, style or font of its own.

    Args:
        chart: what to draw.
        script: direction and digits.
        name: of the drawing; its ids begin with it.
        highest: top of the scale; the greatest figure of the chart if left out.
    """
    points = list(_points(chart, script, highest or top([chart]), _SMALL))
    colour = CHILDREN if chart.is_of_children else ALL_PERSONS
    inner = "".join(
        (
            _frame(),
            *_breaks(chart, points, _TOP - 4, HEIGHT - _BOTTOM),
            *_lines(chart, points, colour, chart.is_of_children),
            *_words(chart, points, script, colour),
        )
    )
    return frame_svg(inner, name, chart.alternative, f'viewBox="0 0 {WIDTH} {HEIGHT}"')


def _points(chart: SmallChart, script: ScriptStyle, highest: float, box: _DrawingFrame) -> Iterator[_Point]:
    step = (box.width - box.left - box.right) / max(1, len(chart.years) - 1)
    height = box.height - box.top - box.bottom
    for place, (year, figure) in enumerate(zip(chart.years, chart.figures, strict=True)):
        x = box.left + place * step
        shown = 0.0 if figure.mark == "low" else figure.value
        y = None if shown is None else box.top + height * (1 - min(1.0, shown / highest if highest else 0.0))
        yield _Point(year, figure, box.width - x if script.direction == "rtl" else x, y)


def _frame() -> str:
    base = HEIGHT - _BOTTOM
    return f'<path d="M{_LEFT - 6:g},{base:g}H{WIDTH - _RIGHT + 6:g}" stroke="{RULE}" stroke-width="1"/>'


def _breaks(chart: SmallChart, points: Sequence[_Point], head: float, foot: float) -> Iterator[str]:
    for before, now in pairwise(points):
        if now.year in chart.broken_before:
            x = (before.x + now.x) / 2
            yield (f'<path d="M{x:g},{head:g}V{foot:g}" stroke="{RULE}" stroke-width="1" stroke-dasharray="3 3"/>')


def _lines(chart: SmallChart, points: Sequence[_Point], colour: str, is_dashed: bool) -> Iterator[str]:
    dash = ' stroke-dasharray="6 3"' if is_dashed else ""
    for before, now in pairwise(points):
        if before.y is not None and now.y is not None and now.year not in chart.broken_before:
            yield (
                f'<path d="M{before.x:.4g},{before.y:.4g}L{now.x:.4g},{now.y:.4g}" stroke="{colour}" '
                f'stroke-width="2" fill="none"{dash}/>'
            )
    for point in points:
        if point.y is not None:
            yield _dot(point, point.y, colour, is_dashed, is_last=point is points[-1])


def _dot(point: _Point, y: float, colour: str, is_square: bool, *, is_last: bool) -> str:
    size = 4.0 if is_last else 2.4
    if is_square:
        side = 2 * size
        return f'<rect x="{point.x - size:.4g}" y="{y - size:.4g}" width="{side:g}" height="{side:g}" fill="{colour}"/>'
    return f'<circle cx="{point.x:.4g}" cy="{y:.4g}" r="{size:g}" fill="{colour}"/>'


def _words(chart: SmallChart, points: Sequence[_Point], script: ScriptStyle, colour: str) -> Iterator[str]:
    """Yield the first and last year, their figures, and the marks of withheld ones."""
    if not points:
        return
    ends = dict.fromkeys((0, len(points) - 1))
    for place in ends:
        yield _text(points[place].x, HEIGHT - 5.0, chart.year_labels[place], INK, script)
    for place, point in enumerate(points):
        is_end = place in ends
        if point.y is not None and is_end and point.figure.text:
            yield _text(
                point.x, max(point.y - 8, 11.0), point.figure.text, colour, script, is_bold=place == len(points) - 1
            )
        elif point.figure.mark == "c":
            yield _text(point.x, HEIGHT - _BOTTOM - 4, point.figure.sign, RULE, script)


def _text(x: float, y: float, words: str, colour: str, script: ScriptStyle, *, is_bold: bool = False) -> str:
    """Return a text centred on a position, but inside the drawing whatever its width."""
    half = fonts.width(words, _LETTER) / 2 + 1
    middle = min(max(x, half), WIDTH - half)
    weight = ' font-weight="600"' if is_bold else ""
    return (
        f'<text x="{middle:.4g}" y="{y:.4g}" text-anchor="middle" font-family="{fonts.FAMILY}" font-size="{_LETTER}" '
        f'fill="{colour}"{weight}>{escape_text(isolate(words, script.direction))}</text>'
    )
