"""Printed figures, and the pictures that are drawn of several: what parts of an edition are made of.

Belongs here: the schema of one printed cell and of each picture; a picture holds printed figures and finished texts.
Does not belong here: which blocks an edition has (`edition.py`), how a picture is drawn (`reports/renderers`).
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from reports.editions.edition_part import EditionPart

INSTEAD = ("c", "x", "n", "low")
"""Marks that stand instead of a figure."""


class PrintedFigure(EditionPart):
    """One printed cell; a mark that stands instead of its figure has nothing beside it (a zero, if it rounds to that).

    Attributes:
        text: as printed, without its mark; empty where there is no figure (or it rounds to zero).
        mark: `c`, `x`, `low`, `p`, …; empty for none. A mark is printed in brackets, the same in every language.
        value: as released, for a workbook; None where nothing may be printed.
        is_share: a proportion (0 to 1), printed as a percentage.
        decimals: to be printed.
        is_text: words and no figure (a year, a direction).
        lower: end of its interval, as released; None without one.
        upper: the other end.
        interval: as printed, e.g. `31% to 45%`; empty without one.
        is_exact: printed as it was counted where others of its kind are rounded.
    """

    text: str = ""
    mark: str = ""
    value: float | None = None
    is_share: bool = False
    decimals: int = 0
    is_text: bool = False
    lower: float | None = None
    upper: float | None = None
    interval: str = ""
    is_exact: bool = False

    @model_validator(mode="after")
    def _has_nothing_under_its_mark(self) -> Self:
        is_instead = self.mark in INSTEAD
        has_interval = self.lower is not None or self.upper is not None or bool(self.interval)
        if is_instead and (
            has_interval or self.text or self.value if self.mark == "low" else self.text or self.value is not None
        ):
            raise ValueError(f"a figure under the mark {self.mark}")
        return self

    @property
    def told(self) -> str:
        """The figure with its mark in brackets: how it is written where no column holds marks."""
        return " ".join(part for part in (self.text, f"[{self.mark}]" if self.mark else "") if part)


class SmallChart(EditionPart):
    """One series over years, drawn small: a figure a year, beside the sentence that says what is to be seen.

    Attributes:
        unit: `share` or `count`: small charts of one unit beside one another have one scale.
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
        heading: what is counted from this row on (a unit), where that changes; empty where it does not.
        is_of_children: whether it is drawn in the colour of children.
        is_open: of those whose way has not ended yet; drawn in outline.
        is_aside: of another end than the one that the picture is about; drawn lighter.
    """

    label: str
    figures: tuple[PrintedFigure, ...]
    heading: str = ""
    is_of_children: bool = False
    is_open: bool = False
    is_aside: bool = False


class PictureBlock(EditionPart):
    """A picture of one year, or of two: rows of figures under a sentence that says what is to be seen.

    Attributes:
        form: `funnel` steps that fewer and fewer reach; `pyramid` two columns to both sides of their labels;
            `intervals` shares as dots with their intervals; `slope` two years joined by lines.
        title: the sentence.
        alternative: the text for those who do not see it, with the numbers.
        row_heading: over the labels, where its figures stand as a table.
        columns: what each figure of a row is of.
        notes: small print beneath.
        table: id of a table that holds its figures; empty where several do.
    """

    kind: Literal["picture"] = "picture"
    id: str
    form: Literal["funnel", "pyramid", "intervals", "slope"]
    title: str
    alternative: str
    row_heading: str
    columns: tuple[str, ...]
    rows: tuple[PictureRow, ...]
    notes: tuple[str, ...] = ()
    table: str = ""
