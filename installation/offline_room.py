"""The offline room, whole: an archive is made, installed and asked where there is no network, and timed.

    python -m installation.offline_room              archive, install, `marsad doctor`
    python -m installation.offline_room --demo       and `make demo` there (`make offline-room`)
    python -m installation.offline_room --demo 2     the same of a country of two years

Belongs here: what is too dear for the suite (minutes, gigabytes). Does not belong here: whether the manifest holds
(`tests/installation/`). The room is a network namespace without an interface: `unshare --net`, needs root or user
namespaces. The environment is empty, so that no setting of this machine helps.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tarfile
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import timed_run

ROOM = ["unshare", "--net", "--map-root-user", "sh", "-c"]


def main() -> None:
    """Build, install and test the archive, and print one JSON document of seconds and sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheels", type=Path, help="a folder that holds the wheels already")
    parser.add_argument(
        "--demo", type=int, nargs="?", const=6, metavar="YEARS", help="run the demo of so many years there, too"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="marsad-room-") as scratch:
        print(json.dumps(_measure_steps(Path(scratch), asked.wheels, asked.demo), indent=2))


def _measure_steps(scratch: Path, wheels: Path | None, years: int | None) -> dict[str, float]:
    program, home = scratch / "opt" / "current", scratch / "home"
    marsad, python = program / ".venv" / "bin" / "marsad", program / ".venv" / "bin" / "python"
    given = ["--wheels", str(wheels)] if wheels else []
    bundling = [sys.executable, "installation/write_bundle.py", str(scratch), *given]
    measured = {"bundle seconds": _time_command(bundling, dict(os.environ))}
    archive = next(scratch.glob("marsad-*.tar"))
    measured["bundle megabytes"] = round(archive.stat().st_size / 1e6)
    with tarfile.open(archive) as packed:
        packed.extractall(scratch / "unpacked", filter="data")
    installer = next((scratch / "unpacked").glob("*/install.sh"))
    room = {
        "HOME": str(scratch),
        "PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin:/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
    }
    room |= {"MARSAD_HOME": str(home)}
    measured["install seconds"] = _time_command([*ROOM, f"sh {installer} {scratch / 'opt'}"], room)
    measured["installed megabytes"] = round(_bytes_below(scratch / "opt") / 1e6)
    if years:
        measured["demo seconds"] = _time_command([*ROOM, f"make -C {program} demo DEMO='--years {years}'"], room)
    else:
        begun = "from ingestion.home import Home; Home.at().open(invented=True)"
        _time_command([*ROOM, f"cd {program} && {python} -c '{begun}'"], room)
    measured["doctor seconds"] = _time_command([*ROOM, f"{marsad} doctor"], room)
    return measured


def _time_command(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Return the elapsed seconds of a command that must succeed."""
    start = time.monotonic()
    outcome = timed_run.run(command, dict(environment))
    if outcome.code:
        raise SystemExit(f"exit code {outcome.code}: {' '.join(command)}")
    return round(time.monotonic() - start, 1)


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    main()
