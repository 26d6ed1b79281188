"""Borders: each threshold of protection is asked at one less, equal and one more, made from the constant itself."""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from expectations.cards.cells import KEY
from expectations.protection import constraint_systems
from expectations.protection.revisions import decide
from methods import intervals, medians
from methods.disclosure import loss
from methods.disclosure.auditing.audit import AuditQuestion, audit, published_bounds
from methods.disclosure.auditing.vintages import Vintage
from methods.disclosure.table_model import build_model
from tests.methods.disclosure.invented_tables import crossed, frame

ROOMS = (
    "expectations/cards/cells.py",
    "expectations/protection/constraint_systems.py",
    "methods/medians.py",
    "methods/intervals.py",
    "methods/disclosure",
)

# How far a search goes, how exact a solver is, what seeds it: no figure is judged by these.
OF_THE_SEARCH = {
    "methods.disclosure.auditing.attacker": {"NODES", "ROUNDS", "IDLE_ROUNDS", "PARTNERS", "EXCHANGES", "SEARCH_GAP",
                                    "FEW", "NAMED", "AROUND", "FAR", "ABOVE", "SEED"},
    "methods.disclosure.auditing.attack_programme": {"TOLERANCE"},
    "methods.disclosure.auditing.insiders": {"SIDE_BY_SIDE"},
    "methods.disclosure.auditing.small_moves": {"ENDLESS"},
    "methods.disclosure.auditing.unexplained_figures": {"PROGRAMMES", "NOTHING"},
    "methods.disclosure.derived": {"PER", "DECIMALS"},
    "methods.disclosure.loss": {"STEP", "MISFIT"},
    "methods.disclosure.rounding.additive_rounding": {"STICKY_WEIGHT", "UNIT"},
    "methods.disclosure.rounding.rounding_program": {"TOLERANCE", "NODES", "GAP"},
    "methods.disclosure.auditing.vintages": {"MOST_WHOLES"},
    "methods.intervals": {"LEVEL", "PER", "_TOUCH"},
    "methods.medians": {"STEP", "REPLICATES", "_TOUCH", "ONE_BAND"},
}  # fmt: skip
# Asked at one less and one more where tables of bodies are at hand: `test_insiders.py`, certainty alone.
ASKED_THERE = {"methods.disclosure.auditing.insiders": {"CERTAIN"}}
# Thresholds whose border no test asks yet: one more or one less of `SURE` is not noticed by any test of the audit.
NOT_ASKED_YET = {
    "methods.disclosure.auditing.attack_questions": {"SHARE", "SURE"},
}


def _leaves_enough_values(values: int) -> bool:
    """Two hidden cells that add up to one less than `values` leave each as many values as that."""
    sexes = ("F", "M", "_U")
    cells = [*({"measure": "X/COUNT", "area": "L", "sex": sex} for sex in sexes), {"measure": "X/COUNT", "area": "L"}]
    model = build_model(crossed("X/COUNT", ["L"], {"sex": sexes}), frame(cells), [], ancestors={"L": ()}, merged={})
    known = np.array([20, np.nan, np.nan, 20 + values - 1])
    bounds = published_bounds(known, ["EXACT_11", "HIDDEN", "HIDDEN", "EXACT_11"])
    hidden = np.array([False, True, True, False])
    return audit(
        Vintage(model, bounds), AuditQuestion(sensitive=hidden, minimum_values=constraint_systems.MINIMUM_VALUES)
    ).passed


def _is_not_asked_about(count: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    heard: list[bool] = []

    def listen(_: Vintage, question: AuditQuestion) -> None:
        heard.extend(bool(is_small) for is_small in question.sensitive)

    monkeypatch.setattr(constraint_systems, "audit", listen)
    monkeypatch.setattr(constraint_systems, "_one_kind_pairs", lambda _: np.zeros((0, 2), dtype=np.int64))
    scheme = SimpleNamespace(never_entries=lambda block: [])
    year = SimpleNamespace(true_cells=np.array([count]), model=None, scheme=scheme, block=("X/COUNT",))
    for name in ("base", "cells", "rounding_base", "true_base"):
        setattr(year, name, pd.DataFrame())
    printed = constraint_systems.PrintedCells(np.array([float(count)]), ("EXACT_11",))
    constraint_systems.attack(cast(Any, year), printed, constraint_systems.AttackerKnowledge())
    return heard == [False]


def _is_revised(cases: int) -> bool:
    place = dict.fromkeys(KEY, "_T") | {"indicator": "PRT-01", "measure": "COUNT"}
    before, now = (pd.DataFrame([{**place, "obs_value": value}]) for value in (100.0, 100.0 + cases))
    prior = SimpleNamespace(printed=before, sealed=[before])
    return decide(cast(Any, SimpleNamespace(base=now)), cast(Any, prior)) == "revised"


def _mean_is_told(cells: int) -> bool:
    return loss.public_loss(np.full(cells, 11.0), np.full(cells, 10.0), 5).mean_error is not None


REACHES: dict[str, Callable[[int], bool]] = {
    "expectations.protection.constraint_systems.MINIMUM_VALUES": _leaves_enough_values,
    "expectations.cards.cells.LATE_CASES": _is_revised,
    "methods.disclosure.loss.ENOUGH_CELLS": _mean_is_told,
    "methods.medians.LEAST": lambda count: (
        not np.isnan(medians.median_of_bands([count - 5, 5], [0, 8, 31], label="x", replicates=20).observations)
    ),
    "methods.intervals.LEAST_COUNT": lambda count: str(intervals.classify_standing(count)) != "nothing",
    "methods.intervals.LEAST_RATE": lambda count: str(intervals.classify_standing(count)) in ("marked", "plain"),
    "methods.intervals.LEAST_RELIABLE": lambda count: str(intervals.classify_standing(count)) == "plain",
}
SENSITIVE = "expectations.protection.constraint_systems.SENSITIVE_UNDER"


@pytest.mark.parametrize("beside", [-1, 0, 1])
@pytest.mark.parametrize("name", sorted(REACHES))
def test_a_threshold_is_reached_at_itself_and_not_one_below(name: str, beside: int):
    module, _, constant = name.rpartition(".")
    assert REACHES[name](getattr(import_module(module), constant) + beside) is (beside >= 0)


@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_a_small_count_is_asked_about_below_its_border_only(beside: int, monkeypatch: pytest.MonkeyPatch):
    assert _is_not_asked_about(constraint_systems.SENSITIVE_UNDER + beside, monkeypatch) is (beside >= 0)


def _constants() -> set[str]:
    """The numbers at the top of the modules that judge what may be printed."""
    house = Path(__file__).resolve().parents[2]
    files = [
        one for room in ROOMS for one in ([house / room] if room.endswith(".py") else (house / room).rglob("*.py"))
    ]
    found: set[str] = set()
    for path in (
        one for one in files if "attacks" not in one.parts
    ):  # they judge nothing; their borders are the gate's
        module = ".".join(path.relative_to(house).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.expr) and _is_number(value):
                found.add(f"{module}.{target.id}")
    return found


def _is_number(value: ast.expr) -> bool:
    """Whether an expression is made of numbers only."""
    parts = list(ast.walk(value))
    plain = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    return all(isinstance(part, plain) for part in parts) and all(
        isinstance(part.value, int | float) and not isinstance(part.value, bool)
        for part in parts
        if isinstance(part, ast.Constant)
    )


def test_a_new_number_is_asked_at_its_border_or_told_to_be_of_the_search():
    kinds = (OF_THE_SEARCH, ASKED_THERE, NOT_ASKED_YET)
    others = {f"{module}.{name}" for kind in kinds for module in kind for name in kind[module]}
    assert _constants() == others | set(REACHES) | {SENSITIVE}
