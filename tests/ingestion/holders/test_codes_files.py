"""The file of codes: what the holder writes, what the house reads, and that no name stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingestion.files.reader import read_workbook
from ingestion.holders import codes_files
from ingestion.holders.codes_files import CodesOrder
from ingestion.holders.pseudonymise import tokenise
from ingestion.home import sha256_of
from languages.refusal import Refusal
from methods.linkage import name_codes
from methods.linkage.name_spelling import spell_parts
from tests.ingestion.workbooks import squared, xlsx

KEY = b"an invented key of the holders"
HEADER = ["ت", "رقم القضية", "اسم الضحية", "اسم الأم", "العمر"]


def made(tmp_path: Path, *people: tuple[str | None, str | None], out: str = "out.xlsx") -> codes_files.CodesFile:
    rows = [[number, "12/ج/2024", *names, number] for number, names in enumerate(people, start=1)]
    (tmp_path / "in.xlsx").write_bytes(xlsx({"الضحايا": squared([["سجل"], HEADER, *rows, ["المجموع", len(people)]])}))
    tokenise(tmp_path / "in.xlsx", tmp_path / out, KEY, codes=CodesOrder(tmp_path / "codes.json", 2026))
    return codes_files.read_codes(tmp_path / "codes.json")


def test_codes_are_those_of_the_names_and_stand_at_the_row_that_is_sent(tmp_path: Path):
    found = made(tmp_path, ("زينب كريم حسن", "هناء علي"), (None, "هناء"), ("Zainab Kareem Hasan", "Hanaa Ali"))
    sent = read_workbook((tmp_path / "out.xlsx").read_bytes(), "out.xlsx").sheets[0]
    assert (found.sha256, found.year) == (sha256_of(tmp_path / "out.xlsx"), 2026)
    assert [(row.sheet, sent.rows[row.row_number - 1][2]) for row in found.rows] == [("الضحايا", n) for n in (1, 2, 3)]
    year_key = name_codes.key_of_year(KEY, 2026)
    assert found.check == name_codes.check_value(year_key)
    assert found.rows[0].codes == name_codes.codes_of(year_key, spell_parts("زينب كريم حسن"), spell_parts("هناء"))
    assert found.rows[0].codes == found.rows[2].codes, "two scripts, one person"
    assert found.rows[1].codes["given_code"] is None and found.rows[1].codes["mother_code"]


def test_no_name_stands_in_the_file_of_codes_and_only_its_owner_reads_it(tmp_path: Path):
    made(tmp_path, ("زينب كريم حسن", "هناء علي"))
    rows = [{**row, "sheet": ""} for row in json.loads((tmp_path / "codes.json").read_text(encoding="utf-8"))["rows"]]
    assert rows and str(rows).isascii()
    assert not [part for part in ("znb", "krm", "hsn", "zainab") if part in str(rows)]
    assert (tmp_path / "codes.json").stat().st_mode & 0o077 == 0


def test_a_csv_has_no_sheet(tmp_path: Path):
    assert [row.sheet for row in made(tmp_path, ("زينب كريم", "هناء"), out="out.csv").rows] == [""]


def test_codes_never_go_where_the_names_or_the_tokens_are(tmp_path: Path):
    made(tmp_path, ("زينب كريم", "هناء"))
    for path in ("in.xlsx", "out.xlsx"):
        with pytest.raises(Refusal, match="token_same_file"):
            tokenise(tmp_path / "in.xlsx", tmp_path / "out.xlsx", KEY, codes=CodesOrder(tmp_path / path, 2026))


@pytest.mark.parametrize(
    "damage",
    [
        {"marsad_codes": 2}, {"check": "x"}, {"check": 5}, {"file": "abc"}, {"year": "2026"}, {"year": True},
        {"rows": [{"sheet": "", "row": 1, "given": "ff"}]}, {"rows": [{"sheet": "", "row": 0}]}, {"rows": 5},
        {"rows": [{"sheet": "", "row": 1, "given": 7}]}, {"rows": [{"sheet": "", "row": 1}] * 2}, {"rows": ["x"]},
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_by_its_name_alone(tmp_path: Path, damage: dict[str, object]):
    made(tmp_path, ("زينب كريم", "هناء"))
    path = tmp_path / "codes.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | damage))
    with pytest.raises(Refusal, match=r"codes_unreadable: codes\.json"):
        codes_files.read_codes(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"5", b"null", b'{"rows":', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_file_of_codes_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(Refusal, match="codes_unreadable"):
        codes_files.read_codes(tmp_path / "x.json")


def test_another_version_of_the_spelling_says_so(tmp_path: Path):
    made(tmp_path, ("زينب كريم", "هناء"))
    path = tmp_path / "codes.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"spelling": "s0"}))
    with pytest.raises(Refusal, match="codes_spelling"):
        codes_files.read_codes(path)
