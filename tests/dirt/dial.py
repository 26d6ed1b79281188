"""The dial: which defects, how strongly, drawn from which seed.

Belongs here: the order in which defects are made, so that the record stays true, and small deliveries to make them in.
Does not belong here: how one defect is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from samples.bodies.sight import PERIOD_FIELDS, LetterDelivery
from samples.grids import SheetGrid, SheetLine, write_workbook
from samples.layouts import SheetColumn
from samples.life.chance import RandomStream
from samples.life.country import Country
from samples.life.spelling import Cell
from samples.workbooks import grids_of
from tests.dirt import dirt_dates, dirt_figures, dirt_layout, dirt_words
from tests.dirt.defects import OUTCOMES, Defect, Outcome
from tests.dirt.dirt_files import ARABIC_TEXTS, WRITERS
from tests.dirt.record import DirtyFile, Stained, worst_of

Spoiler = Callable[[RandomStream, SheetColumn, Cell], tuple[Cell, Mapping[str, object]] | None]
_CODES = frozenset(
    (
        *(
            "governorate",
            "court",
            "exploitation",
            "recruitment",
            "sex",
            "citizenship",
            "act",
            "means",
            "detecting_body",
        ),
        *("law", "referral_body", "accused_status", "verdict", "cassation", "shelter_outcome", "refusal_reason"),
        *("exit_reason", "yes_no", "facility_type", "activity_type", "organising_body", "audience", "residence_reason"),
        *("residence_action", "presence"),
    )
)
_DAY = frozenset({"date"})
_PLACE = frozenset({"governorate", "court"})
_PERIOD = "the period"  # stands for whatever column says to which year a row belongs
_CELLS: Mapping[Defect, tuple[frozenset[str], Spoiler]] = {
    Defect.MIXED_DIGITS: (frozenset({"count", "number", "year", "age"}), dirt_figures.mixed_digits),
    Defect.REVERSED_RANGE: (frozenset({"age"}), dirt_figures.reversed_range),
    Defect.REVERSED_DATE: (_DAY, dirt_dates.reversed_date),
    Defect.MONTH_FIRST: (_DAY, dirt_dates.month_first),
    Defect.BROKEN_NUMBER: (frozenset({"count"}), dirt_figures.broken_number),
    Defect.SLASHED_MONTH_NAMES: (_DAY, dirt_dates.slashed_month_name),
    Defect.SHORT_ENGLISH_DATES: (_DAY, dirt_dates.short_english),
    Defect.WEEKDAYS: (_DAY, dirt_dates.weekday),
    Defect.DATE_WITH_ERA: (_DAY, dirt_dates.with_era),
    Defect.HIJRI_MONTH_ALONE: (_DAY, dirt_dates.hijri_month),
    Defect.COUNT_IN_WORDS: (frozenset({"count"}), dirt_figures.count_in_words),
    Defect.AGE_IN_WORDS: (frozenset({"age"}), dirt_figures.age_in_words),
    Defect.AGE_WITH_MONTHS: (frozenset({"age"}), dirt_figures.age_with_months),
    Defect.NATIONALITY_FORMS: (frozenset({"citizenship"}), dirt_words.nationality_form),
    Defect.OTHER_NATIONALITIES: (frozenset({"citizenship"}), dirt_words.other_nationality),
    Defect.PLACES_IN_HASTE: (_PLACE, dirt_words.place_in_haste),
    Defect.MONTH_NAMES: (_DAY, dirt_dates.month_name),
    Defect.DOUBLE_MONTH_NAMES: (_DAY, dirt_dates.double_month_name),
    Defect.QUARTER: (_DAY, dirt_dates.quarter),
    Defect.HIJRI: (_DAY, dirt_dates.hijri),
    Defect.SERIAL_DATE: (_DAY, dirt_dates.serial),
    Defect.YEAR_ONLY: (_DAY, dirt_dates.year_only),
    Defect.LETTER_VARIANTS: (_CODES, dirt_words.letter_variants),
    Defect.PRESENTATION_FORMS: (_CODES, dirt_words.presentation_forms),
    Defect.INVISIBLE_MARKS: (_CODES, dirt_words.invisible_marks),
    Defect.SEX_WORDS: (frozenset({"sex"}), dirt_words.other_word),
    Defect.AGE_AS_BAND: (frozenset({"age"}), dirt_figures.age_as_band),
    Defect.AGE_AS_LABEL: (frozenset({"age"}), dirt_figures.age_as_label),
    Defect.AGE_ACROSS: (frozenset({"age"}), dirt_figures.age_across),
    Defect.NATIONALITY_WORDS: (frozenset({"citizenship"}), dirt_words.other_word),
    Defect.UNKNOWN_NATIONALITY: (frozenset({"citizenship"}), dirt_words.unknown_nationality),
    Defect.SEVERAL_FORMS: (frozenset({"exploitation"}), dirt_words.several_forms),
    Defect.UNKNOWN_FORM: (frozenset({"exploitation"}), dirt_words.unknown_form),
    Defect.CAPITALS: (_PLACE, dirt_words.capital),
    Defect.NAMED_P_CODES: (_PLACE, dirt_words.named_p_code),
    Defect.P_CODES: (_PLACE, dirt_words.p_code),
    Defect.OTHER_P_CODES: (_PLACE, dirt_words.other_p_code),
    Defect.COURTS_OF_BAGHDAD: (_PLACE, dirt_words.court_of_baghdad),
    Defect.GAPS: (frozenset({"count"}), dirt_figures.gap),
    Defect.MISSING_PERIOD: (frozenset({_PERIOD}), dirt_dates.missing),
}
_LETTERS: Mapping[
    Defect, Callable[[RandomStream, SheetColumn | None, Cell], tuple[Cell, Mapping[str, object]] | None]
] = {
    Defect.LETTER_VARIANTS: dirt_words.letter_variants,
    Defect.PRESENTATION_FORMS: dirt_words.presentation_forms,
    Defect.INVISIBLE_MARKS: dirt_words.invisible_marks,
}
_SHEETS: Mapping[Defect, Callable[[Stained, SheetGrid, RandomStream], None]] = {
    Defect.WRONG_TOTAL: dirt_layout.wrong_total,
    Defect.TOTAL_IN_OTHER_WORDS: dirt_layout.total_in_other_words,
    Defect.COUNT_UNDER_TOKENS: dirt_layout.count_under_tokens,
    Defect.SUBTOTALS: dirt_layout.subtotals,
    Defect.MERGED_CELLS: dirt_layout.merged_cells,
    Defect.PERSONAL_DATA: dirt_layout.personal_data,
    Defect.HIDDEN_COLUMN: dirt_layout.hidden_column,
    Defect.THREE_ROW_HEADER: dirt_layout.three_row_header,
    Defect.TITLES_AND_SIGNATURES: dirt_layout.titles_and_signatures,
    Defect.DATED_SIGNATURE: dirt_layout.dated_signature,
    Defect.SIGNATURES_ACROSS: dirt_layout.signatures_across,
    Defect.SIGNED_BY_NAME: dirt_layout.signed_by_name,
}
_FILES: Mapping[Defect, Callable[[Stained, RandomStream, str], None]] = {
    Defect.SHEETS_BY_PLACE: dirt_layout.sheets_by_place,
    Defect.TWO_TABLES: dirt_layout.two_tables,
    Defect.SHEETS_BY_YEAR: dirt_layout.sheets_by_year,
    Defect.SHEETS_WITHOUT_NAME: dirt_layout.sheets_without_name,
}
_OF_RECORDS = frozenset({"cases", "victims", "accused"})
_NOT_IN_TEXT = frozenset({Defect.MERGED_CELLS, Defect.HIDDEN_COLUMN})
NEED_OFFICE = frozenset({Defect.OLD_EXCEL, Defect.OPEN_DOCUMENT})
"""Defects of the file that only an office program makes; the dial leaves them to whoever has one."""


@dataclass(frozen=True)
class Dial:
    """A setting of the dial.

    Args:
        seed: of all draws.
        strength: 0 to 1: the share of the cells and rows that can have a defect and get it, and for what a sheet or a
            file has once, how likely it is.
        defects: those that may be made.
    """

    seed: int
    strength: float
    defects: frozenset[Defect]

    def dirty(self, country: Country, delivery: LetterDelivery) -> DirtyFile:
        """Return the file of a delivery, spoilt, with the record of what was done to it."""
        chance = RandomStream(self.seed, f"the dirt of {delivery.file_name}")
        grids = grids_of(country, delivery)
        form = next((one for one in WRITERS if self._draws(chance, one) and _can_be(grids, one)), None)
        stained = Stained([*grids], delivery.period_year, PERIOD_FIELDS)
        if form is not None:
            stained.grids[:] = [chance.one_of(grids)]
        for grid in stained.grids:
            if self._draws(chance, Defect.PARTIAL_PERIOD):
                dirt_layout.partial_period(stained, grid)  # as long as the dates can be read
            self._spoil_cells(stained, grid, chance)
            stained.doubtful |= set(dirt_dates.doubtful(grid, is_text=form is not None))
            stained.maybe_exchanged |= set(dirt_dates.maybe_exchanged(grid, is_text=form is not None))
            self._spoil_headers(stained, grid, chance, delivery.source)
            self._spoil_sheet(stained, grid, chance, is_text=form is not None)
        for defect, spoil in _FILES.items():
            if form is None and self._draws(chance, defect):
                spoil(stained, chance, delivery.source)
        return _written(stained, delivery, form)

    def _draws(self, chance: RandomStream, defect: Defect) -> bool:
        return defect in self.defects and chance.flip(self.strength)

    def _spoil_cells(self, stained: Stained, grid: SheetGrid, chance: RandomStream) -> None:
        for line in grid.lines_of_kind("data"):
            for place, column in enumerate(grid.columns):
                kinds = _kinds_of(stained, grid, column)
                able = [one for one, (which, _) in _CELLS.items() if one in self.defects and kinds & which]
                if able and column is not None and chance.flip(self.strength):
                    self._spoil_cell(stained, line, place, column, chance.one_of(able), chance)
        for line in grid.lines_of_kind("data"):
            if self._draws(chance, Defect.DUPLICATE_ROWS):
                dirt_layout.duplicate_row(stained, grid, line)
        if stained.stains or stained.to_clear:
            dirt_layout.add_up(grid)

    @staticmethod
    def _spoil_cell(
        stained: Stained, line: SheetLine, place: int, column: SheetColumn, defect: Defect, chance: RandomStream
    ) -> None:
        spoilt = _CELLS[defect][1](chance, column, line.cells[place])
        if spoilt is not None:
            stained.stain(defect, line, place, *spoilt)

    def _spoil_headers(self, stained: Stained, grid: SheetGrid, chance: RandomStream, source: str) -> None:
        if self._draws(chance, Defect.MISSPELT_HEADING):
            dirt_layout.misspelt_heading(stained, grid, chance, source)
        if self._draws(chance, Defect.OTHER_WORDINGS):
            dirt_layout.other_wordings(stained, grid, chance, source)
        for defect in [one for one in _LETTERS if one in self.defects]:
            for header in grid.lines_of_kind("header"):
                for place, cell in enumerate(header.cells):
                    spoilt = _LETTERS[defect](chance, None, cell) if chance.flip(self.strength) else None
                    if spoilt is not None and not stained.is_stained(header, place):
                        stained.stain(defect, header, place, *spoilt)

    def _spoil_sheet(self, stained: Stained, grid: SheetGrid, chance: RandomStream, *, is_text: bool) -> None:
        for defect, spoil in _SHEETS.items():
            if self._draws(chance, defect) and not (is_text and defect in _NOT_IN_TEXT):
                spoil(stained, grid, chance)


def few(delivery: LetterDelivery, seed: int, most: int = 8) -> LetterDelivery:
    """Return a delivery with at most `most` rows a table, none of them flawed before the dial is turned."""
    chance = RandomStream(seed, f"a few rows of {delivery.file_name}")
    tables = {
        name: tuple({**row, "flaw": ""} for row in chance.some_of(rows, chance.between(2, most)))
        for name, rows in delivery.tables.items()
    }
    return replace(delivery, tables=tables)


def _can_be(grids: Sequence[SheetGrid], form: Defect) -> bool:
    """Return whether a file can be of a form: text of an Arabic Excel is an Arabic office's; counts are for records."""
    if form is Defect.COUNTS_BY_MONTH:
        return {grid.table for grid in grids} <= _OF_RECORDS
    return form not in ARABIC_TEXTS or all(grid.is_right_to_left for grid in grids)


def _kinds_of(stained: Stained, grid: SheetGrid, column: SheetColumn | None) -> frozenset[str]:
    if column is None:
        return frozenset()
    is_period = column.field == stained.period_fields[grid.table]
    return frozenset({column.kind, _PERIOD} if is_period else {column.kind})


def _written(stained: Stained, delivery: LetterDelivery, form: Defect | None) -> DirtyFile:
    name = delivery.file_name.rpartition(".")[0]
    suffix, content, sheet = "xlsx", b"", ""
    if form is None:
        content = write_workbook(stained.grids)
    else:
        suffix, write = WRITERS[form]
        sheet = name
        try:
            content = write(stained.grids[0])
        except UnicodeEncodeError:  # letters that an Arabic Excel could not save: it would save UTF-8
            form = Defect.CSV_WITH_BOM
            content = WRITERS[form][1](stained.grids[0])
        stained.defects.add(form)
    return DirtyFile(
        name=f"{name}.{suffix}",
        content=content,
        outcome=_outcome_of(stained.defects),
        rows=tuple(stained.rows(sheet)),
        spots=tuple(stained.spots(sheet)),
        repairs=tuple(stained.repairs()),
        defects=frozenset(stained.defects),
    )


def _outcome_of(defects: Iterable[Defect]) -> Outcome:
    return worst_of([OUTCOMES[defect] for defect in defects if OUTCOMES[defect].fate == "refuses"])
