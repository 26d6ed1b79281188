"""Who may read which file of a home: nobody but its owner, and the groups that its settings name."""

from __future__ import annotations

import errno
import grp
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

import pytest

from ingestion import access
from ingestion.home import FORMAT_VERSION, Home, write_bytes, write_folder, write_json
from ingestion.home_settings import HomeSettings, read_settings
from languages.refusal import Refusal

GROUP = grp.getgrgid(os.getegid()).gr_name
SOURCE = "iraq_interior_ministry"


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    before = os.umask(0)  # the laxest machine there is
    try:
        yield Home(tmp_path / "home").open()
    finally:
        os.umask(before)


def _is_invented(home: Home) -> bool:
    return home.is_invented


def _with_groups(home: Home, **groups: object) -> Home:
    write_json(home.root / "home.json", {"format_version": FORMAT_VERSION, "invented": False, "groups": groups})
    return home.open()


def test_everything_of_a_new_home_is_the_owners_alone(home: Home):
    write_bytes(home.raw / "victims" / "source=x" / "rows.parquet", b"x")
    write_folder(home.releases / "four_ps_national" / "000001-abc", {"data.csv": b"x"})
    write_bytes(home.inbox / SOURCE / "a.receipt.json", b"x")
    _ = home.series_key, home.seal_key
    with home.lock("test"):
        paths = [home.root, *home.root.rglob("*")]
        assert {path for path in paths if _mode(path) & 0o077} == set()
    assert list(access.find_strays(home.root, home.settings)) == []


def test_named_readers_read_releases_and_reports_and_nothing_else(home: Home):
    _with_groups(home, readers=GROUP)
    folder = home.releases / "four_ps_national" / "000001-abc"
    write_folder(folder, {"data.csv": b"x"})
    write_folder(home.reports / "r" / "ar", {"charts/a.svg": b"x"})
    write_bytes(home.verdicts / "four_ps_national.json", b"x")
    open_to_group = {path.relative_to(home.root).parts[0] for path in home.root.rglob("*") if _mode(path) & 0o070}
    assert open_to_group == {"releases", "reports"}
    assert (_mode(folder), _mode(folder / "data.csv")) == (0o2750, 0o640)
    assert _mode(home.reports / "r" / "ar" / "charts" / "a.svg") == 0o640
    assert (_mode(home.root), _mode(home.inbox), _mode(home.taken)) == (0o711, 0o700, 0o700)
    assert list(access.find_strays(home.root, home.settings)) == []


def test_a_senders_group_drops_files_and_neither_lists_nor_removes_any(home: Home):
    _with_groups(home, inbox={SOURCE: GROUP})
    assert _mode(home.inbox / SOURCE) == 0o3730
    assert (_mode(home.root), _mode(home.inbox), _mode(home.releases)) == (0o711, 0o711, 0o700)
    write_bytes(home.inbox / SOURCE / "a.xlsx.receipt.json", b"{}")
    assert _mode(home.inbox / SOURCE / "a.xlsx.receipt.json") == 0o640
    write_bytes(home.inbox / "marsad-note.txt", b"x")
    assert _mode(home.inbox / "marsad-note.txt") == 0o600


def test_an_old_home_is_mended_by_the_next_writer_and_it_is_told(home: Home):
    rows = home.raw / "victims" / "rows.parquet"
    write_bytes(rows, b"x")
    for path in (home.raw, rows.parent):
        path.chmod(0o755)
    rows.chmod(0o644)
    home.open()
    assert (_mode(home.raw), _mode(rows)) == (0o700, 0o644)  # behind a closed door
    assert [stray.path for stray in access.find_strays(home.root, home.settings)] == [rows.parent, rows]
    with home.lock("test") as tidied:
        assert [stray.path for stray in tidied.mended] == [rows.parent, rows]
        assert all(stray.is_too_open for stray in tidied.mended)
    assert (_mode(rows.parent), _mode(rows)) == (0o700, 0o600)


@pytest.mark.parametrize("name", ["no-such-group-28", "no-such\0group"])
def test_a_group_that_the_machine_does_not_know_opens_nothing_and_is_named(home: Home, name: str):
    _with_groups(home, readers=name)
    assert access.unknown_groups(home.settings) == [name]
    assert _mode(home.releases) == 0o700


def test_what_a_sender_dropped_is_his_and_keeps_its_rights(home: Home):
    path = home.inbox / SOURCE / "export.xlsx"
    write_bytes(path, b"x")
    path.chmod(0o664)
    with home.lock("test"):
        assert _mode(path) == 0o664


@pytest.mark.parametrize("mode", [0o000, 0o400, 0o700, 0o711, 0o750, 0o2750, 0o755, 0o3730, 0o777])
def test_no_file_is_ever_handed_to_everybody(tmp_path: Path, mode: int):
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    assert access.inherited_mode(folder) & 0o037 == 0
    assert access.inherited_mode(folder, is_folder=True) & 0o027 == 0
    folder.chmod(0o700)


@pytest.mark.parametrize("place", ["taken", "keys", "candidates", "ledger", "inbox/other", "dagster", "build/dbt"])
def test_no_setting_opens_what_holds_tokens_or_true_counts(place: str):
    settings = HomeSettings(1, invented=False, readers="readers", senders={SOURCE: "sender"})
    assert access.rights_of(settings, PurePath(place)) == access.Rights(0o700, 0o600)


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"format_version": 1', b"[]", b"null", b"\xff\xfe", b'{"invented": false}']
)
@pytest.mark.parametrize("ask", [Home.open, Home.existing, _is_invented])
def test_half_or_empty_settings_are_refused_in_words(home: Home, content: bytes, ask: Callable[[Home], object]):
    (home.root / "home.json").write_bytes(content)
    with pytest.raises(Refusal) as refusal:
        ask(home)
    assert refusal.value.code == "home_settings_unreadable"
    assert (home.root / "home.json").read_bytes() == content


def test_settings_that_are_gone_are_not_guessed(home: Home):
    write_bytes(home.receipts, b"")
    (home.root / "home.json").unlink()
    for ask in (home.open, home.existing):
        with pytest.raises(Refusal) as refusal:
            ask()
        assert refusal.value.code == "home_settings_unreadable"


def test_a_question_is_answered_on_a_disk_that_cannot_be_written(home: Home, monkeypatch: pytest.MonkeyPatch):
    home.prose.rmdir()

    def refuse(self: Path, mode: int = 0o777, *, parents: bool = False, exist_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "read-only", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert home.existing() is home
    with pytest.raises(OSError, match="read-only"):
        home.open()


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ({"group": {}}, "group"),
        ({"groups": []}, "groups"),
        ({"groups": {"reader": "x"}}, "reader"),
        ({"groups": {"readers": 7}}, "groups.readers"),
        ({"groups": {"inbox": "x"}}, "groups.inbox"),
        ({"groups": {"inbox": {"../keys": "x"}}}, "groups.inbox.../keys"),
        ({"groups": {"inbox": {SOURCE: None}}}, f"groups.inbox.{SOURCE}"),
    ],
)
def test_a_setting_that_is_not_known_is_named(tmp_path: Path, content: dict[str, object], key: str):
    (tmp_path / "home.json").write_text(json.dumps({"format_version": FORMAT_VERSION, "invented": False, **content}))
    with pytest.raises(Refusal) as refusal:
        read_settings(tmp_path)
    assert (refusal.value.code, refusal.value.arguments["setting"]) == ("home_settings_unknown", key)


@pytest.mark.parametrize("content", ["", "ab", "xyz", "00" * 31, "00" * 33])
def test_a_key_that_is_not_whole_is_refused(home: Home, content: str):
    for name in ("series", "seal"):
        (home.root / "keys" / f"{name}.key").write_text(content)
    for ask in (lambda: home.series_key, lambda: home.seal_key):
        with pytest.raises(Refusal) as refusal:
            ask()
        assert refusal.value.code == "key_unreadable"
