"""Pictures of one year: a funnel, a pyramid.

Belongs here: the marks of each form and where they stand. A withheld or missing figure has its mark and nothing is
drawn for it; a scale of bars ends at the greatest printed figure. Heights follow from labels, which wrap to the width.
Does not belong here: how marks are drawn (`placed_marks.py`), choosing figures, words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reports.editions.printed_parts import PictureBlock, PictureRow, PrintedFigure
from reports.renderers.chart_style import ALL_PERSONS, CHILDREN, INK, OTHERS, RULE
from reports.renderers.charts import ScriptStyle
from reports.renderers.placed_marks import LINE, PADDING, Anchor, Marks, break_lines

_BAR = 17.0
_SPACE = 12.0
_EDGE = 2.0
_LABELS = 0.26
"""Fraction of a pyramid's width that its labels take."""


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


_FORMS: Mapping[str, Callable[[PictureBlock, Marks], float]] = {
    "funnel": _place_funnel,
    "pyramid": _place_pyramid,
}
