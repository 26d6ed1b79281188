"""What changed since the last release, for the house: sizes as printed, facts that came and went, causes and files.

Belongs here: comparing the newest release of a dataset (or what waits to be signed) with the one before, indicator by
indicator. Printed values are public; of true values only numbers of facts are told, as `marsad trace` tells them.
Does not belong here: whether a change is allowed (`expectations/protection/revisions.py`), the report's own list
(`reports/analysis/change_list.py`), what an act would publish (`act_effects.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL
from expectations.cards.dataset_card import load_dataset
from expectations.cards.operands import places_behind
from expectations.published import ledger
from expectations.published.ledger import LedgerEntry
from expectations.published.release_log import ReleaseLog
from expectations.releases.release_difference import ReleaseDifference, compare
from ingestion.home import Home, read_verified
from ingestion.people.acts_log import log_look
from ingestion.storage import parse_json
from ingestion.submissions import receipts
from languages import dates
from languages.refusal import Refusal
from languages.words import Words
from reports.released.print_order import rank

if TYPE_CHECKING:
    import pandas as pd

    from reports.released.released_tables import ReleasedCell

Cause = Literal["new_year", "definition", "file_came", "file_replaced", "file_withdrawn", "same_files", "protection"]
FileChange = Literal["came", "replaced", "withdrawn"]
_CAUSES: Mapping[FileChange, Cause] = {
    "came": "file_came",
    "replaced": "file_replaced",
    "withdrawn": "file_withdrawn",
}
KINDS = ("added", "revised", "newly_hidden", "gone")
MOST_REVISED = 5
"""Revised cells of a year that are told one by one, those with the fewest categories first."""


@dataclass(frozen=True)
class CellCounts:
    """How many cells are other than in the release before."""

    added: int
    revised: int
    newly_hidden: int
    gone: int


@dataclass(frozen=True)
class ChangedIndicator:
    """An indicator with a changed cell: its years, and how many cells changed."""

    indicator: str
    years: tuple[str, ...]
    cells: CellCounts


@dataclass(frozen=True)
class ReleaseChanges:
    """What changed in a dataset.

    Attributes:
        before: the version that is compared with; empty if there is none.
        now: the version that is told.
        is_proposed: whether it waits to be signed.
        indicators: those with a changed cell, in print order.
    """

    dataset: str
    before: str
    now: str
    is_proposed: bool
    indicators: tuple[ChangedIndicator, ...]


@dataclass(frozen=True)
class RevisedCell:
    """A cell whose printed value changed: its coordinates without totals, and what a reader saw and sees."""

    coordinates: Mapping[str, str]
    before: ReleasedCell
    now: ReleasedCell


@dataclass(frozen=True)
class ChangedFile:
    """A file that counts in one of the two releases only.

    Attributes:
        source: who sent it.
        submission: its name in the receipts.
        facts: of the indicator and year that rest on it.
        change: it came; it no longer counts, because a later file replaced it or because it was withdrawn.
        day: of the withdrawal; empty otherwise.
        reason: of the withdrawal; empty otherwise.
    """

    source: str
    submission: str
    facts: int
    change: FileChange
    day: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ChangedYear:
    """A year of an indicator with a changed cell.

    Attributes:
        cells: how many.
        revised: some of those whose printed value changed.
        facts_added: facts that are counted now and were not.
        facts_gone: facts that were counted and are not any more.
        causes: at least one.
        files: that came or went, by their names.
    """

    year: str
    cells: CellCounts
    revised: tuple[RevisedCell, ...]
    facts_added: int
    facts_gone: int
    causes: tuple[Cause, ...]
    files: tuple[ChangedFile, ...]


@dataclass(frozen=True)
class _Pair:
    """Two releases of a dataset, each with the home in which it lies; `before` is None for a first release."""

    before: LedgerEntry | None
    home: Home
    now: LedgerEntry
    home_of_now: Home


def release_changes(home: Home, dataset: str) -> ReleaseChanges:
    """Return what changed in a dataset since the last release: in what waits to be signed, else in the newest one.

    Raises:
        Refusal: `dataset_unknown`; `nothing_released` for a dataset of which nothing is out or proposed.
    """
    pair = _pair(home, dataset)
    difference = _difference(pair)
    keys = sorted({*_places(difference, "indicator")}, key=lambda code: rank("indicator", code))
    indicators = tuple(
        ChangedIndicator(code, tuple(sorted(_places(of_code, "time_period"))), _counts(of_code))
        for code in keys
        for of_code in [_narrow(difference, indicator=code)]
    )
    before = pair.before.version if pair.before else ""
    return ReleaseChanges(dataset, before, pair.now.version, pair.now not in ledger.entries(home, dataset), indicators)


def changed_years(home: Home, person: str, dataset: str, indicator: str) -> list[ChangedYear]:
    """Return the changed years of an indicator with causes and files: a look, which is logged before.

    Args:
        home: with a release of the dataset.
        person: who looks; by default the account of the machine.
        dataset: its name.
        indicator: its code; one without a changed cell has no year.

    Raises:
        Refusal: as `release_changes`; `look_not_logged`; `file_missing`, `bytes_changed` of a lineage.
    """
    pair = _pair(home, dataset)
    difference = _narrow(_difference(pair), indicator=indicator)
    years = sorted(_places(difference, "time_period"))
    if not years:
        return []
    log_look(home, person, f"changes {dataset} {indicator}")
    lineages = _lineages(pair, indicator)
    is_other = _checksum(pair.home, pair.before, indicator) != _checksum(pair.home_of_now, pair.now, indicator)
    return [
        _changed_year(pair, _narrow(difference, time_period=year), year, lineages, is_other=is_other) for year in years
    ]


def file_in_words(file: ChangedFile, words: Words) -> str:
    """Return what became of a file, with its day and reason if it was withdrawn."""
    shown = {"submission": file.submission, "facts": file.facts}
    if file.change == "withdrawn":
        return words.text("changes.file.withdrawn", day=dates.written(words, file.day), reason=file.reason, **shown)
    return words.text(f"changes.file.{file.change}", **shown)


def _pair(home: Home, dataset: str) -> _Pair:
    from expectations.releases import proposal

    load_dataset(dataset)
    log = ReleaseLog.read_log(home)
    gone = log.withdrawals_of(dataset)  # nothing is compared with what was withdrawn
    known = [entry for entry in log.releases_of(dataset) if entry.version not in gone]
    proposed = [entry for entry in proposal.additions(home) if entry.dataset == dataset]
    if proposed:
        return _Pair(known[-1] if known else None, home, proposed[-1], home.proposing())
    if not known:
        raise Refusal("nothing_released", where=dataset)
    return _Pair(known[-2] if len(known) > 1 else None, home, known[-1], home)


@lru_cache(maxsize=8)  # what is released stays as it is
def _difference(pair: _Pair) -> ReleaseDifference:
    before = _cells(pair.home, pair.before) if pair.before else None
    return compare(before, _cells(pair.home_of_now, pair.now))


@lru_cache(maxsize=8)
def _cells(home: Home, entry: LedgerEntry) -> pd.DataFrame:
    return ledger.cells_of(home, entry)


def _frames(difference: ReleaseDifference) -> list[pd.DataFrame]:
    return [getattr(difference, kind) for kind in KINDS]


def _places(difference: ReleaseDifference, column: str) -> set[str]:
    return {str(code) for frame in _frames(difference) for code in frame[column].unique()}


def _narrow(difference: ReleaseDifference, **codes: str) -> ReleaseDifference:
    """Return what differs at some coordinates."""
    frames = dict(zip(KINDS, _frames(difference), strict=True))
    for name, code in codes.items():
        frames = {kind: frame[frame[name] == code] for kind, frame in frames.items()}
    return ReleaseDifference(**frames, same=0, is_first=difference.is_first)


def _counts(difference: ReleaseDifference) -> CellCounts:
    return CellCounts(*(len(frame) for frame in _frames(difference)))


def _lineages(pair: _Pair, indicator: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lineage of the counts behind an indicator in both releases; of none without rows."""
    from expectations.candidates.lineage import read_rows

    now = read_rows(pair.home_of_now, pair.now, _codes_behind(pair.home_of_now, pair.now, indicator))
    if pair.before is None:
        return now.iloc[:0], now
    return read_rows(pair.home, pair.before, _codes_behind(pair.home, pair.before, indicator)), now


def _codes_behind(home: Home, entry: LedgerEntry, indicator: str) -> set[str]:
    """Return the codes of the indicators whose counts are behind an indicator: itself, and others for a share."""
    manifest = _manifest(home, entry)
    own = manifest["indicators"].get(indicator)
    derived = own.get("derived", ()) if own else ()
    places = (place for measure in derived for place in places_behind(indicator, measure, manifest))
    return {indicator, *(place["indicator"] for place in places if "indicator" in place)}


def _checksum(home: Home, entry: LedgerEntry | None, indicator: str) -> str:
    """Return the hash of how an indicator is counted; empty if a release does not have it."""
    own = _manifest(home, entry)["indicators"].get(indicator, {}) if entry else {}
    return str(own.get("checksum", ""))


@lru_cache(maxsize=8)
def _manifest(home: Home, entry: LedgerEntry) -> dict[str, Any]:
    path = home.releases / entry.dataset / entry.version / "manifest.json"
    return parse_json(read_verified(path, entry.manifest_sha256))


def _changed_year(
    pair: _Pair, difference: ReleaseDifference, year: str, lineages: Sequence[pd.DataFrame], *, is_other: bool
) -> ChangedYear:
    then, now = (rows[rows["time_period"] == year] for rows in lineages)
    facts, earlier = _facts(now), _facts(then)
    files = tuple(_files(pair.home, then, now))
    is_new = pair.before is None or year not in set(_cells(pair.home, pair.before)["time_period"].astype(str))
    causes = tuple(_causes(files, is_new=is_new, is_other=is_other))
    return ChangedYear(
        year=year,
        cells=_counts(difference),
        revised=tuple(_revised(pair, difference.revised, year)),
        facts_added=len(facts - earlier),
        facts_gone=len(earlier - facts),
        causes=causes or ("same_files" if facts != earlier else "protection",),
        files=files,
    )


def _causes(files: Sequence[ChangedFile], *, is_new: bool, is_other: bool) -> Iterator[Cause]:
    """Yield what is seen to have changed: the year, how the indicator is counted, the files."""
    if is_new:
        yield "new_year"
    elif is_other:
        yield "definition"
    for change, cause in _CAUSES.items():
        if any(file.change == change for file in files):
            yield cause


def _facts(rows: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(rows["indicator"].astype(str), rows["member"].astype(str), strict=True))


def _files(home: Home, then: pd.DataFrame, now: pd.DataFrame) -> Iterator[ChangedFile]:
    """Yield the files of which one of the two lineages has rows."""
    withdrawn = {receipt.withdraws: receipt for receipt in receipts.read_receipts(home) if receipt.withdraws}
    for rows, others, is_now in ((now, then, True), (then, now, False)):
        known = set(others["submission"].dropna())
        other = rows[rows["submission"].notna() & ~rows["submission"].isin(list(known))]
        for submission, own in other.groupby("submission", sort=True):
            source = str(own["record"].iloc[0]).partition("/")[0]
            facts, line = len(_facts(own)), withdrawn.get(str(submission))
            if is_now:
                yield ChangedFile(source, str(submission), facts, "came")
            elif line is None:
                yield ChangedFile(source, str(submission), facts, "replaced")
            else:
                yield ChangedFile(source, str(submission), facts, "withdrawn", line.received_at, line.reason)


def _revised(pair: _Pair, frame: pd.DataFrame, year: str) -> Iterator[RevisedCell]:
    """Yield the cells whose printed value changed, those with the fewest categories first."""
    if frame.empty or pair.before is None:
        return
    ordered = frame.assign(categories=(frame.loc[:, list(DIMENSIONS)] != TOTAL).sum(axis=1))
    first = ordered.sort_values(["categories", *KEY]).head(MOST_REVISED)
    before = _visible(pair.home, pair.before, year)
    now = _visible(pair.home_of_now, pair.now, year)
    for key in first.loc[:, list(KEY)].astype(str).itertuples(index=False, name=None):
        codes = dict(zip(KEY, key, strict=True))
        coordinates = {name: code for name, code in codes.items() if name not in DIMENSIONS or code != TOTAL}
        yield RevisedCell(coordinates, before[key], now[key])


@lru_cache(maxsize=16)
def _visible(home: Home, entry: LedgerEntry, year: str) -> Mapping[tuple[str, ...], ReleasedCell]:
    """Return what a reader sees of each cell of a year."""
    from reports.released.released_tables import cells_of, with_ratios

    cells = _cells(home, entry)
    return with_ratios(cells_of(cells[cells["time_period"] == year]), _manifest(home, entry)["indicators"])
