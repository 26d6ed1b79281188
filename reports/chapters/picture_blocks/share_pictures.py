"""Shares of one demand: as dots with their intervals, and as slopes from one year to the next.

Belongs here: which shares they show, and their titles. A slope is drawn if the demands state a change, or no clear
change, for the same two figures: one rule for both. Shares are ordered by indicator code, never by size. A share
appears under the first demand that it belongs to.
Does not belong here: whether a figure moved (`reports/analysis/scoreboard.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from languages import dates
from languages.words import Words
from reports.analysis.indicator_headlines import headline_name, headline_of
from reports.analysis.scoreboard import DemandScore, IndicatorStanding
from reports.chapters import printed
from reports.chapters.picture_blocks import told_picture
from reports.editions.printed_parts import PictureBlock, PictureRow
from reports.findings.shares_together import against_half
from reports.phrases import wording
from reports.released.report_model import NATIONAL, Report, ReportedRelease

_MOST_DOTS, _MOST_SLOPES = 12, 6
_LEAST_DOTS, _LEAST_SLOPES = 2, 3
_CLEAR, _NOT_CLEAR = ("up", "down"), "no_clear_change"


def shares_of_demands(report: Report, scores: Sequence[DemandScore], area: str, year: str, words: Words) -> dict[
    str, tuple[PictureBlock, ...]
]:  # fmt: skip
    """Return the pictures of shares of each demand, by its code.

    Args:
        report: the model.
        scores: of all demands in all regions.
        area: the main area of the report.
        year: its latest year.
        words: of the language.
    """
    pictures: dict[str, tuple[PictureBlock, ...]] = {}
    drawn: set[str] = set()
    for score in scores:
        if score.area == area and report.headline is not None:
            shares = [
                standing
                for standing in score.standings
                if _is_share(standing, year) and standing.indicator not in drawn
            ]
            pictures[score.code] = (
                *_dots(report.headline, score.code, shares, words),
                *_slopes(report, score.code, shares, words),
            )
            drawn |= {standing.indicator for standing in shares}
    return pictures


def _is_share(standing: IndicatorStanding, year: str) -> bool:
    """Return whether a standing is a share of the year; one that is always 1, of a divided whole, is left out."""
    return (
        standing.state == "told"
        and standing.measure == "SHARE"
        and standing.year == year
        and standing.cell.value not in (None, 1)
    )


def _dots(
    release: ReportedRelease, demand: str, shares: Sequence[IndicatorStanding], words: Words
) -> Iterator[PictureBlock]:
    shown = [standing for standing in shares if standing.cell.lower is not None and standing.cell.upper is not None][
        :_MOST_DOTS
    ]
    if len(shown) < _LEAST_DOTS:
        return
    rows = tuple(
        PictureRow(
            label=_label(standing, words),
            figures=(printed.figure(standing.cell, words),),
            is_of_children=standing.indicator in told_picture.CHILD_INDICATORS,
        )
        for standing in shown
    )
    number, below, above = against_half(release, shown)
    about = {"place": wording.area(shown[0].area, words), "year": dates.year(words, shown[0].year)}
    sentence = _half_sentence(number, {"below": below, "above": above}, about, words)
    columns = (words.text("edition.picture.intervals.share"),)
    yield PictureBlock(
        id=f"shares-{demand.lower()}",
        form="intervals",
        title=sentence,
        alternative=told_picture.alternative(sentence, rows, columns, words),
        row_heading=words.text("page.demand.indicator"),
        columns=columns,
        rows=rows,
        notes=(words.text("edition.picture.intervals.note"),),
        table=_table(demand, shown[0].area),
    )


def _slopes(report: Report, demand: str, shares: Sequence[IndicatorStanding], words: Words) -> Iterator[PictureBlock]:
    compared = [
        standing for standing in shares if standing.direction in (*_CLEAR, _NOT_CLEAR) and standing.cell.mark != "low"
    ]
    chosen = sorted(compared, key=lambda standing: standing.direction == _NOT_CLEAR)[:_MOST_SLOPES]
    places = {section.indicator: place for place, section in enumerate(report.sections_of(NATIONAL))}
    shown = sorted(chosen, key=lambda standing: places.get(standing.indicator, 0))  # never by figures: attack 13
    if len(shown) < _LEAST_SLOPES:
        return
    year = shown[0].year
    before = str(int(year) - 1)
    rows = tuple(
        PictureRow(
            label=_label(standing, words),
            figures=(
                printed.figure(
                    report.cell(
                        standing.indicator,
                        standing.measure,
                        standing.area,
                        before,
                        **headline_of(standing.indicator).at,
                    ),
                    words,
                ),
                printed.figure(standing.cell, words),
            ),
            is_of_children=standing.indicator in told_picture.CHILD_INDICATORS,
            is_aside=standing.direction == _NOT_CLEAR,
        )
        for standing in shown
    )
    columns = tuple(dates.year(words, compared_year) for compared_year in (before, year))
    counted = {name: sum(standing.direction == name for standing in shown) for name in (*_CLEAR, _NOT_CLEAR)}
    about = {"before": columns[0], "year": columns[1], "place": wording.area(shown[0].area, words)}
    sentence = words.text("edition.picture.slope", parts=_list_counts("edition.picture.slope", counted, words), **about)
    yield PictureBlock(
        id=f"change-{demand.lower()}",
        form="slope",
        title=sentence,
        alternative=told_picture.alternative(sentence, rows, columns, words),
        row_heading=words.text("page.demand.indicator"),
        columns=columns,
        rows=rows,
        notes=(words.text("edition.picture.slope.note"),),
        table=_table(demand, shown[0].area),
    )


def _label(standing: IndicatorStanding, words: Words) -> str:
    """Return the title of an indicator; of one that is shown by one category, with the name of that figure."""
    if headline_of(standing.indicator).at:
        return headline_name(standing.indicator, standing.measure, words)
    return wording.title(standing.indicator, words)


def _half_sentence(number: int, sides: Mapping[str, int], about: Mapping[str, str], words: Words) -> str:
    """Return how many shares lie on each side of a half; a side without any is left out."""
    for side, count in sides.items():
        if count == number:
            return words.text(f"edition.picture.intervals.all_{side}", number=number, **about)
    parts = _list_counts("edition.picture.intervals", sides, words) or words.text("edition.picture.intervals.neither")
    return words.text("edition.picture.intervals", number=number, parts=parts, **about)


def _list_counts(key: str, counts: Mapping[str, int], words: Words) -> str:
    return wording.list_texts(
        (words.text(f"{key}.{name}", count=count) for name, count in counts.items() if count), words
    )


def _table(demand: str, area: str) -> str:
    """Return the id of the annex table of a demand (`opening.py`)."""
    return f"demand-{demand}-{area}".lower()
