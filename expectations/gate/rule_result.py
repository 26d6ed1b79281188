"""One rule of the gate and how it went, as a verdict holds it.

Belongs here: that line alone, so that whoever reads a verdict loads no rule. Does not belong here: any rule
(`mandatory_rules.py`, `dataset_suite.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleResult:
    """One rule and how it went; its words stand in the catalogue under `rule.<id>`.

    Attributes:
        origin: `card` for an expectation of the dataset's suite, `house` for a rule that no expectation can say.
        severity: `critical` blocks the release, `warning` is printed in its notes.
        evaluated: rows (or things) looked at.
        unexpected: rows (or things) that break the rule.
    """

    id: str
    origin: str
    severity: str
    passed: bool
    evaluated: int
    unexpected: int
