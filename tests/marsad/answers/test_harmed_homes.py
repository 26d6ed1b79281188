"""Questions that a person asks of a home in which one file is harmed: an answer or a refusal in words, no traceback."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from assets import stages
from expectations.published import ledger
from ingestion import intake_lock
from ingestion.home import Home, sha256_of_bytes
from ingestion.keeping import retention
from ingestion.persons import link_store
from ingestion.persons.link_store import StoredLink
from ingestion.submissions import receipts
from marsad.start import main
from tests.expectations import toy_home


@pytest.fixture(scope="module")
def home(own_released: Home) -> Home:
    """A home with a receipt, two releases, links, and everything that a build remembers."""
    home = own_released
    sha256 = sha256_of_bytes(toy_home.FILE)
    line = receipts.Receipt(
        "iraq_interior_ministry", sha256, ".xlsx", "accepted", 1, 1, 0, {}, "", "", "2025-01-01", taken=sha256
    )
    with intake_lock.lock(home):
        receipts.append(home, line)
    link_store.write(
        home, [StoredLink("one", "another", 0.5, has_codes=False, is_seen_as_both=False, model="of a test")]
    )
    stages.record_stages(home, stages.STAGE_NAMES, stages.hashes_before_run(home))
    return home


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _reshape(path: Path) -> None:
    path.write_bytes(b'[{"a": 1}]\n')


def _deepen(path: Path) -> None:
    path.write_bytes(b"[" * 100_000 + b"\n")


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(bytes(data))


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


_HARMS = [_cut, _reshape, _deepen, _flip, _make_folder, _empty, Path.unlink]
_QUESTIONS = [("review",), ("submissions", "status"), ("quality",), ("releases",)]


def _kinds(home: Home) -> list[str]:
    """One file of each class and name that a home holds."""
    kinds: dict[tuple[str, ...], str] = {}
    for file in retention.files_of(home.root):
        if file.name not in ("locks", "unfinished"):
            path = Path(file.path)
            kinds.setdefault((file.name, path.parts[0], path.suffix), file.path)
    return sorted(kinds.values())


def _ask(home: Home, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    monkeypatch.setattr(sys, "argv", ["marsad", *words])
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0


@pytest.mark.parametrize("turn", range(2))
def test_no_harm_to_one_file_of_a_home_ends_a_question_in_a_traceback(
    home: Home, turn: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each file in its turn by another harm and for two of the questions, so that all take a minute."""
    entry = ledger.entries(home)[0]
    questions = [*_QUESTIONS, ("trace", entry.dataset, "ref_area=IQ-FED", "time_period=2024")]
    fell: list[tuple[str, str, str]] = []
    kinds = _kinds(home)
    assert len(kinds) > 20
    for number, file in enumerate(kinds):
        copy = Home(Path(shutil.copytree(home.root, tmp_path / "copy")))
        harm = _HARMS[(number + 3 * turn) % len(_HARMS)]
        harm(copy.root / file)
        asked = (number + turn, number + turn + 2)
        for words in (questions[place % len(questions)] for place in asked):
            try:
                code = _ask(copy, words, monkeypatch)
            except Exception as error:
                fell.append((file, words[0], f"{harm.__name__}: {type(error).__name__}"))
            else:
                err = capsys.readouterr().err
                if code and "→" not in err:
                    fell.append((file, words[0], err[-200:]))
        shutil.rmtree(tmp_path / "copy")
    assert fell == []
