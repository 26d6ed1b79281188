"""The passphrase of the task force's sealing key: asked on a terminal, never taken from elsewhere.

Belongs here: asking, and unlocking the key for a command. Does not belong here: the key (`ingestion/sealing`).

As an argument or a variable it could be read by every child, and by whoever lists processes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ingestion.files.uploads import starts_sealed
from ingestion.home import Home
from ingestion.sealing import sealing_keys
from ingestion.sealing.sealing_keys import SealingKey
from languages.refusal import Refusal
from languages.words import Words
from marsad.terminal import console

_TRIES = 3


def key_for(files: Iterable[Path], words: Words) -> SealingKey | None:
    """Return the unlocked key of this home if one of the files is sealed; None where nobody can be asked for it.

    Raises:
        Refusal: those of `sealing_keys.unlock`.
    """
    return _unlocked_key(Home.at(), words) if any(map(starts_sealed, files)) else None


def ask_new(words: Words) -> str:
    """Return a new passphrase, typed twice.

    Raises:
        Refusal: `sealing_no_terminal`, `sealing_passphrases_differ`.
    """
    if not sys.stdin.isatty():
        raise Refusal("sealing_no_terminal", where="-")
    passphrase = _ask(words.text("desk.passphrase_new", least=sealing_keys.SHORTEST_PASSPHRASE))
    if passphrase != _ask(words.text("desk.passphrase_repeat")):
        raise Refusal("sealing_passphrases_differ", where="-")
    return passphrase


def _unlocked_key(home: Home, words: Words) -> SealingKey | None:
    if home.is_invented:
        return sealing_keys.DEMO_KEY
    if not sys.stdin.isatty() or not sealing_keys.public_keys(home):
        return None
    for tries_left in reversed(range(_TRIES)):
        passphrase = _ask(words.text("desk.passphrase"))
        if not passphrase:
            break
        try:
            key = sealing_keys.unlock(home, passphrase)
        except Refusal as refusal:
            if refusal.code != "sealing_passphrase_wrong" or not tries_left:
                raise
            console.note(words.text("desk.passphrase_again"))
        else:
            _dump_no_core()
            return key
    return None


def _ask(question: str) -> str:
    from getpass import getpass  # imported late: most commands ask for nothing

    try:
        return getpass(f"{question}: ")
    except EOFError:
        return ""


def _dump_no_core() -> None:
    """Forbid the system to write this process's memory to the disk if it crashes; its children inherit that."""
    with suppress(ImportError, OSError, ValueError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
