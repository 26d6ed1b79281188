"""A new governorate, folded and split rows, and bands of age: each is one more row of the same system."""

from __future__ import annotations

import numpy as np
import pytest

from methods.disclosure.auditing.audit import AuditQuestion, audit, published_bounds
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from methods.disclosure.rounding.additive_rounding import controlled_rounding
from methods.disclosure.table_model import TableModel, build_model
from tests.methods.disclosure.invented_tables import frame

SULAYMANIYAH, HALABJA, ERBIL, JOINED, REGION = "IQG06", "IQG06Q05", "IQG11", "IQG06+IQG06Q05", "IQ-KR"
# Halabja is a leaf from the start; a vintage without it prints a row that holds it and Sulaymaniyah.
ANCESTORS = {SULAYMANIYAH: (JOINED, REGION), HALABJA: (JOINED, REGION), ERBIL: (REGION,)}
TRUE = {SULAYMANIYAH: 32, HALABJA: 2, ERBIL: 20}
MEASURE = "PRT-01/COUNT"


def places(*areas: str) -> TableModel:
    """A year of which these areas are printed."""
    base = frame([{"measure": MEASURE, "area": leaf} for leaf in TRUE])
    return build_model(
        base, frame([{"measure": MEASURE, "area": area} for area in areas]), [], ancestors=ANCESTORS, merged={}
    )


def printed(model: TableModel, hidden: tuple[str, ...]) -> CellBounds:
    """Exact figures, but for some areas."""
    areas = model.cells["area"].tolist()
    values = model.matrix @ np.array([TRUE[leaf] for leaf in model.base["area"]], dtype=float)
    return published_bounds(values, ["HIDDEN" if area in hidden else "EXACT_11" for area in areas])


def small(model: TableModel) -> np.ndarray:
    return (model.cells["area"] == HALABJA).to_numpy()


def test_sulaymaniyah_with_halabja_less_sulaymaniyah_without_it_is_caught():
    """34 less 32."""
    model = places(JOINED, SULAYMANIYAH, HALABJA)
    report = audit(Vintage(model, printed(model, (HALABJA,))), AuditQuestion(sensitive=small(model)))
    assert [(one.coordinates["area"], one.low, one.high) for one in report.failures] == [(HALABJA, 2, 2)]


def test_a_vintage_that_folded_halabja_in_gives_it_away_when_the_next_one_splits_it():
    before, now = places(JOINED, ERBIL), places(SULAYMANIYAH, HALABJA, ERBIL, REGION)
    hidden = printed(now, (HALABJA, ERBIL))
    alone = audit(Vintage(now, hidden), AuditQuestion(sensitive=small(now)))
    assert alone.passed, "the new vintage by itself tells nothing"
    report = audit(
        Vintage(now, hidden), AuditQuestion(sensitive=small(now), earlier=[Vintage(before, printed(before, ()))])
    )
    assert (HALABJA, 2, 2) in [(one.coordinates.get("area"), one.low, one.high) for one in report.failures]


def test_folding_back_may_be_late_cases_but_not_beside_the_split_row():
    before, now = places(SULAYMANIYAH, ERBIL), places(JOINED, HALABJA, ERBIL, REGION)
    hidden = printed(now, (HALABJA, ERBIL))
    report = audit(
        Vintage(now, hidden), AuditQuestion(sensitive=small(now), earlier=[Vintage(before, printed(before, ()))])
    )
    assert report.passed, "late cases of Sulaymaniyah explain it as well"
    both = places(JOINED, SULAYMANIYAH, HALABJA)
    assert not audit(Vintage(both, printed(both, (HALABJA,))), AuditQuestion(sensitive=small(both))).passed


def test_rounded_vintages_split_halabja_and_tell_nobody():
    true = np.array([TRUE[leaf] for leaf in places(JOINED).base["area"]], dtype=float)
    vintages: list[Vintage] = []
    for model in (places(JOINED, ERBIL, REGION), places(SULAYMANIYAH, HALABJA, ERBIL, REGION)):
        values = controlled_rounding(model, true, key=b"an invented key", label="2025")
        vintages.append(Vintage(model, published_bounds(values.astype(float), ["ROUNDED_5"] * len(values))))
    (before, now) = vintages
    assert audit(now, AuditQuestion(sensitive=small(now.model), earlier=[before])).passed


BANDS = {"Y0T11": 7, "Y12T17": 2, "Y_GE18": 31}
CHILDREN = {"age": {"Y0T11": "Y0T17", "Y12T17": "Y0T17"}}


def bands(*ages: str) -> TableModel:
    """Bands of age with the level of children above two of them."""
    base = frame([{"measure": MEASURE, "area": ERBIL, "age": age} for age in BANDS])
    cells = frame([{"measure": MEASURE, "area": ERBIL, "age": age} for age in ages])
    return build_model(base, cells, [], ancestors=ANCESTORS, merged=CHILDREN)


@pytest.mark.parametrize("others", [("Y0T17", "Y0T11"), ("_T", "Y_GE18", "Y0T11")])
def test_a_band_is_had_from_the_level_above_it_or_from_the_total(others: tuple[str, ...]):
    model = bands(*others, "Y12T17")
    values = model.matrix @ np.array(list(BANDS.values()), dtype=float)
    bounds = published_bounds(values, [*(["EXACT_11"] * len(others)), "HIDDEN"])
    report = audit(Vintage(model, bounds), AuditQuestion(sensitive=(model.cells["age"] == "Y12T17").to_numpy()))
    assert [(one.coordinates["age"], one.low, one.high) for one in report.failures] == [("Y12T17", 2, 2)]


def test_rounded_bands_add_up_to_the_level_above_and_to_the_total():
    model = bands("Y0T11", "Y12T17", "Y0T17", "Y_GE18", "_T")
    for seed in range(20):
        true = np.random.default_rng(seed).integers(0, 40, 3).astype(float)
        values = controlled_rounding(model, true, key=b"an invented key", label=str(seed))
        younger, older, children, adults, everybody = values
        assert younger + older == children
        assert children + adults == everybody
