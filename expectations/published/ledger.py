"""The ledger: everything ever published, and (sealed) the true figures behind what is printed now.

Belongs here: the hash-chained log of releases and estimates, the cells of each, the sealed
base of each, and reading them verified.
Does not belong here: deciding what may be published (`protect_datasets.py`, `verdicts.py`) or writing a release
(`release.py`).

    ledger/log.jsonl                             one line per release, in order; writing the line publishes it
    ledger.head                                  the number of lines, and the hash of the last one
    ledger/withdrawn.jsonl                       one line per withdrawal (`release_log.py`)
    ledger/external/<name>.yml                   figures that others published (`external.py`)
    ledger/published/<dataset>/<version>.parquet what was printed
    ledger/sealed/<dataset>/<version>.parquet    true base counts at the vintage of what is printed; never leaves the
    home
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.cards.cells import COLUMNS, COUNT_COLUMNS, KEY, parquet_bytes, read_parquet, text_hash
from ingestion.chain_heads import first_lost_line, has_lost_heads, is_behind, keep_head, read_heads
from ingestion.home import Home, read_verified, write_bytes
from ingestion.storage import parse_json
from ingestion.stored_tables import table_in
from languages.refusal import Refusal

if TYPE_CHECKING:
    import pandas as pd

SEALED_COLUMNS = COUNT_COLUMNS
HIDDEN_PART, NOWCAST = "hidden_part", "nowcast"
ESTIMATES = (HIDDEN_PART, NOWCAST)
"""Names in the log that are no release of a dataset: they have no lineage of their own."""
NATIONAL = "four_ps_national"
"""The dataset whose count accompanies the estimates."""


@dataclass(frozen=True)
class LedgerEntry:
    """One line of the log: a published release.

    Attributes:
        order: 1, 2, 3, … over all datasets.
        sequence: 1, 2, 3, … within this dataset.
        previous: hash of the previous line; it chains the log.
        key_check: `rounding_key.check_value` of the key that rounded it.
    """

    order: int
    dataset: str
    version: str
    sequence: int
    manifest_sha256: str
    cells_sha256: str
    sealed_sha256: str
    lineage_sha256: str
    previous: str
    key_check: str

    @property
    def line(self) -> str:
        """The entry as a line of the log."""
        return json.dumps(asdict(self), sort_keys=True)


def entries(home: Home, dataset: str | None = None) -> list[LedgerEntry]:
    """Return the log, oldest first; with `dataset`, that dataset's lines only.

    Raises:
        Refusal: `ledger_broken`, naming the line at which the chain breaks, or that is torn, invalid, or lost.
    """
    path, known = _log(home), read_heads(head_path(home))
    chain: list[LedgerEntry] = []
    data = path.read_bytes() if path.exists() else b""
    *lines, rest = data.decode("utf-8", errors="replace").split("\n")
    if rest:  # `append` writes the log whole: a torn line is not ours, and its content is unknown
        raise Refusal("ledger_broken", where=path.name, line=len(lines) + 1)
    for number, line in enumerate(lines, start=1):
        entry = _parse_entry(line)
        if entry is None:
            raise Refusal("ledger_broken", where=path.name, line=number)
        if entry.order != number or entry.previous != (text_hash(chain[-1].line) if chain else ""):
            raise Refusal("ledger_broken", where=path.name, line=number)
        chain.append(entry)
    lost = first_lost_line(known, [text_hash(entry.line) for entry in chain])
    if lost is not None:
        raise Refusal("ledger_broken", where=path.name, line=lost)
    if has_lost_heads(head_path(home), len(chain)):
        raise Refusal("ledger_broken", where=path.name, line=len(chain) + 1)
    return [entry for entry in chain if dataset in (None, entry.dataset)]


def lines_that_parse(home: Home) -> list[LedgerEntry]:
    """Return the lines of a log whose chain may be broken: what they name can still be compared with its hash."""
    path = _log(home)
    lines = path.read_bytes().decode("utf-8", errors="replace").split("\n") if path.is_file() else []
    return [entry for line in lines if (entry := _parse_entry(line))]


def head(home: Home) -> str:
    """Return the hash of the last line: it changes with every release and identifies the whole ledger."""
    lines = entries(home)
    return text_hash(lines[-1].line) if lines else ""


def read_published_cells(home: Home, lines: Sequence[LedgerEntry]) -> pd.DataFrame:
    """Return all cells of some releases: `order`, `dataset`, `version`, `sequence` and the released columns."""
    import pandas as pd  # imported late: most readers of the log need no cells

    frames = [cells_of(home, entry) for entry in lines]
    if not frames:
        return pd.DataFrame(columns=["order", "dataset", "version", "sequence", *COLUMNS])
    return pd.concat(frames, ignore_index=True)


def read_last_cells(home: Home, lines: Sequence[LedgerEntry]) -> pd.DataFrame | None:
    """Return the cells of the last of these releases (`cells_of`); None without one."""
    return cells_of(home, lines[-1]) if lines else None


def sealed_of(home: Home, entry: LedgerEntry) -> pd.DataFrame:
    """Return the true base counts behind one release (`SEALED_COLUMNS`)."""
    path = home.ledger / "sealed" / entry.dataset / f"{entry.version}.parquet"
    return read_parquet(read_verified(path, entry.sealed_sha256))


def store(home: Home, dataset: str, version: str, cells: pd.DataFrame, sealed: pd.DataFrame) -> tuple[str, str]:
    """Write the two files of a release before its line is written; return their hashes (cells, sealed)."""
    cells_sha256 = write_bytes(_cells_path(home, dataset, version), parquet_bytes(cells))
    path = home.ledger / "sealed" / dataset / f"{version}.parquet"
    frame = sealed.loc[:, list(SEALED_COLUMNS)].sort_values(list(KEY)).reset_index(drop=True)
    return cells_sha256, write_bytes(path, parquet_bytes(frame), mode=0o600)


def append(home: Home, entry: LedgerEntry) -> None:
    """Write the line that publishes a release: the whole log is rewritten atomically, so that no line is ever torn."""
    lines = [earlier.line for earlier in entries(home)]
    write_bytes(_log(home), ("\n".join([*lines, entry.line]) + "\n").encode("utf-8"))
    keep_head(head_path(home), entry.order, hash_of(entry))


def repair_head(home: Home, lines: Sequence[LedgerEntry]) -> None:
    """Update the head for the one line that a killed release had written before it (`hash_chain.repair_head`).

    Args:
        home: data home whose lock the caller holds.
        lines: all entries, as returned by `entries`.
    """
    before = hash_of(lines[-2]) if len(lines) > 1 else ""
    if lines and is_behind(head_path(home), len(lines), hash_of(lines[-1]), before):
        keep_head(head_path(home), lines[-1].order, hash_of(lines[-1]))


def next_entry(home: Home, dataset: str, version: str, **hashes: str) -> LedgerEntry:
    """Return the entry that would follow the last one of the log."""
    lines = entries(home)
    return LedgerEntry(
        order=len(lines) + 1,
        dataset=dataset,
        version=version,
        sequence=sum(entry.dataset == dataset for entry in lines) + 1,
        previous=text_hash(lines[-1].line) if lines else "",
        **hashes,
    )


def files_of(home: Home, entry: LedgerEntry) -> dict[Path, str]:
    """Return the files of the ledger that belong to an entry, each with its SHA-256."""
    sealed = home.ledger / "sealed" / entry.dataset / f"{entry.version}.parquet"
    return {_cells_path(home, entry.dataset, entry.version): entry.cells_sha256, sealed: entry.sealed_sha256}


def hash_of(entry: LedgerEntry) -> str:
    """Return the hash of a line of the log, which the next line and the head name."""
    return text_hash(entry.line)


def head_path(home: Home) -> Path:
    """Return the path of the head of the log: outside the folder, so that a lost folder is noticed."""
    root = home.published or home.root
    return root / "ledger.head"


def _parse_entry(line: str) -> LedgerEntry | None:
    try:
        return LedgerEntry(**parse_json(line))
    except (ValueError, TypeError):  # no JSON, or not the fields of an entry: the caller reports it
        return None


def cells_of(home: Home, entry: LedgerEntry) -> pd.DataFrame:
    """Return what one release printed: `order`, `dataset`, `version`, `sequence` and the released columns."""
    path = _cells_path(home, entry.dataset, entry.version)
    frame = read_parquet(read_verified(path, entry.cells_sha256))
    return frame.assign(order=entry.order, dataset=entry.dataset, version=entry.version, sequence=entry.sequence)


def count_cells(home: Home, entry: LedgerEntry) -> int:
    """Return the number of cells that one release printed, without building a frame."""
    return table_in(read_verified(_cells_path(home, entry.dataset, entry.version), entry.cells_sha256)).num_rows


def _cells_path(home: Home, dataset: str, version: str) -> Path:
    return home.ledger / "published" / dataset / f"{version}.parquet"


def _log(home: Home) -> Path:
    return home.ledger / "log.jsonl"
