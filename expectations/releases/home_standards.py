"""The standards of a home: `standards.yml`, written by hand, read strictly.

Belongs here: reading the file, and refusing whatever could mislead, by question and field.
Does not belong here: their schema (`expectations/cards/adopted_standards.py`), which years a standard judges
(`carried_standards.py`).

    standards.yml
        are_those_who_ask_admitted:           # the key of a question
          met_from: 90                        # per cent of the whole
          not_met_below: 60
          unit: percent                       # or `count`, for what must be there at all
          adopted: 2026-01-31                 # before its figures are released
          source: {en: Plan of the task force, ar: خطة فريق العمل, ckb: پلانی تیمی کار}
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from expectations.cards.adopted_standards import AdoptedStandard
from ingestion.cards.card_errors import foremost_error, nearest_key
from ingestion.home import Home
from ingestion.strict_yaml import parse_yaml
from ingestion.text.folding import nearest_word_or_all
from languages.catalogue import SOURCE
from languages.refusal import Refusal
from languages.words import Words, languages

_QUESTION, _WORDS = "answer.", ".question"
_KEY = re.compile(r"[a-z0-9_]{1,80}")
_LONGEST_SOURCE = 200
_MARKUP = "<>[]{}`*_|\\\n\r"


def read_adopted(home: Home, today: datetime.date) -> dict[str, AdoptedStandard]:
    """Return the standards of a home by question; none without a file.

    Args:
        home: whose `standards.yml` is read.
        today: a standard must have been adopted before the day on which it is released with figures.

    Raises:
        Refusal: `standards_unreadable`, `standard_question_unknown`, `standard_invalid`, `standard_too_late`.
    """
    if not home.standards.exists():
        return {}
    questions = known_questions()
    standards: dict[str, AdoptedStandard] = {}
    for question, content in _content(home).items():
        if question not in questions:
            about = {"question": _key(question), "nearest": nearest_word_or_all(question, questions)}
            raise Refusal("standard_question_unknown", where=home.standards.name, **about)
        standards[question] = standard = _standard(home.standards.name, question, content)
        if standard.adopted >= today:
            about = {"question": question, "date": standard.adopted.isoformat(), "today": today.isoformat()}
            raise Refusal("standard_too_late", where=home.standards.name, **about)
    return standards


def known_questions() -> list[str]:
    """Return the keys of all questions, which the catalogue holds in words."""
    messages = Words.load(SOURCE).messages
    whole = (key for key in messages if key.startswith(_QUESTION) and key.endswith(_WORDS))
    return sorted(key.removeprefix(_QUESTION).removesuffix(_WORDS) for key in whole)


def _content(home: Home) -> dict[str, Any]:
    path = home.standards
    try:
        content = parse_yaml(path.read_bytes())
    except ValueError as error:
        raise Refusal("standards_unreadable", where=path.name) from error
    if not isinstance(content, dict) or not content:
        raise Refusal("standards_unreadable", where=path.name)
    return {str(question): card for question, card in content.items()}


def _standard(where: str, question: str, content: object) -> AdoptedStandard:
    try:
        standard = AdoptedStandard.model_validate(content)
    except ValidationError as error:
        first = foremost_error(error)
        context = str(first.get("ctx", {}).get("error", ""))  # a rule about the whole standard names its field itself
        field = str(first["loc"][0]) if first["loc"] else context
        raise _invalid(where, question, field) from error
    if standard.first_year:
        raise _invalid(where, question, "first_year")
    if _is_source_wrong(standard.source):
        raise _invalid(where, question, "source")
    return standard


def _invalid(where: str, question: str, field: str) -> Refusal:
    near = nearest_key(AdoptedStandard, field)
    return Refusal("standard_invalid", where=where, question=question, field=_key(field), nearest=near)


def _key(word: str) -> str:
    """Return a word that may be a key; a message repeats nothing else that somebody typed."""
    return word if _KEY.fullmatch(word) else "-"


def _is_source_wrong(source: Mapping[str, str]) -> bool:
    """Return whether a language is missing or unknown, or a text is empty, long or marked up."""
    return set(source) != set(languages()) or any(
        not text.strip() or len(text) > _LONGEST_SOURCE or set(text) & set(_MARKUP) for text in source.values()
    )
