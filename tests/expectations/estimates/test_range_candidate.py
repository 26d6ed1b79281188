"""The range of a total over link thresholds in a home: counted a second way, rounded, told anew late, withdrawn."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from expectations.estimates import linked_counts, range_candidate
from expectations.estimates.linked_counts import read_linked_counts
from expectations.protection.constraint_systems import LATE_CASES
from expectations.protection.revisions import ReleaseHistory
from expectations.published import ledger
from expectations.published.published_estimates import LINK_RANGES, YearRange, refused_years, sealed_path
from expectations.published.release_log import ReleaseLog
from expectations.published.release_withdrawal import data_of, withdraw
from expectations.releases import release_listing
from expectations.releases.verification import verify
from ingestion.home import Home
from ingestion.persons import link_store
from ingestion.persons.link_store import StoredLink
from methods.linkage.person_groups import NEVER
from tests.ingestion.persons.test_linking import invented_home

COUNTS = {0.9: 361, 0.5: 343, 0.2: 322}
PRINTED = 345


@pytest.fixture
def linked(released: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A released toy home that was linked."""
    monkeypatch.setattr(link_store, "path_of", lambda _home: Path("pairs-000001.parquet"))
    return released


def publish(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    counts: dict[float, int] = COUNTS,
    *,
    printed: int = PRINTED,
    true: int = 0,
) -> YearRange:
    monkeypatch.setattr(linked_counts, "read_linked_counts", lambda _home: {"2024": counts})
    totals = iter(({"2024": printed}, {"2024": true or counts[0.5]}))
    monkeypatch.setattr(range_candidate, "_totals", lambda _frame: next(totals))
    out = range_candidate.publish(home)
    assert out is not None
    assert LINK_RANGES.read_latest(home) == (out if out.version else None)
    (year,) = out.estimates
    return year


def test_a_range_of_which_nothing_can_be_told_is_no_release(linked: Home, monkeypatch: pytest.MonkeyPatch):
    before = ledger.head(linked)
    assert publish(linked, monkeypatch, {0.9: 343, 0.5: 343, 0.2: 343}).ends is None
    assert ledger.head(linked) == before
    assert not (linked.releases / ledger.LINK_RANGE).exists()
    assert release_listing.listing_of_estimates(linked) == []
    assert refused_years(linked, ReleaseLog.read_log(linked)) == {"2024": "not_carried"}
    publish(linked, monkeypatch)
    assert refused_years(linked, ReleaseLog.read_log(linked)) == {}
    assert [one["verdict"] for one in release_listing.listing_of_estimates(linked)] == ["passed"]


def test_a_version_without_a_figure_of_an_older_house_is_read_and_listed_as_refused(
    linked: Home, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        patch.setattr(range_candidate, "LINK_RANGES", replace(LINK_RANGES, is_released_empty=True))
        assert publish(linked, monkeypatch, {0.9: 343, 0.5: 343, 0.2: 343}).ends is None
    (listed,) = release_listing.listing_of_estimates(linked)
    assert (listed["verdict"], listed["rows"], listed["refused"]) == ("refused", 0, {"2024": "not_carried"})
    assert verify(Path(listed["path"])).ok
    assert publish(linked, monkeypatch).ends is not None
    assert [one["verdict"] for one in release_listing.listing_of_estimates(linked)] == ["passed"]


def test_the_release_is_sound_and_its_ends_are_multiples_of_five_under_measures_of_their_own(
    linked: Home, monkeypatch: pytest.MonkeyPatch
):
    told = publish(linked, monkeypatch)
    assert told.ends is not None
    assert 0 <= abs(told.ends.lower - 322) < 5 and abs(told.ends.upper - 361) < 5
    entry = ledger.entries(linked)[-1]
    folder = linked.releases / ledger.LINK_RANGE / entry.version
    assert verify(folder).problems == []
    rows = pd.read_csv(folder / "link_range.csv")
    assert rows["measure"].tolist() == ["LINKS_LOWER", "LINKS_UPPER"]
    assert rows["obs_value"].tolist() == [told.ends.lower, told.ends.upper] and (rows["obs_value"] % 5 == 0).all()
    public = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not [count for count in COUNTS.values() if f"{count}".encode() in json.dumps(json.loads(
        (folder / "link_range.json").read_bytes())).encode()]  # fmt: skip
    assert b"COUNT" not in public
    assert sorted(ledger.sealed_of(linked, entry)["obs_value"]) == [322, 343, 361]
    assert sealed_path(linked, LINK_RANGES).with_suffix(".json.seal").exists()


def test_the_same_home_tells_the_same_and_writes_it_once(linked: Home, monkeypatch: pytest.MonkeyPatch):
    assert publish(linked, monkeypatch) == publish(linked, monkeypatch)
    assert len(ledger.entries(linked, ledger.LINK_RANGE)) == 1


def test_a_home_that_never_linked_has_no_range(released: Home):
    assert range_candidate.publish(released) is None
    assert not (released.releases / ledger.LINK_RANGE).exists()


@pytest.mark.parametrize(
    ("counts", "printed", "true"),
    [
        (COUNTS, PRINTED, 344),  # the second way of counting does not find the main count
        ({}, PRINTED, 343),
        (COUNTS, 360, 343),  # printed before late cases came
        ({0.9: 24, 0.5: 18, 0.2: 10}, 18, 18),
        ({0.9: 343, 0.5: 343, 0.2: 343}, PRINTED, 343),
    ],
)
def test_every_reason_not_to_tell_is_one(
    linked: Home, monkeypatch: pytest.MonkeyPatch, counts: dict[float, int], printed: int, true: int
):
    assert publish(linked, monkeypatch, counts, printed=printed, true=true) == YearRange("2024", "not_carried")


@pytest.mark.parametrize(("cases", "is_new"), [(0, False), (1, False), (LATE_CASES - 1, False), (LATE_CASES, True)])
def test_a_range_stands_until_as_many_cases_differ_as_revise_a_past_year(
    linked: Home, monkeypatch: pytest.MonkeyPatch, cases: int, is_new: bool
):
    first = publish(linked, monkeypatch)
    later = publish(linked, monkeypatch, COUNTS | {0.9: COUNTS[0.9] + cases})
    assert (later != first) == is_new
    assert len(ledger.entries(linked, ledger.LINK_RANGE)) == 1 + is_new


def test_where_the_printed_count_leaves_an_earlier_range_none_is_told(linked: Home, monkeypatch: pytest.MonkeyPatch):
    ends = publish(linked, monkeypatch).ends
    assert ends
    moved = {0.9: 366, 0.5: ends.upper + 5, 0.2: 322}
    assert publish(linked, monkeypatch, moved, printed=ends.upper + 5) == YearRange("2024", "not_carried")


def test_a_withdrawn_range_leaves_a_tombstone_and_never_returns(linked: Home, monkeypatch: pytest.MonkeyPatch):
    publish(linked, monkeypatch)
    version = ledger.entries(linked)[-1].version
    withdraw(
        linked, ledger.LINK_RANGE, version, reason="two lists were joined wrongly", signed_by="Secretariat",
        today=datetime.date(2026, 3, 1),
    )  # fmt: skip
    assert not (linked.releases / ledger.LINK_RANGE / version / data_of(ledger.LINK_RANGE)).exists()
    assert LINK_RANGES.read_latest(linked) is None
    assert "withdrawn" in {one["verdict"] for one in release_listing.listing_of_estimates(linked)}
    assert publish(linked, monkeypatch, COUNTS | {0.9: 400}) == YearRange("2024", "withdrawn")


def test_protection_goes_on_beside_it(linked: Home, monkeypatch: pytest.MonkeyPatch):
    before = ReleaseHistory(linked).prior_releases(["PRT-01/COUNT"], "2024").printed
    publish(linked, monkeypatch)
    pd.testing.assert_frame_equal(ReleaseHistory(linked).prior_releases(["PRT-01/COUNT"], "2024").printed, before)


def test_each_threshold_counts_one_person_in_one_case_once_in_the_year_of_first_contact(tmp_path: Path):
    """Of 24 persons whom two bodies know, links of 0.95, 0.6 and 0.3; a fourth pair is kept apart; main joins two."""
    home = invented_home(tmp_path / "home")
    links = [
        StoredLink(f"agency/000006-a/my_list/{place + 2}", f"k1:{place:032x}", probability, True, False, "m")
        for place, probability in enumerate((0.95, 0.6, 0.3, NEVER))
    ]
    link_store.write(home, links)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            """
            create table stg_victims as
            select s || '/00000' || length(s) || '-a/my_list/' || n as record_key,
                case when s = 'police' then 'c' || n end as case_token,
                -- the agency meets the second person a year before the police do
                make_date(case when s = 'agency' and n = 3 then 2023 else 2024 end, 3, 1) as contact_date,
                null::date as identified_date, null::date as registered_date
            from (values ('police'), ('agency')) as bodies(s), range(2, 26) as numbers(n);
            create table dim_record as
            select 'fct_victim_event' as fact, record_key as fact_key, record_key from stg_victims;
            create table fct_victim_event as select record_key as fact_key, case_token from stg_victims;
            """
        )
    assert read_linked_counts(home) == {"2023": {0.9: 1, 0.5: 1, 0.2: 1}, "2024": {0.9: 46, 0.5: 45, 0.2: 44}}
