"""The defects of real exports, and what the desk owes a row that has one.

Belongs here: one member for each defect that can be made on demand, its line in docs/reference/exports.md, and the one
table of outcomes. Does not belong here: how a defect is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Literal, NamedTuple

Fate = Literal["lands", "may wait", "waits", "refuses"]
"""What becomes of a row: it lands (perhaps flagged), lands or waits by what else the sheet says, waits in
quarantine, or the whole file is refused."""


class Outcome(NamedTuple):
    """What a defect leads to, and the kinds of findings of which one at least must stand at its place (if any do)."""

    fate: Fate
    kinds: frozenset[str] = frozenset()


class Defect(Enum):
    """A defect; its value is its line in docs/reference/exports.md and what it is."""

    THREE_ROW_HEADER = (1, "groups of groups over the header, merged")
    TITLES_AND_SIGNATURES = (1, "more titles above, notes and signatures below")
    DATED_SIGNATURE = (1, "the day of the letter under the signature")
    SIGNATURES_ACROSS = (1, "signatures and ranks in several cells of a line below")
    SIGNED_BY_NAME = (17, "the name of who signs under the table")
    COUNT_UNDER_TOKENS = (1, "how many rows there are, under the tokens")
    TOTAL_IN_OTHER_WORDS = (1, "a total by another label")
    MERGED_CELLS = (1, "one merged cell for rows that say the same")
    SUBTOTALS = (1, "a subtotal among the rows")
    WRONG_TOTAL = (1, "a total that does not add up")
    OLD_EXCEL = (1, "an .xls workbook")
    OPEN_DOCUMENT = (1, "an .ods workbook")
    CSV_WINDOWS_1256 = (2, "text of an Arabic Excel, parted by ;")
    CSV_TABS = (2, "text of an Arabic Excel, parted by tabs")
    CSV_WITH_BOM = (2, "UTF-8 text with a byte order mark")
    CSV_MOJIBAKE = (2, "windows-1256 once opened as windows-1252")
    MIXED_DIGITS = (3, "three digit systems within one number")
    REVERSED_RANGE = (4, "25-18")
    REVERSED_DATE = (4, "2024/7/30")
    MONTH_FIRST = (4, "7/30/2024 where the day comes first")
    BROKEN_NUMBER = (4, "(1-0-0000) from a scan")
    COUNT_IN_WORDS = (4, "a count in words")
    SLASHED_MONTH_NAMES = (5, "5/شباط/2024")
    SHORT_ENGLISH_DATES = (5, "3-Jan-24")
    WEEKDAYS = (5, "the day of the week before a date")
    MONTH_NAMES = (5, "month names of three languages")
    DOUBLE_MONTH_NAMES = (5, "two names of one month")
    QUARTER = (5, "a quarter for a date")
    HIJRI = (6, "a date of the Hijri calendar")
    HIJRI_MONTH_ALONE = (6, "a month of the Hijri calendar for a date")
    DATE_WITH_ERA = (6, "٢٠٢٤/١/٣م")
    SERIAL_DATE = (6, "the day count of a spreadsheet program")
    YEAR_ONLY = (6, "a year for a date")
    PARTIAL_PERIOD = (6, "a title that says from when till when")
    LETTER_VARIANTS = (7, "letters that keyboards exchange")
    PRESENTATION_FORMS = (7, "letters as shapes")
    INVISIBLE_MARKS = (7, "tatweel, direction marks, hard spaces")
    SEX_WORDS = (8, "other words for a sex")
    AGE_WITH_MONTHS = (9, "an age in years and months")
    AGE_IN_WORDS = (9, "an age in words")
    AGE_AS_BAND = (9, "an age as a band")
    AGE_AS_LABEL = (9, "an age as a word")
    AGE_ACROSS = (9, "a band on both sides of 18")
    NATIONALITY_WORDS = (10, "other words for a nationality")
    NATIONALITY_FORMS = (10, "a nationality with its article, its noun or in the plural")
    OTHER_NATIONALITIES = (10, "a nationality beyond the list, which ISO 3166 has")
    UNKNOWN_NATIONALITY = (10, "a nationality that no list has, or that two countries share")
    SEVERAL_FORMS = (11, "several forms of exploitation in one cell")
    UNKNOWN_FORM = (11, "brokering alone, which is not trafficking")
    PLACES_IN_HASTE = (12, "a governorate joined, without its article, or with its capital behind it")
    CAPITALS = (12, "a capital for its governorate")
    NAMED_P_CODES = (12, "the p-code of either version beside the name")
    P_CODES = (12, "the p-code of the version in use, alone")
    OTHER_P_CODES = (12, "the p-code of another version, alone")
    COURTS_OF_BAGHDAD = (13, "one of the two courts of appeal of Baghdad")
    GAPS = (14, "blank, 0, a dash, none, not received, an error")
    MISSING_PERIOD = (14, "no date in a row that needs one")
    TWO_TABLES = (15, "two tables in one sheet")
    SHEETS_BY_YEAR = (15, "sheets named after years")
    SHEETS_BY_PLACE = (15, "a sheet for each governorate")
    SHEETS_WITHOUT_NAME = (15, "sheets that bear no name of the card")
    HIDDEN_COLUMN = (15, "a hidden column with something in it")
    SCAN = (16, "a scanned page")
    COUNTS_BY_MONTH = (16, "a table of months in the place of records")
    PERSONAL_DATA = (17, "names and telephone numbers")
    OTHER_WORDINGS = (18, "headings in another wording or language that the card knows")
    MISSPELT_HEADING = (18, "a heading that nobody knows")
    DUPLICATE_ROWS = (1, "a row typed twice")

    @property
    def line(self) -> int:
        """Its line in docs/reference/exports.md."""
        return self.value[0]

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return self.value[1]


_LANDS = Outcome("lands")


def _flagged(*kinds: str) -> Outcome:
    return Outcome("lands", frozenset(kinds))


def _waits(*kinds: str) -> Outcome:
    return Outcome("waits", frozenset(kinds))


def _refuses(*kinds: str) -> Outcome:
    return Outcome("refuses", frozenset(kinds))


OUTCOMES: Mapping[Defect, Outcome] = MappingProxyType({
    **dict.fromkeys(Defect, _LANDS),
    Defect.SUBTOTALS: Outcome("may wait", frozenset({"row_after_total"})),
    Defect.WRONG_TOTAL: _flagged("total_mismatch"),
    Defect.CSV_MOJIBAKE: _flagged("text_repaired"),
    Defect.MONTH_FIRST: _waits("date_order_contradicted"),
    Defect.BROKEN_NUMBER: _waits("not_a_number", "number_contradicts_words"),
    Defect.QUARTER: _waits("date_unreadable"),
    Defect.HIJRI: _waits("date_hijri"),
    Defect.HIJRI_MONTH_ALONE: _waits("date_hijri"),
    Defect.SERIAL_DATE: _flagged("date_serial"),
    Defect.YEAR_ONLY: _flagged("date_incomplete"),
    Defect.AGE_ACROSS: _flagged("age_band_across"),
    Defect.UNKNOWN_NATIONALITY: _waits("unknown_code"),
    Defect.UNKNOWN_FORM: _waits("unknown_code"),
    Defect.P_CODES: _waits("pcode_without_version"),
    Defect.OTHER_P_CODES: _waits("pcode_without_version"),
    Defect.MISSING_PERIOD: _waits("period_missing"),
    Defect.SHEETS_WITHOUT_NAME: _refuses("sheet_missing"),
    Defect.SCAN: _refuses("not_a_workbook"),
    Defect.COUNTS_BY_MONTH: _refuses("counts_instead_of_records"),
    Defect.PERSONAL_DATA: _flagged("unknown_column"),
    Defect.MISSPELT_HEADING: _refuses("header_missing"),
    Defect.DUPLICATE_ROWS: _flagged("duplicate_row"),
})  # fmt: skip
"""What each defect leads to at the desk as it stands: the one place to change when the desk learns to read one."""

MAYBE_EXCHANGED = Outcome("may wait", frozenset({"date_order_contradicted", "dates_exchanged"}))
"""Of a true date whose day may be a month, where the other dates of its column look as if a program had left them."""
