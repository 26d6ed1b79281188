"""One cell, read by the type of its field.

Belongs here: the meaning of a typed cell: a pseudonymous ID, a label, codes, a number with its mark, an age, a
citation.
Does not belong here: where the cell stands or what its row needs (`row_checks.py`), dates (`typed_dates.py`), which
personal values a cell may not hold (`personal_data.py`).

A blank, `0`, `-`, `لا يوجد`, `لم ترد` and `<5` are six different things; they are distinguished here and stay so.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ingestion.cards.loose_words import loose_code, loose_words
from ingestion.cards.nationalities import country_of, country_spellings
from ingestion.cards.source_card import FieldCard, load_codes
from ingestion.files.cell_marks import UNCALCULATED, kind_of_mark
from ingestion.text.ages import read_age
from ingestion.text.citations import parse_citation
from ingestion.text.date_order import ColumnOrder
from ingestion.text.folding import clean, fold, nearest_word
from ingestion.text.number_words import figure_with_words, small_number
from ingestion.text.pcodes import Version, read_pcode
from ingestion.text.tokens import is_token
from ingestion.text.typed_numbers import DecimalSign, is_in_doubt, number_in

RawValue = str | int | float | datetime.date | None
Raw = tuple[RawValue, ...]
"""The raw columns of one field, in the order of `columns_of`."""

_GOVERNORATES = "governorate"
_COUNTRIES = "citizenship"  # the code list that includes all countries of the world
_FIRST_YEAR = 1990  # older than any source; a year before it is a typing error
_GREATEST = 2**53  # whole numbers up to here are exact in every program that reads them
_LONGEST_CITATION = 300
_PARTS = re.compile(r"(?P<laws>[A-Z0-9_;]+)\|(?P<articles>[A-Z0-9_;]*)")  # a citation as the house keeps it
_SURROGATES = re.compile("[\ud800-\udfff]")  # halves of a character, which no file can hold
_CARD_SAYS_NOTHING = ColumnOrder(None)
_MARKS = {
    "dash": ("-", "–", "—", "ـ", "--", "/", "...", "…"),
    "none": ("لا يوجد", "لايوجد", "لا توجد", "لاتوجد", "none", "nil", "نییە"),
    "not_received": ("لم ترد", "لم يرد", "لم تصل", "not received", "n/a", "نەگەیشتووە"),
}
_ERROR = re.compile(rf"#(?:N/A|DIV/0!|[A-Z_]+[!?]|GETTING_DATA)|#{{3,}}|ERR:\d{{3}}|{UNCALCULATED}")
_MARK_OF = {fold(word) or word: mark for mark, words in _MARKS.items() for word in words}
_UNKNOWN = {fold(word) for word in ("غير محدد", "غير معروف", "مجهول", "لا يعرف", "unknown", "نەزانراو", "_U")}
_MASKED = re.compile(r"(?:<|اقل من|اقل من:|less than|كهمتر له) ?(\d{1,3})")
# Words that precede a place name and are no part of it.
_PLACE_PREFIX = re.compile(
    r"^(?:(?:رياسه محكمه استيناف|رياسه استيناف|محكمه استيناف|استيناف|محافظه|مدينه|باريزكاي|شاري|governorate of"
    r"|province of|city of) |م/|م\. ?)"
)
_PLACE_SUFFIX = re.compile(r" (governorate|province|city|الاتحاديه)$")
_SEPARATORS = (re.compile(r"[،,;؛|\n]"), re.compile(r"[/+]"))  # the weaker ones may occur inside a label
_CHOICES = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)+")  # choices of a form, whose names it joins with spaces
_AND = re.compile(r" و ?| and ")

_DAMAGED_TOKEN = re.compile(r"k\d*:?\s*[0-9a-f]{8,64}|[0-9a-f]{32}", re.IGNORECASE)


class CellReading(NamedTuple):
    """The reading of a cell: its raw values, and the finding on it.

    A `kind` with `is_bad` quarantines the row; without it, it is a flag. What
    was typed is never repeated.
    """

    raw: Raw
    kind: str = ""
    is_bad: bool = False


Reader = Callable[[object], CellReading]


@dataclass(frozen=True)
class Habits:
    """How a file is written: the source's own words for codes, the day of reading, the order of day and month.

    `pcodes` is that of the table's card; `dates` and `decimal_sign` are proved by the column.
    """

    today: datetime.date
    words: Mapping[str, Mapping[str, str]]
    dates: ColumnOrder = _CARD_SAYS_NOTHING
    pcodes: Version | None = None
    decimal_sign: DecimalSign = ""


def columns_of(name: str, field: FieldCard) -> tuple[str, ...]:
    """Return the names of the raw columns of a field."""
    if field.type == "integer":
        bounds = (f"{name}_low", f"{name}_high") if field.masked else ()
        return (name, f"{name}_mark", *bounds)
    if field.type == "age":
        return ("age_years", "birth_year", "age_group_code", "age_method")
    if field.type == "citation":
        return ("citation", "law_codes", "article_codes")
    return (name,)


def reader_of(name: str, field: FieldCard, habits: Habits) -> Reader:
    """Return the function that reads a cell of this field; it never raises, whatever the cell holds."""
    if field.type in ("code", "codes"):
        read = _codes_reader(field, habits.words.get(name, {}))
        read = _places_reader(read, field, habits) if field.codes == _GOVERNORATES else read
        return _guard_reader(read, name, field)
    simple: dict[str, Reader] = {
        "token": _read_token,
        "label": _read_label,
        "date": lambda value: _read_date(value, habits),
        "year": lambda value: _read_year(value, habits.decimal_sign),
        "integer": lambda value: _read_integer(value, field, habits.decimal_sign),
        "decimal": lambda value: _read_decimal(value, field, habits.decimal_sign),
        "age": lambda value: _read_age(value, habits.today),
        "citation": _read_citation,
    }
    guarded = _guard_reader(simple[field.type], name, field)
    return _tokens_first(guarded) if field.type == "token" else guarded


def _tokens_first(read: Reader) -> Reader:
    """Return a reader that accepts a sound token before all other checks: each row has its own, so no cache helps."""
    return lambda value: CellReading((value,)) if isinstance(value, str) and is_token(value) else read(value)


def _guard_reader(read: Reader, name: str, field: FieldCard) -> Reader:
    """Return a reader that never takes a spreadsheet error for a blank, or a truth value for a word or number."""
    blank = tuple("error" if column == f"{name}_mark" else None for column in columns_of(name, field))

    def read_guarded(value: object) -> CellReading:
        if kind := kind_of_mark(value):
            return CellReading(blank, kind, True)
        if isinstance(value, bool):
            return CellReading(blank, "truth_value", True)
        if mark_of(value) == "error":
            return CellReading(blank, "cell_error", field.type != "integer")  # a count has its own mark for it
        return read(value)

    return read_guarded


def code_words(code_list: str, own: Mapping[str, str]) -> Mapping[str, str]:
    """Return folded word -> code of a list: its codes, its words, and before them the source's own words."""
    words = {fold(word): code for code, typed in load_codes(code_list).items() for word in (code, *typed)}
    return {**words, **{fold(word): code for word, code in own.items()}}


def split_codes(text: str, words: Mapping[str, str]) -> set[str] | None:
    """Return the codes that a cell with several labels names, or None if a part is unknown.

    A whole known label is never split. `و` joins only if both sides are known, so that it is safe inside words
    (`متاجرة بالأعضاء`) and attached to one (`تسول ودعارة`).
    """
    form = fold(text)
    if form in words:
        return {words[form]}
    for separators in _SEPARATORS:
        parts = [part for part in separators.split(form) if part.strip()]
        if len(parts) > 1:
            code_sets = [split_codes(part, words) for part in parts]
            return set[str]().union(*(codes for codes in code_sets if codes)) if all(code_sets) else None
    for joint in _AND.finditer(form):
        left, right = words.get(form[: joint.start()].strip()), form[joint.end() :]
        if left and (rest := split_codes(right, words)):
            return {left, *rest}
    return None


def mark_of(value: object) -> str:
    """Return `blank`, `dash`, `none`, `not_received`, `error`, or an empty string for a cell with a value."""
    if value is None:
        return "blank"
    if not isinstance(value, str):
        return ""
    return _mark_of_text(value)


def find_place(text: str, words: Mapping[str, str]) -> str | None:
    """Return the code of a word of a list; of a place also after `رئاسة محكمة استئناف`, `محافظة` and the like."""
    return words.get(fold(text)) or words.get(remove_place_words(text))


def place_of_sheet(name: str) -> str | None:
    """Return the governorate that a sheet is named after: `البصرة`, `محافظة ذي قار`."""
    code = loose_code(remove_place_words(name), loose_words(code_words(_GOVERNORATES, {}), _GOVERNORATES))
    return code if code != "_U" else None


def remove_place_words(text: str) -> str:
    """Return the folded text without the words that stand around the name of a place: `رئاسة محكمة استئناف`."""
    return _PLACE_SUFFIX.sub("", _PLACE_PREFIX.sub("", fold(text)))


@lru_cache(maxsize=65536)
def _mark_of_text(text: str) -> str:
    plain = clean(text)
    if not plain:
        return "blank"
    if _ERROR.fullmatch(plain.upper()):
        return "error"
    return _MARK_OF.get(fold(plain) or plain, "")


def _text_of(value: object) -> str:
    """Return a cell as text: whole floats without `.0`, as the sheet shows them, nothing for a blank."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _SURROGATES.sub("\ufffd", clean(str(value)))


def _read_token(value: object) -> CellReading:
    """Read a token; a damaged one quarantines its row, and so does anything else: a name, a raw number."""
    text = _text_of(value)
    if is_token(text):
        return CellReading((text,))
    if mark_of(value) or fold(text) in _UNKNOWN:
        return CellReading((None,))
    return CellReading((None,), "token_malformed" if _DAMAGED_TOKEN.fullmatch(text) else "not_a_token", True)


def _read_label(value: object) -> CellReading:
    return CellReading((None if mark_of(value) in ("blank", "dash") else _text_of(value),))


def _codes_reader(field: FieldCard, own: Mapping[str, str]) -> Reader:
    words = code_words(field.codes, own)
    loose = loose_words(words, field.codes)

    def read_codes(value: object) -> CellReading:
        text = _text_of(value)
        codes = _read_one_code(text, words) if field.type == "code" else _read_several_codes(value, text, words)
        if codes is None and field.type == "codes" and _CHOICES.fullmatch(text):
            codes = split_codes(";".join(text.split()), words)
        if codes is None and field.codes == "law":
            codes = _cited_laws(text, words)
        if codes is None and (code := loose_code(remove_place_words(text), loose)):
            codes = {code}
        if codes is None and field.codes == _COUNTRIES and (country := country_of(text)):
            codes = {country}
        if codes:
            return CellReading((";".join(sorted(codes)),))
        if mark_of(value):
            return CellReading((None,))
        return CellReading((None,), "unknown_code", True)

    return read_codes


def suggested_word(value: object, field: FieldCard, own: Mapping[str, str]) -> str:
    """Return the word of a field's code list that a cell certainly misspells, or an empty text; for its sender."""
    return nearest_word(_text_of(value), _spellings(field.codes, own))


def _spellings(code_list: str, own: Mapping[str, str]) -> Mapping[str, str]:
    """Return the words that may be suggested, as people write them, with the code of each."""
    listed = {word: code for code, several in load_codes(code_list).items() for word in several}
    return {**(country_spellings() if code_list == _COUNTRIES else {}), **listed, **own}


def _places_reader(read: Reader, field: FieldCard, habits: Habits) -> Reader:
    """Return a reader of governorates that accepts a p-code only by its version or with the name next to it."""
    words = code_words(field.codes, {})

    def read_place(value: object) -> CellReading:
        pcode = read_pcode(_text_of(value), habits.pcodes, lambda name: find_place(name, words))
        if pcode is None:
            return read(value)
        return CellReading((pcode.code,)) if pcode.code else CellReading((None,), "pcode_without_version", True)

    return read_place


def _read_several_codes(value: object, text: str, words: Mapping[str, str]) -> set[str] | None:
    """Return the codes of a cell in which a line break may separate two labels, or split one over two lines."""
    codes = split_codes(text, words)
    if codes is None and isinstance(value, str) and "\n" in value.strip():
        return split_codes("،".join(filter(str.strip, value.splitlines())), words)
    return codes


def _read_one_code(text: str, words: Mapping[str, str]) -> set[str] | None:
    code = find_place(text, words)
    return {code} if code else None


def _cited_laws(text: str, words: Mapping[str, str]) -> set[str] | None:
    """Return the laws cited in a cell, as a charge may be typed as a citation; only laws of the list count."""
    cited = parse_citation(text) if len(text) <= _LONGEST_CITATION else None
    codes = set(cited.law_codes) if cited else set[str]()
    return codes if codes and codes <= set(words.values()) else None


def _read_date(value: object, habits: Habits) -> CellReading:
    if mark_of(value) or (isinstance(value, str) and fold(value) in _UNKNOWN):
        return CellReading((None,))
    day, kind = habits.dates.read_cell(value)
    if day is not None and day > habits.today:
        return CellReading((day,), "date_in_future")
    return CellReading((day,), kind, day is None)


def _read_year(value: object, decimal_sign: DecimalSign) -> CellReading:
    if mark_of(value):
        return CellReading((None,))
    if isinstance(value, datetime.date):
        return CellReading((value.year,))
    number = number_in(value, decimal_sign)
    is_year = number is not None and 1000 <= number <= 9999 and number == int(number)
    return (
        CellReading((int(number),)) if number is not None and is_year else CellReading((None,), "year_unreadable", True)
    )


def _read_integer(value: object, field: FieldCard, decimal_sign: DecimalSign) -> CellReading:
    mark = mark_of(value)
    bounds: Raw = (None, None) if field.masked else ()
    if mark:
        return CellReading((0 if mark == "none" else None, mark, *bounds))
    text = _text_of(value)
    if masked := _MASKED.fullmatch(fold(text)):
        return CellReading((None, "masked", *((1, int(masked[1]) - 1) if field.masked else ())))
    number = number_in(value, decimal_sign)
    if number is None and (in_words := figure_with_words(text)):
        if in_words.figure != in_words.words:
            return CellReading((None, "error", *bounds), "number_contradicts_words", True)
        number = in_words.figure
    if number is None and (words := small_number(text)) is not None:
        number = Decimal(words)
    if number is not None and abs(number) > _GREATEST:
        return CellReading((None, "error", *bounds), "out_of_range", True)
    if number is None or number != int(number):
        kind = "number_ambiguous" if is_in_doubt(value, decimal_sign) else "not_a_number"
        return CellReading((None, "error", *bounds), kind, True)
    return _check_range(CellReading((int(number), "value", *bounds)), float(number), field)


def _read_decimal(value: object, field: FieldCard, decimal_sign: DecimalSign) -> CellReading:
    if mark := mark_of(value):
        return CellReading((0.0 if mark == "none" else None,))
    if is_in_doubt(value, decimal_sign):  # here also with a comma
        return CellReading((None,), "number_ambiguous", True)
    number = number_in(value, decimal_sign)
    if number is None:
        return CellReading((None,), "not_a_number", True)
    if abs(number) > _GREATEST:
        return CellReading((None,), "out_of_range", True)
    return _check_range(CellReading((float(number),)), float(number), field)


def _check_range(reading: CellReading, number: float, field: FieldCard) -> CellReading:
    too_small = field.minimum is not None and number < field.minimum
    too_great = field.maximum is not None and number > field.maximum
    return reading._replace(kind="out_of_range", is_bad=True) if too_small or too_great else reading


def _read_citation(value: object) -> CellReading:
    if mark_of(value):
        return CellReading((None, None, None))
    text = _text_of(value)
    if parts := _PARTS.fullmatch(text):
        return CellReading((text, parts["laws"], parts["articles"] or None))
    cited = parse_citation(text) if len(text) <= _LONGEST_CITATION else None
    if cited is None:
        return CellReading((None, None, None), "citation_unreadable", True)
    laws, articles = ";".join(cited.law_codes), ";".join(cited.article_codes)
    return CellReading((f"{laws}|{articles}", laws, articles or None))


def _read_age(value: object, today: datetime.date) -> CellReading:
    if mark_of(value):
        return CellReading((None, None, None, None))
    if isinstance(value, str) and fold(value) in _UNKNOWN:
        return CellReading((None, None, None, "unknown"))
    age, kind = read_age(_text_of(value), today) if not isinstance(value, datetime.date) else (None, "")
    return CellReading(age, kind) if age else CellReading((None,) * 4, "age_unreadable", True)


def is_plausible_year(year: int) -> bool:
    """Return whether this year is not too early for a period."""
    return year >= _FIRST_YEAR
