"""Published estimates of every kind: their files read back as they were written, and name no count."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from expectations.published import ledger
from expectations.published.ledger import LedgerEntry
from expectations.published.published_estimates import (
    HIDDEN_PARTS,
    KINDS,
    MEASURE,
    NOWCASTS,
    EstimateKind,
    PlaceEstimate,
    PublishedEstimate,
    SenderNowcast,
    ToldLinkage,
    reasons,
)
from ingestion.home import Home, sha256_of_bytes, write_folder
from methods.case_flow.told_nowcast import ToldNowcast
from methods.multiple_systems.told_estimate import ToldEstimate

FIGURES = ToldEstimate(400, 330, 500, 350, 470, 380, "stable", ("few_replicates", "linkage_recall_modest"))
PLACE = PlaceEstimate("IQ", "2024", "", 300, 100, FIGURES, ToldLinkage(92))
NOWCAST = SenderNowcast("iom_caseload", "victims", "2025", "2026-04-08", "", ToldNowcast(50, 60, 50, 70, 90, 72))


def write_version(home: Home, kind: EstimateKind[Any], content: list[dict[str, Any]]) -> LedgerEntry:
    data = json.dumps(content).encode()
    manifest = json.dumps({"files": {kind.file: sha256_of_bytes(data)}}).encode()
    write_folder(home.releases / kind.dataset / "000001-a", {kind.file: data, "manifest.json": manifest})
    return LedgerEntry(1, kind.dataset, "000001-a", 1, sha256_of_bytes(manifest), "", "", "", "", "")


@pytest.mark.parametrize(
    ("kind", "estimates"),
    [
        (HIDDEN_PARTS, (PLACE, PlaceEstimate("IQ", "2024", "not_carried"))),
        (NOWCASTS, (NOWCAST, SenderNowcast("iom_caseload", "victims", reason="batch_arrival"))),
    ],
)
def test_what_is_published_reads_back_as_it_was(
    kind: EstimateKind[Any], estimates: tuple[PublishedEstimate, ...], tmp_path: Path
):
    entry = write_version(Home(tmp_path), kind, list(map(asdict, estimates)))
    assert kind.read_version(Home(tmp_path), entry) == estimates


@pytest.mark.parametrize("estimate", [PLACE, NOWCAST])
def test_published_figures_are_no_counts(estimate: PublishedEstimate):
    assert estimate.measures and MEASURE not in estimate.measures
    assert reasons([estimate]) == {}


def test_a_refused_estimate_has_no_measure_and_is_listed_by_place_list_or_year():
    refused = [
        PlaceEstimate("IQ", "2024", "not_carried"),
        PlaceEstimate("IQ", "", "count_missing"),
        SenderNowcast("iom_caseload", "victims", reason="batch_arrival"),
    ]
    assert not any(estimate.measures for estimate in refused)
    assert reasons(refused) == {
        "IQ 2024": "not_carried",
        "IQ": "count_missing",
        "iom_caseload victims": "batch_arrival",
    }


def test_each_kind_of_the_ledger_has_its_form():
    assert tuple(kind.dataset for kind in KINDS) == ledger.ESTIMATES
