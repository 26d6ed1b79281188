"""Nationalities as clerks write them: by people or by country, in any gender and number, in three languages.

Belongs here: which ISO 3166-1 country a word certainly means. The country names come from CLDR through Babel, the
words for their people from `nationalities.yml`.
Does not belong here: the words of a sender's own list or of the code list `citizenship` (`cell_values.py`); those
take precedence.

A word that could mean two countries is not resolved: its row waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from babel import Locale
from babel.core import get_global

from ingestion.cards.source_card import read_yaml
from ingestion.text.folding import SORANI_LETTERS, fold, fold_each

_LANGUAGES = ("ar", "ckb", "en")
# Country names in daily use besides CLDR's, which gives one name per language.
_ALSO = {
    "AE": ("الامارات", "UAE"), "BD": ("بنغلادش", "بنكلادش"), "CZ": ("التشيك", "جيكيا", "Czech Republic"),
    "CD": ("Democratic Republic of the Congo", "DR Congo", "DRC"), "CI": ("كوت ديفوار", "Ivory Coast"),
    "CV": ("Cape Verde",), "GB": ("بريطانيا", "انكلترا", "UK", "England"), "IR": ("الجمهورية الإسلامية الإيرانية",),
    "KR": ("South Korea", "Republic of Korea"), "LA": ("لاوس",), "LK": ("سيرلانكا", "سيريلانكا"),
    "MM": ("بورما", "ميانمار", "Burma"), "MK": ("مقدونيا",), "NL": ("هولندا", "Holland"), "SZ": ("Swaziland",),
    "PS": ("فلسطين", "Palestine"), "RU": ("Russian Federation",), "TR": ("Turkiye", "Turkey"), "TZ": ("تانزانيا",),
    "SY": ("الجمهورية العربية السورية", "Syrian Arab Republic"), "TW": ("Republic of China",), "VN": ("Viet Nam",),
    "US": ("امريكا", "اميركا", "الولايات المتحدة الامريكية", "USA", "United States of America"),
}  # fmt: skip
# Words around a nationality: `عراقية الجنسية`, `جنسية سورية`, `من رعايا دولة`, `Syrian national`.
_BEFORE = re.compile(
    r"^(?:(?:ال|ب|بال|من ال)?جنسيه |(?:يحمل|تحمل) (?:ال)?جنسيه |جنسيت(?:ه|ها) |(?:ال)?مواطن(?:ه|ين|ات)? |من (?:رعايا )?"
    r"|رعايا |دوله |جمهوريه |مملكه |رهكهزنامهي |هاوولاتي |nationality |(?:national|citizen) of |from "
    r"|(?:(?:people'?s|islamic|arab) )?republic of |kingdom of |state of )+"
)
_BEHIND = re.compile(r"(?: ?\(?(?:ال)?جنسيه\)?| (?:nationals?|nationality|citizens?|citizenship|رهكهزنامه))$")
# Codes that ISO 3166-1 has withdrawn, reserved or left for private use.
_NO_COUNTRY = "X|Q[M-Z]|ZZ|AAA|ANT|ASC|BUR|CPT|CSK|DDR|DGA|FXX|NTZ|ROM|SCG|SUN|TAA|TMP|YMD|YUG|ZAR"
_MARK = re.compile(r"[:،,]")
_THE = "ال"


def country_of(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-3 code of the one country that a cell certainly names, `XXA` for a stateless person.

    Accepts the country or its people, masculine or feminine, singular or plural, with the article, with `الجنسية`
    before or after, and the alpha-3 code itself in capitals. Returns None for a word on no list or shared by two
    countries.
    """
    plain = text.strip()
    if plain in _alpha_3().values():
        return plain
    words, form = _countries(), " ".join(_MARK.sub(" ", fold(text)).split())
    inner = _BEHIND.sub("", _BEFORE.sub("", form))
    return next((words[spelling] for spelling in (form, inner, inner.removeprefix(_THE)) if spelling in words), None)


def country_spellings() -> Mapping[str, str]:
    """Return each word for a country or its people, as people write it, with the country's code."""
    return {word: code for code, word in (*_names(), *_read_peoples()) if _countries().get(fold(word)) == code}


@cache
def _alpha_3() -> Mapping[str, str]:
    """Return ISO 3166-1 alpha-2 -> alpha-3."""
    known: Mapping[str, list[str]] = get_global("territory_aliases")
    names = Locale("en").territories
    is_code = re.compile(f"(?!{_NO_COUNTRY})[A-Z]{{3}}").fullmatch
    codes = {new[0]: old for old, new in known.items() if len(new) == 1 and is_code(old)}
    return {short: long for short, long in codes.items() if short in names}


@cache
def _countries() -> Mapping[str, str]:
    codes_of: dict[str, set[str]] = {}
    named = [*_names(), *_read_peoples()]
    for (code, word), folded in zip(named, fold_each(word for _, word in named), strict=True):
        for form in _forms(word, folded):
            codes_of.setdefault(form, set()).add(code)
    return {form: codes.pop() for form, codes in codes_of.items() if len(codes) == 1}


def _names() -> Iterator[tuple[str, str]]:
    """Yield the names of the countries, with and without the article."""
    for short, code in _alpha_3().items():
        territories = (Locale(language).territories.get(short, "") for language in _LANGUAGES)
        for name in filter(None, (*territories, *_ALSO.get(short, ()))):
            yield code, name


def _read_peoples() -> Iterator[tuple[str, str]]:
    words: Mapping[str, list[str]] = read_yaml(Path(__file__).with_name("nationalities.yml"))
    for code, listed in words.items():
        for word in listed:
            yield code, word


def _forms(word: str, form: str) -> Iterator[str]:
    """Yield the folded forms of a word, including `form`.

    With and without the article; for an adjective also the feminine and the plurals.
    """
    yield form
    yield form.removeprefix(_THE)
    yield form.replace("&", "and")
    if form.isascii():
        yield f"{form}s"
    elif form.endswith("ي") and not SORANI_LETTERS.search(word.replace("ی", "")):
        yield from (f"{form}{ending}" for ending in ("ه", "ون", "ين", "ات", "ان", "تان", "تين"))
        yield from (f"{_THE}{form}{ending}" for ending in ("ه", "ون", "ين", "ات"))
        first, _, last = form.rpartition(" ")  # جنوب سوداني: جنوب سودانية
        yield f"{first} {_THE}{last}".strip()
