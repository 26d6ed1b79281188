"""Published estimates of two kinds: victims whom no agency knows, and cases still to come.

Belongs here: the form of each kind, which version is current, and reading earlier and withdrawn ones by hash. Does not
belong here: making and publishing them (`expectations/estimates`), sentences (the reports).

    releases/<one of ledger.ESTIMATES>/<version>/    manifest.json and the files that it names
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from expectations.cards import areas
from expectations.published import ledger
from expectations.published.ledger import LedgerEntry
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home, read_verified
from ingestion.storage import parse_json
from methods.case_flow.told_nowcast import ToldNowcast
from methods.multiple_systems.told_estimate import ToldEstimate

if TYPE_CHECKING:
    import pandas as pd

INDICATOR, MEASURE = "PRT-01", "COUNT"
"""The printed count that accompanies an estimate of persons: presumed victims by year of first contact."""
NOT_CARRIED, WITHDRAWN = "not_carried", "withdrawn"
"""Reasons. The first replaces every one that depends on true counts: naming it would reveal something of them."""


class PublishedEstimate(Protocol):
    """What the forms of the two kinds share, all dataclasses: figures, or the reason why none is published."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def reason(self) -> str:
        """Why nothing is published; empty if something is."""
        ...

    @property
    def key(self) -> tuple[str, ...]:
        """What it is an estimate of: readers have at most one figure of these."""
        ...

    @property
    def cell(self) -> Mapping[str, str]:
        """The dimensions of its figures in the ledger."""
        ...

    @property
    def measures(self) -> Mapping[str, int]:
        """The published figures by measure; none of them is `COUNT`. Empty with a reason."""
        ...


@dataclass(frozen=True)
class ToldLinkage:
    """How well the records behind an estimate are linked, in whole per cent rounded down.

    Attributes:
        recall: lower 95 % limit of the share of true pairs that are found.
        agreed: share of sampled pairs on which two readers agree; None if pseudonymous IDs measured it.
    """

    recall: int
    agreed: int | None = None


@dataclass(frozen=True)
class PlaceEstimate:
    """The published estimate of the victims of one place whom no agency knows: figures, or a reason.

    Attributes:
        place: code of the area.
        year: year of the persons.
        observed: presumed victims, as printed.
        hidden: estimate minus observed.
        figures: the other figures; None with a reason.
        linkage: measured quality of linkage; None with a reason.
    """

    place: str
    year: str
    reason: str = ""
    observed: int | None = None
    hidden: int | None = None
    figures: ToldEstimate | None = None
    linkage: ToldLinkage | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Place and year."""
        return self.place, self.year

    @property
    def cell(self) -> Mapping[str, str]:
        """Place and year."""
        return {"ref_area": self.place, "time_period": self.year}

    @property
    def measures(self) -> Mapping[str, int]:
        """Estimate, limits, Chao's bound and the difference to the printed count."""
        if self.figures is None:
            return {}
        names = ("estimate", "lower95", "upper95", "lower80", "upper80", "chao_lower")
        return {name.upper(): getattr(self.figures, name) for name in names} | {"HIDDEN": self.hidden or 0}


@dataclass(frozen=True)
class SenderNowcast:
    """The published forecast of one list of one sender: figures, or a reason.

    Attributes:
        source: the sender.
        shape: kind of list: `victims`, `services`.
        year: year of first contact, the last closed one of the lists; empty if no year was forecast.
        as_of: date of the newest list, ISO.
        figures: the published figures; None with a reason.
    """

    source: str
    shape: str
    year: str = ""
    as_of: str = ""
    reason: str = ""
    figures: ToldNowcast | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Sender, list and year."""
        return self.source, self.shape, self.year

    @property
    def cell(self) -> Mapping[str, str]:
        """Country and year, with the sender as the holder."""
        return {"ref_area": areas.COUNTRY, "time_period": self.year, "holder": self.source}

    @property
    def measures(self) -> Mapping[str, int]:
        """What has arrived, and the forecast with its limits."""
        if self.figures is None:
            return {}
        names = {"seen": "ARRIVED", "middle": "NOWCAST", "lower": "NOWCAST_LOWER", "upper": "NOWCAST_UPPER"}
        return {measure: getattr(self.figures, name) for name, measure in names.items()}


E = TypeVar("E", bound=PublishedEstimate)


@dataclass(frozen=True)
class EstimateRelease(Generic[E]):
    """Published estimates of one kind: figures or reasons.

    Attributes:
        version: as the ledger names it.
        estimates: in the order of the file.
    """

    version: str
    estimates: tuple[E, ...]


@dataclass(frozen=True)
class EarlierEstimate(Generic[E]):
    """What readers have already of the place, list or year of an estimate.

    Attributes:
        estimate: the newest published figures; None if there are none.
        sealed: the true counts behind them; None without.
        is_withdrawn: whether figures of the same cell were withdrawn: none are published again.
    """

    estimate: E | None
    sealed: pd.DataFrame | None
    is_withdrawn: bool


@dataclass(frozen=True)
class EstimateKind(Generic[E]):
    """One kind of estimate: where it is published, and in which form.

    Attributes:
        dataset: its name in the ledger.
        form: the class of one estimate.
        file: name of the file that holds the estimates.
        indicator: what the measures describe.
        place: the dimension that the csv table names beside the year; empty without a table.
    """

    dataset: str
    form: type[E]
    file: str
    indicator: str = INDICATOR
    place: str = ""

    def read_latest(self, home: Home, log: ReleaseLog | None = None) -> EstimateRelease[E] | None:
        """Return the current version, read by hash; None before the first, and after a withdrawal.

        Raises:
            Refusal: `bytes_changed`, `file_missing`, `ledger_broken`.
        """
        log = log or ReleaseLog.read_log(home)
        lines = log.releases_of(self.dataset)
        if not lines or lines[-1].version in log.withdrawals_of(self.dataset):
            return None
        return EstimateRelease(lines[-1].version, self.read_version(home, lines[-1]))

    def read_version(self, home: Home, entry: LedgerEntry) -> tuple[E, ...]:
        """Return the estimates of a version, verified by hash.

        Raises:
            Refusal: `bytes_changed`, `file_missing`.
        """
        folder = home.releases / self.dataset / entry.version
        manifest = parse_json(read_verified(folder / "manifest.json", entry.manifest_sha256))
        content = parse_json(read_verified(folder / self.file, manifest["files"][self.file]))
        return tuple(map(_adapter_of(self.form).validate_python, content))

    def read_earlier(self, home: Home, log: ReleaseLog, estimates: Iterable[E]) -> Iterator[EarlierEstimate[E]]:
        """Yield for each estimate what readers have already of the same place, list or year."""
        published: dict[tuple[str, ...], tuple[E, pd.DataFrame]] = {}
        gone = log.withdrawals_of(self.dataset)
        for entry in reversed(log.releases_of(self.dataset)):
            content = self.read_version(home, entry) if entry.version not in gone else ()
            if figures := [estimate for estimate in content if estimate.measures]:
                sealed = ledger.sealed_of(home, entry)
                published = {estimate.key: (estimate, sealed) for estimate in figures} | published
        withdrawn = list(self.withdrawn_cells(home, log))
        for estimate in estimates:
            is_withdrawn = any(estimate.cell.items() <= cell.items() for cell in withdrawn)
            yield EarlierEstimate(*published.get(estimate.key, (None, None)), is_withdrawn)

    def withdrawn_cells(self, home: Home, log: ReleaseLog) -> Iterator[dict[str, Any]]:
        """Yield the cells of every withdrawn version: its folder no longer holds them, the ledger does."""
        gone = log.withdrawals_of(self.dataset)
        for entry in log.releases_of(self.dataset):
            if entry.version in gone:
                for cell in ledger.cells_of(home, entry).to_dict("records"):
                    yield {str(name): value for name, value in cell.items()}


@cache
def _adapter_of(form: type[E]) -> TypeAdapter[E]:
    return TypeAdapter(form)


HIDDEN_PARTS = EstimateKind(ledger.HIDDEN_PART, PlaceEstimate, "estimate.json")
NOWCASTS = EstimateKind(ledger.NOWCAST, SenderNowcast, "nowcast.json", indicator="LISTED_CASES", place="holder")
"""Cases on one agency's list by year of first contact. No released count has this indicator."""
KINDS = (HIDDEN_PARTS, NOWCASTS)
"""The kinds, in the order of `ledger.ESTIMATES`."""


def sealed_path(home: Home, kind: EstimateKind[Any]) -> Path:
    """Return the path of the sealed file of what one kind counted and computed last; it never leaves."""
    return home.candidates / f"{kind.dataset}.json"


def reasons(estimates: Iterable[PublishedEstimate]) -> dict[str, str]:
    """Return for each place, list or year without a figure the reason."""
    return {" ".join(filter(None, estimate.key)): estimate.reason for estimate in estimates if estimate.reason}
