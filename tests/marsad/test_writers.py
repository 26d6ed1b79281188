"""Every command that writes tells who holds the home and since when; a question never waits; a stop is a sentence."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion import intake_lock, writer_lock
from ingestion.cards.source_card import FOLDER
from ingestion.home import Home
from ingestion.submissions import decisions, landing
from languages.refusal import Refusal
from languages.words import languages
from marsad.commands import receiving
from samples.invented_people import PREPARER
from tests import signing
from tests.ingestion.workbooks import sample_as_sent

MINISTRY = "iraq_interior_ministry"
SAMPLE = FOLDER / "sources" / MINISTRY / "sample.xlsx"
WRITERS = {
    "build": ["build"],
    "report": ["report"],
    "inbox": ["inbox", "--wait", "0"],
    "receive": ["receive", MINISTRY, "other.xlsx"],
    "submissions withdraw": ["submissions", "withdraw", "x", "--reason", "sent by mistake", "--by", "statistics"],
    "releases withdraw": [
        "releases",
        "withdraw",
        "four_ps_national",
        "1",
        "--reason",
        "sent by mistake",
        "--by",
        "statistics",
        "--as",
        PREPARER,
    ],
}
QUESTIONS = (
    *(["submissions", "status"], ["releases", "list"], ["review"], ["quality"], ["doctor"]),
    *(["trace", "--file", "x"], ["check", str(SAMPLE)], ["dictionary"], ["translations"], ["verify", "nowhere"]),
)
"""Commands that only read: each of the groups of the help."""

Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that has received one file."""
    home = Home.at(tmp_path / "home").open()
    book = sample_as_sent(MINISTRY)
    signing.found(home)
    for name in ("export", "other"):
        book.properties.creator = name
        book.save(tmp_path / f"{name}.xlsx")
    landing.receive(home, MINISTRY, tmp_path / "export.xlsx")
    return home


@pytest.fixture(autouse=True)
def in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def marsad(home: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    monkeypatch.setattr(intake_lock, "_LOCK_SECONDS", 0)
    return typed


@pytest.fixture
def held(home: Home) -> object:
    with (
        writer_lock.hold_lock(home.root / "lock", "another", where=home.root),
        writer_lock.hold_lock(home.root / "receipts.lock", "another", where=home.root),
        writer_lock.hold_lock(home.root / "inbox.lock", "another", where=home.root),
    ):
        yield


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("words", WRITERS.values(), ids=list(WRITERS))
def test_a_writer_says_who_holds_the_home_and_since_when(marsad: Marsad, words: list[str]) -> None:
    code, _, err = marsad(*words)
    assert (code, "lock_held" in err) == (1, True), err
    assert f"another, process {os.getpid()}" in err
    assert "since 20" in err


@pytest.mark.usefixtures("held", "marsad")
def test_decisions_wait_behind_the_lock_of_the_receipts(home: Home) -> None:
    decision = decisions.Decision("x", MINISTRY, "0" * 64, "", "", "code", "M", "statistics", "letter", "2026-01-20")
    with pytest.raises(Refusal) as refused:
        decisions.append(home, decision)
    assert (refused.value.code, refused.value.where) == ("lock_held", str(home.receipts))


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_a_question_never_waits_for_a_writer(marsad: Marsad, words: list[str]) -> None:
    code, out, err = marsad(*words)
    assert "lock_held" not in err
    assert code != 0 or out


@pytest.mark.usefixtures("held")
def test_a_build_told_to_wait_says_for_whom_and_gives_up_when_its_time_is_over(marsad: Marsad) -> None:
    code, _, err = marsad("build", "--wait", "0.1", "--json")
    assert (code, "lock_held" in err) == (1, True)
    assert "waiting: another" in err


@pytest.mark.parametrize(
    ("words", "seconds"),
    [([], 0.0), (["--wait"], float("inf")), (["--wait", "30"], 30.0), (["--wait", "--json"], float("inf")),
     (["--wait=2.5"], 2.5), (["--json", "--wait"], float("inf"))],
)  # fmt: skip
def test_a_build_waits_as_long_as_it_is_told(
    marsad: Marsad, monkeypatch: pytest.MonkeyPatch, words: list[str], seconds: float
) -> None:
    from marsad.commands import build_command

    asked: list[float] = []
    monkeypatch.setattr(build_command, "build", lambda *_arguments, wait, **_named: asked.append(wait) or True)
    assert marsad("build", *words)[0] == 0
    assert asked == [seconds]


def test_a_wait_that_is_no_time_is_a_usage_error(marsad: Marsad) -> None:
    assert marsad("build", "--wait", "-1")[0] == 2


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_ends_with_a_sentence_and_the_code_of_its_signal(
    marsad: Marsad, monkeypatch: pytest.MonkeyPatch, number: int, tag: str
) -> None:
    monkeypatch.setattr(receiving, "receive", lambda *_arguments, **_named: os.kill(os.getpid(), number))
    code, _, err = marsad("--language", tag, "receive", MINISTRY, str(SAMPLE))
    assert (code, "command_stopped" in err, "Traceback" in err) == (128 + number, True, False)
