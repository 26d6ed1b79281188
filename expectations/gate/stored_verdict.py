"""The verdict about a dataset as stored in its file, and reading it back.

Belongs here: the content of a verdict, its path, and the current one. It loads no rule and no audit, so that releases
are listed quickly.
Does not belong here: judging (`verdicts.py`), or any single rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from expectations.cards.dataset_card import dataset_names
from expectations.gate import waivers
from expectations.gate.rule_result import RuleResult
from expectations.gate.waivers import UsedWaiver
from ingestion.home import Home, json_bytes
from ingestion.seals import read_sealed, write_sealed
from ingestion.storage import parse_json
from languages.refusal import Refusal

# Rules with a reason code of their own; any other broken critical rule is `rule_failed`.
_REASONS = {
    "something_is_said": "candidate_empty",
    "rows_kept": "coverage_shrunk",
    "reporting_kept": "coverage_shrunk",
    "disclosure_audit": "audit_failed",
}


@dataclass(frozen=True)
class Verdict:
    """The gate's judgement of one dataset's bytes.

    Attributes:
        files: SHA-256 of each final file.
        previous: version of the release that coverage was compared with; empty before the first.
        versions: versions of the tools that judged; the hashes hold for these only.
        rules: the card's checks, the mandatory rules and `disclosure_audit`.
        waived: the waivers that were used: a broken rule that does not block.
        in_the_way: cards of others' figures with which the audit fails and without which it would pass; names, no
            figures.
        standards_sha256: of the file of standards that the release will carry; empty if it carries none.
        as_of: the day, ISO, as of which a year was over: the last one on which a file came; empty before the first.
    """

    dataset: str
    files: Mapping[str, str]
    card_sha256: str
    suite_sha256: str
    previous: str
    versions: Mapping[str, str]
    rules: tuple[RuleResult, ...]
    waived: tuple[UsedWaiver, ...] = ()
    in_the_way: tuple[str, ...] = ()
    standards_sha256: str = ""
    as_of: str = ""

    @property
    def passed(self) -> bool:
        """Whether every rule that must hold does."""
        return not self.broken

    @property
    def broken(self) -> list[RuleResult]:
        """The broken rules that block."""
        waived = {waiver.rule for waiver in self.waived} - waivers.NEVER  # even if an edited file waives them
        return [rule for rule in self.rules if rule.severity != "warning" and not rule.passed and rule.id not in waived]

    @property
    def watched(self) -> list[RuleResult]:
        """The broken rules that do not block: the notes print them, together with the waived ones."""
        return [rule for rule in self.rules if rule.severity == "warning" and not rule.passed]

    @property
    def audit(self) -> dict[str, int]:
        """The disclosure audit in two numbers: printed cells audited, and disclosures found.

        Not the number of questions: it would show how many small cells there are.
        """
        audits = [rule for rule in self.rules if rule.id == "disclosure_audit"]
        return {
            "checked": sum(rule.evaluated for rule in audits),
            "failures": sum(rule.unexpected for rule in audits),
        }

    @property
    def reasons(self) -> list[str]:
        """The reason codes of a failing verdict, sorted."""
        return sorted({_REASONS.get(rule.id, "rule_failed") for rule in self.broken})

    @property
    def is_silent(self) -> bool:
        """Whether it fails only because it has no figure, and none was ever released: the dataset has not begun."""
        return not self.previous and {rule.id for rule in self.broken} == {"something_is_said"}

    @property
    def refusals(self) -> list[Refusal]:
        """The messages of a failing verdict: one refusal per broken rule, the most informative first."""
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
        """Return the content of the verdict's file."""
        rules = [asdict(rule) for rule in self.rules]
        own = {"rules": rules, "audit": self.audit, "passed": self.passed, "reasons": self.reasons}
        return {**asdict(self), **own}

    @classmethod
    def from_bytes(cls, data: bytes) -> Verdict:
        """Return the verdict stored in the bytes of its file; conclusions from the rules are recomputed."""
        content: dict[str, Any] = parse_json(data)
        for name in ("audit", "passed", "reasons"):
            del content[name]
        rules = tuple(RuleResult(**rule) for rule in content.pop("rules"))
        waived = tuple(UsedWaiver(**waiver) for waiver in content.pop("waived"))
        content["in_the_way"] = tuple(content["in_the_way"])
        return cls(**content, rules=rules, waived=waived)


def verdict_path(home: Home, dataset: str) -> Path:
    """Return the path of a dataset's verdict."""
    return home.verdicts / f"{dataset}.json"


def sealed_path(home: Home, dataset: str) -> Path:
    """Return the path of the cells behind a verdict; they are never published."""
    return home.verdicts / f"{dataset}.sealed.json"


def last_verdict(home: Home, dataset: str) -> Verdict | None:
    """Return the current verdict; None if none has a valid seal: `publish` reports that, a build repairs it."""
    try:
        return Verdict.from_bytes(read_sealed(home, verdict_path(home, dataset)))
    except Refusal:
        return None


def write_verdict(home: Home, verdict: Verdict) -> None:
    """Write a verdict and its seal.

    Args:
        home: the data home that stores it (`verdict_path`).
        verdict: a passing or a failing verdict.
    """
    write_sealed(home, verdict_path(home, verdict.dataset), json_bytes(verdict.content()))


def is_silent(home: Home, dataset: str) -> bool:
    """Return whether the last verdict is about a dataset that has not begun (`Verdict.is_silent`)."""
    verdict = last_verdict(home, dataset)
    return verdict is not None and verdict.is_silent


def last_verdicts(home: Home) -> list[Verdict]:
    """Return the current verdicts (`last_verdict`), by dataset."""
    return [verdict for dataset in dataset_names() if (verdict := last_verdict(home, dataset))]
