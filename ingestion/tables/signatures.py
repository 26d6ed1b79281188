"""Lines under a table that are not its rows: signatures, counts of rows, notes.

Belongs here: the words of a signature block, which line states how many rows there are, and what kind of line stands
under a table, for its finding.
Does not belong here: the day of a letter (`footnotes.py`), the labels of totals (`totals.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Literal

from ingestion.files.file_facts import is_blank
from ingestion.files.reader import CellValue
from ingestion.tables.footnotes import is_dated_line
from ingestion.tables.totals import is_total, whole_number
from ingestion.text.folding import fold
from ingestion.text.tokens import SHORTEST_TOKEN, is_token

Line = Literal["", "signature", "total", "note"]
"""The kind of a line; empty for one that is not under a table."""

_LONGEST = 60
_GREATEST_COUNT = 999_999
_COUNTING = re.compile(r"مجموع|اجمالي|عدد|كلي|total|count|number|زماره|كوي|سهرجهم")
_WORD = re.compile(r"\w+")
_PHRASES = re.compile(r"صادق علي(?:ه|ها)?|مع التقدير|ملازم اول|ملازم ثان")  # their single words may be a person's name
# Ranks are listed with the article only: without it, رائد and عميد are names.
_SAID = (
    "نظمه نظمها المنظم منظم أعده أعدها المعد دققه دققها المدقق مدقق التدقيق صدقه المصادق المصادقة وقعه الموقع "
    "التوقيع توقيع التواقيع الختم ختم المخول الكاتب المدير مدير المدراء القسم قسم الشعبة شعبة الوحدة وحدة "
    "المديرية مديرية الدائرة دائرة اللجنة لجنة رئيس الرئيس الإحصاء العام الضابط ضابط الآمر آمر المحقق الباحث "
    "الباحثة الموظف الموظفة المسؤول مسؤول عضو الأعضاء المختص المفوض الملازم النقيب الرائد المقدم العقيد العميد "
    "اللواء الفريق الحقوقي التاريخ مركز المركز نسخة أصل الكتاب واژوو واژۆ ئامادەکار ئامادەکردن بەڕێوەبەر "
    "بەڕێوەبەری پشکنەر لێپرسراو مۆر سەرۆک سەرۆکی لیژنە لیژنەی بەش بەشی ئامار signed signature prepared checked "
    "approved reviewed by director head of section unit department statistics officer stamp manager colonel "
    "captain major lieutenant "
)
_WORDS = frozenset(fold(word) for word in _SAID.split())


def is_signature_text(text: str) -> bool:
    """Return whether a text consists only of signature words, with small numbers: `نظمه / مفوض الشعبة 3`."""
    return len(text) <= _LONGEST and _is_signature(text)


def is_signature_line(cells: Sequence[CellValue]) -> bool:
    """Return whether each filled cell of a line (at least one) holds signature words or the day of a letter."""
    there = [cell for cell in cells if not is_blank(cell)]
    return any(isinstance(cell, str) and is_signature_text(cell) for cell in there) and all(
        isinstance(cell, str) and (is_signature_text(cell) or is_dated_line(cell)) for cell in there
    )


def count_lines(rows: Sequence[Sequence[CellValue]]) -> set[int]:
    """Return the rows, from 0, that may state a number where other rows have a pseudonymous ID, and are no data.

    Such a line holds no ID and is labelled as a total; or it follows the last row with an ID and holds one number,
    equal to the number of rows with an ID, and otherwise only words about numbers.
    """
    with_token = _rows_with_token(rows)
    last, counted = max(with_token, default=len(rows)), len(with_token)
    lines: set[int] = set()
    for place, row in enumerate(rows):
        if place in with_token:
            continue  # before its cells are read as numbers: true of nearly every row in a long file
        numbers = {number for cell in row if (number := whole_number(cell)) is not None}
        if not numbers:
            continue
        is_labelled = any(isinstance(cell, str) and is_total([cell]) for cell in row)
        if is_labelled or (place > last and numbers == {counted} and _is_of_number(row)):
            lines.add(place)
    return lines


def is_count(cell: CellValue) -> bool:
    """Return whether a cell holds a plausible number of rows; a longer one may be an identifier, whatever its label."""
    number = whole_number(cell)
    return number is not None and 0 <= number <= _GREATEST_COUNT


def looks_like(rows: Sequence[Sequence[CellValue]], place: int) -> Line:
    """Return the kind of a row (from 0) below all rows with a pseudonymous ID."""
    with_token = _rows_with_token(rows)
    if not with_token or place <= max(with_token):
        return ""
    around = [cell for row in rows[max(max(with_token) + 1, place - 1) : place + 2] for cell in row]
    if any(isinstance(cell, str) and not _WORDS.isdisjoint(_WORD.findall(fold(cell))) for cell in around):
        return "signature"
    return "total" if any(whole_number(cell) is not None for cell in rows[place]) else "note"


@lru_cache(maxsize=8192)
def _is_signature(text: str) -> bool:
    form = fold(text)
    rest = _WORD.findall(_PHRASES.sub(" ", form))
    words = [word for word in rest if not (word.isdecimal() and len(word) <= 2)]
    return (bool(words) or _PHRASES.search(form) is not None) and _WORDS.issuperset(words)


def _rows_with_token(rows: Sequence[Sequence[CellValue]]) -> Collection[int]:
    return {place for place, row in enumerate(rows) if _has_token(row)}


def _has_token(row: Sequence[CellValue]) -> bool:
    return any(isinstance(cell, str) and len(cell) >= SHORTEST_TOKEN and is_token(cell.strip()) for cell in row)


def _is_of_number(row: Sequence[CellValue]) -> bool:
    return all(
        is_blank(cell)
        or whole_number(cell) is not None
        or (isinstance(cell, str) and _COUNTING.search(fold(cell)) is not None)
        for cell in row
    )
