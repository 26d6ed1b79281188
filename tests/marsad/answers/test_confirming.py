"""Words are shown to whoever sits at the terminal and to nobody else: not in a pipe, in JSON, on disk, in an error."""

from __future__ import annotations

import errno
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingestion import hash_chain
from ingestion.home import Home
from ingestion.people import acts_log
from ingestion.privacy import confirmed_words
from ingestion.privacy.answer_file import path_beside
from ingestion.privacy.confirmed_words import ConfirmedWords
from ingestion.submissions import receipts
from marsad import command
from marsad.commands import confirming
from marsad.terminal.chosen_language import speak
from tests.conftest import HOUSE
from tests.ingestion.asking_files import LISTED, MARKER, OTHER, SOURCE, asking, numbered

_SECONDS = 60
Run = Callable[..., "Ran"]


@dataclass
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Both streams."""
        return self.out + self.err


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home.at(tmp_path / "home").open()
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder / "export.xlsx"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command in this process; with answers, as if somebody typed them at a terminal."""

    def ran(*words: str | Path, answers: Sequence[str] | None = None) -> Ran:
        left = list(answers or ())

        def type_in(question: str = "") -> str:
            sys.stdout.write(f"{question}\n")
            return left.pop(0)

        monkeypatch.setattr(confirming, "is_on_terminal", lambda: answers is not None)
        monkeypatch.setattr("builtins.input", type_in)
        monkeypatch.setattr(sys, "argv", ["marsad", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            command.main()
        speak("en")
        told = capsys.readouterr()
        assert left == [], "somebody was asked less than she answered"
        return Ran(int(ended.value.code or 0), told.out, told.err)

    return ran


def on_a_real_terminal(home: Home, answers: Sequence[str], *words: str | Path) -> tuple[int, str]:
    """Run the command in a process on a terminal, type each answer when asked; return exit code and screen."""
    temporary = home.root.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    own = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME")}
    own |= {"MARSAD_HOME": str(home.root), "COLUMNS": "300", "TERM": "dumb"}
    started = [sys.executable, "-c", "from marsad.command import main; main()", *words]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(started, cwd=HOUSE, env=os.environ | own, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen, left, answered, until = b"", list(answers), 0, time.monotonic() + _SECONDS
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.2)
        if ready:
            try:
                screen += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        elif process.poll() is not None:
            break
        if left and screen[answered:].endswith((b"] ", b": ")):
            answered = len(screen)
            os.write(ours, f"{left.pop(0)}\n".encode())
    code = process.wait(timeout=_SECONDS)
    os.close(ours)
    return code, screen.decode("utf-8", errors="replace")


def holding(folder: Path, *words: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(word.encode() in path.read_bytes() for word in words)]


def test_on_a_real_terminal_she_reads_the_words_answers_each_and_nothing_else_on_the_machine_holds_one(
    home: Home, file: Path
):
    file.write_bytes(asking(MARKER, OTHER))
    beside = path_beside(file)
    words = ["check", file, "--source", SOURCE, "--answers", beside]
    code, screen = on_a_real_terminal(home, ["4", "maybe", "y", "yes"], *words)
    assert code == 3
    assert screen.count(MARKER) >= 2  # what is neither yes nor no is asked again
    assert json.loads(beside.read_text(encoding="utf-8"))["role"] == "statistics_officer"
    assert holding(home.root.parent, MARKER, OTHER) == [file]


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_a_word_is_shown_on_a_terminal_and_not_in_a_pipe(home: Home, file: Path, run: Run, language: str):
    file.write_bytes(asking(MARKER))
    words = ("check", file, "--source", SOURCE, "--language", language)
    shown, quiet = run(*words, answers=[]), run(*words)
    assert (shown.code, quiet.code) == (3, 3)
    assert MARKER in shown.out
    assert MARKER not in quiet.all
    assert "A1" in quiet.out


@pytest.mark.parametrize("words", [("check",), ("receive", SOURCE)])
@pytest.mark.parametrize("answers", [None, []])
def test_a_machine_is_told_verdict_place_and_count_and_no_word(
    home: Home, file: Path, run: Run, words: tuple[str, ...], answers: list[str] | None
):
    file.write_bytes(asking(MARKER))
    ran = run(*words, file, *(["--source", SOURCE] if words == ("check",) else []), "--json", answers=answers)
    found = json.loads(ran.out)
    answer = found if isinstance(found, dict) else found[0]
    counts = (answer["verdict"], answer["rows_in"], answer["rows_landed"], answer["rows_quarantined"])
    assert (ran.code, counts) == (3, ("asks", 0, 0, 0))
    assert ("ask", "unexplained_text", "الضحايا", "A1") in [
        (one["severity"], one["kind"], one["sheet"], one["cell"]) for one in answer["findings"]
    ]
    assert MARKER not in ran.all


def test_what_she_writes_lets_the_file_in(home: Home, file: Path, run: Run):
    file.write_bytes(asking(MARKER, OTHER))
    words = ("--source", SOURCE, "--answers", path_beside(file), "--role", "focal_point")
    assert run("check", file, *words, answers=["y", "y"]).code == 3
    assert run("check", file, "--source", SOURCE).code == 0
    assert json.loads(run("receive", SOURCE, file, "--json").out)[0]["verdict"] == "accepted"


def test_a_word_of_which_she_says_no_leaves_the_file_asking(home: Home, file: Path, run: Run):
    file.write_bytes(asking(MARKER, OTHER))
    words = ("--source", SOURCE, "--answers", path_beside(file), "--role", "focal_point")
    run("check", file, *words, answers=["y", "n"])
    assert run("receive", SOURCE, file, "--json").code == 3


@pytest.mark.parametrize(("language", "yes"), [("ar", "نعم"), ("ckb", "بەڵێ")])
def test_she_may_answer_in_her_language(home: Home, file: Path, run: Run, language: str, yes: str):
    file.write_bytes(asking(MARKER, OTHER))
    words = ("--source", SOURCE, "--answers", path_beside(file), "--language", language)
    assert run("check", file, *words, answers=["٢", yes, yes]).code == 3
    assert run("check", file, "--source", SOURCE).code == 0


def test_a_listed_word_is_not_asked_of_her(home: Home, file: Path, run: Run):
    file.write_bytes(asking(LISTED, MARKER))
    words = ("--source", SOURCE, "--answers", path_beside(file), "--role", "focal_point")
    assert "1/1" in run("check", file, *words, answers=["y"]).out
    assert run("check", file, "--source", SOURCE).code == 3


@pytest.mark.parametrize("more", [["--json"], []])
def test_without_somebody_at_the_terminal_no_answer_is_written(home: Home, file: Path, run: Run, more: list[str]):
    file.write_bytes(asking(MARKER))
    ran = run("check", file, "--source", SOURCE, "--answers", path_beside(file), *more)
    assert (ran.code, "terminal_needed" in ran.err) == (1, True)
    assert not path_beside(file).exists()


def test_eleven_words_are_shown_and_not_asked(home: Home, file: Path, run: Run):
    words = numbered(11)
    file.write_bytes(asking(*words))
    more = ("--answers", path_beside(file), "--role", "focal_point")
    ran = run("check", file, "--source", SOURCE, *more, answers=[])
    assert ran.code == 1
    assert all(word in ran.out for word in words)
    assert not path_beside(file).exists()


def test_receive_asks_at_the_terminal_and_takes_the_file_with_the_answers(home: Home, file: Path, run: Run):
    file.write_bytes(asking(MARKER))
    assert run("receive", SOURCE, file, answers=["1", "y"]).code == 0
    assert [one.verdict for one in receipts.read_receipts(home)] == ["accepted"]
    assert [one.by for one in confirmed_words.read_confirmations(home)] == ["data_officer"]
    assert holding(home.root, MARKER) == [home.received / receipts.read_receipts(home)[0].sha256]


def test_receive_keeps_nothing_of_a_file_of_which_a_word_may_be_a_person(home: Home, file: Path, run: Run):
    file.write_bytes(asking(MARKER))
    assert run("receive", SOURCE, file, answers=["1", "n"]).code == 3
    assert confirmed_words.read_confirmations(home) == []
    assert holding(home.root.parent, MARKER) == [file]


def test_a_second_role_confirms_with_the_file_open_and_takes_back_by_mark(home: Home, file: Path, run: Run):
    file.write_bytes(asking(MARKER))
    run("receive", SOURCE, file, answers=["1", "y"])
    submission = receipts.read_receipts(home)[0].submission
    assert submission in run("review", "words").out
    assert MARKER not in run("review", "words", "--json").all
    second = ("review", "words", submission, "--role", "legal_officer")
    blind = run(*second)
    assert (blind.code, MARKER in blind.all, acts_log.read_acts(home)) == (1, False, [])
    assert MARKER in run(*second, "--as", "amina", answers=["y"]).out
    looks = [(line["kind"], line["person"], line["what"]) for line in acts_log.read_acts(home)]
    assert looks == [("looked", "amina", f"review words {SOURCE}")]
    held = ConfirmedWords(home, SOURCE)
    assert held.stands(MARKER)
    mark = held.name(MARKER)[:12]
    assert mark in run(*second, answers=["n"]).out
    back = run("review", "take-back", mark, "--role", "statistician")
    assert (back.code, submission in back.out) == (0, True)
    doctor = run("doctor")
    assert (doctor.code, submission in doctor.out) == (1, True)


def test_a_listed_word_of_a_file_that_is_not_here_yet_is_reviewed_from_the_file(home: Home, file: Path, run: Run):
    file.write_bytes(asking(LISTED))
    for role in ("data_officer", "legal_officer"):
        assert run("review", "words", file, "--source", SOURCE, "--role", role, answers=["y"]).code == 0
    assert run("receive", SOURCE, file, "--json").code == 0


def test_words_are_not_shown_where_the_look_cannot_be_logged(
    home: Home, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_arguments: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    file.write_bytes(asking(MARKER))
    monkeypatch.setattr(hash_chain, "append_line", refuse)
    refused = run("review", "words", file, "--source", SOURCE, "--role", "legal_officer", answers=[])
    assert (refused.code, MARKER in refused.all, "look_not_logged" in refused.err) == (1, False, True)
