"""A year added to unchanged ones: six years of the invented country are out, the files of the seventh come in.

`python -m benchmarks.year_added [HOME]` builds to the releases, without a report, and prints what each stage took, as
`demo.py` does. HOME keeps the home with six years for another time, and is made if it is missing; the seventh year is
added in a copy. Files are received before the clock starts. Corrected files of earlier years and the late lists of a
new region are left out; what the courts decided of earlier cases is not. Belongs here: which files these are. Does not
belong here: how a build is watched (`demo.py`).
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

from benchmarks.demo import print_stages, watch_stages
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


def split_files(home: Home, country: Country) -> tuple[Sequence[SentFile], Sequence[SentFile]]:
    """Lay all files out; return those of the first six years, and what was sent later about the last year alone."""
    first, last = demonstration.ROUNDS
    before = workbooks.write(country, home.inbox, sent_until=first)
    last_year = {sent.file_name for sent in deliveries(country) if sent.period_year >= country.last_year}
    later = [file for file in workbooks.write(country, home.inbox, sent_until=last) if file not in before]
    return before, [file for file in later if file.path.name in last_year]


def main() -> None:
    """Add the year and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, nargs="?", help="Keeps the home with six years; made where it is missing.")
    country, tell = demonstration.country_of(YEARS), partial(print, file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        six_years = (parser.parse_args().home or Path(folder) / "six_years").resolve()
        # always the same place: dbt parses its project anew at another
        home = Home.at(six_years.with_name(f"{six_years.name}_and_one"))
        shutil.rmtree(home.root, ignore_errors=True)
        if six_years.exists():
            shutil.copytree(six_years, home.root)
        first, seventh = split_files(home.open(invented=True), country)
        if not six_years.exists():
            senders.receive_here(home, first, "en", tell)
            subprocess.run(BUILD, env=os.environ | {"MARSAD_HOME": str(home.root)}, check=True)
            shutil.copytree(home.root, six_years)
        senders.receive_here(home, seventh, "en", tell)
        print_stages(watch_stages(BUILD, home.root))


if __name__ == "__main__":
    main()
