"""The inbox: files that senders drop into `inbox/<source>/`, received once they no longer change.

Belongs here: which files are ready, receiving them one by one, the outcome written next to each, notes about folders
that belong to no sender. Does not belong here: receiving itself (`landing.py`), or when the inbox is checked
(`marsad inbox`, called by a timer or by hand).

An accepted file is removed once its outcome is written: its sender has the original, and the home what was taken of it.
A refused one stays for its sender until the retention schedule removes it; its outcome records that these very bytes
were refused. If the process is killed in between, the file is received again, recognised as known, and removed. An
outcome is named after the day, the number of the receipt and twelve digits of the file's hash: a file's name may be a
person's.
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
    write_bytes,
    write_json,
)
from ingestion.people import machine_key
from ingestion.people.roster import RECEIPT
from ingestion.sealing.sealed_files import open_upload
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.storage import parse_json
from ingestion.submissions import landing
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

_OUTCOME, _PAGE = ".receipt.json", ".receipt.html"
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
)
_LEFT_ALONE = (NOTE_NAME, "desktop.ini", "thumbs.db")
_NANOSECONDS = 1_000_000_000
_REMOVED = ("accepted", "known")


@dataclass(frozen=True)
class Waiting:
    """A dropped file without an outcome for its present bytes."""

    source: str
    path: Path
    stamp: Stamp

    @property
    def key(self) -> str:
        """The file's path as a hash: its name may contain a person's."""
        return sha256_of_bytes(f"{self.source}/{self.path.name}".encode("utf-8", errors="surrogateescape"))[:16]


@dataclass(frozen=True)
class Outcome:
    """The outcome for one dropped file.

    Args:
        source: whose folder it lay in.
        label: the beginning of the file's hash, or of its path's if it could not be read: a name may be a person's.
        verdict: of the intake; `not_taken` for a file that was not examined and will be tried again.
        receipt: the receipt.
        refusal: why it was not received.
    """

    source: str
    label: str
    verdict: Verdict | Literal["not_taken"]
    receipt: Receipt | None = None
    refusal: Refusal | None = None


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
    return [file for source in source_names() for file in _waiting_of(home.inbox / source, source)]


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


def _waiting_of(folder: Path, source: str) -> Iterator[Waiting]:
    """Yield the dropped files of one sender that were not refused as they are."""
    refused = list(_refused(folder))
    stamps, hashes = {stamp for stamp, _ in refused}, {sha256 for _, sha256 in refused}
    for path, stamp in _dropped_files(folder):
        with suppress(OSError):  # it has just gone
            if stamp not in stamps and (not hashes or sha256_of(path) not in hashes):
                yield Waiting(source, path, stamp)


def _refused(folder: Path) -> Iterator[tuple[Stamp | None, str]]:
    """Yield stamp and hash of the files that were refused here, by their outcomes; one damaged by hand says nothing."""
    for path in sorted(folder.glob(f"*{_OUTCOME}")):
        with suppress(OSError, ValueError, KeyError, AttributeError, TypeError):
            outcome: dict[str, Any] = parse_json(path.read_text(encoding="utf-8"))
            if outcome["verdict"] == "refused":
                is_by_name = "not_sealed" in outcome["kinds"]  # under another name the same bytes may pass
                yield tuple(outcome["stamp"]), "" if is_by_name else outcome.get("sealed_sha256") or outcome["sha256"]


# Taking


def _take(home: Home, file: Waiting, today: datetime.date, key: SealingKey | None) -> Outcome | None:
    """Receive one file; whatever is wrong with it or its sender's card stops no other file.

    Returns:
        None for a file that has changed or gone since the check began: the next check handles it.
    """
    try:
        upload = read_upload(file.path, file.key)
        return _take_file(home, file, open_upload(upload, key), today) if upload.stamp == file.stamp else None
    except Refusal as refusal:
        return None if refusal.code in ("upload_missing", "upload_changed") else _tell_not_taken(file, refusal)
    except Exception as error:
        return _tell_not_taken(file, Refusal("inbox_failed", where=file.key, kind=type(error).__name__))


def _take_file(home: Home, file: Waiting, upload: Upload, today: datetime.date) -> Outcome:
    arrival = examine_arrival(home, file.source, upload, today=today)
    label = upload.sha256[:12]
    refuse_invented(home, arrival, label)
    receipt = landing.take(home, arrival)
    _write_outcome(home, file, receipt, {"stamp": upload.stamp, "sealed_sha256": upload.sealed_sha256})
    if receipt.verdict in _REMOVED:
        upload.remove()
    return Outcome(file.source, label, receipt.verdict, receipt)


def _label_of(path: Path) -> str:
    """Return a folder's name as it may be shown and written: a name may hold bytes that are no text."""
    return printable(path.name) or sha256_of_bytes(os.fsencode(path.name))[:12]


def _write_outcome(home: Home, file: Waiting, receipt: Receipt, as_it_lay: Mapping[str, object]) -> None:
    words = Words.load(load_source(receipt.source).language)
    page = receipt_page(receipt, words, state_of(home, receipt), is_invented=home.is_invented)
    name = f"{receipt.received_at}-{receipt.n:06d}-{receipt.sha256[:12]}"
    machine_key.write_signed(home, file.path.with_name(name + _PAGE), page.encode("utf-8"), RECEIPT)
    write_json(file.path.with_name(name + _OUTCOME), as_json(receipt, words) | dict(as_it_lay))
    _not_taken(file).unlink(missing_ok=True)


def _not_taken(file: Waiting) -> Path:
    return file.path.with_name(f"not-taken-{file.key}{_OUTCOME}")


def _tell_not_taken(file: Waiting, refusal: Refusal) -> Outcome:
    """Write next to the file why it waits, once; it is tried again at each check."""
    words = Words.load(_language_of(file.source))
    arguments = {**refusal.arguments, "where": refusal.where}
    message, remedy = (words.text(f"refusal.{refusal.code}{end}", **arguments) for end in ("", ".remedy"))
    outcome = {"verdict": "not_taken", "code": refusal.code, "message": message, "remedy": remedy}
    outcome_path, text = _not_taken(file), json_bytes(outcome)
    with suppress(OSError):  # a folder in its place, a full disk: this command at least reports it
        if not outcome_path.exists() or outcome_path.read_bytes() != text:
            write_bytes(outcome_path, text)
    return Outcome(file.source, file.key, "not_taken", refusal=refusal)


def _language_of(source: str) -> str:
    try:
        return load_source(source).language
    except Refusal:  # the card itself is why the file waits
        return "en"


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
