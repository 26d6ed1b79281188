"""One small picture of every form, for tests of their drawing."""

from __future__ import annotations

from typing import Literal

from reports.editions.printed_parts import PictureBlock, PictureRow, PrintedFigure

Form = Literal["funnel", "pyramid"]
FORMS: tuple[Form, ...] = ("funnel", "pyramid")
_COLUMNS = {"funnel": 1, "pyramid": 2}


def told(value: float | None) -> PrintedFigure:
    """A share with an interval of a tenth to both sides, or a figure that is withheld."""
    if value is None:
        return PrintedFigure(mark="c", sign="[c]")
    ends = {"lower": max(0.0, value - 0.1), "upper": min(1.0, value + 0.1)}
    return PrintedFigure(text=f"{value:.0%}", value=value, is_share=True, **ends, interval="a to b")


def picture(form: Form, *values: float | None, children: int = -1, label: str = "A step") -> PictureBlock:
    """A picture whose rows hold each value in every column; `children` is the row in their colour."""
    number = _COLUMNS[form]
    rows = tuple(
        PictureRow(label=f"{label} {place}", figures=(told(one),) * number, is_of_children=place == children)
        for place, one in enumerate(values)
    )
    columns = ("First", "Second")[:number]
    return PictureBlock(
        id="a", form=form, title="T.", alternative='T "x" <y>.', row_heading="Row", columns=columns, rows=rows
    )
