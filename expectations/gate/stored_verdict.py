"""The verdict about a dataset as its file holds it, and reading it back.

Belongs here: what a verdict says, where it stands, the one that stands last. It loads no rule and no audit, so that a
list of releases is told at once.
Does not belong here: judging (`verdicts.py`), or any single rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
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
        waived = {waiver.rule for waiver in self.waived} - waivers.NEVER  # whatever an edited file says
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
    def from_bytes(cls, data: bytes) -> Verdict:
        """Return the verdict in the bytes of its file; what follows from the rules is worked out anew."""
        content: dict[str, Any] = parse_json(data)
        for name in ("audit", "passed", "reasons"):
            del content[name]
        rules = tuple(replace(rule, severity=_severity(rule.severity)) for rule in map(_rule_of, content.pop("rules")))
        # not in the verdicts of older releases
        waived = tuple(UsedWaiver(**waiver) for waiver in content.pop("waived", []))
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
        return Verdict.from_bytes(read_sealed(home, verdict_path(home, dataset)))
    except Refusal:
        return None


def write_verdict(home: Home, verdict: Verdict) -> None:
    """Write a verdict and its seal.

    Args:
        home: where it is kept (`verdict_path`).
        verdict: a passing or a failing one.
    """
    write_sealed(home, verdict_path(home, verdict.dataset), json_bytes(verdict.content()))


def is_silent(home: Home, dataset: str) -> bool:
    """Return whether the last verdict about a dataset is of one that has yet to begin (`Verdict.is_silent`)."""
    verdict = last_verdict(home, dataset)
    return verdict is not None and verdict.is_silent


def last_verdicts(home: Home) -> list[Verdict]:
    """Return the verdicts that stand (`last_verdict`), by dataset."""
    return [verdict for dataset in dataset_names() if (verdict := last_verdict(home, dataset))]
