"""All forms of a report say the same, and none of them more than the releases: pages, PDF, workbook, explorer."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from expectations.cards.cells import read_parquet
from expectations.cards.dataset_card import dataset_names
from expectations.gate.text_in_files import file_texts
from ingestion.home import Home
from languages.digits import TO_LATIN
from languages.words import Words, languages
from reports.chapters.build_edition import edition
from reports.editions.edition import ChartBlock, Edition, MapBlock, TableBlock
from reports.editions.printed_parts import PictureBlock, PrintedFigure
from reports.editors import editorial_inputs
from reports.publishing import issue_report
from reports.renderers import xlsx_tables
from tests.end_to_end.told import figures_of_the_unseen, report_of
from tests.expectations.gate.numbers_in_text import released_figures, unresolved_numbers
from tests.reports import reckoned
from tests.reports.printed_attacks import map_rates

pytestmark = pytest.mark.whole_home
_PRINTED = ((1, 0), (1, 2), (100, 2))  # a ratio with two decimals, a count, a share in per cent: factor, decimals less


def _folder(home: Home, tag: str) -> Path:
    return home.reports / report_of(home).id / tag


def _edition(home: Home, tag: str) -> Edition:
    return Edition.model_validate_json((_folder(home, tag) / "edition.json").read_bytes())


def _frames(home: Home) -> list[pd.DataFrame]:
    folders = [home.releases / name for name in dataset_names()]
    return [
        read_parquet((folder / (folder / "latest").read_text().strip() / "data.parquet").read_bytes())
        for folder in folders
    ]


def _values(home: Home) -> set[str]:
    """Every released value and limit, as it is written with ten digits."""
    columns = [frame[name].dropna() for frame in _frames(home) for name in ("obs_value", "lower", "upper")]
    return {f"{value:.10g}" for column in columns for value in column}


def _figures(edition: Edition) -> Iterator[PrintedFigure]:
    for chapter in edition.walk():
        for block in chapter.blocks:
            if isinstance(block, TableBlock):
                yield from (cell for group in block.groups for row in group.rows for cell in row.cells)
            elif isinstance(block, ChartBlock):
                yield from (figure for line in block.series for figure in line.figures)
            elif isinstance(block, MapBlock):
                yield from (place.figure for place in block.places)
            elif isinstance(block, PictureBlock):
                yield from (figure for row in block.rows for figure in row.figures)


@pytest.mark.parametrize("tag", languages())
def test_every_figure_of_an_edition_is_a_released_value_and_a_hidden_one_is_nothing(demo: Home, tag: str) -> None:
    figures = [figure for figure in _figures(_edition(demo, tag)) if not figure.is_text]
    released = _values(demo) | map_rates(_frames(demo)) | figures_of_the_unseen(demo)
    assert len(figures) > 10_000
    assert any(figure.mark == "c" for figure in figures)
    assert {f"{figure.value:.10g}" for figure in figures if figure.value is not None} <= released
    hidden = [figure for figure in figures if figure.mark in ("c", "x", "n")]
    assert all(figure.value is None and not figure.text for figure in hidden)


@pytest.mark.parametrize("tag", languages())
def test_every_number_of_the_workbook_is_a_released_value(demo: Home, tag: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO((_folder(demo, tag) / issue_report.WORKBOOK).read_bytes()), read_only=True)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    numbers = [(f"{cell.value:.10g}", cell.number_format) for cell in cells if isinstance(cell.value, int | float)]
    assert len(numbers) > 5_000
    released = _values(demo) | figures_of_the_unseen(demo)
    halves = {
        value for value in map(Decimal, _values(demo)) if value * 1000 % 10 == 5
    }  # rounded by the counts, either way
    ways = (ROUND_HALF_UP, ROUND_HALF_DOWN)
    shares = {f"{float(half.quantize(Decimal('0.01'), way)):.10g}" for half in halves for way in ways}
    assert {number for number, form in numbers if form == "0%"} <= released | shares
    assert {number for number, form in numbers if form not in ("0", "0%")} <= released
    said = {xlsx_tables.plain_text(figure.text).translate(TO_LATIN) for figure in _figures(_edition(demo, tag))}
    years = {year for frame in _frames(demo) for year in frame["time_period"]}  # of the sheet of every figure
    assert {number for number, form in numbers if form == "0"} <= said | years  # and what others printed


def _explored(content: dict[str, Any]) -> Iterator[float]:
    """The figures of an explorer: in its cells, and nowhere else."""
    for subject in content["subjects"]:
        for breakdown in subject["breakdowns"]:
            for row in breakdown["rows"]:
                for cell in row[3] if isinstance(row[3], list) else []:
                    found = cell[0] if isinstance(cell, list) else cell
                    if isinstance(found, int | float):
                        yield float(found)


def _as_printed(value: float, times: int, places: int) -> str:
    """A half is rounded up in decimals: 1.265 is printed as 1.27, whatever binary numbers make of it."""
    exact = Decimal(repr(round(value * times, 10)))
    return f"{float(exact.quantize(Decimal(1).scaleb(places - 2), rounding=ROUND_HALF_UP)):.10g}"


@pytest.mark.parametrize("tag", languages())
def test_every_figure_of_the_explorer_is_a_released_value(demo: Home, tag: str) -> None:
    page = (_folder(demo, tag) / issue_report.EXPLORER).read_text(encoding="utf-8")
    (data,) = re.findall(r'<script id="cube" type="application/json">(.*?)</script>', page, flags=re.DOTALL)
    found = {f"{value:.10g}" for value in _explored(json.loads(data))}
    printed = {_as_printed(float(value), *form) for value in _values(demo) for form in _PRINTED}
    assert len(found) > 100
    assert found <= printed


@pytest.mark.parametrize("tag", languages())
def test_what_the_print_says_aloud_is_released(demo: Home, tag: str) -> None:
    words, report = Words.load(tag), report_of(demo)
    known = reckoned.sentences(report, _edition(demo, tag), words)
    allowed = released_figures(_frames(demo)) | map_rates(_frames(demo)) | reckoned.percents(report)
    texts = file_texts(issue_report.REPORT, (_folder(demo, tag) / issue_report.REPORT).read_bytes())
    spoken = [text.text for text in texts if text.place == "/Alt"]
    assert len(spoken) > 50
    assert unresolved_numbers(spoken, words, allowed, known) == []


def test_the_same_release_makes_the_same_bytes_in_every_form(demo: Home) -> None:
    report = report_of(demo)
    matter = editorial_inputs.read_inputs(demo, report)
    again = issue_report.files(report, edition(report, Words.load("ckb"), matter), matter)
    folder = _folder(demo, "ckb")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == set(again)
    assert [name for name, data in again.items() if (folder / name).read_bytes() != data] == []


def test_the_datasets_lie_beside_the_languages_once_as_released(demo: Home) -> None:
    folder = demo.reports / report_of(demo).id
    datasets = {f"{name}.{kind}" for name in dataset_names() for kind in ("csv", "parquet")}
    assert {path.name for path in (folder / "data").iterdir()} == datasets
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"data", *languages()}
    for name in datasets:
        dataset, _, kind = name.rpartition(".")
        released = demo.releases / dataset
        latest = (released / "latest").read_text().strip()
        assert (folder / "data" / name).read_bytes() == (released / latest / f"data.{kind}").read_bytes()
    for page in folder.glob("*/index.html"):
        links = set(re.findall(r'href="(\.\./data/[^"]+)"', page.read_text(encoding="utf-8")))
        assert links == {f"../data/{name}" for name in datasets}
