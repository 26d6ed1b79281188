"""How a clerk types a code, a number, a date or a citation: the dirt of the invented exports.

Belongs here: spellings of single cells, in three digit systems. Vocabularies come from the code lists of `ingestion`,
read as plain files. Does not belong here: which rows a file has (`bodies/`), or its sheets (`workbooks.py`).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from languages.digits import ARABIC, LATIN
from samples.life.chance import RandomStream

Row = dict[str, Any]
Cell = str | int | float | date | None
Digits = Literal["latin", "arabic", "extended"]
Dates = Literal["excel", "slash", "month"]
Language = Literal["ar", "ckb", "en"]

_CODES = Path(__file__).parents[2] / "ingestion" / "codes"
_ARABIC = re.compile(r"[\u0621-\u063A\u0641-\u064A /\-،0-9]+")  # letters used in Arabic only: no Kurdish, no Latin
_LATIN = re.compile(r"[A-Za-z]")
_DIGITS = {
    "arabic": str.maketrans(LATIN + ",", ARABIC + "٬"),
    "extended": str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬"),
}
MONTHS = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
)  # fmt: skip
KURDISH_MONTHS = (
    "کانوونی دووەم", "شوبات", "ئازار", "نیسان", "ئایار", "حوزەیران",
    "تەممووز", "ئاب", "ئەیلوول", "تشرینی یەکەم", "تشرینی دووەم", "کانوونی یەکەم",
)  # fmt: skip
_UNKNOWN_AGE: dict[Language, str] = {"ar": "غير معروف", "ckb": "نەزانراو", "en": "unknown"}
# age group -> label and band, as a Kurdish and an English list write them
_AGE_GROUPS = {
    "ckb": {"Y0T17": ("منداڵ", "0-17"), "Y_GE18": ("گەورە", "18+")},
    "en": {"Y0T17": ("child", "0-17"), "Y_GE18": ("adult", "18+")},
}
_PARAGRAPHS = ("أولا", "ثانيا", "ثالثا", "رابعا", "خامسا", "سادسا", "سابعا", "ثامنا", "تاسعا")
_GAPS = {"blank": None, "dash": "-", "none": "لا يوجد", "not_received": "لم ترد"}
_LAW_28 = "قانون مكافحة الاتجار بالبشر رقم 28 لسنة 2012"
_OTHER_LAWS = {
    "L08_1988": "المادة 3 من قانون مكافحة البغاء رقم 8 لسنة 1988",
    "PC_390_392": "المادة 392 من قانون العقوبات رقم 111 لسنة 1969",
    "PC_OTHER": "المادة 399 من قانون العقوبات رقم 111 لسنة 1969",
    "L76_2017": "المادة 41 من قانون إقامة الأجانب رقم 76 لسنة 2017",
    "L11_2016": "المادة 18 من قانون عمليات زرع الأعضاء البشرية ومنع الاتجار بها رقم 11 لسنة 2016",
}
# HTCDS's own words, if they differ from those of a code list
_HTCDS = {
    "sex": {"F": "Feminine", "M": "Masculine", "_U": "NonSpecifiedUnknown"},
    "means": {
        "MEANS_FORCE_THREAT": "Physical threats", "MEANS_COERCION": "Debt bondage", "MEANS_DECEPTION": "False promises",
    },
}  # fmt: skip
_FLAWED_FORM, _FLAWED_AREA = "سمسرة", "خارج القطر"  # not in any code list: brokering alone is not trafficking


@cache
def words_of(code_list: str, language: Language = "ar") -> dict[str, list[str]]:
    """Return the words of each code of a list in one language, the usual one first.

    A word is Arabic, English or Kurdish by its letters; a Kurdish word in purely Arabic letters counts as Arabic.
    """
    with (_CODES / f"{code_list}.yml").open(encoding="utf-8") as stream:
        loaded: dict[str, list[Any]] = yaml.safe_load(stream)
    return {
        code: [word for word in map(str, words) if _language_of(word) == language] for code, words in loaded.items()
    }


def _language_of(word: str) -> Language:
    return "ar" if _ARABIC.fullmatch(word) else "en" if _LATIN.search(word) else "ckb"


class ClerkHand:
    """One clerk's typing in one file: a digit system, a way to write dates, and some variety in the words.

    Args:
        chance: random stream of the file.
        digits: `arabic` and `extended` numbers are typed as text.
        dates: real date cells, `30/7/2024` or `30 تموز 2024`; one date in ten is typed with slashes in any case.
        has_separators: whether thousands are grouped (as text).
        language: language of the words.
    """

    def __init__(
        self,
        chance: RandomStream,
        digits: Digits,
        dates: Dates,
        *,
        has_separators: bool = False,
        language: Language = "ar",
    ) -> None:
        self._chance, self._digits, self._dates = chance, digits, dates
        self._has_separators = has_separators
        self._language: Language = language

    def text(self, words: str) -> str:
        """Return words with their digits in the clerk's system."""
        return words if self._digits == "latin" else words.translate(_DIGITS[self._digits])

    def number(self, value: int | str | float | None) -> Cell:
        """Return a count, or one of the ways to give none (`blank`, `dash`, `none`, `not_received`)."""
        if value is None or isinstance(value, str):
            return _GAPS[value or "blank"]
        if self._has_separators and value >= 1000:
            return self.text(f"{value:,}")
        return value if self._digits == "latin" else self.text(f"{value:g}" if isinstance(value, float) else str(value))

    def year(self, value: int | None) -> Cell:
        """Return a year: never grouped."""
        return value if value is None or self._digits == "latin" else self.text(str(value))

    def day(self, value: date | None) -> Cell:
        """Return a date as a date cell or as one of two kinds of text."""
        if value is None:
            return None
        style = "slash" if self._chance.flip(0.1) else self._dates
        if style == "excel":
            return value
        if style == "slash":
            return self.text(f"{value.day}/{value.month}/{value.year}")
        return self.text(f"{value.day} {self._month(value.month)} {value.year}")

    def _month(self, month: int) -> str:
        if self._language == "ckb":
            return KURDISH_MONTHS[month - 1]
        return "مايس" if month == 5 and self._chance.flip(0.5) else MONTHS[month - 1]

    def code(self, code: str | None, code_list: str, *, is_feminine: bool = False) -> str | None:
        """Return a word for a code: mostly the usual one, sometimes another alias; blank for None."""
        if code is None:
            return None
        if self._language == "en" and code in _HTCDS.get(code_list, {}):
            return _HTCDS[code_list][code]
        words = words_of(code_list, self._language)[code]
        if self._language == "ar" and code_list == "citizenship" and code != "_U":
            return words[1 if is_feminine else 0]
        if self._language == "ar" and code_list == "sex":
            words = words[:4] if code == "F" else words[:2]  # "man" and "woman" are not used for children
        return words[0] if self._chance.flip(0.8) else self._chance.one_of(words)

    def codes(self, codes: str | None, code_list: str) -> str | None:
        """Return the words of several codes in one cell."""
        if not codes:
            return None
        return "، ".join(str(self.code(code, code_list)) for code in codes.split(";"))

    def court(self, code: str | None) -> str | None:
        """Return the court of appeal of a governorate; Baghdad has two."""
        if code is None or code == "_U":
            return self.code(code, "governorate")
        side = self._chance.one_of(["بغداد/الرصافة", "بغداد/الكرخ"])
        place = side if code == "IQG08" else words_of("governorate")[code][0]
        return f"رئاسة محكمة استئناف {place}"

    def age(self, row: Row) -> Cell:
        """Return an age in years, a year of birth or a label, whichever the row holds."""
        if row["age_years"] is not None:
            return self.number(row["age_years"])
        if row["birth_year"] is not None:
            return self.year(row["birth_year"])
        if row["age_group_code"] is not None:
            return self._age_group(row["age_group_code"])
        return _UNKNOWN_AGE[self._language] if self._chance.flip(0.3) else None

    def _age_group(self, group: str) -> str:
        if self._language != "ar":
            return self._chance.one_of(_AGE_GROUPS[self._language][group])
        return self.text("دون 18") if group == "Y0T17" else "بالغ"

    def citation(self, law: str | None, articles: str) -> str | None:
        """Return a citation of a law and, for Law 28, its articles and paragraphs, in one of the ways of the courts."""
        if law is None:
            return None
        if law != "L28_2012":
            return self.text(_OTHER_LAWS[law])
        if not articles:
            return self.text(_LAW_28)
        return self.text(_cite(self._chance, _paragraphs_by_article(articles)))

    def write_flaw(self, flaw: str, field: str, cell: Cell) -> Cell:
        """Return the cell, or the wrong text that replaces it in a flawed row."""
        wrong: dict[tuple[str, str], Cell] = {
            ("unknown_form", "exploitation_codes"): _FLAWED_FORM,
            ("unknown_area", "governorate_code"): _FLAWED_AREA,
            ("no_date", "contact_date"): None,
        }
        return wrong.get((flaw, field), cell)


def _paragraphs_by_article(codes: str) -> dict[int, list[int]]:
    """Return article -> paragraphs of codes such as `A6_1;A6_9`."""
    articles: dict[int, list[int]] = {}
    for code in codes.split(";"):
        article, _, paragraph = code[1:].partition("_")
        articles.setdefault(int(article), []).extend([int(paragraph)] if paragraph else [])
    return articles


def _cite(chance: RandomStream, articles: dict[int, list[int]]) -> str:
    in_words = {article: [_PARAGRAPHS[number - 1] for number in numbers] for article, numbers in articles.items()}
    spelled = [_join_paragraphs(article, words) for article, words in in_words.items()]
    if len(spelled) > 1:
        return f"المادتين {' و'.join(spelled)} من {_LAW_28}"
    [(article, numbers)] = articles.items()
    ways = [f"المادة {spelled[0]} من {_LAW_28}", f"المادة ({spelled[0]}) من القانون 28 لسنة 2012"]
    if numbers:
        ways += [spelled[0], _join_paragraphs(article, numbers)]
    if len(numbers) == 1:
        ways.append(f"م {article}/ف{numbers[0]}")
    return chance.one_of(ways)


def _join_paragraphs(article: int, paragraphs: list[str] | list[int]) -> str:
    return "/".join(map(str, [article, *paragraphs]))
