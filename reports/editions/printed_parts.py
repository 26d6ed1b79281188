"""Printed figures, and the pictures drawn from them: the elements of an edition's parts.

Belongs here: the schema of one printed cell and of each picture; a picture holds printed figures and finished texts.
Does not belong here: which blocks an edition has (`edition.py`), how a picture is drawn (`reports/renderers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Self

from pydantic import model_validator

from reports.editions.edition_part import EditionPart

INSTEAD = ("c", "x", "n", "low")
"""Marks that replace a figure."""
_OF_A_FIGURE = ("c", "low")
"""Those behind which there is one: withheld, or small."""


class PrintedFigure(EditionPart):
    """One printed cell; a mark that replaces the figure stands alone (beside a zero, if the figure rounds to zero).

    Attributes:
        text: as printed, without its mark; empty if there is no figure (or it rounds to zero).
        mark: `c`, `x`, `low`, `p`, …; empty for none. It is a code, the same in every language.
        sign: the mark as printed, in brackets, in the words of the language; empty without a mark.
        value: as released, for charts and programs; None if nothing may be printed. Only `text` says the percent of a
            share: rounded from this value it might be another.
        is_share: a proportion (0 to 1), printed as a percentage.
        decimals: to be printed.
        is_text: words, not a figure (a year, a direction).
        lower: lower end of its interval, as released; None without one.
        upper: upper end.
        interval: as printed, e.g. `31% to 45%`; empty without one.
        standing: the word beside a figure that is exact or frozen where others are rounded; empty for those.
    """

    text: str = ""
    mark: str = ""
    sign: str = ""
    value: float | None = None
    is_share: bool = False
    decimals: int = 0
    is_text: bool = False
    lower: float | None = None
    upper: float | None = None
    interval: str = ""
    standing: str = ""

    @model_validator(mode="after")
    def _has_nothing_under_its_mark(self) -> Self:
        is_instead = self.mark in INSTEAD
        has_interval = self.lower is not None or self.upper is not None or bool(self.interval)
        if is_instead and (
            has_interval or self.text or self.value if self.mark == "low" else self.text or self.value is not None
        ):
            raise ValueError(f"a figure under the mark {self.mark}")
        if bool(self.mark) != bool(self.sign):
            raise ValueError(f"the mark {self.mark} printed as {self.sign}")
        return self

    @property
    def told(self) -> str:
        """The figure with what stands beside it, for text without a separate column for marks."""
        return " ".join(part for part in (self.text, self.sign, self.standing) if part)


def first_year_shown(series: Iterable[Sequence[PrintedFigure]]) -> int:
    """Return the place of the first year in which one of the series has a figure, or the mark of one; 0 for none.

    A chart starts there: years before it are empty, and say nothing of the series.
    """
    years = enumerate(zip(*series, strict=True))
    return next((place for place, cells in years if any(cell.text or cell.mark in _OF_A_FIGURE for cell in cells)), 0)


class SmallChart(EditionPart):
    """One series over years, drawn small: a figure for each year, beside the sentence of its finding.

    Attributes:
        unit: `share` or `count`: small charts of one unit side by side share a scale.
        is_of_children: whether it is drawn in the colour of children.
    """

    alternative: str
    years: tuple[str, ...]
    year_labels: tuple[str, ...]
    figures: tuple[PrintedFigure, ...]
    broken_before: tuple[str, ...] = ()
    unit: Literal["share", "count"] = "count"
    is_of_children: bool = False


class PictureRow(EditionPart):
    """One row of a picture: its label, and a figure for each column.

    Attributes:
        heading: the unit from this row on, if it changes here; empty otherwise.
        is_of_children: whether it is drawn in the colour of children.
        is_open: whose proceedings are still open; drawn in outline.
        is_aside: with another outcome than the one that the picture is about; drawn lighter.
    """

    label: str
    figures: tuple[PrintedFigure, ...]
    heading: str = ""
    is_of_children: bool = False
    is_open: bool = False
    is_aside: bool = False


class PictureBlock(EditionPart):
    """A picture of one year: rows of figures under its name; the sentence of an answer stands above it.

    Attributes:
        form: `funnel` steps that fewer and fewer reach; `pyramid` two columns to both sides of their labels.
        title: its name.
        alternative: the text for readers who cannot see it, with the numbers.
        row_heading: over the labels, if its figures are set as a table.
        columns: what each figure of a row is.
        notes: small print below.
        table: id of a table that holds its figures; empty if several do.
    """

    kind: Literal["picture"] = "picture"
    id: str
    form: Literal["funnel", "pyramid"]
    title: str
    alternative: str
    row_heading: str
    columns: tuple[str, ...]
    rows: tuple[PictureRow, ...]
    notes: tuple[str, ...] = ()
    table: str = ""
