"""Fuzz the readers of foreign files: `make fuzz READER=xlsx MINUTES=10`.

Each reader gets damaged files until its time is over, in a process with a limit of memory and a limit of time for each
file. It may return or raise a `Refusal`, and writes nothing outside of its folder. The smallest file that it fails on
stays in `build/fuzz/`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from ingestion.home import sha256_of_bytes
from languages.refusal import Refusal
from tests.fuzz.damage import damaged
from tests.fuzz.readers import READERS, Reader
from tests.fuzz.watching import watched

MEMORY_BYTES = 1_500_000_000
"""Address space that reading may take beyond what the loaded libraries have reserved."""
LEAST = 12
"""Files that each reader gets, however slow the machine is."""
SECONDS = 10.0
"""Of CPU time for one file."""
FOLDER = Path(__file__).resolve().parents[2] / "build" / "fuzz"
_ROUND = 200


@dataclass
class Fuzzing:
    """What came of fuzzing a reader.

    Attributes:
        reader: its name.
        files: how many it read.
        refused: how many of them it refused.
        refused_seeds: which of the good files it refused, by number.
        seconds: how long it took.
        failure: the last lines of what went wrong, empty if nothing did.
        file: that provoked it, made as small as Hypothesis could.
    """

    reader: str
    files: int = 0
    refused: int = 0
    refused_seeds: list[int] = field(default_factory=list)
    seconds: float = 0.0
    failure: str = ""
    file: str = ""


def fuzz(
    name: str, reader: Reader, files: Sequence[bytes], seconds: float, first: int = 0, folder: Path = FOLDER
) -> Fuzzing:
    """Give a reader damaged files until the time is over or one of them is not answered.

    Args:
        name: of the reader.
        reader: the reader.
        files: its seeds, made before anything is limited.
        seconds: how long.
        first: the first seed of chance; equal seeds draw equal files.
        folder: where a file that fails is put.
    """
    outcome = Fuzzing(name)
    begun = time.monotonic()
    try:
        outcome.refused_seeds = [number for number, data in enumerate(files) if _read(outcome, reader, data)]
        for number in count(first):
            _round(outcome, reader, files, number, begun + seconds)
            if time.monotonic() > begun + seconds:
                break
    except Exception as error:  # whatever is neither an answer nor a refusal
        where = traceback.format_list(traceback.extract_tb(error.__traceback__)[-4:])
        outcome.failure = f"{''.join(where)}{type(error).__name__}: {str(error)[:400]}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}-{sha256_of_bytes(_Last.data)[:12]}"
        path.write_bytes(_Last.data)
        outcome.file = str(path)
    outcome.seconds = round(time.monotonic() - begun, 1)
    return outcome


class _Last:
    """The last file that was read: after a failure the smallest one, which Hypothesis runs once more."""

    data = b""


def _round(outcome: Fuzzing, reader: Reader, files: Sequence[bytes], number: int, end: float) -> None:
    has_failed = False

    @seed(number)
    @settings(
        max_examples=_ROUND,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged(files, is_packed=reader.is_packed))
    def read(data: bytes) -> None:
        nonlocal has_failed
        is_over = time.monotonic() > end and outcome.files >= LEAST
        if is_over and not has_failed:  # what has failed is made small, however long it takes
            return
        try:
            outcome.refused += _read(outcome, reader, data)
        except Exception:
            has_failed = True
            raise

    read()


def _read(outcome: Fuzzing, reader: Reader, data: bytes) -> bool:
    """Let a reader read a file, and return whether it refused it; anything else that it raises is a fault."""
    _Last.data = data
    outcome.files += 1
    folder = Path(tempfile.mkdtemp(prefix="marsad-fuzz-"))
    before, tempfile.tempdir = tempfile.tempdir, str(folder)  # openpyxl writes each sheet into a temporary file
    try:
        with watched(folder, SECONDS):
            reader.read(data, folder)
    except Refusal:
        return True
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)
    return False


def _limit_memory() -> None:
    """Limit the address space; the parsing child inherits the limit."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main() -> None:
    """Fuzz one reader, or each in turn, and say what came of it; exit with 1 where one failed."""
    parser = argparse.ArgumentParser(description="Fuzz the readers of foreign files.")
    parser.add_argument("reader", nargs="?", default="", choices=["", *READERS], help="all of them by default")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each reader")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of chance; equal seeds draw equal files")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args()
    os.fsync = lambda _descriptor: None  # nothing here must outlive a machine whose plug is pulled
    sys.dont_write_bytecode = True  # what a reader imports late is written nowhere
    chosen = [options.reader] if options.reader else list(READERS)
    files = {name: READERS[name].seeds() for name in chosen}
    _limit_memory()
    outcomes = []
    for name in chosen:
        outcome = fuzz(name, READERS[name], files[name], options.minutes * 60, options.seed)
        outcomes.append(outcome)
        if not options.json:
            lines = [f"{name}: {outcome.files} files in {outcome.seconds:g} s, {outcome.refused} refused"]
            lines += [f"{name} refuses good files: {outcome.refused_seeds}"] if outcome.refused_seeds else []
            lines += [f"FAILED on {outcome.file} (seed {options.seed}):\n{outcome.failure}"] if outcome.failure else []
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()
    if options.json:
        sys.stdout.write(json.dumps([asdict(outcome) for outcome in outcomes]))
    sys.exit(any(outcome.failure for outcome in outcomes))


if __name__ == "__main__":
    main()
