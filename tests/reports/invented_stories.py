"""A small story of every kind of part, for tests of the forms that tell it.

Belongs here: the story alone; the edition around it is in `invented_editions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from reports.editions import arrangement
from reports.editions.answered import AnswerChapter, AnsweredQuestion
from reports.editions.edition import (
    ChartBlock,
    ChildrenPart,
    DefinedTerm,
    Edition,
    RowGroup,
    Story,
    TableBlock,
    TableColumn,
    TableRow,
)
from reports.editions.printed_parts import PictureBlock, PictureRow, PrintedFigure, SmallChart
from tests.reports.invented_editions import invented

YEARS = ("2022", "2023", "2024", "2025")


def told_chart(*values: float | None, broken: tuple[str, ...] = ()) -> SmallChart:
    """A chart of counts; None for a figure that is withheld."""
    figures = tuple(
        PrintedFigure(mark="c", sign="[c]") if value is None else PrintedFigure(text=f"{value:g}", value=value)
        for value in values
    )
    years = YEARS[-len(values) :]
    return SmallChart(
        alternative="A sentence. Chart: figures.", years=years, year_labels=years, figures=figures, broken_before=broken
    )


def pictures() -> Iterator[PictureBlock]:
    """A picture of every form, with a withheld figure in each."""
    forms: tuple[Literal["funnel", "pyramid"], ...] = ("funnel", "pyramid")
    for number, form in enumerate(forms):
        columns = ("First", "Second")[: 2 if form == "pyramid" else 1]
        figures = (PrintedFigure(text="40%", value=0.4, is_share=True), PrintedFigure(mark="c", sign="[c]"))[
            : len(columns)
        ]
        hidden = (PrintedFigure(mark="c", sign="[c]"),) * len(columns)
        yield PictureBlock(
            id=f"picture-{form}", form=form, title=f"Sentence {number} of a picture.",
            alternative=f"Picture {number}: 40%", row_heading="Row", columns=columns,
            table="four-ps-national-prt-01-sex", notes=("A note.",),
            rows=(PictureRow(label="Children", figures=figures, is_of_children=True, heading="persons"),
                  PictureRow(label="Others", figures=hidden)),
        )  # fmt: skip


def answer_chapter() -> AnswerChapter:
    """A chapter of two questions, of which one has a verdict and a chart, and of what is not known."""
    first = AnsweredQuestion(
        key="are_victims_found@IQ-FED", demand="D3", code="PRT-01", question="Are victims found?",
        sentence="About 40 of about 60 victims were found in 2025.", figure="about 40", verdict="partly met",
        state="partly_met", way="No clear change.", standard="Met from 90%.", groups="By group: women 30 of 40.",
        reasons=("Nobody looked for 10.",), elsewhere="Elsewhere: 5 of 5.", duty="A ministry", name="Presumed victims",
        unit="victims", place="Iraq", year="2025", source="An agency", table="four-ps-national-prt-01-sex",
        chart=told_chart(15, None, 30, 40, broken=("2025",)),
    )  # fmt: skip
    second = AnsweredQuestion(
        key="how_many@IQ-FED", demand="D3", code="PRT-02", question="How many?", sentence="Seventy.", figure="70",
        picture=next(pictures()),
    )  # fmt: skip
    return AnswerChapter(
        id="demand-d3", code="D3", title="Agencies respond better", verdict="partly met", state="partly_met",
        sentence="Of the demand this is met in part.", answers=(first, second), unknown=("A court: compensation.",),
    )  # fmt: skip


def told_story() -> Story:
    """A story of one demand, whose first answer leads."""
    reports = TableBlock(
        id="reports", caption="Reports", unit="", row_heading="Agency",
        columns=(TableColumn(text="Who", code="bodies"), TableColumn(text="Since", code="since")),
        groups=(RowGroup(heading="", rows=(
            TableRow(label="Compensation", cells=(PrintedFigure(text="A court", is_text=True),
                                                  PrintedFigure(text="2016", is_text=True))),
        )),),
    )  # fmt: skip
    children = ChildrenPart(
        texts=("Of all victims 35 were children.",),
        chart=next(block for block in arrangement.drawings(invented()) if isinstance(block, ChartBlock)),
        figures=reports.model_copy(update={"id": "children-and-all", "caption": "Children"}),
    )
    chapter = answer_chapter()
    return Story(
        year="2025", place="Iraq", leading=chapter.answers[:1], chapters=(chapter,), map=None,
        sure=("Rounded.",), silent=("Each agency reported.",), reports=(reports,),
        quality=(DefinedTerm(term="Relevance", text="Told."),),
        terms=(DefinedTerm(term="About", text="Stands before a rounded count."),),
        children=children,
        regions=reports.model_copy(update={"id": "both-regions"}), regions_text="Figures of both regions.",
    )  # fmt: skip


def with_story(language: str = "en") -> Edition:
    """An invented edition with this story."""
    return invented(language).model_copy(update={"story": told_story()})
