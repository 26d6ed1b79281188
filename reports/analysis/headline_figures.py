"""The leading figures of each demand: the few released cells that its sentences quote, and those sentences.

Belongs here: which figures stand for a demand and why, what may be said of each, and the keys of the cells quoted, so
that every number in a sentence can be looked up in the release.
Does not belong here: whether a figure moved (`scoreboard.py`), texts (`languages/en.yml`, keys `page.demand.…`).

A figure is taken from the last year that has one. A sentence says if a count rounds to zero, is withheld or is missing;
nothing is computed around it. A direction is given only for a whole indicator, in the year that the scoreboard
compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL, rounding_base
from languages import dates
from languages.words import Words
from reports.analysis.indicator_headlines import headline_of
from reports.phrases import wording
from reports.released.released_tables import ABSENT, ReleasedCell
from reports.released.report_model import ReportedRelease

Key = tuple[str, ...]
Reason = Literal["hidden", "silent", "no_body"]
_ASKED = ("DENOMINATOR", "NUMERATOR")


@dataclass(frozen=True)
class LeadingFigure:
    """One thing that the text on a demand states first.

    Attributes:
        counts: measures of the indicator in the order of the text, each with the key of its sentence.
        at: categories that it is about; empty for the indicator's total.
    """

    indicator: str
    counts: Mapping[str, str]
    has_share: bool = True
    at: Mapping[str, str] = field(default_factory=dict[str, str])


def _leading(indicator: str, asked: str, admitted: str = "page.demand.told.admitted", **at: str) -> LeadingFigure:
    return LeadingFigure(indicator, dict(zip(_ASKED, (asked, admitted), strict=True)), at=at)


# D1 asks for shelter for every victim, men and minors included: who asked and who was admitted, of all, of men and
#    boys, of girls and of boys.
# D2 asks that victims are not punished: charged at all, for prostitution, under the residence law; charges dropped.
# D3 asks whether agencies see, name and answer: found, identified, suspected, convicted.
# D4 asks whether what exposes children is known and met: drivers recorded, children the law leaves out, children
#    alone who were screened, children without papers who got some.
LEADING: Mapping[str, tuple[LeadingFigure, ...]] = {
    "D1": (
        _leading("PRT-08", "page.result.prt_08_asked"),
        _leading("PRT-09", "page.demand.told.males_asked"),
        _leading("PRT-08", "page.demand.told.girls_asked", "page.demand.told.admitted_girls", sex="F", age="Y0T17"),
        _leading("PRT-08", "page.demand.told.boys_asked", sex="M", age="Y0T17"),
    ),
    "D2": (
        LeadingFigure("NCR-01", {"NUMERATOR": "page.result.ncr_01"}),
        LeadingFigure("NCR-02", {"NUMERATOR": "page.demand.told.charged_with_prostitution"}),
        LeadingFigure(
            "NCR-03", {"DENOMINATOR": "page.demand.told.foreigners", "NUMERATOR": "page.demand.told.penalised"}
        ),
        LeadingFigure("NCR-08", {"NUMERATOR": "page.demand.told.charges_dropped"}),
    ),
    "D3": (
        LeadingFigure("PRT-01", {"COUNT": "page.result.prt_01"}, has_share=False),
        LeadingFigure("PRT-02", {"COUNT": "page.result.prt_02"}, has_share=False),
        LeadingFigure("PRT-03", {"NUMERATOR": "page.demand.told.identified_since"}),
        LeadingFigure("PRS-03", {"COUNT": "page.result.prs_03"}, has_share=False),
        LeadingFigure("PRS-05", {"COUNT": "page.result.prs_05"}, has_share=False),
    ),
    "D4": (
        LeadingFigure("PRV-09", {"NUMERATOR": "page.demand.told.drivers_recorded"}),
        LeadingFigure("PRS-18", {"NUMERATOR": "page.demand.told.definition_gap"}),
        LeadingFigure(
            "PRV-10", {"DENOMINATOR": "page.demand.told.unaccompanied", "NUMERATOR": "page.demand.told.screened"}
        ),
        LeadingFigure(
            "PRV-11", {"DENOMINATOR": "page.demand.told.undocumented", "NUMERATOR": "page.demand.told.documented"}
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class HeadlineCell:
    """One released cell that a sentence quotes; `key` as `cells.KEY`, limits NaN without an interval."""

    key: Key
    cell: ReleasedCell
    lower: float = float("nan")
    upper: float = float("nan")

    @property
    def is_quoted(self) -> bool:
        """Whether it is published as a number."""
        return self.cell.value is not None and self.cell.mark != "low"


@dataclass(frozen=True)
class Headline:
    """What can be said of one leading figure in one area.

    Attributes:
        year: the last year with a published first count; empty if there is none.
        figures: its counts in the order of the text, then its share; those that the release has.
        reason: why there is no year; empty if there is one.
        direction: of the indicator since the year before; empty if none may be given.
    """

    leading: LeadingFigure
    year: str
    figures: tuple[HeadlineCell, ...]
    reason: Reason | Literal[""] = ""
    direction: str = ""

    @property
    def keys(self) -> list[Key]:
        """The keys of the cells whose figures are published."""
        return [figure.key for figure in self.figures if figure.is_quoted]


def find_headline(
    release: ReportedRelease, leading: LeadingFigure, area: str, *, unseen: Reason, moved: tuple[str, str]
) -> Headline | None:
    """Return what can be said of one leading figure in one area; None if the release does not have it.

    Args:
        release: the national dataset.
        leading: the figure.
        area: its area.
        unseen: the reason to give if no figure is published and no cell is marked as withheld.
        moved: a year, and the direction of the indicator's headline up to it.
    """
    first = next(iter(leading.counts))
    years = sorted({str(year) for year in release.frame["time_period"].unique()}, reverse=True)
    cells = {year: release.cells.get(_key(leading, first, area, year), ABSENT) for year in years}
    if all(cell is ABSENT for cell in cells.values()):
        return None
    year = next((year for year in years if cells[year].value is not None), "")
    if not year:
        return Headline(leading, "", (), "hidden" if any(cell.mark == "c" for cell in cells.values()) else unseen)
    measures = [*leading.counts, *(["SHARE"] if leading.has_share else [])]
    figures = tuple(_figures(release, [_key(leading, measure, area, year) for measure in measures]))
    is_same_figure = dict(leading.at) == dict(headline_of(leading.indicator).at)
    is_compared = is_same_figure and moved[0] == year and figures[-1].is_quoted
    return Headline(leading, year, figures, direction=moved[1] if is_compared else "")


def sentences(headlines: Iterable[Headline], words: Words) -> list[str]:
    """Return a sentence for each figure and direction; at the end the missing ones, one sentence for each reason."""
    things = tuple(headlines)
    texts = [text for headline in things for text in _sentences(headline, words)]
    for reason in ("hidden", "silent", "no_body"):
        names = dict.fromkeys(
            wording.title(headline.leading.indicator, words) for headline in things if headline.reason == reason
        )
        if names:
            texts.append(words.text(f"page.demand.untold.{reason}", indicators=wording.list_texts(names, words)))
    return texts


def _sentences(headline: Headline, words: Words) -> Iterator[str]:
    for figure in headline.figures:
        measure = figure.key[1]
        if measure != "SHARE":
            yield _count_sentence(headline, figure, headline.leading.counts[measure], words)
        elif figure.is_quoted:
            yield _share_sentence(figure, words)
    if headline.direction in ("up", "down"):
        kind = "share" if headline.leading.has_share else "count"
        yield words.text(f"page.demand.moved.{kind}.{headline.direction}")
    elif headline.direction:
        yield words.text(f"page.demand.moved.{headline.direction}")


def _count_sentence(headline: Headline, figure: HeadlineCell, message: str, words: Words) -> str:
    year = dates.year(words, headline.year)
    if figure.is_quoted and figure.cell.value is not None:
        return words.text(message, count=int(figure.cell.value), year=year)
    base = rounding_base(figure.cell.method) or 1
    mark = figure.cell.mark if figure.cell.mark in ("c", "low") else "x"
    return words.text(f"page.result.without.{mark}", subject=_subject(headline, figure, words), year=year, base=base)


def _share_sentence(figure: HeadlineCell, words: Words) -> str:
    share = wording.figure(figure.cell, words)
    between = wording.interval(figure.cell, figure.lower, figure.upper, words)
    if not between:
        return words.text("page.demand.share", share=share)
    return words.text("page.demand.share_between", share=share, interval=between)


def _subject(headline: Headline, figure: HeadlineCell, words: Words) -> str:
    """Return what is counted: a part, if its whole came before; else the indicator, its count and the categories."""
    measure = wording.measure(headline.leading.indicator, figure.key[1], words)
    if figure.key[1] != next(iter(headline.leading.counts)):
        return measure
    names = [wording.title(headline.leading.indicator, words), *([measure] if len(headline.leading.counts) > 1 else [])]
    return wording.list_texts([*names, *(words.label(name, code) for name, code in headline.leading.at.items())], words)


def _key(leading: LeadingFigure, measure: str, area: str, year: str) -> Key:
    return (leading.indicator, measure, area, year, *(leading.at.get(name, TOTAL) for name in DIMENSIONS))


def _figures(release: ReportedRelease, keys: Iterable[Key]) -> Iterator[HeadlineCell]:
    for key in keys:
        cell = release.cells.get(key, ABSENT)
        if cell is not ABSENT:
            yield HeadlineCell(key, cell, *(_limits(release, key) if key[1] == "SHARE" else ()))


def _limits(release: ReportedRelease, key: Key) -> tuple[float, float]:
    rows = release.frame[release.frame["indicator"] == key[0]]
    for name, code in zip(KEY, key, strict=True):
        rows = rows[rows[name] == code]
    return float(rows["lower"].iloc[0]), float(rows["upper"].iloc[0])
