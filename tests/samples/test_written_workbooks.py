"""The written files: same bytes, headers of the source cards, dirt, nothing personal."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from python_calamine import CalamineWorkbook

from ingestion.entry.file_check import examine
from samples import layouts, workbooks
from samples.bodies.sight import INTERIOR, IOM, JUDICIAL, UNODC, LetterDelivery
from samples.life import spelling
from samples.life.country import Country
from samples.workbooks import SentFile

_SOURCES = Path(workbooks.__file__).parent.parent / "ingestion" / "sources"
_TOKEN = re.compile(r"k0[12]:[0-9a-f]{32}")


@pytest.fixture(scope="module")
def written(invented: Country, tmp_path_factory: pytest.TempPathFactory) -> list[SentFile]:
    return workbooks.write(invented, tmp_path_factory.mktemp("sent"))


def _sheets(file: SentFile) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(file.path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _books(written: list[SentFile], source: str = "") -> list[SentFile]:
    return [file for file in written if file.path.suffix == ".xlsx" and source in file.source]


def _headers(rows: list[list[Any]]) -> list[str]:
    """Flatten the header row that begins with the running number; a merged group has its name in its first cell."""
    starts = {words.running_number for words in layouts.FURNITURE.values()}
    top = next(place for place, row in enumerate(rows) if row[0] in starts)
    below = rows[top + 1] if rows[top + 1][0] == "" else [""] * len(rows[top])
    headers, group = [], ""
    for upper, lower in zip(rows[top], below, strict=True):
        group = upper or group
        headers.append(f"{group} / {lower}" if lower else group)
    return headers


def test_the_same_seed_gives_the_same_bytes(invented: Country, written: list[SentFile], tmp_path: Path):
    again = workbooks.write(invented, tmp_path, sent_until=date(2019, 12, 31))
    assert len(again) > 8
    for first, second in zip(written, again, strict=False):
        assert first.path.name == second.path.name
        assert first.path.read_bytes() == second.path.read_bytes()
        assert first[2:] == second[2:]


def test_what_is_sent_by_a_day_is_the_beginning_of_all_that_is_sent(
    invented: Country, written: list[SentFile], sent: list[LetterDelivery]
):
    assert [file.path.name for file in written] == [one.file_name for one in sent]
    later = [file for file in written if file.letter_date > date(2025, 6, 30)]
    assert {file.letter_date.year for file in later} == {2025, 2026}
    assert {file.source for file in later} == {one.source for one in sent}


def test_headers_and_sheets_fit_the_source_cards(written: list[SentFile]):
    for file in _books(written):
        card = yaml.safe_load((_SOURCES / file.source / "source.yml").read_text(encoding="utf-8"))
        for name, rows in _sheets(file).items():
            named = {name, re.sub(r"\d{4}$", "{year}", name), "*"}
            table = next(one for one in card["tables"].values() if named & set(one["sheets"]))
            heading_row = {UNODC: 2, IOM: 1}.get(file.source)
            headers = _headers(rows) if heading_row is None else [*map(str, rows[heading_row])]
            headers = [table.get("also", {}).get(header, header) for header in headers]
            assert (
                set(table["required"])
                <= set(headers)
                <= {*table["columns"], *table.get("cells", {}), *table["ignored"]}
            )


def test_a_list_of_two_years_lands_whole(written: list[SentFile]):
    file = next(one for one in written if one.path.name == "iom_2025_09.xlsx")
    answer = examine(file.path.read_bytes(), file.path.name, IOM, today=date(2026, 6, 30))
    assert [table.scope for table in answer.tables] == [("2025",), ("2024",)]
    assert all(table.rows_landed == table.rows_in > 5 for table in answer.tables)
    assert {finding.severity for finding in answer.findings} <= {"flag"}


def test_every_word_for_a_code_comes_from_its_list():
    for path in (_SOURCES.parent / "codes").glob("*.yml"):
        for code, words in spelling.words_of(path.stem).items():
            assert words, f"{path.stem}.{code} has no Arabic word"


def test_no_workbook_names_a_person_or_hides_anything(written: list[SentFile]):
    for file in _books(written):
        with zipfile.ZipFile(file.path) as parts:
            core = parts.read("docProps/core.xml").decode("utf-8")
            names = re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<", core)
            assert set(names) <= {""}
            text = "".join(parts.read(name).decode("utf-8") for name in parts.namelist() if name.endswith(".xml"))
        hidden = re.findall(r'<row r="(\d+)"[^>]*hidden="', text)
        assert hidden == (["1"] * len(_sheets(file)) if file.source == IOM else [])  # the field names of HTCDS
        assert text.count('hidden="') == len(hidden)
        assert "veryHidden" not in text
        assert not re.search(r"comment|externalLink", " ".join(zipfile.ZipFile(file.path).namelist()))


def test_no_cell_looks_like_a_telephone_or_an_identity_number(written: list[SentFile]):
    plain = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
    texts = {
        cell
        for file in _books(written)
        for rows in _sheets(file).values()
        for row in rows
        for cell in row
        if isinstance(cell, str) and not _TOKEN.fullmatch(cell)
    }
    long_numbers = {text for text in texts if re.search(r"\d{9,}", text.translate(plain))}
    assert {text for text in long_numbers if not text.translate(plain).endswith("000000")} == set()
    assert not any("@" in text for text in texts)


def test_totals_are_the_sums_of_their_columns_but_for_one(written: list[SentFile]):
    wrong: list[str] = []
    checked = 0
    for file in _books(written):
        for rows in _sheets(file).values():
            total = next((row for row in rows if row[0] == layouts.FURNITURE["ar"].total), None)
            if total is None or not any(isinstance(cell, float) for cell in total):
                continue
            data = [row for row in rows if isinstance(row[0], float)]
            for column, cell in enumerate(total):
                if isinstance(cell, float):
                    checked += 1
                    if cell != sum(row[column] for row in data if isinstance(row[column], float)):
                        wrong.append(file.path.name)
    assert checked > 20
    assert wrong == ["interior_2018.xlsx"]


def test_one_file_is_arabic_text_of_a_windows_office(written: list[SentFile]):
    [file] = [file for file in written if file.path.suffix == ".csv"]
    data = file.path.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    lines = data.decode("windows-1256").split("\r\n")
    assert file.source == JUDICIAL
    assert lines[2].startswith("ت;رمز القضية;رمز المجنى عليه;")
    assert len({line.count(";") for line in lines if line}) == 1


def test_three_digit_systems_and_three_kinds_of_dates_are_in_use(written: list[SentFile]):
    texts = {
        cell for file in _books(written) for rows in _sheets(file).values() for row in rows for cell in map(str, row)
    }
    assert any(re.fullmatch("[٠-٩]+/[٠-٩]+/[٠-٩]+", text) for text in texts)
    assert any(re.fullmatch("[۰-۹]+", text) for text in texts)
    assert any(re.fullmatch(r"\d+/\d+/\d{4}", text) for text in texts)
    assert any(re.fullmatch(r"\d+ تشرين الأول \d{4}", text) for text in texts)
    assert any(re.fullmatch(r"\d{4}-\d\d-\d\d", text) for text in texts)


def test_counts_are_given_or_missing_in_four_ways(written: list[SentFile]):
    columns = {
        cell
        for file in _books(written, INTERIOR)
        for row in _sheets(file)["القضايا"]
        for cell in row[8:10]
    }  # fmt: skip
    assert {"", "-", "لم ترد"} <= columns
    facilities = {row[-1] for file in _books(written, "labour") for row in _sheets(file)["دور الإيواء"]}
    assert len(facilities) > 3


def test_citations_come_in_the_spellings_of_the_courts(written: list[SentFile]):
    cited = {
        str(row[9]) for file in _books(written, JUDICIAL) for row in _sheets(file).get("الأحكام", []) if len(row) > 9
    }
    for pattern in (
        r"المادة 6/أولا/.* رقم 28 لسنة 2012",
        r"6/1/\d",
        r"م \d/ف\d",
        r"المادة \(5/ثانيا\) من القانون 28 .*",
        "٦/.*",
    ):
        assert any(re.fullmatch(pattern, text) for text in cited), pattern
