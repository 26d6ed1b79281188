"""What cards of indicators and of datasets say together: a build refuses it before it protects anything."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from expectations.cards.release_scheme import Scheme
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import refusal_texts

HOUSE = Path(__file__).resolve().parents[2]


def _refused_together(manifest: dict[str, Any], home: Home) -> str:
    """What a build would refuse of cards and datasets before it protects anything, with the file to open."""
    home.dbt_target.mkdir(parents=True)
    (home.dbt_target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    try:
        Scheme.read_scheme(home)
    except Refusal as refusal:
        path = next(HOUSE.glob(f"*/**/{refusal.where}.yml")).relative_to(HOUSE)
        return f"{path}: {' '.join(refusal_texts(refusal, Words.load('en')))}"
    return ""


def test_cards_and_datasets_together_say_how_every_figure_is_protected(
    manifest: dict[str, Any], tmp_path: Path
) -> None:
    assert _refused_together(manifest, Home(tmp_path)) == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"datasets": ["four_ps_governorate"]}, "expectations/datasets/four_ps_governorate.yml: .*INSPECTION"),
        (
            {"relations": [{"measure": "COUNT", "kind": "subset", "of": "PRV-07/DENOMINATOR"}]},
            "dbt_project/.*/ind_prevention__labour_inspections.yml: .*INSPECTION and VICTIM",
        ),
    ],
)
def test_a_card_that_no_dataset_can_protect_is_named(
    manifest: dict[str, Any], tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    changed = json.loads(json.dumps(manifest))
    card = changed["nodes"]["model.marsad.ind_prevention__labour_inspections"]["config"]["meta"]
    card |= change
    assert re.match(told, _refused_together(changed, Home(tmp_path)))
