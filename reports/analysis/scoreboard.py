"""The four demands: where the indicators behind each stand, in which direction they moved, and what is missing.

Belongs here: joining the released rows of the indicators that a manifest puts under a demand (D1 to D4), and deciding
whether a figure moved. A direction is given only between two consecutive years for which all agencies that should
report did, without a break of the series between them, and only if the interval of the change excludes no change.
Years that still grow are never compared (`growing_years.py`): that alone makes the later one lower.
Does not belong here: the comparison itself (`methods/breaks.py`), words (`wording.py`, `languages`), layout.

No direction is called good or bad: more victims found can mean more trafficking or better detection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from expectations.cards.cells import EXPECTED, RECEIVED
from expectations.cards.series_breaks import select_spanned_breaks
from languages.words import Words
from methods.breaks import YEAR_TO_YEAR, compare_counts, compare_shares
from reports.analysis import growing_years, headline_figures
from reports.analysis.indicator_headlines import headline_of, is_headline, own_categories
from reports.analysis.printed_counts import operands_of, printed_count
from reports.phrases import wording
from reports.released.release_memo import once
from reports.released.released_tables import ABSENT, ReleasedCell
from reports.released.report_model import Report, ReportedRelease

DEMANDS = ("D1", "D2", "D3", "D4")
AREAS = ("IQ-FED", "IQ-KR")
Direction = Literal["up", "down", "no_clear_change", "too_small", "not_comparable", "broken"]
State = Literal["told", "hidden", "silent", "no_body"]
_SAID: Mapping[str, Direction] = {
    "up": "up",
    "down": "down",
    "no_clear_change": "no_clear_change",
    "too_small": "too_small",
}
_BY_INTERVAL = ("MEDIAN",)


@dataclass(frozen=True)
class IndicatorStanding:
    """One indicator in one area.

    Attributes:
        measure: its main measure: a share, rate, ratio or median if it has one, else its count; at the categories of
            its headline (`indicator_headlines.py`).
        state: `told` (a figure is published, even `low`), `hidden` (withheld), `silent` (nobody reported here, though
            somebody does elsewhere), `no_body` (no agency reports it yet, in any area and year).
        year: the last year with a published figure; empty if there is none.
        cell: the figure.
        lower: of its interval; NaN without one.
        upper: of its interval.
        direction: since the year before.
    """

    indicator: str
    measure: str
    area: str
    state: State
    year: str = ""
    cell: ReleasedCell = ABSENT
    lower: float = float("nan")
    upper: float = float("nan")
    direction: Direction = "not_comparable"


@dataclass(frozen=True)
class DemandScore:
    """One demand of the task force in one area: the standings of its indicators, and its leading figures.

    Each number of its sentence is the figure of a cell in `keys`, a year, or a number of indicators.
    """

    code: str
    area: str
    standings: tuple[IndicatorStanding, ...]
    headlines: tuple[headline_figures.Headline, ...] = ()

    @property
    def keys(self) -> list[headline_figures.Key]:
        """The keys of the released cells that the sentence quotes, as `expectations.cards.cells.KEY`, in its order."""
        return [key for headline in self.headlines for key in headline.keys]

    def number(self, *, state: State | None = None, direction: Direction | None = None) -> int:
        """Return how many indicators are in a state, or moved in a direction."""
        return sum(
            (state is None or standing.state == state) and (direction is None or standing.direction == direction)
            for standing in self.standings
        )


@once
def scoreboard(report: Report) -> list[DemandScore]:
    """Return each demand in each region, from the national dataset; empty if that is not released."""
    release = report.headline
    if release is None:
        return []
    indicators: dict[str, dict[str, Any]] = release.manifest["indicators"]
    return [
        _demand(
            release,
            code,
            area,
            tuple(_standing(release, indicator, area) for indicator in _indicators_behind(indicators, code)),
        )
        for code in DEMANDS
        for area in AREAS
    ]


def sentence(demand: DemandScore, words: Words) -> str:
    """Return the text on a demand in one area: its leading figures, then how many of its indicators stand where."""
    head = words.text(
        "page.demand.head", demand=words.text(f"demand.{demand.code}"), area=wording.area(demand.area, words)
    )
    return " ".join([head, *headline_figures.sentences(demand.headlines, words), closing_sentence(demand, words)])


def closing_sentence(demand: DemandScore, words: Words) -> str:
    """Return the last sentence of a demand: numbers of indicators, no figure."""
    numbers = {
        "told": demand.number(state="told"),
        "all": len(demand.standings),
        "up": demand.number(direction="up"),
        "down": demand.number(direction="down"),
        "same": demand.number(direction="no_clear_change"),
        "missing": demand.number(state="silent") + demand.number(state="no_body"),
    }
    return words.text("page.demand.sentence", **numbers)


def _demand(release: ReportedRelease, code: str, area: str, standings: tuple[IndicatorStanding, ...]) -> DemandScore:
    behind = {standing.indicator: standing for standing in standings}
    headlines: list[headline_figures.Headline] = []
    for leading in headline_figures.LEADING[code]:
        standing = behind.get(leading.indicator)
        if standing is not None:
            unseen: headline_figures.Reason = "no_body" if standing.state == "no_body" else "silent"
            moved = (standing.year, standing.direction)
            headline = headline_figures.find_headline(release, leading, area, unseen=unseen, moved=moved)
            headlines += [headline] if headline else []
    return DemandScore(code, area, standings, tuple(headlines))


def _indicators_behind(indicators: dict[str, dict[str, Any]], demand: str) -> Iterable[str]:
    return sorted(code for code, known in indicators.items() if demand in known.get("demand", ()))


def _standing(release: ReportedRelease, indicator: str, area: str) -> IndicatorStanding:
    known: dict[str, Any] = release.manifest["indicators"][indicator]
    frame = release.frame[release.frame["indicator"] == indicator]
    measure = next(iter(known.get("derived", {})), "COUNT")
    rows = frame[is_headline(frame) & (frame["measure"] == measure)]
    here = rows[rows["ref_area"] == area].sort_values("time_period")
    if frame["obs_value"].isna().all() and (frame["obs_status"] != "Q").all():
        return IndicatorStanding(indicator, measure, area, "no_body")
    published = here[here["obs_value"].notna()]
    if published.empty:
        return IndicatorStanding(indicator, measure, area, "hidden" if (here["obs_status"] == "Q").any() else "silent")
    last = published.iloc[-1]
    year = str(last["time_period"])
    return IndicatorStanding(
        indicator,
        measure,
        area,
        "told",
        year,
        release.cells[(indicator, measure, area, year, *headline_of(indicator).codes)],
        float(last["lower"]),
        float(last["upper"]),
        _direction(release, known, indicator, measure, here, year),
    )


def _direction(
    release: ReportedRelease, known: dict[str, Any], indicator: str, measure: str, here: pd.DataFrame, year: str
) -> Direction:
    before, area = str(int(year) - 1), str(here["ref_area"].iloc[0])
    if any(growing_years.grows(release, indicator, measure, area, compared) for compared in (before, year)):
        return "not_comparable"
    rows = {str(row["time_period"]): row for _, row in here.iterrows() if not np.isnan(row["obs_value"])}
    if before not in rows or any(
        rows[compared_year][RECEIVED] < rows[compared_year][EXPECTED] for compared_year in (before, year)
    ):
        return "not_comparable"
    operands = operands_of(release, indicator, measure)
    codes = {indicator, *(name.partition("/")[0] for name in operands)}
    if select_spanned_breaks(release.breaks, codes, area, before, year):
        return "broken"
    if measure in _BY_INTERVAL:
        return _compare_medians(rows[before], rows[year])
    of = (indicator, measure)
    counts = [
        [
            printed_count(release, name, area, compared_year, of=of, part=own_categories(indicator, name))
            for name in operands
        ]
        for compared_year in (before, year)
    ]
    if measure in ("RELATIVE_GAP", "RATIO") or any(np.isnan(value) for pair in counts for value, _ in pair):
        return "not_comparable"
    (first, *first_whole), (second, *second_whole) = counts
    errors = {"earlier_error": first[1], "later_error": second[1]}
    if measure == "SHARE":
        changes = compare_shares((first[0], first_whole[0][0]), (second[0], second_whole[0][0]), **errors)
    else:
        changes = compare_counts(first[0], second[0], spread=YEAR_TO_YEAR, **errors)
    return _SAID.get(str(np.asarray(changes.direction).reshape(-1)[0]), "not_comparable")


def _compare_medians(before: pd.Series, now: pd.Series) -> Direction:
    """Return a direction only if the two intervals do not overlap; one without an upper limit overlaps all above it."""
    if np.isnan(before["lower"]) or np.isnan(now["lower"]):
        return "not_comparable"
    upper = [np.inf if np.isnan(median["upper"]) else median["upper"] for median in (before, now)]
    if now["lower"] > upper[0]:
        return "up"
    return "down" if upper[1] < before["lower"] else "no_clear_change"
