"""A year that is not over: no candidate has it, no gate lets it pass, and whoever released it can put it right."""

from __future__ import annotations

import datetime

from expectations.candidates import candidate
from expectations.cards.cells import csv_bytes, parquet_bytes, read_parquet
from expectations.gate import verdicts, waivers
from expectations.gate.stored_verdict import Verdict
from expectations.protection import protect_datasets
from expectations.published import release_withdrawal
from ingestion.home import Home, write_bytes
from tests.expectations import toy_home

NATIONAL = "four_ps_national"
WITHIN = datetime.date(2024, 12, 31)


def _build(home: Home, day: datetime.date) -> Home:
    toy_home.prepare(home)
    toy_home.keep_day(home, day)
    candidate.build(home)
    protect_datasets.protect(home)
    return home


def _broken(verdict: Verdict) -> set[str]:
    return {rule.id for rule in verdict.broken}


def test_a_year_is_a_candidate_once_it_is_over(protected: Home) -> None:
    for day, years in ((WITHIN, {"2023"}), (WITHIN + datetime.timedelta(days=1), {"2023", "2024"})):
        toy_home.keep_day(protected, day)
        summaries = candidate.build(protected)
        assert {year for summary in summaries for year in summary.years} == years
        for frame in (candidate.read_base(protected), candidate.read_members(protected)):
            assert set(frame["time_period"]) == years


def test_before_any_file_came_nothing_is_over(protected: Home) -> None:
    (protected.raw / "calendar.parquet").unlink()
    assert all(not summary.years for summary in candidate.build(protected))


def test_a_year_that_is_not_over_does_not_pass_the_gate_however_it_came_there(protected: Home) -> None:
    toy_home.keep_day(protected, WITHIN)
    verdict = verdicts.examine(protected, NATIONAL)
    assert "years_are_over" in _broken(verdict)
    assert verdict.as_of == WITHIN.isoformat()


def test_figures_of_a_finished_year_are_the_same_while_the_next_one_runs(protected: Home) -> None:
    path = protected.candidates / NATIONAL / "final" / "data.parquet"
    whole = read_parquet(path.read_bytes())
    _build(protected, WITHIN)
    finished = whole[whole["time_period"] == "2023"].reset_index(drop=True)
    assert csv_bytes(read_parquet(path.read_bytes())) == csv_bytes(finished)
    assert verdicts.examine(protected, NATIONAL).passed


def test_whoever_released_a_running_year_withdraws_it_and_the_next_release_needs_no_waiver(protected: Home) -> None:
    records = toy_home.publish(protected)
    _build(protected, WITHIN)
    assert _broken(verdicts.examine(protected, NATIONAL)) == {"rows_kept", "reporting_kept"}
    for record in filter(None, records):
        release_withdrawal.withdraw(
            protected, record.dataset, record.version, reason="the year was not over", signed_by="secretariat"
        )
    _build(protected, WITHIN)
    (national,) = (one for one in toy_home.publish(protected) if one and one.dataset == NATIONAL)
    released = read_parquet((national.path / "data.parquet").read_bytes())
    assert set(released["time_period"]) == {"2023"}


def test_a_withdrawn_release_is_still_owed_its_finished_years(protected: Home) -> None:
    records = toy_home.publish(protected)
    for record in filter(None, records):
        release_withdrawal.withdraw(
            protected, record.dataset, record.version, reason="the year was not over", signed_by="secretariat"
        )
    _build(protected, WITHIN)
    path = protected.candidates / NATIONAL / "final"
    few = read_parquet((path / "data.parquet").read_bytes()).head(20)
    write_bytes(path / "data.parquet", parquet_bytes(few))
    write_bytes(path / "data.csv", csv_bytes(few))
    assert "rows_kept" in _broken(verdicts.examine(protected, NATIONAL))


def test_no_waiver_lets_a_running_year_pass() -> None:
    assert "years_are_over" in waivers.NEVER
