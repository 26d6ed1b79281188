"""Bars: steps that fewer and fewer reach (a funnel), and bands to both sides of their labels (a pyramid).

Belongs here: their drawing. A withheld or missing figure has its mark and no bar; a scale ends at the greatest printed
figure.
Does not belong here: choosing figures, words.
"""

from __future__ import annotations

from typing import NamedTuple

from reports.editions.printed_parts import PictureBlock, PictureRow, PrintedFigure
from reports.renderers.chart_style import ALL_PERSONS, CHILDREN, INK, OTHERS, RULE
from reports.renderers.pictures.surface import LINE, Surface, break_lines

_BAR = 17.0
_SPACE = 12.0
_EDGE = 2.0
_LABELS = 0.26
"""Fraction of a pyramid's width that its labels take."""


def draw_funnel(block: PictureBlock, surface: Surface) -> float:
    """Draw steps below each other, each a bar starting where lines begin; return the height."""
    room = 150.0 if len(block.columns) > 1 else 70.0
    scale = _scale([row.figures[0] for row in block.rows], surface.width - room)
    y = 0.0
    for row in block.rows:
        if row.heading:
            y = surface.write_lines(_EDGE, y + LINE, row.heading, surface.width, colour=RULE, is_bold=True) + 4
        y = surface.write_lines(_EDGE, y + LINE, row.label, surface.width - 2 * _EDGE) + 5
        length = _length(row.figures[0], scale)
        if length:
            surface.draw_bar(_EDGE, y, length, _BAR, _bar_style(row))
        surface.write_line(_EDGE + length + 6, y + _BAR - 4, _figure_text(row), is_bold=True)
        y += _BAR + _SPACE
    return y


class _Middle(NamedTuple):
    """Where the two halves of a pyramid begin, and the length of one unit in each."""

    near: float
    far: float
    scale: float


def draw_pyramid(block: PictureBlock, surface: Surface) -> float:
    """Draw two bars for each band, the first towards where lines begin, labels between them; return the height."""
    labels = surface.width * _LABELS
    side = (surface.width - labels) / 2
    middle = _Middle(side, side + labels, _scale([figure for row in block.rows for figure in row.figures], side - 48))
    top = max(_write_head(surface, name, number, middle) for number, name in enumerate(block.columns))
    y = top + 10
    for row in block.rows:
        lines = break_lines(row.label, labels - 8)
        for number, line in enumerate(lines):
            surface.write_line(surface.width / 2, y + 12 + number * LINE, line, anchor="middle")
        for number, figure in enumerate(row.figures):
            _draw_half(surface, row, figure, middle.near if number == 0 else middle.far, middle.scale, y)
        y += max(_BAR, len(lines) * LINE) + _SPACE
    return y


def _write_head(surface: Surface, name: str, number: int, middle: _Middle) -> float:
    """Write the heading of a half; return the last baseline."""
    lines = break_lines(name, middle.near - 6)
    for place, line in enumerate(lines):
        x, anchor = (middle.near, "end") if number == 0 else (middle.far, "start")
        surface.write_line(x, LINE * (place + 1), line, anchor=anchor, is_bold=True)
    return LINE * len(lines)


def _draw_half(surface: Surface, row: PictureRow, figure: PrintedFigure, base: float, scale: float, y: float) -> None:
    length, is_near = _length(figure, scale), base < surface.width / 2
    if length:
        surface.draw_bar(base - length if is_near else base, y, length, _BAR, _bar_style(row))
    if is_near:
        surface.write_line(base - length - 5, y + _BAR - 4, figure.told, anchor="end")
    else:
        surface.write_line(base + length + 5, y + _BAR - 4, figure.told)


def _scale(figures: list[PrintedFigure], room: float) -> float:
    """Return the length of one unit: the greatest printed figure takes all the space."""
    greatest = max((figure.value or 0.0 for figure in figures), default=0.0)
    return room / greatest if greatest > 0 else 0.0


def _length(figure: PrintedFigure, scale: float) -> float:
    return (figure.value or 0.0) * scale


def _bar_style(row: PictureRow) -> str:
    """Return fill and edge: persons with open proceedings are drawn in outline, which greyscale print preserves."""
    if row.is_open:
        return f'fill="#ffffff" stroke="{INK}" stroke-width="1.5" stroke-dasharray="4 2"'
    if row.is_aside:
        return f'fill="{OTHERS}" stroke="{RULE}" stroke-width="1"'
    return f'fill="{CHILDREN if row.is_of_children else ALL_PERSONS}"'


def _figure_text(row: PictureRow) -> str:
    """Return the figure of a row, and its share if that is printed."""
    first, *others = (figure.told for figure in row.figures)
    return " · ".join((first, *(text for text in others if text)))
