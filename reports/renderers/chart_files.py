"""The files of a chart: its drawing as SVG and PNG, its figures as CSV.

Belongs here: making a drawing self-contained (its own font, size and namespace), and the table of its figures.
Does not belong here: drawing (`charts.py`, `maps.py`), or any figure that is not in the block.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from languages.spreadsheet_text import neutral_text
from reports.editions.edition import DrawnBlock, Edition, MapBlock
from reports.editions.printed_parts import PictureBlock, PrintedFigure
from reports.renderers import charts, fonts, maps, pictures

WIDE = (510, 270)
"""Pixels of a drawing on a desktop, in print and in a file, close to the displayed size: letters keep theirs."""
NARROW = (290, 230)
"""On a phone, and in print for two drawings side by side."""
CHART_COLUMNS = ("series", "year", "value", "mark")
PICTURE_COLUMNS = ("row", "column", "value", "lower", "upper", "mark")
MAP_COLUMNS = ("code", "name", "value", "mark", "provisional")


def files(drawings: Sequence[tuple[DrawnBlock, str]]) -> dict[str, bytes]:
    """Return `charts/<id>.svg`, `.png` and `.csv` of every chart, map and picture.

    The columns of a CSV: `series`, `year`, `value`, `mark` of a chart; `code`, `name`, `value`, `mark`, `provisional`
    of a map; `row`, `column`, `value`, `lower`, `upper`, `mark` of a picture. A value is the released one (a share from
    0 to 1), empty if none is printed; its mark stands beside it without brackets.

    Args:
        drawings: each block with its drawing.
    """
    text = "".join(svg for _, svg in drawings)  # subsetting a font takes longer than drawing: done once for all files
    faces = fonts.font_face(text, 400) if drawings else ""
    contents: dict[str, bytes] = {}
    for block, svg in drawings:
        contents[f"charts/{block.id}.svg"] = _svg_file(svg, faces).encode("utf-8")
        contents[f"charts/{block.id}.png"] = charts.png_on_white(svg)
        contents[f"charts/{block.id}.csv"] = _csv(_table(block))
    return contents


def draw_block(block: DrawnBlock, edition: Edition, width: int, height: int, outline: Path | None = None) -> str:
    """Return the drawing of a block as an SVG element; the height of a map or a picture follows from its width."""
    if isinstance(block, MapBlock):
        return maps.draw(block, edition, width=width, outline=outline)
    if isinstance(block, PictureBlock):
        return pictures.draw(block, edition, width=width)
    return charts.draw(block, edition, width=width, height=height)


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV; a renderer imports no floor below, so it does not share that of released files."""
    sink = io.StringIO()
    lines = ([neutral_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    csv.writer(sink, lineterminator="\n").writerows(lines)
    return sink.getvalue().encode("utf-8")


def _svg_file(svg: str, faces: str) -> str:
    """Return an SVG element as a file: with its namespace, its size, and its font embedded."""
    start, _, rest = svg.partition(">")
    size = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', start)
    sized = f' width="{size[1]}" height="{size[2]}"' if size else ""
    space = "" if "xmlns=" in start else ' xmlns="http://www.w3.org/2000/svg"'
    return f'{start}{space}{sized} direction="ltr"><style>{faces}</style>{rest}\n'


def _table(block: DrawnBlock) -> Iterator[Sequence[str]]:
    """Yield the lines of the table of a drawing, its columns first."""
    if isinstance(block, MapBlock):
        yield MAP_COLUMNS
        for place in block.places:
            yield (place.code, place.name, *_value_and_mark(place.figure), "yes" if place.is_provisional else "")
    elif isinstance(block, PictureBlock):
        yield PICTURE_COLUMNS
        yield from _picture_rows(block)
    else:
        yield CHART_COLUMNS
        for series in block.series:
            for year, figure in zip(block.years, series.figures, strict=True):
                yield (series.name, year, *_value_and_mark(figure))


def _picture_rows(block: PictureBlock) -> Iterator[Sequence[str]]:
    for row in block.rows:
        for column, figure in zip(block.columns, row.figures, strict=True):
            if figure.told:
                value, mark = _value_and_mark(figure)
                yield (row.label, column, value, *map(_number, (figure.lower, figure.upper)), mark)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _value_and_mark(figure: PrintedFigure) -> tuple[str, str]:
    return (_number(figure.value), figure.mark)
