"""Citations of law as courts and police write them.

Belongs here: `6/أولا/خامسا/تاسعا`, `م 6/ف1`, `المادة 393 عقوبات` and the like, as codes of laws and of articles of
Law 28 of 2012 (docs/reference/law.md).
Does not belong here: what a citation means for an indicator (`dbt_project`).

Rules where the notation is ambiguous:
- An article belongs to the law named next after it, else to the last one named before it.
- Articles 5 to 9 without a law are Law 28's, even before `عقوبات`: those of the Penal Code are never charged.
- Article 5 without a paragraph is 5/أولا, the base offence; article 6 without a paragraph stays `A6`.
- After `و` or a comma a number is an article, an ordinal word is one more paragraph: `6/أولا وخامسا`, `6/أولا و7`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ingestion.text.folding import fold
from ingestion.text.typed_dates import read_date

LAW_28 = "L28_2012"
OTHER = "OTHER"
_PENAL_CODE = "PC"
_ORDINALS = (
    ("اولا", "اول", "الاولي", "الاول", "i"),
    ("ثانيا", "ثاني", "الثانيه", "الثاني", "ii"),
    ("ثالثا", "ثالث", "الثالثه", "الثالث", "iii"),
    ("رابعا", "رابع", "الرابعه", "الرابع", "iv"),
    ("خامسا", "خامس", "الخامسه", "الخامس", "v"),
    ("سادسا", "سادس", "السادسه", "السادس", "vi"),
    ("سابعا", "سابع", "السابعه", "السابع", "vii"),
    ("ثامنا", "ثامن", "الثامنه", "الثامن", "viii"),
    ("تاسعا", "تاسع", "التاسعه", "التاسع", "ix"),
)
_PARAGRAPH_OF = {word: number for number, words in enumerate(_ORDINALS, start=1) for word in words}
_PARAGRAPH_COUNT = {5: 2, 6: 9}  # the paragraphs of Law 28 that are distinguished; 7, 8 and 9 are cited whole
_LAW_28_ARTICLES = range(5, 10)
_BEGGING_ARTICLES = range(390, 393)
_PENAL_ARTICLES = range(390, 400)  # taken as the Penal Code's if no law is named (docs/reference/law.md)

_LAW_OF_NUMBER = {"28": LAW_28, "8": "L08_1988", "76": "L76_2017", "11": "L11_2016", "111": _PENAL_CODE}
_LAW_NUMBER = re.compile(
    r"(?<![/\d])(?:رقم |no\.? )?0*(\d{1,3}) ?(?:لسنه|لعام|سنه|of|/) ?(?:19|20)\d{2}م?\b"  # 28 لسنة 2012, 28/2012
    r"|(?<=قانون )(?:رقم )?(\d{1,3})\b(?!/)|(?<=law )(?:no\.? )?(\d{1,3})\b(?!/)"  # قانون 28
)
_LAW_NAMES = (
    (re.compile(r"الاتجار بالبشر|human trafficking|trafficking in persons"), LAW_28),
    (re.compile(r"البغا\b|prostitution"), "L08_1988"),
    (re.compile(r"اقامه الاجانب|قانون الاقامه|residence"), "L76_2017"),
    (re.compile(r"زر(?:ع|اعه) الاعضا\b|زرع اعضا\b|organ transplant\w*"), "L11_2016"),
    (re.compile(r"قانون العقوبات|عقوبات|penal code|\bق\.ع\b"), _PENAL_CODE),
    (re.compile(r"\bقانون [ا-ي]+"), OTHER),  # a law by a name that is not in this list
)
_TOKEN = re.compile(r"<\w+>|\d+|[a-z]+|[ا-ي]+|[/\\\-]|[،,;؛&+]")
_LINKS = {"/", "\\", "-", "ف", "فقره", "الفقره", "الفقرات", "بند", "البند", "para", "paragraph"}
_NEW_ARTICLE = {"م", "ماده", "الماده", "مواد", "المواد", "المادتين", "المادتان", "art", "article", "articles"}
_SEPARATORS = {"،", ",", ";", "؛", "&", "+", "و", "and"}


class Citation(NamedTuple):
    """Codes of laws and of articles of Law 28, each once, sorted."""

    law_codes: tuple[str, ...]
    article_codes: tuple[str, ...]


@lru_cache(maxsize=65536)
def parse_citation(text: str) -> Citation | None:
    """Return what `text` cites, or None if no law and no article can be read in it."""
    if read_date(text, day_first=True).day is not None:
        return None
    reading = _Reading()
    for token in _merge_named_laws(_TOKEN.findall(_mark_laws(fold(text)))):
        reading.take(token)
    laws: set[str] = set(reading.laws)
    articles: set[str] = set()
    for article in reading.articles:
        if article.number > 999 or any(number > 99 for number in article.paragraphs):
            return None  # a date or a raw number, not a citation
        law = _law_of(article)
        laws.add(_law_code(law, article.number))
        articles |= _article_codes(article) if law == LAW_28 else set()
    # The Penal Code is distinguished by its articles; named without one it is the other part.
    laws = {"PC_OTHER" if law == _PENAL_CODE else law for law in laws - reading.laws_with_articles()}
    return Citation(tuple(sorted(laws)), tuple(sorted(articles))) if laws else None


@dataclass
class _Article:
    number: int
    paragraphs: list[int] = field(default_factory=list[int])
    law: str = ""


@dataclass
class _Reading:
    """The state of reading one text from left to right."""

    articles: list[_Article] = field(default_factory=list[_Article])
    laws: list[str] = field(default_factory=list[str])
    _waiting: list[_Article] = field(default_factory=list[_Article])  # articles whose law is not named yet
    _early: list[int] = field(default_factory=list[int])  # paragraphs named before their article
    _current: _Article | None = None
    _is_linked: bool = False

    def take(self, token: str) -> None:
        """Take the next token."""
        word = token[1:] if token.startswith("و") and len(token) > 1 else token
        if token.startswith("<"):
            self._take_law(token[1:-1])
        elif token.isdigit():
            self._take_number(int(token))
        elif word in _PARAGRAPH_OF:
            self._take_paragraph(_PARAGRAPH_OF[word])
        elif word in _NEW_ARTICLE or token in _SEPARATORS:
            self._is_linked = False
            self._current = None if word in _NEW_ARTICLE else self._current
        elif word in _LINKS:
            self._is_linked = True
            self._current = None if word != token else self._current  # `والفقرة …` starts a new reference

    def laws_with_articles(self) -> set[str]:
        """Return `PC` if articles of the Penal Code are cited, which then represent it."""
        return {article.law for article in self.articles if article.law == _PENAL_CODE}

    def _take_law(self, law: str) -> None:
        for article in self._waiting:
            article.law = law
        self._waiting = []
        self._current = None
        self._is_linked = False
        self.laws.append(law)

    def _take_number(self, number: int) -> None:
        if self._is_linked and self._current is not None and not (number > 99 and self._current.number > 99):
            self._current.paragraphs.append(number)
            return
        if self._is_linked and self._current is None:
            self._early.append(number)
            self._is_linked = False
            return
        self._current = _Article(number, self._early, self.laws[-1] if self.laws else "")
        self._early = []
        self._is_linked = False
        self._waiting.append(self._current)
        self.articles.append(self._current)

    def _take_paragraph(self, number: int) -> None:
        (self._early if self._current is None else self._current.paragraphs).append(number)


def _mark_laws(folded: str) -> str:
    """Return the text with each law replaced by a mark `<code>`, so that its digits are not taken for articles."""
    plain = re.sub(r"[()\[\]«»\"]", " ", folded)
    plain = re.sub(r"\s*/\s*", "/", re.sub(r"\s+", " ", plain))
    plain = _LAW_NUMBER.sub(lambda match: f" <{_LAW_OF_NUMBER.get(next(filter(None, match.groups())), OTHER)}> ", plain)
    for pattern, law in _LAW_NAMES:
        plain = pattern.sub(f" <{law}> ", plain)
    return plain


def _merge_named_laws(tokens: list[str]) -> list[str]:
    """Return the tokens with one mark for a law that is named twice in a row, by its title and by its number."""
    marked: list[str] = []
    last = ""  # the mark since which there was no number
    for token in tokens:
        if not token.startswith("<"):
            last = "" if token.isdigit() else last
            marked.append(token)
        elif not last or (last != token and f"<{OTHER}>" not in (last, token)):
            last = token
            marked.append(token)
        elif last == f"<{OTHER}>":  # the title was less specific than the number, or vice versa
            marked[len(marked) - 1 - marked[::-1].index(last)] = token
            last = token
    return marked


def _law_of(article: _Article) -> str:
    if article.number in _LAW_28_ARTICLES and article.law in ("", _PENAL_CODE):
        return LAW_28
    if not article.law:
        return _PENAL_CODE if article.number in _PENAL_ARTICLES else OTHER
    return article.law


def _law_code(law: str, number: int) -> str:
    if law != _PENAL_CODE:
        return law
    return "PC_390_392" if number in _BEGGING_ARTICLES else "PC_OTHER"


def _article_codes(article: _Article) -> set[str]:
    if article.number not in _LAW_28_ARTICLES:
        return set()
    known = range(1, _PARAGRAPH_COUNT.get(article.number, 0) + 1)
    codes = {f"A{article.number}_{number}" for number in article.paragraphs if number in known}
    return codes or {"A5_1" if article.number == 5 else f"A{article.number}"}
