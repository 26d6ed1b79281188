"""The steps from one format of a home to the next; each can be killed at any point and run again.

Belongs here: the steps, in their order, and the record of an upgrade's progress. Does not belong here: asking a person
(`upgrading.py`), which formats may be read and written (`ingestion/home.py`), the formats of released files
(`expectations/published/release_formats.py`): a released file is never rewritten.

A step looks at what exists and does what is missing, so that a second run of it changes nothing. The format is in
`home.json`, which is written last: until then every writer refuses the home, and older programs can read it.
`upgrade.json` exists from before the first step until after the last; a new format adds its steps to `STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.published import ledger
from ingestion import access, hash_chain, intake_lock, writer_lock
from ingestion.chain_heads import damaged_files, keep_head, read_heads
from ingestion.home import FORMAT_VERSION, Home, read_json, sync_folder, write_json
from ingestion.home_settings import NAME
from ingestion.privacy import confirmed_words
from ingestion.submissions import decisions, receipts
from languages.refusal import Refusal
from marsad.upgrades.folded_words import take_back_folded
from marsad.upgrades.landed_otherwise import land_again

COMMAND = "marsad upgrade"


@dataclass(frozen=True)
class Step:
    """One step of an upgrade.

    Args:
        name: key of its message, `upgrade.step.<name>`.
        run: what it does; a second run does nothing.
    """

    name: str
    run: Callable[[Home], None]


def unfinished_upgrade(home: Home) -> Path | None:
    """Return the record of an upgrade that was started but not finished; None if there is none."""
    path = _record(home)
    return path if path.exists() else None


def steps_from(version: int) -> list[Step]:
    """Return the steps from a format to this program's, in order."""
    return [step for older in range(version, FORMAT_VERSION) for step in STEPS[older]]


def upgrade(home: Home, progress: Callable[[Step], None]) -> None:
    """Upgrade a home to the format of this program, or finish what an earlier run had begun.

    Args:
        home: of an older format, or with an unfinished upgrade.
        progress: called with each step before it runs.

    Raises:
        Refusal: `lock_held`; `home_newer`; the refusals of a broken log, which is not overwritten.
    """
    with _hold_locks(home):
        version = home.settings.format_version
        if version < FORMAT_VERSION:
            write_json(_record(home), {"from": version, "to": FORMAT_VERSION})
            for step in steps_from(version):
                progress(step)
                step.run(home)
            content: dict[str, Any] = read_json(home.root / NAME)
            write_json(home.root / NAME, {**content, "format_version": FORMAT_VERSION})
        _record(home).unlink(missing_ok=True)
        sync_folder(home.root)


@contextmanager
def _hold_locks(home: Home) -> Generator[None]:
    """Hold both locks of a home, so that nothing is received or built meanwhile."""
    with (
        writer_lock.hold_lock(home.root / "lock", COMMAND, where=home.root),
        writer_lock.hold_lock(intake_lock.path_of(home), COMMAND, where=home.receipts),
    ):
        yield


def _record(home: Home) -> Path:
    return home.root / "upgrade.json"


def _make_folders(home: Home) -> None:
    """Create the folders that an older version did not have."""
    home.make_rooms()


def _write_heads(home: Home) -> None:
    """Give each log the head that an older version did not write, so that a lost last line is detected from now on."""
    logs: Mapping[Path, Sequence[str]] = {
        hash_chain.head_of(home.receipts): [receipt.hash for receipt in receipts.read_receipts(home)],
        hash_chain.head_of(home.decisions): [decision.hash for decision in decisions.read_decisions(home)],
        hash_chain.head_of(home.confirmed_words): [
            confirmation.hash for confirmation in confirmed_words.read_confirmations(home)
        ],
        ledger.head_path(home): [ledger.hash_of(entry) for entry in ledger.entries(home)],
    }
    for path, hashes in logs.items():
        for head in damaged_files(path):  # only the backup has its content
            raise Refusal("bytes_changed", where=str(head))
        if hashes and len(read_heads(path)) < 2:
            keep_head(path, len(hashes), hashes[-1])


def _close_rights(home: Home) -> None:
    """Remove access that an older version had left to others."""
    access.mend(home.root, home.settings)


STEPS: Mapping[int, Sequence[Step]] = {
    1: (Step("folders", _make_folders), Step("heads", _write_heads), Step("rights", _close_rights)),
    2: (
        Step("words_as_spelled", take_back_folded),
        Step("landed_again", land_again),  # last: files land by what the steps before it changed
    ),
}
"""Format -> the steps to the next one.

From 1 to 2: a program that knows only older names than those of release format 4 must not use a home whose ledger holds
such releases: it would protect against half of what is published. Such a program refuses format 2.

From 2 to 3: new intake rules changed what lands of files that were accepted before (decision 78). An older program
would land them as before, and its next release would undo the correction.
"""
