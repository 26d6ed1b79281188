"""Whoever has the folder and both public keys brings in no planted file, no link and no key of his unsaid."""

from __future__ import annotations

import json
import os
import shutil
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home, json_bytes, sha256_of_bytes
from ingestion.keeping import backup_folder, backup_keys, backup_register
from ingestion.keeping.backup import back_up
from ingestion.keeping.backup_prospect import ReleasesOf, prospect_of
from ingestion.keeping.backup_register import Contents
from ingestion.keeping.opened_backup import OpenedBackup
from ingestion.keeping.restoration import restore
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers.answer_forms import refusal_texts
from tests.ingestion.keeping.forging import SETTINGS, forge, forge_mark
from tests.ingestion.keeping.small_homes import KeyFiles, key_files, small_home

NOTHING = Home(Path("/nowhere"))


@pytest.fixture
def home(backed_up: tuple[Home, Path]) -> Home:
    return backed_up[0]


@pytest.fixture
def place(backed_up: tuple[Home, Path], tmp_path: Path) -> Path:
    """A copy of the folder of backups, which the attacker has."""
    return Path(shutil.copytree(backed_up[1], tmp_path / "disk"))


def _refused(place: Path, tmp_path: Path, keys: KeyFiles, name: str = "") -> Refusal:
    with pytest.raises(Refusal) as refused:
        restore(place, tmp_path / "new", keys.task_force, snapshot=name)
    assert not (tmp_path / "new").exists()
    return refused.value


@pytest.mark.parametrize(
    "path",
    [
        *("dagster/dagster.yaml", "build/dbt/profiles.yml", "reports/draft/index.html", "candidates/base.parquet"),
        *("raw/victims/rows.parquet", "warehouse.duckdb", "lock", "keys/x.sh", ".bashrc", "prose/.x.1.tmp", "x"),
        *("../outside", "/outside", "prose/../../outside", "prose//x", "./prose/x", "", ".", "prose/a\0b"),
        *("home.json/x", "releases/d/latest/.."),
    ],
)
def test_a_planted_file_that_no_backup_of_a_home_holds_is_refused(
    place: Path, keys: KeyFiles, tmp_path: Path, path: str
) -> None:
    forge(place, {"home.json": SETTINGS, path: b"planted"})
    refused = _refused(place, tmp_path, keys)
    assert (refused.code, refused.arguments["count"]) == ("backup_strange_path", 1)
    assert str(refused.arguments["path"]) == ascii(path)
    assert not (tmp_path / "outside").exists()


def test_a_list_that_names_a_lone_surrogate_is_damaged(place: Path, keys: KeyFiles, tmp_path: Path) -> None:
    forge(place, {"home.json": SETTINGS, "prose/\ud800": b"planted"})
    assert _refused(place, tmp_path, keys).code == "bytes_changed"


def test_an_empty_ledger_comes_with_the_number_of_releases_said_before(
    place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    """The chains of a forged home hold: without a signature only what it would bring and its name tell it apart."""
    files = {"home.json": SETTINGS, "ledger/log.jsonl": b"", "ledger.head": b'{"last": "", "lines": 0}'}
    name = forge(place, files)
    prospect = prospect_of(OpenedBackup(place, keys.task_force), NOTHING)
    assert (prospect.snapshot, prospect.receipts, prospect.releases, prospect.last_received) == (name, 0, [], "")
    assert prospect.known_here == "none"


def test_what_a_backup_would_bring_is_counted_from_its_own_logs(place: Path, keys: KeyFiles) -> None:
    versions = [
        ("a_dataset", "000001-0123456789ab"),
        ("a_dataset", "000002-0123456789ab"),
        ("b", "000001-ba9876543210"),
    ]
    log = b"".join(
        json_bytes({"dataset": name, "version": version}).replace(b"\n", b"") + b"\n" for name, version in versions
    )
    receipts = b'{"received_at": "2025-03-04"}\n{"received_at": "2024-12-31"}\n'
    settings = {"format_version": 3, "invented": True, "groups": {"readers": "press\x1b[2J", "inbox": {"s": "audio"}}}
    manifest = json_bytes({"period": {"first": "2016", "last": "2025"}})
    files = {"home.json": json_bytes(settings), "ledger/log.jsonl": log, "receipts.jsonl": receipts}
    forge(
        place, {**files, "releases/a_dataset/000002-0123456789ab/manifest.json": manifest, "decisions.jsonl": b"{}\n"}
    )
    prospect = prospect_of(OpenedBackup(place, keys.recovery), NOTHING)
    assert (prospect.receipts, prospect.last_received, prospect.decisions) == (2, "2025-03-04", 0)
    assert prospect.releases == [
        ReleasesOf("a_dataset", 2, "000002-0123456789ab", "2025"),
        ReleasesOf("b", 1, "000001-ba9876543210", ""),
    ]
    assert prospect.groups == ["audio", "press\\x1b[2J"], "no control sequence reaches a terminal"
    assert (prospect.task_force, prospect.recovery) == (keys.public.task_force, keys.public.recovery)
    assert prospect.opened_with == [keys.public.recovery]


@pytest.mark.parametrize("log", [b"", b"\xff\n", b"[" * 100_000, b"{}", b"[]\n3\nnull\n", b'{"received_at": 5}\n'])
def test_a_log_of_any_bytes_is_counted_without_a_traceback(place: Path, keys: KeyFiles, log: bytes) -> None:
    forge(place, {"home.json": SETTINGS, "receipts.jsonl": log, "ledger/log.jsonl": log, "decisions.jsonl": log})
    prospect = prospect_of(OpenedBackup(place, keys.recovery), NOTHING)
    assert (prospect.last_received, prospect.releases) == ("", [])


def test_the_register_of_this_machine_tells_its_own_backups_from_others(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    def known(home: Home, name: str = "") -> str:
        return prospect_of(OpenedBackup(place, keys.task_force, name), home).known_here

    own = backup_register.standing_backups(home)[-1]
    assert known(home) == "known"
    assert known(small_home(tmp_path / "fresh")) == "none"
    forged = forge(place, {"home.json": SETTINGS})
    assert (known(home), known(home, own.snapshot)) == ("unknown", "known")
    other = small_home(tmp_path / "other")
    back_up(other, tmp_path / "their disk", keys.public)
    assert known(other, forged) == "of_another_home"
    copy = Home(Path(shutil.copytree(home.root, tmp_path / "copy")))
    backup_register.append(copy, backup_register.BackupLine(**{**vars(own), "event": "gone"}))
    assert known(copy, own.snapshot) == "gone"
    backup_register.register_path(copy).write_bytes(b"{}\n")
    assert known(copy, own.snapshot) == "unreadable"


def test_a_backup_of_a_known_name_that_holds_something_else_is_called_forged(
    home: Home, place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    """Nobody can make one whose name is met by 20 digits of a hash; a name of 12 was within reach."""
    copy = Home(Path(shutil.copytree(home.root, tmp_path / "copy")))
    name = forge(place, {"home.json": SETTINGS})
    line = backup_register.standing_backups(home)[-1]
    backup_register.append(copy, backup_register.BackupLine(**{**vars(line), "snapshot": name}))
    with pytest.raises(Refusal, match="backup_forged"):
        prospect_of(OpenedBackup(place, keys.task_force, name), copy)


@pytest.mark.parametrize("digits", [11, 12, 13, 19, 20, 21, 64])
def test_a_name_has_twenty_digits(place: Path, keys: KeyFiles, digits: int) -> None:
    name = forge(place, {"home.json": SETTINGS})
    whole = backup_folder.sha256_of_bytes((place / "snapshots" / name).read_bytes())
    (place / "snapshots" / name).rename(place / "snapshots" / f"000999-{whole[:digits]}")
    names = backup_folder.BackupFolder(place).snapshots()
    assert (f"000999-{whole[:digits]}" in names) == (digits == 20)


@pytest.mark.parametrize("name", ["1²-abc", "000001-", "٠٠٠٠٠١-0123456789ab", "000001-0123456789AB", "x"])
def test_other_names_in_the_folder_are_no_backups(place: Path, keys: KeyFiles, tmp_path: Path, name: str) -> None:
    (place / "snapshots" / name).write_bytes(b"x")
    assert len(backup_folder.BackupFolder(place).snapshots()) == 1
    restore(place, tmp_path / "new", keys.task_force)


def test_later_backups_do_not_go_to_keys_of_the_attacker(place: Path, keys: KeyFiles, tmp_path: Path) -> None:
    """He encrypts for her key so that she can open it, and names two of his own, for which her home would go on."""
    theirs = key_files(tmp_path / "theirs").public
    forge_mark(place, task_force=theirs.task_force, recovery=theirs.recovery)
    name = forge(place, {"home.json": SETTINGS})
    path = place / "snapshots" / name
    data = backup_keys.SecretKeys(tmp_path / "theirs" / "recovery.key").decrypt(path.read_bytes())
    encrypted = keys.public.encrypt(data)
    path.unlink()
    (place / "snapshots" / f"000999-{backup_folder.sha256_of_bytes(encrypted)[:20]}").write_bytes(encrypted)
    assert _refused(place, tmp_path, keys).code == "backup_key_unnamed"


@pytest.mark.parametrize(
    "change",
    [
        *({"files": {"home.json": "x"}}, {"files": {"home.json": [5]}}, {"files": []}, {"sha256": {}}),
        *({"sha256": {"home.json": "../x"}}, {"pieces": {"x": "../../x"}}, {"pieces": 3}, {"line": {}}, {"more": 1}),
        *({"line": {"event": "taken"}}, {"format": []}, {"invented": "yes"}),
    ],
)
def test_a_list_of_another_form_is_refused(
    place: Path, keys: KeyFiles, tmp_path: Path, change: dict[str, object]
) -> None:
    forge(place, {"home.json": SETTINGS}, change)
    assert _refused(place, tmp_path, keys).code in ("bytes_changed", "backup_newer", "backup_damaged")


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"[" * 100_000, b"\xff", b'{"format": 1}'])
def test_a_list_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal, match="bytes_changed"):
        Contents.from_bytes(data, "000001-x")


@pytest.mark.parametrize("at", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "", 5])
@pytest.mark.parametrize("event", ["taken", "gone"])
def test_a_line_that_would_stand_in_the_register_is_one(
    place: Path, keys: KeyFiles, tmp_path: Path, at: object, event: str
) -> None:
    mark = json.loads((place / "marsad-backup.json").read_bytes())
    line = {name: mark[name] for name in ("home", "folder", "task_force", "recovery")}
    line |= {"event": event, "place": "", "snapshot": "", "list_sha256": ""}
    forge(place, {"home.json": SETTINGS}, {"line": {**line, "at": at}})
    assert _refused(place, tmp_path, keys).code == "bytes_changed"


def _link(path: Path, to: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.symlink_to(to)


@pytest.mark.parametrize(
    "at", ["pieces", "snapshots", "pieces/zz", "snapshots/.list.tmp", "marsad-backup.json", ".marsad-backup.json.tmp"]
)
def test_a_link_in_the_folder_leads_no_backup_to_other_files(
    home: Home, place: Path, tmp_path: Path, keys: KeyFiles, at: str
) -> None:
    """Sweeping pieces through a link would delete what the home received; a list written through one, its key."""
    copy = Home(Path(shutil.copytree(home.root, tmp_path / "copy")))
    _link(
        place / at,
        copy.taken if at == "pieces/zz" else copy.keys / "series.key" if at.endswith("tmp") else copy.root,
    )
    before = {path: path.read_bytes() for path in copy.root.rglob("*") if path.is_file()}
    for attempt in (lambda: back_up(copy, place), lambda: restore(place, tmp_path / "new", keys.recovery)):
        with pytest.raises(Refusal, match="backup_link"):
            attempt()
    assert {path: path.read_bytes() for path in before} == before


def test_a_second_name_of_a_file_of_the_home_is_not_written_over(home: Home, tmp_path: Path, keys: KeyFiles) -> None:
    place = tmp_path / "disk"
    back_up(home, place, keys.public)
    key = home.keys / "series.key"
    before = key.read_bytes()
    os.link(key, place / "snapshots" / ".list.tmp")
    back_up(home, place)
    assert key.read_bytes() == before


@pytest.mark.parametrize("make", [lambda path: os.mkfifo(path), lambda path: path.mkdir()])
def test_what_is_no_plain_file_is_damaged_and_is_not_waited_for(
    place: Path, keys: KeyFiles, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    for path in (next(place.glob("pieces/*/*")), next(place.glob("snapshots/*"))):
        path.unlink()
        make(path)
        assert _refused(place, tmp_path, keys).code == "backup_damaged"


@pytest.mark.parametrize("name", ["000002-00000000000000000000", "000001-\x1b[2J", "x", "-"])
def test_a_mistyped_name_is_answered_with_none_that_stands_in_the_folder(
    place: Path, keys: KeyFiles, tmp_path: Path, name: str
) -> None:
    """Who mistypes would copy the forger's name, and the paper would prove nothing."""
    forged = forge(place, {"home.json": SETTINGS})
    refused = _refused(place, tmp_path, keys, name)
    assert refused.code == "backup_unknown"
    for tag in languages():
        text = " ".join(refusal_texts(refused, Words.load(tag)))
        assert forged not in text
        assert "\x1b" not in text


@pytest.mark.parametrize(
    "path",
    [
        *("taken/a\nb", "taken/\u202etxt.exe", "taken/\u200b", "releases/latest\r", "ledger/\x1b[2J"),
        *("ledger/\u2028x", "ledger/\u00adx", "taken/" + "a" * 256, "taken/" + "\u0646" * 128),
        *("releases" + "/a" * 32, "releases/" + "/".join(["b" * 200] * 11), "releases" + "/a" * 3000),
    ],
    ids=lambda path: ascii(path)[:30],
)
def test_a_path_that_hides_turns_or_fits_no_disk_is_refused(
    place: Path, keys: KeyFiles, tmp_path: Path, path: str
) -> None:
    forge(place, {"home.json": SETTINGS, path: b"planted"})
    refused = _refused(place, tmp_path, keys)
    assert refused.code == "backup_strange_path"
    assert str(refused.arguments["path"]).isascii()
    assert len(str(refused.arguments["path"])) < 300


@pytest.mark.parametrize("path", ["taken/" + "a" * 255, "releases" + "/a" * 31, "prose/ميڕاس\u200cنامە.ar.md"])
def test_a_path_at_the_border_comes_back(place: Path, keys: KeyFiles, tmp_path: Path, path: str) -> None:
    forge(place, {"home.json": SETTINGS, path: b"x"})
    restore(place, tmp_path / "new", keys.task_force)
    assert (tmp_path / "new" / path).read_bytes() == b"x"


@pytest.mark.parametrize(
    ("path", "twin"),
    [
        *(("ledger/log.jsonl", "ledger/LOG.jsonl"), ("prose/é.md", "prose/e\u0301.md"), ("prose/ab", "prose/a\u200cb")),
        ("prose/ss", "prose/ß"),
    ],
)
def test_two_paths_that_some_disks_hold_for_one_are_refused(
    place: Path, keys: KeyFiles, tmp_path: Path, path: str, twin: str
) -> None:
    forge(place, {"home.json": SETTINGS, path: b"true", twin: b"planted"})
    assert _refused(place, tmp_path, keys).code == "backup_strange_path"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        *((b"[" * 100_000, "backup_damaged"), (b"{", "backup_damaged"), (b"", "backup_damaged")),
        (b'{"format_version": 3, "invented": true, "groups": ["a"]}', "backup_damaged"),
        (b'{"format_version": true, "invented": true}', "backup_damaged"),
        (b'{"format_version": 2, "invented": true}', "backup_older"),
        (b'{"format_version": 4, "invented": true}', "backup_newer"),
        (b'{"format_version": 99, "invented": true}', "backup_newer"),
        (b'{"format_version": 3, "invented": false}', "backup_mixed"),
    ],
)
def test_settings_that_every_later_command_would_refuse_do_not_come(
    place: Path, keys: KeyFiles, tmp_path: Path, settings: bytes, code: str
) -> None:
    forge(place, {"home.json": settings})
    assert _refused(place, tmp_path, keys).code == code


@pytest.mark.parametrize("at", ["stray", "pieces/aa/link", "more/deep/link"])
def test_a_link_anywhere_in_the_folder_is_refused(place: Path, keys: KeyFiles, tmp_path: Path, at: str) -> None:
    (place / at).parent.mkdir(parents=True, exist_ok=True)
    (place / at).symlink_to("/etc")
    assert _refused(place, tmp_path, keys).code == "backup_link"


@pytest.mark.parametrize(("repeats", "is_refused"), [(99, False), (100, False), (101, True), (200_000, True)])
def test_a_part_that_is_repeated_without_end_is_refused(
    place: Path, keys: KeyFiles, tmp_path: Path, repeats: int, is_refused: bool
) -> None:
    part, whole = sha256_of_bytes(b"x"), sha256_of_bytes(b"x" * repeats)
    settings = sha256_of_bytes(SETTINGS)
    files = {"home.json": [settings], "taken/x": [part] * repeats}
    hashes = {"home.json": settings, "taken/x": whole}
    forge(place, {"home.json": SETTINGS, "taken/x": b"x"}, {"files": files, "sha256": hashes})
    if is_refused:
        assert _refused(place, tmp_path, keys).code == "backup_damaged"
    else:
        restore(place, tmp_path / "new", keys.task_force)
        assert (tmp_path / "new" / "taken" / "x").stat().st_size == repeats


@pytest.mark.parametrize("at", ["marsad-backup.json", "snapshots/*"])
def test_a_file_of_gigabytes_in_the_place_of_a_small_one_is_not_read(
    place: Path, keys: KeyFiles, tmp_path: Path, at: str
) -> None:
    os.truncate(next(place.glob(at)), 2**40)
    assert _refused(place, tmp_path, keys).code == "backup_damaged"


@pytest.mark.parametrize(("lacking", "is_refused"), [(1, True), (0, False), (-1, False)])
def test_a_backup_that_the_disk_cannot_take_is_refused_before_anything_is_written(
    place: Path, keys: KeyFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: int, is_refused: bool
) -> None:
    free = OpenedBackup(place, keys.task_force).most_bytes - lacking
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: types.SimpleNamespace(free=free))
    if is_refused:
        assert _refused(place, tmp_path, keys).code == "disk_full"
    else:
        restore(place, tmp_path / "new", keys.task_force)
