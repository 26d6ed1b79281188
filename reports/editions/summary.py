"""The two pages: a report for a reader with two minutes, as typed data.

Belongs here: its parts, each with finished texts. A part without a text does not exist: no heading stands alone.
Does not belong here: what stands in which part (`reports/chapters/summary`), or how it looks.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from reports.editions.edition_part import EditionPart

State = Literal["", "met", "partly_met", "not_met", "not_known"]


class PlaceRow(EditionPart):
    """A row of the table of governorates: one or several places, and their figure."""

    places: str
    figure: str


class FigureLine(EditionPart):
    """A line: what is counted, its figure, and the verdict on it; several figures have their verdicts in brackets.

    Attributes:
        duty: whose duty it is, where it is not that of the part.
    """

    what: str
    figure: str
    duty: str = ""
    verdict: str = ""
    state: State = ""


class SummaryPart(EditionPart):
    """One part under its heading.

    Attributes:
        id: the same in every language.
        verdict: in words, behind the heading; empty for a part without one.
        state: of the verdict; empty for two verdicts, and for none.
        texts: sentences that follow one another; the first one stands before the lines.
        standard: of the first sentence, and whose duty it is; empty without one.
        lines: short lines that explain the first sentence.
        items: a list.
        columns: the headings of `rows`: of the places, and of their figures.
    """

    id: str
    title: str
    verdict: str = ""
    state: State = ""
    texts: tuple[str, ...] = ()
    standard: str = ""
    lines: tuple[FigureLine, ...] = ()
    items: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[PlaceRow, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.texts or self.lines or self.items or self.rows):
            raise ValueError(f"{self.id}: empty")
        return self


class Summary(EditionPart):
    """The two pages of an edition.

    Attributes:
        title: names the year and says that they are two pages.
        figure: with which every form leads: in large type; empty if no figure of victims is released.
        figure_of: whom that figure counts, where and when.
        sentence: of that figure.
        rounding: how far rounding may move the figures; empty if none is rounded.
        notes: of which area the figures are, and how far rounding moves them.
        answers: how many, and the five answers: the first page.
        others: who, where, gaps, duties, certainty: the second page.
    """

    title: str
    year: str
    area: str
    figure: str = ""
    figure_of: str = ""
    sentence: str = ""
    rounding: str = ""
    notes: tuple[str, ...] = ()
    answers: tuple[SummaryPart, ...] = ()
    others: tuple[SummaryPart, ...] = ()
