"""What may be said of a release: try each rule in each area, and keep what holds despite rounding.

Belongs here: the truth of a level, a share, a part, a rank and a change, and the order of the findings.
Does not belong here: the rules (`rules.yml`), who did not report (`silent_findings.py`), sentences
(`finding_sentences.py`).

A figure is not used if it is withheld, missing, frozen, marked as broken, or too small. A rank is given if the first
category is greater than every other for any true figures that rounding allows, even if all persons of unknown category
belong to one other. Governorates are not ranked: a funnel needs residents, and no release holds them. No cause is
given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from expectations.cards.areas import FEDERAL, KURDISTAN
from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.cards.series_breaks import select_spanned_breaks
from reports.analysis import result_sentences, true_ranges
from reports.analysis.scoreboard import DemandScore, scoreboard
from reports.analysis.true_ranges import TrueRange
from reports.findings.finding_rules import FindingRule, Kind, rules
from reports.findings.silent_findings import SilentFinding, silence
from reports.released.release_memo import once
from reports.released.released_tables import ABSENT, ReleasedCell
from reports.released.report_model import NATIONAL, Report, ReportedRelease

LEAST_OF_PERSONS = 10
"""No level and no part below this is stated."""
_MORE = (("nine_tenths", 0.9), ("three_quarters", 0.75), ("two_thirds", 2 / 3), ("half", 0.5), ("third", 1 / 3),
         ("quarter", 0.25), ("tenth", 0.1))  # fmt: skip
_FEWER = (("twentieth", 0.05), ("tenth", 0.1), ("quarter", 0.25), ("third", 1 / 3), ("half", 0.5),
          ("two_thirds", 2 / 3), ("three_quarters", 0.75))  # fmt: skip
_NEAR_HALF = (0.4, 0.6)
_UNKNOWN = "_U"
ANY = "*"
"""The indicator of a rule that applies to each indicator."""


@dataclass(frozen=True)
class FigureUsed:
    """One released figure behind a finding: its measure, year and categories, and the range of its true value."""

    indicator: str
    measure: str
    area: str
    year: str
    at: Mapping[str, str]
    cell: ReleasedCell
    true: TrueRange


@dataclass(frozen=True)
class ReleasedFinding:
    """One finding, in codes.

    Attributes:
        key: of the rule and the area: `presumed@IQ-FED`; the same in every language and format.
        says: which of the rule's sentences is true: `more_half`, `up`, `level`; for a rank the category.
        figures: in the order of the sentence: the later year, or the part, first.
        series: years with the cell that a small chart draws; withheld ones appear as marks.
        breaks: years before which the series breaks.
        share: the released share in the sentence; `ABSENT` if there is none.
        is_complete: whether every agency that should report the figure did.
        silent: for a finding of silence, who did not report.
    """

    key: str
    rule: FindingRule
    says: str
    indicator: str
    area: str
    year: str
    figures: tuple[FigureUsed, ...] = ()
    series: tuple[tuple[str, ReleasedCell], ...] = ()
    breaks: tuple[str, ...] = ()
    share: ReleasedCell = ABSENT
    is_complete: bool = True
    silent: SilentFinding | None = field(default=None)

    @property
    def kind(self) -> Kind:
        """How its truth was decided: `level`, `change`, `share`, `part`, `rank`, `silence`."""
        return self.rule.kind

    @property
    def demand(self) -> str:
        """The demand that it belongs to: `D1` to `D4`."""
        return self.rule.demand


@once
def findings(report: Report) -> tuple[ReleasedFinding, ...]:
    """Return all findings of a report, in the order of the text; none if the national dataset is not released.

    Of several rules about one subject in one area the first that holds is used.
    """
    if report.headline is None:
        return ()
    asked = _Asked(report)
    firsts: dict[tuple[str, str], ReleasedFinding] = {}
    for rule in rules():
        for finding in asked.findings_of(rule) if rule.indicator != ANY else ():
            firsts.setdefault((rule.about, finding.area), finding)
    return tuple(firsts.values())


def titles(report: Report, indicator: str) -> tuple[ReleasedFinding, ...]:
    """Return the findings that may serve as title of an indicator's chart, one an area; empty if none holds."""
    if report.headline is None:
        return ()
    asked = _Asked(report)
    by_area: dict[str, ReleasedFinding] = {}
    for rule in rules():
        if rule.indicator == ANY:
            for finding in asked.findings_of(_rule_of(report.headline, rule, indicator)):
                if finding.share.value != 1:  # it is 1 for an indicator that divides a whole: its parts together
                    by_area.setdefault(finding.area, finding)
    return tuple(by_area.values())


def _rule_of(release: ReportedRelease, rule: FindingRule, indicator: str) -> FindingRule:
    """Return a rule for all indicators (`*`) as that of one; its measure is empty if it does not apply."""
    known = release.manifest["indicators"].get(indicator, {})
    derived: dict[str, list[str]] = known.get("derived", {})
    chief = next(iter(derived), "COUNT")
    if rule.kind != "share":
        return rule.model_copy(update={"indicator": indicator, "measure": chief if chief == "COUNT" else ""})
    if chief != "SHARE":
        return rule.model_copy(update={"indicator": indicator, "measure": ""})
    part, whole = derived["SHARE"]
    at = known.get("derived_by", {}).get("SHARE", {}).get("at", {})
    return rule.model_copy(
        update={"indicator": indicator, "measure": part.rpartition("/")[2], "whole": whole, "whole_at": at}
    )


def leading_findings(all_findings: Iterable[ReleasedFinding], number: int) -> list[ReleasedFinding]:
    """Return the leading findings: the first of each demand, then by order; sorted in the order of the text."""
    candidates = [finding for finding in all_findings if finding.kind != "silence" and finding.area != KURDISTAN]
    firsts: dict[str, ReleasedFinding] = {}
    for candidate in candidates:
        firsts.setdefault(candidate.demand, candidate)
    chosen = [*firsts.values(), *(finding for finding in candidates if finding not in firsts.values())][:number]
    return [finding for finding in candidates if finding in chosen]


class _Asked:
    """A report to which rules are applied."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.year = result_sentences.latest_year(report)
        main = result_sentences.results_area(report)
        self.areas = (main, *(area for area in (KURDISTAN,) if main == FEDERAL))
        self.scores: list[DemandScore] = scoreboard(report)

    def findings_of(self, rule: FindingRule) -> Iterator[ReleasedFinding]:
        """Yield the findings of a rule, one an area."""
        if rule.kind == "silence":
            for silent_finding in silence(self.report, rule, self.year):
                yield ReleasedFinding(
                    f"{rule.key}@{silent_finding.area}",
                    rule,
                    silent_finding.says,
                    "",
                    silent_finding.area,
                    self.year,
                    silent=silent_finding,
                )
            return
        ways = {"level": self._level, "share": self._share, "part": self._part, "rank": self._rank}
        for area in self.areas:
            finding = (ways.get(rule.kind) or self._change)(rule, area)
            if finding:
                yield finding

    def _figure(self, rule: FindingRule, measure: str, area: str, year: str, **at: str) -> FigureUsed | None:
        """Return a figure that may be used; None if it is withheld, frozen, broken or missing."""
        cell = self.report.cell(rule.indicator, measure, area, year, **at)
        true = true_ranges.range_of_count(cell)
        if true is None or self.report.is_frozen(rule.indicator, year):
            return None
        return FigureUsed(rule.indicator, measure, area, year, at, cell, true)

    def _level(self, rule: FindingRule, area: str) -> ReleasedFinding | None:
        figure = self._figure(rule, rule.measure, area, self.year, **rule.at)
        if figure is None or figure.true.lowest < max(rule.least, LEAST_OF_PERSONS):
            return None
        return self._make_finding(rule, "level", [figure])

    def _share(self, rule: FindingRule, area: str) -> ReleasedFinding | None:
        part = self._figure(rule, rule.measure, area, self.year, **rule.at)
        indicator, _, measure = rule.whole.rpartition("/")
        other = rule.model_copy(update={"indicator": indicator or rule.indicator})
        return self._share_of_whole(rule, part, self._figure(other, measure, area, self.year, **rule.whole_at), [])

    def _part(self, rule: FindingRule, area: str) -> ReleasedFinding | None:
        name = next(iter(rule.at))
        others = ({**rule.at, name: code} for code in rule.doubtful)
        doubtful = [self._figure(rule, rule.measure, area, self.year, **at) for at in others]
        part = self._figure(rule, rule.measure, area, self.year, **rule.at)
        return self._share_of_whole(
            rule, part, self._figure(rule, rule.measure, area, self.year, **rule.whole_at), doubtful
        )

    def _share_of_whole(
        self,
        rule: FindingRule,
        part: FigureUsed | None,
        whole: FigureUsed | None,
        doubtful: list[FigureUsed | None],
    ) -> ReleasedFinding | None:
        """Return the share of a part in its whole; if a doubtful count is not published, the upper limit is unknown."""
        if part is None or whole is None or whole.true.lowest < rule.least or part.cell.mark == "low":
            return None
        upper = true_ranges.range_of_sum([part.true, *(figure.true for figure in doubtful if figure)])
        share = true_ranges.range_of_share(part.true, whole.true)
        most = true_ranges.range_of_share(upper, whole.true)
        if share is None or most is None:
            return None
        highest = most.highest if all(doubtful) else 1.0
        says = fraction(share.lowest, highest)
        if not says or part.true.lowest <= 0:
            return None
        share_cell = self.report.cell(rule.indicator, "SHARE", part.area, part.year, **rule.at)
        return self._make_finding(rule, says, [part, whole], share_cell if rule.kind == "share" else ABSENT)

    def _rank(self, rule: FindingRule, area: str) -> ReleasedFinding | None:
        total = self._figure(rule, rule.measure, area, self.year)
        places = tuple(DIMENSIONS).index(rule.by)
        head = (rule.indicator, rule.measure, area, self.year)
        cells = self.report.headline.cells if self.report.headline else {}
        codes = {
            key[len(head) + places]
            for key in cells
            if key[: len(head)] == head and all((code == TOTAL) != (at == places) for at, code in enumerate(key[4:]))
        }
        known = {code: self._figure(rule, rule.measure, area, self.year, **{rule.by: code}) for code in codes}
        figures = {code: figure for code, figure in known.items() if figure is not None}
        if total is None or total.true.lowest < rule.least or len(figures) < max(2, len(known)):
            return None
        unknown = figures.pop(_UNKNOWN, None)
        spare = unknown.true.highest if unknown else 0.0
        first = max((figure.true.lowest, code) for code, figure in figures.items())[1]
        others = [figure.true.highest + spare for code, figure in figures.items() if code != first]
        # All persons in no category here or in an unknown one may belong to one other category.
        others.append(total.true.highest - sum(figure.true.lowest for figure in figures.values()))
        least = figures[first].true.lowest
        if not others or least <= max(others) or least < LEAST_OF_PERSONS:
            return None
        return self._make_finding(rule, first, [figures[first], total])

    def _change(self, rule: FindingRule, area: str) -> ReleasedFinding | None:
        """Return a change with the direction that the demands give for the same figures: one rule for both."""
        before = str(int(self.year) - 1)
        now = self._figure(rule, rule.measure, area, self.year)
        earlier = self._figure(rule, rule.measure, area, before)
        if now is None or earlier is None or max(now.true.lowest, earlier.true.lowest) < rule.least:
            return None
        directions = {
            standing.direction
            for score in self.scores
            for standing in score.standings
            if (standing.indicator, standing.measure, standing.area, standing.year)
            == (rule.indicator, rule.measure, area, self.year)
        }
        if len(directions) != 1 or (says := directions.pop()) not in ("up", "down", "no_clear_change"):
            return None
        return self._make_finding(rule, says, [now, earlier])

    def _make_finding(
        self, rule: FindingRule, says: str, figures: list[FigureUsed], share: ReleasedCell = ABSENT
    ) -> ReleasedFinding:
        first = figures[0]
        years = self.report.headline_years
        measure = "SHARE" if share is not ABSENT else first.measure
        series = tuple(
            (year, self.report.cell(rule.indicator, measure, first.area, year, **first.at)) for year in years
        )
        known = self.report.headline.breaks if self.report.headline else []
        codes = {figure.indicator for figure in figures}
        broken = tuple(
            now for before, now in pairwise(years) if select_spanned_breaks(known, codes, first.area, before, now)
        )
        key = f"{rule.key}@{first.area}"
        complete = self._is_complete(codes, first.area)
        return ReleasedFinding(
            key, rule, says, rule.indicator, first.area, first.year, tuple(figures), series, broken, share, complete
        )

    def _is_complete(self, indicators: set[str], area: str) -> bool:
        """Return whether every agency that should report these indicators for the year did."""
        return not any(
            self.year in coverage.incomplete_years
            for section in self.report.sections_of(NATIONAL)
            if section.indicator in indicators
            for coverage in section.coverage
            if coverage.area == area
        )


def fraction(lowest: float, highest: float) -> str:
    """Return the nearest fraction that a share certainly exceeds or stays below; empty if there is none.

    About half means between four and six in ten, if the share is neither certainly more nor certainly less than half.

    Args:
        lowest: of the share, 0 to 1.
        highest: of the share.

    Returns:
        `more_half`, `fewer_tenth`, …: the keys under `edition.finding.fraction.`.
    """
    if _NEAR_HALF[0] < lowest <= 0.5 <= highest < _NEAR_HALF[1]:
        return "about_half"
    middle = (lowest + highest) / 2
    candidates = [(middle - bound, f"more_{name}") for name, bound in _MORE if lowest > bound]
    candidates += [(bound - middle, f"fewer_{name}") for name, bound in _FEWER if highest < bound]
    return min(candidates)[1] if candidates else ""
