"""Column headings: what a column may be called, in each language and by each program that exports it.

Belongs here: the headings of a shape in three languages (`headings.yml`), which headings a table knows, the names that
forms give to columns (`case/prs_Gender`), and the known heading that is nearest to a misspelt one.
Does not belong here: where the header row stands (`header_rows.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from heapq import nlargest
from itertools import islice
from pathlib import Path

from ingestion.cards.card_errors import IngestionCard
from ingestion.cards.source_card import TableCard, read_yaml, validate
from ingestion.text.folding import fold, is_misspelling

LANGUAGES = ("en", "ar", "ckb")
"""The languages of headings: those in which senders write."""

RUNNING_NUMBERS = frozenset(fold(word) for word in ("ت", "التسلسل", "تسلسل", "م", "ژمارە", "#", "no", "number"))
"""Folded headings of the running-number column; every table recognises it, and it is never read."""

_TOKEN_HEADERS = {"person_token": "رمز الشخص", "case_token": "رمز القضية"}  # as `marsad pseudonymise` names its columns
# A column named by a form: groups before a slash, then a name of one word with an underscore or a prefix.
_FORM_NAME = re.compile(r"(?:[A-Za-z_][\w.-]*/)*_?[A-Za-z][A-Za-z0-9_]*_[A-Za-z0-9_]*")
_FORM_PREFIX = re.compile(r"^(cas|con|prs|vic|individual|person|victim|case)_", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|_+")
_ARTICLE = re.compile(r"(?:(?<=^)|(?<= ))(?:ال|لل)(?=..)|^the ")
_SORANI_ARTICLE = re.compile(r"(?<=..)ي?هكه$")
_SAY_NOTHING = frozenset(("of", "for", "the", "a", "on"))
_NUMBER = re.compile(r"\b(?:nr|no|number of)\b\.?")
_ENDINGS = re.compile(r"(?:ات|ون|ين|هكان|يكان|ان|ه|s)(?= |$)")

_MOST_KNOWN, _CLOSEST = 2_000, 12  # few of the many texts in a sheet's heading rows are compared letter by letter
_ALIKE = 0.75  # of the letters of two words in common
_SHORTEST_ALIKE = 4
_ONE_ROOT, _SHORTEST_ROOT = 0.9, 3
_WEAK = re.compile("[اوي]")
_KINDS = frozenset(("عدد", "رقم", "نوع", "رمز", "تاريخ", "number", "type", "date", "code", "جور", "جوري"))


class _Headings(IngestionCard):
    sheets: dict[str, dict[str, str]]
    fields: dict[str, dict[str, str]]
    persons: list[list[str]]


def heading_of(shape: str, field: str, language: str) -> str:
    """Return the heading of a shape's field in a language.

    Raises:
        KeyError: `headings.yml` does not know the field or the language; a house test keeps that from happening.
    """
    headings = _headings().fields
    return (headings.get(f"{shape}.{field}") or headings[field])[language]


def sheet_of(shape: str, language: str) -> str:
    """Return what the sheet of a shape is called in a language. Raises as `heading_of` does."""
    return _headings().sheets[shape][language]


def headings_of(shape: str, field: str) -> list[str]:
    """Return the headings of a field in all languages, and its own name, which forms built on the shape use."""
    known = _headings().fields
    return [*(known.get(f"{shape}.{field}") or known.get(field, {})).values(), field]


def is_of_persons(heading: str) -> bool:
    """Return whether a heading is one of those over columns that name or reach persons, with or without articles.

    `prs_FirstName`, as a form names its column, is one too.
    """
    return _without_articles(spell_out(heading)) in _headings_of_persons()


@cache
def _headings_of_persons() -> frozenset[str]:
    return frozenset(_without_articles(heading) for line in _headings().persons for heading in line)


def _without_articles(heading: str) -> str:
    return _SORANI_ARTICLE.sub("", _ARTICLE.sub("", fold(heading).replace(" the ", " ")))


def known_headings(table: TableCard) -> dict[str, str]:
    """Return folded heading -> header of the card; ignored ones -> empty.

    The card's own headings come first, then a sub-heading by itself if it means only one header, then those of the
    shape in all languages, then the running number. A column of figures that are records of their own (`cells`) has no
    heading except the card's.
    """
    headers = {**table.columns, **dict.fromkeys(table.cells, "")}
    known = {fold(header): header for header in headers}
    known |= {fold(wording): header for wording, header in table.also.items()}
    known |= dict.fromkeys(map(fold, table.ignored), "")
    subs = [fold(header.rpartition(" / ")[2]) for header in headers if " / " in header]
    for header, name in headers.items():
        sub = fold(header.rpartition(" / ")[2])
        if subs.count(sub) == 1:
            known.setdefault(sub, header)
        if name in _TOKEN_HEADERS:
            known.setdefault(fold(_TOKEN_HEADERS[name]), header)
    for header, name in table.columns.items():
        for wording in headings_of(table.shape, name):
            if fold(wording) not in subs:
                known.setdefault(fold(wording), header)
    return {**dict.fromkeys(RUNNING_NUMBERS, ""), **known}


def find_header_named(names: Sequence[str], known: Mapping[str, str]) -> str | None:
    """Return the header that one of a column's names means, an empty string if it is ignored, or None.

    Args:
        names: `group / sub` and `sub`, or one heading; empty for a column without a heading.
        known: from `known_headings`.
    """
    for name in names:
        if fold(name) in known:
            return known[fold(name)]
    return _named_by_form(names[-1], known) if names else None


def is_form_name(name: str) -> bool:
    """Return whether a form or program named the column: `prs_Gender`, `case/cas_Status`; such names have no spaces."""
    return _FORM_NAME.fullmatch(name) is not None


def spell_out(name: str) -> str:
    """Return the words of a form's column name: `case/prs_HomePhone` becomes `Home Phone`."""
    return _words(_FORM_PREFIX.sub("", name.rpartition("/")[2])) if is_form_name(name) else name


def wordings(table: TableCard, header: str = "") -> list[str]:
    """Return the headings that a table recognises, as people write them: for one header of the card, or for all."""
    chosen = [header] if header else [*table.headings]
    also = [wording for wording, meant in table.also.items() if meant in chosen]
    fields = [table.columns[heading] for heading in chosen if heading in table.columns]
    return [*chosen, *also, *(word for name in fields for word in headings_of(table.shape, name)[:-1])]


def nearest_heading(wanted: Sequence[str], known: Iterable[str]) -> str:
    """Return the known heading that is certainly a rewording of one in `wanted`, or an empty string.

    Articles, number endings and word order are ignored: `جنس الضحايا` matches `جنس الضحية`. One shared word is not
    enough: `تاريخ الإحالة` is not `تاريخ الإخبار`. One heading may lack a word of the other if it then matches no third
    heading.
    """
    by_form: dict[str, str] = {}
    for word in islice(known, _MOST_KNOWN):
        by_form.setdefault(_skeleton(word), word)
    forms = [_skeleton(word) for word in wanted]
    closest = nlargest(
        _CLOSEST, by_form, key=lambda form: max(_share_in_common(wanted_form, form) for wanted_form in forms)
    )
    same = [
        form
        for form in closest
        if any(_is_same_wording(wanted_form, form) for wanted_form in forms)
        or any(is_misspelling(by_form[form], word) for word in wanted)
    ]
    if same:
        return by_form[max(same, key=lambda form: max(_likeness(wanted_form, form) for wanted_form in forms))]
    partly = sorted(
        ((max(_partial_likeness(wanted_form, form) for wanted_form in forms), form) for form in closest), reverse=True
    )
    best, runner_up = [*partly, (0.0, ""), (0.0, "")][:2]
    return by_form[best[1]] if best[0] > runner_up[0] else ""


def _named_by_form(name: str, known: Mapping[str, str]) -> str | None:
    """Return the header of a column that a form names: `prs_Gender`, `case/vic_TypeOfExploitation`.

    A column under a known one, with 0 or 1 for each choice (`vic_TypeOfExploitation/ForcedLabour`), is ignored: it
    repeats the column above it.
    """
    group, _, last = name.rpartition("/")
    if " " in name:
        return None
    if is_form_name(name):
        spoken = (fold(last), fold(_words(last)), fold(_words(_FORM_PREFIX.sub("", last))))
        header = next((known[form] for form in spoken if form in known), None)
        if header is not None:
            return header
    return "" if group and _named_by_form(group, known) is not None else None


def _words(name: str) -> str:
    return " ".join(_HUMP.sub(" ", name).split())


@lru_cache(maxsize=8192)
def _skeleton(text: str) -> str:
    """Return a heading without articles, number endings and word order."""
    plain = _NUMBER.sub("number", _ARTICLE.sub("", _HUMP.sub(" ", fold(text).replace("/", " "))))
    return " ".join(_ENDINGS.sub("", plain).split()) or plain


def _share_in_common(wanted: str, form: str) -> float:
    """Return the share of letter pairs that two headings have in common: a cheap filter before the full comparison."""
    left, right = _pairs(wanted), _pairs(form)
    return len(left & right) / max(1, len(left) + len(right))


@lru_cache(maxsize=8192)
def _pairs(form: str) -> frozenset[str]:
    return frozenset(form[place : place + 2] for place in range(len(form)))


def _is_same_wording(left: str, right: str) -> bool:
    """Return whether each word of two headings has a match in the other, or both are equal without spaces."""
    if left.replace(" ", "") == right.replace(" ", ""):
        return True
    return _share_within(left, right) > 0 and _share_within(right, left) > 0


def _partial_likeness(left: str, right: str) -> float:
    """Score the overlap of two headings if one contains the other, else 0."""
    return max(_share_within(left, right), _share_within(right, left))


def _share_within(left: str, right: str) -> float:
    """Return the summed likeness of each distinguishing word of a heading to a word of the other; 0 if one has none."""
    others = right.split()
    is_kind_told = not _KINDS.isdisjoint(others)  # `case type` is not `case number`, but may be `case`
    own = [word for word in left.split() if (is_kind_told or word not in _KINDS) and word not in _SAY_NOTHING]
    like = [max((_word_likeness(word, other) for other in others), default=0) for word in own]
    return sum(like) if all(like) else 0.0


def _word_likeness(left: str, right: str) -> float:
    """Return how alike two words are; 0 for different words: `ضحايا` and `قضايا` differ by more than a typo."""
    if left == right:
        return 1.0
    if _root(left) == _root(right) != "":
        return _ONE_ROOT
    is_sure = left[:1] == right[:1] and max(len(left), len(right)) >= _SHORTEST_ALIKE
    return likeness if is_sure and (likeness := _likeness(left, right)) >= _ALIKE else 0.0


def _root(word: str) -> str:
    """Return the root consonants (three or more) of an Arabic word, which reveal a broken plural: `أسباب` and `سبب`."""
    consonants = _WEAK.sub("", word)
    return consonants if len(consonants) >= _SHORTEST_ROOT and not word.isascii() else ""


@lru_cache(maxsize=8192)
def _likeness(left: str, right: str) -> float:
    """Return how alike two texts are, from 0 to 1."""
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


@cache
def _headings() -> _Headings:
    path = Path(__file__).with_name("headings.yml")
    return validate(_Headings, read_yaml(path), path)
