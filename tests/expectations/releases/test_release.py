"""Releases: only what a verdict names, whole or not at all, and never twice the same."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from expectations.cards.cells import keys_of
from expectations.gate import stored_verdict, verdicts
from expectations.protection import protect_datasets
from expectations.published import ledger
from expectations.releases import release, release_listing, verification
from ingestion.home import Home, write_bytes
from ingestion.seals import ENDING, write_sealed
from languages.refusal import Refusal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
VOICES = [toy_home.plain_voice(tag) for tag in ("en", "ar", "ckb")]


def test_a_release_started_alone_without_a_verdict_is_refused(protected: Home):
    with pytest.raises(Refusal) as refusal:
        release.publish(protected, NATIONAL, VOICES)
    assert (refusal.value.code, refusal.value.where) == ("verdict_missing", NATIONAL)
    assert release_listing.latest(protected, NATIONAL) is None


def test_a_failing_verdict_is_refused_with_its_reasons(empty_home: Home):
    toy_home.build(empty_home, toy_home.Country(silent=toy_home.LEAVES))
    assert not verdicts.examine(empty_home, GOVERNORATE).passed
    with pytest.raises(Refusal) as refusal:
        release.publish(empty_home, GOVERNORATE, VOICES)
    assert (refusal.value.code, refusal.value.arguments["reasons"]) == ("verdict_failed", "candidate_empty")
    assert list(empty_home.releases.rglob("*.parquet")) == []


def test_a_verdict_that_was_edited_to_pass_still_fails_by_its_rules(empty_home: Home):
    toy_home.build(empty_home, toy_home.Country(silent=toy_home.LEAVES))
    verdicts.examine(empty_home, GOVERNORATE)
    path = stored_verdict.verdict_path(empty_home, GOVERNORATE)
    edited = path.read_text().replace('"passed": false,\n  "previous"', '"passed": true,\n  "previous"')
    write_sealed(empty_home, path, edited.encode())  # by somebody who has the key
    assert json.loads(path.read_text())["passed"] is True
    with pytest.raises(Refusal) as refusal:
        release.publish(empty_home, GOVERNORATE, VOICES)
    assert refusal.value.code == "verdict_failed"


@pytest.mark.parametrize("name", protect_datasets.FINAL_FILES)
def test_a_byte_that_changed_after_the_verdict_is_refused(examined: Home, name: str):
    path = examined.candidates / NATIONAL / "final" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(Refusal) as refusal:
        release.publish(examined, NATIONAL, VOICES)
    assert (refusal.value.code, refusal.value.where) == ("bytes_changed", str(path))


def test_a_verdict_made_under_another_card_is_refused(examined: Home, change_cards: Callable[..., None]):
    change_cards(NATIONAL, minimum_base=10)
    with pytest.raises(Refusal) as refusal:
        release.publish(examined, NATIONAL, VOICES)
    assert refusal.value.code == "verdict_stale"


def test_an_old_verdict_cannot_bring_old_bytes_back_after_a_newer_release(released: Home):
    old = {path: path.read_bytes() for path in released.candidates.rglob("*") if path.is_file()}
    verdict = stored_verdict.verdict_path(released, NATIONAL)
    verdicts.examine(released, NATIONAL)
    old |= {path: path.read_bytes() for path in (verdict, verdict.with_name(verdict.name + ENDING))}
    country = toy_home.Country()
    country.add(40, sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(released, country)
    toy_home.publish(released, NATIONAL)
    for path, data in old.items():
        path.write_bytes(data)
    with pytest.raises(Refusal) as refusal:
        release.publish(released, NATIONAL, VOICES)
    assert refusal.value.code == "verdict_stale"


@pytest.mark.parametrize("dataset", [NATIONAL, GOVERNORATE])
def test_a_release_holds_exactly_the_bytes_the_verdict_names(released: Home, dataset: str):
    folder = toy_home.latest_folder(released, dataset)
    verdict = stored_verdict.Verdict.from_bytes((folder / "verdict.json").read_bytes())
    final = protect_datasets.final_bytes(released, dataset)
    assert {name: (folder / name).read_bytes() for name in final} == final
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert {name: manifest["files"][name] for name in final} == verdict.files
    assert folder.name.startswith("000001-")


@pytest.mark.parametrize("dataset", [NATIONAL, GOVERNORATE])
def test_the_data_package_validates_with_frictionless(released: Home, dataset: str):
    folder = toy_home.latest_folder(released, dataset)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    fields = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
    assert "A8" not in fields["article"]["constraints"]["enum"]
    assert fields["obs_value"]["constraints"] == {"minimum": 0}
    assert [task.name for task in report.tasks] == ["data", "data-parquet", "totals", "codes"]


@pytest.mark.parametrize(("old", "new"), [(b"ROUNDED_5", b"ROUNDED_"), (b",2023,", b",last,"), (b",IQ,", b",XX,")])
def test_frictionless_tells_a_package_that_was_changed(released: Home, old: bytes, new: bytes):
    folder = toy_home.latest_folder(released, NATIONAL)
    changed = (folder / "data.csv").read_bytes().replace(old, new, 1)
    assert changed != (folder / "data.csv").read_bytes()
    (folder / "data.csv").chmod(0o600)
    (folder / "data.csv").write_bytes(changed)
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_the_csv_says_what_the_parquet_says_in_latin_digits(released: Home):
    folder = toy_home.latest_folder(released, NATIONAL)
    table = pd.read_parquet(folder / "data.parquet")
    with (folder / "data.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(table)
    for row, value in zip(rows, table["obs_value"], strict=True):
        assert row["obs_value"] == "" if pd.isna(value) else float(row["obs_value"]) == value


def test_releasing_the_same_again_changes_nothing(released: Home):
    before = sorted(released.releases.rglob("*"))
    toy_home.build(released)
    assert toy_home.publish(released) == [None, None]
    assert sorted(released.releases.rglob("*")) == before


def test_two_homes_with_the_same_input_release_the_same_versions(released: Home, empty_home: Home):
    toy_home.build(empty_home)
    toy_home.publish(empty_home)
    versions = [[entry["version"] for entry in release_listing.listing(home)] for home in (released, empty_home)]
    assert versions[0] == versions[1]


def test_a_second_year_is_released_on_top_of_the_first(released: Home):
    country = toy_home.Country()
    country.add(3, year="2023", sex="F", age="Y_GE18", form="SEXUAL")
    country.add(40, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(released, country)
    difference = release.difference(released, NATIONAL)
    assert set(difference.revised["time_period"]) == {"2024"}
    assert (len(difference.added), len(difference.gone)) == (0, 0)
    records = toy_home.publish(released)
    assert [record.sequence for record in records if record] == [2, 2]
    notes = (toy_home.latest_folder(released, NATIONAL) / "notes.en.md").read_text(encoding="utf-8")
    assert "notes.past.frozen year=2023 indicators=PRT-01, PRT-03 least=11" in notes
    assert "notes.past.revised year=2024 indicators=PRT-01, PRT-03" in notes
    assert f"notes.changes.revised cells={len(difference.revised)}" in notes
    cells = ledger.read_published_cells(released, ledger.entries(released))
    assert sorted(set(cells["sequence"])) == [1, 2]
    assert verification.verify(toy_home.latest_folder(released, NATIONAL)).ok


def test_the_difference_to_nothing_is_everything(protected: Home):
    difference = release.difference(protected, NATIONAL)
    assert difference.is_first
    assert difference.counts()["added"] == len(difference.added) > 0


def test_notes_say_that_the_data_are_invented_and_what_to_watch(empty_home: Home):
    toy_home.build(empty_home, toy_home.Country(reporting=1))
    toy_home.publish(empty_home)
    notes = (toy_home.latest_folder(empty_home, NATIONAL) / "notes.en.md").read_text(encoding="utf-8")
    assert "**notes.invented**" in notes
    assert "warning.all_expected_bodies_reported" in notes
    assert "rule.all_expected_bodies_reported" not in notes


def test_notes_of_a_real_home_do_not_speak_of_invention(toy_real: Path):
    home = Home(toy_real)
    notes = (toy_home.latest_folder(home, NATIONAL) / "notes.en.md").read_text(encoding="utf-8")
    assert "invented" not in notes
    assert json.loads((toy_home.latest_folder(home, NATIONAL) / "manifest.json").read_bytes())["invented"] is False


def test_nothing_secret_is_in_a_released_folder(released: Home):
    secret = [released.series_key.hex(), "members", "iraq_interior_ministry/", str(released.root), toy_home.SUBMISSION]
    for dataset in (NATIONAL, GOVERNORATE):
        for path in toy_home.latest_folder(released, dataset).iterdir():
            data = path.read_bytes()
            assert not [text for text in secret if text.encode() in data], path.name


def test_the_list_of_releases_has_what_a_script_needs(released: Home):
    entries = release_listing.listing(released)
    assert [entry["dataset"] for entry in entries] == [GOVERNORATE, NATIONAL]
    for entry in entries:
        assert {"dataset", "version", "verdict", "sha256", "rows", "path"} <= set(entry)
        assert entry["verdict"] == "passed"
        assert Path(entry["path"]).name == entry["version"]
    assert len(release_listing.listing(released, every_version=True)) == 2


def test_verify_passes_a_release_and_a_copy_of_it_and_says_unsigned(released: Home, tmp_path: Path):
    folder = toy_home.latest_folder(released, NATIONAL)
    copy = tmp_path / "copied here"
    shutil.copytree(folder, copy)
    for path in (folder, copy):
        report = verification.verify(path)
        assert (report.ok, report.problems, report.signed) == (True, [], False)


@pytest.mark.parametrize("name", ["data.parquet", "data.csv", "notes.ar.md", "verdict.json", "datapackage.json"])
def test_verify_names_a_file_with_one_flipped_bit(released: Home, name: str):
    path = toy_home.latest_folder(released, NATIONAL) / name
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(bytes(data))
    report = verification.verify(path.parent)
    assert not report.ok
    assert report.problems == [f"bytes_changed: {path}"]


def test_verify_names_what_is_missing_what_is_too_much_and_a_changed_manifest(released: Home, tmp_path: Path):
    folder = toy_home.latest_folder(released, NATIONAL)
    (folder / "notes.en.md").unlink()
    (folder / "extra.txt").write_text("x")
    assert toy_home.refusal_codes(verification.verify(folder)) == ["file_missing", "file_unexpected"]
    manifest = folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    assert toy_home.refusal_codes(verification.verify(folder))[0] == "version_differs"
    manifest.write_bytes(b"[]")
    assert toy_home.refusal_codes(verification.verify(folder)) == ["manifest_unreadable"]
    assert toy_home.refusal_codes(verification.verify(tmp_path)) == ["manifest_missing"]


def test_verify_refuses_a_verdict_about_other_bytes_even_if_the_manifest_lists_it(released: Home, tmp_path: Path):
    copy = tmp_path / "forged"
    shutil.copytree(toy_home.latest_folder(released, NATIONAL), copy)
    other = (toy_home.latest_folder(released, GOVERNORATE) / "verdict.json").read_bytes()
    manifest = json.loads((copy / "manifest.json").read_bytes())
    manifest["files"]["verdict.json"] = write_bytes(copy / "verdict.json", other)
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert toy_home.refusal_codes(verification.verify(copy)) == ["verdict_differs"]


class Killed(Exception):  # noqa: N818 - an event, not an error
    """Stands for a process that is killed."""


def _kill(*_arguments: object) -> None:
    raise Killed


@pytest.mark.parametrize("step", ["write_folder", "append", "point"])
def test_a_killed_release_leaves_nothing_half_released_and_the_next_one_goes_on(
    protected: Home, monkeypatch: pytest.MonkeyPatch, step: str
):
    verdicts.examine(protected, NATIONAL)
    with monkeypatch.context() as patch:
        patch.setattr(ledger if step == "append" else release, step, _kill)
        with pytest.raises(Killed):
            release.publish(protected, NATIONAL, VOICES)
    assert release_listing.latest(protected, NATIONAL) is None
    assert release_listing.listing(protected) == []
    is_published = step == "point"
    assert len(ledger.entries(protected)) == is_published
    again = release.publish(protected, NATIONAL, VOICES)
    assert (again is None) == is_published  # published, and only the pointer was behind
    folder = toy_home.latest_folder(protected, NATIONAL)
    assert verification.verify(folder).ok
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == [folder.name]
    assert len(ledger.entries(protected)) == 1


def test_a_release_killed_while_its_folder_is_written_is_swept(examined: Home, monkeypatch: pytest.MonkeyPatch):
    written: list[Path] = []

    def write_two_then_die(path: Path, data: bytes, *, mode: int | None = None) -> str:
        if path.parent.name.startswith(".") and len(written) == 2:
            raise Killed
        if path.parent.name.startswith("."):
            written.append(path)
        return write_bytes(path, data, mode=mode)

    with monkeypatch.context() as patch:
        patch.setattr("ingestion.home.write_bytes", write_two_then_die)
        with pytest.raises(Killed):
            release.publish(examined, NATIONAL, VOICES)
    assert written[0].exists()
    assert release.publish(examined, NATIONAL, VOICES) is not None
    assert not written[0].parent.exists()


def test_without_its_ledger_a_home_releases_nothing_and_loses_nothing(released: Home):
    folder = toy_home.latest_folder(released, NATIONAL)
    (released.ledger / "log.jsonl").unlink()
    with pytest.raises(Refusal) as refusal:
        release.publish(released, NATIONAL, VOICES)
    assert refusal.value.code == "ledger_broken"
    assert verification.verify(folder).ok


def test_a_line_taken_out_of_the_ledger_is_noticed(released: Home):
    log = released.ledger / "log.jsonl"
    log.write_text(log.read_text().split("\n", 1)[1])
    with pytest.raises(Refusal) as refusal:
        ledger.entries(released)
    assert (refusal.value.code, refusal.value.arguments["line"]) == ("ledger_broken", 1)


def test_the_ledger_holds_every_cell_that_was_published(released: Home):
    cells = ledger.read_published_cells(released, ledger.entries(released))
    for dataset in (NATIONAL, GOVERNORATE):
        own = cells[cells["dataset"] == dataset]
        table = pd.read_parquet(toy_home.latest_folder(released, dataset) / "data.parquet")
        assert keys_of(own).equals(keys_of(table))


def _cut_ledger(home: Home, lines: int) -> None:
    """Lose the last lines of the log, and set the pointers back as a careless restore would."""
    entries = ledger.entries(home)
    log = home.ledger / "log.jsonl"
    log.write_text("".join(entry.line + "\n" for entry in entries[: len(entries) - lines]))
    for folder in home.releases.iterdir():
        (folder / "latest").unlink()


def test_two_versions_that_the_ledger_does_not_know_are_not_drafts_and_stay(released: Home):
    _cut_ledger(released, 2)
    before = sorted(path for path in released.root.rglob("*") if path.is_file())
    with pytest.raises(Refusal) as refusal:
        release.sweep(released)
    assert refusal.value.code == "ledger_broken"
    assert sorted(path for path in released.root.rglob("*") if path.is_file()) == before


def test_a_version_that_is_not_the_next_one_is_no_draft_and_stays(released: Home):
    lost = released.releases / NATIONAL / "000007-0123456789ab"
    shutil.copytree(toy_home.latest_folder(released, NATIONAL), lost)
    draft = released.releases / GOVERNORATE / ".000002-0123456789ab.1.tmp"
    draft.mkdir()
    with pytest.raises(Refusal) as refusal:
        release.sweep(released)
    assert (refusal.value.code, refusal.value.where) == ("ledger_broken", f"{NATIONAL}/{lost.name}")
    assert lost.is_dir()
    assert draft.is_dir()


def test_a_single_draft_of_the_next_version_is_swept_with_what_it_left_elsewhere(released: Home):
    draft = "000002-0123456789ab"
    shutil.copytree(toy_home.latest_folder(released, NATIONAL), released.releases / NATIONAL / draft)
    hidden = released.releases / GOVERNORATE / ".000002-0123456789ab.1.tmp"
    hidden.mkdir()
    left = [room / NATIONAL / f"{draft}.parquet" for room in (released.lineage, released.ledger / "sealed")]
    for path in left:
        path.write_bytes(b"x")
    release.sweep(released)
    assert not any(path.exists() for path in [*left, hidden, released.releases / NATIONAL / draft])
    assert verification.verify(toy_home.latest_folder(released, NATIONAL)).ok


@pytest.mark.parametrize("text", ["{", "[]", '{"order": 3}'])
def test_a_line_of_the_ledger_that_is_no_entry_is_noticed(released: Home, text: str):
    log = released.ledger / "log.jsonl"
    log.write_text(log.read_text() + text + "\n")
    with pytest.raises(Refusal) as refusal:
        ledger.entries(released)
    assert (refusal.value.code, refusal.value.arguments["line"]) == ("ledger_broken", 3)


@pytest.mark.parametrize("cut", [1, 40])
def test_a_torn_line_of_the_ledger_is_noticed(released: Home, cut: int):
    log = released.ledger / "log.jsonl"
    log.write_text(log.read_text()[:-cut])
    with pytest.raises(Refusal) as refusal:
        ledger.entries(released)
    assert (refusal.value.code, refusal.value.arguments["line"]) == ("ledger_broken", 2)
