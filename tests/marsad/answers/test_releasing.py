"""Release, withdraw, correct, verify: the whole way by the commands a person types."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assets import stages
from expectations.published import ledger, report_versions
from expectations.published.report_versions import ReportVersion
from ingestion.home import Home, sha256_of, write_json
from ingestion.keeping.backup import back_up
from ingestion.people import acts
from ingestion.submissions import receipts
from languages.words import Words, languages
from marsad.answers import release_list
from marsad.answers.withdrawals import withdrawn_release
from samples.invented_people import PREPARER
from tests import signing
from tests.expectations import toy_home
from tests.ingestion.keeping.small_homes import key_files

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
REASON = ("--reason", "one file was counted twice")
SIGNED = (*REASON, "--by", "Secretariat, statistics section", "--as", PREPARER)
Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(toy_released: Path, tmp_path: Path) -> Home:
    home = Home(shutil.copytree(toy_released, tmp_path / "home"))
    receipts.append(home, toy_home.receipt())
    signing.found(home)
    _remember(home)
    return home


def _remember(home: Home) -> None:
    """Let the home know what was built, as `marsad build` does."""
    stages.record_stages(home, stages.STAGE_NAMES, stages.hashes_before_run(home))


@pytest.fixture
def marsad(home: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return typed


def _folder(home: Home, dataset: str = NATIONAL) -> Path:
    return home.releases / dataset / ledger.entries(home, dataset)[-1].version


def test_a_release_is_withdrawn_corrected_and_verified(marsad: Marsad, home: Home, tmp_path: Path):
    first = _folder(home)
    backup = back_up(home, tmp_path / "disk", key_files(tmp_path / "keys").public)
    code, out, _ = marsad("releases", "withdraw", NATIONAL, first.name, *SIGNED, "--json")
    told = json.loads(out)
    assert (code, (first / "data.csv").exists()) == (0, True)  # an act alone changes nothing
    signing.sign_act(home, home.acts / told["act"])
    withdrawn = withdrawn_release(home, NATIONAL, first.name)
    assert (withdrawn.line.version, [*withdrawn.pages]) == (first.name, [])
    assert [copy.snapshot for copy in withdrawn.backups] == [backup.snapshot]
    code, out, _ = marsad("releases", "--json")
    assert {one["dataset"]: one["verdict"] for one in json.loads(out)} == {NATIONAL: "withdrawn", GOVERNORATE: "passed"}
    assert marsad("verify", str(first), "--json")[0] == 0
    country = toy_home.Country()
    country.add(40, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(home, country)
    toy_home.publish(home)
    corrected = _folder(home)
    code, out, _ = marsad("verify", str(corrected), "--audit", "--json")
    answer = json.loads(out)
    assert (code, answer["ok"], answer["withdrawn"]) == (0, True, "")
    assert answer["audit"]["missing"] == [f"{NATIONAL}/{first.name}"]  # withdrawn: its figures are not handed out
    assert answer["audit"]["narrow"] == 0 < answer["audit"]["asked"]
    code, out, _ = marsad("releases", "--json")
    assert {one["verdict"] for one in json.loads(out)} == {"passed"}
    _remember(home)
    code, out, _ = marsad("doctor")
    assert code == 0, out


def test_the_answers_for_people_say_what_to_do(marsad: Marsad, home: Home, tmp_path: Path):
    folder = _folder(home)
    versions = [ReportVersion(NATIONAL, folder.name)]
    page = home.reports / report_versions.number("2024", versions) / "en" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_bytes(b"<p>")
    report_versions.write(page.parents[1], "2024", versions)
    code, out, _ = marsad("verify", str(folder), "--audit")
    assert code == 0
    assert "Audited from outside: 160 figures" in out
    assert marsad("--language", "ar", "releases", "withdraw", NATIONAL, folder.name, *SIGNED)[0] == 0
    (act,) = acts.pending(home)
    signatures = signing.signatures_of(home, act)
    for place, signature in enumerate(signatures):
        (tmp_path / f"{place}.sig").write_bytes(signature)
    assert marsad("sign", "--signature", tmp_path / "0.sig")[0] == 0
    code, out, _ = marsad("--language", "ar", "sign", "--signature", tmp_path / "1.sig")
    assert (code, "سُحب" in out, str(page) in out) == (0, True, True)
    code, out, _ = marsad("verify", str(folder))
    assert (code, "The tombstone is whole." in out) == (0, True)
    code, out, _ = marsad("releases")
    assert (code, "withdrawn" in out) == (0, True)
    code, _, err = marsad("releases", "withdraw", NATIONAL, folder.name, *SIGNED)
    assert (code, "version_withdrawn" in err) == (1, True)


def test_a_folder_that_tells_too_much_is_not_ok_from_outside(
    marsad: Marsad, home: Home, monkeypatch: pytest.MonkeyPatch
):
    folder = _folder(home)
    (folder.parent.parent / GOVERNORATE).rename(home.root / "elsewhere")
    code, out, _ = marsad("verify", str(folder), "--audit")
    assert (code, f"left out: {GOVERNORATE}" in out) == (0, True)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["system"]["audit"] |= {"minimum_values": 50, "small_under": 50}
    copy = home.root / "a copy"
    shutil.copytree(folder, copy)
    (copy / "manifest.json").write_text(json.dumps(manifest))
    code, out, _ = marsad("verify", str(copy), "--audit")
    assert (code, "Too few values are possible" in out) == (1, True)


def test_the_doctor_notices_another_key(marsad: Marsad, home: Home):
    (home.keys / "series.key").write_text("ab" * 32)
    code, out, _ = marsad("doctor", "--json")
    found = [(one["code"], one["cure"]) for one in json.loads(out)["problems"] if one["code"] != "rights_wrong"]
    assert (code, found) == (1, [("series_key_changed", "restore")])  # a copy is too open where nothing set the umask


def test_a_report_is_held_to_its_number_and_the_versions_behind_it_are_told(marsad: Marsad, home: Home):
    versions = (ReportVersion(NATIONAL, _folder(home).name), ReportVersion("nowcast", "000001-0123456789ab"))
    folder = home.reports / report_versions.number("2024", versions)
    report_versions.write(folder, "2024", versions)
    code, out, _ = marsad("verify", str(folder))
    assert (code, [f"{one.dataset} {one.version}" in out for one in versions]) == (0, [True, True])
    page = folder / "en" / "index.html"
    page.parent.mkdir()
    page.write_bytes(b"<p>")
    named = ("en/index.html", report_versions.FILE)
    write_json(folder / report_versions.RECORD, {"files": {name: sha256_of(folder / name) for name in named}})
    assert json.loads(marsad("verify", str(folder), "--json")[1])["published"]
    page.write_bytes(b"<p>Changed.")
    code, out, _ = marsad("verify", str(folder))
    assert (code, "not as it went out" in out) == (1, True)
    other = folder.rename(home.reports / "2024-00000000")
    code, out, _ = marsad("verify", str(other), "--json")
    assert (code, [one.partition(":")[0] for one in json.loads(out)["problems"]]) == (
        1,
        ["report_number_differs", "published_changed"],
    )


@pytest.mark.parametrize("tag", languages())
def test_an_estimate_without_a_figure_is_listed_as_refused_with_its_reasons(
    marsad: Marsad, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    reasons = {"IQ 2024": "not_carried", "IQ-KR 2024": "withdrawn"}
    entry = {
        "dataset": "hidden_part", "version": "000001-a", "verdict": "refused", "refused": reasons, "withdrawn": "",
        "sha256": "", "manifest_sha256": "", "rows": 0, "path": "",
    }  # fmt: skip
    monkeypatch.setattr(release_list, "listing_of_estimates", lambda _home: [entry])
    code, out, _ = marsad("--language", tag, "releases")
    told = Words.load(tag).text(
        "desk.estimate_refused", dataset="hidden_part", reasons="IQ 2024: not_carried, IQ-KR 2024: withdrawn"
    )
    assert (code, told in out) == (0, True)
    listed = json.loads(marsad("releases", "--json")[1])[-1]
    assert (listed["dataset"], listed["verdict"], listed["rows"], listed["refused"]) == (
        "hidden_part", "refused", 0, reasons
    )  # fmt: skip
