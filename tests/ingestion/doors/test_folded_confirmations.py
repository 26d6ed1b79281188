"""What two persons confirmed lets in the spelling that they saw, and no other that folds to the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingestion.home import Home
from marsad import command
from marsad.commands import confirming
from marsad.terminal.chosen_language import speak
from tests.ingestion import workbooks

SOURCE = "task_force_activities"
SPELLINGS = [
    ("هدى", "هدي"),
    ("هدي", "هدى"),
    ("حمزة", "حمزه"),
    ("أمجد", "امجد"),
    ("کاوە", "كاوه"),
    ("Shireen", "shireen"),
]
"""Spellings of one name that are easily folded together."""

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a home of its own, in this process; with answers, as if somebody typed them at a terminal."""
    monkeypatch.setenv("MARSAD_HOME", str(Home.at(tmp_path / "home").open().root))

    def ran(*words: str | Path, answers: Sequence[str] | None = None) -> str:
        left = list(answers or ())
        monkeypatch.setattr(confirming, "is_on_terminal", lambda: answers is not None)
        monkeypatch.setattr("builtins.input", lambda _question="": left.pop(0))
        monkeypatch.setattr(sys, "argv", ["marsad", *map(str, words)])
        with pytest.raises(SystemExit):
            command.main()
        speak("en")
        return capsys.readouterr().out

    return ran


def naming(path: Path, text: str) -> Path:
    """A file of activities of which one is called by the text."""
    header = ["ت", "رمز النشاط", "نوع النشاط", "تاريخ النشاط", "المحافظة", "عدد الأيام"]
    rows = [[1, "TF24-044", "حملة توعية", "11/1/2024", "بغداد", 3], [2, text, "حملة توعية", "12/1/2024", "بغداد", 2]]
    path.write_bytes(workbooks.xlsx({"الأنشطة": [header, *rows]}))
    return path


def verdict(run: Run, file: Path) -> str:
    return json.loads(run("check", file, "--source", SOURCE, "--json"))["verdict"]


@pytest.mark.parametrize(("shown", "other"), SPELLINGS)
def test_a_confirmed_spelling_lets_no_other_spelling_of_the_name_in(shown: str, other: str, tmp_path: Path, run: Run):
    file, second = naming(tmp_path / "shown.xlsx", shown), naming(tmp_path / "other.xlsx", other)
    assert [verdict(run, file), verdict(run, second)] == ["asks", "asks"]
    for role in ("data_officer", "legal_officer"):
        run("review", "words", file, "--source", SOURCE, "--role", role, answers=["y"])
    assert verdict(run, file) == "accepted"
    assert verdict(run, second) == "asks"


def test_the_preposition_on_lets_no_person_in(tmp_path: Path, run: Run):
    phrase, name = naming(tmp_path / "phrase.xlsx", "تم الاطلاع على"), naming(tmp_path / "name.xlsx", "علي")
    for role in ("data_officer", "legal_officer"):
        if verdict(run, phrase) == "asks":
            run("review", "words", phrase, "--source", SOURCE, "--role", role, answers=["y"] * 3)
    assert verdict(run, name) == "asks"


def test_a_person_who_was_let_in_as_a_word_is_not_let_in_where_the_preposition_was_meant(tmp_path: Path, run: Run):
    name, misspelt = naming(tmp_path / "name.xlsx", "علي"), naming(tmp_path / "misspelt.xlsx", "على حسين")
    for role in ("data_officer", "legal_officer"):
        run("review", "words", name, "--source", SOURCE, "--role", role, answers=["y"])
    assert verdict(run, name) == "accepted"
    assert verdict(run, misspelt) != "accepted"
