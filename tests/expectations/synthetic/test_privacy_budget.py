"""The privacy budget: a year is paid once, once more after a revision, and a line is never taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from expectations.synthetic import privacy_budget
from ingestion.home import Home
from languages.refusal import Refusal


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).open(invented=True)


def _spend(home: Home, year: str, epsilon: float = 4.0, *, revised: bool = False) -> privacy_budget.Spending:
    spending = privacy_budget.next_spending(home, year, epsilon, revised=revised)
    privacy_budget.spend(home, spending)
    return spending


def _code(home: Home, year: str, epsilon: float = 4.0, *, revised: bool = False) -> str:
    with pytest.raises(Refusal) as refusal:
        privacy_budget.next_spending(home, year, epsilon, revised=revised)
    return refusal.value.code


def test_a_second_run_for_the_same_year_is_refused_and_another_year_is_not(home: Home) -> None:
    _spend(home, "2023")
    assert _code(home, "2023") == "budget_spent"
    assert _code(home, "2023", 0.1) == "budget_spent"
    assert _spend(home, "2024").order == 2


def test_a_revision_may_cost_two_more_and_then_never_anything_again(home: Home) -> None:
    assert _code(home, "2023", 2, revised=True) == "budget_no_first"
    _spend(home, "2023")
    assert _code(home, "2023", 4, revised=True) == "budget_epsilon"
    assert _spend(home, "2023", 2, revised=True).issue == 2
    assert _code(home, "2023", 2, revised=True) == "budget_spent"
    assert sum(one.epsilon for one in privacy_budget.spendings(home, "2023")) == privacy_budget.CAP


def test_what_a_file_may_cost_need_not_be_named(home: Home) -> None:
    assert privacy_budget.next_spending(home, "2023", None, revised=False).epsilon == 4.0
    _spend(home, "2023")
    assert privacy_budget.next_spending(home, "2023", None, revised=True).epsilon == 2.0


@pytest.mark.parametrize("epsilon", [0, -1, 4.01, float("nan"), float("inf")])
def test_what_is_no_budget_is_refused(home: Home, epsilon: float) -> None:
    assert _code(home, "2023", epsilon) == "budget_epsilon"


def test_a_cheap_first_file_leaves_no_rest_for_a_second(home: Home) -> None:
    _spend(home, "2023", 1)
    assert _code(home, "2023", 3) == "budget_spent"


def test_a_line_that_was_changed_or_taken_out_or_torn_breaks_the_chain(home: Home) -> None:
    for year in ("2022", "2023", "2024"):
        _spend(home, year)
    path = home.ledger / "privacy_budget.jsonl"
    whole = path.read_text(encoding="utf-8")
    lines = whole.splitlines()
    cheaper = json.dumps(json.loads(lines[0]) | {"epsilon": 1.0}, sort_keys=True)
    spoilt = {
        "changed": "\n".join([cheaper, *lines[1:]]) + "\n",
        "taken out": "\n".join([lines[0], lines[2]]) + "\n",
        "torn": whole[:-30],
        "no entry": whole + "{}\n",
    }
    for how, text in spoilt.items():
        path.write_text(text, encoding="utf-8")
        with pytest.raises(Refusal) as refusal:
            privacy_budget.spendings(home)
        assert refusal.value.code == "ledger_broken", how


def test_a_log_that_was_lost_while_a_file_is_out_is_noticed(home: Home) -> None:
    _spend(home, "2023")
    (home.research / "synthetic_victims_2023" / "000001-0123456789ab").mkdir(parents=True)
    assert len(privacy_budget.spendings(home)) == 1
    (home.ledger / "privacy_budget.jsonl").unlink()
    assert _code(home, "2023") == "ledger_broken"
