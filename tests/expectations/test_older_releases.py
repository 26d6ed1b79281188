"""A home that an older house released from is read as it stands, and says the same figures after new names (attack 16).

`golden/home_of_format_3.tar.xz` was written by the house of format 3, before any rename: two releases of two datasets,
the second with a frozen and a revised year. Nothing in it is ever written anew.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pandas as pd
import pytest
from marsad.upgrades import upgrade_steps

from expectations.candidates import lineage
from expectations.cards.cells import CONFIDENTIAL, EXPECTED, RECEIVED, keys_of, read_parquet
from expectations.gate import stored_verdict, verdicts
from expectations.protection import protect_datasets
from expectations.published import ledger
from expectations.published.release_formats import FORMAT, frozen_of
from expectations.published.release_withdrawal import withdraw
from expectations.releases import release
from expectations.releases.public_audit import audit_release
from expectations.releases.verification import verify
from ingestion.home import Home
from tests.expectations import toy_home

ARCHIVE = Path(__file__).parent / "golden" / "home_of_format_3.tar.xz"
NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
OLD_NAMES = {"reporting_count", "expected_count"}


def _country() -> toy_home.Country:
    """The country as it stood at the second release of the archive."""
    country = toy_home.Country()
    country.add(4, sex="F", age="Y_GE18", form="FORCED_LABOUR")
    country.add(40, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    return country


@pytest.fixture(scope="session")
def _older(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("older") / "home"
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(root, filter="data")
    return Home(root)


@pytest.fixture(scope="session")
def _rebuilt(_older: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("rebuilt") / "home"
    shutil.copytree(_older.root, root)
    upgrade_steps.upgrade(Home(root), lambda _step: None)
    return toy_home.build(Home(root), _country())


@pytest.fixture
def rebuilt(_rebuilt: Home, tmp_path: Path) -> Home:
    shutil.copytree(_rebuilt.root, tmp_path / "home")
    return Home(tmp_path / "home")


def _figures(frame: pd.DataFrame | None) -> dict[str, tuple[float, str]]:
    assert frame is not None
    rows = zip(keys_of(frame), frame["obs_value"].fillna(-1), frame["disclosure_method"], strict=True)
    return {str(key): (float(value), str(method)) for key, value, method in rows}


def test_verify_and_a_strangers_audit_read_releases_of_format_3(_older: Home):
    folders = [path.parent for path in _older.root.glob("releases/**/manifest.json")]
    assert len(folders) == 4
    for folder in folders:
        assert verify(folder).ok, verify(folder).problems
    assert audit_release(_older.releases / GOVERNORATE / ledger.entries(_older, GOVERNORATE)[0].version).ok


def test_the_ledger_and_a_walk_back_read_format_3_under_the_names_of_today(_older: Home):
    out = ledger.read_published_cells(_older, ledger.entries(_older))
    assert {RECEIVED, EXPECTED} < set(out.columns)
    assert not OLD_NAMES & set(out.columns)
    assert out["conf_status"].eq(CONFIDENTIAL).equals(out["obs_status"].eq("Q"))
    assert out["conf_status"].notna().all()
    hops = lineage.trace(_older, NATIONAL, {"indicator": "PRT-01", "ref_area": "IQ-FED", "time_period": "2024"})
    assert {"release", "cell", "facts", "rows"} <= {hop["hop"] for hop in hops}
    last = ledger.entries(_older, NATIONAL)[-1]
    manifest = json.loads((_older.releases / NATIONAL / last.version / "manifest.json").read_bytes())
    assert frozen_of(manifest) == {"2023": ["PRT-01", "PRT-03"]}


def test_a_home_released_before_and_rebuilt_after_prints_the_same_figures(rebuilt: Home):
    states = {one.state for one in protect_datasets.last_report(rebuilt).outcomes}
    assert not states & {"first", "revised"}
    before = {
        name: _figures(ledger.read_last_cells(rebuilt, ledger.entries(rebuilt, name)))
        for name in (GOVERNORATE, NATIONAL)
    }
    records = toy_home.publish(rebuilt)
    for record in records:
        assert record is not None, "the names are new, so the bytes are"
        frame = read_parquet((record.path / "data.parquet").read_bytes())
        assert _figures(frame) == before[record.dataset]
        assert not OLD_NAMES & set(frame.columns)
        manifest = json.loads((record.path / "manifest.json").read_bytes())
        assert (manifest["format"], "held" in manifest) == (FORMAT, False)
        assert frozen_of(manifest) == {"2023": ["PRT-01", "PRT-03"]}
        assert "notes.format.columns" in (record.path / "notes.en.md").read_text(encoding="utf-8")
        assert verify(record.path).ok
    assert toy_home.publish(rebuilt) == [None, None], "what is out under the new names is not released twice"


def test_a_release_withdrawn_under_older_names_does_not_come_out_again_until_a_figure_changes(rebuilt: Home):
    last = ledger.entries(rebuilt, GOVERNORATE)[-1]
    withdraw(rebuilt, GOVERNORATE, last.version, reason="a file was sent twice", signed_by="statistics section")
    assert verdicts.examine(rebuilt, GOVERNORATE).passed
    assert release.publish(rebuilt, GOVERNORATE, [toy_home.plain_voice("en")]) is None
    country = _country()
    country.add(40, year="2024", sex="M", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(rebuilt, country)
    assert toy_home.publish(rebuilt, GOVERNORATE)[0] is not None


def test_a_rule_that_blocked_in_an_older_verdict_still_blocks_where_it_is_read_today(_older: Home):
    path = _older.releases / NATIONAL / ledger.entries(_older, NATIONAL)[0].version / "verdict.json"
    content = json.loads(path.read_bytes())
    assert stored_verdict.Verdict.from_bytes(path.read_bytes()).passed
    for rule in content["rules"]:
        rule["passed"] = rule["id"] != "keys_are_unique"
    assert stored_verdict.Verdict.from_bytes(json.dumps(content).encode()).reasons == ["rule_failed"]
