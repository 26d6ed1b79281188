"""Toy homes: one that is protected, one that is released; tests change copies only."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from expectations.cards import dataset_card
from ingestion.home import Home


@pytest.fixture
def protected(toy_protected: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(toy_protected, tmp_path / "home"))


@pytest.fixture
def released(toy_released: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(toy_released, tmp_path / "home"))


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    return Home(tmp_path / "empty").open(invented=True)


@pytest.fixture
def change_cards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Change keys of a dataset's card, in a copy of the folder of cards."""
    folder = tmp_path / "datasets"
    shutil.copytree(dataset_card.DATASETS, folder)
    monkeypatch.setattr(dataset_card, "DATASETS", folder)

    def change(dataset: str, **keys: object) -> None:
        path = folder / f"{dataset}.yml"
        content = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")

    return change
