"""The inbox: what lies still is taken once, what is being copied waits, every outcome stands beside its file."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ingestion.cards.source_card import FOLDER, source_names
from ingestion.files.uploads import Upload
from ingestion.home import Home
from ingestion.submissions import inbox, landing, receipts
from languages.refusal import Refusal
from languages.words import Words
from marsad.commands import receiving
from tests.ingestion.workbooks import case, cases, xlsx

SOURCE = "iraq_interior_ministry"
GOOD = xlsx({"القضايا": cases(case(1), case(2, date="قريبا"))})
TORN = b"PK\x03\x04 torn"
LATER = datetime.timedelta(minutes=1)
NAME = "زينب كاظم الموسوي"


@pytest.fixture
def home(tmp_path: Path):
    home = Home.at(tmp_path / "home").open()
    for source in source_names():
        (home.inbox / source).mkdir(parents=True)
    return home


def drop(home: Home, name: str, data: bytes = GOOD, source: str = SOURCE) -> Path:
    path = home.inbox / source / name
    path.write_bytes(data)
    return path


def soon() -> datetime.datetime:
    """A moment at which what was just dropped is old enough."""
    return datetime.datetime.now(tz=datetime.UTC) + LATER


def take(home: Home) -> dict[str, str]:
    """Look twice, and return label -> verdict."""
    seen = inbox.stamps_by_key(inbox.list_waiting(home))
    return {one.label: one.verdict for one in inbox.take_unchanged_files(home, seen, now=soon()).outcomes}


def told(path: Path) -> dict[str, Any]:
    """The newest outcome in a file's folder."""
    outcomes = sorted(path.parent.glob("*.receipt.json"), key=lambda one: one.stat().st_mtime_ns)
    return json.loads(outcomes[-1].read_text(encoding="utf-8"))


def label(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def everything(home: Home) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.root.rglob("*") if path.is_file()}


def test_a_dropped_file_is_taken_and_its_outcome_stands_in_its_place(home: Home):
    path = drop(home, "export.xlsx")
    assert take(home) == {label(GOOD): "accepted"}
    answer = told(path)
    assert (answer["verdict"], answer["rows_in"], answer["rows_landed"], answer["rows_quarantined"]) == (
        "accepted", 2, 1, 1,
    )  # fmt: skip
    assert answer["submission"] == receipts.read_receipts(home)[0].submission
    stem = f"{answer['received_at']}-000001-{label(GOOD)}.receipt"
    assert sorted(one.name for one in path.parent.iterdir()) == [f"{stem}.html", f"{stem}.json"]
    assert '<html lang="ar" dir="rtl">' in path.with_name(f"{stem}.html").read_text(encoding="utf-8")
    assert (home.taken / answer["submission"]).exists()


def test_a_refused_file_is_judged_again_only_when_its_bytes_change(home: Home):
    path = drop(home, "export.xlsx", TORN)
    take(home)
    before = everything(home)
    assert take(home) == {}
    os.utime(path)  # touched, not changed
    assert take(home) == {}
    assert everything(home) == before
    drop(home, "export.xlsx")
    assert take(home) == {label(GOOD): "accepted"}
    assert len(receipts.read_receipts(home)) == 2
    assert told(path)["rows_landed"] == 1


def test_a_refused_file_under_another_name_is_not_judged_again(home: Home):
    drop(home, "a.xlsx", TORN)
    take(home)
    drop(home, "b.xlsx", TORN)
    assert take(home) == {}
    assert len(receipts.read_receipts(home)) == 1


def test_the_same_bytes_again_are_known_and_removed(home: Home):
    drop(home, "a.xlsx")
    take(home)
    path = drop(home, "b.xlsx")
    assert take(home) == {label(GOOD): "known"}
    assert not path.exists()
    assert len(receipts.read_receipts(home)) == 1


@pytest.mark.parametrize(
    "name",
    ["~$export.xlsx", ".export.xlsx", "export.xlsx.tmp", "export.xlsx.PART", "export.crdownload", "Thumbs.db",
     "desktop.ini", "marsad-note.txt", "a.xlsx.receipt.json", "a.xlsx.receipt.html"],
)  # fmt: skip
def test_files_of_programs_and_our_own_are_left_alone(home: Home, name: str):
    path = drop(home, name)
    assert take(home) == {}
    assert path.read_bytes() == GOOD
    assert receipts.read_receipts(home) == []


def test_links_and_folders_are_left_alone(home: Home, tmp_path: Path):
    outside = tmp_path / "outside.xlsx"
    outside.write_bytes(GOOD)
    (home.inbox / SOURCE / "link.xlsx").symlink_to(outside)
    (home.inbox / SOURCE / "folder.xlsx").mkdir()
    assert take(home) == {}


def test_a_file_that_changes_between_two_looks_waits(home: Home):
    path = drop(home, "export.xlsx", GOOD[:1000])
    seen = inbox.stamps_by_key(inbox.list_waiting(home))
    path.write_bytes(GOOD)
    second = inbox.take_unchanged_files(home, seen, now=soon())
    assert second.outcomes == []
    assert [one.verdict for one in inbox.take_unchanged_files(home, second.seen, now=soon()).outcomes] == ["accepted"]


def test_a_file_seen_for_the_first_time_or_too_young_waits(home: Home):
    drop(home, "export.xlsx")
    first = inbox.take_unchanged_files(home, {}, now=soon())
    assert first.outcomes == []
    now = datetime.datetime.now(tz=datetime.UTC)
    assert inbox.take_unchanged_files(home, first.seen, now=now).outcomes == []
    assert len(inbox.take_unchanged_files(home, first.seen, now=soon()).outcomes) == 1


def test_what_is_kept_between_two_looks_holds_no_file_name(home: Home):
    drop(home, f"{NAME}.xlsx")
    assert NAME not in json.dumps(inbox.stamps_by_key(inbox.list_waiting(home)), ensure_ascii=False)


def test_a_bad_file_stops_no_other_and_stays_where_it_was(home: Home):
    table = b"no,table\n1,2\n"
    bad, good = drop(home, "a.xlsx", TORN), drop(home, "b.xlsx")
    other = drop(home, "c.csv", table, source="iraq_labour_ministry")
    assert take(home) == {label(TORN): "refused", label(GOOD): "accepted", label(table): "refused"}
    assert (bad.exists(), good.exists(), other.exists()) == (True, False, True)
    assert told(other)["findings"]
    assert take(home) == {}


@pytest.mark.parametrize("stem", [NAME, NAME.replace(" ", "_"), NAME.replace(" ", "-")])
def test_a_file_named_after_a_person_leaves_no_name_behind(home: Home, stem: str):
    drop(home, f"{stem}.xlsx", xlsx({NAME: cases(case(1)), "القضايا": cases(case(2))}))
    assert list(take(home).values()) == ["accepted"]
    found = everything(home)
    assert not [name for name, data in found.items() if stem in name or stem.encode() in data or NAME.encode() in data]


class _Killed(BaseException):
    """The process ends here."""


def _kill(_self: object, *_arguments: object, **_named: object) -> None:
    raise _Killed


@pytest.mark.parametrize("number", range(1, 12))
@pytest.mark.parametrize("data", [GOOD, TORN], ids=["accepted", "refused"])
def test_killed_at_any_write_a_file_is_counted_once_and_its_outcome_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch, number: int, data: bytes
):
    path = drop(home, "export.xlsx", data)
    forced, writes = os.fsync, iter(range(1, 1000))

    def killed(descriptor: int) -> None:
        if next(writes) == number:
            raise _Killed
        forced(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killed)
        with contextlib.suppress(_Killed):
            take(home)
    take(home)
    assert told(path)["verdict"] in (("accepted", "known") if data == GOOD else ("refused",))
    assert path.exists() == (data == TORN)
    assert [one.verdict for one in receipts.read_receipts(home)].count("accepted") == (data == GOOD)
    assert take(home) == {}


@pytest.mark.parametrize("killed_in", ["take", "_write_outcome"])
def test_a_file_whose_taker_was_killed_is_taken_once(home: Home, monkeypatch: pytest.MonkeyPatch, killed_in: str):
    path = drop(home, "export.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(landing if killed_in == "take" else inbox, killed_in, _kill)
        with pytest.raises(_Killed):
            take(home)
    assert take(home) == {label(GOOD): "accepted" if killed_in == "take" else "known"}
    assert len(receipts.read_receipts(home)) == 1
    assert told(path)["rows_landed"] == 1
    assert take(home) == {}


def test_a_file_whose_taker_was_killed_before_it_removed_it_is_removed_at_the_next_look(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    path = drop(home, "export.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(Upload, "remove", _kill)
        with pytest.raises(_Killed):
            take(home)
    assert path.exists()
    assert take(home) == {label(GOOD): "known"}
    assert not path.exists()


def test_a_spoilt_outcome_is_written_anew(home: Home):
    path = drop(home, "export.xlsx", TORN)
    take(home)
    next(path.parent.glob("*.receipt.json")).write_text("{", encoding="utf-8")
    assert take(home) == {label(TORN): "refused"}
    assert told(path)["verdict"] == "refused"


def test_an_invented_sample_does_not_enter_a_real_home_and_says_why(home: Home):
    sample = (FOLDER / "sources" / SOURCE / "sample.xlsx").read_bytes()
    path, _ = drop(home, "a.xlsx", sample), drop(home, "b.xlsx")
    assert sorted(take(home).values()) == ["accepted", "not_taken"]
    outcome = json.loads(next(path.parent.glob("not-taken-*")).read_text(encoding="utf-8"))
    assert (outcome["verdict"], outcome["code"]) == ("not_taken", "sample_is_invented")
    assert path.exists()
    assert len(receipts.read_receipts(home)) == 1


def test_a_file_that_cannot_be_opened_is_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch):
    path = drop(home, "export.xlsx")

    opened = os.open

    def denied(name: str | Path, flags: int, *mode: int) -> int:
        if Path(name) == path:
            raise PermissionError
        return opened(name, flags, *mode)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", denied)
        assert list(take(home).values()) == ["not_taken"]
    assert told(path)["code"] == "file_unreadable"
    assert take(home) == {label(GOOD): "accepted"}
    assert [json.loads(one.read_text(encoding="utf-8"))["verdict"] for one in path.parent.glob("*.json")] == [
        "accepted"
    ]


def test_a_folder_that_is_no_sender_gets_one_note_with_the_nearest(home: Home):
    folder = home.inbox / "iraq_interior_minstry"
    folder.mkdir()
    take(home)
    assert list(folder.iterdir()) == []
    (folder / "export.xlsx").write_bytes(GOOD)
    assert take(home) == {}
    note = folder / "marsad-note.txt"
    assert SOURCE in note.read_text(encoding="utf-8")
    note.write_text("read", encoding="utf-8")
    take(home)
    assert note.read_text(encoding="utf-8") == "read"
    assert (folder / "export.xlsx").read_bytes() == GOOD


def test_a_file_outside_every_folder_gets_a_note(home: Home):
    (home.inbox / "export.xlsx").write_bytes(GOOD)
    assert take(home) == {}
    assert "iraq_labour_ministry" in (home.inbox / "marsad-note.txt").read_text(encoding="utf-8")


def test_one_empties_the_inbox_at_a_time(home: Home):
    drop(home, "export.xlsx")
    seen = inbox.stamps_by_key(inbox.list_waiting(home))

    def another_comes(_outcome: inbox.Outcome) -> None:
        with pytest.raises(Refusal) as refused:
            inbox.take_unchanged_files(home, seen, now=soon())
        assert refused.value.code == "lock_held"

    assert len(inbox.take_unchanged_files(home, seen, now=soon(), tell=another_comes).outcomes) == 1


def test_a_corrected_file_replaces_the_earlier_one_unattended_and_says_so(home: Home):
    drop(home, "a.xlsx")
    take(home)
    path = drop(home, "b.xlsx", xlsx({"القضايا": cases(case(1), case(2), case(3))}))
    assert list(take(home).values()) == ["accepted"]
    assert told(path)["kinds"]["replaces_period"] == 1


def test_an_outcome_says_that_a_refused_file_still_lies_in_the_inbox(home: Home, capsys: pytest.CaptureFixture[str]):
    for name, data in (("good.xlsx", GOOD), ("torn.xlsx", TORN)):
        drop(home, name, data)
    seen = inbox.stamps_by_key(inbox.list_waiting(home))
    round_ = inbox.take_unchanged_files(home, seen, now=soon())
    receiving.print_round(home, round_, Words.load("en"))
    told = capsys.readouterr().out
    assert told.count("still lies in the inbox") == 1
    assert ".xlsx" not in told
