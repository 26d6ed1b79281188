"""Columns on paper: how wide each is, how small a table is set, and where a table that is too wide is split.

Belongs here: the dimensions of a printed table, from the length of its texts.
Does not belong here: drawing it (`templates/report.typ`), or its content.

A page does not scroll: a table is first set smaller, and split by columns if the smallest size is still too wide; every
part repeats the row labels. Widths are estimated from the font's own advances, so that they are reproducible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from math import ceil
from typing import Any

from reports.editions.edition import TableBlock, TermList
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import fonts

TEXT_WIDTH = 481.0  # points: A4 without its margins of 20 mm
HALF_WIDTH = 232.0  # points of one of two columns, 6 mm apart
# A font size and the maximum width of row labels, both in points, tried in this order; smaller is illegible on paper.
SIZES = ((8.0, 180.0), (7.5, 140.0), (7.0, 110.0))
DIVIDED = (8.5, 160.0)
_HALF_SIZES = ((8.0, 110.0), (7.5, 100.0), (7.0, 92.0))
_LIST_SIZE = 8.0
_LEADING, _ROW_PADDING, _AROUND = 1.35, 4.2, 38.0  # of a line, in font sizes; of a row and of a table, in points
_PADDING = 8.0  # points around a text, both sides together
_TERM_SIZE, _TERM_WIDTHS, _MILLIMETRES = 8.5, (14.0, 28.0, 46.0), 25.4 / 72
_LABEL_LEAST = 60.0
_HEADING_LINES = 3  # maximum lines of a column heading
_TEXT_CELL = 5.5  # in font sizes; the minimum line width of words in a cell
_WORD = 14.5  # in font sizes; the template breaks a longer word
_ROOM = 1.1  # semi-bold letters are wider, and joined words are estimates


def parts(block: TableBlock) -> list[dict[str, Any]]:
    """Return the parts in which a table is printed, usually one.

    Returns:
        A part: `size` in points, `widths` in points (row labels first), `columns` (their indices in the block), `words`
        (whether a column holds words and no figures), and `slots`: the space, in font sizes, that a column reserves
        after
        its figures for a mark, so that figures stay aligned.
    """
    for size, most in SIZES:
        label, widths = _label_width(block, size, most), _widths(block, size)
        if label + sum(widths) <= TEXT_WIDTH:
            label, *widths = _spread_room(block, size, [label, *widths])
            return [_part(block, size, label, widths, range(len(widths)))]
    size, most = DIVIDED
    label, widths = _label_width(block, size, most), _widths(block, size)
    return [_part(block, size, label, widths, chosen) for chosen in _divide_columns(widths, TEXT_WIDTH - label)]


def half_part(block: TableBlock) -> dict[str, Any] | None:
    """Return the one part of a table that fits in half the width of a page; None if it does not."""
    for size, most in _HALF_SIZES:
        label, widths = _label_width(block, size, most), _widths(block, size)
        if label + sum(widths) <= HALF_WIDTH:
            return _part(block, size, HALF_WIDTH - sum(widths), widths, range(len(widths)))
    return None


def height(block: TableBlock, part: Mapping[str, Any]) -> float:
    """Return about how high a table of one part is, in points."""
    size, room = part["size"], part["widths"][0]
    lines = [_lines(row.label, size, room) for group in block.groups for row in group.rows]
    lines += [_lines(line, size, HALF_WIDTH) for group in block.groups for line in group.alike]
    lines += [1 for group in block.groups if group.heading]
    noted = sum(_lines(note, 8.0, HALF_WIDTH) * 8.0 * _LEADING for note in block.notes)
    heads = max(
        (_lines(column.text, size, width) for column, width in zip(block.columns, part["widths"][1:], strict=True)),
        default=1,
    )
    rows = sum(count * size * _LEADING + _ROW_PADDING for count in [*lines, heads])
    return _AROUND + _lines(block.caption, 9.5, HALF_WIDTH) * 9.5 * _LEADING + rows + noted


def text_height(texts: Iterable[str], width: float) -> float:
    """Return about how high the texts of a list are, in points."""
    return sum(_lines(text, _LIST_SIZE, width - 12) * _LIST_SIZE * _LEADING + 4 for text in texts)


def _lines(text: str, size: float, room: float) -> int:
    return max(1, ceil(_advance(text) * size * 1.05 / max(room - _PADDING, size)))


def term_width(block: TermList) -> float:
    """Return the width, in millimetres, of the column of terms beside their texts; 0: terms stand above them."""
    longest = max((_advance(entry.term) for entry in block.entries), default=0.0) * _TERM_SIZE * _ROOM
    return next((width for width in _TERM_WIDTHS if longest <= width / _MILLIMETRES), 0.0)


def _divide_columns(widths: list[float], room: float) -> list[range]:
    """Return runs of columns that fit, as equal in number as possible."""
    runs: list[range] = []
    most = max(1, len(widths))
    while not runs:
        count = -(-len(widths) // most)
        even = [len(widths) * part // count for part in range(count + 1)]
        even_runs = [range(start, stop) for start, stop in pairwise(even)]
        if most == 1 or all(sum(widths[place] for place in run) <= room for run in even_runs):
            runs = even_runs
        most -= 1
    return runs


def _part(block: TableBlock, size: float, label: float, widths: list[float], chosen: range) -> dict[str, Any]:
    used = [widths[place] for place in chosen]
    return {
        "size": size,
        "widths": [round(width, 1) for width in (label, *(min(width, TEXT_WIDTH - label) for width in used))],
        "columns": list(chosen),
        "words": [_holds_words(block, place) for place in chosen],
        "slots": [
            round(max((_mark_width(figure) for figure in _column(block, place)), default=0.0), 2) for place in chosen
        ],
    }


def _widths(block: TableBlock, size: float) -> list[float]:
    """Return the width that each column needs."""
    return [_PADDING + size * _ROOM * _needed_width(block, place) for place in range(len(block.columns))]


def _spread_room(block: TableBlock, size: float, widths: list[float]) -> list[float]:
    """Return the widths, with the rest of the page given to words that would be broken into lines, else to figures.

    Columns of figures are made equal if there is space: the figures of a row are then easier to compare.
    """
    whole = [_label_width(block, size, TEXT_WIDTH)]
    whole += [_PADDING + size * _ROOM * _widest_text(block, place) for place in range(len(block.columns))]
    wanted = [max(0.0, width - widths[place]) for place, width in enumerate(whole)]
    given = min(1.0, (TEXT_WIDTH - sum(widths)) / (sum(wanted) or 1.0))
    widths = [width + given * more for width, more in zip(widths, wanted, strict=True)]
    widest = max(widths[1:], default=0.0)
    is_alike = widths[0] + widest * len(block.columns) <= TEXT_WIDTH
    return [widths[0], *([widest] * len(block.columns) if is_alike else widths[1:])]


def _widest_text(block: TableBlock, place: int) -> float:
    return max((_advance(cell.text) for cell in _column(block, place) if cell.is_text), default=0.0)


def _holds_words(block: TableBlock, place: int) -> bool:
    cells = [cell for cell in _column(block, place) if cell.text]
    return bool(cells) and all(cell.is_text for cell in cells)


def _needed_width(block: TableBlock, place: int) -> float:
    heading = block.columns[place].text
    words = [_advance(word) for word in heading.split()]
    lines = max([*words, _advance(heading) / _HEADING_LINES * 1.15 if len(words) > 1 else 0.0])
    return min(max(lines, *(_cell_width(figure) for figure in _column(block, place)), 2.2), _WORD)


def _cell_width(figure: PrintedFigure) -> float:
    if figure.is_text:
        return min(_advance(figure.text), max(_TEXT_CELL, *(_advance(word) for word in figure.text.split() or [""])))
    return _advance(figure.text) + _mark_width(figure) if figure.text else _advance(figure.mark)


def _mark_width(figure: PrintedFigure) -> float:
    """Return the space that a mark takes after a figure; one that stands alone in its cell takes none."""
    return _advance(f" {figure.mark}") if figure.mark and figure.text else 0.0


def _column(block: TableBlock, place: int) -> list[PrintedFigure]:
    return [row.cells[place] for group in block.groups for row in group.rows]


def _label_width(block: TableBlock, size: float, most: float) -> float:
    labels = [block.row_heading, *(row.label for group in block.groups for row in group.rows)]
    longest = max(_advance(label) for label in labels) * size * _ROOM + _PADDING
    return min(max(longest, _LABEL_LEAST), most)


@cache
def _advance(text: str) -> float:
    """Return the width of a text in units of its font size; direction characters take none."""
    return fonts.width("".join(letter for letter in text if letter not in fonts.INVISIBLE), 1.0)
