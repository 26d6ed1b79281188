"""A year that is not over: part-files of it arrive, and no figure of it leaves, nobody is late for it or silent."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from assets.building import build
from expectations.candidates import candidate
from expectations.cards.cells import read_parquet
from expectations.cards.dataset_card import dataset_names
from expectations.gate import stored_verdict
from ingestion.home import Home
from ingestion.submissions import current_submissions, landing, receipts
from marsad.answers import owed_deliveries
from marsad.answers.agency_deliveries import deliveries_of
from samples import workbooks
from samples.bodies.sight import INTERIOR, LABOUR, LetterDelivery
from samples.life import country
from samples.views import deliveries

pytestmark = pytest.mark.whole_home
SENT = datetime.date(2026, 12, 2)
RUNNING = "2026"


def _part(sent: LetterDelivery) -> LetterDelivery:
    """A file of the first rows of a year, as an office saves it before the year is over."""
    return replace(sent, tables={name: rows[:17] for name, rows in sent.tables.items()})


@pytest.fixture(scope="module")
def home(parsed_home: Callable[[], Home]) -> Home:
    """A small home of finished years, to which two agencies send a few rows of the running one."""
    home = parsed_home().open(invented=True)
    small = country.invent_country(first_year=2024, last_year=int(RUNNING), size=0.05)
    finished = [sent for sent in deliveries(small) if sent.letter_date < SENT and sent.period_year < int(RUNNING)]
    parts = [
        _part(sent)
        for sent in deliveries(small)
        if (sent.source, sent.period_year, sent.part) in itertools.product((INTERIOR, LABOUR), [2026], ["first"])
    ]
    assert len(parts) == 2
    for sent in [*finished, *parts]:
        path = home.root / sent.file_name
        path.write_bytes(workbooks.file_content(small, sent))
        day = sent.letter_date if sent in finished else None
        landing.receive(home, sent.source, path, letter_date=day, today=SENT)
    assert build(home, progress=lambda _step: None, until="gates").passed
    return home


def test_two_agencies_sent_a_few_rows_of_the_running_year(home: Home) -> None:
    landed = {
        (receipt.source, shape): periods[RUNNING]
        for receipt in receipts.live_receipts(home)
        for shape, periods in receipt.periods.items()
        if RUNNING in periods
    }
    assert {source for source, _ in landed} == {INTERIOR, LABOUR}
    assert all(landed.values())


def test_no_figure_of_the_running_year_is_a_candidate_or_leaves(home: Home) -> None:
    assert "2025" in set(candidate.read_base(home)["time_period"])
    for frame in (candidate.read_base(home), candidate.read_members(home)):
        assert RUNNING not in set(frame["time_period"])
    for name in dataset_names():
        final = read_parquet((home.candidates / name / "final" / "data.parquet").read_bytes())
        assert set(final["time_period"]) & {"2025", RUNNING} == {"2025"}


def test_the_verdict_names_the_day_as_of_which_a_year_is_over(home: Home) -> None:
    for verdict in stored_verdict.last_verdicts(home):
        assert verdict.as_of == SENT.isoformat()
        assert {rule.id: rule.passed for rule in verdict.rules}["years_are_over"]


def test_nobody_is_late_for_it_or_in_time_and_its_reminder_stays(home: Home) -> None:
    calendar = pd.read_parquet(home.raw / "calendar.parquet")
    running = calendar[calendar["period"] == RUNNING].set_index("source")
    assert not running["is_over"].any()
    assert set(running["punctuality"]) == {"not_due"}
    assert set(running.index[running["delivery"] == "part"]) == {INTERIOR, LABOUR}
    for row in current_submissions.state(home, SENT):
        assert RUNNING not in row["overdue"]
    for source in (INTERIOR, LABOUR):
        (agency,) = deliveries_of(home, [source], SENT)
        assert agency.next_due is not None
        assert (agency.next_due.period, agency.next_due.state) == (RUNNING, "due")
        due = agency.next_due.due_date + datetime.timedelta(days=40)
        assert RUNNING in [owed.period for owed in owed_deliveries.state_of(home, source, due).owed]
