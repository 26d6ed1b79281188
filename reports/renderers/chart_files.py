"""The files beside a chart: its drawing as SVG and PNG, its figures as CSV.

Belongs here: making a drawing stand alone (its own font, size and name space), and the table of its figures.
Does not belong here: drawing (`charts.py`, `maps.py`), or any figure that is not in the block.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from reports.editions.edition import ChartBlock, Edition, MapBlock, PrintedFigure
from reports.renderers import charts, fonts, maps

WIDE = (510, 270)
"""Pixels of the drawing itself on a desk, in print and in a file, near what is shown: letters keep their size."""
CHART_COLUMNS = ("series", "year", "value", "mark")
MAP_COLUMNS = ("code", "name", "value", "mark", "provisional")


def files(drawings: Sequence[tuple[ChartBlock | MapBlock, str]]) -> dict[str, bytes]:
    """Return `charts/<id>.svg`, `.png` and `.csv` of every chart and map.

    The columns of a CSV: `series`, `year`, `value`, `mark` of a chart; `code`, `name`, `value`, `mark`, `provisional`
    of a map. A value is the released one (a share from 0 to 1), empty where none is printed; its mark stands beside it
    without brackets.

    Args:
        drawings: each block with its drawing.
    """
    text = "".join(svg for _, svg in drawings)  # cutting a font takes longer than drawing: once for all files
    faces = fonts.face(text, 400) if drawings else ""
    found: dict[str, bytes] = {}
    for block, svg in drawings:
        found[f"charts/{block.id}.svg"] = _standing_alone(svg, faces).encode("utf-8")
        found[f"charts/{block.id}.png"] = charts.on_white(svg)
        found[f"charts/{block.id}.csv"] = _table(block)
    return found


def drawn(block: ChartBlock | MapBlock, edition: Edition, width: int, height: int, outline: Path | None = None) -> str:
    """Return the drawing of a chart or a map as an SVG element; a map has the height that its width gives."""
    if isinstance(block, MapBlock):
        return maps.draw(block, edition, width=width, outline=outline)
    return charts.draw(block, edition, width=width, height=height)


def _standing_alone(svg: str, faces: str) -> str:
    """Return an SVG element as a file: with its name space, its size, and its font inside it."""
    start, _, rest = svg.partition(">")
    size = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', start)
    sized = f' width="{size[1]}" height="{size[2]}"' if size else ""
    space = "" if "xmlns=" in start else ' xmlns="http://www.w3.org/2000/svg"'
    return f'{start}{space}{sized} direction="ltr"><style>{faces}</style>{rest}\n'


def _table(block: ChartBlock | MapBlock) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    if isinstance(block, MapBlock):
        writer.writerow(MAP_COLUMNS)
        for place in block.places:
            writer.writerow((place.code, place.name, *_said(place.figure), "yes" if place.is_provisional else ""))
    else:
        writer.writerow(CHART_COLUMNS)
        writer.writerows(_chart_rows(block))
    return sink.getvalue().encode("utf-8")


def _chart_rows(block: ChartBlock) -> Iterator[Sequence[str]]:
    for series in block.series:
        for year, figure in zip(block.years, series.figures, strict=True):
            yield (series.name, year, *_said(figure))


def _said(figure: PrintedFigure) -> tuple[str, str]:
    return ("" if figure.value is None else f"{figure.value:.10g}", figure.mark)
