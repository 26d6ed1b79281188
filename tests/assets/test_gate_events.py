"""A failed gate says on Dagster's pages which rule failed and where, and no cell."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from assets import gate_events
from expectations.cards.cells import KEY
from expectations.cards.dataset_card import load_dataset
from expectations.gate import stored_verdict
from expectations.gate.rule_result import RuleResult
from expectations.gate.stored_verdict import Verdict
from ingestion.home import Home
from ingestion.seals import write_sealed

DATASET = "law_28_monitor"
CHECK = next(check for check in load_dataset(DATASET).checks if check.id == "areas_are_known")
FINDING = {
    "block": ["PRT-01/COUNT", "PRT-01/NUMERATOR"],
    "year": "2024",
    "rule": "too_few",
    "coordinates": {"sex": "M", "form": "ORGAN"},
    "low": 2.0,
    "high": 3.0,
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    opened = Home.at(tmp_path / "home").open(invented=True)
    findings = json.dumps([FINDING, FINDING])
    write_sealed(opened, stored_verdict.sealed_path(opened, DATASET), findings.encode())
    return opened


def _verdict(*rules: RuleResult) -> Verdict:
    return Verdict(DATASET, {"data.csv": "0" * 64}, "", "", "000001-abc", {}, rules)


def _rule(name: str, severity: str, unexpected: int, origin: str = "house") -> RuleResult:
    return RuleResult(name, origin, severity, not unexpected, 2000, unexpected)


def _records(told: dg.AssetCheckResult, name: str) -> list[dict[str, object]]:
    table = told.metadata[name]
    assert isinstance(table, dg.TableMetadataValue)
    return [dict(record.data) for record in table.records]


def test_a_broken_rule_is_told_with_its_severity_its_columns_and_how_often(home: Home) -> None:
    grave, light = CHECK.severity, "warning"
    verdict = _verdict(
        _rule(CHECK.id, grave, 12, "card"), _rule("insider_narrow", light, 3), _rule("files_agree", grave, 0)
    )
    told = gate_events.result_of(home, verdict, "check")
    assert (told.passed, told.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert CHECK.id in (told.description or "")
    first, second = _records(told, "broken_rules")
    assert (first["rule"], first["severity"], first["where"], first["broken"]) == (
        CHECK.id,
        grave,
        "ref_area",
        "fewer than 100",
    )
    assert str(first["means"]).endswith(".")
    assert (second["rule"], second["severity"], second["broken"]) == ("insider_narrow", light, "fewer than 100")


def test_what_was_found_is_told_by_indicator_and_year_and_never_by_cell(home: Home) -> None:
    told = gate_events.result_of(home, _verdict(_rule("disclosure_audit", CHECK.severity, 2)), "check")
    assert _records(told, "places") == [{"rule": "too_few", "indicators": "PRT-01", "year": "2024"}]
    assert "ORGAN" not in repr(told)
    assert not [value for value in told.metadata.values() if isinstance(value, dg.PathMetadataValue)]
    assert str(home.root) not in repr(told)  # no place of a sealed file


def test_findings_whose_seal_does_not_hold_are_not_told(home: Home) -> None:
    stored_verdict.sealed_path(home, DATASET).write_text(json.dumps([FINDING | {"year": "1999"}]), encoding="utf-8")
    told = gate_events.result_of(home, _verdict(_rule("disclosure_audit", CHECK.severity, 1)), "check")
    assert _records(told, "places") == []


def test_a_dataset_without_any_figure_yet_only_warns_and_a_passing_one_says_so(home: Home) -> None:
    silent = Verdict(DATASET, {}, "", "", "", {}, (_rule("something_is_said", CHECK.severity, 1),))
    assert gate_events.result_of(home, silent, "check").severity == dg.AssetCheckSeverity.WARN
    passing = gate_events.result_of(home, _verdict(_rule("files_agree", CHECK.severity, 0)), "check")
    assert (passing.passed, passing.description) == (True, "Every rule holds.")


@pytest.mark.parametrize("rule", ["keys_are_unique", "keys_are_complete"])
def test_a_rule_about_many_columns_names_each(home: Home, rule: str) -> None:
    told = gate_events.result_of(home, _verdict(_rule(rule, CHECK.severity, 12, "card")), "check")
    assert set(KEY) <= set(str(_records(told, "broken_rules")[0]["where"]).split(", "))
