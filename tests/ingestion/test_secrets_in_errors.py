"""An error about a key or a passphrase repeats nothing of it: not in its message, nor in its traceback."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.published import rounding_key
from ingestion.holders import key_files
from ingestion.home import Home
from ingestion.keeping import backup_keys
from ingestion.sealing import sealing_keys
from languages.refusal import Refusal
from tests.ingestion.sealing.pairs import RECOVERY, give_pair

PLANTED = "planted5ecretplanted5ecret"
SECRET_KEY = f"AGE-SECRET-KEY-1{PLANTED.upper()}"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def _spoilt_key(home: Home, name: str) -> None:
    _write(home.keys / f"{name}.key", PLANTED)


def _series(home: Home) -> object:
    _spoilt_key(home, "series")
    return rounding_key.series_key(home)


def _seal(home: Home) -> object:
    _spoilt_key(home, "seal")
    return home.seal_key


def _wrong_passphrase(home: Home) -> object:
    give_pair(home)
    return sealing_keys.unlock(home, PLANTED)


def _short_passphrase(home: Home) -> object:
    return sealing_keys.make_pair(home, str(RECOVERY.to_public()), PLANTED[: sealing_keys.SHORTEST_PASSPHRASE - 1])


def _secret_of_backups(home: Home) -> object:
    return backup_keys.SecretKeys(_write(home.root.parent / "marsad.key", f"# public key: x\n{SECRET_KEY}\n"))


def _key_of_holders(home: Home) -> object:
    return key_files.read_key(_write(home.root.parent / "short.key", PLANTED[: key_files.SHORTEST_KEY - 1]))


@pytest.mark.parametrize(
    "use",
    [
        _series,
        _seal,
        _wrong_passphrase,
        _short_passphrase,
        _secret_of_backups,
        _key_of_holders,
        lambda _home: backup_keys.check_keys(SECRET_KEY, SECRET_KEY),
        lambda _home: sealing_keys.check_recovery(SECRET_KEY),
    ],
)
def test_a_refusal_of_a_key_repeats_nothing_of_it(home: Home, use: Callable[[Home], object]) -> None:
    with pytest.raises(Refusal) as refused:
        use(home)
    text = "".join(traceback.format_exception(refused.value)).casefold()
    parts = {PLANTED[start : start + 8] for start in range(4)}
    assert [part for part in parts if part in text] == []
