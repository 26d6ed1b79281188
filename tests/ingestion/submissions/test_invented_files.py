"""What the house makes itself stays out of a home of real files, whatever program saved it last and in which format."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from ingestion.cards.source_card import FOLDER, source_names
from ingestion.entry.invented_records import house_records
from ingestion.files.reader import read_workbook
from ingestion.files.template_sheets import stamp_text
from ingestion.files.uploads import read_upload
from ingestion.home import Home
from ingestion.submissions.invented_files import refuse_invented
from ingestion.submissions.preview import examine_arrival
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers.answer_forms import refusal_texts
from samples import workbooks
from samples.life import country
from samples.life.country import make_token
from tests.ingestion.workbooks import TODAY, sample_as_sent, saved_by_office

MINISTRY = "iraq_interior_ministry"


def _sample(source: str) -> Path:
    return FOLDER / "sources" / source / "sample.xlsx"


def _is_refused(home: Home, source: str, path: Path) -> bool:
    arrival = examine_arrival(home, source, read_upload(path), today=TODAY)
    try:
        refuse_invented(home, arrival, path.name)
    except Refusal as refusal:
        assert refusal.code == "sample_is_invented"
        return True
    return False


def _as_it_is(source: str, folder: Path) -> Path:
    return shutil.copy(_sample(source), folder / "sent.xlsx")


def _saved_by_openpyxl(source: str, folder: Path) -> Path:
    openpyxl.load_workbook(_sample(source)).save(folder / "sent.xlsx")
    return folder / "sent.xlsx"


def _as_csv(source: str, folder: Path) -> Path:
    buffer = io.StringIO()
    sheet = openpyxl.load_workbook(_sample(source)).worksheets[0]
    csv.writer(buffer, delimiter=";").writerows(sheet.iter_rows(values_only=True))
    (folder / "sent.csv").write_text(buffer.getvalue(), encoding="utf-8")
    return folder / "sent.csv"


def _with_rows_deleted(source: str, folder: Path) -> Path:
    book = openpyxl.load_workbook(_sample(source))
    for sheet in book.worksheets:
        sheet.delete_rows(8, 4)
    book.save(folder / "sent.xlsx")
    return folder / "sent.xlsx"


def _in_a_new_workbook(source: str, folder: Path) -> Path:
    new = openpyxl.Workbook()
    new.remove(new.worksheets[0])
    for sheet in openpyxl.load_workbook(_sample(source)).worksheets:
        copy = new.create_sheet(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            copy.append(row)
    new.save(folder / "sent.xlsx")
    return folder / "sent.xlsx"


SAVED = [_as_it_is, _saved_by_openpyxl, _as_csv, _with_rows_deleted, _in_a_new_workbook]


@pytest.mark.parametrize("save", SAVED)
@pytest.mark.parametrize("source", source_names())
def test_a_sample_is_refused_by_a_real_home_and_taken_by_an_invented_one_however_it_was_saved(
    tmp_path: Path, source: str, save: Callable[[str, Path], Path]
) -> None:
    path = save(source, tmp_path)
    assert _is_refused(Home(tmp_path / "real").open(), source, path)
    assert not _is_refused(Home(tmp_path / "demo").open(invented=True), source, path)


@pytest.mark.needs_calc
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls", "csv"])
@pytest.mark.parametrize("source", [MINISTRY, "task_force_activities"])
def test_a_sample_that_an_office_has_saved_is_refused(tmp_path: Path, source: str, suffix: str) -> None:
    path = tmp_path / f"sent.{suffix}"
    path.write_bytes(saved_by_office(_sample(source), tmp_path, suffix))
    assert _is_refused(Home(tmp_path / "real").open(), source, path)


def _saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def test_the_file_of_a_sender_is_not_refused(tmp_path: Path) -> None:
    for number, version in enumerate(("k1:", "k2:", "k10:")):
        book = sample_as_sent(MINISTRY)
        sheet = book.worksheets[1]
        sheet["E8"] = str(sheet["E8"].value).replace("k1:", version)
        path = _saved(book, tmp_path / f"sent{number}.xlsx")
        assert not _is_refused(Home(tmp_path / "real").open(), MINISTRY, path)


@pytest.mark.parametrize(("number", "version"), [(1, "k01"), (7, "k02")])
def test_one_invented_row_among_a_sender_s_is_enough(tmp_path: Path, number: int, version: str) -> None:
    book = sample_as_sent(MINISTRY)
    book.worksheets[1]["E8"] = f" {make_token('person', number, version=version)} "
    assert _is_refused(Home(tmp_path / "real").open(), MINISTRY, _saved(book, tmp_path / "sent.xlsx"))


def test_the_stamp_alone_is_enough(tmp_path: Path) -> None:
    book = sample_as_sent(MINISTRY)
    book.worksheets[2]["A30"] = stamp_text("invented")
    assert _is_refused(Home(tmp_path / "real").open(), MINISTRY, _saved(book, tmp_path / "sent.xlsx"))


@pytest.mark.parametrize("tag", languages())
def test_a_clerk_who_typed_into_the_sample_is_told_where_it_is_invented_and_how_to_send_her_own(
    tag: str, tmp_path: Path
) -> None:
    book = sample_as_sent(MINISTRY)
    book.worksheets[1]["E8"] = make_token("person", 7)
    home, path = Home(tmp_path / "real").open(), _saved(book, tmp_path / "sent.xlsx")
    with pytest.raises(Refusal) as refused:
        refuse_invented(home, examine_arrival(home, MINISTRY, read_upload(path), today=TODAY), path.name)
    message, remedy = refusal_texts(refused.value, Words.load(tag))
    assert all(part in message for part in (path.name, "2", "E8"))
    assert all(part in remedy for part in ("marsad template", "k01", "make demo"))


def test_every_file_of_the_invented_country_is_known_by_a_stamp_or_a_token(tmp_path: Path) -> None:
    """Not the samples alone: the folder of the demo's exports lies beside every home of the demo."""
    sent = workbooks.write(country.invent_country(10, first_year=2023, last_year=2024), tmp_path)
    assert len({file.source for file in sent}) == len(source_names())
    unknown = [
        file.path.name for file in sent if not house_records(read_workbook(file.path.read_bytes(), file.path.name))
    ]
    assert unknown == []
