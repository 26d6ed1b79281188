"""The demo links records without a comparable token, and how well it does is held to the invented truth."""

from __future__ import annotations

import json
import tempfile
from itertools import combinations
from pathlib import Path

import pytest

from ingestion import warehouse
from ingestion.home import Home, sha256_of_bytes
from ingestion.keeping.retention import files_of
from ingestion.persons import doubtful_links, link_store, linkable_records, linkage_recall
from languages.words import Words, languages
from marsad.demonstration import ROUNDS
from reports.analysis.confidence_grade import grade_of
from reports.released import report_model
from reports.released.report_model import NATIONAL
from samples import coded_names
from samples.life.country import Country
from tests.end_to_end import told_of_links

pytestmark = pytest.mark.whole_home
MOST_RECORDS = 800


def test_linkage_in_the_demo_finds_who_is_who(demo: Home, invented: Country) -> None:
    records = linkable_records.read_records(demo, since=invented.last_year, shapes=["victims"])
    assert 600 < len(records) <= MOST_RECORDS
    keys = records["token"].str.partition(":")[0].fillna("")
    assert 0.25 < (keys != "k01").mean() < 0.4, "a third has no token that others could compare"
    truth = told_of_links.persons(demo, invented)
    group = link_store.groups(demo, linkable_records.holders_of(linkable_records.read_records(demo)), link_store.MAIN)
    rows = list(zip(records["member"], records["holder"], keys, strict=True))
    asked = [
        (left[0], right[0])
        for left, right in combinations(rows, 2)
        if left[1] != right[1] and not (left[2] and left[2] == right[2])
    ]
    same = {pair for pair in asked if truth[pair[0]] == truth[pair[1]]}
    found = {pair for pair in asked if group[pair[0]] == group[pair[1]]}
    precision, recall = len(same & found) / len(found), len(same & found) / len(same)
    assert len(same) > 80
    assert 2 * precision * recall / (precision + recall) >= 0.95, (precision, recall, len(same), len(found))


def test_persons_of_the_warehouse_follow_the_links(demo: Home) -> None:
    told = link_store.groups(demo, linkable_records.holders_of(linkable_records.read_records(demo)), link_store.MAIN)
    joined = {member for member, first in told.items() if member != first and ":" in member and ":" in first}
    assert joined, "tokens of the mission's own key"
    with warehouse.connect(demo) as connection:
        known = {token for (token,) in connection.execute("select person_token from dim_person").fetchall()}
    assert not {member for member in joined if member.startswith("k02:")} & known
    assert sum(token.startswith("link:") for token in known if token) <= len(told)


def test_the_notes_and_the_grade_say_that_totals_rest_on_links_and_no_number(demo: Home) -> None:
    report = report_model.load(demo)
    assert report.headline is not None and report.headline.rests_on_links
    assert grade_of(report, "PRT-01", "IQ-FED", report.years[-1]) not in {"high", "fair_rounded"}
    for tag in languages():
        notes = (demo.releases / NATIONAL / report.headline.version / f"notes.{tag}.md").read_text(encoding="utf-8")
        assert Words.load(tag).text("notes.linked.text") in notes


def test_doubtful_pairs_wait_in_the_queue_and_show_no_name(demo: Home) -> None:
    waiting = doubtful_links.list_links(demo)
    assert 0 < len(waiting) < 100
    assert all(0.2 <= one["probability"] < 0.9 for one in waiting)
    assert linkage_recall.read_measure(demo) is not None


def test_codes_are_nowhere_in_the_home_nor_in_what_a_backup_takes(
    demo: Home, invented: Country, tmp_path: Path
) -> None:
    assert not list(Path(tempfile.gettempdir()).glob("marsad-codes-*"))
    written = [path.read_bytes() for path in coded_names.write(invented, tmp_path, ROUNDS[-1])]
    assert len(written) == len(coded_names.SCRIPTS)
    codes = [json.loads(one)["rows"][0]["given"].encode() for one in written]
    kept = [demo.root / one.path for one in files_of(demo.root)]
    assert {sha256_of_bytes(one) for one in written}.isdisjoint(path.name for path in kept)
    logs = [path for path in kept if path.suffix in (".jsonl", ".json", ".yml", ".parquet", "") and path.is_file()]
    assert not [path for path in logs for content in [path.read_bytes()] if any(code in content for code in codes)]
