"""Time and memory of a backup and of a return: `python -m benchmarks.backups --files 1000 --kilobytes 1000`.

Makes an invented home whose received files are random bytes, as workbooks are to a packer, and runs `marsad backup`
twice (all is new; one file is new) and `marsad restore`. Prints a Markdown table, by the gigabyte too; the figures go
by hand into docs/benchmarks.md. Belongs here: what is timed. Does not belong here: assertions.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.side_by_side import MARSAD
from benchmarks.timed_run import TimedRun, run
from ingestion.home import Home, sha256_of_bytes
from ingestion.keeping import backup_keys

_GIGABYTE = 1e9


def measure(folder: Path, files: int, kilobytes: int) -> Iterator[str]:
    """Yield the table's lines: what was done, CPU and wall seconds, both by the gigabyte, peak memory."""
    home, disk, secret = Home(folder / "home").open(invented=True), folder / "disk", folder / "recovery"
    for _ in range(files):
        _receive(home, kilobytes)
    task_force, recovery = backup_keys.make_secret(folder / "task_force"), backup_keys.make_secret(secret)
    environment = os.environ | {"MARSAD_HOME": str(home.root)}
    size = files * kilobytes * 1e3 / _GIGABYTE
    first = [*MARSAD, "backup", disk, "--task-force", task_force, "--recovery", recovery]
    yield _line("`marsad backup`, all is new", run(first, environment), size)
    _receive(home, kilobytes)
    yield _line("`marsad backup`, one file is new", run([*MARSAD, "backup", disk], environment), size)
    restore = [*MARSAD, "restore", disk, folder / "new", "--key", secret, "--newest"]
    yield _line("`marsad restore`", run(restore, environment), size)


def _receive(home: Home, kilobytes: int) -> None:
    data = os.urandom(kilobytes * 1000)
    (home.received / sha256_of_bytes(data)).write_bytes(data)


def _line(name: str, done: TimedRun, size: float) -> str:
    verdict = "" if done.code == 0 else " (refused)"
    by_size = f"{done.cpu_seconds / size:.1f} | {done.seconds / size:.1f}"
    return (
        f"| {name}{verdict} | {done.cpu_seconds:.1f} | {done.seconds:.1f} | {by_size} | {done.peak_bytes / 1e6:.0f} |"
    )


def main() -> None:
    """Print the table of one home."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--kilobytes", type=int, default=1000, help="of each file")
    chosen = parser.parse_args()
    print("| what | CPU s | wall s | CPU s a GB | wall s a GB | peak MB |\n|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for line in measure(Path(folder), chosen.files, chosen.kilobytes):
            print(line, flush=True)


if __name__ == "__main__":
    main()
