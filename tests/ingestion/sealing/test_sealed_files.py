"""Sealing a file on the sender's machine, and opening one that arrived, in memory alone."""

from __future__ import annotations

import datetime
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyrage
import pytest

from ingestion.cards.source_card import source_names
from ingestion.entry.file_check import examine
from ingestion.files import uploads
from ingestion.files.guard import MAX_FILE_BYTES, guard
from ingestion.files.uploads import MAX_SEALED_BYTES, Upload, read_upload, starts_sealed
from ingestion.forms.templates import write_template
from ingestion.sealing.age_keys import DEMO_PUBLIC, encrypt
from ingestion.sealing.sealed_files import keys_in_template, open_upload, seal_file
from ingestion.sealing.sealing_keys import SealingKey
from languages.refusal import Refusal
from languages.words import Words
from tests.conftest import HOUSE
from tests.ingestion.hostile import bomb
from tests.ingestion.workbooks import saved_by_office, victim, victims, xlsx

IDENTITY = pyrage.x25519.Identity.generate()
KEY, PUBLIC = SealingKey(str(IDENTITY)), str(IDENTITY.to_public())
PLAIN = xlsx({"الضحايا": victims(victim(1))})


def arrived(folder: Path, data: bytes, name: str = "export.xlsx.age") -> Upload:
    path = folder / name
    path.write_bytes(data)
    return read_upload(path)


def fault_of(upload: Upload) -> str:
    return upload.fault.kind if upload.fault else ""


def test_a_sealed_file_has_its_plain_bytes_name_and_hash_in_memory_and_its_own_on_the_disk(tmp_path: Path):
    data = encrypt(PLAIN, [PUBLIC])
    upload = arrived(tmp_path, data)
    opened = open_upload(upload, KEY)
    assert (opened.data, opened.plain_path.name, opened.is_sealed) == (PLAIN, "export.xlsx", True)
    assert opened.sha256 == arrived(tmp_path, PLAIN, "plain.xlsx").sha256
    assert (opened.sealed_sha256, opened.path.read_bytes()) == (upload.sha256, data)
    assert [path.name for path in tmp_path.iterdir() if path.name != "plain.xlsx"] == ["export.xlsx.age"]


@pytest.mark.parametrize("name", ["export.xlsx", "export.csv", "no_ending", "export.xlsx.age.xlsx"])
def test_a_file_in_the_clear_is_as_it_was(tmp_path: Path, name: str):
    upload = arrived(tmp_path, PLAIN, name)
    assert open_upload(upload, None) is upload
    assert (upload.is_sealed, upload.plain_path) == (False, upload.path)


@pytest.mark.parametrize("name", ["export.xlsx", "export", "export.AGE", "x.age.age"])
def test_what_is_sealed_is_known_by_its_bytes_whatever_it_is_called(tmp_path: Path, name: str):
    assert open_upload(arrived(tmp_path, encrypt(PLAIN, [PUBLIC]), name), KEY).data == PLAIN


@pytest.mark.parametrize("data", [PLAIN, b"a,b\n1,2\n", b"age-encryption", b"AGE-ENCRYPTION.ORG/v1\n", b"\x00"])
def test_a_name_that_promises_a_seal_is_refused_where_there_is_none(tmp_path: Path, data: bytes):
    assert fault_of(open_upload(arrived(tmp_path, data), KEY)) == "not_sealed"
    assert fault_of(open_upload(arrived(tmp_path, data), None)) == "not_sealed"


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_an_empty_file_is_only_empty(tmp_path: Path, data: bytes):
    assert fault_of(open_upload(arrived(tmp_path, data), None)) == ""  # the guard says that it is empty


def test_without_the_key_nothing_is_said_of_a_sealed_file(tmp_path: Path):
    with pytest.raises(Refusal, match="sealing_key_locked"):
        open_upload(arrived(tmp_path, encrypt(PLAIN, [PUBLIC])), None)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (encrypt(PLAIN, [PUBLIC])[:-1], "sealed_damaged"),
        (encrypt(PLAIN, [PUBLIC]) * 2, "sealed_damaged"),
        (encrypt(PLAIN, [DEMO_PUBLIC]), "sealed_for_demo"),
        (encrypt(PLAIN, [str(pyrage.x25519.Identity.generate().to_public())]), "sealed_for_others"),
        (pyrage.encrypt(PLAIN, [IDENTITY.to_public()], armored=True), "sealed_as_text"),
        (b"age-encryption.org/v1\n", "sealed_damaged"),
    ],
    ids=["cut", "doubled", "for the demo", "for others", "as text", "a head alone"],
)
def test_what_is_wrong_with_a_seal_refuses_the_file_as_it_lay(tmp_path: Path, data: bytes, kind: str):
    opened = open_upload(arrived(tmp_path, data), KEY)
    assert (fault_of(opened), opened.is_sealed, opened.data) == (kind, True, data)


# Sizes


def test_the_largest_file_fits_sealed_and_one_byte_more_does_not(tmp_path: Path):
    keys = [PUBLIC, *(str(pyrage.x25519.Identity.generate().to_public()) for _ in range(39))]
    for more in (-1, 0, 1):
        data = bytes(MAX_FILE_BYTES + more)
        sealed = encrypt(data, keys)
        assert len(sealed) <= MAX_SEALED_BYTES
        assert len(open_upload(arrived(tmp_path, sealed), KEY).data) == len(data)  # the guard judges what is in it
        plain = tmp_path / "plain.xlsx"
        plain.write_bytes(data)
        if more > 0:
            with pytest.raises(Refusal, match="upload_too_large"):
                seal_file(plain, keys)
    for more in (-1, 0, 1):
        path = tmp_path / "large.age"
        path.write_bytes(sealed[:100] + bytes(MAX_SEALED_BYTES - 100 + more))
        if more > 0:
            with pytest.raises(Refusal, match="upload_too_large"):
                read_upload(path)
        else:
            assert fault_of(open_upload(read_upload(path), KEY)) == "sealed_damaged"


def test_a_file_in_the_clear_gains_nothing_from_the_room_for_the_seal(tmp_path: Path):
    path = tmp_path / "large.csv.age"
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(Refusal, match="upload_too_large"):
        read_upload(path)


def test_the_look_for_a_seal_reads_the_beginning_of_regular_files_alone(tmp_path: Path):
    sealed = tmp_path / "a"
    sealed.write_bytes(encrypt(PLAIN, [PUBLIC]))
    (tmp_path / "link").symlink_to(sealed)
    os.mkfifo(tmp_path / "pipe")
    assert starts_sealed(sealed)
    for other in ("link", "pipe", "none", "."):
        assert not starts_sealed(tmp_path / other)


def test_a_sealed_bomb_is_opened_and_refused_by_the_guard(tmp_path: Path):
    opened = open_upload(arrived(tmp_path, encrypt(bomb(), [PUBLIC])), KEY)
    assert [finding.kind for finding in guard(opened.data).findings] == ["zip_bomb"]


def test_what_was_sealed_twice_is_not_opened_twice(tmp_path: Path):
    opened = open_upload(arrived(tmp_path, encrypt(encrypt(PLAIN, [PUBLIC]), [PUBLIC])), KEY)
    assert [finding.kind for finding in guard(opened.data).findings] == ["still_sealed"]


# The sender's side


def test_sealing_writes_a_file_beside_the_own_one_and_touches_nothing_else(tmp_path: Path):
    plain = tmp_path / "الضحايا 2025.xlsx"
    plain.write_bytes(PLAIN)
    output = seal_file(plain, [PUBLIC])
    assert output == tmp_path / "الضحايا 2025.xlsx.age"
    assert KEY.open(output.read_bytes()) == PLAIN
    assert sorted(path.name for path in tmp_path.iterdir()) == [plain.name, output.name]
    assert plain.read_bytes() == PLAIN


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_nothing_that_has_the_name_of_the_sealed_file_is_overwritten(tmp_path: Path, kind: str):
    plain, output = tmp_path / "a.xlsx", tmp_path / "a.xlsx.age"
    plain.write_bytes(PLAIN)
    if kind == "folder":
        output.mkdir()
    elif kind == "file":
        output.write_bytes(b"earlier")
    else:
        output.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Refusal, match="seal_output"):
        seal_file(plain, [PUBLIC])
    assert not (tmp_path / "nowhere").exists()
    assert kind != "file" or output.read_bytes() == b"earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "a.xlsx.age"]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_memory_stick_without_second_names_is_written_to_as_safely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
):
    def refuse(*_paths: object) -> None:
        raise OSError(errno.EPERM, "no links on this file system")

    monkeypatch.setattr(os, "link", refuse)
    plain, output = tmp_path / "a.xlsx", tmp_path / "a.xlsx.age"
    plain.write_bytes(PLAIN)
    if is_there:
        output.write_bytes(b"earlier")
        with pytest.raises(Refusal, match="seal_output"):
            seal_file(plain, [PUBLIC])
        assert output.read_bytes() == b"earlier"
    else:
        assert KEY.open(seal_file(plain, [PUBLIC]).read_bytes()) == PLAIN
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "a.xlsx.age"]


def test_a_disk_that_fills_up_leaves_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plain = tmp_path / "a.xlsx"
    plain.write_bytes(PLAIN)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        seal_file(plain, [PUBLIC])
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_process_that_is_killed_while_it_writes_leaves_no_half_of_a_file(tmp_path: Path):
    plain, output = tmp_path / "a.csv", tmp_path / "a.csv.age"
    plain.write_bytes(b"x" * 3_000_000)
    script = (
        "import resource, signal, sys; from pathlib import Path; from ingestion.sealing.sealed_files import seal_file; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_DFL); "  # the kernel kills at the first byte beyond the limit
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)); seal_file(Path(sys.argv[1]), [sys.argv[2]])"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(plain), PUBLIC], cwd=HOUSE, check=False)
    assert ended.returncode == -signal.SIGXFSZ
    assert not output.exists()
    assert KEY.open(seal_file(plain, [PUBLIC]).read_bytes()) == plain.read_bytes()  # what it left is in nobody's way


def test_what_is_sealed_or_no_file_is_not_sealed(tmp_path: Path):
    plain = tmp_path / "a.xlsx"
    with pytest.raises(Refusal, match="upload_missing"):
        seal_file(plain, [PUBLIC])
    plain.write_bytes(encrypt(PLAIN, [PUBLIC]))
    with pytest.raises(Refusal, match="seal_already"):
        seal_file(plain, [PUBLIC])
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


# Keys in a template


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
@pytest.mark.parametrize("name", [*(source for source in source_names() if source != "unodc_glotip"), "victims"])
def test_a_template_holds_the_keys_on_its_first_sheet_and_is_taken_with_them(tmp_path: Path, name: str, tag: str):
    path = tmp_path / "mine.xlsx"
    # this key has letters that a list of names knows: one in two thousand has
    unlucky = "age10t5pjnq3xyy2v9yqa9e500lp9949j8ghq6anqufxusw00pyy23ms96dj8n"
    write_template(name, path, Words.load(tag), rows=3, keys=(PUBLIC, unlucky))
    assert keys_in_template(path) == (PUBLIC, unlucky)
    source = name if name in source_names() else "iraq_interior_ministry"
    examination = examine(path.read_bytes(), path.name, source, today=datetime.date(2026, 1, 1))
    assert examination.verdict == "accepted"
    assert read_first_sheet(path)[8][0] == Words.load(tag).text("template.seal")


@pytest.mark.needs_calc
def test_the_keys_stay_where_an_office_saves_the_template(tmp_path: Path):
    path = tmp_path / "mine.xlsx"
    write_template("iraq_interior_ministry", path, Words.load("ar"), rows=3, keys=(PUBLIC,))
    data = saved_by_office(path, tmp_path / "office")
    path.write_bytes(data)
    assert keys_in_template(path) == (PUBLIC,)
    examination = examine(data, path.name, "iraq_interior_ministry", today=datetime.date(2026, 1, 1))
    assert examination.verdict == "accepted"
    opened = open_upload(read_upload(seal_file(path, keys_in_template(path))), KEY)
    assert opened.data == data


def read_first_sheet(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_template_of_the_demo_says_that_its_key_is_invented(tmp_path: Path):
    path = tmp_path / "mine.xlsx"
    write_template("victims", path, Words.load("en"), rows=3, keys=(DEMO_PUBLIC,))
    told = [row[0] for row in read_first_sheet(path)]
    assert told[-2:] == [Words.load("en").text("template.seal_invented"), DEMO_PUBLIC]


def test_a_key_that_the_sender_typed_into_her_table_is_none_of_the_task_force(tmp_path: Path):
    path = tmp_path / "mine.xlsx"
    path.write_bytes(xlsx({"الضحايا": victims(victim(1, charge=PUBLIC))}))
    with pytest.raises(Refusal, match="seal_no_key"):
        keys_in_template(path)
    write_template("victims", path.with_name("t.xlsx"), Words.load("en"), rows=3)
    with pytest.raises(Refusal, match="seal_no_key"):
        keys_in_template(path.with_name("t.xlsx"))


def test_the_limits_are_those_of_the_format():
    chunks = -(-MAX_FILE_BYTES // 65_536)
    assert 16 * chunks + 16 + uploads.LONGEST_HEADER <= MAX_SEALED_BYTES - MAX_FILE_BYTES
