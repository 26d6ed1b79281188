"""Three and four vintages of one year against trying every history: no attacker of the audit may be too weak."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from methods.disclosure.auditing.audit import AuditQuestion, AuditReport, audit, published_bounds
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from methods.disclosure.table_model import TableModel, build_model
from tests.methods.disclosure.invented_tables import crossed, frame

COUNT, SEXES = "PRT-01/COUNT", ("F", "M")
LEAST_VALUES = 3
MORE = 2  # withdrawals beyond the fewest, in which the attacker still believes
REACH = 3  # beyond the greatest printed count, where no interval of interest ends


class Told(NamedTuple):
    """One vintage: the true count of each base cell and the base that its cells are rounded to (1: exact)."""

    counts: tuple[int, ...]
    base: int = 1


def by_sex(areas: Sequence[str] = ("L1",)) -> TableModel:
    """The women, the men, and both together."""
    rows = [{"measure": COUNT, "area": areas[0]}, *({"measure": COUNT, "area": areas[0], "sex": sex} for sex in SEXES)]
    return build_model(crossed(COUNT, areas, {"sex": SEXES}), frame(rows), [], ancestors={}, merged={})


def alone() -> TableModel:
    return build_model(
        crossed(COUNT, ("L1",), {}), frame([{"measure": COUNT, "area": "L1"}]), [], ancestors={}, merged={}
    )


def bounds_of(model: TableModel, told: Told) -> CellBounds:
    """What a vintage prints: the lower multiple of its base."""
    counts = np.asarray(model.matrix @ np.array(told.counts)) // told.base * told.base
    return published_bounds(counts, ["EXACT_11" if told.base == 1 else f"ROUNDED_{told.base}"] * len(counts))


class Expected(NamedTuple):
    """What trying every history finds."""

    withdrawn: int
    passed: bool


def tried(model: TableModel, vintages: Sequence[Told]) -> Expected:
    """Try every history of base counts that agrees with all that is printed."""
    bounds = [bounds_of(model, told) for told in vintages]
    most = int(max(np.max(one.upper) for one in bounds)) + REACH
    matrix = model.matrix.toarray()
    agreeing = [
        [
            np.array(counts)
            for counts in product(range(most + 1), repeat=matrix.shape[1])
            if (matrix @ counts >= one.lower).all() and (matrix @ counts <= one.upper).all()
        ]
        for one in bounds
    ]
    histories = [
        (sum(int(np.maximum(then - now, 0).sum()) for then, now in pairwise(history)), history)
        for history in product(*agreeing)
    ]
    fewest = min(withdrawn for withdrawn, _ in histories)
    most_believed = fewest + MORE if fewest else 0
    believed = [np.stack(history) @ matrix.T for withdrawn, history in histories if withdrawn <= most_believed]
    tables = np.stack(believed)  # histories x vintages x cells
    now, growth = tables[:, -1], tables[:, -1:] - tables[:, :-1]
    is_safe = (now.max(axis=0) - now.min(axis=0) >= LEAST_VALUES - 1).all()
    for asked in (growth, -growth) if fewest else (growth,):
        low, high = asked.min(axis=0), asked.max(axis=0)
        is_safe &= ((low <= 0) | (high - low >= LEAST_VALUES - 1)).all()
    return Expected(fewest, bool(is_safe))


def audited(model: TableModel, vintages: Sequence[Told]) -> AuditReport:
    *earlier, now = [Vintage(model, bounds_of(model, told)) for told in vintages]
    return audit(now, AuditQuestion(sensitive=np.ones(len(model.cells), dtype=bool), earlier=earlier))


def found(report: AuditReport) -> Expected:
    return Expected(report.withdrawn, report.passed)


bases = st.sampled_from([1, 1, 3, 5])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Told, st.tuples(st.integers(0, 9)), bases), min_size=3, max_size=4))
@example([Told((21,)), Told((18,), 3), Told((21,))])
@example([Told((38,)), Told((37,)), Told((50,))])
@example([Told((2,)), Told((5,), 3), Told((1,)), Told((9,), 5)])
def test_one_cell_over_three_and_four_vintages(vintages: list[Told]):
    assert found(audited(alone(), vintages)) == tried(alone(), vintages)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.builds(Told, st.tuples(st.integers(0, 3), st.integers(0, 3)), st.sampled_from([1, 3])),
                min_size=3, max_size=3))  # fmt: skip
def test_two_cells_and_their_sum_over_three_vintages(vintages: list[Told]):
    assert found(audited(by_sex(), vintages)) == tried(by_sex(), vintages)


@pytest.mark.parametrize(
    ("counts", "base", "withdrawn"),
    [((21, 18, 21), 3, 1), ((38, 37, 50), 1, 1), ((38, 38, 50), 1, 0), ((38, 39, 37, 50), 1, 2), ((5, 3, 4, 2), 1, 4)],
)
def test_a_withdrawal_between_two_earlier_vintages_is_not_hidden_by_what_came_later(
    counts: tuple[int, ...], base: int, withdrawn: int
):
    vintages = [Told((count,), base if place == 1 else 1) for place, count in enumerate(counts)]
    assert audited(alone(), vintages).withdrawn == withdrawn


def test_a_leaf_that_one_vintage_lacks_is_held_against_the_next_that_has_it():
    """Four, then a release without the leaf, then three, then nine: one was withdrawn, between the two that tell it."""
    both, other = (
        build_model(
            crossed(COUNT, areas, {}), frame([{"measure": COUNT, "area": area} for area in areas]), [],
            ancestors={}, merged={},
        )
        for areas in (("L1", "L2"), ("L2",))
    )  # fmt: skip

    def exact(*counts: int) -> CellBounds:
        return published_bounds(np.array(counts), ["EXACT_11"] * len(counts))

    earlier = [Vintage(both, exact(4, 20)), Vintage(other, exact(20)), Vintage(both, exact(3, 20))]
    report = audit(Vintage(both, exact(9, 20)), AuditQuestion(sensitive=np.zeros(2, dtype=bool), earlier=earlier))
    assert report.withdrawn == 1
