"""The disclosure audit at the gate: what could be learnt from the final bytes of all datasets together.

Belongs here: reading the printed cells back as a reader would, attacking every block and year with everything that was
printed before, and comparing each value with the true one behind it. It takes nothing over from the audits that
protection made.
Does not belong here: rules that need no truth (`house_rules.py`), or the verdict (`gate.py`).

An audit is a pure function: its outcome is kept in `candidates/audit.json` (sealed: it names cells) under a hash of all
it depends on, so that the gates of several datasets, and later builds, do not repeat the same question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from expectations import areas, blocks, cells
from expectations.attacks import rounded_again
from expectations.blocks import (
    LATE_CASES,
    MINIMUM_VALUES,
    SENSITIVE_UNDER,
    SUPPRESSION,
    WITHHELD,
    BlockYear,
    attack,
    block_years,
)
from expectations.cells import COUNTED, KEY, keys_of, text_hash
from expectations.protection import pending_base
from expectations.revision import Memory, Recollection
from expectations.scheme import Scheme
from expectations.shielding import differing
from ingestion.home import Home, sha256_of, write_bytes
from methods.disclosure import audit as attacks

_SOLVERS = ("highspy", "scipy", "numpy")


@dataclass(frozen=True)
class Finding:
    """Something that could be learnt, or a value that does not follow from the truth. Sealed: it names a cell."""

    block: tuple[str, ...]
    year: str
    rule: str
    coordinates: Mapping[str, str]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Examination:
    """The joint audit of one set of final bytes.

    Attributes:
        audited: printed or withheld cells that were audited, by label of block and year. The number of questions stays
            inside: it grows with the number of small cells.
        disclosures: what could be learnt.
        strays: printed values that are further from the true ones than their method allows.
        unaudited: printed values that no block and year contains, or that stand beside another value of their key.
        withdrawn: blocks and years whose earlier vintages cannot be explained by late cases, so that the attacker was
            not given them.
        rounded_again: cells that were rounded otherwise before, though nothing changed behind them.
    """

    audited: Mapping[str, int]
    disclosures: list[Finding] = field(default_factory=list[Finding])
    strays: list[Finding] = field(default_factory=list[Finding])
    unaudited: list[Finding] = field(default_factory=list[Finding])
    withdrawn: list[Finding] = field(default_factory=list[Finding])
    rounded_again: list[Finding] = field(default_factory=list[Finding])


def examine_final(home: Home, scheme: Scheme, frames: Mapping[str, pd.DataFrame]) -> Examination:
    """Return the joint audit of the final frames of all datasets.

    Args:
        home: for the pending base, the ledger and the memo.
        scheme: the rules of all cards.
        frames: the final frames by dataset, read back from their bytes.
    """
    printed = pd.concat(list(frames.values()), ignore_index=True)
    memory, memo = Memory(home), _Memo(home)
    audited: dict[str, int] = {}
    examined = Examination(audited)
    seen: list[pd.DataFrame] = []
    for block_year in block_years(pending_base(home), printed, scheme):
        sayable = _sayable(block_year)
        seen.append(sayable.cells)
        recalled = memory.of(sayable.block, sayable.year)
        audited[sayable.label] = len(sayable.cells)
        disclosures, is_joined = memo.audited(sayable, recalled)
        examined.disclosures.extend(disclosures)
        if not is_joined:
            examined.withdrawn.append(Finding(sayable.block, sayable.year, "earlier_vintage_withdrawn", {}))
        examined.strays.extend(_strays(sayable, recalled))
        examined.rounded_again.extend(_rounded_again(sayable, recalled))
    examined.unaudited.extend([*_unaudited(scheme, printed, seen), *_conflicts(printed)])
    memo.keep()
    return examined


class _Memo:
    """Audits that were answered before, by label of block and year, each under the hash of its question."""

    def __init__(self, home: Home) -> None:
        self._path = home.candidates / "audit.json"
        self._known: dict[str, Any] = json.loads(self._path.read_bytes()) if self._path.exists() else {}
        self._asked: dict[str, Any] = {}
        self._code = _code_hash()

    def audited(self, block_year: BlockYear, recalled: Recollection) -> tuple[list[Finding], bool]:
        """Return what could be learnt, and whether it was asked with all earlier vintages that tell anything."""
        vintages = differing(recalled.vintages, block_year.cells)
        ticket = self._ticket(block_year, vintages)
        found: dict[str, Any] = self._known.get(block_year.label, {})
        if found.get("ticket") != ticket:
            found = {"ticket": ticket, **_audit(block_year, vintages)}
        self._asked[block_year.label] = found
        return [_read(one) for one in found["disclosures"]], found["additions_only"]

    def keep(self) -> None:
        """Write the answers of this examination; older ones are forgotten."""
        text = json.dumps(self._asked, sort_keys=True, indent=1)
        write_bytes(self._path, text.encode("utf-8"), mode=0o600)

    def _ticket(self, block_year: BlockYear, vintages: Sequence[pd.DataFrame]) -> str:
        scheme = block_year.scheme
        rules = (scheme.relations(block_year.block), scheme.merged, scheme.never, block_year.rounding_base)
        columns = [*KEY, "obs_value", "disclosure_method"]
        frames = [block_year.base[[*KEY, "obs_value"]], block_year.cells[columns], *(one[columns] for one in vintages)]
        return text_hash("|".join([self._code, repr(rules), *(frame.to_csv(index=False) or "" for frame in frames)]))


def _read(entry: dict[str, Any]) -> Finding:
    known = dict(entry)
    return Finding(tuple(known.pop("block")), **known)


def _code_hash() -> str:
    """The hash of the code that audits, and of the versions of what it calculates with: a better audit asks again."""
    disclosure = sorted(Path(attacks.__file__).parent.glob("*.py"))
    own = [Path(module.__file__ or "") for module in (areas, blocks, cells)]
    hashes = [sha256_of(path) for path in [*disclosure, *own, Path(__file__)]]
    return text_hash("|".join([*hashes, *(f"{tool} {version(tool)}" for tool in _SOLVERS)]))


def _audit(block_year: BlockYear, vintages: Sequence[pd.DataFrame]) -> dict[str, Any]:
    values, methods = _as_read(block_year)
    report = attack(block_year, values, methods, vintages)
    findings = [
        Finding(block_year.block, block_year.year, one.rule, one.coordinates, _number(one.low), _number(one.high))
        for one in report.failures
    ]
    return {"additions_only": report.additions_only, "disclosures": [asdict(finding) for finding in findings]}


def _sayable(block_year: BlockYear) -> BlockYear:
    """Without cells whose codes are in no base cell; these are left for `_unaudited`."""
    known = block_year.cells[block_year.covers(block_year.cells)].reset_index(drop=True)
    return BlockYear(block_year.block, block_year.year, block_year.base, known, block_year.scheme)


def _as_read(block_year: BlockYear) -> tuple[np.ndarray, list[str]]:
    values = block_year.cells["obs_value"].to_numpy(dtype=float)
    methods = [str(method) for method in block_year.cells["disclosure_method"]]
    return values, [WITHHELD if np.isnan(value) else method for value, method in zip(values, methods, strict=True)]


def _strays(block_year: BlockYear, recalled: Recollection) -> list[Finding]:
    """Rounded values not within their base; exact ones neither true nor kept; untrue ones that suppression shows."""
    values, methods = _as_read(block_year)
    away = np.abs(values - block_year.true_cells)
    names = np.asarray(methods, dtype=str)
    before = recalled.row_of(block_year.cells)
    was_exact = before["disclosure_method"].astype(str).str.startswith("EXACT").to_numpy()
    is_kept = was_exact & (before["obs_value"].to_numpy(dtype=float) == values) & (away < LATE_CASES)
    rounded, exact = np.char.startswith(names, "ROUNDED"), np.char.startswith(names, "EXACT")
    bases = np.array([float(name.partition("_")[2]) if name.startswith("ROUNDED") else np.inf for name in methods])
    wrong = (rounded & (away >= bases)) | (exact & (away > 0) & ~is_kept)
    wrong |= np.char.startswith(names, SUPPRESSION) & (away > 0)
    rows = block_year.cells.loc[wrong, list(KEY)]
    return [_finding(block_year.block, block_year.year, "away_from_truth", row) for row in rows.to_dict("records")]


def _rounded_again(block_year: BlockYear, recalled: Recollection) -> list[Finding]:
    """Cells of another rounding than before, where what stands behind them is what it was when they were printed."""
    if not recalled.sealed:
        return []
    changed = np.zeros(len(block_year.base), dtype=bool)
    for behind in recalled.sealed:  # one a dataset: they differ where a run was killed between two releases
        place = keys_of(behind).get_indexer(keys_of(block_year.base))
        changed |= (place < 0) | (behind["obs_value"].to_numpy(dtype=float)[place] != block_year.true_base)
    is_same = np.asarray(block_year.model.matrix @ changed.astype(float)) == 0
    limits = {"rounding_base": block_year.rounding_base, "least": MINIMUM_VALUES, "small": SENSITIVE_UNDER}
    again = rounded_again(recalled.row_of(block_year.cells), block_year.cells, is_same, **limits)
    rows = block_year.cells.loc[again, list(KEY)]
    return [_finding(block_year.block, block_year.year, "rounded_again", row) for row in rows.to_dict("records")]


def _unaudited(scheme: Scheme, printed: pd.DataFrame, seen: Sequence[pd.DataFrame]) -> list[Finding]:
    """Counted values of rounded units that no block contained: an audit must not pass by looking at nothing."""
    units = [unit for unit, protection in scheme.units.items() if protection.protects]
    due = printed["unit_measure"].isin(units) & printed["measure"].isin(COUNTED) & printed["obs_value"].notna()
    wanted = printed.loc[due, list(KEY)].drop_duplicates()
    missing = wanted[~keys_of(wanted).isin([key for frame in seen for key in keys_of(frame)])]
    return [
        _finding((f"{row['indicator']}/{row['measure']}",), str(row["time_period"]), "not_audited", row)
        for row in missing.to_dict("records")
    ]


def _conflicts(printed: pd.DataFrame) -> list[Finding]:
    """Cells that are printed twice, and not alike: an audit of the one says nothing about the other."""
    alike = printed.drop_duplicates([*KEY, "obs_value", "obs_status", "disclosure_method"])
    twice = alike[alike.duplicated(list(KEY))].loc[:, list(KEY)]
    return [
        _finding((f"{row['indicator']}/{row['measure']}",), str(row["time_period"]), "printed_twice", row)
        for row in twice.to_dict("records")
    ]


def _finding(block: tuple[str, ...], year: str, rule: str, row: Mapping[Any, Any]) -> Finding:
    return Finding(block, year, rule, {str(name): str(value) for name, value in row.items()})


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
