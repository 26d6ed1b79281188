"""Where the `marsad` command starts: a plain `marsad check` is answered at once, all else goes to `command.py`.

Belongs here: recognising that plain check without the library that parses commands (to load it and to build its tree of
commands takes longer than to examine a file), and what holds for every command: its rights and its refusals.
Does not belong here: options and their help (`command.py`); `tests/marsad/test_start.py` holds the two against each
other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home
from ingestion.stop_signals import stopped_in_words
from languages.refusal import Refusal
from marsad.terminal import chosen_language, console, exit_codes, process_settings

_LANGUAGE = {"--language": "language", "-l": "language"}
_WITH_VALUE = {**_LANGUAGE, "--source": "source"}


@dataclass(frozen=True)
class PlainCheck:
    """`marsad check FILE` with no more than these options.

    Args:
        file: that is examined.
        source: whose file it is; None to find it.
        language: of the answer; None for English.
        as_json: whether the answer is one document.
    """

    file: Path
    source: str | None = None
    language: str | None = None
    as_json: bool = False


def main() -> None:
    """Run the command that was typed."""
    plain = plain_check(sys.argv[1:])
    if plain is None:
        from marsad.command import main as run_any  # late: see above

        run_any()
    else:
        run(lambda: _answer(plain))


def run(command: Callable[[], object]) -> None:
    """Run a command and turn a refusal, also one of the disk, into words and an exit code.

    Whatever the command or its children write, DuckDB, dbt and Dagster included, is its owner's alone.
    """
    os.umask(0o077)
    process_settings.settle()
    chosen_language.begin(None)
    try:
        command()
    except Refusal as error:
        console.refusal(error, chosen_language.words())
        sys.exit(exit_codes.of_refusal(error))
    except Exception as error:
        from ingestion.storage import refusal_of  # late: only when something went wrong

        refused = refusal_of(error, Home.at().root)
        if refused is None:
            raise
        console.refusal(refused, chosen_language.words())
        sys.exit(1)


def plain_check(arguments: Sequence[str]) -> PlainCheck | None:
    """Return the plain check that was typed; None for anything else, a slip of the hand in it included.

    Args:
        arguments: of the command, without its name.
    """
    before, named, behind = _parted(arguments)
    if not named:
        return None
    options = _options(before, _LANGUAGE, flags=())
    more = _options(behind, _WITH_VALUE, flags=("--json",))
    if options is None or more is None or options.keys() & more.keys() or not more.get("file"):
        return None
    found = {**options, **more}
    return PlainCheck(Path(found["file"]), found.get("source"), found.get("language"), "--json" in found)


def _parted(arguments: Sequence[str]) -> tuple[Sequence[str], bool, Sequence[str]]:
    """Return what stands before the word `check`, whether it is there, and what stands behind it."""
    at = next((place for place, word in enumerate(arguments) if word == "check"), None)
    return ((), False, ()) if at is None else (arguments[:at], True, arguments[at + 1 :])


def _options(typed: Sequence[str], with_value: dict[str, str], flags: Sequence[str]) -> dict[str, str] | None:
    """Return name -> value of the options, and the one `file`; None for what is not surely one of them."""
    found: dict[str, str] = {}
    words: Iterator[str] = iter(typed)
    for word in words:
        if word in with_value:
            name, value = with_value[word], next(words, "")
        elif word in flags:
            name, value = word, word
        else:
            name, value = "file", word
        if name in found or not value or (value.startswith("-") and name != value):
            return None
        found[name] = value
    return found


def _answer(plain: PlainCheck) -> None:
    from marsad.answers import checking

    chosen_language.speak(plain.language)
    words = chosen_language.words()
    try:
        with stopped_in_words("command_stopped", Home.at().root):
            verdict = checking.check(plain.file, plain.source, words, as_json=plain.as_json)
        sys.exit(exit_codes.of_verdicts([verdict]))
    except EOFError:
        console.note("")
        sys.exit(exit_codes.REFUSED)
    except BrokenPipeError:  # whoever read the answer has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(exit_codes.REFUSED)
