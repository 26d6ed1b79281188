"""Pictures of one or two years: a funnel, a pyramid, dots with intervals, slopes.

Belongs here: the marks of each form and where they stand. A withheld or missing figure has its mark and nothing is
drawn for it; a scale of bars ends at the greatest printed figure. Heights follow from labels, which wrap to the width.
Does not belong here: how marks are drawn (`placed_marks.py`), choosing figures, words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from languages.numbers import percent
from reports.editions.printed_parts import PictureBlock, PictureRow, PrintedFigure
from reports.renderers.chart_style import ALL_PERSONS, CHILDREN, GRID, INK, OTHERS, RULE
from reports.renderers.charts import ScriptStyle
from reports.renderers.placed_marks import LINE, PADDING, Anchor, Marks, break_lines

_BAR, _DOT = 17.0, 4.5
_SPACE = 12.0
_EDGE = 2.0
_LABELS = 0.26
"""Fraction of a pyramid's width that its labels take."""
_DOT_EDGE = 8.0
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_WIDE, _BESIDE = 480.0, 0.5
_HEIGHT = 150.0


def draw(block: PictureBlock, script: ScriptStyle, *, width: int) -> str:
    """Return a picture as an SVG element without script, style or font of its own.

    Args:
        block: what to draw.
        script: direction and digits.
        width: in pixels; the picture is as high as it needs.
    """
    marks = Marks(script, width - 2 * PADDING)
    height = _FORMS[block.form](block, marks)
    return marks.draw(f"{block.id}-{width}", block.alternative, round(height, 1))


def _place_funnel(block: PictureBlock, marks: Marks) -> float:
    """Place steps below each other, each a bar starting where lines begin; return the height."""
    room = 150.0 if len(block.columns) > 1 else 70.0
    scale = _scale((row.figures[0] for row in block.rows), marks.width - room)
    y = 0.0
    for row in block.rows:
        if row.heading:
            heading = break_lines(row.heading, marks.width)
            y = marks.add_words(_EDGE, y + 11, heading, colour=RULE, is_bold=True) + 8
        y = marks.add_words(_EDGE, y + 11, break_lines(row.label, marks.width - 2 * _EDGE)) + 9
        length = _add_bar(marks, row, row.figures[0], _EDGE, y, scale)
        figures = " · ".join(figure.told for figure in row.figures if figure.told)
        marks.add_words(_EDGE + length + 6, y + _BAR / 2, figures, is_bold=True)
        y += _BAR + _SPACE
    return y


def _place_pyramid(block: PictureBlock, marks: Marks) -> float:
    """Place two bars for each band, the first towards where lines begin, labels between them; return the height."""
    labels = marks.width * _LABELS
    near = (marks.width - labels) / 2
    sides: tuple[tuple[float, Anchor, int], ...] = ((near, "end", -1), (near + labels, "start", 1))
    scale = _scale((figure for row in block.rows for figure in row.figures), near - 48)
    y = 0.0
    for (base, anchor, _), name in zip(sides, block.columns, strict=True):
        y = max(y, marks.add_words(base, 11, break_lines(name, near - 6), anchor=anchor, is_bold=True) + 14)
    for row in block.rows:
        lines = break_lines(row.label, labels - 8)
        marks.add_words(marks.width / 2, y + _BAR / 2, lines, anchor="middle")
        for (base, anchor, way), figure in zip(sides, row.figures, strict=True):
            length = _add_bar(marks, row, figure, base, y, way * scale)
            marks.add_words(base + length + way * 5, y + _BAR / 2, figure.told, anchor=anchor)
        y += max(_BAR, len(lines) * LINE) + _SPACE
    return y


def _scale(figures: Iterable[PrintedFigure], room: float) -> float:
    """Return the length of one unit: the greatest printed figure takes all the space."""
    greatest = max((figure.value or 0.0 for figure in figures), default=0.0)
    return room / greatest if greatest > 0 else 0.0


def _add_bar(marks: Marks, row: PictureRow, figure: PrintedFigure, x: float, y: float, scale: float) -> float:
    """Add the bar of a figure from a position on; return its length, which is negative towards where lines begin."""
    length = (figure.value or 0.0) * scale
    if length:
        marks.add_bar(x, y, length, _BAR, _bar_look(row))
    return length


def _bar_look(row: PictureRow) -> dict[str, Any]:
    """Return fill and edge: persons with open proceedings are drawn in outline, which greyscale print preserves."""
    if row.is_open:
        return {"fill": "#ffffff", "stroke": INK, "strokeWidth": 1.5, "strokeDash": [4, 2]}
    if row.is_aside:
        return {"fill": OTHERS, "stroke": RULE, "strokeWidth": 1}
    return {"fill": CHILDREN if row.is_of_children else ALL_PERSONS}


def _place_intervals(block: PictureBlock, marks: Marks) -> float:
    """Place a dot and its interval for each row, all on one scale from 0 to 100 %; return the height.

    If there is space, labels stand beside their rows, else above them.
    """
    is_wide = marks.width >= _WIDE
    start = marks.width * _BESIDE if is_wide else _DOT_EDGE
    scale = marks.width - start - _DOT_EDGE
    y = 2.0
    for row in block.rows:
        figure = row.figures[0]
        between = f" ({figure.interval})" if figure.interval else ""
        lines = break_lines(f"{row.label}: {figure.told}{between}", start - 3 * _DOT_EDGE if is_wide else scale)
        first = y + 11
        last = marks.add_words(_DOT_EDGE, first, lines)
        middle = (first + last) / 2 if is_wide else last + 17
        if figure.value is not None:
            _add_interval(marks, row, middle, start, scale)
        y = last + 10 if is_wide else middle + 10
    grid = {"stroke": GRID, "strokeWidth": 1}
    drawn, marks.rows["lines"] = marks.rows["lines"], []
    for share in _SHARES:
        x = start + share * scale
        marks.add_line((x, 2), (x, y + 2), grid)
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        marks.add_words(x, y + 11, percent(share, marks.script.numerals), anchor=anchor, colour=RULE)
    marks.rows["lines"] += drawn  # over the grid
    return y + LINE + 6


def _add_interval(marks: Marks, row: PictureRow, y: float, start: float, scale: float) -> None:
    figure, colour = row.figures[0], CHILDREN if row.is_of_children else ALL_PERSONS
    if figure.lower is not None and figure.upper is not None:
        look = {"stroke": colour, "strokeWidth": 2}
        low, high = (start + min(1.0, end) * scale for end in (figure.lower, figure.upper))
        marks.add_line((low, y), (high, y), look)
        for end in (low, high):
            marks.add_line((end, y - 4), (end, y + 4), look)
    marks.add_dot(start + min(1.0, figure.value or 0.0) * scale, y, _DOT, colour, is_square=row.is_of_children)


def _place_slopes(block: PictureBlock, marks: Marks) -> float:
    """Place a line for each row from the first year to the second; return the height."""
    near, far, top = 64.0, marks.width * 0.45, LINE + 16
    for x, name in zip((near, far), block.columns, strict=True):
        marks.add_words(x, 11, name, anchor="middle", is_bold=True)
        marks.add_line((x, top - 8), (x, top + _HEIGHT), {"stroke": GRID, "strokeWidth": 1})
    scale = _scale((figure for row in block.rows for figure in row.figures), _HEIGHT)
    heights = [tuple(top + _HEIGHT - (figure.value or 0.0) * scale for figure in row.figures) for row in block.rows]
    ends: tuple[list[_Label], list[_Label]] = ([], [])
    for row, (before, after) in zip(block.rows, heights, strict=True):
        _add_slope(marks, row, (near, before), (far, after))
        ends[0].append((before, row, [row.figures[0].told]))
        ends[1].append((after, row, break_lines(f"{row.figures[1].told} {row.label}", marks.width - far - 14)))
    lowest = _add_labels(marks, near - 10, ends[0], "end"), _add_labels(marks, far + 10, ends[1], "start")
    return max(top + _HEIGHT, *lowest) + 10


def _add_slope(marks: Marks, row: PictureRow, start: tuple[float, float], end: tuple[float, float]) -> None:
    if any(figure.value is None for figure in row.figures):
        return
    colour = RULE if row.is_aside else CHILDREN if row.is_of_children else ALL_PERSONS
    dash = {"strokeDash": [6, 3]} if row.is_of_children else {}
    marks.add_line(start, end, {"stroke": colour, "strokeWidth": 1.2 if row.is_aside else 2.6, **dash})
    for x, y in (start, end):
        marks.add_dot(x, y, 3 if row.is_aside else _DOT, colour, is_square=row.is_of_children)


_Label = tuple[float, PictureRow, list[str]]
"""The words at the end of a slope: the height at which they belong, their row, their lines."""


def _add_labels(marks: Marks, x: float, labels: Iterable[_Label], anchor: Anchor) -> float:
    """Add labels beside their ends without overlap, which Vega-Lite cannot; return where the last one ends."""
    free = 0.0
    for height, row, lines in sorted(labels, key=lambda label: label[0]):
        last = marks.add_words(x, max(height, free), lines, anchor=anchor, is_bold=not row.is_aside)
        free = last + LINE + 3
    return free - LINE


_FORMS: Mapping[str, Callable[[PictureBlock, Marks], float]] = {
    "funnel": _place_funnel,
    "pyramid": _place_pyramid,
    "intervals": _place_intervals,
    "slope": _place_slopes,
}
