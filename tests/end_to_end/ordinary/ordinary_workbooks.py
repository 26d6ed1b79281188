"""48 ordinary workbooks, twelve each of four senders, and beside each what its author meant its rows to say.

Belongs here: layouts as ministries' clerks make them: titles, stamps, notes, merged heads, totals,
filters, foreign columns and sheets.
Does not belong here: what a typed cell means (`tables_of_senders.py`), and any plant: these files hold nothing personal
but the invented names with which officials sign, which an ordinary file has.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.end_to_end.plain_zip import packed, saved_parts
from tests.end_to_end.tables_of_senders import Hand, Meaning, Table, TypedRow, Value, tables_of, typed_row

SOURCES = ("iraq_interior_ministry", "kurdistan_interior_ministry", "iraq_labour_ministry", "iraq_judicial_council")
EACH = 12


@dataclass(frozen=True)
class IntendedRow:
    """One row as its author meant it: where it stands, and the values of its shape's columns of `raw/`."""

    sheet_number: int
    sheet_name: str
    row_number: int
    shape: str
    values: Meaning


@dataclass(frozen=True)
class OrdinaryWorkbook:
    """A workbook as it is sent, and its rows as they were meant; a row of counts has one for each figure."""

    name: str
    source: str
    file_name: str
    data: bytes
    rows: list[IntendedRow]

    @property
    def row_count(self) -> int:
        """How many data rows were written."""
        return len({(one.sheet_number, one.row_number) for one in self.rows})


@dataclass(frozen=True)
class _Habits:
    """How one clerk lays her sheets out."""

    titles: int = 2
    notes: bool = False
    foreign: tuple[str, ...] = ()
    number_column: bool = True
    total: bool = False
    signatures: bool = False
    filtered: bool = False
    blank_every: int = 0
    heads_every: int = 0
    phone_sheet: bool = False
    summary_sheet: bool = False
    sheet_of: int = 0
    own_headings: bool = False
    left_columns: bool = False
    languages: tuple[str, ...] = ("ar",)
    dates: tuple[str, ...] = ("excel",)
    digits: tuple[str, ...] = ("number",)


_HABITS = (
    _Habits(signatures=True, total=True, notes=True),
    _Habits(titles=3, foreign=("رقم الكتاب", "الموظف المسؤول"), dates=("slashes",), digits=("arabic",)),
    _Habits(titles=1, notes=True, filtered=True, dates=("iso",), digits=("number", "text")),
    _Habits(titles=0, blank_every=7, dates=("arabic",), digits=("thousands",), own_headings=True, number_column=False),
    _Habits(heads_every=12, dates=("excel",), digits=("number", "arabic"), total=True, left_columns=True),
    _Habits(phone_sheet=True, summary_sheet=True, dates=("padded",), signatures=True),
    _Habits(titles=4, notes=True, dates=("excel", "slashes", "iso", "arabic"), digits=("number", "arabic", "persian")),
    _Habits(languages=("ar", "en"), sheet_of=1, foreign=("ملاحظات المدقق",), total=True, dates=("iso", "excel")),
    _Habits(languages=("ckb", "ar"), phone_sheet=True, filtered=True, dates=("slashes", "arabic"), own_headings=True),
    _Habits(languages=("ar", "ckb", "en"), signatures=True, blank_every=5, summary_sheet=True, dates=("excel",)),
    _Habits(titles=3, notes=True, foreign=("تاريخ الإدخال", "الشعبة"), heads_every=9, signatures=True, total=True),
    _Habits(titles=1, languages=("en", "ckb"), filtered=True, total=True, notes=True, sheet_of=1,
            dates=("padded", "arabic"), digits=("thousands", "number")),
)  # fmt: skip

_NOTES = (
    "تمت متابعة الحالة مع الباحثة الاجتماعية ولا توجد مستجدات",
    "أرسل الكتاب مرتين ولم يرد الجواب",
    "ينظر كتابنا السابق / الفقرة 3",
    "حضرت مع صاحب العمل، دخول غير شرعي حسب أقوالها",
    "اتصلت السيدة شيماء عبد الرزاق بخصوص الموعد",
    "پەیوەندی کرا و چاوەڕوانی وەڵامین",
    "follow up next month",
    "سيارة نوع كيا بيضاء رقم 14522 بغداد",
)
_SIGNED = (
    ("نظمت من قبل", "المدقق", "مصادقة المدير"),
    ("ر. ملاحظين / هدى صالح", "م. مدير / عمار جبار", "العميد / سعدون خلف"),
    ("ختم الدائرة", "", "الهاتف 07705551234"),
    ("نسخة منه إلى: قسم الإحصاء - للتفضل بالعلم مع التقدير",),
)
_HEADS = {
    "iraq_interior_ministry": ("جمهورية العراق", "وزارة الداخلية - مديرية مكافحة الاتجار بالبشر"),
    "kurdistan_interior_ministry": ("حکوومەتی هەرێمی کوردستان", "وەزارەتی ناوخۆ"),
    "iraq_labour_ministry": ("جمهورية العراق", "وزارة العمل والشؤون الاجتماعية"),
    "iraq_judicial_council": ("جمهورية العراق", "مجلس القضاء الأعلى / قسم الإحصاء"),
}


@dataclass
class _Lines:
    """A sheet under way: its columns, and the lines written so far."""

    sheet: Worksheet
    columns: list[tuple[str, str]]
    last: int = 0
    data: list[int] = field(default_factory=list[int])

    def write(self, values: list[Value]) -> int:
        """Write one line, from the first column on; return its number."""
        self.last += 1
        for place, value in enumerate(values, 1):
            if value not in (None, ""):
                cell = self.sheet.cell(self.last, place, value)
                if not isinstance(value, str | int | float):
                    cell.number_format = "dd/mm/yyyy"
        return self.last


def _columns(table: Table, habits: _Habits) -> list[tuple[str, str]]:
    """The columns of a sheet in their order: heading as typed, and the heading of the card ("" for others)."""
    headings = table.headings
    if habits.left_columns:  # a clerk who does not hold everything: no foreign column stands beside a missing one
        last = [one for one in headings if one not in table.required and one not in table.cells]
        headings = [one for one in headings if one not in last[-2:] or table.cells]
    other: dict[str, list[str]] = {}
    for typed, heading in table.also.items():
        other.setdefault(heading, []).append(typed)
    own = {one: other[one][-1] if habits.own_headings and one in other else one for one in headings}
    columns = [(own[one], one) for one in headings]
    if habits.number_column:
        columns.insert(0, ("No" if table.source.startswith("kurdistan") else "ت", ""))
    extra = [*habits.foreign, *(["الملاحظات"] if habits.notes else [])]
    return columns + [(one, "") for one in extra]


def _write_heads(lines: _Lines) -> None:
    """The heading, in two merged lines where one column has a heading above others."""
    parts = [typed.split(" / ") for typed, _heading in lines.columns]
    deep = any(len(one) > 1 for one in parts)
    top: list[Value] = [one[0] for one in parts]
    shown = [None if deep and place and one == top[place - 1] else one for place, one in enumerate(top)]
    first = lines.write(shown)
    for cell in lines.sheet[first]:
        cell.font = Font(bold=True)
    if not deep:
        return
    lines.write([one[1] if len(one) > 1 else None for one in parts])
    starts = [place for place, one in enumerate(shown) if one is not None]
    for start, end in pairwise([*starts, len(parts)]):
        alone = len(parts[start]) == 1
        lines.sheet.merge_cells(start_row=first, end_row=first + alone, start_column=start + 1, end_column=end)


def _write_titles(lines: _Lines, table: Table, habits: _Habits, year: int) -> None:
    count = max(habits.titles, 1 if table.cells else 0)
    titled = [f"جدول يبين {table.sheets[0]} لسنة {year}", *reversed(_HEADS[table.source]), "سري للاستعمال الرسمي"]
    for text in reversed(titled[:count]):
        line = lines.write([text])
        lines.sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=max(len(lines.columns), 2))
    if habits.titles > 2:
        lines.write([None])


def _foreign(heading: str, number: int, draw: random.Random) -> Value:
    """What stands in a column that no card knows."""
    if heading in ("ت", "No"):
        return number
    if heading == "رقم الكتاب":
        return f"{draw.randrange(100, 9999)}/ق"
    if heading == "تاريخ الإدخال":
        return f"{draw.randrange(1, 28)}/1/2025"
    if heading in ("الموظف المسؤول", "الشعبة"):
        return draw.choice(["حنان كريم", "أ. مهند", "شعبة المتابعة", "شعبة الذاتية"])
    return draw.choice([None, *_NOTES])


def _write_rows(lines: _Lines, table: Table, habits: _Habits, rows: list[TypedRow], draw: random.Random) -> None:
    for number, row in enumerate(rows, 1):
        if habits.blank_every and number % habits.blank_every == 0:
            lines.last += 1
        if habits.heads_every and number > 1 and number % habits.heads_every == 1:
            _write_heads(lines)
        values = [row.cells[head] if head else _foreign(typed, number, draw) for typed, head in lines.columns]
        lines.data.append(lines.write(values))


def _write_total(lines: _Lines, table: Table, rows: list[TypedRow]) -> None:
    """A line of totals: under the columns of numbers their sums, as the author meant them."""
    fields = {head: name for head, name in table.columns.items() if name.endswith("_count")}
    line: list[Value] = []
    for _typed, head in lines.columns:
        if head in table.cells:
            place = list(table.cells).index(head)
            line.append(sum(int(row.means[place]["figure"] or 0) for row in rows))
        else:
            said = [row.means[0][fields[head]] for row in rows] if head in fields else []
            line.append(sum(int(one) for one in said if one is not None) if said else None)
    line[0] = "المجموع"
    if not any(isinstance(one, int) for one in line):
        line[1] = len(rows)
    lines.write(line)


def _write_foot(lines: _Lines) -> None:
    lines.last += 1
    for texts in _SIGNED:
        line: list[Value] = []
        for text in texts:
            line += [None, text]
        lines.write(line)


def _write_sheet(
    sheet: Worksheet, table: Table, habits: _Habits, year: int, rows: list[TypedRow], draw: random.Random
) -> _Lines:
    lines = _Lines(sheet, _columns(table, habits))
    sheet.sheet_view.rightToLeft = True
    _write_titles(lines, table, habits, year)
    _write_heads(lines)
    head = lines.last
    _write_rows(lines, table, habits, rows, draw)
    if habits.filtered:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(lines.columns))}{lines.last}"
        for line in lines.data[2::4]:
            sheet.row_dimensions[line].hidden = True
    if habits.total:
        _write_total(lines, table, rows)
    if habits.signatures:
        _write_foot(lines)
    if habits.notes:
        sheet.cell(lines.data[0], 1).comment = Comment("راجعت الجدول - أم زينب", "Windows User")
        sheet.oddFooter.center.text = "أعدته: هدى صالح &P"
    return lines


def _phone_sheet(book: Workbook) -> None:
    sheet = book.create_sheet("هواتف الدوائر", 0)
    for line in (("الدائرة", "الهاتف"), ("مكتب البصرة", "07801112233"), ("مكتب نينوى", "0770 444 5566")):
        sheet.append(line)


def _summary_sheet(book: Workbook, counts: dict[str, int]) -> None:
    sheet = book.create_sheet("خلاصة")
    sheet.append(["الجدول", "العدد", "رأي القسم"])
    for name, count in counts.items():
        sheet.append([name, count, "مطابق"])


def _shares(source: str, index: int, draw: random.Random) -> dict[str, int]:
    """How many rows each table of a workbook has: 20 to 60 in all; one workbook in three has one table alone."""
    names, whole = list(tables_of(source)), draw.randrange(20, 61)
    small = {"facilities": draw.randrange(2, 4), "workload": draw.randrange(8, 16)}
    large = [one for one in names if one not in small]
    if index % 3 == 2:
        large = [large[index // 3 % len(large)]]
        names = [one for one in names if one in (*large, "facilities")]
    shares = {one: small.get(one, 0) for one in names}
    for place, one in enumerate(large):
        left = whole - sum(shares.values())
        shares[one] = left if place == len(large) - 1 else left // (len(large) - place)
    return shares


_YEARS = (*range(2016, 2026), 2024, 2025)


def _hand(habits: _Habits, source: str, draw: random.Random) -> Hand:
    languages = (
        ("ckb", "en", "ar") if source.startswith("kurdistan") and len(habits.languages) == 1 else habits.languages
    )
    blanks: tuple[Value, ...] = (None, "") if habits.titles % 2 else (None, "-")
    return Hand(draw, languages, habits.dates, habits.digits, blanks)


def _workbook(source: str, index: int) -> OrdinaryWorkbook:
    draw, habits, year = random.Random(f"{source} {index}"), _HABITS[index], _YEARS[index]
    book, hand = Workbook(), _hand(habits, source, draw)
    book.remove(book.worksheets[0])
    if habits.phone_sheet:
        _phone_sheet(book)
    written: list[tuple[str, _Lines, Table, list[TypedRow]]] = []
    counts: dict[str, int] = {}
    for name, count in _shares(source, index, draw).items():
        table = tables_of(source)[name]
        sheets = [one for one in table.sheets if "{" not in one]
        title = sheets[habits.sheet_of % len(sheets)]
        rows = [typed_row(table, hand, year, number, f"{index} {name}") for number in range(count)]
        written.append((title, _write_sheet(book.create_sheet(title), table, habits, year, rows, draw), table, rows))
        counts[title] = count
    if habits.summary_sheet:
        _summary_sheet(book, counts)
    rows_meant = [
        IntendedRow(book.sheetnames.index(title) + 1, title, line, table.shape, _without(meaning, lines, table))
        for title, lines, table, rows in written
        for line, row in zip(lines.data, rows, strict=True)
        for meaning in row.means
    ]
    name = f"{source}_{index:02}"
    return OrdinaryWorkbook(
        name, source, f"{_FILE_NAMES[index % 4]} {year}.xlsx", packed(saved_parts(book)), rows_meant
    )


_FILE_NAMES: tuple[str, ...] = ("الموقف السنوي", "نسخة نهائية (2)", "احصائية", "Annual table")


def _without(meaning: Meaning, lines: _Lines, table: Table) -> Meaning:
    """What a row says without the columns that its sheet has not."""
    there = {head for _typed, head in lines.columns}
    gone = {name for head, name in table.columns.items() if head not in there} - {"reference_year", "governorate_code"}
    gone |= {"law_codes", "article_codes"} if "citation" in gone else set()
    gone |= {"age_years", "birth_year", "age_group_code"} if "age" in gone else set()
    return {name: value for name, value in meaning.items() if name not in gone}


def ordinary_workbooks() -> list[OrdinaryWorkbook]:
    """All 48, the same bytes each time."""
    return [_workbook(source, index) for source in SOURCES for index in range(EACH)]
