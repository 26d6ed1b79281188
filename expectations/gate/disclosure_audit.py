"""The disclosure audit at the gate: what could be learnt from the final bytes of all datasets together.

Belongs here: reading the printed cells back as a reader would, attacking every block and year with everything printed
before, and comparing each value with the true one behind it. It does not reuse answers of the audits that protection
made: it takes only their witnesses, and checks each against rows built here; nothing else settles a question.
Does not belong here: rules that need no true values (`mandatory_rules.py`), or the verdict (`verdicts.py`).

An audit is a pure function: its result is stored in `candidates/audit.json` (sealed: it names cells) under a hash of
all its inputs, so that the gates of several datasets, and later builds, do not repeat the same question.
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

from expectations.candidates import candidate, contributions
from expectations.cards import areas, cells
from expectations.cards.cells import COUNT_COLUMNS, COUNTED, KEY, PRINTED_COLUMNS, keys_of, text_hash
from expectations.cards.release_scheme import Scheme
from expectations.gate.truth_comparison import DisclosureFinding, ShownBlock, TruthComparison, finding, printed_cells
from expectations.protection import constraint_systems, insider_knowledge
from expectations.protection.audit_proofs import read_proofs
from expectations.protection.constraint_systems import (
    SENSITIVE_UNDER,
    AttackerKnowledge,
    BlockYear,
    attack,
    block_years,
)
from expectations.protection.insider_knowledge import Contributions, insiders_of
from expectations.protection.parallel_blocks import Sized, run_in_order
from expectations.protection.person_sets import add_person_sets
from expectations.protection.protect_block import differing_vintages
from expectations.protection.protect_datasets import pending_base
from expectations.protection.revisions import ReleaseHistory
from ingestion.home import REQUIREMENTS, Home, sha256_of, write_bytes
from ingestion.storage import parse_json
from methods import disclosure as disclosure_control
from methods.disclosure.auditing.audit import INSIDER_CERTAIN, AuditFailure, AuditReport
from methods.disclosure.auditing.witnesses import Proof

CONTRADICTION = "contradiction"
_SOLVERS = ("highspy", "scipy", "numpy")


@dataclass(frozen=True)
class InsiderKnowledge:
    """What insiders know of one block and year. Sealed: the numbers grow with the number of small cells.

    Attributes:
        bodies: number of agencies that sent cases.
        own: printed cells of 1 to 4 cases that all come from one agency: it knows its own cases, so nothing hides them
            from it.
        asked: number of cells asked about that have few cases from other agencies and persons.
        narrow: number of these for which an agency is left with fewer than three possible values, though with more than
            one.
    """

    bodies: int
    own: int
    asked: int
    narrow: int


@dataclass(frozen=True)
class JointAudit:
    """The joint audit of one set of final bytes.

    Attributes:
        audited: number of printed or withheld cells that were audited, by label of block and year. The number of
            questions is not published: it grows with the number of small cells.
        disclosures: what could be learnt.
        strays: printed values further from the true ones than their method allows.
        unaudited: printed values that no block and year contains, or that conflict with another value of their key.
        withdrawn: blocks and years whose earlier vintages cannot be explained by late cases alone: the attacker was
            given the fewest withdrawals that do.
        rounded_again: cells that were rounded differently before, though nothing changed behind them.
        two_figures: cells that print a count differently from the cell that defines it.
        narrow: what agencies that sent cases can narrow down about the cases of others, and what they now know for
            certain of a frozen year.
        insiders: by label of block and year, who knows a part and how much: what no rounding hides from them.
    """

    audited: Mapping[str, int]
    disclosures: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    strays: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    unaudited: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    withdrawn: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    rounded_again: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
    two_figures: list[DisclosureFinding] = field(default_factory=list[DisclosureFinding])
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
        home: a data home with the pending base, the contributions, the ledger and the stored audits.
        scheme: the rules of all cards.
        frames: the final frames by dataset, read back from their bytes.
        external: figures that others published (`KEY`, `lower`, `upper`).
        workers: number of processes that share the new questions; None: as many as are worth it.

    Raises:
        Refusal: `worker_lost`: no partial result is returned.
    """
    printed = pd.concat(list(frames.values()), ignore_index=True)
    of_blocks = block_years(add_person_sets(pending_base(home), candidate.read_members(home)), printed, scheme)
    blocks = [block_year.drop_uncovered_cells() for block_year in of_blocks]  # `_unaudited_rows` finds their figures
    known = _Known(ReleaseHistory(home), Contributions(home), read_proofs(home), external)
    memo = _KeptAudits(home)
    examined = JointAudit({block_year.label: len(block_year.cells) for block_year in blocks})
    for answered in memo.audit_blocks(blocks, known, workers):
        _take_in(examined, answered)
    examined.unaudited.extend(
        [*_unaudited_rows(scheme, printed, [block_year.cells for block_year in blocks]), *_conflicts(printed)]
    )
    memo.keep()
    return examined


@dataclass(frozen=True)
class _Known:
    """What is known of all blocks and years besides what is printed now."""

    history: ReleaseHistory
    sent: Contributions
    proofs: Mapping[str, Proof]
    external: pd.DataFrame | None

    def question(self, block_year: BlockYear) -> _AuditQuestion:
        """Return everything that the audit of a block and year depends on."""
        prior = self.history.prior_releases(block_year.block, block_year.year)
        return _AuditQuestion(
            differing_vintages(prior.vintages, block_year.cells),
            self.sent.select_block_year(block_year),
            self.external,
            self.proofs.get(block_year.label),
            ShownBlock(block_year, prior),
        )


@dataclass(frozen=True)
class _Answered:
    """A block and year with its audit result, and the comparison of its printed values with the true ones."""

    shown: ShownBlock
    answer: _AuditAnswer
    compared: TruthComparison


def _take_in(examined: JointAudit, answered: _Answered) -> None:
    """Add the answer about one block and year."""
    block_year, answer = answered.shown.block_year, answered.answer
    later = answer.certain_to_agencies if answered.shown.is_out() else []
    examined.disclosures.extend(disclosure for disclosure in answer.disclosures if disclosure not in later)
    examined.narrow.extend([*answer.narrow, *later])
    examined.insiders[block_year.label] = answer.knowledge
    if answer.withdrawn:
        examined.withdrawn.append(DisclosureFinding(block_year.block, block_year.year, "earlier_vintage_withdrawn", {}))
    examined.strays.extend(answered.compared.strays)
    examined.rounded_again.extend(answered.compared.rounded_again)
    examined.two_figures.extend(answered.compared.two_figures)


@dataclass(frozen=True)
class _AuditQuestion:
    """Everything that an audit of one block and year depends on; a proof saves work and decides nothing.

    Its released figures are compared with the true ones when the question is answered.
    """

    vintages: Sequence[pd.DataFrame]
    contributions: pd.DataFrame
    external: pd.DataFrame | None
    proof: Proof | None
    shown: ShownBlock

    def ticket(self, code: str) -> str:
        block_year = self.shown.block_year
        scheme = block_year.scheme
        rules = (scheme.relations(block_year.block), scheme.merged, scheme.never, block_year.rounding_base)
        columns = [*COUNT_COLUMNS, "disclosure_method"]
        frames = [
            block_year.base[[*COUNT_COLUMNS]],
            block_year.cells[columns],
            *(vintage[columns] for vintage in self.vintages),
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
    def certain_to_agencies(self) -> list[DisclosureFinding]:
        """What an agency that sent cases knows for certain."""
        return [disclosure for disclosure in self.disclosures if disclosure.rule == INSIDER_CERTAIN]


class _KeptAudits:
    """Earlier audits, by label of block and year, each under the hash of its question."""

    def __init__(self, home: Home) -> None:
        self._path = home.candidates / "audit.json"
        self._known: dict[str, Any] = parse_json(self._path.read_bytes()) if self._path.exists() else {}
        self._said: dict[str, Any] = {}
        self._shown: dict[str, ShownBlock] = {}
        self._code = code_hash()

    def audit_blocks(self, blocks: Sequence[BlockYear], known: _Known, workers: int | None) -> Iterator[_Answered]:
        """Yield the answers in order: the stored one to the very same question, or a new one."""
        asked: dict[int, _AuditQuestion] = {}
        arriving = self._open_questions(blocks, known, asked)
        answers = list(run_in_order(_audit, arriving, where="disclosure_audit", workers=workers))
        fresh = dict(zip(sorted(asked), answers, strict=True))
        for place, block_year in enumerate(blocks):
            if place in fresh:
                answer, compared = fresh[place]
                self._said[block_year.label] |= asdict(answer)
                yield _Answered(asked[place].shown, answer, compared)
            else:
                shown = self._shown[block_year.label]
                yield _Answered(shown, _read_answer(self._said[block_year.label]), shown.compare_with_truth())

    def _open_questions(
        self, blocks: Sequence[BlockYear], known: _Known, asked: dict[int, _AuditQuestion]
    ) -> Iterator[Sized[_AuditQuestion]]:
        """Yield the questions without a stored answer, the largest first, and record them by position."""
        for place in sorted(range(len(blocks)), key=lambda place: -len(blocks[place].base)):
            label, question = blocks[place].label, known.question(blocks[place])
            ticket = question.ticket(self._code)
            stored = self._known.get(label, {})
            if stored.get("ticket") == ticket:
                self._said[label], self._shown[label] = stored, question.shown
                continue
            self._said[label] = {"ticket": ticket}
            asked[place] = question
            yield Sized(place, question, len(blocks[place].base))

    def keep(self) -> None:
        """Write the answers of this examination; older ones are dropped."""
        text = json.dumps(self._said, sort_keys=True, indent=1)
        write_bytes(self._path, text.encode("utf-8"), mode=0o600)


def _read_answer(stored: dict[str, Any]) -> _AuditAnswer:
    disclosures, narrow = ([finding_of(entry) for entry in stored[name]] for name in ("disclosures", "narrow"))
    return _AuditAnswer(disclosures, narrow, stored["withdrawn"], InsiderKnowledge(**stored["knowledge"]))


def finding_of(entry: Mapping[str, Any]) -> DisclosureFinding:
    """Return a finding from its entry in a file."""
    known = dict(entry)
    return DisclosureFinding(tuple(known.pop("block")), **known)


def code_hash() -> str:
    """Return the hash of the auditing code, the lock file and the solvers' versions: a changed audit asks again."""
    disclosure = sorted(Path(disclosure_control.__file__ or "").parent.rglob("*.py"))
    own = [
        Path(module.__file__ or "") for module in (areas, constraint_systems, cells, contributions, insider_knowledge)
    ]
    hashes = [sha256_of(path) for path in [*disclosure, *own, Path(__file__), REQUIREMENTS]]
    return text_hash("|".join([*hashes, *(f"{tool} {version(tool)}" for tool in _SOLVERS)]))


def _audit(question: _AuditQuestion) -> tuple[_AuditAnswer, TruthComparison]:
    block_year = question.shown.block_year
    insiders = insiders_of(block_year, question.contributions)
    known = AttackerKnowledge(question.vintages, insiders, question.external)
    report = attack(block_year, printed_cells(block_year), known, proof=question.proof)
    bodies = [insider for insider in insiders if insider.name]
    whole = (block_year.true_cells >= 1) & (block_year.true_cells < SENSITIVE_UNDER)
    own = sum(
        int((whole & (block_year.model.matrix @ insider.known == block_year.true_cells)).sum()) for insider in bodies
    )
    answer = _AuditAnswer(
        disclosures=[_insider_finding(block_year, failure) for failure in report.failures]
        + _contradictions(block_year, report),
        narrow=[_insider_finding(block_year, failure) for failure in report.narrow],
        withdrawn=report.withdrawn,
        knowledge=InsiderKnowledge(len(bodies), own, report.asked_of_insiders, len(report.narrow)),
    )
    return answer, question.shown.compare_with_truth()


def _insider_finding(block_year: BlockYear, failure: AuditFailure) -> DisclosureFinding:
    place = dict(failure.coordinates) | ({"insider": failure.insider} if failure.insider else {})
    return DisclosureFinding(
        block_year.block, block_year.year, failure.rule, place, _number(failure.low), _number(failure.high)
    )


def _contradictions(block_year: BlockYear, report: AuditReport) -> list[DisclosureFinding]:
    """Return the figures that no table explains, besides the failure itself: our vintages, or external figures."""
    return [
        DisclosureFinding(
            block_year.block,
            block_year.year,
            CONTRADICTION,
            {
                **contradiction.coordinates,
                "printed": "elsewhere" if contradiction.is_external else str(contradiction.vintage),
            },
            _number(contradiction.lower),
            _number(contradiction.upper),
        )
        for contradiction in report.contradiction
    ]


def _unaudited_rows(scheme: Scheme, printed: pd.DataFrame, seen: Sequence[pd.DataFrame]) -> list[DisclosureFinding]:
    """Return counted values of rounded units that no block contained: an audit must not pass by looking at nothing."""
    units = [unit for unit, protection in scheme.units.items() if protection.protects]
    due = printed["unit_measure"].isin(units) & printed["measure"].isin(COUNTED) & printed["obs_value"].notna()
    wanted = printed.loc[due, list(KEY)].drop_duplicates()
    missing = wanted[~keys_of(wanted).isin([key for frame in seen for key in keys_of(frame)])]
    return [
        finding((f"{row['indicator']}/{row['measure']}",), str(row["time_period"]), "not_audited", row)
        for row in missing.to_dict("records")
    ]


def _conflicts(printed: pd.DataFrame) -> list[DisclosureFinding]:
    """Return cells that are printed twice with different values: auditing one says nothing about the other."""
    alike = printed.drop_duplicates([*PRINTED_COLUMNS])
    twice = alike[alike.duplicated(list(KEY))].loc[:, list(KEY)]
    return [
        finding((f"{row['indicator']}/{row['measure']}",), str(row["time_period"]), "printed_twice", row)
        for row in twice.to_dict("records")
    ]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
