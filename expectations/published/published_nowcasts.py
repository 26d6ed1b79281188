"""Published forecasts of late cases: the figures of each sender, read by hash.

Belongs here: their form, and reading them from released files. Does not belong here: making them
(`estimates/nowcast_release.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.published import estimate_folders, ledger
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home
from methods.case_flow.told_nowcast import ToldNowcast

if TYPE_CHECKING:
    import pandas as pd

FILE = "nowcast.json"


@dataclass(frozen=True)
class SenderNowcast:
    """The published forecast of one list of one sender: figures, or a reason.

    Attributes:
        source: the sender.
        shape: kind of list: `victims`, `services`.
        year: year of first contact, the last closed one of the lists; empty if no year was forecast.
        as_of: date of the newest list, ISO.
        reason: why nothing is published; empty if something is.
        figures: the published figures; None with a reason.
    """

    source: str
    shape: str
    year: str = ""
    as_of: str = ""
    reason: str = ""
    figures: ToldNowcast | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """Sender, list and year: one figure is published for these until enough cases came."""
        return self.source, self.shape, self.year


@dataclass(frozen=True)
class NowcastRelease:
    """The published forecasts: figures or reasons.

    Attributes:
        version: as the ledger names it.
        senders: forecasts by sender name.
    """

    version: str
    senders: tuple[SenderNowcast, ...]


def latest(home: Home, log: ReleaseLog | None = None) -> NowcastRelease | None:
    """Return the current forecasts, read by hash; None before the first, and after a withdrawal.

    Raises:
        Refusal: `bytes_changed`, `file_missing`, `ledger_broken`.
    """
    entry = estimate_folders.standing_version(log or ReleaseLog.read_log(home), ledger.NOWCAST)
    return NowcastRelease(entry.version, _senders(home, entry)) if entry else None


def published_figures(home: Home, log: ReleaseLog) -> Iterator[tuple[SenderNowcast, pd.DataFrame]]:
    """Return every published figure not withdrawn, the newest first, with the sealed counts of its version."""
    for entry in estimate_folders.published_versions(log, ledger.NOWCAST):
        senders = [sender for sender in _senders(home, entry) if sender.figures is not None]
        if senders:
            sealed = ledger.sealed_of(home, entry)
            yield from ((sender, sealed) for sender in senders)


def withdrawn_places(home: Home, log: ReleaseLog) -> set[tuple[str, str]]:
    """Return senders and years with a withdrawn figure: none is published again."""
    rows = estimate_folders.withdrawn_rows(home, log, ledger.NOWCAST)
    return {(str(row["holder"]), str(row["time_period"])) for row in rows}


def _senders(home: Home, entry: ledger.LedgerEntry) -> tuple[SenderNowcast, ...]:
    return tuple(map(_sender, estimate_folders.read_estimate_file(home, entry, FILE)))


def _sender(content: dict[str, Any]) -> SenderNowcast:
    figures: dict[str, Any] | None = content.pop("figures")
    return SenderNowcast(**content, figures=ToldNowcast(**figures) if figures else None)
