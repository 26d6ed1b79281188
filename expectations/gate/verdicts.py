"""The gate: nothing leaves untested. It reads the very bytes that would be released and writes the verdict about them.

Belongs here: joining the card's checks, the house rules and the disclosure audit into one verdict, and its file.
Does not belong here: any single rule, or releasing (`release.py`, which accepts only what a verdict names).

    verdicts/<dataset>.json          public: hashes, versions, rules with counts; no time, no value, no coordinates
    verdicts/<dataset>.sealed.json   what failed and where, for the house only
    verdicts/<dataset>.data_docs.html    what Great Expectations says of the suite (`data_docs.py`), for the house only
    verdicts/<file>.seal             the keyed seal of each (`seals.py`)
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from expectations.cards.cells import read_parquet
from expectations.cards.dataset_card import dataset_names
from expectations.cards.indicator_card import indicators_of
from expectations.cards.release_scheme import Scheme
from expectations.gate import data_docs, dataset_suite, mandatory_rules, waivers
from expectations.gate.dataset_suite import RuleResult
from expectations.gate.disclosure_audit import CONTRADICTION, JointAudit, examine_final
from expectations.gate.external_conflicts import in_the_way
from expectations.gate.kept_joint_audit import keep_joint_audit, question_of, read_joint_audit
from expectations.gate.mandatory_rules import FinalFiles
from expectations.gate.truth_comparison import DisclosureFinding
from expectations.gate.waivers import UsedWaiver
from expectations.protection.protect_datasets import final_bytes
from expectations.published import ledger
from expectations.published.external import external_rows
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home, json_bytes, sha256_of_bytes
from ingestion.seals import read_sealed, write_sealed
from ingestion.storage import parse_json
from ingestion.submissions.receipts import live
from languages.refusal import Refusal

_TOOLS = ("marsad", "great-expectations", "highspy", "pandas", "pyarrow", "numpy", "scipy")
# Rules that have a reason code of their own; any other broken critical one is `rule_failed`.
_REASONS = {
    "something_is_said": "candidate_empty",
    "rows_kept": "coverage_shrunk",
    "reporting_kept": "coverage_shrunk",
    "disclosure_audit": "audit_failed",
}


@dataclass(frozen=True)
class Verdict:
    """What the gate says about one dataset's bytes.

    Attributes:
        files: SHA-256 of each final file.
        previous: version of the release that coverage was compared with; empty before the first.
        versions: of the tools that judged; hashes hold for them only.
        rules: the card's checks, the house rules and `disclosure_audit`.
        waived: the waivers that were used: a rule that does not hold and yet does not block.
        answered: version of the last custom table that the audit knew; empty before the first.
        in_the_way: cards of others' figures that the audit fails with and would pass without; names, no figures.
    """

    dataset: str
    files: Mapping[str, str]
    card_sha256: str
    suite_sha256: str
    previous: str
    versions: Mapping[str, str]
    rules: tuple[RuleResult, ...]
    waived: tuple[UsedWaiver, ...] = ()
    answered: str = ""
    in_the_way: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no rule that must hold is broken."""
        return not self.broken

    @property
    def broken(self) -> list[RuleResult]:
        """The broken rules that block."""
        waived = {one.rule for one in self.waived} - waivers.NEVER  # whatever an edited file says
        return [rule for rule in self.rules if rule.severity != "warning" and not rule.passed and rule.id not in waived]

    @property
    def watched(self) -> list[RuleResult]:
        """The broken rules that do not block by themselves: the notes print them, and beside them the waived ones."""
        return [rule for rule in self.rules if rule.severity == "warning" and not rule.passed]

    @property
    def audit(self) -> dict[str, int]:
        """The disclosure audit in two numbers: printed cells audited, and what could be learnt.

        Not the questions asked: their number tells how many small cells there are.
        """
        found = [rule for rule in self.rules if rule.id == "disclosure_audit"]
        return {
            "checked": sum(rule.evaluated for rule in found),
            "failures": sum(rule.unexpected for rule in found),
        }

    @property
    def reasons(self) -> list[str]:
        """The reason codes of a failing verdict, sorted."""
        return sorted({_REASONS.get(rule.id, "rule_failed") for rule in self.broken})

    @property
    def is_silent(self) -> bool:
        """Whether it breaks only for want of any figure, and nothing of it was ever released: it has yet to begin."""
        return not self.previous and {rule.id for rule in self.broken} == {"something_is_said"}

    @property
    def refusals(self) -> list[Refusal]:
        """What a person reads about a failing verdict: one refusal a broken rule, the telling ones first."""
        ranked = sorted(self.broken, key=lambda rule: (rule.id not in _REASONS, rule.id))
        cards = ", ".join(f"{name}.yml" for name in self.in_the_way)
        others = [Refusal("external_in_the_way", where=self.dataset, cards=cards)] if cards else []
        return others + [
            Refusal(
                _REASONS.get(rule.id, "rule_failed"),
                where=self.dataset,
                rule=rule.id,
                broken=rule.unexpected,
                evaluated=rule.evaluated,
            )
            for rule in ranked
        ]

    def content(self) -> dict[str, Any]:
        """Return the verdict as its file holds it."""
        rules = [asdict(rule) for rule in self.rules]
        own = {"rules": rules, "audit": self.audit, "passed": self.passed, "reasons": self.reasons}
        return {**asdict(self), **own}

    @classmethod
    def read(cls, data: bytes) -> Verdict:
        """Return the verdict in the bytes of its file; what follows from the rules is worked out anew."""
        content: dict[str, Any] = parse_json(data)
        for name in ("audit", "passed", "reasons"):
            del content[name]
        rules = tuple(replace(one, severity=_severity(one.severity)) for one in map(_rule_of, content.pop("rules")))
        waived = tuple(UsedWaiver(**one) for one in content.pop("waived", []))  # not in the verdicts of older releases
        content["in_the_way"] = tuple(content.get("in_the_way", ()))
        return cls(**content, rules=rules, waived=waived)


def _rule_of(stored: dict[str, Any]) -> RuleResult:
    return RuleResult(**stored)


def _severity(word: str) -> str:
    """Return a severity in the words of Great Expectations; verdicts of older releases say `must` and `watch`."""
    return {"must": "critical", "watch": "warning"}.get(word, word)


def verdict_path(home: Home, dataset: str) -> Path:
    """Return where the verdict of a dataset stands."""
    return home.verdicts / f"{dataset}.json"


def sealed_path(home: Home, dataset: str) -> Path:
    """Return where the cells behind a verdict stand, for the house only."""
    return home.verdicts / f"{dataset}.sealed.json"


def last_verdict(home: Home, dataset: str) -> Verdict | None:
    """Return the verdict that stands; None if there is none whose seal holds: `publish` says so, a build mends it."""
    try:
        return Verdict.read(read_sealed(home, verdict_path(home, dataset)))
    except Refusal:
        return None


def write_verdict(home: Home, verdict: Verdict) -> None:
    """Write a verdict and its seal.

    Args:
        home: where it is kept (`verdict_path`).
        verdict: a passing or a failing one.
    """
    write_sealed(home, verdict_path(home, verdict.dataset), json_bytes(verdict.content()))


def examine(home: Home, dataset: str, today: datetime.date | None = None) -> Verdict:
    """Examine the final bytes of `dataset` and write the verdict; it may fail, and says why.

    The disclosure audit is joint: it reads the final bytes of all datasets, because a reader will have them all.
    The day decides nothing but which waivers are in force.

    Raises:
        Refusal: `file_missing` if protection has not run, `final_unreadable` for bytes that are no Parquet,
            `check_invalid` for a check that Great Expectations does not know; those of `waivers.load_waivers`.
    """
    data_docs.forget(home, dataset)
    scheme = Scheme.of(home)
    content = {name: final_bytes(home, name) for name in scheme.datasets}
    frames = {name: _frame(name, files["data.parquet"]) for name, files in content.items()}
    card, frame = scheme.datasets[dataset], frames[dataset]
    log = ReleaseLog.read(home)
    rules: Sequence[RuleResult]
    findings: list[DisclosureFinding] = []
    cards: tuple[str, ...] = ()
    if [str(column) for column in frame.columns] == card.columns:
        external, complete = external_rows(home), _complete(scheme, frames)
        joint = _joint_audit(home, scheme, complete, external, content)
        own = _of_dataset(joint, [code for code, one in scheme.indicators.items() if dataset in one.datasets])
        findings = [*own.disclosures, *own.narrow, *own.strays, *own.unaudited, *own.rounded_again, *own.two_figures]
        validation = dataset_suite.validate(card, frame)
        data_docs.keep(home, dataset, validation)
        suite = dataset_suite.results_of(card, validation)
        last, csv = ledger.last_cells(home, log.of(dataset)), content[dataset]["data.csv"]
        files = FinalFiles(card, frame, csv, last, suite, scheme.indicators)
        rules = _rules(files, own)
        cards = in_the_way(home, scheme, complete, external, own.disclosures)
    else:  # nothing more can be asked of columns that are not the allowed ones
        rules = [RuleResult("only_allowed_columns", "house", "critical", False, len(frame.columns), 1)]
    verdict = Verdict(
        dataset=dataset,
        files={name: sha256_of_bytes(data) for name, data in content[dataset].items()},
        card_sha256=card.sha256,
        suite_sha256=card.suite_sha256,
        previous=log.last_version(dataset),
        versions={tool: version(tool) for tool in _TOOLS},
        rules=tuple(rules),
        waived=waivers.used(dataset, rules, today or datetime.datetime.now(tz=datetime.UTC).date()),
        answered=log.last_version(ledger.CUSTOM),
        in_the_way=cards,
    )
    _write(home, verdict, findings)
    return verdict


def _joint_audit(
    home: Home,
    scheme: Scheme,
    frames: Mapping[str, pd.DataFrame],
    external: pd.DataFrame | None,
    content: Mapping[str, Mapping[str, bytes]],
) -> JointAudit:
    """Return the joint audit: the gates of one build ask for the same one, which the first of them keeps."""
    known = read_joint_audit(home, question_of(home, scheme, external, content))
    if known is not None:
        return known
    audit = examine_final(home, scheme, frames, external)
    keep_joint_audit(home, question_of(home, scheme, external, content), audit)  # asked anew: its memo is part of it
    return audit


def is_silent(home: Home, dataset: str) -> bool:
    """Return whether the last verdict about a dataset is of one that has yet to begin (`Verdict.is_silent`)."""
    verdict = last_verdict(home, dataset)
    return verdict is not None and verdict.is_silent


def silence(home: Home, dataset: str) -> Refusal:
    """Return what a person reads of a dataset without any figure: the bodies that have sent nothing for it yet."""
    holders = {holder for card in indicators_of(home, dataset).values() for holder in card.holders}
    missing = sorted(holders - {receipt.source for receipt in live(home)})
    return Refusal("dataset_silent", where=dataset, missing=", ".join(missing) or "-")


def last_verdicts(home: Home) -> list[Verdict]:
    """Return the verdicts that stand (`last_verdict`), by dataset."""
    return [verdict for dataset in dataset_names() if (verdict := last_verdict(home, dataset))]


def notices(verdicts: Iterable[Verdict]) -> list[Refusal]:
    """Return what must be told about waivers after a build: expired, ending, or no longer needed.

    Args:
        verdicts: the last ones, at most one a dataset.

    Returns:
        One refusal a waiver; empty where nothing is to be told. It blocks nothing.
    """
    today, known = datetime.datetime.now(tz=datetime.UTC).date(), waivers.load_waivers()
    return [one for verdict in verdicts for one in waivers.notices(known, verdict.dataset, verdict.rules, today)]


def _rules(files: FinalFiles, examination: JointAudit) -> list[RuleResult]:
    cells = sum(examination.audited.values())
    failures = sum(one.rule != CONTRADICTION for one in examination.disclosures)
    audited = RuleResult("disclosure_audit", "house", "critical", failures == 0, cells, failures)
    house = [*mandatory_rules.of_files(files), *mandatory_rules.of_audit(examination, len(files.frame))]
    return [*files.suite, *mandatory_rules.in_rule_order(house), audited]


def _frame(dataset: str, data: bytes) -> pd.DataFrame:
    try:
        return read_parquet(data)
    except (pa.ArrowInvalid, OSError) as error:
        raise Refusal("final_unreadable", where=dataset) from error


def _complete(scheme: Scheme, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The frames whose columns are the allowed ones; another one fails at its own gate."""
    return {
        name: frame
        for name, frame in frames.items()
        if [str(column) for column in frame.columns] == scheme.datasets[name].columns
    }


def _of_dataset(joint: JointAudit, codes: Sequence[str]) -> JointAudit:
    def concerns(block: Sequence[str]) -> bool:
        return any(measure.partition("/")[0] in codes for measure in block)

    def of_dataset(findings: Sequence[DisclosureFinding]) -> list[DisclosureFinding]:
        return [finding for finding in findings if concerns(finding.block)]

    def labelled(label: str) -> bool:
        return concerns(label.partition("|")[0].split("+"))

    return JointAudit(
        audited={label: count for label, count in joint.audited.items() if labelled(label)},
        disclosures=of_dataset(joint.disclosures),
        strays=of_dataset(joint.strays),
        unaudited=of_dataset(joint.unaudited),
        withdrawn=of_dataset(joint.withdrawn),
        rounded_again=of_dataset(joint.rounded_again),
        two_figures=of_dataset(joint.two_figures),
        narrow=of_dataset(joint.narrow),
        insiders={label: known for label, known in joint.insiders.items() if labelled(label)},
    )


def _write(home: Home, verdict: Verdict, findings: Sequence[DisclosureFinding]) -> None:
    write_verdict(home, verdict)
    text = json.dumps([asdict(finding) for finding in findings], sort_keys=True, indent=1)
    write_sealed(home, sealed_path(home, verdict.dataset), text.encode("utf-8"))
