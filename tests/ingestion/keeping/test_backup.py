"""A backup holds what cannot be made again, for two keys, and grows by what is new."""

from __future__ import annotations

import datetime
import errno
from pathlib import Path

import pytest

from ingestion import intake_lock
from ingestion.home import Home, sha256_of_bytes, write_bytes
from ingestion.keeping import backup, backup_folder, backup_keys, backup_register, restoration, retention
from ingestion.keeping.backup import BackupReport, back_up
from ingestion.keeping.backup_folder import BackupFolder
from languages.refusal import Refusal
from tests.ingestion.keeping.small_homes import KeyFiles, flip, kept_files, key_files, small_home

NOW = datetime.datetime(2026, 3, 1, 4, 5, tzinfo=datetime.UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return small_home(tmp_path / "home")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "disk" / "marsad"


def _restored(place: Path, keys: KeyFiles, root: Path, **named: str) -> Home:
    restoration.restore(place, root, keys.recovery, **named)  # type: ignore[arg-type]
    return Home(root)


def _pieces(place: Path) -> set[Path]:
    return set(place.glob("pieces/*/*"))


def _code(home: Home, place: Path, keys: KeyFiles | None = None) -> str:
    with pytest.raises(Refusal) as refused:
        back_up(home, place, keys.public if keys else None)
    return refused.value.code


def test_either_key_brings_back_all_that_cannot_be_made_again_and_nothing_else(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    report = back_up(home, place, keys.public, now=NOW)
    assert report.skipped == []
    for number, secret in enumerate((keys.task_force, keys.recovery)):
        root = tmp_path / f"new{number}"
        assert restoration.restore(place, root, secret).lost == []
        assert kept_files(Home(root)) == kept_files(home)
        assert {path.name for path in root.iterdir()} & {"raw", "warehouse.duckdb", "inbox", "candidates"} == set()
        assert not (root / "reports" / "draft").exists()
        assert Home(root).open().series_key == home.series_key


def test_nothing_in_the_folder_tells_a_name_a_hash_or_a_byte_of_the_home(
    home: Home, place: Path, keys: KeyFiles
) -> None:
    back_up(home, place, keys.public)
    files = [path for path in place.rglob("*") if path.is_file()]
    told = b"".join(path.read_bytes() + str(path.relative_to(place)).encode() for path in files)
    for path, content in kept_files(home).items():
        assert content[:20] not in told or content == b"{}\n"
        assert path.encode() not in told
        assert sha256_of_bytes(content).encode() not in told


def test_a_second_backup_writes_what_is_new_and_no_more(home: Home, place: Path, keys: KeyFiles) -> None:
    back_up(home, place, keys.public)
    before = _pieces(place)
    write_bytes(home.taken / sha256_of_bytes(b"a third"), b"a third")
    second = back_up(home, place)
    lists = 3  # of the first backup, and the register with its head
    assert second.new_pieces == 1 + lists == len(_pieces(place) - before)
    assert before <= _pieces(place)


def test_the_same_bytes_in_two_files_are_one_piece_and_a_long_file_is_many(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PART_BYTES", 10)
    write_bytes(home.prose / "twice.md", b"0123456789" * 3 + b"!")
    report = back_up(home, place, keys.public)
    assert kept_files(_restored(place, keys, tmp_path / "new")) == kept_files(home)
    line = backup_register.standing_backups(home)[-1]
    assert line.snapshot == report.snapshot
    assert backup_register.contents_of(home, line).files["prose/twice.md"][:2] == [sha256_of_bytes(b"0123456789")] * 2


def test_a_file_received_while_a_backup_runs_waits_for_a_moment_only(
    home: Home, place: Path, keys: KeyFiles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put = BackupFolder.put_piece
    received: list[str] = []

    def put_while_something_comes(folder: BackupFolder, data: bytes) -> str:
        if not received:
            with intake_lock.lock(home):  # nobody holds it while pieces are written
                received.append(write_bytes(home.taken / sha256_of_bytes(b"late"), b"late"))
                home.receipts.write_text('{"n": 1}\n{"n": 2}\n', encoding="utf-8")
        return put(folder, data)

    monkeypatch.setattr(BackupFolder, "put_piece", put_while_something_comes)
    back_up(home, place, keys.public)
    assert received
    new = _restored(place, keys, tmp_path / "new")
    assert new.receipts.read_text(encoding="utf-8") == '{"n": 1}\n', "a receipt without its file would be a lost file"


def test_without_keys_no_folder_is_begun_so_that_a_disk_that_is_not_there_is_noticed(
    home: Home, place: Path, keys: KeyFiles
) -> None:
    assert _code(home, place) == "backup_none"
    assert not place.exists()
    back_up(home, place, keys.public)
    place.rename(place.with_name("unplugged"))
    assert _code(home, place) == "backup_none"


def test_a_mark_that_somebody_prepared_or_changed_gets_nothing(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    other, theirs = small_home(tmp_path / "other"), key_files(tmp_path / "theirs")
    back_up(other, place, theirs.public)
    for path in place.glob("snapshots/*"):
        path.unlink()
    assert _code(home, place) == "backup_none"
    assert _code(home, place, keys) == "backup_other_keys"
    own = tmp_path / "own"
    back_up(home, own, keys.public)
    mark = (own / "marsad-backup.json").read_text(encoding="utf-8")
    (own / "marsad-backup.json").write_text(mark.replace(keys.public.recovery, theirs.public.recovery), "utf-8")
    assert _code(home, own) == "backup_of_another_home"


def test_a_backup_of_another_home_is_refused_and_so_is_a_copy_that_went_on(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    back_up(home, place, keys.public)
    other = small_home(tmp_path / "other")
    assert _code(other, place, keys) == "backup_of_another_home"
    twin = _restored(place, keys, tmp_path / "twin")
    write_bytes(home.prose / "more.md", b"more")
    back_up(home, place)
    assert _code(twin, place) == "backup_of_another_home"


def test_a_restored_home_goes_on_with_the_folder_that_it_came_from(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    back_up(home, place, keys.public)
    back_up(home, place)
    new = _restored(place, keys, tmp_path / "new")
    assert backup_register.read_register(new) == backup_register.read_register(home)
    assert back_up(new, place).harmed == []
    assert len(BackupFolder(place).snapshots()) == 3


def test_invented_and_real_never_mix(place: Path, keys: KeyFiles, tmp_path: Path) -> None:
    back_up(small_home(tmp_path / "invented"), place, keys.public)
    assert _code(small_home(tmp_path / "real", invented=False), place, keys) == "backup_mixed"


@pytest.mark.parametrize("where", ["home/backups", "home/x", "home", "."])
def test_home_and_backup_lie_apart(home: Home, tmp_path: Path, keys: KeyFiles, where: str) -> None:
    assert _code(home, tmp_path / where, keys) == "backup_inside_home"


def test_a_folder_with_other_files_is_left_alone(home: Home, place: Path, keys: KeyFiles) -> None:
    place.mkdir(parents=True)
    (place / "holiday.jpg").write_bytes(b"x")
    assert _code(home, place, keys) == "backup_place_taken"
    assert [path.name for path in place.iterdir()] == ["holiday.jpg"]


def test_other_keys_need_another_folder(home: Home, place: Path, keys: KeyFiles, tmp_path: Path) -> None:
    back_up(home, place, keys.public)
    assert back_up(home, place, keys.public).new_pieces
    assert _code(home, place, key_files(tmp_path / "new keys")) == "backup_other_keys"


def test_a_full_disk_is_told_by_its_own_name_and_leaves_nothing_half_written(
    home: Home, place: Path, keys: KeyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 5:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup_folder.os, "fsync", full)
    with pytest.raises(OSError) as stopped:
        back_up(home, place, keys.public)
    assert str(stopped.value.filename).startswith(str(place))
    assert not list(place.rglob("*.tmp"))
    monkeypatch.undo()
    before = len(_pieces(place))
    assert before > 2
    assert back_up(home, place, keys.public).new_pieces == len(_pieces(place)) - before, "the next one goes on"


def test_a_damaged_piece_is_found_by_the_next_backup_and_copied_anew(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    first = back_up(home, place, keys.public)
    for path in _pieces(place):
        flip(path)
    second = back_up(home, place)
    assert second.harmed == [first.snapshot]
    assert second.new_pieces >= first.new_pieces
    assert kept_files(_restored(place, keys, tmp_path / "new")) == kept_files(home)


def test_a_damaged_list_is_found_by_the_next_backup(home: Home, place: Path, keys: KeyFiles) -> None:
    first = back_up(home, place, keys.public)
    flip(place / "snapshots" / first.snapshot)
    assert back_up(home, place).harmed == [first.snapshot]


def test_where_a_list_in_the_home_is_lost_no_piece_is_removed(home: Home, place: Path, keys: KeyFiles) -> None:
    first = back_up(home, place, keys.public)
    (home.prose / "coverage.ar.md").unlink()
    before = _pieces(place)
    flip(backup_register.list_path(home, first.snapshot))
    second = back_up(home, place)
    assert second.harmed == [first.snapshot]
    assert before <= _pieces(place)


def _taken(home: Home, place: Path, days: list[int]) -> list[str]:
    return [back_up(home, place, now=NOW + datetime.timedelta(days=day)).snapshot for day in days]


def test_old_backups_go_after_the_days_of_the_card_but_the_newest_stay(home: Home, place: Path, keys: KeyFiles) -> None:
    rhythm = retention.card().backups
    first = back_up(home, place, keys.public, now=NOW).snapshot
    names = _taken(home, place, [1] * (rhythm.at_least - 1))
    assert BackupFolder(place).snapshots() == [first, *names], "as many as the card keeps whatever their age"
    on_the_day = _taken(home, place, [rhythm.kept_days])
    assert first in BackupFolder(place).snapshots()
    report = back_up(home, place, now=NOW + datetime.timedelta(days=rhythm.kept_days, seconds=1))
    assert report.forgotten == [first]
    assert BackupFolder(place).snapshots() == [*names, *on_the_day, report.snapshot]
    years_later = back_up(home, place, now=NOW + datetime.timedelta(days=9999))
    assert len(BackupFolder(place).snapshots()) == rhythm.at_least
    assert years_later.snapshot in BackupFolder(place).snapshots()


def test_a_withdrawal_finds_the_backups_that_hold_the_bytes_until_they_are_deleted(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    first = back_up(home, place, keys.public)
    content = b"what was taken of a file"
    sha256 = sha256_of_bytes(content)

    def holding() -> list[str]:
        return [line.snapshot for line in backup_register.backups_holding(home, lambda _path, one: one == sha256)]

    (home.taken / f"000001-{sha256[:12]}").unlink()
    second = back_up(home, place)
    assert holding() == [first.snapshot]
    with pytest.raises(Refusal) as refused:
        back_up(home, place, forget=["000009-aaaaaaaaaaaa"])
    assert refused.value.code == "backup_unknown"
    assert back_up(home, place, forget=[first.snapshot]).forgotten == [first.snapshot]
    assert holding() == []
    assert BackupFolder(place).snapshots()[0] == second.snapshot
    opened = backup_keys.SecretKeys(keys.task_force)
    assert content not in [opened.decrypt(path.read_bytes()) for path in _pieces(place)]
    assert kept_files(_restored(place, keys, tmp_path / "new", snapshot=second.snapshot))


def test_a_backup_whose_list_is_lost_is_named_by_a_withdrawal_too(home: Home, place: Path, keys: KeyFiles) -> None:
    report = back_up(home, place, keys.public)
    flip(backup_register.list_path(home, report.snapshot))
    assert [line.snapshot for line in backup_register.backups_holding(home, lambda _path, _hash: False)] == [
        report.snapshot
    ]


def test_the_register_names_a_backup_before_it_stands_and_until_it_is_gone(
    home: Home, place: Path, keys: KeyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, forget = BackupFolder.commit, BackupFolder.forget
    seen: list[str] = []

    def known() -> set[str]:
        return {line.snapshot for line in backup_register.standing_backups(home)}

    def committing(folder: BackupFolder, prepared: Path, snapshot: str, signature: bytes) -> None:
        assert snapshot in known(), "killed now, a withdrawal would miss it"
        commit(folder, prepared, snapshot, signature)
        seen.append(snapshot)

    def forgetting(folder: BackupFolder, snapshot: str) -> None:
        assert snapshot in known()
        forget(folder, snapshot)
        seen.append(snapshot)

    monkeypatch.setattr(BackupFolder, "commit", committing)
    monkeypatch.setattr(BackupFolder, "forget", forgetting)
    first = back_up(home, place, keys.public).snapshot
    second = back_up(home, place, forget=[first]).snapshot
    assert seen == [first, second, first]


def test_a_backup_that_somebody_deleted_is_told_and_no_withdrawal_names_it(
    home: Home, place: Path, keys: KeyFiles
) -> None:
    first: BackupReport = back_up(home, place, keys.public)
    (place / "snapshots" / first.snapshot).unlink()
    second = back_up(home, place)
    assert second.missing == [first.snapshot]
    assert [line.snapshot for line in backup_register.standing_backups(home)] == [second.snapshot]


def test_a_file_that_nobody_decided_about_and_a_link_are_told_and_not_copied(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    (home.root / "names.xlsx").write_bytes(b"codes of names")
    (home.prose / "link.md").symlink_to(tmp_path / "elsewhere.md")
    report = back_up(home, place, keys.public)
    assert report.skipped == ["names.xlsx", "prose/link.md"]
    new = _restored(place, keys, tmp_path / "new")
    assert not (new.root / "names.xlsx").exists()
    assert not (new.prose / "link.md").is_symlink()


def test_a_changed_register_is_refused(home: Home, place: Path, keys: KeyFiles) -> None:
    back_up(home, place, keys.public)
    text = backup_register.register_path(home).read_text(encoding="utf-8")
    backup_register.register_path(home).write_text(text.replace('"taken"', '"gone"'), encoding="utf-8")
    assert _code(home, place) == "backups_broken"
