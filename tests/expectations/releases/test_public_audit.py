"""A stranger audits a release from its folder alone."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expectations.cards.cells import KEY, csv_bytes, parquet_bytes, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.protection import constraint_systems, protect_datasets
from expectations.protection.constraint_systems import block_years
from expectations.published import ledger
from expectations.releases import public_audit, public_constraints, release_listing, verification
from expectations.releases.public_audit import audit_release
from ingestion.home import Home, sha256_of_bytes, write_json
from languages.refusal import Refusal
from methods.disclosure.auditing.audit import AuditQuestion, AuditReport, audit
from methods.disclosure.auditing.vintages import Vintage
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


def _outside(home: Home, target: Path) -> Path:
    """What a stranger has: the released folders, elsewhere; the folder of the newest national release in them."""
    shutil.copytree(home.releases, target / "copied")
    newest = release_listing.latest(home, NATIONAL)
    assert newest is not None
    return target / "copied" / NATIONAL / newest.version


def printed_of(home: Home) -> pd.DataFrame:
    finals = [protect_datasets.final_bytes(home, name)["data.parquet"] for name in (GOVERNORATE, NATIONAL)]
    return pd.concat([read_parquet(data) for data in finals], ignore_index=True)


def test_a_release_passes_the_audit_of_a_stranger_who_has_nothing_but_the_folders(released: Home, tmp_path: Path):
    told: list[tuple[int, int, float]] = []
    answer = audit_release(_outside(released, tmp_path), lambda *way: told.append(way))
    assert answer.ok
    assert [done for done, _, _ in told] == list(range(1, told[0][1] + 1))
    assert told[-1][2] == 1 and all(one[2] < other[2] for one, other in pairwise(told))
    assert answer.missing == ()
    assert {year.year for year in answer.years} == {"2023", "2024"}
    asked = sum(year.asked for year in answer.years)
    assert 0 < asked < sum(year.cells for year in answer.years)
    assert "coordinates" not in json.dumps(answer.content())


def test_a_sample_asks_the_newest_year_first_and_says_how_much_is_left(released: Home, tmp_path: Path):
    folder = _outside(released, tmp_path)
    whole, sample = audit_release(folder), audit_release(folder, within=0.0)
    assert (len(sample.years), sample.left) == (1, len(whole.years) - 1)
    assert sample.years[0].year == "2024" and sample.years[0] in whole.years
    assert (whole.left, sample.content()["left"]) == (0, sample.left)
    assert audit_release(folder, within=3600.0).left == 0


def test_the_system_in_the_manifest_is_the_one_that_the_gate_audits(
    released: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The very same matrix, relations and bounds, so every interval is the same; and so is the report about them."""
    seen: list[tuple[Vintage, AuditQuestion]] = []

    def remembered(now: Vintage, question: AuditQuestion) -> AuditReport:
        seen.append((now, question))
        return audit(now, question)

    monkeypatch.setattr(public_audit, "audit", remembered)
    audit_release(_outside(released, tmp_path))
    inside = list(
        block_years(protect_datasets.pending_base(released), printed_of(released), Scheme.read_scheme(released))
    )
    assert len(inside) == len(seen) == 4
    for block_year, (now, question) in zip(inside, seen, strict=True):
        own = constraint_systems.bounds_of_vintage(block_year.cells, None)
        assert (block_year.model.matrix != now.model.matrix).nnz == 0
        assert (block_year.model.links != now.model.links).nnz == 0
        assert np.array_equal(own.lower, now.bounds.lower)
        assert np.array_equal(own.upper, now.bounds.upper)
        true = block_year.true_cells
        is_small = (true >= 1) & (true < 5)
        assert question.sensitive[is_small].all()  # whatever the gate asks about, a stranger asks about too
        never = block_year.scheme.never_entries(block_year.block)
        ours = audit(Vintage(block_year.model, own), AuditQuestion(sensitive=is_small, minimum_values=3, never=never))
        theirs = audit(now, AuditQuestion(sensitive=is_small, minimum_values=3, never=question.never))
        assert ours == theirs


def test_the_base_of_the_manifest_is_the_base_of_the_house(released: Home):
    pending = protect_datasets.pending_base(released)
    rules = public_constraints.describe_system(Scheme.read_scheme(released), pending)
    measures = sorted({grid["measure"] for grid in rules["grids"]})
    found = pd.concat(
        [public_constraints.base_of(rules, measures, year) for year in public_constraints.years_of(rules)],
        ignore_index=True,
    )
    expected = pending[list(KEY)].sort_values(list(KEY)).reset_index(drop=True)
    pd.testing.assert_frame_equal(found.sort_values(list(KEY)).reset_index(drop=True), expected, check_dtype=False)


def _with_data(folder: Path, frame: pd.DataFrame) -> None:
    """Replace the data of a copied folder, as if it had been released so."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name, data in {"data.parquet": parquet_bytes(frame), "data.csv": csv_bytes(frame)}.items():
        (folder / name).write_bytes(data)
        manifest["files"][name] = sha256_of_bytes(data)
    write_json(folder / "manifest.json", manifest)


def test_a_stranger_sees_that_a_small_figure_was_printed_exactly(released: Home, tmp_path: Path):
    folder = _outside(released, tmp_path)
    frame = read_parquet((folder / "data.parquet").read_bytes())
    rounded = frame[frame["disclosure_method"].str.startswith("ROUNDED") & (frame["obs_value"] == 5)]
    frame.loc[rounded.index[0], ["obs_value", "disclosure_method"]] = [3, "EXACT_11"]
    _with_data(folder, frame)
    answer = audit_release(folder)
    assert (answer.ok, sum(year.narrow for year in answer.years) > 0) == (False, True)


def test_late_cases_between_two_issues_are_asked_about(released: Home, tmp_path: Path):
    country = toy_home.Country()
    country.add(40, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(released, country)
    toy_home.publish(released)
    folder = _outside(released, tmp_path)
    answer = audit_release(folder)
    assert answer.ok
    assert {year.year for year in answer.years if year.vintages} == {"2024"}
    first = ledger.entries(released, NATIONAL)[0].version
    shutil.rmtree(folder.parent / first)
    assert audit_release(folder).missing == (f"{NATIONAL}/{first}",)


def test_what_lies_not_beside_the_folder_is_named(released: Home, tmp_path: Path):
    alone = tmp_path / "alone" / NATIONAL / "copy"
    shutil.copytree(_outside(released, tmp_path), alone)
    answer = audit_release(alone)
    governorate = ledger.entries(released, GOVERNORATE)[0].version
    assert answer.missing == (GOVERNORATE, f"{GOVERNORATE}/{governorate}")
    assert answer.ok


@pytest.mark.parametrize("version", [3, 5])
def test_a_release_of_another_format_is_refused(released: Home, tmp_path: Path, version: int):
    folder = _outside(released, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    write_json(folder / "manifest.json", manifest | {"format": version})
    other = folder.rename(folder.with_name("other"))
    assert [refusal.code for refusal in verification.verify(other).refusals] == ["manifest_other_format"]
    with pytest.raises(Refusal, match="manifest_other_format"):
        audit_release(other)


@pytest.mark.parametrize("forged", [{"relations": [{"breaks": 1}]}, {"units": []}, {"areas": 7}, {"merge": [[]]}])
def test_a_system_that_is_none_is_damage_though_its_hashes_hold(
    released: Home, tmp_path: Path, forged: dict[str, object]
):
    folder = _outside(released, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["system"] |= forged
    write_json(folder / "manifest.json", manifest)
    with pytest.raises(Refusal, match="bytes_changed"):
        audit_release(folder)


def test_a_figure_that_is_told_closely_and_may_be_none_is_counted_as_near(released: Home, tmp_path: Path):
    folder = _outside(released, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["system"]["audit"]["minimum_values"] = 9  # a box of a rounded 0 holds five values, of a 5 nine
    write_json(folder / "manifest.json", manifest)
    answer = audit_release(folder)
    assert sum(year.near for year in answer.years) > 0
    assert (answer.ok, sum(year.narrow for year in answer.years)) == (True, 0)


def test_an_audit_about_nothing_does_not_pass():
    assert not public_audit.PublicAudit((), ()).ok


def test_a_grid_with_a_hole_is_not_described():
    frame = pd.DataFrame(
        [("PRT-01", "COUNT", "IQG08", "2024", sex, age, *["_T"] * 5) for sex, age in ["FX", "FY", "MX"]],
        columns=list(KEY),
    )
    with pytest.raises(ValueError, match="no full grid"):
        list(public_constraints._grids(frame))  # pyright: ignore[reportPrivateUsage]
