"""Audit a release as a stranger: from released folders alone, without home, ledger or key.

Belongs here: finding the releases that a manifest names in its neighbourhood, and auditing every figure that could be a
small count. Does not belong here: hashes (`verification.py`), the gate's audit, which knows the true counts and asks
only about the small ones (`disclosure_audit.py`), or the mathematics (`methods/disclosure/auditing/audit.py`).

A stranger has no true values, so this audit asks more than the gate: for each rounded or withheld figure that could be
1 to 4, whether at least three values remain possible, given everything else released, now and before. A figure with
fewer discloses too much only if all remaining values lie within 1 to 4. Otherwise it is merely near: it may be 0, or 5
and more, and the gate, which passed it, knows that it is. Answers are counts: a failing cell is never named.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from expectations.cards.cells import (
    COUNT_COLUMNS,
    COUNTED,
    KEY,
    TOTAL,
    WITH_FIGURE,
    keys_of,
    measure_ids,
    read_parquet,
)
from expectations.cards.release_scheme import select_never_entries
from expectations.protection.constraint_systems import (
    WITHHELD,
    bounds_of_vintage,
    coordinates,
    drop_unprotected_rows,
    positions,
)
from expectations.published.release_formats import format_refusal
from expectations.releases import public_constraints
from ingestion.home import read_verified
from ingestion.storage import parse_json, reading, refuse_leading_out
from languages.refusal import Refusal
from methods.disclosure.auditing.attack_questions import NEVER, TOO_FEW
from methods.disclosure.auditing.audit import IMPOSSIBLE, AuditFailure, AuditQuestion, audit
from methods.disclosure.auditing.vintages import Vintage
from methods.disclosure.table_model import Relation, TableModel, build_model, connected_blocks

_DATA = "data.parquet"
_NOT_ASKED = "not asked"


@dataclass(frozen=True)
class YearAnswer:
    """What can be learnt from the released figures of one block and year; counts only.

    Attributes:
        cells: number of printed or withheld figures.
        asked: number of those that could be a small count.
        narrow: number of figures that are surely small and leave too few values.
        late: number of figures whose late cases, between releases, leave too few values.
        near: number of figures that leave too few values and could be 0, or no small count.
        never: number of crosses of the `never` list that are printed or surely not empty.
        contradicts: whether no whole table agrees with what is printed.
        vintages: number of earlier issues that were taken into account.
    """

    block: str
    year: str
    cells: int
    asked: int
    narrow: int
    late: int
    near: int
    never: int
    contradicts: bool
    vintages: int

    @property
    def ok(self) -> bool:
        """Whether nothing forbidden can be learnt."""
        return not (self.narrow or self.late or self.never or self.contradicts)


@dataclass(frozen=True)
class PublicAudit:
    """The result of a stranger's audit of one release.

    Attributes:
        years: one answer for each block and year.
        left: number of blocks and years not audited, because the time for a sample was over.
        missing: releases that the manifest names but that are not in the neighbouring folders, so that the audit knew
            less than a reader who has them: `<dataset>/<version>`, or `<dataset>` for the tables released together with
            it.
    """

    years: tuple[YearAnswer, ...]
    missing: tuple[str, ...]
    left: int = 0

    @property
    def ok(self) -> bool:
        """Whether at least one block was audited and nothing was learnt."""
        return bool(self.years) and all(year.ok for year in self.years)

    def content(self) -> dict[str, Any]:
        """Return it as data for a machine."""
        totals = {
            name: sum(getattr(year, name) for year in self.years)
            for name in ("cells", "asked", "narrow", "late", "near")
        }
        years = [asdict(year) for year in self.years]
        return {"ok": self.ok, **totals, "left": self.left, "missing": list(self.missing), "years": years}


@dataclass(frozen=True)
class _ReleasedFolder:
    """A complete released folder."""

    manifest: Mapping[str, Any]
    frame: pd.DataFrame

    @property
    def issue(self) -> str:
        """Its protection run: releases that share it have figures of the same day."""
        together: Mapping[str, str] = self.manifest["together"]
        return json.dumps(together, sort_keys=True) if together else str(self.manifest["files"][_DATA])


def audit_release(
    path: Path, progress: Callable[[int, int, float], None] | None = None, *, within: float = math.inf
) -> PublicAudit:
    """Return the audit of the release in the folder `path`, with the releases it names if they lie beside it.

    Args:
        path: path of the folder.
        progress: called after each block and year with: how many are done, of how many, and the share of the work
            (0-1).
        within: seconds for a sample: no block is started after them. The newest year comes first; within it blocks
            about children, then the smaller blocks.

    Raises:
        Refusal: `manifest_other_format`; `bytes_changed`, `file_missing` for a damaged folder, `name_leads_out` for one
            that names files elsewhere.
    """
    own = _release(path)
    if own is None:
        raise Refusal("file_missing", where=str(path / _DATA))
    releases = path.resolve().parent.parent
    with reading(path / "manifest.json"):  # right hashes prove no system either
        present, missing = _same_day_releases(releases, own)
        earlier, lost = _earlier_releases(releases, own)
        answers = list(_answers(present, earlier, progress, within))
    left = sum(answer is _NOT_ASKED for answer in answers)
    years = tuple(answer for answer in answers if isinstance(answer, YearAnswer))
    return PublicAudit(years, (*missing, *lost), left)


def _release(folder: Path) -> _ReleasedFolder | None:
    """Return the release in a folder, its data verified; None if there is none, or a tombstone."""
    if not (folder / "manifest.json").exists() or not (folder / _DATA).exists():
        return None
    for name in ("manifest.json", _DATA):
        refuse_leading_out(folder, name)
    with reading(folder / "manifest.json"):
        manifest = parse_json((folder / "manifest.json").read_bytes())
        if refusal := format_refusal(manifest, folder / "manifest.json"):
            raise refusal
        data = read_verified(folder / _DATA, manifest["files"][_DATA])
    with reading(folder / _DATA):  # right hashes prove no table: a forger writes both
        frame = read_parquet(data)
    return _ReleasedFolder(manifest, frame)


def _same_day_releases(releases: Path, own: _ReleasedFolder) -> tuple[list[_ReleasedFolder], list[str]]:
    """Return the release and those of the same day, and the names of those that are missing."""
    present, missing = [own], list[str]()
    for dataset, sha256 in sorted(own.manifest["together"].items()):
        if dataset != own.manifest["dataset"]:
            refuse_leading_out(releases, dataset)
            other = _find_folder(releases / dataset, sha256)
            present += [other] if other else []
            missing += [] if other else [dataset]
    return present, missing


def _find_folder(folder: Path, sha256: str) -> _ReleasedFolder | None:
    """Return the version of a dataset that has this data hash, if it is there."""
    for path in sorted(folder.glob("*/manifest.json")):
        if parse_json(path.read_bytes())["files"][_DATA] == sha256:
            return _release(path.parent)
    return None


def _earlier_releases(releases: Path, own: _ReleasedFolder) -> tuple[list[pd.DataFrame], list[str]]:
    """Return what was released before, one frame per issue, oldest first, and the names of missing releases."""
    issues: dict[str, list[pd.DataFrame]] = {}
    lost: list[str] = []
    for named in own.manifest["earlier"]:
        refuse_leading_out(releases, f"{named['dataset']}/{named['version']}", deep=True)
        released = _release(releases / named["dataset"] / named["version"])
        if released is None:
            lost.append(f"{named['dataset']}/{named['version']}")
        elif released.issue != own.issue:
            issues.setdefault(released.issue, []).append(released.frame)
    return [pd.concat(frames, ignore_index=True) for frames in issues.values()], lost


def _answers(
    present: Sequence[_ReleasedFolder],
    earlier: Sequence[pd.DataFrame],
    progress: Callable[[int, int, float], None] | None,
    within: float,
) -> Iterator[YearAnswer | str | None]:
    """Yield the answer of each block and year: None if nothing is printed of it, `_NOT_ASKED` after the time."""
    begun = time.monotonic()
    systems: list[Mapping[str, Any]] = [folder.manifest["system"] for folder in present]
    printed = pd.concat([folder.frame for folder in present], ignore_index=True)
    asked = [(known, year) for known in _join_systems(systems) for year in public_constraints.years_of(known.rules)]
    size_of = {
        place: len(public_constraints.base_of(block.rules, block.measures, year))
        for place, (block, year) in enumerate(asked)
    }
    turns = list(size_of)
    if within < math.inf:
        turns.sort(key=lambda place: (-int(asked[place][1]), not asked[place][0].tells_ages, size_of[place]))
    done = 0
    for turn, place in enumerate(turns):
        if turn and time.monotonic() - begun > within:
            yield _NOT_ASKED
            continue
        known, year = asked[place]
        yield known.question(printed, earlier, year)
        done += size_of[place]
        if progress:
            progress(turn + 1, len(asked), done / max(sum(size_of.values()), 1))


@dataclass(frozen=True)
class _PublicBlock:
    """One block of measures, with the rules of the manifest that covers most of it."""

    measures: tuple[str, ...]
    rules: Mapping[str, Any]

    @property
    def tells_ages(self) -> bool:
        """Whether its figures separate children from adults."""
        return any(grid["measure"] in self.measures and grid["codes"]["age"] != [TOTAL] for grid in self.rules["grids"])

    @property
    def base(self) -> int:
        """The base to which its figures are rounded."""
        unit = self.rules["unit_of"][self.measures[0].partition("/")[0]]
        return int(self.rules["units"][unit]["base"])

    def question(self, printed: pd.DataFrame, earlier: Sequence[pd.DataFrame], year: str) -> YearAnswer | None:
        """Return what can be learnt of one year; None if nothing is printed of it."""
        base, now = public_constraints.base_of(self.rules, self.measures, year), self._select_rows(printed, year)
        if base.empty or now.empty:
            return None
        # a count that joined a frozen year is withheld there, and the grid has no cell of it
        waits = now["obs_value"].isna() & ~measure_ids(now).isin(measure_ids(base))
        now = now[~waits].reset_index(drop=True)
        vintages = _telling_vintages([self._select_rows(drop_unprotected_rows(frame), year) for frame in earlier], now)
        frames = [*vintages, now]
        *before, present = (
            Vintage(self._model(base, frame), bounds_of_vintage(frame, older))
            for frame, older in zip(frames, [None, *frames], strict=False)
        )
        sizes = self.rules["audit"]
        could_be_small = (present.bounds.lower < sizes["small_under"]) & (present.bounds.upper >= 1)
        never = select_never_entries(self.rules["never"], self.measures)
        question = AuditQuestion(could_be_small, sizes["minimum_values"], never, earlier=before)
        report = audit(present, question)
        nothing = np.zeros(len(now), dtype=bool)  # no figure is asked about, only what came late
        late = audit(present, replace(question, sensitive=nothing)).failures if vintages else []
        few = [failure for failure in report.failures if failure.rule == TOO_FEW and failure.high > 0]
        small = [failure for failure in few if failure.low >= 1 and failure.high < sizes["small_under"]]
        return YearAnswer(
            block="+".join(self.measures),
            year=year,
            cells=len(now),
            asked=int(could_be_small.sum()),
            narrow=len(small),
            late=_count(late, TOO_FEW),
            near=len(few) - len(small),
            never=_count(report.failures, NEVER),
            contradicts=_count(report.failures, IMPOSSIBLE) > 0,
            vintages=len(vintages),
        )

    def _select_rows(self, frame: pd.DataFrame, year: str) -> pd.DataFrame:
        """Return the printed or withheld counts of this block and year, each once, by key."""
        spoken = frame["obs_status"].isin(WITH_FIGURE) | (frame["disclosure_method"] == WITHHELD)
        here = measure_ids(frame).isin(self.measures) & (frame["time_period"] == year)
        rows = frame[spoken & here & frame["measure"].isin(COUNTED)]
        return rows.drop_duplicates(list(KEY)).sort_values(list(KEY)).reset_index(drop=True)

    def _model(self, base: pd.DataFrame, cells: pd.DataFrame) -> TableModel:
        known = coordinates(base)
        present = set(known["measure"])
        relations = [Relation(**entry) for entry in self.rules["relations"]]
        held = [relation for relation in relations if relation.measure in present and relation.of in present]
        return build_model(known, coordinates(cells), held, ancestors=self.rules["areas"], merged=self.rules["merge"])


def _count(failures: Sequence[AuditFailure], rule: str) -> int:
    return len([failure for failure in failures if failure.rule == rule])


def _join_systems(systems: Sequence[Mapping[str, Any]]) -> Iterator[_PublicBlock]:
    """Yield the blocks of all manifests, each once; the manifest with most measures of a block gives its rules."""
    largest: dict[str, _PublicBlock] = {}
    for rules in systems:
        rounded = [
            grid["measure"]
            for grid in rules["grids"]
            if rules["units"][rules["unit_of"][grid["measure"].partition("/")[0]]]["method"] == "rounding"
        ]
        relations = [Relation(**entry) for entry in rules["relations"]]
        for block in connected_blocks(sorted(set(rounded)), relations):
            for measure in block:
                if measure not in largest or len(largest[measure].measures) < len(block):
                    largest[measure] = _PublicBlock(block, rules)
    yield from {block.measures: block for block in largest.values()}.values()


def _telling_vintages(vintages: Sequence[pd.DataFrame], now: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the earlier issues that differ from what is printed now, each once."""
    texts = {_text(now)}
    telling: list[pd.DataFrame] = []
    for vintage in vintages:
        shown = vintage[keys_of(vintage).isin(keys_of(now))]
        if (
            len(vintage)
            and (len(shown) < len(vintage) or not _repeats_vintage(shown, now))
            and _text(vintage) not in texts
        ):
            telling.append(vintage)
            texts.add(_text(vintage))
    return telling


def _repeats_vintage(shown: pd.DataFrame, now: pd.DataFrame) -> bool:
    same = now.reindex(positions(now, shown)).reset_index(drop=True)
    return _text(shown) == _text(same)


def _text(frame: pd.DataFrame) -> str:
    return frame.loc[:, [*COUNT_COLUMNS, "disclosure_method"]].to_csv(index=False) or ""
