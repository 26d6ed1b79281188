"""The table model: which base cells a published cell adds up, and which relations bind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from methods.disclosure.rounding.rounding_program import published_links
from methods.disclosure.table_model import Relation, TableModel, build_model, connected_blocks
from tests.methods.disclosure.invented_tables import (
    AGE,
    FORM,
    LEAVES,
    SEX,
    VICTIM_RELATIONS,
    VICTIMS,
    crossed,
    frame,
    victim_model,
    victim_year,
)

ARTICLES = ("A5_1", "A6", "A8")
MERGED = {"article": {"A6": "A6_A8", "A8": "A6_A8"}}


def test_a_published_cell_adds_up_exactly_its_base_cells():
    model, true = victim_model(), victim_year(1, 300)
    printed = model.matrix @ true
    values = model.base.assign(true=true)
    for measure, area, form in ((VICTIMS[0], "IQG03", "BEGGING"), (VICTIMS[1], "IQ-FED", "SEXUAL")):
        cell = (model.cells[["measure", "area", "form", "sex", "age"]] == [measure, area, form, "_T", "_T"]).all(axis=1)
        inside = (values["measure"] == measure) & (values["form"] == form)
        inside &= values["area"] == area if area != "IQ-FED" else True
        assert printed[cell.to_numpy()] == [values.loc[inside, "true"].sum()]


def test_rows_and_columns_follow_the_frames_that_were_given():
    base, cells = crossed("A/COUNT", ("L1", "L2"), {"sex": SEX}), crossed("A/COUNT", ("L2", "R", "L1"), {})
    model = build_model(base, cells, [], ancestors={"L1": ("R",), "L2": ("R",)}, merged={})
    assert model.cells["area"].tolist() == ["L2", "R", "L1"]
    assert (model.matrix @ np.array([1, 2, 3, 10, 20, 30])).tolist() == [60, 66, 6]


def test_a_merged_category_contains_the_categories_it_stands_for():
    base = crossed("PRS-07/NUMERATOR", ("L1",), {"article": ARTICLES})
    cells = frame([{"measure": "PRS-07/NUMERATOR", "area": "L1", "article": article} for article in ("A6_A8", "A5_1")])
    model = build_model(base, cells, [], ancestors={}, merged=MERGED)
    assert (model.matrix @ np.array([7, 4, 2])).tolist() == [6, 7]


def test_a_partition_binds_on_the_dimensions_both_measures_have():
    parts = crossed("PRS-07/NUMERATOR", ("L1", "L2"), {"article": ARTICLES})
    wholes = crossed("PRS-05/COUNT", ("L1", "L2"), {"sex": SEX, "age": AGE})
    base = frame([*parts.to_dict("records"), *wholes.to_dict("records")])
    relation = Relation("PRS-07/NUMERATOR", "partition", "PRS-05/COUNT")
    model = build_model(base, crossed("PRS-05/COUNT", ("L1",), {}), [relation], ancestors={}, merged={})
    assert model.links.shape[0] == 2
    assert model.link_lower.tolist() == model.link_upper.tolist() == [0, 0]
    whole = np.zeros(18)
    whole[[1, 9]] = (6, 5)
    assert (model.links @ np.array([1, 2, 3, 0, 5, 0, *whole])).tolist() == [0, 0]
    assert (model.links @ np.array([1, 2, 4, 0, 5, 0, *whole])).tolist() == [1, 0]


def test_a_subset_binds_in_every_base_cell_of_the_shared_dimensions():
    model = victim_model()
    assert model.links.shape[0] == 2 * len(LEAVES) * len(SEX) * len(AGE) * len(FORM)
    assert np.isneginf(model.link_lower).all()
    assert ((model.links @ victim_year(2, 250)) <= model.link_upper).all()


def test_measures_joined_by_relations_form_one_block():
    measures = (*VICTIMS, "PRS-05/COUNT", "PAR-10/COUNT", "PRS-07/NUMERATOR")
    relations = (*VICTIM_RELATIONS, Relation("PRS-07/NUMERATOR", "partition", "PRS-05/COUNT"))
    assert connected_blocks(measures, relations) == [
        ("NCR-01/NUMERATOR", "PRT-01/COUNT", "PRT-03/NUMERATOR"),
        ("PAR-10/COUNT",),
        ("PRS-05/COUNT", "PRS-07/NUMERATOR"),
    ]


def test_a_relation_to_an_unknown_measure_is_an_error():
    with pytest.raises(ValueError, match="unknown measures"):
        connected_blocks(VICTIMS, [Relation("PRS-07/NUMERATOR", "partition", "PRS-05/COUNT")])


@pytest.mark.parametrize(
    ("base", "cells", "message"),
    [
        (crossed("A", ("L1",), {}), crossed("A", ("L1", "L1"), {}), "cells holds a row twice"),
        (crossed("A", ("L1", "L1"), {}), crossed("A", ("L1",), {}), "base holds a row twice"),
        (crossed("A", ("L1",), {}), crossed("A", ("L2",), {}), "without base cells"),
        (crossed("A", ("L1",), {}).drop(columns="sex"), crossed("A", ("L1",), {}), "lacks the columns"),
    ],
)
def test_a_table_that_cannot_be_is_an_error(base: pd.DataFrame, cells: pd.DataFrame, message: str):
    with pytest.raises(ValueError, match=message):
        build_model(base, cells, [], ancestors={}, merged={})


def test_a_part_kept_for_regions_is_joined_to_the_leaves_of_its_whole_and_to_the_part_that_is_meant():
    whole = crossed("PRT-08/COUNT", ("IQG01", "IQG02"), {"sex": ("F", "M"), "age": ("Y0T17", "Y_GE18")})
    part = crossed("PRT-09/COUNT", ("IQ-FED", "IQ-KR"), {"age": ("Y0T17", "Y_GE18")})
    base = pd.concat([whole, part])
    relation = Relation("PRT-09/COUNT", "partition", "PRT-08/COUNT", {"sex": "M"})
    ancestors = {"IQG01": ("IQ-FED", "IQ"), "IQG02": ("IQ-FED", "IQ"), "IQ-FED": ("IQ",), "IQ-KR": ("IQ",)}
    model = build_model(base, base, [relation], ancestors=ancestors, merged={})
    assert model.links.shape[0] == 2  # by age; nobody told the whole of the second region: silence is no zero
    for row in model.links.toarray():
        minus, plus = model.base[row < 0], model.base[row > 0]
        assert set(minus["sex"]) == {"M"}
        assert set(minus["area"]) == {"IQG01", "IQG02"}
        assert list(plus["area"]) == ["IQ-FED"]
        assert set(minus["age"]) == set(plus["age"])
    assert (model.link_lower == 0).all()


def _with_gaps(*relations: Relation) -> TableModel:
    """Victims by sex in two places of a region, and for the region which variable nobody recorded."""
    base = frame(
        [
            *({"measure": "X/COUNT", "area": area, "sex": sex} for area in ("L1", "R-U") for sex in ("F", "_U")),
            *({"measure": "Y/NUMERATOR", "area": area, "cust_breakdown": gap} for area in ("R", "S") for gap in GAPS),
        ]
    )
    cells = frame([{"measure": "X/COUNT", "area": "R"}, {"measure": "X/COUNT", "area": "R", "sex": "_U"}])
    ancestors = {"L1": ("R",), "R-U": ("R",), "R": (), "S": ()}
    return build_model(base, cells, relations, ancestors=ancestors, merged={})


GAPS = ("NONE", "SEX", "AREA")


@pytest.mark.parametrize(
    ("gap", "at", "wholes"),
    [("SEX", {"sex": "_U"}, [("L1", "_U"), ("R-U", "_U")]), ("AREA", {"area": "R-U"}, [("R-U", "F"), ("R-U", "_U")])],
)
def test_a_part_of_one_measure_lies_in_a_part_of_another(gap: str, at: dict[str, str], wholes: list[tuple[str, str]]):
    model = _with_gaps(Relation("Y/NUMERATOR", "subset", "X/COUNT", at, {"cust_breakdown": gap}))
    (row,) = model.links.toarray()  # of region S nobody told the whole
    inside, holding = (model.base[row == sign] for sign in (1, -1))
    assert inside[["area", "cust_breakdown"]].to_numpy().tolist() == [["R", gap]]
    assert list(holding[["area", "sex"]].itertuples(index=False, name=None)) == wholes


def test_a_partition_beside_a_part_is_printed_as_two_relations_and_not_as_their_sum():
    whole = Relation("Y/NUMERATOR", "partition", "X/COUNT")
    part = Relation("Y/NUMERATOR", "subset", "X/COUNT", {"sex": "_U"}, {"cust_breakdown": "SEX"})
    links = published_links(_with_gaps(whole, part))
    found = {(float(lower), int(cell), int(row[row > 0].sum()))
             for row, lower, cell in zip(links.rows.toarray(), links.lower, links.whole, strict=True)}  # fmt: skip
    assert found == {(0.0, 0, 3), (-np.inf, 0, 1), (-np.inf, 1, 1)}
    assert links.part[np.isneginf(links.lower)].tolist() == [-1, -1]


def test_a_part_that_nobody_told_makes_no_relation():
    nowhere = Relation("Y/NUMERATOR", "subset", "X/COUNT", {"sex": "M"}, {"cust_breakdown": "NOBODY"})
    assert _with_gaps(nowhere).links.shape[0] == 0
