"""The name codes that holders of the invented country make for the files that they have sent.

Belongs here: which agencies make codes, in which script their clerks type names, and for which rows of a file a name is
known. The file of codes is written by the function behind `marsad pseudonymise --codes`.
Does not belong here: names and spellings (`life/naming.py`), which rows have no pseudonymous ID (`bodies/`), linking.
Only holders know a name: it is in no file of the invented country, and the codes are in no home.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ingestion.holders import codes_files
from ingestion.holders.codes_files import NamedRow
from ingestion.home import sha256_of_bytes
from samples import workbooks
from samples.bodies.sight import INTERIOR, IOM, JUDICIAL, KURDISTAN, LetterDelivery, Row
from samples.life import naming
from samples.life.chance import RandomStream
from samples.life.country import DEMO_KEY, Country, rows_of
from samples.views import deliveries

SCRIPTS: Mapping[str, naming.Script] = {INTERIOR: "arabic", JUDICIAL: "arabic", IOM: "latin", KURDISTAN: "sorani"}
"""Agency that makes codes -> the script in which its clerks type names."""
TABLES = ("victims", "identifications", "caseload", "region_victims")
NAMED_SHARE = 0.88
"""Share of the rows for which the holder knows a name."""


class SentRow(NamedTuple):
    """A row of a sent file: its table, its sheet, its row number in a spreadsheet program, its content."""

    table: str
    sheet: str
    row_number: int
    row: Row


def coded_deliveries(country: Country, day: date) -> list[LetterDelivery]:
    """Return the files for which codes are made: each agency's last file of the newest year that counts on a day."""
    of_year = [
        delivery
        for delivery in deliveries(country)
        if delivery.period_year == country.last_year and delivery.source in SCRIPTS
    ]
    return list({delivery.source: delivery for delivery in of_year if delivery.counts_on(day)}.values())


def rows_sent(country: Country, delivery: LetterDelivery) -> Iterator[SentRow]:
    """Return the rows about victims in a file."""
    typed = [
        (grid.table, grid.sheet, number)
        for grid in workbooks.grids_of(country, delivery)
        for number, line in enumerate(grid.lines, start=1)
        if line.kind == "data"
    ]
    for table in TABLES:
        places = [(sheet, number) for name, sheet, number in typed if name == table]
        rows = sorted(delivery.tables.get(table, ()), key=_turn)
        yield from (SentRow(table, *place, row) for place, row in zip(places, rows, strict=True))


def _turn(row: Row) -> int:
    """Return the order of a row's sheet: the mission has one per year, the newest first; the others have one."""
    return -row["registered_date"].year if "registered_date" in row else 0


def write(country: Country, folder: Path, day: date) -> list[Path]:
    """Write the newest year's files of codes as `write_of` does, for the files that count on a day."""
    return write_of(country, folder, coded_deliveries(country, day))


def write_of(country: Country, folder: Path, sent: Sequence[LetterDelivery]) -> list[Path]:
    """Write the files of codes of the newest year, `<file>.codes.json`, and return them.

    Args:
        country: the invented country.
        folder: the holders' folder, outside every home.
        sent: files from `coded_deliveries`.
    """
    sex_of = dict(zip(country.persons["person_number"], country.persons["sex_code"], strict=True))
    person_of = {episode["event_number"]: episode["person_number"] for episode in rows_of(country.episodes)}
    paths: list[Path] = []
    for delivery in sent:
        clerk = RandomStream(country.seed, f"names in {delivery.file_name}")
        named: list[NamedRow] = []
        for row in rows_sent(country, delivery):
            person = person_of[row.row["event_number"]]
            typed = _type_names(clerk, naming.name_of(country.seed, person, sex_of[person]), SCRIPTS[delivery.source])
            named += [NamedRow(row.sheet, row.row_number, *typed)] if clerk.flip(NAMED_SHARE) else []
        paths.append(folder / f"{Path(delivery.file_name).stem}.codes.json")
        sha256 = sha256_of_bytes(workbooks.file_content(country, delivery))
        codes_files.write(paths[-1], DEMO_KEY, country.last_year + 1, sha256, named)
    return paths


def _type_names(clerk: RandomStream, name: naming.PersonName, script: naming.Script) -> tuple[str, str]:
    """Return the full name and the mother's name as one clerk types them."""
    full = naming.spell_name(clerk, [name.given, name.father, name.grandfather, name.family], script)
    return full, naming.spell_name(clerk, [name.mother], script)
