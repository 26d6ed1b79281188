"""Columns on paper: how wide each is, how small a table is set, and where one that is too wide is divided.

Belongs here: the measures of a printed table, from the length of its texts.
Does not belong here: drawing it (`templates/report.typ`), or its content.

A page does not scroll: a table is set smaller first, and divided by columns when the smallest size is too wide; every
part has the row labels again. Widths are estimated from the font's own advances, so that they are the same each time.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

from reports.editions.edition import TableBlock, TermList
from reports.editions.printed_parts import PrintedFigure
from reports.renderers import fonts

TEXT_WIDTH = 481.0  # points: A4 without its margins of 20 mm
# A size and the most that row labels take, both in points, tried in this order; smaller is not read on paper.
SIZES = ((9.0, 200.0), (8.5, 180.0), (8.0, 160.0), (7.5, 140.0), (7.0, 110.0))
DIVIDED = (8.5, 160.0)
_PADDING = 8.0  # points beside a text, both sides together
_TERM_SIZE, _TERM_WIDTHS, _MILLIMETRES = 9.5, (14.0, 28.0, 46.0), 25.4 / 72
_LABEL_LEAST = 60.0
_HEADING_LINES = 3  # a heading over a column may take so many
_TEXT_CELL = 5.5  # sizes; words in a cell are set in lines of this width, if no more is left for them
_WORD = 14.5  # sizes; the template breaks a longer word
_ROOM = 1.1  # semi-bold letters are wider, and a joined word is estimated


def parts(block: TableBlock) -> list[dict[str, Any]]:
    """Return the parts in which a table is printed, most often one.

    Returns:
        A part: `size` in points, `widths` in points (row labels first), `columns` (their places in the block), `words`
        (whether a column holds words and no figures), and `slots`: the room, in sizes, that a column leaves after its
        figures for a mark, so that figures stay in line.
    """
    for size, most in SIZES:
        label, widths = _label_width(block, size, most), _widths(block, size)
        if label + sum(widths) <= TEXT_WIDTH:
            label, *widths = _spread_room(block, size, [label, *widths])
            return [_part(block, size, label, widths, range(len(widths)))]
    size, most = DIVIDED
    label, widths = _label_width(block, size, most), _widths(block, size)
    return [_part(block, size, label, widths, chosen) for chosen in _divide_columns(widths, TEXT_WIDTH - label)]


def term_width(block: TermList) -> float:
    """Return the width, in millimetres, of the column in which terms stand beside their texts; 0: above them."""
    longest = max((_advance(entry.term) for entry in block.entries), default=0.0) * _TERM_SIZE * _ROOM
    return next((width for width in _TERM_WIDTHS if longest <= width / _MILLIMETRES), 0.0)


def _divide_columns(widths: list[float], room: float) -> list[range]:
    """Return runs of columns that fit, as even in number as can be."""
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
    """Return the widths with what is left of the page given to words that would be broken into lines, else to figures.

    Columns of figures are made equal if there is room for it: the figures of a row are compared more easily.
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
    return _advance(figure.text) + _mark_width(figure) if figure.text else _advance(f"[{figure.mark}]")


def _mark_width(figure: PrintedFigure) -> float:
    """Return the room that a mark takes after a figure; one that stands alone in its cell takes none."""
    return _advance(f" [{figure.mark}]") if figure.mark and figure.text else 0.0


def _column(block: TableBlock, place: int) -> list[PrintedFigure]:
    return [row.cells[place] for group in block.groups for row in group.rows]


def _label_width(block: TableBlock, size: float, most: float) -> float:
    labels = [block.row_heading, *(row.label for group in block.groups for row in group.rows)]
    longest = max(_advance(label) for label in labels) * size * _ROOM + _PADDING
    return min(max(longest, _LABEL_LEAST), most)


@cache
def _advance(text: str) -> float:
    """Return the width of a text in units of its size; characters of direction take none."""
    return fonts.width("".join(letter for letter in text if letter not in fonts.INVISIBLE), 1.0)
