"""The answer of a release to each question, in each region: figure, verdict, direction, or why it is not known.

Belongs here: joining a card to released cells and to the standard that the release carries.
Does not belong here: the verdict of one share (`judgement.py`), words (`answer_sentences.py`), whether a figure moved
(`figure_directions.py`), what stands behind a figure (`answer_reasons.py`).

An answer rests on released figures and the ranges that their rounding leaves, never on candidates. A figure of an
earlier release (a frozen year) answers nothing; as the year before it is compared, with the late cases that it lacks. A
year that an agency covered only in part answers nothing and is compared with nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from expectations.cards.adopted_standards import AdoptedStandard, read_carried
from expectations.cards.areas import COUNTRY, FEDERAL, KURDISTAN
from expectations.cards.cells import EXPECTED, LATE_CASES, RECEIVED
from reports.analysis import true_ranges
from reports.analysis.part_years import part_years
from reports.answers.figure_directions import Direction, Figure, FigureYear, Way, find_direction
from reports.answers.judgement import Verdict, judge
from reports.phrases.figure_words import Count, Share
from reports.questions.answer_card import AnswerCard, AnswerFigure, answer_cards
from reports.released.release_memo import once
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report

AREAS = (FEDERAL, KURDISTAN)
Unknown = Literal[
    "",
    "gap",
    "field",
    "file",
    "agreement",
    "withheld",
    "not_due",
    "earlier_release",
    "contradiction",
    "no_standard",
    "too_wide",
]
"""Why there is no figure, or no verdict: no indicator counts it (`gap`); the agency reported, but its files have no
such field; an owed file did not come; nobody owes it (`agreement`); …; part and whole are out, but a rounded part is
greater than its whole (`contradiction`); the figure is too rounded to judge (`too_wide`)."""
NOT_SENT: tuple[Unknown, ...] = ("field", "file", "agreement")
"""What a letter to an agency can mend."""
_MEDIAN = "MEDIAN"


class CellInAnswer(NamedTuple):
    """A released cell that an answer is read from: indicator, measure, year and the categories that are no totals."""

    indicator: str
    measure: str
    year: str
    categories: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What a release answers to one question in one region.

    Attributes:
        year: of the figure; empty without one.
        group: of whom: a name of the card's `of_whom`; empty for all.
        share: the part of a whole that answers.
        count: the count that answers.
        median: the median that answers, with the ends of its interval.
        standard: the adopted one; None without one, and for questions that are not judged.
        verdicts: one, or two where the range by rounding crosses a border; empty without a verdict.
        unknown: why there is no figure, or no verdict though the card has a standard.
        direction: whether it got better, or why that cannot be said; empty where neither side is better.
        since: the first year with a figure, of those of which anything was reported.
        groups: the same answer of each group with a released figure.
        unit: what the figure counts: `VICTIM`, `ACCUSED`, …
    """

    key: str
    card: AnswerCard
    area: str
    year: str = ""
    group: str = ""
    share: Share | None = None
    count: Count | None = None
    median: ReleasedCell | None = None
    standard: AdoptedStandard | None = None
    verdicts: tuple[Verdict, ...] = ()
    unknown: Unknown = ""
    direction: Direction = field(default_factory=Direction)
    since: str = ""
    groups: tuple[Answer, ...] = ()
    unit: str = ""

    @property
    def way(self) -> Way:
        """Whether it got better; empty where neither side is better."""
        return self.direction.way

    @property
    def has_figure(self) -> bool:
        """Whether a released figure answers."""
        return any(figure is not None for figure in (self.share, self.count, self.median))

    @property
    def cells(self) -> tuple[CellInAnswer, ...]:
        """The cells of its figure: a part and its whole, or a count or median alone; none without a figure."""
        if not self.has_figure:
            return ()
        asked, at = self.card.answer, self.card.of_whom.get(self.group, {})
        figure = (asked.indicator, asked.count or asked.part, self.year, frozenset({**asked.at, **at}.items()))
        if not asked.part:
            return (CellInAnswer(*figure),)
        indicator, measure = asked.whole_of
        whole = (indicator, measure, self.year, frozenset(_whole_at(asked, at).items()))
        return CellInAnswer(*figure), CellInAnswer(*whole)


@once
def answers_of(report: Report) -> list[Answer]:
    """Return the answers of a report by the standards that its national release carries (`found_answers`)."""
    return found_answers(report, standards_of(report))


def answer_in(report: Report, key: str, area: str) -> Answer:
    """Return the answer to one question in any area, as in all of Iraq, which few figures are released of."""
    return _Search(report).answer(key, area, standards_of(report).get(key))


def count_before(report: Report, answer: Answer) -> tuple[Count | None, Direction]:
    """Return the count of the year before the one that answers, and how it changed: `better` stands for more."""
    return _Search(report).count_before(answer)


def standards_of(report: Report) -> dict[str, AdoptedStandard]:
    """Return the adopted standards that the national release of a report carries, by question."""
    release = report.headline
    if release is None:
        return {}
    return read_carried(release.manifest, where=f"{release.dataset}/{release.version}")


def found_answers(report: Report, standards: Mapping[str, AdoptedStandard]) -> list[Answer]:
    """Return the answer to each question in each region that it is asked of; none without a national release.

    In the order of the cards. A question is asked of the areas in which its card names whose duty it is.
    """
    if report.headline is None:
        return []
    search = _Search(report)
    return [
        search.answer(key, area, standards.get(key))
        for key, card in answer_cards().items()
        for area in (COUNTRY, *AREAS)
        if area in card.duty
    ]


class _Search:
    """The released cells of a report, asked question by question."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._latest = report.headline_years[-1]
        assert report.headline is not None  # noqa: S101 - asked of a national release alone
        self._release = report.headline
        frame = self._release.frame
        units = frame[["indicator", "unit_measure"]].drop_duplicates().to_numpy()
        self._units = {str(code): str(unit) for code, unit in units}
        reported = frame.groupby(["indicator", "ref_area", "time_period"])[[RECEIVED, EXPECTED]].max()
        self._reports = {
            (str(indicator), str(area), str(year)): (int(received), int(expected))
            for (indicator, area, year), (received, expected) in zip(reported.index, reported.to_numpy(), strict=True)
        }

    def answer(self, key: str, area: str, standard: AdoptedStandard | None) -> Answer:
        """Return the answer to a question in an area, with its groups."""
        card = answer_cards()[key]
        standard = standard if card.kind == "standard" else None
        if card.answer.gap:
            return Answer(key, card, area, unknown="gap")
        groups = tuple(
            self._judged(group, standard)
            for name, at in card.of_whom.items()
            if (group := self._figure(Answer(key, card, area, group=name), at)) is not None
        )
        whole = self._figure(Answer(key, card, area), {})
        if whole is None:
            return Answer(key, card, area, standard=standard, unknown=self._why_unknown(card, area), groups=groups)
        return replace(self._judged(whole, standard), groups=groups)

    def count_before(self, answer: Answer) -> tuple[Count | None, Direction]:
        """Return the count of the year before, and the direction from it if more were better."""
        asked, year = answer.card.answer, str(int(answer.year) - 1)
        before = self._count(asked.indicator, asked.count, answer.area, year, asked.at, 0)
        figures: dict[str, Figure] = {answer.year: answer.count} if answer.count is not None else {}
        if before is not None:
            figures[year] = before
        return before, self._compare(answer, figures, answer.year, is_up_better=True)

    def _judged(self, answer: Answer, standard: AdoptedStandard | None) -> Answer:
        card, figure = answer.card, answer.share or answer.count
        if card.kind != "standard" or figure is None:
            return answer
        if standard is None or not standard.judges(answer.year):
            return replace(answer, unknown="no_standard")
        verdicts = judge(figure, standard, is_lower_better=card.better == "down")
        return replace(answer, standard=standard, verdicts=verdicts, unknown="" if verdicts else "too_wide")

    def _figure(self, answer: Answer, at: Mapping[str, str]) -> Answer | None:
        """Return an answer with the figure of the newest year that may be judged; None if there is none in any year."""
        card = answer.card
        figures = {
            year: figure
            for year in self._report.headline_years
            if (figure := self._figure_of_year(card.answer, answer.area, year, at)) is not None
        }
        answering = (
            year
            for year in figures
            if year <= self._due(card)
            and not self._is_frozen(card.answer, year)
            and not self._is_part(card.answer, answer.area, year)
        )
        year = max(answering, default="")
        if not year:
            return None
        figure = figures[year]
        direction = self._direction(answer, figures, year)
        unit = self._units.get(card.answer.indicator, "")
        first = self._report.first_reported_year  # before, an agency that sent nothing has a figure of its own: 0
        since = min((told for told in figures if told >= first), default=year)
        answer = replace(answer, year=year, since=since, direction=direction, unit=unit)
        if isinstance(figure, Share):
            return replace(answer, share=figure)
        return replace(answer, count=figure) if isinstance(figure, Count) else replace(answer, median=figure)

    def _due(self, card: AnswerCard) -> str:
        return str(int(self._latest) - card.years_after)

    def _figure_of_year(self, asked: AnswerFigure, area: str, year: str, at: Mapping[str, str]) -> Figure | None:
        part_at = {**asked.at, **at}
        if asked.count == _MEDIAN:
            cell = self._report.cell(asked.indicator, _MEDIAN, area, year, **part_at)
            return cell if cell.value is not None else None
        if asked.count:
            return self._count(asked.indicator, asked.count, area, year, part_at, 0)
        indicator, measure = asked.whole_of
        part = self._count(asked.indicator, asked.part, area, year, part_at, asked.part_error)
        whole = self._count(indicator, measure, area, year, _whole_at(asked, at), 0)
        if part is None or whole is None or whole.value <= 0:
            return None
        share = Share(part, whole)  # an exact part may exceed it: more meetings than were planned
        return share if share.is_exact or part.value <= whole.value else None

    def _count(
        self, indicator: str, measure: str, area: str, year: str, at: Mapping[str, str], least_error: int
    ) -> Count | None:
        """Return a released count; None if it is withheld, missing, or no whole number."""
        cell = self._report.cell(indicator, measure, area, year, **at)
        true = true_ranges.range_of_count(cell)
        if true is None or cell.value is None or not float(cell.value).is_integer():
            return None
        late = LATE_CASES - 1 if self._report.is_frozen(indicator, year) else 0
        return Count(int(cell.value), max(least_error, round(true.highest - cell.value)) + late)

    def _is_frozen(self, asked: AnswerFigure, year: str) -> bool:
        return any(self._report.is_frozen(indicator, year) for indicator in (asked.indicator, asked.whole_of[0]))

    def _is_part(self, asked: AnswerFigure, area: str, year: str) -> bool:
        return bool(part_years(self._release, (asked.indicator, asked.whole_of[0]), area, [year]))

    def _why_unknown(self, card: AnswerCard, area: str) -> Unknown:
        """Return why a question has no figure: of the first of part and whole that lacks one in the due year."""
        asked = card.answer
        operands = [(asked.indicator, asked.count or asked.part, dict(asked.at))]
        if asked.part:
            operands.append((*asked.whole_of, _whole_at(asked, {})))
        due = self._due(card)
        for indicator, measure, at in operands:
            cell = self._report.cell(indicator, measure, area, due, **at)
            if cell.mark == "c":
                return "withheld"
            if cell.value is None:
                is_later = self._is_told_later(indicator, measure, area, at, due)
                return "not_due" if is_later else self._why_not_sent(indicator, area, due)
        if self._is_part(asked, area, due):
            return "file"
        return "earlier_release" if self._is_frozen(asked, due) else "contradiction"

    def _is_told_later(self, indicator: str, measure: str, area: str, at: Mapping[str, str], due: str) -> bool:
        years = (year for year in self._report.headline_years if year > due)
        return any(self._report.cell(indicator, measure, area, year, **at).value is not None for year in years)

    def _why_not_sent(self, indicator: str, area: str, year: str) -> Unknown:
        received, expected = self._reported(indicator, area, year)
        if not expected:
            return "agreement"
        return "file" if received < expected else "field"

    def _reported(self, indicator: str, area: str, year: str) -> tuple[int, int]:
        """Return how many agencies sent a file of an indicator, and how many owe one; 0 of what is not released."""
        return self._reports.get((indicator, area, year), (0, 0))

    def _direction(self, answer: Answer, figures: Mapping[str, Figure], year: str) -> Direction:
        card = answer.card
        if card.better == "none":
            return Direction()
        return self._compare(answer, figures, year, is_up_better=card.better == "up")

    def _compare(self, answer: Answer, figures: Mapping[str, Figure], year: str, *, is_up_better: bool) -> Direction:
        card, before = answer.card, str(int(year) - 1)
        counts = {(card.answer.indicator, card.answer.count or card.answer.part)}
        if card.answer.part:
            counts.add(card.answer.whole_of)
        years = [
            FigureYear(each, figures.get(each), self._is_complete(counts, answer.area, each)) for each in (before, year)
        ]
        return find_direction(self._release, counts, answer.area, *years, is_up_better=is_up_better)

    def _is_complete(self, counts: set[tuple[str, str]], area: str, year: str) -> bool:
        reported = [self._reported(indicator, area, year) for indicator, _ in counts]
        return all(received >= expected for received, expected in reported)


def _whole_at(asked: AnswerFigure, at: Mapping[str, str]) -> dict[str, str]:
    """Return the categories of the whole, for a group of these categories or for all."""
    if at and asked.groups_of is not None:
        return dict(asked.groups_of)
    return {**(asked.at if asked.whole_at is None else asked.whole_at), **at}
