"""A verdict on Dagster's pages: which rule failed, how serious it is, and where.

Belongs here: a verdict as the result of a check. Does not belong here: any judgement (`expectations`).

They show rules, columns, indicators and years. Cells and their bounds stay in the sealed file next to the
verdict, whose path is not shown.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from assets import event_metadata
from expectations.cards.dataset_card import DatasetCard, load_dataset
from expectations.gate import stored_verdict
from expectations.gate.stored_verdict import Verdict
from ingestion.home import Home
from ingestion.seals import read_sealed
from ingestion.storage import parse_json
from languages.refusal import Refusal
from languages.words import Words

_RULES = ("rule", "severity", "means", "where", "broken", "evaluated", "outcome", "origin")
_PLACES = ("rule", "year", "indicators")


def result_of(home: Home, verdict: Verdict, check: str) -> dg.AssetCheckResult:
    """Return the verdict as the result of the check `check`; a dataset that holds no figure yet only warns."""
    return dg.AssetCheckResult(
        passed=verdict.passed,
        check_name=check,
        severity=dg.AssetCheckSeverity.WARN if verdict.is_silent else dg.AssetCheckSeverity.ERROR,
        description=_sentence(verdict),
        metadata=facts_of(home, verdict),
    )


def facts_of(home: Home, verdict: Verdict) -> dict[str, Any]:
    """Return the failed rules, where they failed, and the waivers that were used."""
    card, words = load_dataset(verdict.dataset), Words.load("en")  # Dagster is in English only
    waived = {waiver.rule for waiver in verdict.waived}
    broken = [rule for rule in verdict.rules if not rule.passed]
    records = [
        {
            "rule": rule.id,
            "severity": rule.severity,
            "means": words.text(f"rule.{rule.id}"),
            "where": _columns(card, rule.id),
            "broken": str(event_metadata.coarse_count(rule.unexpected)),
            "evaluated": str(event_metadata.coarse_count(rule.evaluated)),
            "outcome": "waived" if rule.id in waived else "broken",
            "origin": rule.origin,
        }
        for rule in broken
    ]
    return {
        "rules": len(verdict.rules),
        "broken_rules": event_metadata.table(records, _RULES),
        "places": event_metadata.table(_places(home, verdict.dataset), _PLACES),
        "compared_with": verdict.previous or "-",
        "audited_cells": event_metadata.coarse_count(verdict.audit["checked"]),
        **({"figures_of_others_in_the_way": ", ".join(verdict.in_the_way)} if verdict.in_the_way else {}),
    }


def _sentence(verdict: Verdict) -> str:
    if verdict.passed:
        watched = ", ".join(rule.id for rule in verdict.watched)
        return f"Every critical rule holds. Warnings: {watched}." if watched else "Every rule holds."
    return f"Not released. Broken: {', '.join(rule.id for rule in verdict.broken)}."


def _columns(card: DatasetCard, rule: str) -> str:
    """Return the columns that a check of the card concerns, and the rows that it applies to."""
    for check in card.checks:
        if check.id == rule:
            named = [value for key, value in check.kwargs.items() if key.startswith("column")]
            columns = [
                *check.each,
                *(name for value in named for name in ([value] if isinstance(value, str) else value)),
            ]
            return ", ".join(columns + [f"{column} = {code}" for column, code in check.where.items()])
    return "whole dataset"


def _places(home: Home, dataset: str) -> list[dict[str, str]]:
    """Return rule, indicators and year of the sealed findings; empty if their seal is invalid.

    Not how many: their number grows with the number of small cells.
    """
    try:
        findings = parse_json(read_sealed(home, stored_verdict.sealed_path(home, dataset)))
    except Refusal:
        return []
    places = {(finding["rule"], finding["year"], _indicators(finding["block"])) for finding in findings}
    return [dict(zip(_PLACES, place, strict=True)) for place in sorted(places)]


def _indicators(block: list[str]) -> str:
    return ", ".join(sorted({measure.partition("/")[0] for measure in block}))
