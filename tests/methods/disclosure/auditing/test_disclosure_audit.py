"""The audit: attacks with known answers, planted leaks, and the protection's own output on an invented year."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import methods.disclosure.auditing.audit as audit_module
from methods.disclosure.auditing.audit import AuditQuestion, AuditReport, audit, published_bounds
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from methods.disclosure.rounding.additive_rounding import WantedCells, controlled_rounding
from methods.disclosure.table_model import Relation, TableModel, build_model
from tests.methods.disclosure.invented_tables import FORM, VICTIMS, crossed, frame, victim_model, victim_year

COUNT = "PRT-01/COUNT"
REGION = {"L1": ("R",), "L2": ("R",), "L3": ("R",)}
MALE_SEXUAL = {"sex": "M", "form": "SEXUAL"}


def table(
    published: Sequence[Mapping[str, str]], areas: Sequence[str] = ("L1",), **categories: Sequence[str]
) -> TableModel:
    """A one-measure block over the areas and categories, with the given cells published."""
    rows = frame([{"measure": COUNT, **row} for row in published])
    return build_model(crossed(COUNT, areas, categories), rows, [], ancestors=REGION, merged={})


def attacked(
    model: TableModel, printed: Sequence[float | None], sensitive: Sequence[int], values: int = 3
) -> AuditReport:
    """Audit of exact figures (None: hidden), with the rows of `sensitive` asked about."""
    known = np.array([np.nan if value is None else value for value in printed], dtype=float)
    bounds = published_bounds(known, ["HIDDEN" if value is None else "EXACT_11" for value in printed])
    return audit(
        Vintage(model, bounds),
        AuditQuestion(sensitive=np.isin(np.arange(len(known)), sensitive), minimum_values=values),
    )


def intervals(report: AuditReport) -> list[tuple[float, float]]:
    return [(failure.low, failure.high) for failure in report.failures]


def test_attack_1_a_hidden_cell_is_recovered_from_its_margin():
    model = table([{"area": "L1", "sex": "F"}, {"area": "L1", "sex": "M"}, {"area": "L1"}], sex=("F", "M"))
    report = attacked(model, [7, None, 9], [1])
    assert intervals(report) == [(2, 2)]
    assert report.failures[0].rule == "too_few_values"
    assert report.failures[0].coordinates == {"measure": COUNT, "area": "L1", "sex": "M"}


def test_attack_2_two_hidden_cells_of_a_full_margin_are_empty():
    sexes = ("F", "M", "_U")
    model = table([*({"area": "L1", "sex": sex} for sex in sexes), {"area": "L1"}], sex=sexes)
    assert intervals(attacked(model, [5, None, None, 5], [1, 2])) == [(0, 0), (0, 0)]


def test_attack_3_a_pair_below_the_threshold_is_narrow_but_not_exact():
    sexes = ("F", "M", "_U")
    model = table([*({"area": "L1", "sex": sex} for sex in sexes), {"area": "L1"}], sex=sexes)
    assert attacked(model, [20, None, None, 23], [1, 2]).passed
    assert intervals(attacked(model, [20, None, None, 23], [1, 2], values=5)) == [(0, 3), (0, 3)]


def test_attack_4_another_table_with_the_same_margin_tells():
    model = table(
        [{"area": "L1"}, {"area": "L1", "form": "SEXUAL"}, {"area": "L1", "sex": "F"}, {"area": "L1", "sex": "M"}],
        sex=("F", "M"),
        form=("SEXUAL", "OTHER"),
    )
    assert intervals(attacked(model, [11, 6, 9, None], [3])) == [(2, 2)]


def test_attack_5_a_region_gives_away_its_last_governorate():
    model = table([{"area": area} for area in ("R", "L1", "L2", "L3")], areas=("L1", "L2", "L3"))
    assert intervals(attacked(model, [31, 14, 15, None], [3])) == [(2, 2)]


def test_attack_6_a_late_case_is_seen_between_exact_vintages():
    model = table([{"area": "L1", "form": "ORGAN"}], form=("ORGAN", "OTHER"))
    then, now = (published_bounds(np.array([value]), ["EXACT_11"]) for value in (37, 38))
    report = audit(Vintage(model, now), AuditQuestion(sensitive=np.array([False]), earlier=[Vintage(model, then)]))
    assert intervals(report) == [(1, 1)]
    assert report.failures[0].coordinates["form"] == "ORGAN"


def test_attack_7_two_geographies_give_away_the_leaf_between_them():
    model = table([{"area": area} for area in ("R", "L1", "L2")], areas=("L1", "L2"))
    assert intervals(attacked(model, [34, 32, None], [2])) == [(2, 2)]


def test_a_leaf_that_is_new_is_bounded_by_the_vintage_without_it():
    old, new = table([{"area": "L1"}]), table([{"area": "R"}, {"area": "L2"}], areas=("L1", "L2"))
    then, now = (
        published_bounds(np.array([32]), ["EXACT_11"]),
        published_bounds(np.array([34, 0]), ["EXACT_11", "HIDDEN"]),
    )
    asked = np.array([False, True])
    assert audit(Vintage(new, now), AuditQuestion(sensitive=asked, minimum_values=4)).passed
    assert intervals(
        audit(Vintage(new, now), AuditQuestion(sensitive=asked, minimum_values=4, earlier=[Vintage(old, then)]))
    ) == [(0, 2)]


def test_attack_15_nearest_rounding_pins_every_cell():
    forms = FORM[:4]
    model = table([*({"area": "L1", "form": form} for form in forms), {"area": "L1"}], form=forms)
    nearest = CellBounds(np.array([0, 0, 0, 0, 8.0]), np.array([2, 2, 2, 2, 12.0]))
    small = np.array([True] * 4 + [False])
    assert intervals(audit(Vintage(model, nearest), AuditQuestion(sensitive=small))) == [(2, 2)] * 4
    ours = published_bounds(np.array([0, 0, 0, 0, 10]), ["ROUNDED_5"] * 5)
    assert audit(Vintage(model, ours), AuditQuestion(sensitive=small, minimum_values=5)).passed


def test_attack_18_an_unpublished_cross_is_surely_not_empty():
    model = table(
        [{"area": "L1"}, {"area": "L1", "sex": "F"}, {"area": "L1", "age": "Y0T17"}],
        sex=("F", "M"),
        age=("Y0T17", "Y_GE18"),
    )
    bounds = published_bounds(np.array([20, 18, 17]), ["EXACT_11"] * 3)
    report = audit(
        Vintage(model, bounds), AuditQuestion(sensitive=np.zeros(3, bool), never=[{"sex": "F", "age": "Y0T17"}])
    )
    assert [(one.rule, one.low, one.high) for one in report.failures[:1]] == [("never_cell_certain", 15, 17)]
    assert {one.coordinates["area"] for one in report.failures} == {"L1"}
    assert audit(
        Vintage(model, bounds), AuditQuestion(sensitive=np.zeros(3, bool), never=[{"sex": "M", "age": "Y_GE18"}])
    ).passed


def test_a_forbidden_cross_that_is_printed_fails_and_a_hidden_one_does_not():
    model = table(
        [{"area": "L1"}, {"area": "L1", "sex": "M", "form": "SEXUAL"}], sex=("F", "M"), form=("SEXUAL", "OTHER")
    )
    printed, hidden = (published_bounds(np.array([30, 0]), ["EXACT_11", method]) for method in ("ROUNDED_5", "HIDDEN"))
    (failure,) = audit(
        Vintage(model, printed), AuditQuestion(sensitive=np.zeros(2, bool), never=[MALE_SEXUAL])
    ).failures
    assert (failure.rule, failure.coordinates) == (
        "never_cell_certain",
        {"measure": COUNT, "area": "L1", **MALE_SEXUAL},
    )
    assert audit(Vintage(model, hidden), AuditQuestion(sensitive=np.zeros(2, bool), never=[MALE_SEXUAL])).passed


def test_a_region_can_be_certain_where_no_governorate_is():
    model = table([{"area": "R", "article": "A8"}], areas=("L1", "L2"), article=("A8", "A6"))
    bounds = published_bounds(np.array([12]), ["EXACT_11"])
    crosses = audit(
        Vintage(model, bounds), AuditQuestion(sensitive=np.zeros(1, bool), never=[{"article": "A8"}])
    ).failures
    assert {one.coordinates["area"] for one in crosses} == {"R"}


def test_a_merged_category_hides_the_forbidden_one():
    measure, merged = "PRS-07/NUMERATOR", {"article": {"A6": "A6_A8", "A8": "A6_A8"}}
    base = crossed(measure, ("L1",), {"article": ("A6", "A8", "A7")})
    cells = crossed(measure, ("L1",), {"article": ("A6_A8", "A7")})
    model = build_model(base, cells, [], ancestors={}, merged=merged)
    bounds = published_bounds(np.array([15, 12]), ["EXACT_11"] * 2)
    assert audit(Vintage(model, bounds), AuditQuestion(sensitive=np.zeros(2, bool), never=[{"article": "A8"}])).passed


def test_a_denominator_bounds_its_numerator():
    part = "PRT-03/NUMERATOR"
    rows = frame([{"measure": name, "area": "L1"} for name in (COUNT, part)])
    model = build_model(rows, rows, [Relation(part, "subset", COUNT)], ancestors={}, merged={})
    bounds = published_bounds(np.array([1, 0]), ["EXACT_11", "ROUNDED_5"])
    report = audit(Vintage(model, bounds), AuditQuestion(sensitive=np.array([False, True])))
    assert intervals(report) == [(0, 1)]


def test_figures_that_no_table_explains_are_impossible():
    model = table([{"area": "L1", "sex": "F"}, {"area": "L1"}], sex=("F", "M"))
    report = attacked(model, [12, 11], [])
    assert [(one.rule, one.coordinates) for one in report.failures] == [("impossible", {})]


def test_rounded_vintages_together_tell_more_than_each_alone():
    model = table([{"area": "L1"}])
    first, second = (published_bounds(np.array([value]), ["ROUNDED_5"]) for value in (10, 5))
    alone = audit(Vintage(model, second), AuditQuestion(sensitive=np.array([True]), minimum_values=5))
    together = audit(
        Vintage(model, second),
        AuditQuestion(sensitive=np.array([True]), minimum_values=5, earlier=[Vintage(model, first)]),
    )
    assert alone.passed
    assert intervals(together) == [(6, 9)]


def test_unknown_methods_and_missing_values_are_errors():
    with pytest.raises(ValueError, match="unknown disclosure method: NEAREST"):
        published_bounds(np.array([5]), ["NEAREST"])
    with pytest.raises(ValueError, match="no printed value"):
        published_bounds(np.array([np.nan]), ["ROUNDED_5"])


def test_the_audit_shares_no_code_with_the_rounding():
    house = Path(audit_module.__file__).parents[3]
    seen: set[str] = set()
    waiting = {audit_module.__name__}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        nodes = ast.walk(ast.parse((house / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")))
        imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
        waiting |= {module for module in imported if module.startswith("methods.disclosure.")} - seen
    assert {name.removeprefix("methods.disclosure.") for name in seen} == {
        "auditing.audit",
        "auditing.small_moves",
        "auditing.attacked_system",
        "auditing.attack_programme",
        "auditing.witnesses",
        "auditing.attacker",
        "quiet_solver",  # HiGHS without its banner: a library, and nothing of ours
        "auditing.unexplained_figures",
        "auditing.insiders",
        "table_model",
        "auditing.attack_questions",
        "auditing.vintages",
        "auditing.withdrawn_cases",
    }


@pytest.mark.parametrize(("seed", "events"), [(6, 220), (7, 450)])
def test_a_rounded_year_passes_and_any_small_cell_planted_in_it_fails(seed: int, events: int):
    model, true = victim_model(), victim_year(seed, events)
    cells = model.matrix @ true
    small = (cells > 0) & (cells < 5)
    printed = controlled_rounding(model, true, key=b"an invented key", label="2021")
    methods = np.array(["ROUNDED_5"] * len(cells), dtype=object)
    report = audit(
        Vintage(model, published_bounds(printed, methods)), AuditQuestion(sensitive=small, never=[MALE_SEXUAL])
    )
    assert report.passed
    assert report.checked > small.sum()
    planted = int(np.flatnonzero(small)[seed])
    printed[planted], methods[planted] = cells[planted], "EXACT_11"
    failures = audit(
        Vintage(model, published_bounds(printed, methods)), AuditQuestion(sensitive=small, never=[MALE_SEXUAL])
    ).failures
    row = model.cells.iloc[planted]
    assert any(
        one.coordinates["measure"] == row["measure"] and one.low == one.high == cells[planted] for one in failures
    )


def test_late_cases_in_a_sticky_year_stay_uncertain():
    model, true = victim_model(), victim_year(8, 300)
    before = controlled_rounding(model, true, key=b"an invented key", label="2021")
    late = true.copy()
    late[[3, 90, 500]] += 1
    after = controlled_rounding(
        model, late, key=b"an invented key", label="2021", wanted=WantedCells(previous=before.astype(float))
    )
    then, now = (published_bounds(printed, ["ROUNDED_5"] * len(printed)) for printed in (before, after))
    cells = model.matrix @ late
    report = audit(
        Vintage(model, now), AuditQuestion(sensitive=(cells > 0) & (cells < 5), earlier=[Vintage(model, then)])
    )
    assert report.passed
    assert report.withdrawn == 0


def test_the_same_input_gives_the_same_report():
    model, true = (
        victim_model(measures=VICTIMS[:1]),
        victim_year(9, 240)[: len(victim_model(measures=VICTIMS[:1]).base)],
    )
    cells = model.matrix @ true
    bounds = published_bounds(cells, ["EXACT_11" if one > 60 else "HIDDEN" for one in cells])
    first, second = (
        audit(Vintage(model, bounds), AuditQuestion(sensitive=cells == 2, never=[MALE_SEXUAL])) for _ in range(2)
    )
    assert first == second


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=4, max_size=4), st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_the_attacker_finds_what_trying_every_table_finds(true: list[int], widths: list[int]):
    model = table(
        [{"area": "L1", **row} for row in ({}, {"sex": "F"}, {"sex": "M"}, {"age": "Y0T17"}, {"age": "Y_GE18"})]
        + [{"area": "L1", "sex": sex, "age": age} for sex in ("F", "M") for age in ("Y0T17", "Y_GE18")],
        sex=("F", "M"),
        age=("Y0T17", "Y_GE18"),
    )
    cells = model.matrix @ np.array(true)
    bounds = CellBounds(np.maximum(0, cells - np.array(widths) // 2), cells + np.array(widths) // 3)
    every = np.array(list(product(range(6), repeat=4))) @ model.matrix.T.toarray()
    agreeing = every[((every >= bounds.lower) & (every <= bounds.upper)).all(axis=1)]
    narrow = agreeing.max(axis=0) - agreeing.min(axis=0) < 2
    report = audit(Vintage(model, bounds), AuditQuestion(sensitive=np.ones(9, bool)))
    expected = [(agreeing[:, cell].min(), agreeing[:, cell].max()) for cell in np.flatnonzero(narrow)]
    assert intervals(report) == expected


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=2),
    st.lists(st.integers(0, 1), min_size=2, max_size=2),
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
)
def test_over_two_vintages_the_attacker_finds_what_trying_every_pair_finds(
    before: list[int], late: list[int], widths: list[int]
):
    model = table([{"area": "L1"}, {"area": "L1", "sex": "F"}, {"area": "L1", "sex": "M"}], sex=("F", "M"))
    counts, spread = (np.array(before), np.array(before) + late), (np.array(widths[:3]), np.array(widths[3:]))
    cells = [model.matrix @ one for one in counts]
    then, now = (
        CellBounds(np.maximum(0, one - wide // 2), one + wide // 3) for one, wide in zip(cells, spread, strict=True)
    )
    every = np.array([pair for pair in product(range(7), repeat=4) if pair[0] <= pair[2] and pair[1] <= pair[3]])
    old, new = every[:, :2] @ model.matrix.T.toarray(), every[:, 2:] @ model.matrix.T.toarray()
    agreeing = ((old >= then.lower) & (old <= then.upper) & (new >= now.lower) & (new <= now.upper)).all(axis=1)
    present, added = new[agreeing], (new - old)[agreeing]
    expected = [(one.min(), one.max()) for one in present.T if one.max() - one.min() < 2]
    expected += [(one.min(), one.max()) for one in added.T if one.min() > 0 and one.max() - one.min() < 2]
    assert (
        intervals(audit(Vintage(model, now), AuditQuestion(sensitive=np.ones(3, bool), earlier=[Vintage(model, then)])))
        == expected
    )
