"""The inbox: files that senders drop into `inbox/<source>/`, received once they no longer change.

Belongs here: which files are ready, receiving them one by one, the outcome written next to each, notes about folders
that belong to no sender. Does not belong here: receiving itself (`landing.py`), or when the inbox is checked
(`marsad inbox`, called by a timer or by hand).

An accepted file stays where it was dropped; the outcome next to it records that these very bytes were received, so it
is not received again until they change. A refused one stays too, unless it was refused for privacy: then it is removed,
like one that asks. That one may come again with its answer file, which is never received as a file itself. The outcome
is written last: if the process is killed before, the file is received again, and recognised as known.
"""

from __future__ import annotations

import datetime
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingestion import writer_lock
from ingestion.cards.source_card import load_source, source_names
from ingestion.files.uploads import Stamp, Upload, read_upload, stamp_of
from ingestion.home import (
    Home,
    json_bytes,
    make_folder,
    sha256_of,
    sha256_of_bytes,
    sync_folder,
    write_bytes,
    write_json,
)
from ingestion.people import machine_key
from ingestion.people.roster import RECEIPT
from ingestion.privacy.answer_file import SUFFIX as ANSWERS
from ingestion.sealing.sealed_files import open_upload
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.storage import parse_json
from ingestion.submissions import landing, receipts
from ingestion.submissions.invented_files import refuse_invented
from ingestion.submissions.preview import examine_arrival
from ingestion.submissions.receipt_page import as_json, receipt_page
from ingestion.submissions.receipt_state import state_of
from ingestion.submissions.receipts import Receipt, Verdict
from ingestion.text.folding import nearest_word_or_all, printable
from languages.refusal import Refusal
from languages.words import Words, languages

NOTE_NAME = "marsad-note.txt"
MINIMUM_AGE_SECONDS = 10.0
"""A file that changed less than this ago may still be being written, by a program that pauses between two parts."""

_OUTCOME, _PAGE, _MARKER = ".receipt.json", ".receipt.html", ".taking"
_SIGNATURE = _PAGE + machine_key.SIGNATURE
_LEFT_ALONE_STARTS = (".", "~$", "~")
_LEFT_ALONE_ENDS = (
    ".tmp",
    ".temp",
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    _OUTCOME,
    _PAGE,
    _SIGNATURE,
    ANSWERS,
)
_LEFT_ALONE = (NOTE_NAME, "desktop.ini", "thumbs.db")
_NANOSECONDS = 1_000_000_000
_LONGEST_NAME = 200  # bytes: file systems allow 255, and a temporary file's name is longer than the outcome's


@dataclass(frozen=True)
class Waiting:
    """A dropped file without an outcome for its present bytes."""

    source: str
    path: Path
    stamp: Stamp

    @property
    def key(self) -> str:
        """The file's path as a hash: its name may contain a person's, and the key names the marker of a taking."""
        return sha256_of_bytes(f"{self.source}/{self.path.name}".encode("utf-8", errors="surrogateescape"))[:16]


@dataclass(frozen=True)
class Outcome:
    """The outcome for one dropped file.

    Args:
        source: whose folder it lay in.
        label: the file's name, or the beginning of its hash once it is removed: a name may be a person's.
        verdict: of the intake; `not_taken` for a file that was not examined and will be tried again.
        receipt: the receipt.
        refusal: why it was not received.
        is_left: whether the file is still in the inbox.
    """

    source: str
    label: str
    verdict: Verdict | Literal["not_taken"]
    receipt: Receipt | None = None
    refusal: Refusal | None = None
    is_left: bool = True


@dataclass(frozen=True)
class Round:
    """The result of one check of the inbox.

    Args:
        outcomes: of the files that were received.
        seen: key -> stamp of all files that wait, for comparison in the next check.
    """

    outcomes: list[Outcome]
    seen: dict[str, Stamp]


def list_waiting(home: Home) -> list[Waiting]:
    """Return the dropped files without an outcome, whether complete or still being copied, by source and name.

    Args:
        home: whose `inbox/` is searched; links are not followed.

    Returns:
        Files of known senders; temporary names used while copying are left out.
    """
    return [
        Waiting(source, path, stamp)
        for source in source_names()
        for path, stamp in _dropped_files(home.inbox / source)
        if not _has_outcome(path, stamp)
    ]


def stamps_by_key(waiting: Sequence[Waiting]) -> dict[str, Stamp]:
    """Return key -> stamp, for the next check.

    Args:
        waiting: what `list_waiting` found.

    Returns:
        Key of the file -> size and times in nanoseconds.
    """
    return {file.key: file.stamp for file in waiting}


def take_unchanged_files(
    home: Home,
    seen: Mapping[str, Stamp],
    *,
    now: datetime.datetime,
    key: SealingKey | None = None,
    tell: Callable[[Outcome], None] = lambda _outcome: None,
) -> Round:
    """Receive every file that has not changed since the previous check, and write its outcome next to it.

    Args:
        home: an opened home of real files, or an invented one in a test.
        seen: of the previous check; a file that is not in it waits for the next one.
        now: a file must also be `MINIMUM_AGE_SECONDS` old, and its day is the day of receipt.
        key: that opens sealed files; without it they wait, and the others are received.
        tell: called with each outcome.

    Raises:
        Refusal: `lock_held` if another process empties this inbox; those of `machine_key.check`.
    """
    machine_key.check(home)
    with writer_lock.hold_lock(home.root / "inbox.lock", "marsad inbox", where=home.inbox):
        _make_folders(home)
        _finish_interrupted(home)
        waiting = list_waiting(home)
        outcomes: list[Outcome] = []
        for file in waiting:
            if not _is_still(file, seen, now):
                continue
            if outcome := _take(home, file, now.date(), key):
                outcomes.append(outcome)
                tell(outcome)
        _write_notes(home)
    return Round(outcomes, stamps_by_key(waiting))


# Which files


def _dropped_files(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    """Yield the regular files of a folder that may be somebody's export, with their stamps."""
    for entry in _entries(folder):
        name = entry.name.lower()
        if name.startswith(_LEFT_ALONE_STARTS) or name.endswith(_LEFT_ALONE_ENDS) or name in _LEFT_ALONE:
            continue
        if (stamp := _stamp_of(Path(entry.path))) is not None:
            yield Path(entry.path), stamp


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return the entries of a folder; none for a link or an unreadable folder (`doctor` reports it)."""
    if folder.is_symlink():
        return []
    try:
        return sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return []


def _stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of a regular file; None for anything else, or if it has just gone."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return stamp_of(status) if stat.S_ISREG(status.st_mode) else None


def _is_still(file: Waiting, seen: Mapping[str, Stamp], now: datetime.datetime) -> bool:
    age = abs(now.timestamp() - file.stamp[2] / _NANOSECONDS)  # a server's clock may be ahead of ours
    return seen.get(file.key) == file.stamp and age >= MINIMUM_AGE_SECONDS


def _path_beside(path: Path, ending: str) -> Path:
    """Return the path of a message about a file: next to it, by its name, shortened if the file system needs it."""
    name = os.fsencode(path.name)
    if len(name) <= _LONGEST_NAME:
        return path.with_name(path.name + ending)
    cut = name[: _LONGEST_NAME // 2].decode("utf-8", errors="ignore")
    return path.with_name(f"{cut}~{sha256_of_bytes(name)[:12]}{ending}")


def _has_outcome(path: Path, stamp: Stamp) -> bool:
    """Return whether there is an outcome for these very bytes next to the file."""
    outcome_path = _path_beside(path, _OUTCOME)
    try:
        outcome: dict[str, Any] = parse_json(outcome_path.read_text(encoding="utf-8"))
        if not outcome.get("stamp"):
            return False
        as_it_lay = outcome.get("sealed_sha256") or outcome["sha256"]
        is_same = outcome["verdict"] != "asks" and as_it_lay == sha256_of(path)  # an asking file comes with answers
        return tuple(outcome["stamp"]) == stamp or is_same
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False  # missing, or damaged by hand


# Taking


def _take(home: Home, file: Waiting, today: datetime.date, key: SealingKey | None) -> Outcome | None:
    """Receive one file; whatever is wrong with it or its sender's card stops no other file.

    Returns:
        None for a file that has changed or gone since the check began: the next check handles it.
    """
    try:
        upload = read_upload(file.path, _label_of(file.path))
        return _take_file(home, file, open_upload(upload, key), today) if upload.stamp == file.stamp else None
    except Refusal as refusal:
        return None if refusal.code in ("upload_missing", "upload_changed") else _tell_not_taken(file, refusal)
    except Exception as error:
        return _tell_not_taken(file, Refusal("inbox_failed", where=_label_of(file.path), kind=type(error).__name__))


def _take_file(home: Home, file: Waiting, upload: Upload, today: datetime.date) -> Outcome:
    arrival = examine_arrival(home, file.source, upload, today=today)
    refuse_invented(home, arrival, _label_of(file.path))
    marker = _announce(file, upload)
    receipt = landing.take(home, arrival)
    is_left = _stamp_of(file.path) is not None
    label = _label_of(file.path) if is_left else _removed_label(upload)  # a file that stays shows its name anyway
    named_path = file.path if is_left else file.path.with_name(label)
    _write_outcome(home, named_path, receipt, {"stamp": upload.stamp, "sealed_sha256": upload.sealed_sha256})
    marker.unlink()
    sync_folder(marker.parent)
    return Outcome(file.source, label, receipt.verdict, receipt, is_left=is_left)


def _announce(file: Waiting, upload: Upload) -> Path:
    """Write the marker saying that the file is being received, and return its path.

    Intake may remove the file, and a process killed just then writes no outcome: `_finish_interrupted` does.
    """
    marker = file.path.with_name(f".{file.key}{_MARKER}")
    write_json(marker, {"label": _removed_label(upload), "sha256": upload.sha256})
    return marker


def _removed_label(upload: Upload) -> str:
    """Return what a file is called once it is removed."""
    return upload.sha256[:12]


def _label_of(path: Path) -> str:
    """Return a file's name as it may be shown and written: a name may hold bytes that are no text."""
    return printable(path.name) or sha256_of_bytes(os.fsencode(path.name))[:12]


def _write_outcome(home: Home, file: Path, receipt: Receipt, as_it_lay: Mapping[str, object]) -> None:
    words = Words.load(load_source(receipt.source).language)
    page = receipt_page(receipt, words, state_of(home, receipt), is_invented=home.is_invented)
    machine_key.write_signed(home, _path_beside(file, _PAGE), page.encode("utf-8"), RECEIPT)
    write_json(_path_beside(file, _OUTCOME), as_json(receipt, words) | dict(as_it_lay))


def _tell_not_taken(file: Waiting, refusal: Refusal) -> Outcome:
    """Write next to the file why it waits, once; without a stamp, so that it is tried again at each check."""
    words = Words.load(_language_of(file.source))
    arguments = {**refusal.arguments, "where": refusal.where}
    message, remedy = (words.text(f"refusal.{refusal.code}{end}", **arguments) for end in ("", ".remedy"))
    outcome = {"verdict": "not_taken", "code": refusal.code, "message": message, "remedy": remedy}
    outcome_path, text = _path_beside(file.path, _OUTCOME), json_bytes(outcome)
    with suppress(OSError):  # a folder in its place, a full disk: this command at least reports it
        if not outcome_path.exists() or outcome_path.read_bytes() != text:
            write_bytes(outcome_path, text)
    return Outcome(file.source, _label_of(file.path), "not_taken", refusal=refusal)


def _language_of(source: str) -> str:
    try:
        return load_source(source).language
    except Refusal:  # the card itself is why the file waits
        return "en"


def _finish_interrupted(home: Home) -> None:
    """Write the outcomes of files that were removed just before the receiving process was killed."""
    for source in source_names():
        for marker in sorted((home.inbox / source).glob(f".*{_MARKER}")):
            with suppress(OSError):  # no file, or no room: the next look tries again
                _finish(home, source, marker)
                marker.unlink()


def _finish(home: Home, source: str, marker: Path) -> None:
    try:
        begun: dict[str, str] = parse_json(marker.read_text(encoding="utf-8"))
        label, sha256 = begun["label"], begun["sha256"]
    except (ValueError, KeyError, TypeError):  # damaged by hand
        return
    there = {f".{Waiting(source, path, stamp).key}{_MARKER}" for path, stamp in _dropped_files(marker.parent)}
    own_receipts = [
        receipt for receipt in receipts.read_receipts(home) if (receipt.source, receipt.sha256) == (source, sha256)
    ]
    if own_receipts and marker.name not in there:  # a file that is still there is simply received again
        _write_outcome(home, marker.with_name(label), own_receipts[-1], {"stamp": None})


# Folders


def _make_folders(home: Home) -> None:
    for source in source_names():
        make_folder(home.inbox / source)


def _write_notes(home: Home) -> None:
    """Write once, in every language, that files in a folder of no sender are not received, and where they belong."""
    known = source_names()
    for folder in sorted(path for path in home.inbox.iterdir() if path.is_dir() and not path.is_symlink()):
        if folder.name not in known and not folder.name.startswith(_LEFT_ALONE_STARTS) and any(_dropped_files(folder)):
            near = nearest_word_or_all(folder.name, known)
            _write_note(folder, "inbox.nobodys_folder", folder=_label_of(folder), nearest=near)
    if any(_dropped_files(home.inbox)):
        _write_note(home.inbox, "inbox.loose_files", folders=", ".join(known))


def _write_note(place: Path, key: str, **arguments: str) -> None:
    note = place / NOTE_NAME
    if not note.exists():
        lines = [Words.load(tag).text(key, **arguments) for tag in languages() if key in Words.load(tag)]
        write_bytes(note, ("\n\n".join(lines) + "\n").encode("utf-8"))
