"""Dots: shares with their intervals below each other, and figures of two years joined by lines (slopes).

Belongs here: their drawing. A withheld or missing figure has its mark and no dot; no line joins it.
Does not belong here: choosing figures, words.
"""

from __future__ import annotations

from typing import NamedTuple

from languages.numbers import percent
from reports.editions.printed_parts import PictureBlock, PictureRow
from reports.renderers.chart_style import ALL_PERSONS, CHILDREN, GRID, RULE
from reports.renderers.pictures.surface import LINE, Anchor, Surface, break_lines

_EDGE = 8.0
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_WIDE, _BESIDE = 480.0, 0.5
_HEIGHT = 150.0
_DOT = 4.5


def draw_intervals(block: PictureBlock, surface: Surface) -> float:
    """Draw a dot and its interval for each row, all on one scale from 0 to 100 %; return the height.

    If there is space, labels stand beside their rows, else above them.
    """
    is_wide = surface.width >= _WIDE
    start = surface.width * _BESIDE if is_wide else _EDGE
    scale = surface.width - start - _EDGE
    grid, y = len(surface.marks), 2.0
    for row in block.rows:
        figure = row.figures[0]
        between = f" ({figure.interval})" if figure.interval else ""
        text = f"{row.label}: {figure.told}{between}"
        last = surface.write_lines(_EDGE, y + LINE, text, start - 3 * _EDGE if is_wide else scale)
        middle = (y + LINE + last) / 2 - 4 if is_wide else last + 13
        if figure.value is not None:
            _draw_interval(surface, row, middle, start, scale)
        y = last + 6 if is_wide else middle + 10
    lines = Surface(surface.script, surface.width)
    for share in _SHARES:
        x = start + share * scale
        lines.draw_line(x, 2, x, y + 2, f'stroke="{GRID}" stroke-width="1"')
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        surface.write_line(x, y + LINE, percent(share, surface.script.numerals), anchor=anchor, colour=RULE)
    surface.marks[grid:grid] = lines.marks  # under the dots
    return y + LINE + 6


def _draw_interval(surface: Surface, row: PictureRow, y: float, start: float, scale: float) -> None:
    figure, colour = row.figures[0], CHILDREN if row.is_of_children else ALL_PERSONS
    if figure.lower is not None and figure.upper is not None:
        ends = [start + min(1.0, end) * scale for end in (figure.lower, figure.upper)]
        surface.draw_line(ends[0], y, ends[1], y, f'stroke="{colour}" stroke-width="2"')
        for end in ends:
            surface.draw_line(end, y - 4, end, y + 4, f'stroke="{colour}" stroke-width="2"')
    surface.draw_dot(start + min(1.0, figure.value or 0.0) * scale, y, _DOT, colour, is_square=row.is_of_children)


class _Label(NamedTuple):
    """Words at the end of a slope: their lines, the height at which they belong, and their row."""

    lines: list[str]
    y: float
    row: PictureRow


def draw_slopes(block: PictureBlock, surface: Surface) -> float:
    """Draw a line for each row from the first year to the second; return the height."""
    near, far = 64.0, surface.width * 0.45
    top = LINE + 16
    for x, name in zip((near, far), block.columns, strict=True):
        surface.write_line(x, LINE, name, anchor="middle", is_bold=True)
        surface.draw_line(x, top - 8, x, top + _HEIGHT, f'stroke="{GRID}" stroke-width="1"')
    greatest = max((figure.value or 0.0 for row in block.rows for figure in row.figures), default=0.0) or 1.0
    heights = [[top + _HEIGHT * (1 - (figure.value or 0.0) / greatest) for figure in row.figures] for row in block.rows]
    for row, (before, after) in zip(block.rows, heights, strict=True):
        _draw_slope(surface, row, (near, before), (far, after))
    room = surface.width - far - 14
    first = [_Label([row.figures[0].told], y[0], row) for row, y in zip(block.rows, heights, strict=True)]
    second = [
        _Label(break_lines(f"{row.figures[1].told} {row.label}", room), y[1], row)
        for row, y in zip(block.rows, heights, strict=True)
    ]
    ends = (_write_labels(surface, near - 10, first, "end"), _write_labels(surface, far + 10, second, "start"))
    return max(top + _HEIGHT, *ends) + 10


def _draw_slope(surface: Surface, row: PictureRow, start: tuple[float, float], end: tuple[float, float]) -> None:
    if any(figure.value is None for figure in row.figures):
        return
    colour = RULE if row.is_aside else CHILDREN if row.is_of_children else ALL_PERSONS
    dash = ' stroke-dasharray="6 3"' if row.is_of_children else ""
    thick = 1.2 if row.is_aside else 2.6
    surface.draw_line(*start, *end, f'stroke="{colour}" stroke-width="{thick}"{dash}')
    for x, y in (start, end):
        surface.draw_dot(x, y, _DOT if not row.is_aside else 3, colour, is_square=row.is_of_children)


def _write_labels(surface: Surface, x: float, labels: list[_Label], anchor: Anchor) -> float:
    """Write labels beside their ends without overlap; return where the last one ends."""
    free = 0.0
    for end_label in sorted(labels, key=lambda label: label.y):
        y = max(end_label.y + 4, free)
        for number, line in enumerate(end_label.lines):
            surface.write_line(x, y + number * LINE, line, anchor=anchor, is_bold=not end_label.row.is_aside)
        free = y + len(end_label.lines) * LINE + 3
    return free - LINE
