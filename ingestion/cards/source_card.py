"""Cards of the intake: the schema of shapes, sources and code lists, and loading them.

Belongs here: the schema of `shapes/<shape>.yml`, `sources/<source>/source.yml`, `codes/<list>.yml`, and loading them.
A card's name comes from its path and is never written in the card; unknown keys are refused.
Does not belong here: what is done with a file (`row_checks.py`), the texts that users read (`languages`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from pydantic import Field, ValidationError, model_validator

from ingestion.cards.card_errors import IngestionCard, nearest_key, path_in_project, place_and_problem
from ingestion.cards.stored_text import checked_reason
from ingestion.text.folding import fold, nearest_word_or_all
from languages.refusal import Refusal

FOLDER = Path(__file__).parents[1]
PLACE_FIELD = "governorate_code"
"""The field that a sheet's name may state."""

FieldType = Literal["token", "label", "code", "codes", "date", "year", "integer", "decimal", "age", "citation"]
DayOfYear = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
_NAME = re.compile(r"[a-z0-9_]{1,60}")  # of a shape's card: no path separators, and short enough for any disk
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader where the platform has it
_Card = TypeVar("_Card", bound=IngestionCard)


class FieldCard(IngestionCard):
    """One field of a shape.

    Args:
        type: how a cell is read; decides the raw columns (`raw_rows.py`).
        required: a data row without it is quarantined, and a file without its column is refused.
        codes: the code list of a `code` or `codes` field.
        minimum: the least plausible number.
        maximum: the greatest plausible number.
        masked: whether `<5` may stand for a small count; its bounds are then stored too.
        forbidden_as: what must never be typed here.
        kept_because: why words are stored as typed (`stored_text.py`).
        guideline: what to write, for whoever fills in the file.
        good: an example of how to write it; `bad` is a counter-example.
        htcds: its name in the Human Trafficking Case Data Standard 2.0.
        ictip: its name in the International Classification Standard, IC-TIP.
    """

    type: FieldType
    required: bool = False
    codes: str = ""
    minimum: float | None = None
    maximum: float | None = None
    masked: bool = False
    forbidden_as: str = ""
    kept_because: str = ""
    guideline: str = ""
    good: str = ""
    bad: str = ""
    htcds: str = ""
    ictip: str = ""

    @model_validator(mode="after")
    def _check_field(self) -> Self:
        checked_reason(self.type, self.kept_because, is_required=self.required)
        if (self.type in ("code", "codes")) != bool(self.codes):
            raise ValueError("codes: a field of type code or codes, and no other, names its code list")
        if self.codes and self.codes not in code_lists():
            raise ValueError(f"codes: {self.codes}: no such code list")
        return self


class ShapeCard(IngestionCard):
    """One kind of record that is accepted, with one unit of count.

    Args:
        name: from the path.
        unit_of_count: what one record is.
        title: its English name.
        key: the fields that distinguish one record from another.
        steps: dates of one record in the order in which they must happen.
        is_of_cells: a record is one cell and not one row; its place includes the column.
        fields: name -> field.
    """

    name: str
    unit_of_count: str
    title: str
    key: list[str]
    steps: list[str] = Field(default_factory=list[str])
    is_of_cells: bool = False
    fields: dict[str, FieldCard]

    @property
    def figure(self) -> str:
        """The field that holds the figure, in a shape of cells."""
        return next(name for name, field in self.fields.items() if field.type == "integer")

    @model_validator(mode="after")
    def _check_shape(self) -> Self:
        if unknown := [name for name in self.key if name not in self.fields]:
            raise ValueError(f"key: {unknown[0]}: no such field")
        if wrong := [name for name in self.steps if name not in self.fields or self.fields[name].type != "date"]:
            raise ValueError(f"steps: {wrong[0]}: no date of this shape")
        return self


class Agreement(IngestionCard):
    """The legal ground on which the data is held."""

    reference: str
    since: datetime.date
    licence: str
    contact: str


class Rhythm(IngestionCard):
    """What is owed and when: the export of a year falls due on the first day `due` (month-day) after the year's end.

    If offices are closed on that day, the next working day counts (`reporting_calendar.py`).

    Args:
        frequency: years only; no part of a running year is published.
        first_period: the first year that is owed.
        due: month and day.
        ends: the last day of a year, month and day. A fiscal or school year bears the number of the calendar year in
            which it begins, and a day before 31 December lies in the year after (`reporting_periods.py`).
    """

    frequency: Literal["yearly"]
    first_period: Annotated[int, Field(ge=1990, le=2100)]
    due: DayOfYear
    ends: DayOfYear = "12-31"


class Sum(IngestionCard):
    """A count that is the sum of others in its own row; all are given by heading."""

    whole: str
    parts: Annotated[list[str], Field(min_length=2)]


class TableCard(IngestionCard):
    """One table of a source's file.

    Args:
        shape: the kind of record.
        sheets: names that its sheet may have; `*` is any sheet, `{year}` stands for a year in any digits.
        period_field: the date or year field that says to which year a row belongs.
        period_from: where the year stands if it has no column: in the `title` above, else in the `sheet`'s name.
        place_from: where the governorate stands if it has no column: in the `sheet`'s name, one sheet a governorate.
        columns: header (`group / sub` for two header rows, `a / b / c` for three) to field of the shape.
        also_as: header in `columns` to a second field that is read from the same cells.
        cells: header of a column of figures to the labels of its figures: each such cell becomes a record of its own.
        sums: which figures of a row add up to which; a row that does not add up is flagged.
        also: other wordings of a header, e.g. in the sender's second language, to the header in `columns`.
        ignored: headers that are recognised but not read.
        required: headers without which the file is refused.
        known: fields that need a value in every row: a blank or "unknown" quarantines the row.
        defaults: code, or label text, of a field that the sender leaves out.
        codes: the sender's own words for the codes of a field, used before those of the code list.
        pcodes: the version of the p-codes that stand for governorates; without it no bare p-code is accepted.
    """

    shape: str
    sheets: Annotated[list[str], Field(min_length=1)]
    period_field: str
    period_from: Literal["", "title", "sheet"] = ""
    place_from: Literal["", "sheet"] = ""
    columns: Annotated[dict[str, str], Field(min_length=1)]
    also_as: dict[str, str] = Field(default_factory=dict[str, str])
    cells: dict[str, dict[str, str]] = Field(default_factory=dict[str, dict[str, str]])
    sums: list[Sum] = Field(default_factory=list[Sum])
    also: dict[str, str] = Field(default_factory=dict[str, str])
    ignored: list[str] = Field(default_factory=list[str])
    required: list[str]
    known: list[str] = Field(default_factory=list[str])
    defaults: dict[str, str] = Field(default_factory=dict[str, str])
    codes: dict[str, dict[str, str]] = Field(default_factory=dict[str, dict[str, str]])
    pcodes: Literal["cod_ab_2019", "hum_b"] | None = None

    @property
    def headings(self) -> dict[str, str]:
        """All headings that are read, each with its field."""
        return {**self.columns, **{header: load_shape(self.shape).figure for header in self.cells}}

    @property
    def guided(self) -> dict[str, str]:
        """All headings, each with the field whose guideline applies: the second one where two are read."""
        return {header: self.also_as.get(header, name) for header, name in self.headings.items()}

    @property
    def required_headers(self) -> list[str]:
        """The required headers, with those of the period and of the shape's required fields."""
        needed = {name for name, field in load_shape(self.shape).fields.items() if field.required}
        needed = (needed | {self.period_field}) - ({self.period_field} if self.period_from else set())
        mapped = [header for header, field in self.columns.items() if header in self.required or field in needed]
        return [*mapped, *(header for header in self.cells if header in self.required)]

    @model_validator(mode="after")
    def _check_table(self) -> Self:
        self._check_fields()
        self._check_cells()
        self._check_wordings()
        self._check_codes()
        return self

    def _check_fields(self) -> None:
        fields = load_shape(self.shape).fields
        mapped = [*self.columns.values(), *self.also_as.values()]
        for name in (*mapped, *self.defaults, *self.codes, *self.known, self.period_field):
            if name not in fields:
                raise ValueError(f"{name}: the shape {self.shape} has no such field")
        if len(set(mapped)) != len(mapped):
            raise ValueError("columns: two headers for one field")
        if lost := [header for header in (*self.required, *self.also_as) if header not in (*self.columns, *self.cells)]:
            raise ValueError(f"required: {lost[0]}: not among the columns")
        if self.period_field not in mapped or fields[self.period_field].type not in ("date", "year"):
            raise ValueError("period_field: a date or year among the columns is needed")
        if self.period_from and fields[self.period_field].type != "year":
            raise ValueError("period_from: only a year can be taken from a title or a sheet's name")
        if self.place_from and PLACE_FIELD not in self.columns.values():
            raise ValueError(f"place_from: {PLACE_FIELD} is not among the columns, which the template has all the same")

    def _check_cells(self) -> None:
        shape = load_shape(self.shape)
        if self.cells and not shape.is_of_cells:
            raise ValueError(f"cells: a record of the shape {self.shape} is a row")
        labels = {name: set(words) for name, words in self.cells.items()}
        if lost := [name for words in labels.values() for name in words if _type_in(shape, name) != "label"]:
            raise ValueError(f"cells: {lost[0]}: no label of the shape {self.shape}")
        always = {*self.columns.values(), *self.defaults, *([shape.figure] if self.cells else [])}
        always |= set[str].intersection(*labels.values()) if labels else set()
        if lost := [name for name, field in shape.fields.items() if field.required and name not in always]:
            raise ValueError(f"columns: the shape {self.shape} requires {lost[0]}")
        counts = [header for header, name in self.headings.items() if _type_in(shape, name) == "integer"]
        if lost := [
            header for checksum in self.sums for header in (checksum.whole, *checksum.parts) if header not in counts
        ]:
            raise ValueError(f"sums: {lost[0]}: no heading of a count")

    def _check_wordings(self) -> None:
        if lost := [header for header in self.also.values() if header not in self.headings]:
            raise ValueError(f"also: {lost[0]}: not among the columns")
        forms = [fold(header) for header in (*self.columns, *self.cells, *self.ignored, *self.also)]
        if twice := [form for form in forms if forms.count(form) > 1]:
            raise ValueError(f"also: {twice[0]}: stands for two headers")

    def _check_codes(self) -> None:
        fields = load_shape(self.shape).fields
        used = [(name, code) for name, words in self.codes.items() for code in words.values()]
        for name, code in (*used, *self.defaults.items()):
            is_words = fields[name].type == "label" and name not in self.codes
            if not is_words and code not in load_codes(fields[name].codes or "-"):
                raise ValueError(f"{name}: {code}: not in the code list")


class SourceCard(IngestionCard):
    """One agency or publisher that sends files.

    Args:
        name: from the path.
        title: its English name.
        body_ar: its Arabic name as it signs.
        kind: an authority owes a yearly export; a publisher's public table is only read.
        language: the language of its files and of our answers.
        region: the area that it reports on, e.g. `IQ-FED`.
        place: the governorate where it sits, whose holidays it keeps; by default Baghdad or Erbil, by its region.
        day_first: `5/7/2024` is 5 July (true) or 7 May (false); if left out, the row waits for a person.
    """

    name: str
    title: str
    body_ar: str
    kind: Literal["authority", "publisher"]
    language: Literal["ar", "ckb", "en"]
    region: str
    place: str = ""
    day_first: bool | None = None
    agreement: Agreement
    rhythm: Rhythm
    tables: Annotated[dict[str, TableCard], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        if self.place and self.place not in load_codes("governorate"):
            raise ValueError(f"place: {self.place}: no such governorate")
        return self


class _Labels(IngestionCard):
    labels: dict[str, list[str]]


def source_names() -> list[str]:
    """Return the names of all sources: the folders that hold a card."""
    return sorted(path.parent.name for path in (FOLDER / "sources").glob("*/source.yml"))


def load_source(name: str) -> SourceCard:
    """Return the card of a source.

    Raises:
        Refusal: `unknown_source` with the nearest known name; `card_invalid` for a bad card.
    """
    if name not in source_names():  # so a name that is a path cannot open a card
        raise Refusal("unknown_source", where=name, nearest=nearest_word_or_all(name, source_names()))
    return _load_source(FOLDER / "sources" / name / "source.yml")


def load_labels(name: str) -> Mapping[str, list[str]]:
    """Return field -> the words that a label of a source may be; a source without `labels.yml` has none.

    Raises:
        Refusal: `card_invalid` for a file that is no mapping of lists of words.
    """
    return _load_labels(path) if (path := FOLDER / "sources" / name / "labels.yml").exists() else {}


def shape_names() -> list[str]:
    """Return the names of all shapes."""
    return sorted(path.stem for path in (FOLDER / "shapes").glob("*.yml"))


def load_shape(name: str) -> ShapeCard:
    """Return the card of a shape.

    Raises:
        Refusal: `unknown_shape` with the nearest known name; `card_invalid` for a bad card.
    """
    path = FOLDER / "shapes" / f"{name}.yml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Refusal("unknown_shape", where=name, nearest=nearest_word_or_all(name, shape_names()))
    return _load_shape(path)


def code_lists() -> list[str]:
    """Return the names of all code lists."""
    return sorted(path.stem for path in (FOLDER / "codes").glob("*.yml"))


def load_codes(code_list: str) -> Mapping[str, list[str]]:
    """Return code -> words that senders type for it; empty for a list that does not exist.

    Raises:
        Refusal: `card_invalid` if one word stands for two codes.
    """
    return _load_codes(path) if (path := FOLDER / "codes" / f"{code_list}.yml").exists() else {}


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds; a schema judges it
    """Return the content of a YAML file; the loader builds plain values only.

    Raises:
        Refusal: `card_invalid` if it is not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, see above
    except (yaml.YAMLError, ValueError) as error:  # the latter for a date that no calendar has, or no UTF-8
        mark = getattr(error, "problem_mark", None)
        raise invalid_card(path, f"not YAML line {mark.line + 1}" if mark else "not YAML") from error


def validate(kind: type[_Card], content: object, path: Path) -> _Card:
    """Return `content` as a card.

    Raises:
        Refusal: `card_invalid` with the field, what is wrong with it, and the nearest known key.
    """
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        place, problem = place_and_problem(error)
        raise invalid_card(path, problem, place, nearest_key(kind, place.rpartition(".")[2])) from error


@cache
def _load_source(path: Path) -> SourceCard:
    return validate(SourceCard, _read_named_card(path, path.parent.name), path)


@cache
def _load_shape(path: Path) -> ShapeCard:
    return validate(ShapeCard, _read_named_card(path, path.stem), path)


@cache
def _load_labels(path: Path) -> Mapping[str, list[str]]:
    return validate(_Labels, {"labels": read_yaml(path)}, path).labels


@cache
def _load_codes(path: Path) -> Mapping[str, list[str]]:
    loaded: dict[str, list[object]] = read_yaml(path) or {}
    codes = {str(code): [str(word) for word in words or ()] for code, words in loaded.items()}
    owner: dict[str, str] = {}
    for code, words in codes.items():
        for form in {fold(word) for word in (code, *words)}:
            if owner.setdefault(form, code) != code:
                raise invalid_card(path, f"{form} stands for {owner[form]} and {code}", code)
    return codes


def _type_in(shape: ShapeCard, name: str) -> str:
    return shape.fields[name].type if name in shape.fields else ""


def _read_named_card(path: Path, name: str) -> dict[str, Any]:
    """Return the card's content with its name from the path; a card that names itself is refused."""
    content: Any = read_yaml(path)
    if not isinstance(content, dict):
        raise invalid_card(path, "not a mapping")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise invalid_card(path, "a name is lower case letters, digits and _")
    if "name" in content:
        raise invalid_card(path, "the name comes from the path", "name")
    return {**content, "name": name}


def invalid_card(path: Path, problem: str, field: str = "", near: str = "") -> Refusal:
    """Return the refusal of a card; where no nearest word is named, it is that of the keys of a source's card."""
    place, known = path_in_project(path, FOLDER.parent), near or nearest_key(SourceCard, field)
    return Refusal("card_invalid", where=place, field=field or "-", problem=problem, nearest=known)
