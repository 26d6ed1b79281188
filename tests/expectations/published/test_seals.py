"""Files that are edited together: neither a verdict nor what protection said is believed without its seal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import csv_bytes, parquet_bytes, read_parquet
from expectations.gate import stored_verdict, verdicts
from expectations.protection import protect_datasets
from expectations.published import ledger
from expectations.releases import release
from ingestion.home import Home, sha256_of_bytes, write_bytes
from ingestion.seals import ENDING, read_sealed, write_sealed
from languages.refusal import Refusal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
VOICES = [toy_home.plain_voice(tag) for tag in ("en", "ar")]


def _plainly(_home: Home, path: Path, data: bytes) -> None:
    """What an editor of files does."""
    path.write_bytes(data)


def _edit(home: Home, write: Callable[[Home, Path, bytes], object], **contents: bytes) -> None:
    """Put other final bytes in place and name them in the verdict and in the report of protection."""
    folder, verdict = home.candidates / NATIONAL / "final", stored_verdict.verdict_path(home, NATIONAL)
    files = {name: (folder / name).read_bytes() for name in protect_datasets.FINAL_FILES}
    files |= {f"data.{ending}": data for ending, data in contents.items()}
    hashes = {name: sha256_of_bytes(data) for name, data in files.items()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    report = home.candidates / "protection.json"
    said = json.loads(report.read_bytes())
    said["files"][NATIONAL] = hashes
    write(home, report, json.dumps(said).encode())
    write(home, verdict, json.dumps(json.loads(verdict.read_bytes()) | {"files": hashes}).encode())


def _with_a_three(home: Home) -> dict[str, bytes]:
    final = _final(home)
    row = final.index[final["disclosure_method"] == "ROUNDED_5"][0]
    final.loc[row, "obs_value"] = 3.0
    return {"parquet": parquet_bytes(final), "csv": csv_bytes(final)}


def _final(home: Home) -> pd.DataFrame:
    return read_parquet(protect_datasets.final_bytes(home, NATIONAL)["data.parquet"])


def _refused(home: Home) -> str:
    with pytest.raises(Refusal) as refusal:
        release.publish(home, NATIONAL, VOICES)
    assert not list(home.releases.rglob("data.parquet"))
    return refusal.value.code


def test_three_files_edited_together_release_nothing(examined: Home):
    _edit(examined, _plainly, **_with_a_three(examined))
    assert _refused(examined) == "seal_broken"


def test_a_three_that_is_marked_as_rounded_does_not_leave_even_under_seals(examined: Home):
    _edit(examined, write_sealed, **_with_a_three(examined))
    assert _refused(examined) == "rounding_broken"


def test_a_csv_that_says_something_else_than_the_parquet_does_not_leave_even_under_seals(examined: Home):
    csv = protect_datasets.final_bytes(examined, NATIONAL)["data.csv"]
    _edit(examined, write_sealed, csv=csv.replace(b"ROUNDED_5", b"ROUNDED_6", 1))
    assert _refused(examined) == "files_disagree"


def test_a_verdict_for_bytes_that_protection_did_not_make_releases_nothing(examined: Home):
    report = examined.candidates / "protection.json"
    before = report.read_bytes()
    final = _final(examined)
    final.loc[final.index[final["disclosure_method"] == "ROUNDED_5"][0], "obs_value"] += 5
    _edit(examined, write_sealed, parquet=parquet_bytes(final), csv=csv_bytes(final))
    write_sealed(examined, report, before)
    assert _refused(examined) == "bytes_changed"


@pytest.mark.parametrize("name", [f"verdicts/{NATIONAL}.json", "candidates/protection.json"])
@pytest.mark.parametrize("harm", ["edited", "seal gone", "seal of another", "seal empty"])
def test_a_seal_that_does_not_hold_releases_nothing_and_the_next_examination_mends_it(
    examined: Home, name: str, harm: str
):
    path = examined.root / name
    seal = path.with_name(path.name + ENDING)
    if harm == "edited":
        path.write_bytes(path.read_bytes() + b"\n")
    elif harm == "seal gone":
        seal.unlink()
    else:
        other = stored_verdict.verdict_path(examined, GOVERNORATE)
        seal.write_bytes(b"" if harm == "seal empty" else other.with_name(other.name + ENDING).read_bytes())
    assert _refused(examined) == "seal_broken"
    protect_datasets.protect(examined)
    verdicts.examine(examined, NATIONAL)
    assert release.publish(examined, NATIONAL, VOICES) is not None


def test_the_seal_of_one_verdict_is_none_on_another(protected: Home):
    verdicts.examine(protected, NATIONAL)
    own, other = (stored_verdict.verdict_path(protected, dataset) for dataset in (NATIONAL, GOVERNORATE))
    for end in ("", ENDING):
        (other.parent / (other.name + end)).write_bytes((own.parent / (own.name + end)).read_bytes())
    with pytest.raises(Refusal) as refusal:
        read_sealed(protected, other)
    assert refusal.value.code == "seal_broken"
    assert stored_verdict.last_verdict(protected, GOVERNORATE) is None


def test_a_seal_hangs_on_a_key_of_its_own_and_no_released_byte_on_it(toy_real: Path, tmp_path: Path):
    homes = [Home(toy_real), Home(tmp_path / "two").open()]
    write_bytes(homes[1].root / "keys" / "series.key", (homes[0].root / "keys" / "series.key").read_bytes())
    toy_home.publish(toy_home.build(homes[1]))
    assert homes[0].seal_key not in (homes[1].seal_key, homes[0].series_key)
    versions = [[entry.version for entry in ledger.entries(home)] for home in homes]
    assert versions[0] == versions[1] != []
    seals = [(home.verdicts / f"{NATIONAL}.json{ENDING}").read_bytes() for home in homes]
    assert seals[0] != seals[1]
