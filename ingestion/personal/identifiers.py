"""Texts that identify a person by number: telephone, identity card, passport, account, e-mail, coordinates, case.

Belongs here: the pattern of each identifier, over text whose digits are folded; no pattern keeps or returns the value.
Does not belong here: names (`names.py`), addresses (`addresses.py`), columns and headers (`personal_data.py`).
Patterns of Iraq: libphonenumber's metadata for telephones, the national card's 12 digits; the passport's letter and 8
digits is general knowledge without a citable source.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from fnmatch import fnmatchcase
from functools import lru_cache

from languages.digits import TO_LATIN

_TOKEN = re.compile(r"k[0-9]+:[0-9a-f]{32}")
_INVENTED_TOKEN = re.compile(r"k0[0-9]*:[0-9a-f]{32}")
SHORTEST_TOKEN = 35
"""Characters of a pseudonymous ID whose key number has one digit."""

_MARKS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

# Every repetition is bounded: a cell can hold a hundred thousand spaces.
_LATIN = re.compile(r"[A-Za-z]")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MANY_DIGITS = re.compile(r"\d(?:\W{0,3}\d){6}")  # seven digits: fewer identify nobody
_IRAQI_MOBILE = re.compile(
    r"(?<!\d)(?<!\d\.)(?:(?:\+|00)?964[\W_]{0,3}0?|0(?!\.))?[\W_]{0,3}7[3-9]\d(?:[\W_]{0,3}\d){7}(?!\d)"
)
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[\s().-]{0,2}\d){7,13}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(?<!\d\.)(?:\d{12}|\d{4}[ /-]\d{4}[ /-]\d{4}|\d{3} \d{3} \d{3} \d{3})(?!\d)(?!\.\d)")
_CARD = re.compile(r"(?<![A-Z\d])[A-Z]{2}\d{7}(?![A-Z\d])")
_PASSPORT = re.compile(r"(?<![A-Z\d])[A-Z][ -]?\d{8}(?![A-Z\d])", re.IGNORECASE)
_IBAN = re.compile(r"(?<![A-Z\d])[A-Z]{2}\d{2}(?:[A-Z\d]{11,30}(?![A-Z\d])|(?: [A-Z\d]{4}){2,7}(?: [A-Z\d]{1,4})?)")
_IBAN_SHORTEST = 15
_COORDINATES = re.compile(
    r"(?<![\d.])([-+]?\d{1,3}\.\d{3,15})[°NS ]{0,3}\s?[,،;/ ]\s{0,3}[EW]?\s?([-+]?\d{1,3}\.\d{3,15})(?![\d.])"
)
_DEGREES = re.compile(  # 33°18'12"N 44°21'38"E
    r"\d{1,3}\s?°\s?\d{1,2}\s?['′’]\s?(?:\d{1,2}(?:\.\d{1,6})?\s?[\"″”]|'')?\s?[NS]\W{0,4}\d{1,3}\s?°\s?\d{1,2}\s?['′’]",
    re.IGNORECASE,
)
_NAMED_COORDINATES = re.compile(  # lat 35.4412 long 44.3185, N 36.19 E 44.00, خط العرض 33.31 وخط الطول 44.36
    r"(?:\blat(?:itude)?|\bN|عرض|پانی)\W{0,4}\d{1,2}\.\d{2,15}\W{0,6}(?:و?خط\W{1,3})?"
    r"(?:lon(?:g|gitude)?|E|ال?طول|درێژی)\W{0,4}\d{1,3}\.\d{2,15}",
    re.IGNORECASE,
)
_FULL_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2})(?!\d)")
_CASE_NUMBER = re.compile(
    r"(?<!\d)\d{1,6}\s{0,2}[/\\-]\s{0,2}(?:[^\W\d_]{1,6}\s{0,2}[/\\-]\s{0,2})?\d{2,4}(?!\d)|(?<!\d)\d{4}\s{0,2}[/\\-]\s{0,2}[^\W\d_]{1,6}\s{0,2}[/\\-]\s{0,2}\d{1,6}(?!\d)"
)
_LETTERED_CASE_NUMBER = re.compile(  # 733/ج/2024, 2023/ت/547, 839/جنايات/2024
    r"(?<![\d/\\])\d{1,6}\s{0,2}[/\\-]\s{0,2}[^\W\d_]{1,8}\s{0,2}[/\\-]\s{0,2}(?:19|20)\d\d(?![\d/\\])"
    r"|(?<![\d/\\])(?:19|20)\d\d\s{0,2}[/\\-]\s{0,2}[^\W\d_]{1,8}\s{0,2}[/\\-]\s{0,2}\d{1,6}(?![\d/\\])"
)
_MONTH_SIGN = re.compile(
    r"[/\\-]\s{0,2}(?:[a-z]{3,8}|شباط|آذار|اذار|نيسان|أيار|ايار|حزيران|تموز|آب|اب|أيلول|ايلول)\s{0,2}[/\\-]", re.I
)
_CASE_WORDS = (
    *("قضي", "دعوى", "ضبار", "خبار", "شكوى", "دۆسیە", "کەیس", "داوا", "سکاڵا"),
    *("case", "file", "docket", "suit", "complaint"),
)
_NAMED_CASE_NUMBER = re.compile(
    r"(?:القضي[ةه]|قضي[ةه]|الدعوى|دعوى|[اإ]ضبار[ةه]|[اأإ]خبار|شكوى|دۆسیە|کەیس|داوا|سکاڵا|\bcase\b|\bfile\b|\bdocket\b"
    r"|\blawsuit\b|\bcomplaint\b)"
    r"\W{0,3}(?:[^\W\d]{1,12}\W{1,3}){0,3}"
    r"\d{1,6}\s{0,2}(?:[/\\-]\s{0,2}(?:[^\W\d_]{1,8}\s{0,2}[/\\-]\s{0,2})?|لسن[ةه]\s|لە\s|of\s)(?:19|20)\d\d(?!\d)",
    re.IGNORECASE,
)
_ROUND_MONEY = 1_000


def is_token(text: str) -> bool:
    """Return whether `text` is a holder's pseudonymous ID: `k`, the key's number, `:`, and 32 hexadecimal digits."""
    return _TOKEN.fullmatch(text) is not None


def is_invented_token(text: str) -> bool:
    """Return whether `text` is a pseudonymous ID of the invented country: no real key number begins with 0."""
    return _INVENTED_TOKEN.fullmatch(text) is not None


@lru_cache(maxsize=16)  # several rules in a row ask about one cell
def fold_digits(text: str) -> str:
    """Return `text` with all three digit systems as ASCII and without invisible marks."""
    return _MARKS.sub("", text).translate(TO_LATIN).replace("٫", ".")


def identifier_kind(text: str, public_contacts: Collection[str] = ()) -> str:
    """Return the kind of the first identifier in `text`, else an empty string.

    Args:
        text: a cell, as typed.
        public_contacts: e-mail addresses, in lower case, that a file may contain; a trailing `*` matches any address of
            an office that begins so.
    """
    if "@" in text and not all(is_public_contact(address.lower(), public_contacts) for address in _EMAIL.findall(text)):
        return "email"
    plain = fold_digits(text)
    if not _MANY_DIGITS.search(plain):
        return "coordinates" if _DEGREES.search(plain) or _NAMED_COORDINATES.search(plain) else ""
    has_letters = _LATIN.search(plain) is not None
    if has_letters and _is_account(plain):
        return "bank_account"
    if _IRAQI_MOBILE.search(plain) or _is_foreign_telephone(plain):
        return "phone_number"
    if _IDENTITY.search(plain) or (has_letters and _CARD.search(plain)):
        return "identity_number"
    if has_letters and _PASSPORT.search(plain):
        return "passport_number"
    return "coordinates" if _is_place_on_earth(plain) else ""


def is_public_contact(address: str, contacts: Collection[str]) -> bool:
    """Return whether an address is an office's own; a `*` matches no full stop, since `first.last` is a person."""
    if not _EMAIL.fullmatch(address):
        return False
    is_plain = "." not in address.partition("@")[0]
    return any(fnmatchcase(address, contact) and (is_plain or "*" not in contact) for contact in contacts)


def holds_case_number(text: str) -> bool:
    """Return whether `text` contains a raw case number: with its letter (733/ج/2024), or after a word for a case.

    A bare 123/2024 may also be a page, a month or a law: there the header decides (`is_case_number`).
    """
    plain = fold_digits(text)
    if "20" not in plain and "19" not in plain:  # every case number has its year
        return False
    lettered = _LETTERED_CASE_NUMBER.search(plain)
    if lettered and not _MONTH_SIGN.search(lettered[0]):
        return True
    lowered = plain.casefold()
    return any(word in lowered for word in _CASE_WORDS) and _NAMED_CASE_NUMBER.search(plain) is not None


def number_kind(value: int) -> str:
    """Return the kind of identifier that a number cell holds, else an empty string; sums of money are round."""
    return identifier_kind(str(value)) if value >= 10**9 and value % _ROUND_MONEY else ""


def is_full_date(text: str) -> bool:
    """Return whether `text` holds a day, a month and a year."""
    return _FULL_DATE.search(fold_digits(text)) is not None


def is_case_number(text: str) -> bool:
    """Return whether `text` is written like a raw case number: 123/2024, ١٢٣/ج/٢٠٢٤."""
    return _CASE_NUMBER.search(fold_digits(text)) is not None


def _is_foreign_telephone(text: str) -> bool:
    """Return whether `text` holds a telephone number with the sign of another country."""
    match = _INTERNATIONAL.search(text)
    return match is not None and match[0].startswith("+")


def _is_account(text: str) -> bool:
    """Return whether `text` contains an IBAN (ISO 13616): four signs moved back, letters as numbers, 1 modulo 97."""
    for account in _IBAN.findall(text.upper()):
        groups = account.split(" ")  # a word after an account may have been taken for its last group
        if any(_is_checked("".join(groups[:count])) for count in range(1, len(groups) + 1)):
            return True
    return False


def _is_checked(account: str) -> bool:
    digits = "".join(str(int(sign, 36)) for sign in account[4:] + account[:4])
    return len(account) >= _IBAN_SHORTEST and int(digits) % 97 == 1


def _is_place_on_earth(text: str) -> bool:
    if _DEGREES.search(text) or _NAMED_COORDINATES.search(text):
        return True
    match = _COORDINATES.search(text)
    return match is not None and all(abs(float(number)) <= 180 for number in match.groups())
