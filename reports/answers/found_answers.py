"""The answer of a release to each question, in each region: figure, verdict, direction, or why it is not known.

Belongs here: joining a card to released cells and to the standard that the release carries.
Does not belong here: the verdict of one share (`judgement.py`), words (`answer_sentences.py`), whether a figure moved
(`reports/analysis/scoreboard.py`).

An answer rests on released figures and the ranges that their rounding leaves, never on candidates. A figure of an
earlier release (a frozen year) answers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from expectations.cards.adopted_standards import AdoptedStandard, read_standards
from expectations.cards.areas import FEDERAL, KURDISTAN
from reports.analysis import true_ranges
from reports.analysis.scoreboard import scoreboard
from reports.answers.judgement import Verdict, judge
from reports.phrases.figure_words import Count, Share
from reports.questions.answer_card import AnswerCard, AnswerFigure, answer_cards
from reports.released.release_memo import once
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report

AREAS = (FEDERAL, KURDISTAN)
Unknown = Literal["", "gap", "not_sent", "withheld", "not_due", "no_standard", "too_wide"]
Way = Literal["", "better", "worse", "no_clear_change", "not_comparable"]
_MEDIAN = "MEDIAN"
_Figure = Share | Count | ReleasedCell
_MOVED: Mapping[str, int] = {"up": 1, "down": -1, "no_clear_change": 0}


@dataclass(frozen=True)
class Answer:
    """What a release answers to one question in one region.

    Attributes:
        year: of the figure; empty without one.
        group: of whom: a name of the card's `of_whom`; empty for all.
        share: the part of a whole that answers.
        count: the count that answers.
        median: the median that answers, with the ends of its interval.
        verdicts: one, or two where the range by rounding crosses a border; empty without a verdict.
        unknown: why there is no figure, or no verdict though the card has a standard.
        way: whether it got better; empty where neither side is better.
        since: the first year of the report with a figure.
    """

    key: str
    card: AnswerCard
    area: str
    year: str = ""
    group: str = ""
    share: Share | None = None
    count: Count | None = None
    median: ReleasedCell | None = None
    verdicts: tuple[Verdict, ...] = ()
    unknown: Unknown = ""
    way: Way = ""
    since: str = ""
    groups: tuple[Answer, ...] = ()

    @property
    def has_figure(self) -> bool:
        """Whether a released figure answers."""
        return any(figure is not None for figure in (self.share, self.count, self.median))


@once
def answers_of(report: Report) -> list[Answer]:
    """Return the answers of a report by the standards that its national release carries (`found_answers`)."""
    release = report.headline
    if release is None:
        return []
    content = release.manifest.get("standards", {})
    return found_answers(report, read_standards(content, where=f"{release.dataset}/{release.version}"))


def found_answers(report: Report, standards: Mapping[str, AdoptedStandard]) -> list[Answer]:
    """Return the answer to each question in each region, in the order of the cards; none without a national release."""
    if report.headline is None:
        return []
    search = _Search(report)
    return [
        search.answer(key, card, area, standards.get(key)) for key, card in answer_cards().items() for area in AREAS
    ]


class _Search:
    """The released cells of a report, asked question by question."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._latest = report.headline_years[-1]
        self._directions = {
            (standing.indicator, standing.area, standing.year): standing.direction
            for score in scoreboard(report)
            for standing in score.standings
        }

    def answer(self, key: str, card: AnswerCard, area: str, standard: AdoptedStandard | None) -> Answer:
        """Return the answer to a question in a region, with its groups."""
        if card.answer.gap:
            return Answer(key, card, area, unknown="gap")
        groups = tuple(
            found
            for name, at in card.of_whom.items()
            if (found := self._figure(key, card, area, name, at)) is not None and found.has_figure
        )
        whole = self._figure(key, card, area, "", {}) if card.has_total else None
        if whole is None or not whole.has_figure:
            unknown = "" if groups and not card.has_total else self._why_unknown(card, area)
            return Answer(key, card, area, unknown=unknown, groups=groups)
        return self._judged(whole, standard, groups)

    def _judged(self, answer: Answer, standard: AdoptedStandard | None, groups: tuple[Answer, ...]) -> Answer:
        card, figure = answer.card, answer.share or answer.count
        judged = replace(answer, groups=groups, way=self._way(card, answer.area, answer.year))
        if card.kind != "standard" or figure is None:
            return judged
        if standard is None:
            return replace(judged, unknown="no_standard")
        verdicts = judge(figure, standard, is_lower_better=card.better == "down")
        return replace(judged, verdicts=verdicts, unknown="" if verdicts else "too_wide")

    def _figure(self, key: str, card: AnswerCard, area: str, group: str, at: Mapping[str, str]) -> Answer | None:
        """Return the figure of the newest year that may be judged; None if there is none in any year."""
        figures = {
            year: figure
            for year in self._report.headline_years
            if (figure := self._figure_of_year(card.answer, area, year, at)) is not None
        }
        due = str(int(self._latest) - card.years_after)
        year = max((year for year in figures if year <= due), default="")
        if not year:
            return None
        figure = figures[year]
        answer = Answer(key, card, area, year, group, since=min(figures))
        if isinstance(figure, Share):
            return replace(answer, share=figure)
        return replace(answer, count=figure) if isinstance(figure, Count) else replace(answer, median=figure)

    def _figure_of_year(self, asked: AnswerFigure, area: str, year: str, at: Mapping[str, str]) -> _Figure | None:
        part_at = {**asked.at, **at}
        if asked.count == _MEDIAN:
            cell = self._report.cell(asked.indicator, _MEDIAN, area, year, **part_at)
            is_out = cell.value is not None and not self._report.is_frozen(asked.indicator, year)
            return cell if is_out else None
        if asked.count:
            return self._count(asked.indicator, asked.count, area, year, part_at)
        indicator, _, measure = asked.whole.rpartition("/")
        whole_at = part_at if asked.whole_at is None else {**asked.whole_at, **at}
        part = self._count(asked.indicator, asked.part, area, year, part_at)
        whole = self._count(indicator or asked.indicator, measure, area, year, whole_at)
        if part is None or whole is None or whole.value <= 0 or part.value > whole.value:
            return None
        return Share(part, whole)

    def _count(self, indicator: str, measure: str, area: str, year: str, at: Mapping[str, str]) -> Count | None:
        """Return a released count; None if it is withheld, missing, frozen, or no whole number."""
        cell = self._report.cell(indicator, measure, area, year, **at)
        true = true_ranges.range_of_count(cell)
        if true is None or cell.value is None or not float(cell.value).is_integer():
            return None
        if self._report.is_frozen(indicator, year):
            return None
        return Count(int(cell.value), round(true.highest - cell.value))

    def _why_unknown(self, card: AnswerCard, area: str) -> Unknown:
        asked = card.answer
        cells = [
            self._report.cell(asked.indicator, asked.count or asked.part, area, year, **asked.at)
            for year in self._report.headline_years
        ]
        if any(cell.value is not None for cell in cells):
            return "not_due"
        return "withheld" if any(cell.mark == "c" for cell in cells) else "not_sent"

    def _way(self, card: AnswerCard, area: str, year: str) -> Way:
        """Return whether the figure got better; a figure with categories of its own has no direction."""
        if card.better == "none":
            return ""
        direction = self._directions.get((card.answer.indicator, area, year))
        if direction is None or card.answer.at or direction not in _MOVED:
            return "not_comparable"
        moved = _MOVED[direction] * (1 if card.better == "up" else -1)
        return "no_clear_change" if not moved else "better" if moved > 0 else "worse"


def answer_of_demand(answers: list[Answer], demand: str, area: str) -> tuple[Verdict, ...]:
    """Return the verdict on a demand from its leading questions; empty while none of them has one.

    Met or not met where all of them are; else partly met. A leading question that is not known keeps the demand from
    being met, and is named beside it.
    """
    leading = list(_leading(answers, demand, area))
    judged = [answer.verdicts for answer in leading if answer.verdicts]
    if not judged:
        return ()
    for verdict in ("met", "not_met"):
        if len(judged) == len(leading) and all(verdicts == (verdict,) for verdicts in judged):
            return (verdict,)
    return ("partly_met",)


def _leading(answers: list[Answer], demand: str, area: str) -> Iterator[Answer]:
    return (answer for answer in answers if answer.card.leads and (answer.card.demand, answer.area) == (demand, area))
