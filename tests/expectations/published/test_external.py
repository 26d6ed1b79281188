"""Figures that others published: rows beside ours only where they count the same thing."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from expectations.cards.cells import KEY
from expectations.cards.release_scheme import Scheme
from expectations.gate import disclosure_audit, verdicts
from expectations.protection import protect_block, protect_datasets
from expectations.protection.constraint_systems import AttackerKnowledge, BlockYear, PrintedCells, attack, block_years
from expectations.published.external import external_rows
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from methods.disclosure.auditing.audit import AuditQuestion, AuditReport, audit
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from tests.expectations.releases.test_public_audit import printed_of

Attack = Callable[..., AuditReport]

CARD: dict[str, Any] = {
    "source": "An invented UN body",
    "citation": "Invented report, table 3",
    "published": "2025-01-31",
    "definition": {
        "id": "detected_victims",
        "same_as": "PRT-01/COUNT",
        "decided_by": "Secretariat",
        "reason": "the same questionnaire, filled by the same ministry",
    },
    "rows": [
        {"ref_area": "IQG02", "time_period": "2024", "sex": "F", "value": 12, "printed": "exact"},
        {"ref_area": "IQG02", "time_period": "2024", "value": 20, "printed": "rounded", "within": 4},
        {"ref_area": "IQG08", "time_period": "2023", "form": "BEGGING", "printed": "masked", "below": 5},
    ],
}


def _write(home: Home, card: object, name: str = "invented_body_2025") -> None:
    write_bytes(home.ledger / "external" / f"{name}.yml", yaml.safe_dump(card).encode())


def test_a_home_without_such_figures_has_no_rows(empty_home: Home):
    assert external_rows(empty_home).empty


def test_a_row_says_what_a_reader_of_it_knows(empty_home: Home):
    _write(empty_home, CARD)
    rows = external_rows(empty_home)
    said = {(row.ref_area, row.sex, row.form): (row.lower, row.upper) for row in rows.itertuples()}
    assert said == {
        ("IQG02", "F", "_T"): (12, 12),
        ("IQG02", "_T", "_T"): (16, 24),
        ("IQG08", "_T", "BEGGING"): (1, 4),
    }
    assert set(rows["indicator"]) == {"PRT-01"}
    assert set(rows["source"]) == {"invented_body_2025"}


def test_another_definition_is_kept_and_gives_no_row(empty_home: Home):
    other = deepcopy(CARD)
    del other["definition"]["same_as"]
    _write(empty_home, other)
    assert external_rows(empty_home).empty


def test_the_rows_fit_the_model_of_a_block_and_narrow_what_can_be_known(protected: Home):
    printed, scheme = printed_of(protected), Scheme.read_scheme(protected)
    found = [
        one for one in block_years(protect_datasets.pending_base(protected), printed, scheme) if one.year == "2024"
    ]
    block_year = next(one for one in found if "PRT-01/COUNT" in one.block)
    women = block_year.base["ref_area"].eq("IQG02") & block_year.base["sex"].eq("F")
    true = int(block_year.true_base[(women & block_year.base["indicator"].eq("PRT-01")).to_numpy()].sum())
    _write(protected, CARD | {"rows": [CARD["rows"][0] | {"value": true}]})
    rows = external_rows(protected)
    model = block_year.model_of(rows)
    assert model.matrix @ block_year.true_base == pytest.approx([true])
    bounds = CellBounds(rows["lower"].to_numpy(dtype=float), rows["upper"].to_numpy(dtype=float))
    report = audit(Vintage(model, bounds), AuditQuestion(sensitive=np.array([True]), minimum_values=3))
    assert [failure.low for failure in report.failures] == [true]


def test_protection_and_gate_are_asked_with_what_others_published_and_a_new_card_asks_again(
    protected: Home, monkeypatch: pytest.MonkeyPatch
):
    told: dict[str, list[tuple[int, int]]] = {"protection": [], "gate": []}
    for place, module in (("protection", protect_block), ("gate", disclosure_audit)):
        played = module.attack

        def listening(
            block_year: BlockYear,
            printed: PrintedCells,
            known: AttackerKnowledge,
            *,
            place: str = place,
            played: Attack = played,
            **named: object,
        ) -> AuditReport:
            rows = pd.DataFrame() if known.external is None else known.external
            told[place] += [(row.lower, row.upper) for row in rows.itertuples()]
            return played(block_year, printed, known, **named)

        monkeypatch.setattr(module, "attack", listening)
    assert verdicts.examine(protected, "four_ps_governorate").passed
    assert told["gate"] == []
    _write(protected, CARD | {"rows": [CARD["rows"][1] | {"value": 0, "within": 500}]})
    assert verdicts.examine(protected, "four_ps_governorate").passed
    assert set(told["gate"]) == {
        (0, 500)
    }  # the year of the card is asked again, its kept answer is to another question
    protect_datasets.protect(protected)
    assert set(told["protection"]) == {(0, 500)}


def test_of_two_publications_of_one_figure_a_reader_knows_both(protected: Home):
    printed, scheme = printed_of(protected), Scheme.read_scheme(protected)
    found = list(block_years(protect_datasets.pending_base(protected), printed, scheme))
    block_year = next(one for one in found if one.year == "2024" and "PRT-01/COUNT" in one.block)
    true = block_year.true_cells
    small = int(np.flatnonzero((true >= 1) & (true < 5))[0])
    row = block_year.cells.iloc[[small]][list(KEY)]
    least, most = row.assign(lower=true[small], upper=9), row.assign(lower=0, upper=true[small])
    shown = PrintedCells.read_frame(block_year.cells)
    both = pd.concat([least, most], ignore_index=True)
    report = attack(block_year, shown, AttackerKnowledge(external=both))
    assert {(one.low, one.high) for one in report.failures} >= {(true[small], true[small])}
    contradicting = pd.concat([row.assign(lower=9, upper=9), most], ignore_index=True)
    report = attack(block_year, shown, AttackerKnowledge(external=contradicting))
    assert [failure.rule for failure in report.failures] == ["impossible"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rows": []}, "rows"),
        ({"published": "soon"}, "published"),
        ({"rows": [{"ref_area": "IQG02", "time_period": "2024", "printed": "exact"}]}, "rows.0"),
        ({"rows": [{"ref_area": "IQG02", "time_period": "2024", "printed": "masked", "below": 1}]}, "rows.0"),
        ({"rows": [{"ref_area": "IQG02", "time_period": "2024", "printed": "rounded", "value": 5}]}, "rows.0"),
        (
            {"definition": {"id": "x", "same_as": "victims", "decided_by": "x", "reason": "because"}},
            "definition.same_as",
        ),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_card_that_does_not_say_enough_is_refused_by_field(empty_home: Home, change: dict[str, Any], field: str):
    _write(empty_home, CARD | change)
    with pytest.raises(Refusal) as refusal:
        external_rows(empty_home)
    assert (refusal.value.code, refusal.value.where) == ("external_invalid", "invented_body_2025.yml")
    assert refusal.value.arguments["field"] == field


@pytest.mark.parametrize("data", [b"a: [", b"published: 2025-13-01", b"source: !!bool x", b"\xff"])
def test_a_card_that_is_no_yaml_is_refused(empty_home: Home, data: bytes):
    write_bytes(empty_home.ledger / "external" / "broken.yml", data)
    with pytest.raises(Refusal) as refusal:
        external_rows(empty_home)
    assert refusal.value.code == "external_invalid"
