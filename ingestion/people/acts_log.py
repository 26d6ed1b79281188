"""The log of the house: its founding, its acts, sign-ins, who looked inside; append-only and chained by hashes.

Belongs here: one line of `acts.jsonl`, reading and appending; the heads of all logs, which each statement names. Does
not belong here: what an act is (`acts.py`); the other logs, which keep their own chains (`receipts.py`,
`decisions.py`, the ledger).
A line holds no value of a record and no file name that a sender typed: hashes, versions, codes of indicators, names of
commands.
"""

from __future__ import annotations

import datetime
import getpass
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingestion import hash_chain, writer_lock
from ingestion.home import Home, sha256_of_bytes
from ingestion.storage import parse_json
from languages.refusal import Refusal

LineKind = Literal["founded", "done", "given_up", "looked", "signed_in", "account"]
FIELDS = ("day", "kind", "person", "what", "act", "number")
_LOCK_SECONDS = 10.0


@dataclass(frozen=True)
class LastStatement:
    """The newest statement of a home: its hash and number; empty and 0 before the first."""

    sha256: str
    number: int


def path_of(home: Home) -> Path:
    """Return the path of the log."""
    return home.root / "acts.jsonl"


def read_acts(home: Home) -> list[dict[str, Any]]:
    """Return all lines, oldest first: `FIELDS`, `n`, `prev`, `hash`.

    Raises:
        Refusal: `acts_broken` with the first line where the chain breaks.
    """
    lines, problems = hash_chain.read_lines(path_of(home), FIELDS)
    if problems:
        raise Refusal("acts_broken", where=path_of(home).name, line=problems[0])
    return lines


def append(home: Home, kind: LineKind, person: str, what: str, *, act: str = "", number: int = 0) -> dict[str, Any]:
    """Append a line of today and return it. The log has a lock of its own: a look is logged while a build runs.

    Args:
        home: whose log it is.
        kind: what happened.
        person: short name in the roster; empty for the house itself.
        what: kind of the act, or the command with what it looked at.
        act: hash of the act's bytes.
        number: of the statement.

    Raises:
        Refusal: as `read_acts`; `lock_held`.
    """
    day = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    content = {"day": day, "kind": kind, "person": person, "what": what, "act": act, "number": number}
    with writer_lock.hold_lock(home.root / "acts.lock", "marsad log", where=path_of(home), wait=_LOCK_SECONDS):
        hash_chain.repair_head(path_of(home))
        lines = read_acts(home)
        return hash_chain.append(path_of(home), content, len(lines), str(lines[-1]["hash"]) if lines else "")


def log_look(home: Home, person: str, what: str, kind: LineKind = "looked") -> None:
    """Log that somebody looks inside, signs in to look or changes an account; what cannot be logged is not done.

    Args:
        home: whose inside it is.
        person: who looks; by default the account of the machine.
        what: the command, with the dataset, indicator or agency that it asks about; no value, no name of a file.
        kind: of the line.

    Raises:
        Refusal: `look_not_logged` where the log cannot be written.
    """
    try:
        append(home, kind, person or getpass.getuser(), what)
    except OSError as error:
        raise Refusal("look_not_logged", where=str(path_of(home))) from error


def identity(home: Home) -> str:
    """Return what names this home in its acts: the hash of the line of its founding.

    Raises:
        Refusal: `people_missing` before the founding.
    """
    founding = founding_of(read_acts(home))
    if founding is None:
        raise Refusal("people_missing", where=str(path_of(home)))
    return str(founding["hash"])


def founding_of(lines: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the line of the founding; None before it."""
    return next((line for line in lines if line["kind"] == "founded"), None)


def first_roster(home: Home) -> str:
    """Return the hash of the roster that the line of the founding names.

    Raises:
        Refusal: `people_missing` before the founding.
    """
    founding = founding_of(read_acts(home))
    if founding is None:
        raise Refusal("people_missing", where=str(path_of(home)))
    return str(founding["what"]).partition(" ")[0]


def last_statement(home: Home) -> LastStatement:
    """Return the newest statement of a home."""
    done = [line for line in read_acts(home) if line["kind"] == "done"]
    return LastStatement(str(done[-1]["act"]), int(done[-1]["number"])) if done else LastStatement("", 0)


def statements(home: Home) -> tuple[str, ...]:
    """Return the hash of every statement of a home, oldest first."""
    return tuple(str(line["act"]) for line in read_acts(home) if line["kind"] == "done")


def withdrawn(home: Home) -> list[str]:
    """Return the releases that were withdrawn, `<dataset>/<version>`, oldest first; `release_log.py` reads the rest."""
    path = logs_of(home)["withdrawn"]
    lines = path.read_bytes().splitlines() if path.exists() else []
    try:
        contents: list[dict[str, Any]] = [dict(parse_json(line)) for line in lines]
        return [f"{content['dataset']}/{content['version']}" for content in contents]
    except (ValueError, LookupError, TypeError) as error:
        raise Refusal("ledger_broken", where=path.name, line=len(lines)) from error


def logs_of(home: Home) -> Mapping[str, Path]:
    """Return every log of a home by the name that statements give it."""
    return {
        "receipts": home.receipts,
        "decisions": home.decisions,
        "backups": home.root / "backups.jsonl",
        "ledger": home.ledger / "log.jsonl",
        "withdrawn": home.ledger / "withdrawn.jsonl",
        "acts": path_of(home),
        "editing": home.editing,
    }


def heads(home: Home, names: Iterable[str] | None = None) -> dict[str, str]:
    """Return log -> `<number of lines>:<SHA-256 of all of them>`, of all logs or of those named."""
    logs = logs_of(home)
    return {name: _head_after(logs[name], None) for name in (logs if names is None else names)}


def had_head(path: Path, head: str) -> bool:
    """Return whether a log, cut to the length that a head names, is what it was then."""
    lines = head.partition(":")[0]
    return lines.isdecimal() and _head_after(path, int(lines)) == head


def _head_after(path: Path, lines: int | None) -> str:
    """Return the head of the first lines of a log; of all of them with None. A torn last line does not count."""
    whole = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    counted = whole if lines is None else whole[:lines]
    data = b"".join(line + b"\n" for line in counted)
    return f"{len(counted)}:{sha256_of_bytes(data)}"
