"""The report model: released rows as sections with tables and coverage, in codes and without words.

Belongs here: reading releases with their hashes verified, and what a section is. Every renderer starts from this model,
so nothing can be printed that was not released, and all formats have the same tables with the same ids.
Does not belong here: how tables are arranged (`released_tables.py`), words, layout (`site.py`), or any arithmetic on
values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, NamedTuple

import pandas as pd

from expectations.cards import cells
from expectations.cards.series_breaks import SeriesBreak
from expectations.published import ledger, report_versions
from expectations.published.published_estimates import (
    HIDDEN_PARTS,
    NOWCASTS,
    EstimateRelease,
    PlaceEstimate,
    SenderNowcast,
)
from expectations.published.release_formats import frozen_of
from expectations.published.release_log import ReleaseLog
from expectations.published.report_versions import ReportVersion
from ingestion.home import Home
from ingestion.people.statements import Manner, manner_of
from ingestion.storage import parse_json
from languages.refusal import Refusal
from reports.released.released_tables import (
    ABSENT,
    ReleasedCell,
    ReleasedTable,
    breakdown_of,
    cells_of,
    drop_hidden,
    rank_of_breakdown,
    sort_codes,
    tables_of,
    with_frozen,
    with_ratios,
)
from reports.released.version_files import DATA, VersionFiles, read_version
from reports.released.year_changes import VersionChange, compare_versions

NATIONAL = ledger.NATIONAL  # the dataset of key results, charts and coverage, if it is released

_MAKING = Lock()
"""Threads that ask for one report at once wait for one computation: two would take each other's time."""
_PUBLISHED = "PUBLISHED_FIGURE"
"""The unit of a figure as an agency publishes it."""


class BodiesReported(NamedTuple):
    """How many agencies reported, and how many should have."""

    received: int
    expected: int


@dataclass(frozen=True)
class ReportingCoverage:
    """How many of the agencies that should report an indicator for an area did so, by year.

    Attributes:
        is_published: whether the figure is taken from what an agency publishes, so that no agency reports it.
    """

    indicator: str
    area: str
    reported: dict[str, BodiesReported]
    is_published: bool = False

    @property
    def incomplete_years(self) -> list[str]:
        """Years in which at least one expected agency did not report."""
        return [year for year, bodies in self.reported.items() if bodies.received < bodies.expected]

    def why_missing(self, year: str) -> str:
        """Return why a figure of a year is missing; empty for another year.

        `not_due`, `not_sent` or `not_held`; `not_printed` of what an agency publishes itself and owes nobody.
        """
        if (agencies := self.reported.get(year)) is None:
            return ""
        if self.is_published:
            return "not_printed"
        if agencies.received < agencies.expected:
            return "not_sent"
        return "not_held" if agencies.expected else "not_due"

    @property
    def whys(self) -> tuple[str, ...]:
        """Each reason for which a figure of some year is missing, the first year's first."""
        return tuple(dict.fromkeys(map(self.why_missing, self.reported)))


class CountPlace(NamedTuple):
    """Counts of an indicator that one method protects: those of a breakdown, or some of them.

    Attributes:
        dimensions: of the breakdown.
        measure: empty for every measure.
        area: empty for every area.
        codes: of one category of the breakdown; empty for every category.
    """

    dimensions: tuple[str, ...]
    measure: str = ""
    area: str = ""
    codes: tuple[str, ...] = ()


class MethodUse(NamedTuple):
    """A protection method of counts, and the years in which it was used, by place."""

    method: str
    years: dict[CountPlace, list[str]]


@dataclass(frozen=True)
class IndicatorSection:
    """One indicator in one dataset.

    Attributes:
        unit: what is counted: `VICTIM`, `ACCUSED`, …
        tables: in print order.
        silent: the areas without a figure or a withheld one in any year; they are named, not tabulated.
        methods: how its counts were protected, without frozen years.
        frozen: years whose figures are those of an earlier release, because too few late cases arrived to show them.
        caveats: keys of its caveats.
        breaks: where its series break, each with the areas affected.
        to_quote: indicators that define a count which this one publishes with another figure, to the years.
        frozen_methods: how the counts of frozen years were protected in the earlier release.
    """

    dataset: str
    indicator: str
    unit: str
    tables: tuple[ReleasedTable, ...]
    coverage: tuple[ReportingCoverage, ...]
    silent: tuple[ReportingCoverage, ...]
    methods: tuple[MethodUse, ...]
    frozen: tuple[str, ...]
    caveats: tuple[str, ...]
    breaks: tuple[SeriesBreak, ...] = ()
    to_quote: Mapping[str, Sequence[str]] = field(default_factory=dict[str, list[str]])
    frozen_methods: tuple[str, ...] = ()

    def why_missing(self, area: str, year: str) -> str:
        """Return why a figure of a year is missing: that of an area, or of all areas if none is named.

        Empty if that is not known, or not the same for all.
        """
        asked = [coverage for coverage in self.coverage if area in ("", coverage.area)]
        whys = {coverage.why_missing(year) for coverage in asked}
        return whys.pop() if len(whys) == 1 else ""


@dataclass(frozen=True)
class ReportedRelease:
    """One released dataset: its coordinates and its rows.

    Attributes:
        sha256: of `data.parquet`, as the manifest gives it.
        manifest: what the release is: its protection, its indicators, the hashes of its files.
        package: the Frictionless descriptor, for licence and contact.
        frame: the released rows, columns as `expectations.cards.cells.COLUMNS`.
        cells: what a reader may see of each row, by `expectations.cards.cells.KEY`.
        previous: the rows of the version before; None for a first one, or if the version before was withdrawn.
    """

    dataset: str
    version: str
    sha256: str
    manifest: dict[str, Any]
    package: dict[str, Any]
    frame: pd.DataFrame
    cells: Mapping[tuple[str, ...], ReleasedCell]
    previous: pd.DataFrame | None = None

    @property
    def minimum_base(self) -> int:
        """The smallest denominator of a released share."""
        return int(self.manifest["protection"]["minimum_base"])

    @property
    def period(self) -> tuple[str, str]:
        """First and last year that the data cover."""
        return str(self.manifest["period"]["first"]), str(self.manifest["period"]["last"])

    @property
    def frozen(self) -> dict[str, list[str]]:
        """Years to the indicators whose figures are those of an earlier release."""
        return frozen_of(self.manifest)

    def frozen_years(self, indicator: str) -> tuple[str, ...]:
        """Return the years of one indicator whose figures are those of an earlier release; of none that is withheld."""
        held = (year for year, indicators in self.frozen.items() if indicator in indicators)
        return tuple(year for year in held if (indicator, year) in self._years_with_figures)

    @cached_property
    def _years_with_figures(self) -> set[tuple[str, str]]:
        figures = self.frame.loc[self.frame["obs_value"].notna(), ["indicator", "time_period"]].drop_duplicates()
        return set(figures.astype(str).itertuples(index=False, name=None))

    def indicators_to_quote(self, indicator: str) -> dict[str, list[str]]:
        """Return the indicators to quote instead of this one, to their years."""
        years: dict[str, list[str]] = {}
        for line in self.manifest["to_quote"]:
            if line["indicator"] == indicator:
                years.setdefault(line["quoted"], []).append(line["year"])
        return dict(sorted(years.items()))

    @property
    def breaks(self) -> list[SeriesBreak]:
        """Where its series break, each with the indicators and areas affected."""
        return [SeriesBreak.model_validate(series_break) for series_break in self.manifest["breaks"]]

    @property
    def rests_on_links(self) -> bool:
        """Whether totals rest on links of records without a common pseudonymous ID."""
        return bool(self.manifest.get("rests_on_links"))

    def caveats(self, indicator: str) -> list[str]:
        """Return the keys of the caveats of an indicator."""
        return list(self.manifest["indicators"].get(indicator, {}).get("caveats", []))


@dataclass(frozen=True)
class WithdrawalNotice:
    """A withdrawn release: the day, the reason, and the version that corrects it (empty until there is one)."""

    dataset: str
    version: str
    date: str
    reason: str
    corrected_by: str


@dataclass(frozen=True)
class Report:
    """Everything a report in any language and format is made from."""

    releases: tuple[ReportedRelease, ...]
    sections: tuple[IndicatorSection, ...]
    is_invented: bool
    notices: tuple[WithdrawalNotice, ...] = ()
    changes: tuple[VersionChange, ...] = ()
    estimates: tuple[PlaceEstimate, ...] = ()
    nowcasts: tuple[SenderNowcast, ...] = ()
    estimate_versions: tuple[ReportVersion, ...] = ()
    signed_by: Manner = "two"

    @property
    def id(self) -> str:
        """The number of the report, by which it is cited; it is derived from `versions`."""
        return report_versions.number(self.years[-1] if self.releases else "", self.versions)

    @property
    def versions(self) -> tuple[ReportVersion, ...]:
        """What it is made from: the versions of its datasets, then of its estimates."""
        return (
            *(ReportVersion(release.dataset, release.version) for release in self.releases),
            *self.estimate_versions,
        )

    @cached_property
    def years(self) -> list[str]:
        """All years of all releases, in order."""
        return _years(self.releases)

    @cached_property
    def first_reported_year(self) -> str:
        """The first year of which anything was reported: with a figure above 0 that is no base; else the first."""
        frames = [release.frame for release in self.releases]
        told = [frame[(frame["obs_value"] > 0) & (frame["measure"] != "DENOMINATOR")] for frame in frames]
        return min((str(frame["time_period"].min()) for frame in told if len(frame)), default=self.years[0])

    @cached_property
    def headline(self) -> ReportedRelease | None:
        """The release behind key results and charts; None if the national dataset is not released."""
        return next((release for release in self.releases if release.dataset == NATIONAL), None)

    @cached_property
    def headline_years(self) -> list[str]:
        """The years of the headline release, in order; those of all releases without one."""
        return _years([self.headline]) if self.headline else self.years

    def sections_of(self, dataset: str) -> list[IndicatorSection]:
        """Return the sections of one dataset, by indicator."""
        return [section for section in self.sections if section.dataset == dataset]

    def cell(self, indicator: str, measure: str, area: str, year: str, **dimensions: str) -> ReleasedCell:
        """Return one cell of the national dataset; dimensions that are left out are totals."""
        codes = (dimensions.get(name, cells.TOTAL) for name in cells.DIMENSIONS)
        by_key = self.headline.cells if self.headline else {}
        return by_key.get((indicator, measure, area, year, *codes), ABSENT)

    def is_frozen(self, indicator: str, year: str) -> bool:
        """Whether a figure of the national dataset is that of an earlier release."""
        return bool(self.headline) and year in self.headline.frozen_years(indicator)


def _years(releases: Iterable[ReportedRelease]) -> list[str]:
    return sorted({str(year) for release in releases for year in release.frame["time_period"].unique()})


def load(home: Home) -> Report:
    """Return the report of the latest release of every dataset in a home, all files verified; the national one first.

    Raises:
        Refusal: `nothing_released` in a home without a release; `file_missing` or `bytes_changed` for damaged ones.
    """
    state = _state(home)
    with _MAKING:
        return _make_report(state)


def is_anything_out(home: Home) -> bool:
    """Return whether a report could be made: at least one release is not withdrawn."""
    return bool(_pointers(home, ReleaseLog.read_log(home).withdrawn_places))


@dataclass(frozen=True)
class _HomeState:
    """All that a report reads from a home: two equal states give the same report."""

    releases: tuple[VersionFiles, ...]
    notices: tuple[WithdrawalNotice, ...]
    hidden_part: EstimateRelease[PlaceEstimate] | None
    nowcast: EstimateRelease[SenderNowcast] | None
    is_invented: bool
    signed_by: Manner


def _state(home: Home) -> _HomeState:
    """Read the current releases, each log and file once: a release made meanwhile is for the next report."""
    log = ReleaseLog.read_log(home)
    gone = log.withdrawn_places
    if not (releases := tuple(read_version(home, place, gone) for place in _pointers(home, gone))):
        raise Refusal("nothing_released", where=str(home.releases))
    return _HomeState(
        releases,
        tuple(_notices(log)),
        HIDDEN_PARTS.read_latest(home, log),
        NOWCASTS.read_latest(home, log),
        home.is_invented,
        manner_of(home.releases / files.dataset / files.version for files in releases),
    )


def _pointers(home: Home, gone: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return dataset and version of the current releases; a pointer to a withdrawn one is about to be removed."""
    places = [
        (path.parent.name, path.read_text(encoding="utf-8").strip())
        for path in home.releases.glob("[!.]*/latest")
        if path.parent.name not in ledger.ESTIMATES
    ]
    return sorted((place for place in places if place not in gone), key=lambda place: (place[0] != NATIONAL, place))


def _notices(log: ReleaseLog) -> Iterator[WithdrawalNotice]:
    """Yield every withdrawal; a version is corrected by the next one of its dataset that was not withdrawn."""
    for withdrawal in log.withdrawals:
        own = [entry.version for entry in log.releases_of(withdrawal.dataset)]
        later = own[own.index(withdrawal.version) + 1 :]
        standing = (version for version in later if version not in log.withdrawals_of(withdrawal.dataset))
        yield WithdrawalNotice(
            withdrawal.dataset, withdrawal.version, withdrawal.date, withdrawal.reason, next(standing, "")
        )


@lru_cache(maxsize=1)  # the languages of one report share it
def _make_report(state: _HomeState) -> Report:
    releases = tuple(map(_release, state.releases))
    sections = tuple(section for release in releases for section in _sections(release))
    changes = tuple(change for release in releases if (change := _release_change(release)))
    is_invented = state.is_invented or any(release.manifest["invented"] for release in releases)
    estimates = zip(ledger.ESTIMATES, (state.hidden_part, state.nowcast), strict=True)
    return Report(
        releases,
        sections,
        is_invented,
        state.notices,
        changes,
        state.hidden_part.estimates if state.hidden_part else (),
        state.nowcast.estimates if state.nowcast else (),
        tuple(ReportVersion(name, estimate.version) for name, estimate in estimates if estimate),
        state.signed_by,
    )


def _release_change(release: ReportedRelease) -> VersionChange | None:
    """Return how a release differs from the one before it; None without one."""
    return None if release.previous is None else compare_versions(release.dataset, release.previous, release.frame)


def _release(files: VersionFiles) -> ReportedRelease:
    manifest, frame = parse_json(files.manifest), _frame(files.data)
    previous = None if files.previous is None else _frame(files.previous)
    return ReportedRelease(
        files.dataset,
        files.version,
        str(manifest["files"][DATA]),
        manifest,
        parse_json(files.package),
        frame,
        with_frozen(with_ratios(cells_of(frame), manifest["indicators"]), frozen_of(manifest)),
        previous,
    )


def _frame(data: bytes) -> pd.DataFrame:
    return drop_hidden(cells.read_parquet(data))


def _sections(release: ReportedRelease) -> Iterator[IndicatorSection]:
    by_indicator = dict(iter(release.frame.groupby("indicator", sort=False)))
    coverages = _coverages(release.frame)
    for indicator in sort_codes("indicator", release.frame["indicator"]):
        yield _section(release, indicator, by_indicator[indicator], coverages)


def _section(
    release: ReportedRelease,
    indicator: str,
    frame: pd.DataFrame,
    coverages: Mapping[tuple[str, str], ReportingCoverage],
) -> IndicatorSection:
    areas = sort_codes("area", frame["ref_area"])
    is_told = frame["obs_value"].notna() | (frame["obs_status"] == "Q")
    spoken_areas = set(frame.loc[is_told, "ref_area"].astype(str))
    spoken = frame[frame["ref_area"].isin(spoken_areas)]
    frozen = release.frozen_years(indicator)
    is_frozen = spoken["time_period"].isin(frozen)
    return IndicatorSection(
        release.dataset,
        indicator,
        str(frame["unit_measure"].iloc[0]),
        tuple(tables_of(release.dataset, indicator, spoken, release.cells)),
        tuple(coverages[indicator, area] for area in areas if area in spoken_areas),
        tuple(coverages[indicator, area] for area in areas if area not in spoken_areas),
        _methods(_counted(spoken[~is_frozen])),
        frozen,
        tuple(release.caveats(indicator)),
        tuple(series_break for series_break in release.breaks if indicator in series_break.indicators),
        release.indicators_to_quote(indicator),
        tuple(_counted(spoken[is_frozen])["disclosure_method"].astype(str).unique()),
    )


def _coverages(frame: pd.DataFrame) -> dict[tuple[str, str], ReportingCoverage]:
    """Return how many agencies reported, by indicator and area; all of a release at once, for there are hundreds."""
    places = frame[["indicator", "ref_area", "unit_measure"]].drop_duplicates(["indicator", "ref_area"]).astype(str)
    coverages = {
        (indicator, area): ReportingCoverage(indicator, area, {}, unit == _PUBLISHED)
        for indicator, area, unit in places.itertuples(index=False, name=None)
    }
    totals = frame[(frame[list(cells.DIMENSIONS)] == cells.TOTAL).all(axis=1)].sort_values("time_period", kind="stable")
    columns = ["indicator", "ref_area", "time_period", cells.RECEIVED, cells.EXPECTED]
    for indicator, area, year, received, expected in totals[columns].itertuples(index=False, name=None):
        agencies = BodiesReported(int(received), int(expected))
        coverages[str(indicator), str(area)].reported.setdefault(str(year), agencies)
    return coverages


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["measure"].isin(cells.COUNTED) & frame["obs_value"].notna()]


def _methods(counted: pd.DataFrame) -> tuple[MethodUse, ...]:
    """Return the methods of counts, each with the widest places in which no other was used that year."""
    has_measures, has_areas = (counted[name].nunique() > 1 for name in ("measure", "ref_area"))
    uses: list[tuple[tuple[CountPlace, ...], str, str]] = []
    methods: dict[tuple[CountPlace, str], set[str]] = {}
    columns = ["measure", "ref_area", "disclosure_method", "time_period", *cells.DIMENSIONS]
    for row in counted[columns].itertuples(index=False, name=None):
        measure, area, method, year, *codes = map(str, row)
        dimensions = breakdown_of(codes)
        own = CountPlace(dimensions, measure if has_measures else "", area if has_areas else "")
        category = own._replace(codes=tuple(code for code in codes if code != cells.TOTAL))
        places = (CountPlace(dimensions), own, category)
        uses.append((places, year, method))
        for place in places:
            methods.setdefault((place, year), set()).add(method)
    years: dict[tuple[CountPlace, str], set[str]] = {}
    for places, year, method in uses:
        place = next((place for place in places if methods[place, year] == {method}), places[-1])
        years.setdefault((place, method), set()).add(year)
    by_method: dict[str, MethodUse] = {}
    for place, method in sorted(years, key=lambda use: (rank_of_breakdown(use[0].dimensions), use[0][1:], use[1])):
        by_method.setdefault(method, MethodUse(method, {})).years[place] = sorted(years[place, method])
    return tuple(by_method.values())
