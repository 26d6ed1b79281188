"""Corrections: known errors of a source, declared as data and applied when its rows land.

Belongs here: the schema of `sources/<source>/corrections.yml`, applying it, and noticing that the source was repaired.
Does not belong here: guessing. A correction names the rows, their wrong value (`expect`) and the right one.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ingestion.cards import source_card
from ingestion.cards.card_errors import IngestionCard
from ingestion.entry.checked_tables import CELL_COLUMN, PLACE_COLUMNS
from ingestion.findings import Finding
from ingestion.tables.cell_values import RawValue, columns_of


def _plain_value(value: object) -> object:
    """Refuse anything but one plain value; pydantic's own error on a union would name a type in place of the key."""
    if type(value) not in (datetime.date, int, float, str, type(None)):  # True is no number, a time of day no date
        raise ValueError("is no date, number or text")
    return value


Value = Annotated[datetime.date | int | float | str | None, BeforeValidator(_plain_value)]


class Correction(IngestionCard):
    """One declared error.

    Args:
        id: its name in notes and findings.
        reason: what is wrong and who said so.
        status: `open`, `reported` to the source, or `repaired` there; a repaired one is no longer applied.
        shape: the kind of record.
        where: raw column (or `submission`) -> value; selects the rows that match all of them.
        field: the raw column that is wrong; empty if the row is dropped, and optionally if it is flagged.
        expect: the current value of that column; a row with another value is left alone and flagged.
        set: the right value.
        drop: the row must not land, with any of its figures; it is quarantined as `dropped_by_correction`.
        flag: the row lands unchanged, and waits in `marsad review` until somebody has looked at it.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    reason: Annotated[str, Field(min_length=10)]
    status: Literal["open", "reported", "repaired"]
    shape: str
    where: Annotated[dict[str, Value], Field(min_length=1)]
    field: str = ""
    expect: Value = None
    set: Value = None
    drop: bool = False
    flag: bool = False

    @model_validator(mode="after")
    def _check_correction(self) -> Self:
        known = {*PLACE_COLUMNS, CELL_COLUMN, *_columns_of_shape(self.shape)}
        for column in (*self.where, *([self.field] if self.field else [])):
            if column not in known and column != "submission":
                raise ValueError(f"{column}: the shape {self.shape} has no such raw column")
        if (self.drop and (self.field or self.flag)) or not (self.drop or self.flag or self.field):
            raise ValueError("field: either a field with expect and set, or drop: true, or flag: true")
        if self.flag and self.set is not None:
            raise ValueError("set: a row that is only flagged stays as it is")
        if self.field in (*PLACE_COLUMNS, CELL_COLUMN, "submission"):
            raise ValueError("field: the place of a row is not corrected")
        return self


class _CorrectionList(IngestionCard):
    corrections: list[Correction]


@dataclass(frozen=True)
class CorrectedRow:
    """A row that a correction drops or flags: its place, and the correction's id."""

    sheet: str
    row_number: int
    correction: str


@dataclass
class Corrected:
    """Rows after correction.

    Args:
        columns: raw column -> values.
        dropped: rows that must not land.
        flagged: rows that somebody must look at.
        uses: correction -> number of rows it changed, dropped or flagged.
        findings: `correction_obsolete` if the source was repaired, `correction_unexpected` if it holds another value.
    """

    columns: dict[str, list[RawValue]]
    dropped: list[CorrectedRow] = field(default_factory=list[CorrectedRow])
    flagged: list[CorrectedRow] = field(default_factory=list[CorrectedRow])
    uses: dict[str, int] = field(default_factory=dict[str, int])
    findings: list[Finding] = field(default_factory=list[Finding])


def load_corrections(source: str) -> list[Correction]:
    """Return the corrections of a source; none if it has no `corrections.yml`.

    Raises:
        Refusal: `card_invalid` for an unknown key, column or shape, or a duplicate id.
    """
    path = source_card.FOLDER / "sources" / source / "corrections.yml"
    if not path.exists():
        return []
    loaded = source_card.validate(_CorrectionList, {"corrections": source_card.read_yaml(path) or []}, path).corrections
    ids = [correction.id for correction in loaded]
    twice = next((name for name in ids if ids.count(name) > 1), "")
    if twice:
        raise source_card.invalid_card(path, "an id that stands twice", twice, "id")
    shapes = {table.shape for table in source_card.load_source(source).tables.values()}
    for correction in loaded:
        if correction.shape not in shapes:
            raise source_card.invalid_card(path, "the source has no such shape", correction.id, min(shapes))
    return loaded


def apply(source: str, shape: str, submission: str, columns: Mapping[str, list[RawValue]]) -> Corrected:
    """Return the rows of a shape with the source's corrections applied in their order. The input is not changed.

    Args:
        source: the rows' sender.
        shape: of the rows.
        submission: that they came with.
        columns: raw column -> its values, all of one length: the rows in the order of sheet and row number.

    Returns:
        The corrected columns, which still include the rows to drop (`Corrected.dropped` names them), the flagged rows,
        uses and findings.
    """
    corrected = Corrected({name: list(values) for name, values in columns.items()})
    for correction in load_corrections(source):
        if correction.shape == shape and correction.status != "repaired":
            _apply_correction(correction, submission, corrected)
    _renew_periods(source, corrected)
    return corrected


def _renew_periods(source: str, corrected: Corrected) -> None:
    """Recompute a row's period from its corrected date."""
    if not corrected.uses:
        return
    tables = source_card.load_source(source).tables
    for place, table in enumerate(corrected.columns["table_name"]):
        value = corrected.columns[tables[str(table)].period_field][place]
        corrected.columns["period"][place] = str(value.year if isinstance(value, datetime.date) else value)


def _apply_correction(correction: Correction, submission: str, corrected: Corrected) -> None:
    for place in _matching(correction, submission, corrected.columns):
        sheet = str(corrected.columns["sheet"][place])
        number = int(str(corrected.columns["row_number"][place]))
        if correction.field and corrected.columns[correction.field][place] != correction.expect:
            is_repaired = correction.flag or corrected.columns[correction.field][place] == correction.set
            kind = "correction_obsolete" if is_repaired else "correction_unexpected"
            corrected.findings.append(Finding("flag", kind, sheet, f"A{number}", {"correction": correction.id}))
            continue
        if correction.drop:
            corrected.dropped.append(CorrectedRow(sheet, number, correction.id))
        elif correction.flag:
            corrected.flagged.append(CorrectedRow(sheet, number, correction.id))
        else:
            corrected.columns[correction.field][place] = correction.set
        corrected.uses[correction.id] = corrected.uses.get(correction.id, 0) + 1


def _matching(correction: Correction, submission: str, columns: Mapping[str, list[RawValue]]) -> list[int]:
    where = {name: value for name, value in correction.where.items() if name != "submission"}
    if correction.where.get("submission", submission) != submission:
        return []
    count = len(columns["row_number"])
    return [place for place in range(count) if all(columns[name][place] == value for name, value in where.items())]


def _columns_of_shape(shape: str) -> set[str]:
    return {column for name, card in source_card.load_shape(shape).fields.items() for column in columns_of(name, card)}
