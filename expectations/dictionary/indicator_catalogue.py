"""The catalogue of indicators and its state: what is built, tested and filled with data in a home.

Belongs here: joining the indicators' cards with what dbt's manifest and the warehouse say about them.
Does not belong here: the cards' schema (`dataset_card.py`), or the words of a title in other languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expectations.cards.indicator_card import IndicatorCard, indicators
from ingestion.home import Home
from ingestion.storage import parse_json
from ingestion.warehouse import connect


def catalogue(home: Home) -> list[dict[str, Any]]:
    """Return one entry per indicator, by code.

    Keys: `code`, `name` (English title), `pillar`, `demand`, `datasets`, `model`, and three flags: `built` (its table
        is in the warehouse), `tested` (a data test and a unit test name it), `fed` (the table holds at least one
        figure).

    Raises:
        Refusal: `file_missing` without a manifest, `card_invalid`.
    """
    cards = indicators(home)
    tested = _tested_models(home)
    fed = _tables_with_figures(home, cards)
    return [
        {
            "code": card.code,
            "name": card.title_en,
            "pillar": card.pillar,
            "demand": card.demand,
            "datasets": card.datasets,
            "model": card.model,
            "built": card.code in fed,
            "tested": card.model in tested,
            "fed": fed.get(card.code, False),
        }
        for card in cards.values()
    ]


def _tested_models(home: Home) -> set[str]:
    """Return the models that both a data test and a unit test depend on."""
    manifest = parse_json((home.dbt_target / "manifest.json").read_bytes())
    data_tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    kinds = (data_tests, list(manifest.get("unit_tests", {}).values()))
    named = [{name.rpartition(".")[2] for test in kind for name in _models_behind(test)} for kind in kinds]
    return named[0] & named[1]


def _models_behind(test: Mapping[str, Any]) -> list[str]:
    return test.get("depends_on", {}).get("nodes", [])


def _tables_with_figures(home: Home, cards: Mapping[str, IndicatorCard]) -> dict[str, bool]:
    """Return whether each existing table holds a figure; a missing table is left out."""
    if not home.warehouse.exists():
        return {}
    fed: dict[str, bool] = {}
    with connect(home, read_only=True) as connection:
        tables = (
            "select '\"' || table_schema || '\".\"' || table_name || '\"' as relation from information_schema.tables"
        )
        built = {relation for (relation,) in connection.execute(tables).fetchall()}
        for card in cards.values():
            if card.relation in built:  # the names of relations come from our own manifest
                figures = connection.execute(f"select count(obs_value) > 0 from {card.relation}").fetchall()  # noqa: S608
                fed[card.code] = figures == [(True,)]
    return fed
