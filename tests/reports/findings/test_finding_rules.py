"""Each row of the table: its example is said, its counter-example is not, and its sentence is there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from languages.refusal import Refusal
from languages.words import Words, languages
from reports.findings import finding_rules
from reports.findings.finding_rules import FindingRule, rules
from reports.findings.finding_search import ANY, ReleasedFinding, findings, titles
from reports.findings.finding_sentences import sentence
from reports.released.report_model import Report
from tests.reports.findings.finding_examples import report_of

GOLDEN = Path(__file__).parents[1] / "golden"
OF_FIGURES = [rule for rule in rules() if rule.kind != "silence"]


def found(rule: FindingRule, report: Report) -> list[ReleasedFinding]:
    said = titles(report, "PRT-01") if rule.indicator == ANY else findings(report)
    return [one for one in said if one.rule.key == rule.key]


@pytest.mark.parametrize("rule", OF_FIGURES, ids=lambda rule: rule.key)
def test_the_example_of_a_rule_is_said_in_every_language(rule: FindingRule):
    said = found(rule, report_of(rule, rule.said))
    assert len(said) == 1
    texts = [sentence(said[0], Words.load(tag)) for tag in languages()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("rule", OF_FIGURES, ids=lambda rule: rule.key)
def test_the_counter_example_of_a_rule_is_not_said(rule: FindingRule):
    assert rule.not_said
    report = report_of(rule, rule.not_said.cells, is_broken=rule.not_said.is_broken)
    assert found(rule, report) == []


def test_a_row_without_a_counter_example_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    row = yaml.safe_load(finding_rules.TABLE.read_text(encoding="utf-8"))[0]
    del row["not_said"]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump([row]), encoding="utf-8")
    monkeypatch.setattr(finding_rules, "TABLE", tmp_path / "rules.yml")
    with pytest.raises(Refusal) as refused:
        rules.__wrapped__()
    assert refused.value.code == "card_invalid"


def test_two_rows_of_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    row = yaml.safe_load(finding_rules.TABLE.read_text(encoding="utf-8"))[0]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump([row, row]), encoding="utf-8")
    monkeypatch.setattr(finding_rules, "TABLE", tmp_path / "rules.yml")
    with pytest.raises(Refusal):
        rules.__wrapped__()


@pytest.mark.parametrize("tag", languages())
def test_the_sentences_of_all_examples_are_those_that_were_read_line_by_line(tag: str):
    words = Words.load(tag)
    said = (one for rule in OF_FIGURES for one in found(rule, report_of(rule, rule.said)))
    lines = "".join(f"{one.rule.key}: {sentence(one, words)}\n" for one in said)
    path = GOLDEN / f"findings.{tag}.txt"
    assert lines == path.read_text(encoding="utf-8")
