"""Judging what the desk made of a dirty file by the record of the one who spoilt it."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ingestion.cards.source_card import load_source
from ingestion.entry.checked_tables import ConformedTable
from ingestion.entry.decided_cells import Decided
from ingestion.entry.file_check import Examination, examine, examine_taken
from ingestion.files.reader import read_workbook
from ingestion.tables.taken_file import house_names
from samples import views
from samples.bodies.sight import LetterDelivery
from samples.layouts import TABLES
from samples.life import country
from samples.life.chance import RandomStream
from samples.life.country import Country
from samples.life.story import MANY_YEARS
from samples.workbooks import file_content
from tests.dirt.defects import OUTCOMES, Defect
from tests.dirt.dial import NEED_OFFICE, Dial, few
from tests.dirt.record import DirtyFile

TODAY = datetime.date(2026, 11, 1)
Records = list[dict[str, Any]]
_OWN = ("sheet", "row_number", "citation")  # the place, and a text that is kept as typed
_FILES = ("kurdistan_2023.xlsx", "glotip_2026.xlsx")
MADE_HERE = frozenset(Defect) - NEED_OFFICE


@cache
def small_country() -> Country:
    return country.invent_country(28, 2022, 2024, story=MANY_YEARS)


@cache
def small_deliveries(seed: int = 1) -> tuple[LetterDelivery, ...]:
    """A few rows of one file of each body, and of the year in which the region had headers of its own."""
    sent = views.deliveries(small_country())
    last = {one.source: one.file_name for one in sent if one.period_year == 2024}
    wanted = [one for one in sent if one.file_name in (*_FILES, *last.values())]
    return tuple(few(one, seed) for one in wanted)


def examined(file: DirtyFile, source: str) -> Examination:
    """What the desk answers, with the sheets called as in the file, where the house calls them by numbers."""
    answer = examine(file.content, file.name, source, today=TODAY)
    workbook = read_workbook(file.content, file.name)
    names = {house: name for name, house in house_names(workbook, load_source(source)).items()}
    findings = [replace(one, sheet=names.get(one.sheet, one.sheet)) for one in answer.findings]
    return replace(answer, findings=findings, tables=[_by_own_names(table, names) for table in answer.tables])


def _by_own_names(table: ConformedTable, names: Mapping[str, str]) -> ConformedTable:
    columns = {**table.columns, "sheet": [names.get(str(sheet), sheet) for sheet in table.columns["sheet"]]}
    quarantined = [replace(one, sheet=names.get(one.sheet, one.sheet)) for one in table.quarantined]
    return replace(table, columns=columns, quarantined=quarantined)


_CLEAN: dict[int, tuple[LetterDelivery, dict[str, list[Records]]]] = {}
"""By the identity of a delivery, which is kept with it: no other one can have it then."""


def clean_rows(delivery: LetterDelivery) -> dict[str, list[Records]]:
    """Return table -> rows of the delivery as it is before the dial is turned, each with the records it gives."""
    if id(delivery) not in _CLEAN:
        _CLEAN[id(delivery)] = delivery, _read_clean(delivery)
    return _CLEAN[id(delivery)][1]


def _read_clean(delivery: LetterDelivery) -> dict[str, list[Records]]:
    """Return what a clean delivery says, once a person answered that its dates stand as they are.

    Of the few rows that were drawn the real dates may all be early in the month and the texts late, as a program that
    exchanges them would leave them; the desk then asks, as it should.
    """
    content = file_content(small_country(), delivery)
    asked = examine(content, delivery.file_name, delivery.source, today=TODAY)
    dates = {(one.sheet, one.cell): "as_they_are" for one in asked.findings if one.kind == "dates_exchanged"}
    decided = Decided(columns=dates)
    answer = examine_taken(asked.taken, delivery.source, asked.sha256, today=TODAY, decided=decided)
    assert (answer.verdict, answer.rows_quarantined) == ("accepted", 0)
    rows: dict[str, dict[object, Records]] = defaultdict(dict)
    for table in answer.tables:
        for record in raw_records(table):
            rows[table.table].setdefault((record["sheet"], record["row_number"]), []).append(record)
    return {table: list(of_table.values()) for table, of_table in rows.items()}


def unaccounted(file: DirtyFile, answer: Examination) -> list[str]:
    """Return the data rows that neither landed nor wait, those that did twice, and rows that are no data.

    A row that gives a record for each of its figures lands once for each column.
    """
    told: Counter[tuple[str, int]] = Counter()
    for table in answer.tables:
        records = Counter((one["sheet"], one["row_number"], one.get("cell_column")) for one in raw_records(table))
        told.update({(sheet, row): 1 for sheet, row, _ in records})
        told.update({(sheet, row): 1 for (sheet, row, _), count in records.items() if count > 1})
        told.update({(one.sheet, one.row_number) for one in table.quarantined})
    written = Counter((row.sheet, row.row_number) for row in file.rows)
    return [
        f"{place}: written {written[place]}, told {told[place]}"
        for place in told | written
        if told[place] != written[place]
    ]


def misjudged(file: DirtyFile, answer: Examination) -> list[str]:
    """Return the rows that landed though they must wait or wait though they must land, and those without their kind."""
    waiting: dict[tuple[str, int], set[str]] = defaultdict(set)
    for table in answer.tables:
        for one in table.quarantined:
            waiting[one.sheet, one.row_number].add(one.kind)
    wrong: list[str] = []
    for row in file.rows:
        kinds = waiting.get((row.sheet, row.row_number), set())
        must, may = row.outcome.fate == "waits", row.outcome.fate == "may wait"
        is_right = bool(kinds & row.outcome.kinds) if must else not kinds or (may and kinds <= row.outcome.kinds)
        wrong += [] if is_right else [f"{row.sheet} {row.row_number}: {row.outcome}, told {kinds}"]
    return wrong


def misread(file: DirtyFile, answer: Examination, clean: Mapping[str, list[Records]]) -> list[str]:
    """Return the raw values of landed rows that are neither those of the clean row nor those that the dirt says."""
    written = {(row.sheet, row.row_number): row for row in file.rows}
    seen: Counter[tuple[str, int]] = Counter()
    wrong: list[str] = []
    for table in answer.tables:
        for record in raw_records(table):
            place = record["sheet"], record["row_number"]
            row = written[place]
            expected = spoilt(clean[row.table][row.original][seen[place]], row.reads_as, row.table)
            seen[place] += 1
            wrong += [
                f"{place} {name}: {value!r} for {expected[name]!r}"
                for name, value in said(record).items()
                if value != expected[name]
            ]
    return wrong


def spoilt(record: Mapping[str, Any], reads_as: Mapping[str, object], table: str) -> dict[str, Any]:
    """Return a clean record as the dirt of its row reads; a record of one figure has that of its own column only."""
    if table not in TABLES or "cell_column" not in record:
        return {**record, **reads_as}
    field = TABLES[table].columns[ord(record["cell_column"]) - ord("B")].field
    own = {name: value for name, value in reads_as.items() if name in (field, f"{field}_mark")}
    return {**record, **{f"figure{name.removeprefix(field)}": value for name, value in own.items()}}


def said(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a raw record without its place and without the one text that is kept as typed."""
    return {name: value for name, value in record.items() if name not in _OWN}


def raw_records(table: ConformedTable) -> Records:
    """Return the records of a table that land, by column."""
    values = zip(*table.columns.values(), strict=True)
    return [dict(zip(table.columns, record, strict=True)) for record in values]


def random_file(number: int) -> tuple[LetterDelivery, DirtyFile]:
    """Return the file of that number: any body's, with any defects in any strength, now and then one that refuses."""
    chance = RandomStream(number, "a random dirty file")
    delivery = few(chance.one_of(_all_deliveries()), number)
    readable = [defect for defect in Defect if defect in MADE_HERE and OUTCOMES[defect].fate != "refuses"]
    refusing = [defect for defect in Defect if defect in MADE_HERE and OUTCOMES[defect].fate == "refuses"]
    defects = {*chance.some_of(readable, chance.between(1, len(readable)))}
    defects |= {chance.one_of(refusing)} if chance.flip(1 / 8) else set()
    dial = Dial(number, chance.one_of([0.05, 0.15, 0.3, 0.6, 1.0]), frozenset(defects))
    return delivery, dial.dirty(small_country(), delivery)


@cache
def _all_deliveries() -> tuple[LetterDelivery, ...]:
    return tuple(views.deliveries(small_country()))
