"""Keys of backups and a home that was backed up once; tests that spoil it copy it first."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.home import Home
from ingestion.keeping.backup import back_up
from tests.ingestion.keeping.small_homes import KeyFiles, key_files, small_home


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    return key_files(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory, keys: KeyFiles) -> tuple[Home, Path]:
    """A small home, and the folder of its one backup."""
    folder = tmp_path_factory.mktemp("made")
    home = small_home(folder / "home")
    back_up(home, folder / "disk", keys.public)
    return home, folder / "disk"
