"""Landed rows of one year of the invented country, for running dbt by hand; `make setup` writes them.

Belongs here: that year's files, received in a temporary home.
Does not belong here: what dbt makes of the rows (`dbt_project`), the years of the demo (`marsad/demonstration.py`).

`python -m samples.rows_for_dbt FOLDER` rewrites the folder: the same rows each time, from no existing home.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from ingestion.cards.source_card import source_names
from ingestion.home import Home
from ingestion.submissions import current_submissions, landing
from samples import workbooks
from samples.life import country

YEAR = 2025


def write_rows(folder: Path) -> None:
    """Write the raw rows of the year into `folder`, in the layout of landing; earlier content is removed.

    Raises:
        Refusal: as `landing.receive` and `landing.land`, if they refuse a file of the invented country.
    """
    with tempfile.TemporaryDirectory(prefix="marsad-rows-") as scratch:
        home = Home(Path(scratch) / "home").open(invented=True)
        for file in workbooks.write(country.invent_country(first_year=YEAR, last_year=YEAR), home.inbox):
            day, number = file.letter_date, file.letter_number
            landing.receive(home, file.source, file.path, letter_date=day, letter_number=number, today=day)
        for source in source_names():
            landing.land(home, source)
        current_submissions.write(home)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(home.raw, folder)


if __name__ == "__main__":
    write_rows(Path(sys.argv[1]))
