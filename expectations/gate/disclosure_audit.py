"""The disclosure audit at the gate: what could be learnt from the final bytes of all datasets together.

Belongs here: reading the printed cells back as a reader would, attacking every block and year with everything that was
printed before, and comparing each value with the true one behind it. It takes no answer over from the audits that
protection made: only witnesses, each of which is checked here against rows that are made here, and no question is
settled by anything else.
Does not belong here: rules that need no truth (`mandatory_rules.py`), or the verdict (`verdicts.py`).

An audit is a pure function: its outcome is kept in `candidates/audit.json` (sealed: it names cells) under a hash of all
it depends on, so that the gates of several datasets, and later builds, do not repeat the same question.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from expectations.candidates import contributions
from expectations.cards import areas, cells
from expectations.cards.cells import COUNTED, KEY, keys_of, text_hash
from expectations.cards.release_scheme import Scheme
from expectations.gate.arithmetic_attacks import rounded_again
from expectations.protection import constraint_systems, custom_table_history, insider_knowledge
from expectations.protection.audit_proofs import read_proofs
from expectations.protection.constraint_systems import (
    LATE_CASES,
    MINIMUM_VALUES,
    SENSITIVE_UNDER,
    SUPPRESSION,
    WITHHELD,
    BlockYear,
    attack,
    block_years,
)
from expectations.protection.custom_table_history import beside
from expectations.protection.insider_knowledge import Contributions, insiders_of
from expectations.protection.parallel_blocks import in_order
from expectations.protection.protect_block import differing
from expectations.protection.protect_datasets import pending_base
from expectations.protection.revisions import PriorReleases, ReleaseHistory
from ingestion.home import REQUIREMENTS, Home, sha256_of, write_bytes
from methods import disclosure as disclosure_control
from methods.disclosure.auditing.audit import INSIDER_CERTAIN, AuditFailure, AuditReport
from methods.disclosure.auditing.witnesses import Proof

CONTRADICTION = "contradiction"
_SOLVERS = ("highspy", "scipy", "numpy")


@dataclass(frozen=True)
class DisclosureFinding:
    """Something that could be learnt, or a value that does not follow from the truth. Sealed: it names a cell."""

    block: tuple[str, ...]
    year: str
    rule: str
    coordinates: Mapping[str, str]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class InsiderKnowledge:
    """What insiders know of one block and year. Sealed: the numbers grow with the number of small cells.

    Attributes:
        bodies: how many bodies sent cases.
        own: printed cells of 1 to 4 cases that all stand with one body: it knows its own, nothing is hidden from it.
        asked: how many cells with few cases of others bodies and persons were asked about.
        narrow: of these, those where a body is left with fewer than three values, though with more than one.
    """

    bodies: int
    own: int
    asked: int
    narrow: int


@dataclass(frozen=True)
class JointAudit:
    """The joint audit of one set of final bytes.

    Attributes:
        audited: printed or withheld cells that were audited, by label of block and year. The number of questions stays
            inside: it grows with the number of small cells.
        disclosures: what could be learnt.
        strays: printed values that are further from the true ones than their method allows.
        unaudited: printed values that no block and year contains, or that stand beside another value of their key.
        withdrawn: blocks and years whose earlier vintages cannot be explained by late cases alone: the attacker was
            given the fewest withdrawals that do.
        rounded_again: cells that were rounded otherwise before, though nothing changed behind them.
        narrow: what bodies that sent cases can narrow down about the cases of others; and what they know for certain by
            now of a year that stands as it was printed before.
        insiders: by label of block and year, who knows a part and how much: what no rounding hides from them.
    """

    audited: Mapping[str, int]
    disclosures: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    strays: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    unaudited: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    withdrawn: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    rounded_again: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    narrow: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    insiders: dict[str, InsiderKnowledge] = field(default_factory=lambda: dict[str, InsiderKnowledge]())


def examine_final(
    home: Home,
    scheme: Scheme,
    frames: Mapping[str, pd.DataFrame],
    external: pd.DataFrame | None = None,
    workers: int | None = None,
) -> JointAudit:
    """Return the joint audit of the final frames of all datasets.

    Args:
        home: for the pending base, the contributions, the ledger and the memo.
        scheme: the rules of all cards.
        frames: the final frames by dataset, read back from their bytes.
        external: figures that others published (`KEY`, `lower`, `upper`).
        workers: how many processes share what was not asked before; None: as many as are worth it.

    Raises:
        Refusal: `worker_lost`: nothing is answered by half.
    """
    printed = pd.concat(list(frames.values()), ignore_index=True)
    history, memo, sent, proofs = ReleaseHistory(home), _KeptAudits(home), Contributions(home), read_proofs(home)
    questions: list[_AuditQuestion] = []
    for block_year in map(_sayable, block_years(pending_base(home), printed, scheme)):
        prior = history.of(block_year.block, block_year.year)
        told = beside(block_year, prior.answered_of(block_year.base))
        vintages = differing(prior.vintages, told.block_year.cells)
        proof, shown = proofs.get(block_year.label), _ShownBlock(block_year, prior)
        questions.append(
            _AuditQuestion(told.block_year, vintages, sent.of(block_year), told.known(external), proof, shown)
        )
    own = [one.shown.block_year for one in questions]
    examined = JointAudit({one.label: len(one.cells) for one in own})
    for question, (answer, compared) in zip(questions, memo.audited(questions, workers), strict=True):
        _take_in(examined, question.shown, answer, compared)
    examined.unaudited.extend([*_unaudited(scheme, printed, [one.cells for one in own]), *_conflicts(printed)])
    memo.keep()
    return examined


@dataclass(frozen=True)
class _ShownBlock:
    """What releases print of one block and year, now and before."""

    block_year: BlockYear
    prior: PriorReleases

    def compared(self) -> _TruthComparison:
        """Compare the printed values with the true ones."""
        return _TruthComparison(_strays(self.block_year, self.prior), _rounded_again(self.block_year, self.prior))


@dataclass(frozen=True)
class _TruthComparison:
    """What the true values of one block and year say of the printed ones; made anew each time, and never kept."""

    strays: list[DisclosureFinding]
    rounded_again: list[DisclosureFinding]


def _take_in(examined: JointAudit, shown: _ShownBlock, answer: _AuditAnswer, compared: _TruthComparison) -> None:
    """Add what was answered about one block and year, and what its true values say of the printed ones."""
    block_year = shown.block_year
    later = answer.told_to_bodies if _is_out(block_year, shown.prior) else []
    examined.disclosures.extend(one for one in answer.disclosures if one not in later)
    examined.narrow.extend([*answer.narrow, *later])
    examined.insiders[block_year.label] = answer.knowledge
    if answer.withdrawn:
        examined.withdrawn.append(DisclosureFinding(block_year.block, block_year.year, "earlier_vintage_withdrawn", {}))
    examined.strays.extend(compared.strays)
    examined.rounded_again.extend(compared.rounded_again)


@dataclass(frozen=True)
class _AuditQuestion:
    """All that an audit of one block and year depends on; a proof saves work and decides nothing.

    What releases print of it, without custom tables, is compared with the truth by whoever answers.
    """

    block_year: BlockYear
    vintages: Sequence[pd.DataFrame]
    contributions: pd.DataFrame
    external: pd.DataFrame | None
    proof: Proof | None
    shown: _ShownBlock

    def ticket(self, code: str) -> str:
        scheme, block_year = self.block_year.scheme, self.block_year
        rules = (scheme.relations(block_year.block), scheme.merged, scheme.never, block_year.rounding_base)
        columns = [*KEY, "obs_value", "disclosure_method"]
        frames = [
            block_year.base[[*KEY, "obs_value"]],
            block_year.cells[columns],
            *(one[columns] for one in self.vintages),
            self.contributions,
            *([] if self.external is None else [self.external[self.external["time_period"] == block_year.year]]),
        ]
        return text_hash("|".join([code, repr(rules), *(frame.to_csv(index=False) or "" for frame in frames)]))


@dataclass(frozen=True)
class _AuditAnswer:
    disclosures: list[DisclosureFinding]
    narrow: list[DisclosureFinding]
    withdrawn: int
    knowledge: InsiderKnowledge

    @property
    def told_to_bodies(self) -> list[DisclosureFinding]:
        """What a body that sent cases knows for certain."""
        return [one for one in self.disclosures if one.rule == INSIDER_CERTAIN]


class _KeptAudits:
    """Audits that were answered before, by label of block and year, each under the hash of its question."""

    def __init__(self, home: Home) -> None:
        self._path = home.candidates / "audit.json"
        self._known: dict[str, Any] = json.loads(self._path.read_bytes()) if self._path.exists() else {}
        self._asked: dict[str, Any] = {}
        self._code = code_hash()

    def audited(
        self, questions: Sequence[_AuditQuestion], workers: int | None
    ) -> Iterator[tuple[_AuditAnswer, _TruthComparison]]:
        """Yield the answers in order: an earlier one to the very same question, or one that is found now."""
        tickets = [question.ticket(self._code) for question in questions]
        known = [self._known.get(one.block_year.label, {}) for one in questions]
        is_new = [found.get("ticket") != ticket for found, ticket in zip(known, tickets, strict=True)]
        new = [question for question, is_one in zip(questions, is_new, strict=True) if is_one]
        sizes = [len(one.block_year.base) for one in new]
        answers = in_order(_audit, new, sizes, where="disclosure_audit", workers=workers)
        for question, ticket, is_one, found in zip(questions, tickets, is_new, known, strict=True):
            answer, compared = next(answers) if is_one else (None, question.shown.compared())
            said = found if answer is None else {"ticket": ticket, **asdict(answer)}
            self._asked[question.block_year.label] = said
            yield _read(said), compared

    def keep(self) -> None:
        """Write the answers of this examination; older ones are forgotten."""
        text = json.dumps(self._asked, sort_keys=True, indent=1)
        write_bytes(self._path, text.encode("utf-8"), mode=0o600)


def _read(said: dict[str, Any]) -> _AuditAnswer:
    disclosures, narrow = ([_finding_of(one) for one in said[name]] for name in ("disclosures", "narrow"))
    return _AuditAnswer(disclosures, narrow, said["withdrawn"], InsiderKnowledge(**said["knowledge"]))


def _finding_of(entry: dict[str, Any]) -> DisclosureFinding:
    known = dict(entry)
    return DisclosureFinding(tuple(known.pop("block")), **known)


def code_hash() -> str:
    """Return the hash of the code that audits, of the lock and of the solvers' versions: a better audit asks again."""
    disclosure = sorted(Path(disclosure_control.__file__ or "").parent.rglob("*.py"))
    own = [
        Path(module.__file__ or "")
        for module in (custom_table_history, areas, constraint_systems, cells, contributions, insider_knowledge)
    ]
    hashes = [sha256_of(path) for path in [*disclosure, *own, Path(__file__), REQUIREMENTS]]
    return text_hash("|".join([*hashes, *(f"{tool} {version(tool)}" for tool in _SOLVERS)]))


def _audit(question: _AuditQuestion) -> tuple[_AuditAnswer, _TruthComparison]:
    block_year = question.block_year
    values, methods = _as_read(block_year)
    insiders = insiders_of(block_year, question.contributions)
    report = attack(block_year, values, methods, question.vintages, insiders, question.external, question.proof)
    bodies = [one for one in insiders if one.name]
    whole = (block_year.true_cells >= 1) & (block_year.true_cells < SENSITIVE_UNDER)
    own = sum(int((whole & (block_year.model.matrix @ one.known == block_year.true_cells)).sum()) for one in bodies)
    answer = _AuditAnswer(
        disclosures=[_learnt(block_year, one) for one in report.failures] + _contradictions(block_year, report),
        narrow=[_learnt(block_year, one) for one in report.narrow],
        withdrawn=report.withdrawn,
        knowledge=InsiderKnowledge(len(bodies), own, report.asked_of_insiders, len(report.narrow)),
    )
    return answer, question.shown.compared()


def _learnt(block_year: BlockYear, one: AuditFailure) -> DisclosureFinding:
    place = dict(one.coordinates) | ({"insider": one.insider} if one.insider else {})
    return DisclosureFinding(block_year.block, block_year.year, one.rule, place, _number(one.low), _number(one.high))


def _contradictions(block_year: BlockYear, report: AuditReport) -> list[DisclosureFinding]:
    """The figures that no table explains, beside the failure itself: which printing of ours, or that of others."""
    return [
        DisclosureFinding(
            block_year.block,
            block_year.year,
            CONTRADICTION,
            {**one.coordinates, "printed": "elsewhere" if one.is_external else str(one.vintage)},
            _number(one.lower),
            _number(one.upper),
        )
        for one in report.contradiction
    ]


def _is_out(block_year: BlockYear, prior: PriorReleases) -> bool:
    """Whether all of it was printed before just so: what bodies know more by now, no refusal takes back."""
    now, before = block_year.cells, prior.row_of(block_year.cells)
    values = now["obs_value"].to_numpy(dtype=float)
    then = before["obs_value"].to_numpy(dtype=float)
    same_value = (then == values) | (np.isnan(then) & np.isnan(values))
    same_method = before["disclosure_method"].astype(str).to_numpy() == now["disclosure_method"].astype(str).to_numpy()
    return bool((same_value & same_method).all())


def _sayable(block_year: BlockYear) -> BlockYear:
    """Without cells whose codes are in no base cell; these are left for `_unaudited`."""
    known = block_year.cells[block_year.covers(block_year.cells)].reset_index(drop=True)
    return BlockYear(block_year.block, block_year.year, block_year.base, known, block_year.scheme)


def _as_read(block_year: BlockYear) -> tuple[np.ndarray, list[str]]:
    values = block_year.cells["obs_value"].to_numpy(dtype=float)
    methods = [str(method) for method in block_year.cells["disclosure_method"]]
    return values, [WITHHELD if np.isnan(value) else method for value, method in zip(values, methods, strict=True)]


def _strays(block_year: BlockYear, prior: PriorReleases) -> list[DisclosureFinding]:
    """Rounded values not within their base; exact ones neither true nor kept; untrue ones that suppression shows."""
    values, methods = _as_read(block_year)
    away = np.abs(values - block_year.true_cells)
    names = np.asarray(methods, dtype=str)
    before = prior.row_of(block_year.cells)
    was_exact = before["disclosure_method"].astype(str).str.startswith("EXACT").to_numpy()
    is_kept = was_exact & (before["obs_value"].to_numpy(dtype=float) == values) & (away < LATE_CASES)
    rounded, exact = np.char.startswith(names, "ROUNDED"), np.char.startswith(names, "EXACT")
    bases = np.array([float(name.partition("_")[2]) if name.startswith("ROUNDED") else np.inf for name in methods])
    wrong = (rounded & (away >= bases)) | (exact & (away > 0) & ~is_kept)
    wrong |= np.char.startswith(names, SUPPRESSION) & (away > 0)
    rows = block_year.cells.loc[wrong, list(KEY)]
    return [_finding(block_year.block, block_year.year, "away_from_truth", row) for row in rows.to_dict("records")]


def _rounded_again(block_year: BlockYear, prior: PriorReleases) -> list[DisclosureFinding]:
    """Cells of another rounding than before, where what stands behind them is what it was when they were printed."""
    if not prior.sealed:
        return []
    changed = np.zeros(len(block_year.base), dtype=bool)
    for behind in prior.sealed:  # one a dataset: they differ where a run was killed between two releases
        place = keys_of(behind).get_indexer(keys_of(block_year.base))
        changed |= (place < 0) | (behind["obs_value"].to_numpy(dtype=float)[place] != block_year.true_base)
    is_same = np.asarray(block_year.model.matrix @ changed.astype(float)) == 0
    limits = {"rounding_base": block_year.rounding_base, "least": MINIMUM_VALUES, "small": SENSITIVE_UNDER}
    again = rounded_again(prior.row_of(block_year.cells), block_year.cells, is_same, **limits)
    rows = block_year.cells.loc[again, list(KEY)]
    return [_finding(block_year.block, block_year.year, "rounded_again", row) for row in rows.to_dict("records")]


def _unaudited(scheme: Scheme, printed: pd.DataFrame, seen: Sequence[pd.DataFrame]) -> list[DisclosureFinding]:
    """Counted values of rounded units that no block contained: an audit must not pass by looking at nothing."""
    units = [unit for unit, protection in scheme.units.items() if protection.protects]
    due = printed["unit_measure"].isin(units) & printed["measure"].isin(COUNTED) & printed["obs_value"].notna()
    wanted = printed.loc[due, list(KEY)].drop_duplicates()
    missing = wanted[~keys_of(wanted).isin([key for frame in seen for key in keys_of(frame)])]
    return [
        _finding((f"{row['indicator']}/{row['measure']}",), str(row["time_period"]), "not_audited", row)
        for row in missing.to_dict("records")
    ]


def _conflicts(printed: pd.DataFrame) -> list[DisclosureFinding]:
    """Cells that are printed twice, and not alike: an audit of the one says nothing about the other."""
    alike = printed.drop_duplicates([*KEY, "obs_value", "obs_status", "disclosure_method"])
    twice = alike[alike.duplicated(list(KEY))].loc[:, list(KEY)]
    return [
        _finding((f"{row['indicator']}/{row['measure']}",), str(row["time_period"]), "printed_twice", row)
        for row in twice.to_dict("records")
    ]


def _finding(block: tuple[str, ...], year: str, rule: str, row: Mapping[Any, Any]) -> DisclosureFinding:
    return DisclosureFinding(block, year, rule, {str(name): str(value) for name, value in row.items()})


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
