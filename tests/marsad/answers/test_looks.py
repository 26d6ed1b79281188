"""Who looked inside: one line of the log a look, no name of a file in it, and nothing is shown where it cannot be."""

from __future__ import annotations

import errno
import getpass
import os
from pathlib import Path

import pytest

from ingestion import hash_chain
from ingestion.home import Home
from ingestion.people import acts_log
from ingestion.submissions import landing
from tests.ingestion.persons.test_linking import invented_home
from tests.ingestion.workbooks import TODAY, victim, victims, xlsx
from tests.marsad.conftest import Marsad

MINISTRY = "iraq_interior_ministry"
LOOKS = {
    "trace four_ps_national PRT-02": ("trace", "four_ps_national", "indicator=PRT-02"),
    "trace from a file": ("trace", "--file", "a file of Zainab.xlsx"),
    f"quality {MINISTRY}": ("quality", "--source", MINISTRY),
    "releases why four_ps_national": ("releases", "why", "four_ps_national"),
    "review links": ("review", "links"),
    "review pairs": ("review", "pairs", "--sheet", "a sheet of Zainab.csv"),
}
"""What the log names -> the command."""


@pytest.fixture
def home(marsad: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a landed file and records that may be one person; whoever looks works in the folder of the test."""
    monkeypatch.chdir(tmp_path)
    home, file = invented_home(tmp_path / "home"), tmp_path / "victims.xlsx"
    file.write_bytes(xlsx({"الضحايا": victims(victim(1), victim(2))}))
    landing.receive(home, MINISTRY, file, today=TODAY)
    landing.land(home, MINISTRY)
    return home


def _refuse_lines(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(hash_chain, "append_line", refuse)


@pytest.mark.parametrize("what", LOOKS)
def test_a_look_inside_is_one_line_with_who_looked_and_at_what(typed: Marsad, home: Home, what: str):
    typed(*LOOKS[what], "--as", "amina")
    assert [(line["kind"], line["person"], line["what"]) for line in acts_log.read_acts(home)] == [
        ("looked", "amina", what)
    ]
    assert b"Zainab" not in acts_log.path_of(home).read_bytes()


def test_whoever_names_herself_not_is_the_account_of_the_machine(typed: Marsad, home: Home):
    typed("review", "links")
    assert [line["person"] for line in acts_log.read_acts(home)] == [getpass.getuser()]


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES], ids=errno.errorcode.get)
@pytest.mark.parametrize("what", LOOKS)
def test_a_look_that_cannot_be_logged_shows_nothing_and_says_so(
    typed: Marsad, home: Home, monkeypatch: pytest.MonkeyPatch, what: str, number: int
):
    before = sorted(home.root.parent.iterdir())
    _refuse_lines(monkeypatch, number)
    code, out, err = typed(*LOOKS[what])
    assert (code, out, "look_not_logged" in err) == (1, "", True)
    assert sorted(home.root.parent.iterdir()) == before


@pytest.mark.parametrize("words", [("trace", "a file of Zainab.xlsx"), ("quality", "--source", "Zainab")])
def test_a_word_that_names_nothing_of_the_house_does_not_enter_the_log(
    typed: Marsad, home: Home, words: tuple[str, ...]
):
    assert typed(*words)[0] != 0
    assert acts_log.read_acts(home) == []
