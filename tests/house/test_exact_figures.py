"""Figures that are printed as they are: for each somebody has said why it bounds no count of persons.

The joint audit knows relations between protected counts. A figure that nobody rounds is in none of them: two persons
in a house sleep 366 nights each at most, so its nights bound them; an inspection that passes on a victim bounds those
whom inspections found. A new indicator of an unprotected unit fails here until its reason stands below.
"""

from __future__ import annotations

from typing import Any

from expectations.cards.dataset_card import dataset_names, load_dataset
from expectations.cards.indicator_card import IndicatorCard

REASONS = {
    "NCR-11": "a provision of law, one or none",
    "PAR-01": "meetings of a committee",
    "PAR-02": "governorates with a meeting",
    "PAR-03": "planned activities, whatever came of them",
    "PAR-04": "reports of the committee",
    "PAR-06": "acts of cooperation: treaties, requests and visits, each about many persons or none",
    "PAR-07": "agencies that sent an export",
    "PAR-10": "a figure that UNODC has published",
    "PRS-15": "dinars that the courts took, a sum over years and persons",
    "PRT-14": "nights of three shelters or more, each to the thousand: few residents leave three numbers possible",
    "PRT-15": "governorates with a shelter",
    "PRV-01": "calls: those who were found through a hotline need not be of them, nor those of a call be victims",
    "PRV-02": "people at campaigns, counted in hundreds",
    "PRV-03": "officials at courses",
    "PRV-04": "courses by their marks",
    "PRV-06": "recruitment agencies",
}


def _unprotected(manifest: dict[str, Any]) -> set[str]:
    """Indicators that some dataset prints as they are."""
    datasets = {name: load_dataset(name) for name in dataset_names()}
    cards = [
        node["config"]["meta"]
        for node in manifest["nodes"].values()
        if "code" in node.get("config", {}).get("meta", {})
    ]
    return {
        card["code"]
        for card in cards
        for name in card["datasets"]
        if not datasets[name].protection[card["unit_measure"]].protects
    }


def test_of_each_figure_that_nobody_rounds_it_is_known_why_it_bounds_nobody(manifest: dict[str, Any]) -> None:
    assert _unprotected(manifest) == set(REASONS)


def test_four_residents_leave_three_numbers_possible_whatever_nights_are_printed() -> None:
    """`fct_facility` keeps thousands: with hundreds, four residents all year would leave one number."""

    def fewest(nights: int, step: int) -> int:
        """The least number of residents that a printed figure allows, each of 366 nights at most."""
        printed = (nights + step // 2) // step * step
        return -(-max(printed - step // 2, 0) // 366)

    for residents in range(1, 5):
        assert all(4 - fewest(nights, 1000) + 1 >= 3 for nights in range(366 * residents + 1))
    assert fewest(366 * 4, 100) == 4


def test_inspections_are_protected_like_persons(manifest: dict[str, Any]) -> None:
    card = next(node["config"]["meta"] for node in manifest["nodes"].values()
                if node.get("config", {}).get("meta", {}).get("code") == "PRV-05")  # fmt: skip
    assert set(card) <= set(IndicatorCard.model_fields)
    assert all(load_dataset(name).protection[card["unit_measure"]].protects for name in card["datasets"])
