"""A home comes back whole or not at all, and no changed byte of a backup is taken for a sound one."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.home import Home, json_bytes, sha256_of_bytes, write_bytes
from ingestion.keeping import backup, backup_keys, backup_register, restoration
from ingestion.keeping.backup import back_up
from languages.refusal import Refusal
from tests.ingestion.keeping.small_homes import KeyFiles, flip, kept_files, key_files, small_home


@pytest.fixture
def place(backed_up: tuple[Home, Path], tmp_path: Path) -> Path:
    """A copy of the folder of backups, for tests that spoil it."""
    return Path(shutil.copytree(backed_up[1], tmp_path / "disk"))


def _refused(place: Path, root: Path, key: Path, **named: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        restoration.restore(place, root, key, **named)  # type: ignore[arg-type]
    assert not root.exists()
    assert [path for path in root.parent.glob(f".{root.name}.*") if path.name != place.name] == []
    return refused.value


_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in (".", "..") and not name.startswith(".") and len(name.encode()) < 100
)
_TREES = st.dictionaries(st.tuples(st.sampled_from(["prose", "ledger", "taken"]), _NAMES), st.binary(max_size=60))


@settings(max_examples=15)
@given(tree=_TREES, part=st.integers(1, 40))
def test_any_tree_of_files_comes_back_the_same_or_its_backup_says_what_it_left_out(
    tree: dict[tuple[str, str], bytes], part: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "PART_BYTES", part)
        patch.setattr(os, "fsync", lambda _descriptor: None)  # the disk is not asked here, only the order of bytes
        home, keys = Home(Path(folder, "home")).open(invented=True), key_files(Path(folder, "keys"))
        for (room, name), content in tree.items():
            (home.root / room / name).write_bytes(content)
        skipped = back_up(home, Path(folder, "disk"), keys.public).skipped
        report = restoration.restore(Path(folder, "disk"), Path(folder, "new"), keys.task_force)
        assert kept_files(Home(Path(folder, "new"))) == kept_files(home)
        assert report.files + len(skipped) == len(tree) + 1  # home.json


def test_what_came_back_is_its_owners_alone(backed_up: tuple[Home, Path], keys: KeyFiles, tmp_path: Path) -> None:
    restoration.restore(backed_up[1], tmp_path / "new", keys.recovery)
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "new").rglob("*")} == {0}


def test_an_older_backup_is_restored_by_name_and_the_newer_ones_are_told(tmp_path: Path, keys: KeyFiles) -> None:
    home, place = small_home(tmp_path / "home"), tmp_path / "disk"
    first = back_up(home, place, keys.public)
    write_bytes(home.prose / "late.md", b"late")
    second = back_up(home, place)
    report = restoration.restore(place, tmp_path / "old", keys.recovery, snapshot=first.snapshot)
    assert (report.snapshot, report.newer) == (first.snapshot, [second.snapshot])
    assert not (tmp_path / "old" / "prose" / "late.md").exists()
    assert restoration.restore(place, tmp_path / "new", keys.recovery).newer == []
    assert (tmp_path / "new" / "prose" / "late.md").exists()


def test_nothing_is_restored_over_other_files_but_an_empty_folder_is_filled(
    backed_up: tuple[Home, Path], keys: KeyFiles, tmp_path: Path
) -> None:
    root = tmp_path / "new"
    root.mkdir()
    restoration.restore(backed_up[1], root, keys.recovery)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(Refusal, match="restore_not_empty"):
        restoration.restore(backed_up[1], root, keys.recovery)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("where", ["disk/new", "disk"])
def test_no_home_is_restored_into_its_backup(place: Path, keys: KeyFiles, where: str) -> None:
    with pytest.raises(Refusal, match="backup_inside_home"):
        restoration.restore(place, place.parent / where, keys.recovery)


def test_a_missing_a_wrong_and_an_unreadable_key_are_told_apart(place: Path, keys: KeyFiles, tmp_path: Path) -> None:
    root, public = tmp_path / "new", tmp_path / "public.txt"
    public.write_text(keys.public.recovery, encoding="ascii")
    assert _refused(place, root, tmp_path / "no such file").code == "backup_key_missing"
    assert _refused(place, root, tmp_path).code == "backup_key_missing"
    assert _refused(place, root, public).code == "backup_key_unreadable"
    assert _refused(place, root, key_files(tmp_path / "theirs").recovery).code == "backup_key_wrong"


def test_a_folder_without_a_backup_and_a_name_that_is_not_there_are_told(
    place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    assert _refused(tmp_path / "nothing", tmp_path / "new", keys.recovery).code == "backup_none"
    assert _refused(place, tmp_path / "new", keys.recovery, snapshot="000009-abc").code == "backup_unknown"
    for path in place.glob("snapshots/*"):
        path.unlink()
    assert _refused(place, tmp_path / "new", keys.recovery).code == "backup_unknown"


@pytest.mark.parametrize("kind", ["marsad-backup.json", "snapshots/*", "pieces/*/*"])
@pytest.mark.parametrize("spoil", [flip, lambda path, **_: path.write_bytes(path.read_bytes()[:-1])])
@pytest.mark.parametrize("place_in_file", [0.0, 0.1, 0.5, 1.0])
def test_a_changed_bit_in_every_kind_of_stored_file_is_found(
    place: Path, keys: KeyFiles, tmp_path: Path, kind: str, spoil: Callable[..., None], place_in_file: float
) -> None:
    for path in sorted(place.glob(kind))[:1]:
        spoil(path, place=place_in_file)
    assert _refused(place, tmp_path / "new", keys.recovery).code == "backup_damaged"


def test_a_missing_piece_is_found_and_the_rest_comes_back_when_asked_for(
    backed_up: tuple[Home, Path], place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    home = backed_up[0]
    contents = backup_register.contents_of(home, backup_register.standing_backups(home)[-1])
    piece = contents.pieces[contents.files["verdicts/d.json"][0]]
    (place / "pieces" / piece[:2] / piece).unlink()
    refused = _refused(place, tmp_path / "new", keys.recovery)
    assert (refused.code, refused.where, refused.arguments["count"]) == ("backup_damaged", "verdicts/d.json", 1)
    report = restoration.restore(place, tmp_path / "new", keys.recovery, partial=True)
    assert report.lost == ["verdicts/d.json"]
    rest = kept_files(home)
    del rest["verdicts/d.json"]
    assert kept_files(Home(tmp_path / "new")) == rest


def test_without_its_settings_no_home_comes_back(
    backed_up: tuple[Home, Path], place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    contents = backup_register.contents_of(backed_up[0], backup_register.standing_backups(backed_up[0])[-1])
    piece = contents.pieces[contents.files["home.json"][0]]
    (place / "pieces" / piece[:2] / piece).unlink()
    assert _refused(place, tmp_path / "new", keys.recovery, partial=True).code == "backup_damaged"


def _forge(place: Path, keys: KeyFiles, change: Callable[[dict[str, object]], object]) -> None:
    """Put another list into the folder, as anybody can who knows the public keys."""
    path = next(place.glob("snapshots/*"))
    content = json.loads(backup_keys.SecretKeys(keys.recovery).decrypt(path.read_bytes()))
    change(content)
    data = keys.public.encrypt(json_bytes(content))
    path.unlink()
    (place / "snapshots" / f"000007-{sha256_of_bytes(data)[:20]}").write_bytes(data)


def test_parts_that_do_not_make_the_file_that_was_backed_up_are_found(
    place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    _forge(place, keys, lambda content: content["files"].update({"verdicts/d.json": content["files"]["ledger.head"]}))  # type: ignore[attr-defined,index]
    assert _refused(place, tmp_path / "new", keys.recovery).where == "verdicts/d.json"


def test_a_list_that_says_another_kind_of_home_or_another_format_is_refused(
    place: Path, keys: KeyFiles, tmp_path: Path
) -> None:
    _forge(place, keys, lambda content: content.update(invented=False))
    assert _refused(place, tmp_path / "new", keys.recovery).code == "backup_damaged"
    _forge(place, keys, lambda content: content.update(format=2, invented=True))
    assert _refused(place, tmp_path / "new", keys.recovery).code == "backup_newer"


def test_a_secret_key_is_written_once_for_its_owner_alone_and_never_into_the_home(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    public = backup_keys.make_secret(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public in path.read_text(encoding="ascii")
    for taken in (path, tmp_path / "no" / "folder"):
        with pytest.raises(Refusal, match="backup_key_output"):
            backup_keys.make_secret(taken)
    with pytest.raises(Refusal, match="backup_key_output"):
        backup_keys.refuse_inside(Home(tmp_path), tmp_path / "keys" / "x")


def test_two_different_public_keys_are_asked_for_and_a_secret_one_is_never_repeated(
    keys: KeyFiles, tmp_path: Path
) -> None:
    secret = keys.recovery.read_text(encoding="ascii").splitlines()[-1]
    public = keys.public
    for pair in [(public.recovery, ""), ("", public.recovery), (public.recovery, f" {public.recovery}")]:
        with pytest.raises(Refusal, match="backup_needs_keys"):
            backup_keys.check_keys(*pair)
    for pair in [(public.task_force, secret), ("age1nonsense", public.recovery)]:
        with pytest.raises(Refusal, match="backup_key_unreadable") as refused:
            backup_keys.check_keys(*pair)
        assert secret not in f"{refused.value.where} {refused.value.arguments}"
