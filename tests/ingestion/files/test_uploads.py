"""A file is read once and whole, or not at all; and whatever is wrong with one, the others are taken."""

from __future__ import annotations

import json
import os
import socket
import tracemalloc
from pathlib import Path

import pytest

from ingestion.cards.source_card import source_names
from ingestion.files.guard import MAX_FILE_BYTES
from ingestion.files.uploads import read_upload, upload_of_bytes
from ingestion.home import Home
from ingestion.submissions import inbox, landing, receipts
from ingestion.submissions.preview import Arrival
from languages.refusal import Refusal
from tests.ingestion.submissions.test_inbox import GOOD, NAME, SOURCE, drop, label, soon, take, told
from tests.ingestion.workbooks import case, cases, victim, victims, xlsx

PRIVATE = xlsx({"الضحايا": victims(victim(1, case=NAME))})
OTHER = xlsx({"القضايا": cases(case(1), case(2), case(3))})


@pytest.fixture
def home(tmp_path: Path):
    home = Home.at(tmp_path / "home").open()
    for source in source_names():
        (home.inbox / source).mkdir(parents=True)
    return home


def _refused(path: Path) -> str:
    with pytest.raises(Refusal) as refused:
        read_upload(path)
    return refused.value.code


def test_a_file_is_refused_for_its_size_before_a_byte_of_it_is_read(tmp_path: Path):
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    tracemalloc.start()
    assert _refused(path) == "upload_too_large"
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES)
    assert len(read_upload(path).data) == MAX_FILE_BYTES


def test_only_a_plain_file_is_read_and_nothing_waits_for_a_pipe(tmp_path: Path):
    (tmp_path / "plain.xlsx").write_bytes(GOOD)
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "plain.xlsx")
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket may be 108 bytes long only
        try:
            listening.bind("socket.xlsx")
        finally:
            os.chdir(here)
        for name in ("link.xlsx", "pipe.xlsx", "folder.xlsx", "socket.xlsx"):
            assert _refused(tmp_path / name) == "upload_no_file", name
    assert _refused(tmp_path / "none.xlsx") == "upload_missing"
    assert _refused(tmp_path / ("ن" * 200)) == "file_unreadable"
    assert read_upload(tmp_path / "plain.xlsx").data == GOOD


def test_a_file_that_grows_while_it_is_read_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "export.xlsx"
    path.write_bytes(GOOD)
    fstat, calls = os.fstat, iter(range(100))

    def growing(descriptor: int) -> os.stat_result:
        found = fstat(descriptor)
        if next(calls) == 0:
            with path.open("ab") as stream:
                stream.write(b"more")
        return found

    monkeypatch.setattr(os, "fstat", growing)
    assert _refused(path) == "upload_changed"


def test_what_is_taken_is_what_was_looked_at(home: Home, monkeypatch: pytest.MonkeyPatch):
    """The bytes that were found to be no invented sample are those that are received, whatever the path holds then."""
    path = drop(home, "export.xlsx")
    look = inbox.refuse_invented

    def exchanging(of: Home, data: bytes, where: str) -> None:
        look(of, data, where)
        path.write_bytes(OTHER)

    monkeypatch.setattr(inbox, "refuse_invented", exchanging)
    assert take(home) == {label(GOOD): "accepted"}
    assert path.read_bytes() == OTHER  # an accepted file is removed only if it is still the same


# Whatever is wrong with one file


def key_of(path: Path) -> str:
    """Return by what a file is called that was not read."""
    [waiting] = [one for one in inbox.list_waiting(Home.at(path.parents[2])) if one.path == path]
    return waiting.key


def reason(path: Path) -> dict[str, object]:
    """Return why a file that lies there was not taken."""
    return json.loads(path.with_name(f"not-taken-{key_of(path)}.receipt.json").read_bytes())


def _beside(home: Home) -> list[dict[str, object]]:
    folder = home.inbox / SOURCE
    return [
        json.loads(path.read_bytes())
        for path in folder.iterdir()
        if path.name.endswith(".receipt.json") and path.is_file()
    ]


@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe\xe1.xlsx",
        b"\xc7\xe1\xd6\xcd\xc7\xed\xc7.xlsx",
        b"a\x1b[31m\n.xlsx",
        ("ن" * 125).encode() + b".xlsx",
        b"\xff",
    ],
)
def test_no_name_of_a_file_stops_the_inbox(home: Home, name: bytes, capsys: pytest.CaptureFixture[str]):
    path = home.inbox / SOURCE / os.fsdecode(name)
    path.write_bytes(OTHER)
    drop(home, "zz.xlsx")
    verdicts = take(home)
    assert sorted(verdicts.values()) == ["accepted", "accepted"]
    assert all(one.isascii() and one.isalnum() for one in verdicts)
    assert len(_beside(home)) == 2
    assert take(home) == {}


def test_a_file_of_a_name_that_is_no_utf_8_is_removed_and_told(home: Home):
    path = home.inbox / SOURCE / os.fsdecode(b"\xff\xe1.xlsx")
    path.write_bytes(PRIVATE)
    assert take(home) == {label(PRIVATE): "accepted"}
    assert not path.exists()
    assert [one["verdict"] for one in _beside(home)] == ["accepted"]


def test_a_folder_of_nobody_may_have_any_name(home: Home):
    folder = home.inbox / os.fsdecode(b"\xff\xe1")
    folder.mkdir()
    (folder / "x.xlsx").write_bytes(GOOD)
    drop(home, "zz.xlsx")
    assert take(home) == {label(GOOD): "accepted"}
    assert (folder / inbox.NOTE_NAME).exists()


def test_a_large_file_waits_with_its_reason_and_the_others_are_taken(home: Home):
    path = drop(home, "a.xlsx", b"")
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    drop(home, "b.xlsx")
    assert take(home) == {key_of(path): "not_taken", label(GOOD): "accepted"}
    assert reason(path)["code"] == "upload_too_large"


@pytest.mark.parametrize("ending", [".receipt.json", ".receipt.html"])
def test_a_folder_in_the_way_of_an_outcome_stops_no_other_file(home: Home, ending: str):
    path = drop(home, "a.xlsx", OTHER)
    key = key_of(path)
    in_the_way = path.with_name(f"{soon():%Y-%m-%d}-000001-{label(OTHER)}{ending}")
    in_the_way.mkdir()
    drop(home, "b.xlsx")
    assert take(home) == {key: "not_taken", label(GOOD): "accepted"}
    in_the_way.rmdir()
    assert take(home) == {label(OTHER): "known"}
    assert told(path)["rows_landed"] == 3


@pytest.mark.parametrize("error", [OSError(5, "the disk"), ValueError("x"), MemoryError(), RecursionError()])
def test_whatever_goes_wrong_with_one_file_the_others_are_taken(
    home: Home, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    path = drop(home, "a.xlsx", OTHER)
    drop(home, "b.xlsx")
    take_one = landing.take

    def failing(home: Home, arrival: Arrival) -> receipts.Receipt:
        if arrival.upload.path == path:
            raise error
        return take_one(home, arrival)

    with monkeypatch.context() as patch:
        patch.setattr(landing, "take", failing)
        assert take(home) == {key_of(path): "not_taken", label(GOOD): "accepted"}
    assert reason(path)["code"] == "inbox_failed"
    assert type(error).__name__ in str(reason(path)["message"])
    assert take(home) == {label(OTHER): "accepted"}


def test_a_file_that_vanishes_or_changes_between_the_look_and_the_taking_stops_no_other(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    gone, changed = drop(home, "a.xlsx"), drop(home, "b.xlsx")
    drop(home, "c.xlsx", OTHER)
    seen, take = inbox.stamps_by_key(inbox.list_waiting(home)), inbox._take

    def take_late(*asked: object) -> inbox.Outcome | None:
        gone.unlink(missing_ok=True)
        changed.write_bytes(PRIVATE)
        return take(*asked)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(inbox, "_take", take_late)
    outcomes = inbox.take_unchanged_files(home, seen, now=soon()).outcomes
    assert [(one.label, one.verdict) for one in outcomes] == [(label(OTHER), "accepted")]
    assert changed.exists()


def test_a_spoilt_marker_stops_nothing(home: Home):
    (home.inbox / SOURCE / ".0123456789abcdef.taking").write_text("{", encoding="utf-8")
    (home.inbox / SOURCE / ".fedcba9876543210.taking").mkdir()
    drop(home, "b.xlsx")
    assert take(home) == {label(GOOD): "accepted"}


def test_a_folder_that_cannot_be_listed_stops_no_other(home: Home, monkeypatch: pytest.MonkeyPatch):
    listed = os.scandir
    drop(home, "b.xlsx")

    def denied(path: Path) -> object:
        if Path(path).name == "unodc_glotip":
            raise PermissionError
        return listed(path)

    monkeypatch.setattr(os, "scandir", denied)
    assert take(home) == {label(GOOD): "accepted"}


def test_bytes_without_a_file_remove_no_file_of_their_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.xlsx").write_bytes(b"mine")
    upload = upload_of_bytes(str(tmp_path / "x.xlsx"), b"mine")
    assert (upload.path, upload.has_file) == (Path("x.xlsx"), False)
    upload.remove()
    assert (tmp_path / "x.xlsx").exists()
