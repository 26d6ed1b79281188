"""Ages as people type them: years, years and months, numbers in words, a year of birth, a band, a word.

Belongs here: the meaning of an age cell, and on which side of eighteen a band or a word is.
Does not belong here: a blank, an unknown or a mark (`cell_values.py`), at which date an age applies (dbt).
"""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from ingestion.text.folding import ascii_digits, fold
from ingestion.text.number_words import replace_number_words
from ingestion.text.typed_numbers import parse_number

_YEARS_WORD, _MONTHS_WORD = r"(?:سنه|سنوات|عاما|عام|اعوام|سال|سالان|years?|y)", r"(?:شهرا|شهر|شهور|اشهر|مانك|months?|m)"
_IN_YEARS = re.compile(rf"(\d{{1,3}})(?:\.0{{1,2}})? ?(?:{_YEARS_WORD}(?: old)?)?")
_WITH_MONTHS = re.compile(
    rf"(?:(\d{{1,3}}) ?{_YEARS_WORD} ?(?:و|and|,|،)? ?)?(\d{{1,2}}) ?{_MONTHS_WORD}(?: old)?"
    rf"|(\d{{1,3}}) ?(?:{_YEARS_WORD} ?)?(?:و ?|and (?:a )?)(?:نصف|نيو|half)(?: ?{_YEARS_WORD})?"
)
_MONTHS_OF_A_YEAR = 12
# Words for an age, and their figure.
_SAID = (
    (re.compile(r"\b(?:سنتان|سنتين|عامان|عامين)\b"), "2 سنه"), (re.compile(r"\b(?:شهران|شهرين)\b"), "2 شهر"),
    (re.compile(r"\b(سنه|شهر) (?:واحده?|واحد)\b"), r"1 \1"), (re.compile(r"\bعام واحد\b"), "1 سنه"),
    (re.compile(r"\bالثامنه عشره?\b"), "18"), (re.compile(r"^(سنه) (?=و)"), r"1 \1 "),
)  # fmt: skip
_BELOW = re.compile(
    r"(?:<|دون|تحت|اقل من|ما دون|خوار|زير|كهمتر له|under|below|less than|younger than) ?(?:سن )?(?:ال)?(\d{1,2})"
    r"(?: ?(?:سنه|عاما|years|سال))?"
)
_FROM = re.compile(
    r"(?:>=|>|فوق|اكثر من|اكبر من|سهرو|over|above|older than) ?(?:سن )?(?:ال)?(\d{1,2})(?: ?(?:سنه|عاما|years|سال))?"
    r"|(\d{1,2}) ?(?:\+|(?:سنه |عاما |years |سال )?"
    r"(?:فاكثر|فما فوق|فما اكثر|و?سهروتر|بو سهرهوه|(?:or|and) (?:over|above|older)))"
)
_RANGE = re.compile(r"(?:من |بين )?(\d{1,3}) ?(?:-|–|الي|حتي|و|to|تا|بو) ?(\d{1,3})(?: ?(?:سنه|عاما|years|سال))?")
_BORN = re.compile(r"(?:مواليد|تولد|التولد|لهدايكبو|لهدايكبوي|born(?: in)?) ?(?:سنه |عام |سالي )?(\d{4})")
_LABELS = {
    "Y0T17": "طفل طفلة أطفال حدث أحداث قاصر قاصرة قاصرين صبي صبية بنت بنات ولد أولاد فتى فتيان رضيع رضيعة "
    "منداڵ منداڵان ناباڵغ کۆرپە "
    "minor minors child children girl girls boy boys juvenile juveniles infant Y0T17",
    "Y_GE18": "بالغ بالغة بالغين بالغون بالغات راشد راشدة راشدين مسن مسنة مسنين كبار گەورە گەورەسال باڵغ پێگەیشتوو پیر "
    "adult adults elderly Y_GE18",
}  # فتى is 15 to under 18 in the Juvenile Welfare Law; فتاة is also used for women and proves nothing
_GROUP_OF_LABEL = {fold(word): group for group, words in _LABELS.items() for word in words.split()}
_ADULT_AGE = 18
_OLDEST = 120


class Age(NamedTuple):
    """The raw columns of an age: years, year of birth, group, and how it was stated."""

    years: int | None = None
    birth_year: int | None = None
    group: str | None = None
    method: str | None = None


def read_age(text: str, today: datetime.date) -> tuple[Age | None, str]:
    """Return the age that a text states, and the finding on it: `age_band_across` for a band that gives no group.

    Args:
        text: as typed, not blank.
        today: nobody is born after it.

    Returns:
        None if no age can be read.
    """
    form = fold(ascii_digits(text))
    if form in _GROUP_OF_LABEL:
        return Age(group=_GROUP_OF_LABEL[form], method="label"), ""
    for pattern, figures in _SAID:
        form = pattern.sub(figures, form)
    form = replace_number_words(form)
    age = _born_in(form, today) or _read_years(form)
    return (age, "") if age else _read_band(form)


def _born_in(form: str, today: datetime.date) -> Age | None:
    born = _BORN.fullmatch(form)
    number = parse_number(born[1] if born else form)
    is_year = number is not None and 1900 <= number <= today.year and number == int(number)
    return Age(birth_year=int(number), method="birth_year") if number is not None and is_year else None


def _read_years(form: str) -> Age | None:
    """Return an age in years and months; months after years are under a year, months alone may be more."""
    if match := _IN_YEARS.fullmatch(form):
        return _age_in_years(int(match[1]))
    match = _WITH_MONTHS.fullmatch(form)
    if match is None or (match[1] and int(match[2]) >= _MONTHS_OF_A_YEAR):
        return None
    return _age_in_years(int(match[1] or match[3] or int(match[2]) // _MONTHS_OF_A_YEAR))


def _age_in_years(years: int) -> Age | None:
    return Age(years=years, method="years") if years <= _OLDEST else None


def _read_band(form: str) -> tuple[Age | None, str]:
    if match := _BELOW.fullmatch(form):
        return _band(0, int(match[1]) - 1)
    if match := _FROM.fullmatch(form):
        return _band(int(match[1] or match[2]), _OLDEST)
    if match := _RANGE.fullmatch(form):
        return _band(*sorted((int(match[1]), int(match[2]))))  # `25-18`: reversed by right-to-left writing
    return None, ""


def _band(lowest: int, highest: int) -> tuple[Age, str]:
    """Return a band with its group if it is on one side of 18; one across 18 has no group, and is flagged."""
    if highest < _ADULT_AGE:
        return Age(group="Y0T17", method="band"), ""
    if lowest >= _ADULT_AGE:
        return Age(group="Y_GE18", method="band"), ""
    return Age(method="band"), "age_band_across"
