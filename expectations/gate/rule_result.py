"""The result of one rule of the gate, as a verdict stores it.

Belongs here: that entry alone, so that reading a verdict loads no rule. Does not belong here: any rule
(`mandatory_rules.py`, `dataset_suite.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleResult:
    """The result of one rule; its text is in the catalogue under `rule.<id>`.

    Attributes:
        origin: `card` for an expectation of the dataset's suite, `house` for a rule that no expectation can express.
        severity: `critical` blocks the release, `warning` is printed in its notes.
        evaluated: number of rows (or other units) checked.
        unexpected: number of rows (or other units) that break the rule.
    """

    id: str
    origin: str
    severity: str
    passed: bool
    evaluated: int
    unexpected: int
