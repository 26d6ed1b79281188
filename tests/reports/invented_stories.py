"""A small story of every kind of part, for tests of the forms that tell it.

Belongs here: the story alone; the edition around it is in `invented_editions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from reports.editions.edition import (
    DefinedTerm,
    DemandSpread,
    Edition,
    RowGroup,
    StandingLine,
    Story,
    StoryFinding,
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
        PrintedFigure(mark="c") if value is None else PrintedFigure(text=f"{value:g}", value=value) for value in values
    )
    years = YEARS[-len(values) :]
    return SmallChart(
        alternative="A sentence. Chart: figures.", years=years, year_labels=years, figures=figures, broken_before=broken
    )


def pictures() -> Iterator[PictureBlock]:
    """A picture of every form, with a withheld figure in each."""
    forms: tuple[Literal["funnel", "pyramid", "intervals", "slope"], ...] = ("funnel", "pyramid", "intervals", "slope")
    for number, form in enumerate(forms):
        columns = ("First", "Second")[: 2 if form in ("pyramid", "slope") else 1]
        figures = (PrintedFigure(text="40%", value=0.4, is_share=True), PrintedFigure(mark="c"))[: len(columns)]
        hidden = (PrintedFigure(mark="c"),) * len(columns)
        yield PictureBlock(
            id=f"picture-{form}", form=form, title=f"Sentence {number} of a picture.",
            alternative=f"Picture {number}: 40%", row_heading="Row", columns=columns,
            table="four-ps-national-prt-01-sex", notes=("A note.",),
            rows=(PictureRow(label="Children", figures=figures, is_of_children=True, heading="persons"),
                  PictureRow(label="Others", figures=hidden)),
        )  # fmt: skip


def told_story() -> Story:
    """A story of two findings, of which one leads, and one demand."""
    first = StoryFinding(
        key="presumed@IQ-FED", kind="level", demand="D3", code="PRT-01", sentence="About 40 were recorded in 2025.",
        figure="40", name="Presumed victims", unit="victims", place="Iraq", year="2025", source="A body",
        protection="Rounded to 5.", table="four-ps-national-prt-01-sex",
        chart=told_chart(15, None, 30, 40, broken=("2025",)),
    )  # fmt: skip
    second = first.model_copy(update={"key": "children@IQ-FED", "sentence": "More than half were children."})
    silent = StoryFinding(
        key="nobody_reports@IQ-FED",
        kind="silence",
        demand="D3",
        code="",
        sentence="Two are told by nobody.",
        figure="2",
    )
    silence = TableBlock(
        id="silence", caption="Silence", unit="", row_heading="Indicator",
        columns=(TableColumn(text="Who", code="bodies"), TableColumn(text="Since", code="since")),
        groups=(RowGroup(heading="", rows=(
            TableRow(label="Compensation", cells=(PrintedFigure(text="A court", is_text=True),
                                                  PrintedFigure(text="2016", is_text=True))),
        )),),
    )  # fmt: skip
    demand = DemandSpread(
        code="D3", demanded="Bodies respond better", ordered=("Article 1.",), found=(first,), state="still",
        state_name="standing still", state_text=("No clear change.",), others=(second,), unsaid=("Much.",),
        needed=("A court: compensation.",), pictures=tuple(pictures()),
    )  # fmt: skip
    return Story(
        year="2025", place="Iraq", findings=(first, second, silent), leading=(first.key,), demands=(demand,), map=None,
        sure=("Rounded.",), silent=("Everybody reported.",), silence=silence, reports=(silence,),
        state_rules=("Met: all.",),
        quality=(DefinedTerm(term="Relevance", text="Told."),),
        standings=(StandingLine(demand="D3", name="Presumed victims: Number", year="2025", direction="no clear change",
                                figure=PrintedFigure(text="40", value=40), trend="rising", chart=first.chart),),
    )  # fmt: skip


def with_story(language: str = "en") -> Edition:
    """An invented edition with this story."""
    return invented(language).model_copy(update={"story": told_story()})
