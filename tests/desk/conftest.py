"""A desk of an invented home: Django is told once a process, and each test has a home and empty tables of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from desk.configuration import configure
from ingestion.home import Home
from samples import invented_people

_TABLES = TemporaryDirectory(prefix="marsad-desk-")
configure(Home(Path(_TABLES.name)))  # before a test imports what Django makes of its models


@pytest.fixture(scope="session")
def _accounts() -> None:
    """Tables, and the five invented people with their passwords: made once, for their hashes are slow on purpose."""
    from desk.identity import accounts

    accounts.make_tables()
    home = Home(Path(_TABLES.name))
    with home.open(invented=True).lock("test"):
        invented_people.found(home)
    accounts.enter_invented(home)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A founded invented home, which every request asks."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    with home.open(invented=True).lock("test"):
        invented_people.found(home)
    return home


@pytest.fixture(autouse=True)
def undone(_accounts: None, home: Home) -> Iterator[None]:
    """What a test stores is taken back."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)
