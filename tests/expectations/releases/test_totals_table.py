"""`totals.csv` says nothing that the data do not, in words; and every code of the data has its label."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from expectations.cards.cells import DIMENSIONS
from expectations.cards.codes import CODED
from expectations.cards.dataset_card import dataset_names, load_dataset
from expectations.gate.stored_verdict import Verdict
from expectations.releases.manifest_agreement import facts_that_differ
from expectations.releases.release_listing import latest
from expectations.releases.totals_table import code_label, codes_csv, read_rows, totals_csv
from ingestion.home import Home
from languages.words import Words, languages

NATIONAL = "four_ps_national"
HEAD = ("indicator", "measure", "ref_area", "time_period", *DIMENSIONS, "obs_value", "lower", "upper",
        "interval_method", "unit_measure", "obs_status", "disclosure_method")  # fmt: skip
SHARES = {"PRT-09": {"derived": {"SHARE": ["PRT-09/NUMERATOR", "PRT-09/DENOMINATOR"]}, "dimensions": ["sex"]}}


def folder_of(home: Home) -> Path:
    record = latest(home, NATIONAL)
    assert record is not None
    return record.path


def row(measure: str, value: str, method: str, *, sex: str = "_T", status: str = "A") -> dict[str, str]:
    plain = dict.fromkeys(HEAD, "_T") | dict.fromkeys(("lower", "upper", "interval_method"), "")
    place = {"indicator": "PRT-09", "measure": measure, "ref_area": "IQ-FED", "time_period": "2025", "sex": sex}
    return (
        plain
        | place
        | {"obs_value": value, "unit_measure": "VICTIM", "obs_status": status, "disclosure_method": method}
    )


def totals(*rows: dict[str, str], frozen: dict[str, list[str]] | None = None) -> dict[str, dict[str, str]]:
    """The rows of the table by measure, made of these rows of data."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, HEAD)
    writer.writeheader()
    writer.writerows(rows)
    table = totals_csv(sink.getvalue().encode(), SHARES, languages(), frozen or {})
    return {line["measure"]: dict(line) for line in read_rows(table)}


@pytest.mark.parametrize(
    ("value", "method", "lowest", "highest"),
    [
        ("0", "ROUNDED_5", "0", "4"),
        ("5", "ROUNDED_5", "1", "9"),
        ("25", "ROUNDED_5", "21", "29"),
        ("3", "ROUNDED_3", "1", "5"),
        ("25", "EXACT_11", "25", "25"),
        ("25", "NONE", "25", "25"),
        ("25", "PUBLISHED", "25", "25"),
        ("", "WITHHELD", "", ""),
        ("2.5", "DERIVED", "", ""),
    ],
)
def test_a_count_has_the_range_that_its_rounding_leaves(value: str, method: str, lowest: str, highest: str) -> None:
    line = totals(row("NUMERATOR", value, method, status="A" if value else "Q"))["NUMERATOR"]
    assert (line["rounding_lowest"], line["rounding_highest"]) == (lowest, highest)
    assert line["obs_value"] == value


@pytest.mark.parametrize(
    ("part", "whole", "range_"),
    [
        (("155", "ROUNDED_5"), ("240", "ROUNDED_5"), ("0.618", "0.674")),
        (("155", "ROUNDED_5"), ("155", "ROUNDED_5"), ("0.949", "1")),
        (("0", "ROUNDED_5"), ("240", "ROUNDED_5"), ("0", "0.017")),
        (("30", "NONE"), ("40", "NONE"), ("0.75", "0.75")),
        (("", "WITHHELD"), ("240", "ROUNDED_5"), ("", "")),
        (("0", "ROUNDED_5"), ("0", "ROUNDED_5"), ("", "")),
    ],
)
def test_a_share_has_the_range_that_the_rounding_of_both_counts_leaves(
    part: tuple[str, str], whole: tuple[str, str], range_: tuple[str, str]
) -> None:
    share = row("SHARE", "0.646", "DERIVED") | {"lower": "0.56", "upper": "0.73", "interval_method": "WILSON_95"}
    line = totals(row("NUMERATOR", *part), row("DENOMINATOR", *whole), share)["SHARE"]
    assert (line["rounding_lowest"], line["rounding_highest"]) == range_
    assert (line["interval_lower"], line["interval_upper"], line["interval_method"]) == ("0.56", "0.73", "WILSON_95")


def test_only_figures_over_all_categories_are_rows_and_what_nobody_reported_is_none() -> None:
    rows = (
        row("NUMERATOR", "5", "ROUNDED_5", sex="F"),
        row("COUNT", "", "NONE", status="O"),
        row("DENOMINATOR", "9", "NONE"),
    )
    assert list(totals(*rows)) == ["DENOMINATOR"]


def test_each_figure_of_the_table_stands_in_the_data_digit_for_digit(released: Home) -> None:
    folder = folder_of(released)
    data = {
        tuple(line[name] for name in ("indicator", "measure", "ref_area", "time_period")): line
        for line in csv.DictReader((folder / "data.csv").open(encoding="utf-8"))
        if all(line[name] == "_T" for name in DIMENSIONS) and line["obs_status"] != "O"
    }
    table = list(csv.DictReader((folder / "totals.csv").open(encoding="utf-8")))
    assert len(table) == len(data) > 10
    for line in table:
        own = data[line["indicator"], line["measure"], line["ref_area"], line["time_period"]]
        assert all(line[name] == own[name] for name in ("obs_value", "unit_measure", "obs_status", "disclosure_method"))
        assert [line["interval_lower"], line["interval_upper"]] == [own["lower"], own["upper"]]
        assert not own["disclosure_method"].startswith("EXACT") or line["rounding_lowest"] == own["obs_value"]


def test_verify_names_a_table_that_says_more_than_the_data(released: Home) -> None:
    folder = folder_of(released)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    verdict = Verdict.from_bytes((folder / "verdict.json").read_bytes())
    assert list(facts_that_differ(folder, manifest, verdict)) == []
    path = folder / "totals.csv"
    head, first, *rest = path.read_text(encoding="utf-8").split("\n")
    cells = first.split(",")
    cells[5] = "7"
    path.write_text("\n".join([head, ",".join(cells), *rest]), encoding="utf-8")
    assert list(facts_that_differ(folder, manifest, verdict)) == ["totals.csv"]
    path.unlink()
    assert list(facts_that_differ(folder, manifest, verdict)) == ["totals.csv"]


def test_every_code_of_a_release_is_labelled(released: Home) -> None:
    data = (folder_of(released) / "data.csv").read_bytes()
    table = list(read_rows(codes_csv(data, languages())))
    labelled = {(line["column"], line["code"]) for line in table}
    columns = {line["column"] for line in table}
    assert labelled == {(name, line[name]) for line in read_rows(data) for name in columns if line[name]}
    assert set(DIMENSIONS) | {"indicator", "measure", "ref_area", "unit_measure", "obs_status"} <= columns
    assert all(line[f"label_{tag}"].strip() for line in table for tag in languages())


@pytest.mark.parametrize("dataset", dataset_names())
@pytest.mark.parametrize("tag", languages())
def test_every_code_that_a_dataset_may_hold_has_a_label_in_every_language(dataset: str, tag: str) -> None:
    card, words = load_dataset(dataset), Words.load(tag)
    for column in (*CODED, "ref_area", "measure", "unit_measure", "disclosure_method"):
        for code in card.values_of(column):
            assert code_label(column, code, words)


@pytest.mark.parametrize(
    ("value", "method", "frozen", "standing", "lowest", "highest"),
    [
        ("379", "EXACT_11", {}, "exact", "379", "379"),
        ("379", "EXACT_11", {"2025": ["PRT-09"]}, "frozen", "369", "389"),
        ("380", "ROUNDED_5", {}, "rounded", "376", "384"),
        ("380", "ROUNDED_5", {"2025": ["PRT-09"]}, "frozen", "366", "394"),
        ("380", "ROUNDED_5", {"2024": ["PRT-09"], "2025": ["PRT-08"]}, "rounded", "376", "384"),
        ("", "NONE", {"2025": ["PRT-09"]}, "", "", ""),
    ],
)
def test_a_total_says_whether_it_is_exact_rounded_or_frozen_and_a_frozen_one_may_lack_late_cases(
    value: str, method: str, frozen: dict[str, list[str]], standing: str, lowest: str, highest: str
):
    line = totals(row("NUMERATOR", value, method, status="A" if value else "Q"), frozen=frozen)["NUMERATOR"]
    assert (line["standing"], line["rounding_lowest"], line["rounding_highest"]) == (standing, lowest, highest)


def test_a_share_stands_as_the_least_sure_of_its_counts():
    counts = (row("NUMERATOR", "25", "ROUNDED_5"), row("DENOMINATOR", "60", "EXACT_11"))
    share = row("SHARE", "0.417", "DERIVED")
    assert totals(*counts, share)["SHARE"]["standing"] == "rounded"
    assert totals(*counts, share, frozen={"2025": ["PRT-09"]})["SHARE"]["standing"] == "frozen"
