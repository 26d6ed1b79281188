"""The totals of a table: which rows are totals, of which rows, and whether a row's own sums add up.

Belongs here: the labels of totals and subtotals in three languages, which rows a total may be the sum of, and the
comparison. Totals are never data; they are the sender's own checksums.
Does not belong here: where a table ends (`table_finder.py`), how a wrong total is reported (`row_checks.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ingestion.files.file_facts import is_blank
from ingestion.files.reader import CellValue
from ingestion.text.folding import fold
from ingestion.text.typed_numbers import number_in

_GREATEST = 2**53
_LONGEST_LABEL = 40
_MOST_FIGURES = 6  # of a number of rows
_COUNT = r"[ :=/(]*(?P<count>\d+)?\)?"  # `المجموع 25` states a number of rows
# Folded forms: `ه` stands for ة and ە, `ك` for گ, `ي` for ى and ێ.
_GRAND = re.compile(
    r"(?:(?:ال)?(?:مجموع|اجمالي|عدد) (?:ال)?(?:كلي|عام|نهايي|اجمالي)|(?:اجمالي|الاجمالي) المجموع"
    r"|(?:ال)?(?:مجموع|اجمالي|عدد) الكلي ل\w+(?: \d{4})?|عدد \w+ الكلي"
    r"|grand total|overall total|totals?,? (?:all|overall)|all together|(?:كوي|سهرجهمي) (?:كشتيي?|ههموو))" + _COUNT
)
_PLAIN = re.compile(
    r"(?:المجموع|مجموع|الاجمالي|اجمالي|total|كو|سهرجهم)" + _COUNT
    + r"|(?:المجموع|الاجمالي) (?:ل?سنه|ل?عام) \d{4}|(?:ال)?(?:مجموع|اجمالي) \d{1,4} \D+|totals|الجمله|المجاميع"
)  # fmt: skip
_PART = re.compile(
    r"(?:(?:المجموع|الاجمالي) (?:الفرعي|الجزيي)|(?:المجموع|الاجمالي) (?:في |ل)\D+?|(?:مجموع|اجمالي) \D+?"
    r"|sub[ -]?total|total (?:of|for) \D+?|كوي \D+?)" + _COUNT
)


@dataclass(frozen=True)
class Total:
    """A row of the sender's totals.

    Args:
        row: its row, from 0.
        stated_count: the number in its label (`المجموع 25`), or None.
        is_grand: its label says that it is the total of all rows.
        is_part: its label says that it is the total of some of them (`مجموع المحافظة`).
    """

    row: int
    stated_count: int | None = None
    is_grand: bool = False
    is_part: bool = False


def total_at(row: Sequence[CellValue], number: int, first_mapped: int, last_words: int) -> Total | None:
    """Return the total in a row, or None.

    A total's label is the first filled cell of its row, at the left edge; or it follows the words of its group and
    precedes only numbers. Anywhere else `Total` is a category.

    Args:
        row: the cells.
        number: the row, from 0.
        first_mapped: the first column that is read.
        last_words: the last column in which a label may follow other words.
    """
    is_first = True
    for column, value in enumerate(row[: max(first_mapped, last_words) + 1]):
        if is_blank(value):
            continue
        if not isinstance(value, str) or len(value) >= _LONGEST_LABEL or not any(map(str.isalpha, value)):
            return None
        if total := _read_label(value, number):
            if is_first and column <= first_mapped:
                return total
            behind = [whole_number(other) for other in row[column + 1 :] if not is_blank(other)]
            return replace(total, is_part=not total.is_grand) if behind and None not in behind else None
        is_first = False
    return None


def is_total(row: Sequence[CellValue]) -> bool:
    """Return whether the first filled cell of a row is the label of a total."""
    first = next((value for value in row if not is_blank(value)), None)
    return isinstance(first, str) and _read_label(first, 0) is not None


def last_total(totals: Sequence[Total]) -> Total | None:
    """Return the total that ends a table: the first total of all rows, else the last one unless it is of a part."""
    grand = next((total for total in totals if total.is_grand), None)
    if grand or not totals:
        return grand
    return None if totals[-1].is_part else totals[-1]


def groups_of(total: Total, totals: Sequence[Total], data_rows: Sequence[int]) -> list[list[int]]:
    """Return the sets of rows, as indices into `data_rows`, that a total may be the sum of; the likeliest comes first.

    A grand total is the sum of all rows above it. Any other one is the sum of the rows since another total, or of all:
    a table may have subtotals of subtotals.
    """
    above = [place for place, row in enumerate(data_rows) if row < total.row]
    if total.is_grand:
        return [above]
    starts = [-1, *(other.row for other in totals if other.row < total.row)]
    groups = [[place for place in above if data_rows[place] > start] for start in starts]
    groups = [group for place, group in enumerate(groups) if group and group not in groups[:place]] or [[]]
    is_last = total == last_total(totals)
    return groups if is_last else groups[::-1]


def mismatch(stated: int, groups: Sequence[Sequence[int]], sum_of: Callable[[Sequence[int]], int | None]) -> int | None:
    """Return what the likeliest rows add up to if no set matches what is stated; None if one matches or is open."""
    sums = [sum_of(group) for group in groups]
    return None if stated in sums or None in sums else sums[0]


def whole_number(value: CellValue) -> int | None:
    """Return the whole number that a cell of a total row states, or None."""
    if type(value) is int:
        return value if abs(value) <= _GREATEST else None
    number = number_in(value, "")
    return int(number) if number is not None and abs(number) <= _GREATEST and number == int(number) else None


def _read_label(text: str, row: int) -> Total | None:
    if len(text) >= _LONGEST_LABEL or (text.isascii() and "total" not in text.lower()):
        return None
    label = fold(text)
    if match := _GRAND.fullmatch(label):
        return Total(row, _number(match["count"]), is_grand=True)
    if match := _PLAIN.fullmatch(label):
        return Total(row, _number(match["count"]))
    match = _PART.fullmatch(label)
    return Total(row, _number(match["count"]), is_part=True) if match else None


def _number(digits: str | None) -> int | None:
    """Return a number of rows; a longer one may be a telephone."""
    return int(digits) if digits and len(digits) <= _MOST_FIGURES else None
