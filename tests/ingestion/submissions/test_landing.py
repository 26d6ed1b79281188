"""The way of a file: examined, received, landed; what stays of it and what does not."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from ingestion.cards.source_card import FOLDER, load_source, source_names
from ingestion.entry.corrections import Corrected
from ingestion.entry.decided_cells import Decided
from ingestion.entry.file_check import Examination, examine, examine_any
from ingestion.findings import Finding
from ingestion.home import Home
from ingestion.submissions import landing, preview, receipts
from ingestion.submissions.landed_submission import landed_submission
from ingestion.submissions.receipts import Receipt
from languages.refusal import Refusal
from tests.ingestion.workbooks import TODAY, case, cases, csv, glotip, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"


@pytest.fixture
def home(tmp_path: Path):
    return Home.at(tmp_path / "home").open()


@pytest.fixture
def send(tmp_path: Path, home: Home):
    """Return a function that puts a file at the door and receives it."""

    def receive(
        data: bytes, name: str = "export.xlsx", source: str = SOURCE, folder: Path | None = None, **other: object
    ) -> Receipt:
        path = (folder or tmp_path) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return landing.receive(home, source, path, **{"today": TODAY} | other)

    return receive


def rows(home: Home, submission: str, shape: str = "victims", source: str = SOURCE):
    path = home.raw / shape / f"source={source}" / f"submission={submission}" / "rows.parquet"
    with pq.ParquetFile(path) as file:
        return file.read().to_pylist()


def good():
    return xlsx({"الضحايا": victims(victim(1), victim(2, sex="؟"), victim(3))})


# Examining


def test_an_examination_says_what_receiving_would_do(send: Callable[..., Receipt]):
    examination = examine(good(), "x.xlsx", SOURCE, today=TODAY)
    receipt = send(good())
    assert (examination.verdict, examination.rows_in, examination.rows_landed, examination.rows_quarantined) == (
        "accepted",
        3,
        2,
        1,
    )
    assert (receipt.verdict, receipt.rows_in, receipt.rows_landed, receipt.rows_quarantined) == ("accepted", 3, 2, 1)
    assert receipt.findings == tuple(examination.findings)


def test_a_name_in_a_cell_holds_its_row_and_is_repeated_nowhere():
    data = xlsx({"الضحايا": victims(victim(1, exploitation="زهراء عبد الحسين كاظم الموسوي"), victim(2))})
    examination = examine(data, "x.xlsx", SOURCE, today=TODAY)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", 1, 1)
    assert "زهراء" not in repr(examination)
    assert "زهراء" not in examination.taken.decode()


@pytest.mark.parametrize("data", [b"", b"\x00\x01garbage", b"PK\x03\x04 truncated"])
def test_what_is_no_workbook_is_an_answer_and_not_a_crash(data: bytes):
    assert examine(data, "x.xlsx", SOURCE, today=TODAY).verdict == "refused"


def test_an_unknown_source_is_refused(send: Callable[..., Receipt]):
    with pytest.raises(Refusal) as refused:
        send(good(), source="iraq_interior")
    assert refused.value.code == "unknown_source"


def test_the_source_of_a_file_is_found_from_its_headers():
    name, examination = examine_any(xlsx({"data_glotip_1": glotip(("XKA", "Total", 2020, "7"))}), "x.xlsx", today=TODAY)
    assert (name, examination.rows_landed) == ("unodc_glotip", 1)


@pytest.mark.parametrize("source", source_names())
def test_a_file_with_one_misspelt_heading_is_told_to_its_own_sender(source: str):
    workbook = load_workbook(BytesIO((FOLDER / "sources" / source / "sample.xlsx").read_bytes()))
    table = next(iter(load_source(source).tables.values()))
    sheet = next((one for one in workbook if one.title in table.sheets), workbook.worksheets[0])
    cells = (cell for row in sheet.iter_rows(max_row=6) for cell in row)
    next(cell for cell in cells if cell.value in table.required).value = "qqq"
    spoilt = BytesIO()
    workbook.save(spoilt)
    name, examination = examine_any(spoilt.getvalue(), "mine.xlsx", today=TODAY)
    assert (name, {one.kind for one in examination.findings if one.severity == "refuse"}) == (
        source,
        {"header_missing"},
    )


def test_a_refused_file_of_which_no_card_knows_anything_has_no_sender():
    assert examine_any(b"%PDF-1.7", "scan.pdf", today=TODAY)[0] == ""
    assert examine_any(xlsx({"qqq": [["xyzzy"], [1]]}), "x.xlsx", today=TODAY)[0] == ""


def test_checking_imports_neither_pandas_nor_pyarrow_nor_duckdb():
    program = (
        "import sys, datetime; from ingestion.entry.file_check import examine;"
        "examine(b'a;b', 'x.csv', 'unodc_glotip', today=datetime.date(2025, 1, 1));"
        "print([name for name in ('pandas', 'pyarrow', 'duckdb', 'dagster', 'dbt') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


# Receiving


def test_of_an_accepted_file_is_kept_what_was_taken_and_a_receipt_that_does_not_name_it(
    home: Home, send: Callable[..., Receipt]
):
    receipt = send(good(), "اسم.xlsx", letter_date=datetime.date(2025, 2, 1), letter_number="77")
    assert [one.name for one in home.taken.iterdir()] == [receipt.submission]
    assert receipt.submission == f"000001-{receipt.sha256[:12]}"
    assert (receipt.sent_date, receipt.letter_number) == (datetime.date(2025, 2, 1), "77")
    stored = home.receipts.read_text(encoding="utf-8")
    assert "اسم" not in stored
    assert json.loads(stored)["kinds"] == {"table_missing": 2, "unknown_code": 1}


def test_a_file_seen_before_is_known_and_nothing_is_written(home: Home, send: Callable[..., Receipt]):
    first = send(good())
    again = send(good(), "another name.xlsx", today=datetime.date(2025, 6, 2))
    assert (again.verdict, again.submission, again.received_at) == ("known", first.submission, first.received_at)
    assert len(receipts.read_receipts(home)) == 1


def test_of_a_refused_file_only_its_hash_and_the_kinds_of_findings_stay(home: Home, send: Callable[..., Receipt]):
    receipt = send(xlsx({"زهراء": [["زهراء"], ["زهراء"]]}))
    assert (receipt.verdict, receipt.submission, receipt.rows_in) == ("refused", "", 0)
    assert list(home.taken.iterdir()) == []
    assert all(b"\xd8\xb2\xd9\x87\xd8\xb1" not in path.read_bytes() for path in home.root.rglob("*") if path.is_file())
    assert landing.land(home, SOURCE) == []


def test_a_refused_file_outside_the_inbox_is_left_to_its_owner(tmp_path: Path, send: Callable[..., Receipt]):
    send(b"no workbook", folder=tmp_path / "desk")
    assert (tmp_path / "desk" / "export.xlsx").exists()


def test_a_file_that_is_not_there_is_refused(home: Home, tmp_path: Path):
    with pytest.raises(Refusal) as refused:
        landing.receive(home, SOURCE, tmp_path / "nothing.xlsx")
    assert refused.value.code == "upload_missing"


def test_receiving_says_what_a_file_replaces(send: Callable[..., Receipt]):
    first = send(xlsx({"القضايا": cases(case(1), case(2)), "الضحايا": victims(victim(1))}))
    assert "replaces_period" not in first.kinds
    receipt = send(xlsx({"القضايا": cases(case(1))}))
    [found] = [finding for finding in receipt.findings if finding.kind == "replaces_period"]
    assert (found.severity, dict(found.arguments)) == ("flag", {"period": "2024", "before": "2", "after": "1"})
    assert (receipt.periods, receipt.kinds["replaces_period"]) == ({"cases": {"2024": 1}}, 1)


def test_no_part_of_a_name_is_kept_as_an_ending(home: Home, send: Callable[..., Receipt]):
    assert send(good(), "export.سلمان").file_suffix == ""
    assert "سلمان" not in home.receipts.read_text(encoding="utf-8")


@pytest.mark.parametrize("step", ["take", "read_rows"])
def test_what_nobody_foresaw_refuses_the_file_and_does_not_crash(step: str, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> None:
        raise OverflowError("نص سري")

    monkeypatch.setattr(f"ingestion.entry.file_check.{step}", fail)
    examination = examine(good(), "x.xlsx", SOURCE, today=TODAY)
    assert (examination.verdict, [finding.kind for finding in examination.findings]) == ("refused", ["unreadable"])


# Landing


@pytest.mark.parametrize("figure", ["9" * 20, "9" * 400, "9" * 5000, "1" + "0" * 18])
def test_a_number_that_no_program_holds_exactly_is_kept_out_and_the_rest_lands(
    home: Home, send: Callable[..., Receipt], figure: str
):
    data = csv(glotip(("XKA", "Total", 2020, figure), ("XKA", "Total", 2020, "7")))
    receipt = send(data, "x.csv", source="unodc_glotip")
    assert (receipt.rows_landed, receipt.kinds.get("out_of_range")) == (1, 1)
    assert len(landing.land(home, "unodc_glotip")) == 1


def test_one_file_that_todays_rules_refuse_does_not_keep_the_others_from_landing(
    home: Home, send: Callable[..., Receipt], monkeypatch: pytest.MonkeyPatch
):
    bad, fine = send(good()), send(xlsx({"القضايا": cases(case(1))}))
    true = preview.examine_taken

    def stricter(
        data: bytes, source: str, sha256: str, *, today: datetime.date, decided: Decided | None = None
    ) -> Examination:
        if sha256 == bad.sha256:
            return Examination("refused", sha256, [Finding("refuse", "period_unstated")])
        return true(data, source, sha256, today=today, decided=decided)

    monkeypatch.setattr(preview, "examine_taken", stricter)
    with pytest.raises(Refusal) as refused:
        landing.land(home, SOURCE)
    assert (refused.value.code, refused.value.where, refused.value.arguments) == (
        "received_refused",
        bad.submission,
        {"kinds": "period_unstated"},
    )
    assert len(rows(home, fine.submission, "cases")) == 1


def test_a_correction_moves_no_row_into_another_year(
    home: Home, send: Callable[..., Receipt], monkeypatch: pytest.MonkeyPatch
):
    receipt = send(xlsx({"القضايا": cases(case(1), case(2))}))

    def corrected(_source: str, _shape: str, _submission: str, columns: dict[str, list[object]]) -> Corrected:
        return Corrected({**columns, "period": ["2023", "2024"]})

    monkeypatch.setattr(landing, "apply", corrected)
    [landed] = landing.land(home, SOURCE)
    assert (landed.quarantined, dict(landed.shape_rows)) == (1, {"cases": 1})
    assert getattr(landed_submission(home, receipt), "periods", None) == {"cases": {"2024": 1}}


def test_landed_and_quarantined_rows_are_the_data_rows(home: Home, send: Callable[..., Receipt]):
    receipt = send(good())
    [landed] = landing.land(home, SOURCE)
    assert (landed.submission, dict(landed.shape_rows), landed.quarantined) == (receipt.submission, {"victims": 2}, 1)
    assert [row["row_number"] for row in rows(home, receipt.submission)] == [4, 6]
    head, *reasons = (home.quarantine / f"{receipt.submission}.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(head)["quarantined"] == 1
    assert [json.loads(line) for line in reasons] == [
        {"sheet": "الضحايا", "row_number": 5, "cell": "F5", "kind": "unknown_code"}
    ]


def test_raw_rows_have_the_columns_and_types_that_dbt_reads(home: Home, send: Callable[..., Receipt]):
    data = xlsx({"data_glotip_1": glotip(("XKA", "Total", 2020, "<5"))})
    receipt = send(data, source="unodc_glotip")
    landing.land(home, "unodc_glotip")
    path = home.raw / "counts" / "source=unodc_glotip" / f"submission={receipt.submission}" / "rows.parquet"
    with pq.ParquetFile(path) as file:
        types = {field.name: str(field.type) for field in file.schema_arrow}
    assert list(types)[:4] == ["table_name", "sheet", "row_number", "period"]
    assert (types["row_number"], types["reference_year"], types["figure"]) == ("int32", "int32", "int64")
    assert (types["figure_mark"], types["figure_low"], types["figure_high"]) == ("string", "int64", "int64")


def test_landing_twice_lands_nothing_more(home: Home, send: Callable[..., Receipt]):
    send(good())
    assert len(landing.land(home, SOURCE)) == 1
    assert landing.land(home, SOURCE) == []


def test_a_landing_that_was_cut_short_is_repeated_to_the_same_bytes(home: Home, send: Callable[..., Receipt]):
    receipt = send(good())
    landing.land(home, SOURCE)
    path = next(home.raw.rglob("rows.parquet"))
    before = path.read_bytes()
    path.write_bytes(b"half a file")
    assert len(landing.land(home, SOURCE)) == 1
    (home.quarantine / f"{receipt.submission}.jsonl").unlink()
    assert len(landing.land(home, SOURCE)) == 1
    assert path.read_bytes() == before


def test_a_taken_file_that_changed_is_not_landed(home: Home, send: Callable[..., Receipt]):
    receipt = send(good())
    path = home.taken / receipt.submission
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refusal) as refused:
        landing.land(home, SOURCE)
    assert refused.value.code == "bytes_changed"


def test_a_text_file_lands_under_the_number_of_its_only_sheet(home: Home, send: Callable[..., Receipt]):
    receipt = send(csv(cases(case(1), case(2, accused="12"))), "اسم الملف.csv")
    landing.land(home, SOURCE)
    landed = rows(home, receipt.submission, "cases")
    assert ({row["sheet"] for row in landed}, [row["accused_count"] for row in landed]) == ({"#1"}, [1, 12])


@pytest.mark.real_input
def test_every_row_of_the_published_workbook_lands_or_is_quarantined(home: Home, real_input: Path):
    path = real_input / "unodc" / "data_glotip_2023-05-30.xlsx"
    receipt = landing.receive(home, "unodc_glotip", path, today=TODAY)
    assert (receipt.verdict, receipt.rows_in) == ("accepted", 46_556)
    [landed] = landing.land(home, "unodc_glotip")
    assert landed.shape_rows["counts"] + landed.quarantined == 46_556
    landed_rows = {row["row_number"] for row in rows(home, receipt.submission, "counts", "unodc_glotip")}
    lines = (home.quarantine / f"{receipt.submission}.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    kept_out = {json.loads(line)["row_number"] for line in lines}
    assert landed_rows | kept_out == set(range(4, 46_560))
    assert not landed_rows & kept_out
    assert lines == []


def test_a_changed_rule_in_any_room_lands_its_source_again_and_the_card_of_another_source_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("sources/mine/source.yml", "sources/mine/corrections.yml", "sources/other/source.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    monkeypatch.setattr(landing.source_card, "FOLDER", tmp_path)
    rules = landing.rules_for("mine")
    assert {name for name in rules if name.startswith("ingestion/sources/")} == {
        "ingestion/sources/source.yml",
        "ingestion/sources/corrections.yml",
    }
    assert {
        "ingestion/entry/row_checks.py",
        "ingestion/files/workbook_child.py",
        "ingestion/cards/headings.yml",
        "ingestion/codes/sex.yml",
        "languages/digits.py",
        "languages/ar.po: messages",
        "requirements.lock: python-calamine",
    } <= rules.keys()
    assert "ingestion/keeping/backup.py" not in rules
