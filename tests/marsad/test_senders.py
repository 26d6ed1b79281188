"""The senders of the demo: received beside something else, and nothing of what stops them is lost."""

from __future__ import annotations

import datetime
import multiprocessing
from pathlib import Path

import pytest

from ingestion.home import Home
from ingestion.submissions import receipts
from languages.refusal import Refusal
from marsad.senders import receive_apart
from samples.bodies.sight import KURDISTAN
from samples.life import country
from samples.workbooks import SentFile, write


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[SentFile]:
    """The files of one small region."""
    small = country.invent_country(first_year=2024, last_year=2025, size=0.1)
    return [one for one in write(small, tmp_path_factory.mktemp("sent")) if one.source == KURDISTAN]


def test_files_come_in_their_order_while_something_else_goes_on_and_each_is_told(sent: list[SentFile], tmp_path: Path):
    home, told = Home.at(tmp_path), list[str]()
    home.open(invented=True)
    with receive_apart(home, sent, "en", told.append, meanwhile="loading"):
        told.append("something else")
    assert [one.letter_date for one in receipts.live_receipts(home)] == [one.letter_date.isoformat() for one in sent]
    assert told[-1] == "loading"
    assert "something else" in told
    assert len(told) == 2 + len(sent)


def test_what_stops_a_file_is_raised_and_the_files_before_it_are_in(sent: list[SentFile], tmp_path: Path):
    home = Home.at(tmp_path)
    home.open(invented=True)
    stranger = SentFile("nobody", sent[0].path, datetime.date(2025, 1, 1), "1", None)
    with (
        pytest.raises(Refusal, match="unknown_source"),
        receive_apart(home, [sent[0], stranger, *sent[1:]], "en", lambda _step: None, meanwhile="loading"),
    ):
        pass
    assert len(receipts.live_receipts(home)) == 1


def test_a_process_that_was_killed_is_a_refusal(sent: list[SentFile], tmp_path: Path):
    home, before = Home.at(tmp_path), set(multiprocessing.active_children())
    home.open(invented=True)
    with (
        pytest.raises(Refusal, match="worker_lost"),
        receive_apart(home, sent, "en", lambda _step: None, meanwhile="loading"),
    ):
        (child,) = set(multiprocessing.active_children()) - before
        child.kill()
