"""A small summary of every kind of part, for tests of the two pages and the sheet."""

from __future__ import annotations

from reports.editions.edition import Edition
from reports.editions.summary import FigureLine, PlaceRow, Summary, SummaryPart
from tests.reports.invented_editions import invented


def told_summary(sentences: int = 3) -> Summary:
    """A summary with as many sentences in each part of the first page."""

    def texts(name: str) -> tuple[str, ...]:
        return tuple(f"{name}{number} of about 240 victims about 155 were admitted." for number in range(sentences))

    def lines(name: str) -> tuple[FigureLine, ...]:
        return (
            *(FigureLine(what=f"{text[:3]} asked", figure=text) for text in texts(name)[1:]),
            FigureLine(
                what=f"{name} men", figure="about 70 of about 100", duty="Duty of: X", verdict="met", state="met"
            ),
        )

    answers = (
        SummaryPart(id="many", title="How many?", texts=("About 40 were met in 2025.",)),
        SummaryPart(
            id="D1",
            title="Shelter",
            verdict="met or partly met",
            texts=texts("QA")[:1],
            standard="Duty of: Y",
            lines=lines("QA"),
        ),
        SummaryPart(id="D2", title="Charges", verdict="not met", state="not_met", texts=texts("QB")),
        SummaryPart(id="D4", title="Children", verdict="not known", state="not_known", texts=texts("QC")),
        SummaryPart(id="courts", title="Courts", verdict="no standard", texts=texts("QD")),
    )
    others = (
        SummaryPart(
            id="who", title="Who?", texts=("In Iraq:",), lines=(FigureLine(what="Sex", figure="women 20, men 20"),)
        ),
        SummaryPart(
            id="where", title="Where?", columns=("Place", "Persons"), rows=(PlaceRow(places="Baghdad", figure="30"),)
        ),
        SummaryPart(id="unknown", title="Not known", lines=lines("QE"), items=texts("QE")[:1]),
        SummaryPart(id="sure", title="How sure?", items=("Rounded.",)),
    )
    return Summary(
        title="Two pages", year="2025", area="Iraq", figure="about 40", sentence="About 40 were met in 2025.",
        notes=("Figures are of Iraq.",), answers=answers, others=others,
    )  # fmt: skip


def with_summary(language: str = "en", summary: Summary | None = None) -> Edition:
    """An invented edition with this summary."""
    return invented(language).model_copy(update={"summary": summary or told_summary()})
