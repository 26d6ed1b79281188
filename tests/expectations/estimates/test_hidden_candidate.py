"""The estimate of the hidden part in a home: refused, told rounded, told once, and nothing of the overlaps with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import duckdb
import numpy as np
import pytest

from expectations.candidates import lineage
from expectations.estimates import estimate_release, hidden_candidate, overlap_lists
from expectations.estimates.hidden_candidate import HiddenCandidate
from expectations.estimates.overlap_lists import SeenPersons
from expectations.protection.revisions import ReleaseHistory
from expectations.published import ledger
from expectations.published.published_estimates import HIDDEN_PARTS, PlaceEstimate, ToldLinkage, sealed_path
from expectations.published.release_withdrawal import withdraw
from expectations.releases import release, release_listing
from expectations.releases.verification import verify
from ingestion.home import Home
from ingestion.persons import home_recall, linkage_recall
from ingestion.persons.home_recall import HomeRecall
from ingestion.persons.linkage_recall import LEAST_PAIRS, LinkageRecall
from methods.linkage.record_links import HeldBackPairs
from methods.multiple_systems.overlap_table import OverlapTable
from methods.multiple_systems.told_estimate import ToldEstimate

TOLD = ToldEstimate(400, 330, 500, 350, 470, 380, "stable", ())
RECALL = LinkageRecall(HeldBackPairs(300, 299, 0), HeldBackPairs(0, 0, 0), 1.0, "invented")
OBSERVED = 340
LISTS = ("agency", "court", "police", "refuge")
COUNTS = (0, 29, 105, 17, 39, 8, 47, 7, 35, 11, 68, 13, 21, 6, 65, 10)


@pytest.fixture
def seen_home(released: Home) -> Home:
    """A released toy home whose warehouse has records of three bodies."""
    with duckdb.connect(str(released.warehouse)) as connection:
        connection.execute(
            """
            create table stg_victims as
            select 'k1:' || p as person_token, 'r' || p || s as record_key, s as source, d as contact_date,
                null::date as identified_date, null::date as registered_date, 'BAGHDAD' as governorate_code
            from (values (1, 'police', date '2024-02-01'), (1, 'court', date '2024-09-01'),
                (2, 'police', date '2023-02-01'), (2, 'court', date '2024-09-01'),
                (3, 'court', date '2024-03-01'), (3, 'agency', date '2025-03-01')) as listed(p, s, d);
            insert into stg_victims values (null, 'blank', 'agency', null, null, date '2024-05-01', null);
            create table stg_services as select 'k1:1' as person_token, 's1' as record_key, 'refuge' as source,
                date '2024-04-01' as request_date;
            create table dim_governorate as select 'BAGHDAD' as governorate_code, 'IQ-FED' as region_code;
            """
        )
    return released


def seen(counts: tuple[int, ...] = COUNTS) -> SeenPersons:
    return SeenPersons("2024", {"IQ-FED": OverlapTable(LISTS, np.array(counts, dtype=np.int64))})


def told(monkeypatch: pytest.MonkeyPatch, candidate: HiddenCandidate) -> None:
    print_count(monkeypatch, OBSERVED)
    monkeypatch.setattr(hidden_candidate, "estimate_hidden_parts", lambda *_given: candidate)


def print_count(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(hidden_candidate, "_printed_counts", lambda _frame: {("IQ", "2024"): count})


def candidate(figures: ToldEstimate = TOLD, **refused: str) -> HiddenCandidate:
    return HiddenCandidate("2024", {"IQ": figures}, refused)


def test_a_person_stands_on_the_lists_that_date_her_in_the_year_in_which_anybody_met_her_first(seen_home: Home):
    found = overlap_lists.read_seen_persons(seen_home, "2024")
    table = found.tables["IQ-FED"]
    assert table.lists == ("agency", "court", "police", "refuge")
    # one with police, court and refuge; one with the court alone, the agency met her a year later; one without token
    assert {cell: int(count) for cell, count in enumerate(table.counts) if count} == {0b1110: 1, 0b0010: 1, 0b0001: 1}
    assert found.places == {"IQ": ("IQ-FED",), "IQ-FED": ("IQ-FED",)}


def test_without_a_measure_of_linkage_in_this_home_it_is_refused_and_nothing_is_computed(
    seen_home: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hidden_candidate, "estimate_hidden_part", None)
    print_count(monkeypatch, OBSERVED)
    out = hidden_candidate.publish(seen_home)
    assert out and out.estimates == (PlaceEstimate("IQ", "2024", "linkage_unmeasured"),)
    assert hidden_candidate.publish(seen_home) == out
    assert len(ledger.entries(seen_home, ledger.HIDDEN_PART)) == 1


@pytest.mark.parametrize(
    ("found", "pairs", "share", "reason"),
    [
        (300, 300, 1.0, ""),
        (LEAST_PAIRS, LEAST_PAIRS, 1.0, ""),
        (LEAST_PAIRS - 1, LEAST_PAIRS - 1, 1.0, "linkage_unmeasured"),
        (270, 300, 1.0, "linkage_recall_low"),  # 0.90 was found, and its lower limit is less
        (300, 300, 0.85, "linkage_recall_low"),  # a kind of pair that was not measured counts as found never
    ],
)
def test_linkage_must_be_measured_on_enough_pairs_and_its_lower_limit_good_enough(
    found: int, pairs: int, share: float, reason: str
):
    recall = LinkageRecall(HeldBackPairs(pairs, found, 0), HeldBackPairs(0, 0, 0), share, "invented")
    empty = seen((0,) * 16)
    assert hidden_candidate.estimate_hidden_parts(empty, recall, 1).refused == {"IQ": reason or "not_carried"}


@pytest.mark.parametrize(("lower", "reason"), [(0.899, "linkage_recall_low"), (0.90, "not_carried")])
def test_a_measured_limit_just_below_nine_tenths_refuses_and_at_it_does_not(lower: float, reason: str):
    found = hidden_candidate.estimate_hidden_parts(seen((0,) * 16), HomeRecall(lower), 1)
    assert found.refused == {"IQ": reason}


def test_regions_with_lists_of_their_own_make_no_country_and_a_few_strays_make_no_list(
    monkeypatch: pytest.MonkeyPatch,
):
    """Nobody of one region can stand on a list of another one, so that their sum is no table of one population."""
    monkeypatch.setattr(hidden_candidate, "_REPLICATES", 60)
    federal, region = np.zeros(32, dtype=np.int64), np.zeros(32, dtype=np.int64)
    federal[:16] = COUNTS
    federal[0b10110] = 4  # of the region's list, by a wrong link or a move
    region[0b10000] = 70
    lists = (*LISTS, "region")
    people = SeenPersons("2024", {"IQ-FED": OverlapTable(lists, federal), "IQ-KR": OverlapTable(lists, region)})
    assert overlap_lists.lists_reaching(people.tables["IQ-FED"]) == LISTS
    assert overlap_lists.drop_small_lists(people.tables["IQ-FED"]).counts[0b0110] == COUNTS[0b0110] + 4
    found = hidden_candidate.estimate_hidden_parts(people, RECALL, 1)
    assert set(found.told) == {"IQ-FED"} and found.refused == {"IQ": "not_carried"}
    assert found.inside["IQ"] == (hidden_candidate.OF_ONE_REGION,)


def test_a_fifth_person_makes_a_list():
    counts = list(COUNTS)
    table = OverlapTable((*LISTS, "region"), np.array([*counts, 0, 0, 0, 5, *[0] * 12], dtype=np.int64))
    assert overlap_lists.lists_reaching(table) == (*LISTS, "region")


def test_lists_of_records_that_linking_did_not_compare_are_no_lists(seen_home: Home):
    found = overlap_lists.read_seen_persons(seen_home, "2024", with_services=False)
    assert found.tables["IQ-FED"].lists == ("agency", "court", "police")


@pytest.mark.parametrize(
    ("recall", "lists"),
    [
        (HomeRecall(0.95, 0.9, ("victims",), 2024), {"agency", "court", "police"}),
        (HomeRecall(0.95, 0.9, (), 0), {"agency", "court", "police", "refuge"}),
    ],
)
def test_the_measure_decides_which_lists_are_asked(
    seen_home: Home, monkeypatch: pytest.MonkeyPatch, recall: HomeRecall, lists: set[str]
):
    print_count(monkeypatch, OBSERVED)
    monkeypatch.setattr(home_recall, "read_recall", lambda _home: recall)
    out = hidden_candidate.publish(seen_home)
    assert out and out.estimates == (PlaceEstimate("IQ", "2024", "not_carried"),)
    sealed = ledger.sealed_of(seen_home, ledger.entries(seen_home)[-1])
    assert {name for held in sealed["holder"] for name in str(held).split("+")} == lists


def test_a_measure_of_later_records_is_none_of_this_year(seen_home: Home, monkeypatch: pytest.MonkeyPatch):
    print_count(monkeypatch, OBSERVED)
    monkeypatch.setattr(home_recall, "read_recall", lambda _home: HomeRecall(0.95, 0.9, (), 2025))
    out = hidden_candidate.publish(seen_home)
    assert out and out.estimates == (PlaceEstimate("IQ", "2024", "linkage_unmeasured"),)


def test_how_linkage_was_measured_is_told_in_whole_per_cent_downwards(seen_home: Home, monkeypatch: pytest.MonkeyPatch):
    told(monkeypatch, candidate(replace(TOLD, estimate=900)))
    monkeypatch.setattr(home_recall, "read_recall", lambda _home: HomeRecall(0.9279, 0.9561))
    out = hidden_candidate.publish(seen_home)
    assert out and out.estimates[0].linkage == ToldLinkage(92, 95)
    assert HIDDEN_PARTS.read_latest(seen_home) == out


def test_every_reason_of_the_overlaps_is_told_as_one_and_kept_inside():
    few = list(COUNTS)
    few[3:] = [0, 4, 0, 1, 0, 3, 1, 1, 0, 1, 0, 0, 0]
    found = hidden_candidate.estimate_hidden_parts(seen(tuple(few)), RECALL, 1)
    assert found.refused == {"IQ": "not_carried"}  # and the region is not asked: under 30 overlaps
    assert "too_few_overlaps" in found.inside["IQ"]
    assert not found.told


def test_an_estimate_whose_figures_give_a_count_away_is_not_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hidden_candidate, "_REPLICATES", 60)
    monkeypatch.setattr(hidden_candidate, "is_possible", lambda told, found: found.observed == 0 and told)
    counts = list(COUNTS)
    counts[0b0101] = 1
    found = hidden_candidate.estimate_hidden_parts(seen(tuple(counts)), RECALL, 1)
    assert found.refused == {"IQ": "not_carried", "IQ-FED": "not_carried"}
    assert "discloses" in found.inside["IQ"]


def test_what_is_told_stands_beside_the_printed_count_and_no_limit_is_below_it(
    seen_home: Home, monkeypatch: pytest.MonkeyPatch
):
    told(monkeypatch, candidate(replace(TOLD, lower95=OBSERVED - 10)))
    out = hidden_candidate.publish(seen_home)
    assert out is not None
    one = out.estimates[0]
    assert (one.observed, one.hidden) == (OBSERVED, TOLD.estimate - OBSERVED)
    assert one.figures and one.figures.lower95 == OBSERVED
    assert HIDDEN_PARTS.read_latest(seen_home) == out


def test_no_count_that_every_body_reported_whole_means_no_estimate_beside_it(seen_home: Home):
    """One governorate of the toy country is silent: its country has no printed count."""
    out = hidden_candidate.publish(seen_home)
    assert out and out.estimates == (PlaceEstimate("IQ", "", "count_missing"),)


def test_an_estimate_of_no_more_than_were_seen_is_not_told(seen_home: Home, monkeypatch: pytest.MonkeyPatch):
    told(monkeypatch, candidate(replace(TOLD, estimate=OBSERVED)))
    out = hidden_candidate.publish(seen_home)
    assert out and out.estimates[0].reason == "not_carried"


def test_a_year_is_told_once_and_never_again_when_the_count_beside_it_changed(
    seen_home: Home, monkeypatch: pytest.MonkeyPatch
):
    told(monkeypatch, candidate(replace(TOLD, estimate=900)))
    first = hidden_candidate.publish(seen_home)
    told(monkeypatch, candidate(replace(TOLD, estimate=910)))
    assert hidden_candidate.publish(seen_home) == first
    print_count(monkeypatch, OBSERVED + 5)
    changed = hidden_candidate.publish(seen_home)
    assert changed and changed.estimates == (PlaceEstimate("IQ", "2024", "count_changed"),)


@pytest.mark.parametrize(
    ("module", "step"), [(estimate_release, "write_folder"), (ledger, "store"), (ledger, "append")]
)
def test_a_publishing_that_is_killed_anywhere_leaves_the_same_release_to_the_next_build(
    seen_home: Home, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
):
    told(monkeypatch, candidate(replace(TOLD, estimate=900)))

    def killed(*given: object, **named: object) -> None:
        if step != "append":
            whole(*given, **named)
        raise KeyboardInterrupt

    whole = getattr(module, step)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module, step, killed)
        hidden_candidate.publish(seen_home)
    assert HIDDEN_PARTS.read_latest(seen_home) is None
    out = hidden_candidate.publish(seen_home)
    assert out and out.version.startswith("000001-")
    assert HIDDEN_PARTS.read_latest(seen_home) == out
    assert [path.name for path in (seen_home.releases / ledger.HIDDEN_PART).iterdir() if path.is_dir()] == [out.version]


def test_the_release_is_sound_stands_in_the_ledger_and_holds_no_overlap(
    seen_home: Home, monkeypatch: pytest.MonkeyPatch
):
    told(monkeypatch, candidate(replace(TOLD, estimate=900)))
    out = hidden_candidate.publish(seen_home)
    assert out is not None
    folder = seen_home.releases / ledger.HIDDEN_PART / out.version
    assert verify(folder).problems == []
    public = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert set(public) == {"estimate.json", "manifest.json"}
    assert not any(name in text for text in public.values() for name in ("police", "court", "agency", "overlap"))
    entry = ledger.entries(seen_home)[-1]
    assert ledger.cells_of(seen_home, entry)["measure"].tolist()[0] == "ESTIMATE"
    assert set(ledger.sealed_of(seen_home, entry)["holder"]) == {"agency", "court", "court+police+refuge"}
    assert sealed_path(seen_home, HIDDEN_PARTS).with_suffix(".json.seal").exists()


def test_later_protections_traces_and_releases_go_on_beside_it(seen_home: Home, monkeypatch: pytest.MonkeyPatch):
    before = ReleaseHistory(seen_home).prior_releases(["PRT-01/COUNT"], "2024").printed
    told(monkeypatch, candidate(replace(TOLD, estimate=900)))
    hidden_candidate.publish(seen_home)
    assert ReleaseHistory(seen_home).prior_releases(["PRT-01/COUNT"], "2024").printed.equals(before)
    assert lineage.NewestRows(seen_home).select_rows([("PRT-01/COUNT", "2024")])
    assert {one["dataset"] for one in release_listing.listing(seen_home)} <= {"four_ps_national", "four_ps_governorate"}
    assert release.sweep(seen_home).last_version(ledger.HIDDEN_PART)


def test_a_measure_of_linkage_of_another_home_is_none(seen_home: Home, tmp_path: Path):
    other = Home(tmp_path / "other").open(invented=True)
    linkage_recall.write(other, RECALL)
    assert linkage_recall.read_measure(other) == RECALL
    assert linkage_recall.read_measure(seen_home) is None


def test_a_withdrawn_estimate_is_gone_and_its_year_is_not_told_again(seen_home: Home, monkeypatch: pytest.MonkeyPatch):
    told(monkeypatch, candidate(replace(TOLD, estimate=900)))
    out = hidden_candidate.publish(seen_home)
    assert out is not None
    withdraw(seen_home, ledger.HIDDEN_PART, out.version, reason="a list was counted twice", signed_by="Secretariat")
    assert HIDDEN_PARTS.read_latest(seen_home) is None
    assert verify(seen_home.releases / ledger.HIDDEN_PART / out.version).withdrawn
    again = hidden_candidate.publish(seen_home)
    assert again and again.estimates == (PlaceEstimate("IQ", "2024", "withdrawn"),)
