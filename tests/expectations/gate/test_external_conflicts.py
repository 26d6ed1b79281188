"""Figures of others that stop a release: which card it is, what can be done, and what readers are told."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from expectations.candidates import candidate
from expectations.cards.cells import COUNTED, DIMENSIONS, csv_bytes, keys_of, parquet_bytes, read_parquet
from expectations.gate import external_conflicts, stored_verdict, verdicts
from expectations.gate.disclosure_audit import JointAudit
from expectations.gate.stored_verdict import Verdict
from expectations.gate.truth_comparison import DisclosureFinding
from expectations.protection import protect_datasets
from expectations.published.external import external_rows, set_aside
from expectations.releases import release
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import refusal_texts
from tests.expectations import toy_home
from tests.expectations.published.test_external import CARD

GOVERNORATE = "four_ps_governorate"
WIDE = CARD | {"rows": [CARD["rows"][1] | {"value": 0, "within": 500}]}
CONTRADICTING: dict[str, Any] = CARD | {"rows": [CARD["rows"][0] | {"value": 9000}]}
SIGNED = {
    "decided_by": "Secretariat, statistics section",
    "decided": "2026-03-01",
    "reason": "it counts by the day of arrest, ours by the day of identification",
}


def _write(home: Home, card: object, name: str) -> None:
    write_bytes(home.ledger / "external" / f"{name}.yml", yaml.safe_dump(card).encode())


def _small(home: Home) -> dict[str, Any]:
    """A card that prints one of our true small counts exactly."""
    true = candidate.read_cells(home, GOVERNORATE)
    chosen = true["obs_value"].between(1, 4) & true["measure"].isin(COUNTED) & (true["indicator"] == "PRT-01")
    cell = true[chosen].iloc[0]
    place = {name: str(cell[name]) for name in ("ref_area", "time_period", *DIMENSIONS)}
    return CARD | {"rows": [place | {"value": int(cell["obs_value"]), "printed": "exact"}]}


def test_a_figure_that_contradicts_ours_is_refused_by_the_name_of_its_card_and_of_no_cell(protected: Home):
    _write(protected, CONTRADICTING, "invented_body_2025")
    verdict = verdicts.examine(protected, GOVERNORATE)
    assert (verdict.passed, verdict.in_the_way) == (False, ("invented_body_2025",))
    first = verdict.refusals[0]
    assert (first.code, dict(first.arguments)) == ("external_in_the_way", {"cards": "invented_body_2025.yml"})
    what, remedy = refusal_texts(first, Words.load("en"))
    assert "IQG" not in what + remedy
    assert "not_comparable" in remedy


def test_a_small_count_that_others_printed_exactly_is_refused_by_the_name_of_its_card(protected: Home):
    _write(protected, WIDE, "harmless_body_2025")
    _write(protected, _small(protected), "exact_body_2025")
    verdict = verdicts.examine(protected, GOVERNORATE)
    assert verdict.in_the_way == ("exact_body_2025",)
    assert Verdict.from_bytes(stored_verdict.verdict_path(protected, GOVERNORATE).read_bytes()) == verdict


@pytest.mark.parametrize(
    ("breaking", "named"),
    [([{"least", "most"}], ("least", "most")), ([{"least"}, {"most"}], ("least", "most")), ([{"most"}], ("most",))],
)
def test_cards_that_break_it_only_together_are_all_named_and_else_those_that_suffice(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch, breaking: list[set[str]], named: tuple[str, ...]
):
    for name in ("least", "most"):
        _write(empty_home, WIDE, name)
    found = DisclosureFinding(("PRT-01/COUNT",), "2024", "too_few_values", {})

    def examined(_home: Home, _scheme: object, _frames: object, rows: pd.DataFrame) -> JointAudit:
        told = set(rows["source"])
        return JointAudit({}, disclosures=[found] if any(one <= told for one in breaking) else [])

    monkeypatch.setattr(external_conflicts, "examine_final", examined)
    external = external_rows(empty_home)
    nothing: Any = None
    assert external_conflicts.find_conflicting_cards(empty_home, nothing, {}, external, [found]) == named


def test_a_release_that_fails_by_itself_blames_nobody(protected: Home):
    _write(protected, WIDE, "harmless_body_2025")
    final = read_parquet(protect_datasets.final_bytes(protected, GOVERNORATE)["data.parquet"])
    true = candidate.read_cells(protected, GOVERNORATE)
    counts = pd.Series(true["obs_value"].to_numpy(), index=keys_of(true)).reindex(keys_of(final)).to_numpy()
    rounded = ((final["disclosure_method"] == "ROUNDED_5") & (final["time_period"] == "2024")).to_numpy()
    final["obs_value"] = np.where(rounded, counts, final["obs_value"])
    final["disclosure_method"] = np.where(rounded, "EXACT_11", final["disclosure_method"])
    folder = protected.candidates / GOVERNORATE / "final"
    write_bytes(folder / "data.parquet", parquet_bytes(final))
    write_bytes(folder / "data.csv", csv_bytes(final))
    verdict = verdicts.examine(protected, GOVERNORATE)
    assert "audit_failed" in verdict.reasons
    assert verdict.in_the_way == ()


def test_a_card_that_a_person_signed_off_stops_nothing_and_the_notes_tell_why(protected: Home):
    _write(protected, CONTRADICTING | {"not_comparable": SIGNED}, "invented_body_2025")
    assert external_rows(protected).empty
    verdict = verdicts.examine(protected, GOVERNORATE)
    assert (verdict.passed, verdict.in_the_way) == (True, ())
    record = release.publish(protected, GOVERNORATE, [toy_home.plain_voice(tag) for tag in ("en", "ar", "ckb")])
    assert record is not None
    for tag in ("en", "ar", "ckb"):
        notes = (record.path / f"notes.{tag}.md").read_text(encoding="utf-8")
        assert "notes.set_aside.heading" in notes
        assert SIGNED["reason"] in notes
        assert "9000" not in notes


def test_a_card_that_never_counted_the_same_is_not_told_as_set_aside(empty_home: Home):
    other: dict[str, Any] = deepcopy(CONTRADICTING) | {"not_comparable": SIGNED}
    del other["definition"]["same_as"]
    _write(empty_home, other, "other")
    assert (external_rows(empty_home).empty, set_aside(empty_home)) == (True, [])


@pytest.mark.parametrize("reason", ["it has 3 where we have 5", "٣ حالات فقط", "call 0770 123 4567", ""])
def test_a_reason_with_a_figure_or_without_a_word_is_refused(empty_home: Home, reason: str):
    _write(empty_home, CARD | {"not_comparable": SIGNED | {"reason": reason}}, "invented_body_2025")
    with pytest.raises(Refusal) as refused:
        external_rows(empty_home)
    assert (refused.value.code, refused.value.arguments["field"]) == ("external_invalid", "not_comparable.reason")
