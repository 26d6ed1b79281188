"""Toy homes: one that is protected, one that is released; tests change copies only."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import yaml

from expectations.cards import dataset_card
from expectations.cards.cells import parquet_bytes
from expectations.cards.dataset_card import DatasetCard
from expectations.gate import dataset_suite, verdicts
from ingestion.home import Home, sha256_of_bytes
from tests.expectations import toy_home


@pytest.fixture(scope="session", autouse=True)
def asked_once() -> Iterator[None]:
    """Let Great Expectations answer for the same card and final bytes once a process, whichever home they lie in.

    Many tests begin with the same released home. Tests of the suite itself ask `dataset_suite`, each time anew.
    """
    known: dict[tuple[str, str], Any] = {}

    def validate(card: DatasetCard, frame: pd.DataFrame) -> Any:  # noqa: ANN401 - as `dataset_suite` has it
        question = (repr(card), sha256_of_bytes(parquet_bytes(frame)))
        if question not in known:
            known[question] = dataset_suite.validate(card, frame)
        return known[question]

    remembering = SimpleNamespace(validate=validate, results_of=dataset_suite.results_of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verdicts, "dataset_suite", remembering)
        yield


@pytest.fixture
def protected(toy_protected: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(toy_protected, tmp_path / "home"))


@pytest.fixture(scope="session")
def toy_examined(toy_protected: Path, made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The home of the toy country with the passing verdicts of both datasets; no test changes it."""

    def make(root: Path) -> None:
        shutil.copytree(toy_protected, root, dirs_exist_ok=True)
        assert all(verdicts.examine(Home(root), name).passed for name in ("four_ps_national", "four_ps_governorate"))

    return made_once("toy_examined", make)


@pytest.fixture(scope="session")
def toy_real(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A home of the toy country that is opened as a real one, both datasets released; no test changes it."""
    return made_once("toy_real", lambda root: toy_home.publish(toy_home.build(Home(root).open())))


@pytest.fixture(scope="session")
def toy_men(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A protected home in which the form table must be withheld: printed, it would prove that men were exploited.

    No test changes it.
    """
    country = toy_home.Country()
    for key in country.victims:
        country.victims[key] = 30 if key[2] == "M" else 1
    return made_once("toy_men", lambda root: toy_home.build(Home(root).open(invented=True), country))


@pytest.fixture
def examined(toy_examined: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(toy_examined, tmp_path / "home"))


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
