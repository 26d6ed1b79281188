"""Every card refuses a key that it does not know, names it, and tells the nearest key that it may hold."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.cards import dataset_card as dataset_cards
from expectations.cards import indicator_card, series_breaks
from expectations.gate import waivers
from expectations.published import external
from ingestion.cards import source_card
from ingestion.entry import corrections
from ingestion.home import Home, write_bytes, write_json
from languages.refusal import Refusal
from reports.questions import question_card as question_cards

HOUSE = Path(__file__).resolve().parents[2]
Content = Any
Loader = Callable[[Content, Path, pytest.MonkeyPatch], object]
_META: Content = {
    "code": "PRT-91",
    "pillar": "protection",
    "unit_measure": "VICTIM",
    "basis": "period",
    "title_en": "Invented",
    "definition_en": "Invented victims.",
    "numerator": "Victims",
    "holders": ["iraq_interior_ministry"],
    "demand": ["D1"],
    "dimensions": ["sex"],
    "datasets": ["four_ps_national"],
    "relations": [{"measure": "COUNT", "kind": "subset", "of": "PRT-01/COUNT"}],
    "derived": [{"measure": "SHARE", "method": "share", "numerator": "PRT-91/COUNT", "denominator": "PRT-01/COUNT"}],
}
_EXTERNAL: Content = {
    "source": "An invented body",
    "citation": "Its invented yearbook",
    "published": "2026-01-01",
    "definition": {"id": "invented", "decided_by": "a section", "reason": "it counts victims"},
    "rows": [{"ref_area": "IQ-FED", "time_period": "2024", "value": 40, "printed": "exact"}],
}


def _yaml(path: str) -> Content:
    return yaml.safe_load((HOUSE / path).read_text(encoding="utf-8"))


def _write(path: Path, content: Content) -> None:
    write_bytes(path, yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode())


def _ingestion(folder: Path, monkeypatch: pytest.MonkeyPatch, place: str, content: Content) -> None:
    for room in ("codes", "shapes", "sources"):
        shutil.copytree(source_card.FOLDER / room, folder / room)
    _write(folder / place, content)
    monkeypatch.setattr(source_card, "FOLDER", folder)


def _source(content: Content, folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    _ingestion(folder, monkeypatch, "sources/iraq_interior_ministry/source.yml", content)
    return source_card.load_source("iraq_interior_ministry")


def _shape(content: Content, folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    _ingestion(folder, monkeypatch, "shapes/victims.yml", content)
    return source_card.load_shape("victims")


def _corrections(content: Content, folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    _ingestion(folder, monkeypatch, "sources/iraq_interior_ministry/corrections.yml", content)
    return corrections.load_corrections("iraq_interior_ministry")


def _dataset(content: Content, folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    _write(folder / "four_ps_national.yml", content)
    monkeypatch.setattr(dataset_cards, "DATASETS", folder)
    return dataset_cards.load_dataset("four_ps_national")


def _indicator(content: Content, folder: Path, _: pytest.MonkeyPatch) -> object:
    home = Home.at(folder)
    node = {"name": "ind_invented", "schema": "main", "resource_type": "model", "config": {"meta": content}}
    write_json(home.dbt_target / "manifest.json", {"nodes": {"model.marsad.ind_invented": node}})
    return indicator_card.indicators(home)


def _external(content: Content, folder: Path, _: pytest.MonkeyPatch) -> object:
    home = Home.at(folder)
    _write(home.ledger / "external" / "invented.yml", content)
    return external.external_rows(home)


def _question(content: Content, _: Path, __: pytest.MonkeyPatch) -> object:
    return question_cards.parse_card("cedaw", yaml.safe_dump(content, sort_keys=False))


def _breaks(content: Content, folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    _write(folder / "series_breaks.yml", content)
    monkeypatch.setattr(series_breaks, "CARDS", folder / "series_breaks.yml")
    return series_breaks.read_breaks.__wrapped__()


def _waivers(content: Content, folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    _write(folder / "waivers.yml", content)
    monkeypatch.setattr(waivers, "WAIVERS", folder / "waivers.yml")
    return waivers.load_waivers()


_SOURCE_CARD = "ingestion/sources/iraq_interior_ministry/source.yml"
_CORRECTION: Content = [
    {"id": "one", "shape": "victims", "where": {"row_number": 2}, "flag": True, "reason": "an invented one",
     "status": "open"},
]  # fmt: skip
_WAIVER: Content = [
    {"dataset": "four_ps_national", "rule": "totals_add_up", "reason": "invented for a test", "signed_by": "a section",
     "date": "2026-01-01", "expires": "2026-02-01"},
]  # fmt: skip
Way = tuple[str | int, ...]
CARDS: dict[str, tuple[Callable[[], Content], Loader, list[Way]]] = {
    "source": (
        lambda: _yaml(_SOURCE_CARD),
        _source,
        [("region",), ("agreement", "licence"), ("rhythm", "due"), ("tables", "*", "period_field")],
    ),
    "shape": (lambda: _yaml("ingestion/shapes/victims.yml"), _shape, [("title",), ("fields", "*", "type")]),
    "dataset": (
        lambda: _yaml("expectations/datasets/four_ps_governorate.yml"),
        _dataset,
        [
            ("levels",),
            ("contact", "name"),
            ("licence", "title"),
            ("protection", "VICTIM", "method"),
            ("choice", "measured"),
            ("choice", "alternatives", 0, "mean_error"),
            ("coverage", "keep_rows"),
            ("checks", 0, "severity"),
        ],
    ),
    "indicator": (
        lambda: copy.deepcopy(_META),
        _indicator,
        [("unit_measure",), ("dimensions",), ("relations", 0, "kind"), ("derived", 0, "denominator")],
    ),
    "question": (lambda: _yaml("reports/questions/cedaw.yml"), _question, [("reference",), ("caveats",)]),
    "external": (
        lambda: copy.deepcopy(_EXTERNAL),
        _external,
        [("citation",), ("definition", "decided_by"), ("rows", 0, "printed")],
    ),
    "breaks": (lambda: _yaml("expectations/series_breaks.yml"), _breaks, [(0, "whole_year"), (0, "indicators")]),
    "corrections": (lambda: copy.deepcopy(_CORRECTION), _corrections, [(0, "reason"), (0, "status")]),
    "waivers": (lambda: copy.deepcopy(_WAIVER), _waivers, [(0, "signed_by"), (0, "expires")]),
}
PLACES = [(kind, way) for kind, (_, _, ways) in CARDS.items() for way in ways]


def _part(content: Content, way: Way) -> Content:
    """The part of a card that holds the last key of a way; `*` is its first entry."""
    for step in way[:-1]:
        content = content[next(iter(content)) if step == "*" else step]
    return content


@pytest.mark.parametrize(("kind", "way"), PLACES, ids=[f"{kind}-{'.'.join(map(str, way))}" for kind, way in PLACES])
def test_a_misspelt_key_is_refused_with_its_place_and_the_key_that_was_meant(
    kind: str, way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make, load, _ = CARDS[kind]
    content = make()
    part = _part(content, way)
    known = str(way[-1])
    wrong = known + known[-1]
    part[wrong] = part.pop(known)
    with pytest.raises(Refusal) as refused:
        load(content, tmp_path, monkeypatch)
    assert refused.value.code in ("card_invalid", "external_invalid")
    assert str(refused.value.arguments["field"]).rpartition(".")[2] == wrong
    assert refused.value.arguments["nearest"] == known


@pytest.mark.parametrize("kind", sorted(CARDS))
def test_the_cards_that_the_misspelt_ones_were_made_of_are_read(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make, load, _ = CARDS[kind]
    assert load(make(), tmp_path, monkeypatch) is not None


@pytest.mark.parametrize(
    ("kind", "key"), [("source", "name"), ("shape", "name"), ("dataset", "name"), ("indicator", "facts")]
)
def test_what_comes_from_elsewhere_stands_in_no_card(
    kind: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make, load, _ = CARDS[kind]
    with pytest.raises(Refusal) as refused:
        load(make() | {key: "invented"}, tmp_path, monkeypatch)
    assert (refused.value.code, refused.value.arguments["field"]) == ("card_invalid", key)
