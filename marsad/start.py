"""Entry point of `marsad`: which commands are loaded, and what applies to all: permissions and refusals.

Does not belong here: options and their help (`check_command.py`, `command.py`).
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable

from ingestion.home import Home
from languages.refusal import Refusal
from marsad.terminal import chosen_language, console, exit_codes


def main() -> None:
    """Run the command that was typed; `marsad check` without loading the others, which takes half a second."""
    if sys.argv[1:2] == ["check"]:
        from marsad.check_command import main as run_typed
    else:
        from marsad.command import main as run_typed
    run_typed()


def run(command: Callable[[], object]) -> None:
    """Run a command and turn a refusal, or a disk error, into text and an exit code.

    Whatever the command or its children write, DuckDB, dbt and Dagster included, is readable by its owner alone.
    """
    os.umask(0o077)
    warnings.filterwarnings("ignore", module="pyspark")  # in English, to a clerk; the lock decides what goes together
    chosen_language.begin(None)
    try:
        command()
    except Refusal as error:
        console.refusal(error, chosen_language.words())
        sys.exit(exit_codes.code_of_refusal(error))
    except Exception as error:
        from ingestion.storage import refusal_of  # imported late: only needed after an error

        refused = refusal_of(error, Home.at().root)
        if refused is None:
            raise
        console.refusal(refused, chosen_language.words())
        sys.exit(1)
