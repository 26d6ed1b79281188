"""Attack 30, on ourselves: publish one hidden cell or drop one row of the ledger, and the gate turns red.

For each kind of row: exact, rounded, withheld, derived, earlier vintage, external. A gate that never turns red proves
nothing; each test here first sees it green.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards.cells import COUNTED, KEY, csv_bytes, find_matches, keys_of, parquet_bytes, read_parquet
from expectations.gate import verdicts
from expectations.protection import protect_datasets
from expectations.published import ledger
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from methods.disclosure.auditing.audit import AuditQuestion, audit, published_bounds
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from methods.disclosure.table_model import TableModel, build_model
from tests.expectations import toy_home
from tests.methods.disclosure.invented_tables import crossed, frame

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


def _final(home: Home, dataset: str) -> pd.DataFrame:
    return read_parquet(protect_datasets.final_bytes(home, dataset)["data.parquet"])


def _broken(home: Home, dataset: str, mutated: pd.DataFrame) -> set[str]:
    """The broken rules after other bytes were put where the final ones were."""
    folder = home.candidates / dataset / "final"
    write_bytes(folder / "data.parquet", parquet_bytes(mutated))
    write_bytes(folder / "data.csv", csv_bytes(mutated))
    return {rule.id for rule in verdicts.examine(home, dataset).broken}


def _small(home: Home) -> pd.Series:
    """A true count of persons of 1 to 4 in a governorate."""
    true = candidate.read_cells(home, GOVERNORATE)
    return true[true["obs_value"].between(1, 4) & true["measure"].isin(COUNTED)].iloc[0]


@pytest.fixture(scope="session")
def _men(toy_men: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A released home in which the form table must be withheld."""
    home = Home(shutil.copytree(toy_men, tmp_path_factory.mktemp("men") / "home"))
    toy_home.publish(home)
    return home


@pytest.fixture
def men(_men: Home, tmp_path: Path) -> Home:
    shutil.copytree(_men.root, tmp_path / "men")
    return Home(tmp_path / "men")


def test_an_exact_row_one_hidden_count_published_as_it_is(protected: Home):
    final, small = _final(protected, GOVERNORATE), _small(protected)
    assert _broken(protected, GOVERNORATE, final) == set()
    final.loc[find_matches(final, {name: small[name] for name in KEY}), ["obs_value", "disclosure_method"]] = [
        small["obs_value"],
        "EXACT_11",
    ]
    assert {"disclosure_audit", "exact_is_large_enough"} <= _broken(protected, GOVERNORATE, final)


def test_a_rounded_row_one_hidden_count_published_in_its_place(protected: Home):
    final, small = _final(protected, GOVERNORATE), _small(protected)
    final.loc[find_matches(final, {name: small[name] for name in KEY}), "obs_value"] = small["obs_value"]
    assert "rounded_to_base" in _broken(protected, GOVERNORATE, final)


def test_a_rounded_row_rounded_again_though_nothing_changed(released: Home):
    """What a changed key would do: legal, additive and within the base, but not what was printed before."""
    toy_home.build(released)
    final = _final(released, GOVERNORATE)
    assert _broken(released, GOVERNORATE, final) == set()
    true = candidate.read_cells(released, GOVERNORATE)
    counts = pd.Series(true["obs_value"].to_numpy(), index=keys_of(true)).reindex(keys_of(final)).to_numpy()
    between = (final["disclosure_method"] == "ROUNDED_5").to_numpy() & (counts % 5 != 0)
    down, up = np.floor(counts / 5) * 5, np.ceil(counts / 5) * 5
    row = int(np.flatnonzero(between)[0])
    final.loc[row, "obs_value"] = up[row] if final.loc[row, "obs_value"] == down[row] else down[row]
    assert "roundings_cannot_be_joined" in _broken(released, GOVERNORATE, final)


def test_a_withheld_row_published_after_all(men: Home):
    final = _final(men, NATIONAL)
    assert _broken(men, NATIONAL, final) == set()
    withheld = final["disclosure_method"] == "WITHHELD"
    row = final.index[withheld & find_matches(final, {"form": "SEXUAL", "ref_area": "IQ-FED", "age": "_T"})][0]
    true = candidate.read_cells(men, NATIONAL)
    count = true[find_matches(true, {name: final.loc[row, name] for name in KEY})]["obs_value"].iloc[0]
    final.loc[row, ["obs_value", "obs_status", "disclosure_method"]] = [np.round(count / 5) * 5, "A", "ROUNDED_5"]
    assert "disclosure_audit" in _broken(men, NATIONAL, final)


def test_a_withheld_row_with_a_mark_of_its_own(men: Home):
    final = _final(men, NATIONAL)
    row = final.index[final["disclosure_method"] == "WITHHELD"][0]
    final.loc[row, "disclosure_method"] = "SMALL"
    assert {"one_mark_for_hidden", "methods_are_known"} <= _broken(men, NATIONAL, final)


def test_a_derived_row_one_hidden_share_published(protected: Home):
    final = _final(protected, GOVERNORATE)
    shares = final[(final["indicator"] == "PRT-03") & (final["measure"] == "SHARE")]
    row = shares.index[shares["obs_status"] == "Q"][0]
    final.loc[row, ["obs_value", "obs_status"]] = [0.317, "A"]
    assert {"derived_follow_printed", "derived_tell_nothing_more"} <= _broken(protected, GOVERNORATE, final)


def test_an_earlier_vintage_late_cases_published_in_a_held_year(released: Home):
    country = toy_home.Country()
    country.add(3, sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(released, country)
    final = _final(released, NATIONAL)
    assert _broken(released, NATIONAL, final) == set()
    exact = (final["disclosure_method"] == "EXACT_11") & (final["time_period"] == "2023")
    late = exact & find_matches(final, {"indicator": "PRT-01", "sex": "F", "ref_area": "IQ-FED"})
    assert late.any()
    final.loc[late, "obs_value"] += 3
    assert "values_follow_the_candidate" in _broken(released, NATIONAL, final)


def test_a_half_year_beside_its_year(protected: Home):
    final = _final(protected, GOVERNORATE)
    half = final[final["obs_value"].notna()].iloc[:1].assign(time_period="2023-S1")
    mutated = pd.concat([final, half], ignore_index=True)
    assert "periods_do_not_overlap" in _broken(protected, GOVERNORATE, mutated)


def _drop(home: Home, room: Path, entry: ledger.LedgerEntry, method: str | None) -> None:
    path = room / entry.dataset / f"{entry.version}.parquet"
    rows = read_parquet(path.read_bytes())
    chosen = rows.index[rows["disclosure_method"] == method] if method else rows.index
    assert len(chosen)
    path.chmod(0o600)
    path.write_bytes(parquet_bytes(rows.drop(index=chosen[0])))


@pytest.mark.parametrize(
    ("dataset", "method"),
    [(NATIONAL, "EXACT_11"), (NATIONAL, "ROUNDED_5"), (GOVERNORATE, "DERIVED"), (GOVERNORATE, "NONE")],
)
def test_a_row_of_each_kind_dropped_from_the_ledger_is_noticed(released: Home, dataset: str, method: str):
    assert verdicts.examine(released, dataset).passed
    _drop(released, released.ledger / "published", ledger.entries(released, dataset)[-1], method)
    with pytest.raises(Refusal) as refused:
        verdicts.examine(released, dataset)
    assert refused.value.code == "bytes_changed"


def test_a_withheld_row_dropped_from_the_ledger_is_noticed(men: Home):
    _drop(men, men.ledger / "published", ledger.entries(men, NATIONAL)[-1], "WITHHELD")
    with pytest.raises(Refusal) as refused:
        verdicts.examine(men, NATIONAL)
    assert refused.value.code == "bytes_changed"


def test_a_sealed_row_dropped_from_the_ledger_is_noticed(released: Home):
    _drop(released, released.ledger / "sealed", ledger.entries(released, NATIONAL)[-1], None)
    with pytest.raises(Refusal) as refused:
        verdicts.examine(released, NATIONAL)
    assert refused.value.code == "bytes_changed"


COUNT, REGION = "PRT-01/COUNT", {"L1": ("R",), "L2": ("R",)}
WOMEN, MEN, ALL = ({"area": "L1", "sex": "F"}, {"area": "L1", "sex": "M"}, {"area": "L1"})
ELSEWHERE = {"area": "R"}


def _model(*rows: dict[str, str]) -> TableModel:
    cells = frame([{"measure": COUNT, **row} for row in rows])
    return build_model(crossed(COUNT, ("L1",), {"sex": ("F", "M")}), cells, [], ancestors=REGION, merged={})


def _known(*values: float | None, method: str = "EXACT_11") -> CellBounds:
    printed = np.array([np.nan if value is None else value for value in values], dtype=float)
    return published_bounds(printed, ["HIDDEN" if value is None else method for value in values])


# Rows of the ledger by kind: what is printed here (men are hidden), and the one row that gives them away.
_KINDS = {
    "exact": ((WOMEN, MEN), _known(7, None), (ALL,), _known(9), False),
    "rounded": ((WOMEN, MEN), _known(8, None), (ALL,), _known(5, method="ROUNDED_5"), False),
    "earlier vintage": ((ALL, MEN), _known(9, None), (WOMEN, ALL), _known(7, 8), True),
    "external": ((WOMEN, MEN), _known(7, None), (ELSEWHERE,), _known(9), False),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_the_audit_is_red_with_a_row_of_each_kind_and_blind_without_it(kind: str):
    rows, bounds, told, told_bounds, is_earlier = _KINDS[kind]
    asked = np.array([row == MEN for row in rows])
    without = audit(Vintage(_model(*rows), bounds), AuditQuestion(sensitive=asked))
    assert without.passed
    if is_earlier:
        with_row = audit(
            Vintage(_model(*rows), bounds),
            AuditQuestion(sensitive=asked, earlier=[Vintage(_model(*told), told_bounds)]),
        )
    else:
        joined = CellBounds(np.append(bounds.lower, told_bounds.lower), np.append(bounds.upper, told_bounds.upper))
        with_row = audit(Vintage(_model(*rows, *told), joined), AuditQuestion(sensitive=np.append(asked, False)))
    assert not with_row.passed
