"""Withdrawing what is out, and the corrected version on top of it."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest

from expectations.gate import stored_verdict, verdicts
from expectations.protection.revisions import ReleaseHistory
from expectations.published import ledger, release_withdrawal, report_versions, tombstone
from expectations.published.release_log import ReleaseLog
from expectations.published.release_withdrawal import withdraw
from expectations.releases import release, release_listing, verification
from ingestion.home import Home
from languages.refusal import Refusal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
DAY = datetime.date(2026, 3, 1)
WORDS = {"reason": "one file was counted twice", "signed_by": "Secretariat, statistics section"}


def _version(home: Home, dataset: str = NATIONAL) -> str:
    return ledger.entries(home, dataset)[-1].version


def _withdraw(home: Home, dataset: str = NATIONAL) -> Path:
    version = _version(home, dataset)
    withdraw(home, dataset, version, today=DAY, **WORDS)
    return home.releases / dataset / version


def _more_victims(count: int = 40) -> toy_home.Country:
    country = toy_home.Country()
    country.add(count, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    return country


def test_a_tombstone_in_three_languages_stands_in_place_of_the_data(released: Home):
    before = json.loads((released.releases / NATIONAL / _version(released) / "manifest.json").read_bytes())["files"]
    folder = _withdraw(released)
    notices = [f"TOMBSTONE.{tag}.md" for tag in ("ar", "ckb", "en")]
    assert {path.name for path in folder.iterdir()} == {"TOMBSTONE.json", *notices, "manifest.json"}
    told = json.loads((folder / tombstone.NAME).read_bytes())
    assert (told["withdrawn"], told["reason"], told["was"]) == ("2026-03-01", WORDS["reason"], before)
    for name in notices:
        text = (folder / name).read_text(encoding="utf-8")
        assert WORDS["reason"] in text and WORDS["signed_by"] in text
    assert "٢٠٢٦" in (folder / "TOMBSTONE.ar.md").read_text(encoding="utf-8")


def test_readers_are_left_with_no_version_and_the_list_says_why(released: Home):
    _withdraw(released)
    assert release_listing.latest(released, NATIONAL) is None
    assert not (released.releases / NATIONAL / "latest").exists()
    told = {entry["dataset"]: (entry["verdict"], entry["withdrawn"]) for entry in release_listing.listing(released)}
    assert told == {NATIONAL: ("withdrawn", "2026-03-01"), GOVERNORATE: ("passed", "")}


def test_verify_understands_a_tombstone_and_nothing_beside_it(released: Home):
    folder = _withdraw(released)
    report = verification.verify(folder)
    assert (report.ok, report.withdrawn) == (True, "2026-03-01")
    (folder / "data.csv").write_bytes(b"x")
    assert [problem.code for problem in verification.verify(folder).refusals] == ["file_unexpected"]
    (folder / "data.csv").unlink()
    notice = folder / "TOMBSTONE.en.md"
    notice.write_bytes(notice.read_bytes() + b"x")
    assert [problem.code for problem in verification.verify(folder).refusals] == ["bytes_changed"]
    notice.unlink()
    assert [problem.code for problem in verification.verify(folder).refusals] == ["file_missing"]


def test_the_withdrawn_bytes_do_not_come_out_again_and_the_build_says_so(released: Home):
    _withdraw(released)
    toy_home.build(released)
    assert toy_home.publish(released) == [None, None]
    assert release_listing.latest(released, NATIONAL) is None
    assert [
        (one.code, one.where)
        for one in release.withdrawn_notices(
            released, ReleaseLog.read_log(released), stored_verdict.last_verdicts(released)
        )
    ] == [("release_withdrawn", NATIONAL)]


def test_a_correction_is_protected_against_what_was_withdrawn_and_says_what_it_corrects(released: Home):
    folder = _withdraw(released)
    toy_home.build(released, _more_victims())
    prior = ReleaseHistory(released).prior_releases(("PRT-01/COUNT", "PRT-03/NUMERATOR"), "2024")
    assert set(prior.vintages[0]["ref_area"]) > {"IQ-FED"}  # the national table's cells, though it was withdrawn
    toy_home.publish(released)
    newest = release_listing.latest(released, NATIONAL)
    assert newest is not None and newest.sequence == 2
    notes = (newest.path / "notes.en.md").read_text(encoding="utf-8")
    assert f"notes.corrects.item version={folder.name} date=2026-03-01 reason={WORDS['reason']}" in notes
    manifest = json.loads((newest.path / "manifest.json").read_bytes())
    assert manifest["corrects"] == [folder.name]
    assert {"dataset": NATIONAL, "version": folder.name, "withdrawn": True} in manifest["earlier"]
    assert verification.verify(newest.path).ok
    assert verification.verify(folder).withdrawn
    assert (
        release.withdrawn_notices(released, ReleaseLog.read_log(released), stored_verdict.last_verdicts(released)) == []
    )


def test_a_figure_that_gives_late_cases_away_beside_the_withdrawn_one_fails_at_the_gate(
    released: Home, monkeypatch: pytest.MonkeyPatch
):
    def failures(home: Home) -> int:
        toy_home.build(home, _more_victims(30))
        monkeypatch.setattr(
            "expectations.protection.constraint_systems.MINIMUM_VALUES", 40
        )  # what only the difference of two issues narrows
        verdict = verdicts.examine(home, NATIONAL)
        return verdict.audit["failures"]

    alone = Home(released.root.parent / "alone").open(invented=True)
    _withdraw(released)
    with_withdrawn = failures(released)
    monkeypatch.undo()
    assert with_withdrawn > failures(alone)


@pytest.mark.parametrize("step", ["tombstone.replace_by_tombstone", "finish"])
def test_a_withdrawal_killed_in_the_middle_is_finished_by_the_next_command(
    released: Home, monkeypatch: pytest.MonkeyPatch, step: str
):
    version = _version(released)
    calls: list[object] = []

    def kill(*_arguments: object) -> None:
        calls.append(1)
        if step == "tombstone.replace_by_tombstone" or len(calls) > 1:  # the first call comes before the line
            raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(f"expectations.published.release_withdrawal.{step}", kill)
        with pytest.raises(InterruptedError):
            withdraw(released, NATIONAL, version, today=DAY, **WORDS)
    folder = released.releases / NATIONAL / version
    assert (folder / "data.parquet").exists()
    assert release_listing.latest(released, NATIONAL) is None  # the line counts, whatever still lies there
    release.sweep(released)
    assert tombstone.is_whole(folder)
    assert not (released.releases / NATIONAL / "latest").exists()


def test_a_tombstone_that_was_put_half_is_put_again(released: Home):
    folder = _withdraw(released)
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "TOMBSTONE.ar.md").unlink()
    (folder / "data.csv").write_bytes(b"left over")
    release.sweep(released)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole


def test_an_older_version_can_be_withdrawn_and_the_pointer_stays(released: Home):
    first = _version(released)
    toy_home.build(released, _more_victims())
    toy_home.publish(released)
    newest = _version(released)
    withdraw(released, NATIONAL, first, today=DAY, **WORDS)
    assert (released.releases / NATIONAL / "latest").read_text().strip() == newest
    assert ReleaseLog.read_log(released).corrected_withdrawals(NATIONAL) == []


@pytest.mark.parametrize(
    ("version", "reason", "code"),
    [
        ("000009-000000000000", "one file was counted twice", "version_unknown"),
        (None, "", "reason_missing"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused_and_stays(released: Home, version: str | None, reason: str, code: str):
    with pytest.raises(Refusal) as refusal:
        withdraw(released, NATIONAL, version or _version(released), reason=reason, signed_by="Secretariat")
    assert refusal.value.code == code
    assert ReleaseLog.read_log(released).withdrawals == ()
    assert release_listing.latest(released, NATIONAL) is not None


def test_a_version_is_withdrawn_once(released: Home):
    folder = _withdraw(released)
    with pytest.raises(Refusal) as refusal:
        withdraw(released, NATIONAL, folder.name, **WORDS)
    assert refusal.value.code == "version_withdrawn"


def test_a_log_of_withdrawals_that_was_changed_lost_or_torn_is_noticed(released: Home):
    _withdraw(released)
    log = released.ledger / "withdrawn.jsonl"
    good = log.read_text(encoding="utf-8")
    for bad in (good.replace(_version(released), "000001-ffffffffffff"), good[:-20], good + "{}\n", ""):
        log.write_text(bad, encoding="utf-8")
        with pytest.raises(Refusal) as refusal:
            release.sweep(released)
        assert refusal.value.code == "ledger_broken"


def test_a_folder_of_tombstones_alone_copied_elsewhere_verifies(released: Home, tmp_path: Path):
    copy = tmp_path / "copied"
    shutil.copytree(_withdraw(released), copy)
    assert verification.verify(copy).ok


def test_pages_made_from_a_withdrawn_version_are_named(released: Home):
    version = _version(released)
    page = released.reports / "2025-3f9a2c1b" / "ar" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_bytes(b"<p>")
    behind = {"year": "2025", "versions": [{"dataset": "four_ps_national", "version": version}]}
    (page.parents[1] / report_versions.FILE).write_text(json.dumps(behind), encoding="utf-8")
    assert release_withdrawal.pages_of(released, version) == [page]
