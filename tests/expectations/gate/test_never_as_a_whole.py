"""What a card says must not leave at all: crosses, deaths under Article 8, an indicator as a whole (complicity)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from expectations.candidates import candidate
from expectations.cards import dataset_card
from expectations.cards.cells import find_matches, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import verdicts
from expectations.protection import protect_datasets
from ingestion.home import Home
from languages.refusal import Refusal

DATASETS = ("four_ps_national", "four_ps_governorate")
STANDING = [{"sex": "M", "form": "SEXUAL"}, {"article": "A8"}, {"indicator": "PRS-14"}]
WHOLE = {"indicator": "PRT-03"}  # one that is printed otherwise
Change = Callable[..., None]


@pytest.fixture
def without_identified(protected: Home, change_cards: Change) -> Home:
    """A home whose cards keep one indicator inside as a whole."""
    for dataset in DATASETS:
        change_cards(dataset, never=[*STANDING, WHOLE])
    candidate.build(protected)
    protect_datasets.protect(protected)
    return protected


@pytest.mark.parametrize("dataset", DATASETS)
def test_complicity_of_officials_is_counted_and_never_leaves(protected: Home, dataset: str):
    assert (candidate.read_base(protected)["indicator"] == "PRS-14").any()
    assert {"indicator": "PRS-14"} in dataset_card.load_dataset(dataset).never
    final = read_parquet(protect_datasets.final_bytes(protected, dataset)["data.parquet"])
    assert not find_matches(final, {"indicator": "PRS-14"}).any()


@pytest.mark.parametrize("dataset", DATASETS)
def test_an_indicator_on_the_never_list_leaves_no_row_not_even_a_hidden_or_derived_one(
    without_identified: Home, dataset: str
):
    final = read_parquet(protect_datasets.final_bytes(without_identified, dataset)["data.parquet"])
    assert not find_matches(final, WHOLE).any()
    assert find_matches(final, {"indicator": "PRT-01"}).any()
    assert verdicts.examine(without_identified, dataset).passed


def test_one_printed_figure_of_it_fails_the_gate(protected: Home, change_cards: Change):
    change_cards("four_ps_national", never=[*STANDING, WHOLE])
    verdict = verdicts.examine(protected, "four_ps_national")
    failed = {rule.id for rule in verdict.rules if not rule.passed}
    assert {"nothing_on_the_never_list", "disclosure_audit"} <= failed


def test_one_measure_of_an_indicator_can_be_kept_inside_alone(protected: Home, change_cards: Change):
    change_cards("four_ps_national", never=[*STANDING, {"indicator": "PRS-07", "measure": "NUMERATOR"}])
    scheme = Scheme.read_scheme(protected)
    block = ("PRS-05/COUNT", "PRS-07/NUMERATOR")
    assert {"measure": "PRS-07/NUMERATOR"} in scheme.never_entries(block)
    assert not any("measure" in entry for entry in scheme.never_entries(("PRT-01/COUNT",)))


def test_what_is_a_partition_of_printed_figures_cannot_be_kept_inside(protected: Home, change_cards: Change):
    """Every convicted person stands under an article: the articles as a whole are surely not empty."""
    for dataset in DATASETS:
        change_cards(dataset, never=[*STANDING, {"indicator": "PRS-07"}])
    candidate.build(protected)
    protect_datasets.protect(protected)
    assert "disclosure_audit" in {
        rule.id for rule in verdicts.examine(protected, "four_ps_national").rules if not rule.passed
    }


def test_no_cross_and_no_article_of_the_standing_list_is_printed(protected: Home):
    for dataset in DATASETS:
        final = read_parquet(protect_datasets.final_bytes(protected, dataset)["data.parquet"])
        for entry in STANDING:
            assert not find_matches(final, entry).any()


def test_an_indicator_that_does_not_exist_is_refused_with_those_that_there_are(protected: Home, change_cards: Change):
    change_cards("four_ps_national", never=[*STANDING, {"indicator": "PRT-30"}])
    with pytest.raises(Refusal) as refusal:
        Scheme.read_scheme(protected)
    assert (refusal.value.code, refusal.value.arguments["field"]) == ("card_invalid", "never")
    assert "PRT-03" in refusal.value.arguments["nearest"]


@pytest.mark.parametrize(
    "entry", [{"measure": "COUNT"}, {"indicator": "complicity"}, {"indicator": "PRT-03", "measure": "SHARE"}]
)
def test_an_entry_that_names_nothing_counted_is_refused(change_cards: Change, entry: dict[str, str]):
    change_cards("four_ps_national", never=[*STANDING, entry])
    with pytest.raises(Refusal) as refusal:
        dataset_card.load_dataset("four_ps_national")
    assert refusal.value.arguments["field"] == "never"
