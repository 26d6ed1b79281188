"""The estimate and its reasons: each refusal and warning on a table that earns it and one that just does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from languages.words import Words, languages
from methods.multiple_systems import hidden_part
from methods.multiple_systems.bootstrap_limits import bootstrap_limits
from methods.multiple_systems.hidden_part import (
    REFUSALS,
    WARNINGS,
    EstimateOrder,
    HiddenPart,
    LinkageQuality,
    estimate_hidden_part,
)
from methods.multiple_systems.overlap_table import OverlapTable
from tests.methods.multiple_systems.published_tables import ARTIFICIAL, DIABETES, HEPATITIS, KOREA, KOSOVO, UK_5, table

ORDER = EstimateOrder(replicates=200, linkage="of_others")


def ask(counts: OverlapTable, **changed: object) -> HiddenPart:
    return estimate_hidden_part(counts, replace(ORDER, **changed))


def test_kosovo_is_told_with_all_that_belongs_to_it() -> None:
    found = ask(KOSOVO)
    assert (found.status, found.reasons) == ("ok", [])
    assert round(found.estimate or 0) == 14_342
    assert found.hidden == pytest.approx(found.estimate - 4_400)
    assert found.chao_lower < found.ci95.lower < found.estimate < found.ci95.upper
    assert found.model == ["ABA:EXH", "ABA:OSCE", "EXH:HRW", "EXH:OSCE", "HRW:OSCE"]
    assert set(found.left_out) == set(KOSOVO.lists)
    assert found.is_stable is False  # without HRW 22,301, without EXH 6,044
    assert sum(times for _, times in found.by_model) == found.replicates == 200


def test_every_reason_has_its_sentence_in_every_language() -> None:
    for tag in languages():
        spoken = Words.load(tag)
        assert [code for code in (*REFUSALS, *WARNINGS) if f"estimate.reason.{code}" not in spoken] == []


def test_models_that_fit_alike_and_differ_refuse() -> None:
    """Korea: 157 and 269 lie 1.8 apart by BIC. The figures stay for whoever checks the method."""
    found = ask(KOREA)
    assert (found.status, found.reasons) == ("refused", ["model_disagreement"])
    assert round(found.estimate or 0, 4) == 157.1667


def test_downhill_that_stops_far_from_the_best_model_refuses() -> None:
    """Taiwan's hepatitis: independent lists give 388, all pairs 1,313 with a BIC 7.6 smaller; 545 were found later."""
    found = ask(HEPATITIS)
    assert (round(found.estimate or 0), round(found.best[0].estimate)) == (388, 1_313)
    assert found.status == "refused"
    assert "model_disagreement" in found.reasons


def test_the_diabetes_of_casale_monferrato_has_its_published_figure_among_the_models() -> None:
    """2,771 persons by five pairs, as published; by BIC two sparser models go before it."""
    found = ask(DIABETES)
    assert round(found.estimate or 0, 2) == 2_472.25
    published = next(one for one in found.best if len(one.model) == 5)
    assert (round(published.estimate), round(published.bic, 4)) == (2_771, 169.1275)


def test_fewer_than_three_lists_refuse_and_nested_ones_count_as_one() -> None:
    assert ask(KOREA.drop_list("d")).reasons == ["too_few_lists"]
    inside = table("A B C", "100:91 110:41 101:23 001:57 111:11")
    found = ask(inside)
    assert found.reasons == ["too_few_lists", "nested_lists"]
    assert (found.merged, found.status, found.estimate) == (("B",), "refused", None)


def test_a_list_inside_another_is_merged_with_a_warning_where_three_are_left() -> None:
    """A fifth list of 40 persons, all of whom OSCE holds: the estimate is that of the four."""
    rows = [([cell >> bit & 1 for bit in range(4)] + [0], int(n)) for cell, n in enumerate(KOSOVO.counts) if n]
    osce_alone = [0, 0, 0, 1]  # lists stand by name: ABA, EXH, HRW, OSCE
    rows = [(bits, n - 40 if bits[:4] == osce_alone else n) for bits, n in rows]
    rows.append(([*osce_alone, 1], 40))
    found = ask(OverlapTable.from_patterns([*KOSOVO.lists, "ZZ"], rows))
    assert (found.status, found.reasons, found.merged) == ("warn", ["nested_lists"], ("ZZ",))
    assert found.estimate == pytest.approx(ask(KOSOVO).estimate, rel=1e-12)


def test_a_list_without_overlap_refuses() -> None:
    found = ask(ARTIFICIAL)
    assert found.status == "refused"
    assert found.reasons[:2] == ["list_without_overlap", "too_few_overlaps"]


@pytest.mark.parametrize(
    ("overlaps", "reasons"),
    [
        (9, ["too_few_overlaps"]),
        (10, ["few_overlaps"]),
        (11, ["few_overlaps"]),
        (29, ["few_overlaps"]),
        (30, []),
    ],
)
def test_persons_on_two_lists_are_counted_at_the_borders(overlaps: int, reasons: list[str]) -> None:
    third = overlaps // 3
    counts = table("A B C", f"100:41 010:43 001:47 110:{overlaps - 2 * third} 101:{third} 011:{third}")
    found = ask(counts)
    assert [one for one in found.reasons if "overlaps" in one] == reasons


def test_rounded_counts_refuse_without_a_figure() -> None:
    found = ask(table("A B C", "100:45 010:30 001:20 110:10 101:15 011:10 111:5"))
    assert (found.status, found.reasons, found.estimate) == ("refused", ["counts_rounded"], None)


def test_ten_lists_are_refused_by_what_they_would_cost_and_fewer_replicates_are_not() -> None:
    random = np.random.default_rng(1)
    cells = (random.random((900, 10)) < 0.15) @ (1 << np.arange(10))
    counts = np.bincount(cells, minlength=1024)
    counts[0] = 0
    ten = OverlapTable(tuple("ABCDEFGHIJ"), counts.astype(np.int64))
    found = ask(ten, replicates=None)
    assert (found.status, found.reasons, found.estimate) == ("refused", ["too_costly"], None)
    assert 600 < found.cost.seconds < 3_600
    filled = np.count_nonzero(counts)  # the jackknife searches once for each
    assert found.cost.fits == (1_000 + filled) * 45 * 11
    assert "too_costly" not in ask(ten, replicates=20).reasons


def test_lists_of_which_no_model_has_an_estimate_refuse() -> None:
    """Nobody on two lists: the more persons there are, the better every model fits."""
    found = ask(table("A B C", "100:41 010:43 001:47"))
    assert found.reasons == ["list_without_overlap", "too_few_overlaps", "mle_not_exists"]
    assert (found.status, found.estimate) == ("refused", None)


def test_lists_of_which_only_one_holds_anybody_refuse() -> None:
    found = ask(table("A B C", "100:41"))
    assert found.reasons == ["list_without_overlap", "too_few_overlaps", "not_identifiable"]
    assert (found.status, found.estimate) == ("refused", None)


@pytest.mark.parametrize(
    ("linkage", "status", "reasons"),
    [
        (None, "refused", ["linkage_unmeasured"]),
        (LinkageQuality(0.899), "refused", ["linkage_recall_low"]),
        (LinkageQuality(float("nan")), "refused", ["linkage_recall_low"]),
        (LinkageQuality(0.90), "warn", ["linkage_recall_modest"]),
        (LinkageQuality(0.969), "warn", ["linkage_recall_modest"]),
        (LinkageQuality(0.97), "ok", []),
        ("of_others", "ok", []),
    ],
)
def test_linkage_that_nobody_measured_or_that_misses_many_refuses(
    linkage: object, status: str, reasons: list[str]
) -> None:
    found = ask(KOSOVO, linkage=linkage)
    assert (found.status, found.reasons) == (status, reasons)


def test_an_interval_of_more_than_ten_times_refuses() -> None:
    found = ask(table("A B C", "100:41 010:371 001:363 110:30 101:1 011:1"), seed=3)
    assert found.reasons == ["interval_too_wide"]
    assert found.ci95.upper > 10 * found.ci95.lower


def test_few_replicates_are_warned_of_at_the_border() -> None:
    assert "few_replicates" in ask(KOREA, replicates=199).reasons
    assert "few_replicates" not in ask(KOREA, replicates=200).reasons


def test_a_large_bias_is_warned_of_and_gets_ten_thousand_replicates_unless_a_number_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def biased(fitter, counts, estimate, replicates, seed, tell):  # noqa: ANN001, ANN202
        asked.append(replicates)
        return replace(bootstrap_limits(fitter, counts, estimate, 200, seed, tell), z0=-0.51)

    monkeypatch.setattr(hidden_part, "bootstrap_limits", biased)
    assert "bias_large" in ask(KOREA, replicates=None).reasons
    assert asked == [1_000, 10_000]
    assert "bias_large" in ask(KOREA, replicates=300).reasons
    assert asked[2:] == [300]


def test_replicates_without_an_estimate_are_warned_of_beyond_one_in_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    for failed, warned in ((10, False), (11, True)):

        def failing(*words: object, missing: int = failed) -> object:
            return replace(bootstrap_limits(*words), failed=missing)

        monkeypatch.setattr(hidden_part, "bootstrap_limits", failing)
        assert ("failed_replicates" in ask(KOREA).reasons) == warned


def test_pairs_of_lists_that_share_nobody_are_named_where_the_model_has_them() -> None:
    found = ask(UK_5, replicates=20)
    assert found.never_together == []
    apart = table("A B C D", "1000:90 0100:80 0010:70 0001:60 1010:20 1001:19 0110:18 0101:17 0011:16")
    found = ask(apart, replicates=20)
    assert found.model == found.never_together == ["A:B"]


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 2**15))
def test_the_order_of_lists_and_rows_changes_no_figure(order: list[int], turn: int) -> None:
    rows = [([cell >> bit & 1 for bit in order], int(n)) for cell, n in enumerate(KOSOVO.counts) if n]
    start = turn % len(rows)
    shuffled = OverlapTable.from_patterns([KOSOVO.lists[place] for place in order], rows[start:] + rows[:start])
    settled = replace(ORDER, replicates=20)
    assert estimate_hidden_part(shuffled, settled) == estimate_hidden_part(KOSOVO, settled)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    estimate_hidden_part(KOREA, replace(ORDER, replicates=600), lambda done, of: told.append((done, of)))
    assert told == [(250, 600), (500, 600), (600, 600)]


@pytest.mark.parametrize(("bound", "warned"), [(99.4, False), (100.4, False), (100.6, True), (250.0, True)])
def test_a_lower_bound_that_is_printed_above_the_estimate_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, bound: float, warned: bool
) -> None:
    """In whole persons, as both are printed: 100.4 and 100 are one figure."""
    monkeypatch.setattr(hidden_part, "chao_lower_bound", lambda _table: bound)
    monkeypatch.setattr(hidden_part, "_estimate_by_models", lambda found, *_: replace(found, estimate=100.0))
    judged = ask(KOSOVO)
    assert (judged.status, judged.reasons) == (("warn", ["bound_above_estimate"]) if warned else ("ok", []))


def test_a_published_table_whose_estimate_lies_under_the_bound_says_so_even_where_it_is_refused() -> None:
    found = ask(HEPATITIS)
    assert found.chao_lower > found.estimate > found.observed
    assert "bound_above_estimate" in found.reasons and found.status == "refused"
    assert "bound_above_estimate" not in ask(KOREA).reasons
