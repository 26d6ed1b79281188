"""A year added to unchanged ones: six years of the invented country are out, the files of the seventh come in.

`python -m benchmarks.demo.year_added [HOME]` builds to the releases, without a report, and prints what each stage took,
as `timeline.py` does. HOME keeps the home with six years for another time, and is made where it is missing; the seventh
is added beside it. Files are received before the clock begins to run. Corrected files of earlier years and the late
lists of a new region are left out; what the courts decide of earlier cases is not. Belongs here: which files these are.
Does not belong here: how a build is watched (`timeline.py`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.demo.timeline import show, watched
from ingestion.home import Home
from marsad import demonstration, senders
from samples import workbooks
from samples.life.country import Country
from samples.views import deliveries
from samples.workbooks import SentFile

YEARS = 7
_BUILD = """
from assets.building import build
from ingestion.home import Home
from marsad.terminal import console

with console.progress() as tell:
    outcome = build(Home.at(), progress=tell, until="releases")
raise SystemExit(not outcome.passed)
"""
BUILD = [sys.executable, "-c", _BUILD]


def rounds(home: Home, country: Country) -> tuple[Sequence[SentFile], Sequence[SentFile]]:
    """Lay all files out; return those of the first six years, and what was sent later about the last year alone."""
    first, last = demonstration.ROUNDS
    before = workbooks.write(country, home.inbox, sent_until=first)
    about = {one.file_name for one in deliveries(country) if one.period_year >= country.last_year}
    sent = [file for file in workbooks.write(country, home.inbox, sent_until=last) if file not in before]
    return before, [file for file in sent if file.path.name in about]


def main() -> None:
    """Add the year and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, nargs="?", help="Keeps the home with six years; made where it is missing.")
    country, tell = demonstration.country_of(YEARS), partial(print, file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        kept = (parser.parse_args().home or Path(folder) / "six_years").resolve()
        home = Home.at(kept.with_name(f"{kept.name}_and_one"))  # always the same: dbt parses anew at another place
        shutil.rmtree(home.root, ignore_errors=True)
        if kept.exists():
            shutil.copytree(kept, home.root)
        six, seventh = rounds(home.open(invented=True), country)
        if not kept.exists():
            senders.receive_here(home, six, "en", tell)
            subprocess.run(BUILD, env=os.environ | {"MARSAD_HOME": str(home.root)}, check=True)
            shutil.copytree(home.root, kept)
        senders.receive_here(home, seventh, "en", tell)
        show(watched(BUILD, home.root))


if __name__ == "__main__":
    main()
