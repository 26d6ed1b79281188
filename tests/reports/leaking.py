"""Renderers that leak on purpose, so that every way out of a report is seen before ours are asked.

Belongs here: for each way, putting a leak into the code that tells and draws: what stands under a mark decides on an
order, a class, a share, a scale, a size. Does not belong here: seeing it (`printed_attacks.py`), or an honest report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS, TOTAL
from reports.chapters import places, printed
from reports.editions.edition import ChartBlock, MapBlock
from reports.editions.printed_parts import PrintedFigure
from reports.explorer import cube
from reports.released import released_tables, report_model
from reports.released.released_tables import ReleasedCell
from reports.renderers import chart_files, charts, xlsx_tables

SHARE = ("PRT-03", "SHARE", "IQ-FED", "2022", *(TOTAL for _ in DIMENSIONS))
"""A share of a withheld count, whose other count is printed."""


def by_size(patch: pytest.MonkeyPatch, under: float) -> None:
    """Rows stand by their figures, and the withheld one by what it is in truth."""
    honest, sizes = released_tables.rank, {"IQG08": under, "IQG05": 25.0, "IQG15": 20.0}

    def rank(kind: str, code: str) -> tuple[float, str]:
        return (-sizes.get(code, 0.0), code) if kind == "area" else honest(kind, code)

    patch.setattr(released_tables, "rank", rank)


def classes_reach(patch: pytest.MonkeyPatch, under: float) -> None:
    """The classes of a map are made for the withheld figure as well."""
    honest = places.thresholds

    def thresholds(values: Iterable[float], *ladder: Sequence[float]) -> tuple[float, ...]:
        return honest([*values, under], *ladder)

    for where in (places, cube):
        patch.setattr(where, "thresholds", thresholds)


def share_is_told(patch: pytest.MonkeyPatch, under: float) -> None:
    """A share is worked out though what it is a share of is withheld."""
    honest = released_tables.cells_of

    def cells_of(frame: pd.DataFrame) -> dict[tuple[str, ...], ReleasedCell]:
        return honest(frame) | {SHARE: ReleasedCell(round(190 / under, 3), method="DERIVED", is_share=True)}

    patch.setattr(report_model, "cells_of", cells_of)


def scale_reaches(patch: pytest.MonkeyPatch, under: float) -> None:
    """The scale of a chart has room for the withheld figure."""

    def top(seen: Sequence[float], *, is_fine: bool) -> float:
        return max(10.0, *seen, under) * (1 if is_fine else 1.15)

    patch.setattr(charts, "_top", top)


def bar_is_drawn(patch: pytest.MonkeyPatch) -> None:
    """A withheld figure is drawn as every other."""

    def is_drawn(figure: PrintedFigure) -> bool:
        return figure.value is not None

    patch.setattr(charts, "_is_drawn", is_drawn)


def is_said_aloud(patch: pytest.MonkeyPatch, under: float) -> None:
    """What is told of a drawing to those who do not see it says the withheld figure."""
    honest = printed.figure_with_mark

    def said(found: PrintedFigure) -> str:
        return honest(found) + ("" if found.text else f" ({under:.0f})")

    patch.setattr(printed, "figure_with_mark", said)


def is_as_wide(patch: pytest.MonkeyPatch, under: float) -> None:
    """A mark in the workbook takes as much room as the figure under it."""

    def mark(figure: PrintedFigure) -> str:
        return f"[{figure.mark}]{' ' * len(str(under))}" if figure.mark else ""

    patch.setattr(xlsx_tables, "mark", mark)


def file_is_there(patch: pytest.MonkeyPatch, under: float) -> None:
    """A chart has files only where the withheld figure is no small one."""
    honest = chart_files.files

    def files(drawings: Sequence[tuple[ChartBlock | MapBlock, str]]) -> Mapping[str, bytes]:
        return honest(drawings if under > 10 else drawings[1:])

    patch.setattr(chart_files, "files", files)
