"""The duties of Law 28/2012 and of Law 6/2018 of the Region in the law's order, with their answers in both regions.

Belongs here: which card stands under which article, and how many duties have which answer. Article 11 is told item by
item.
Does not belong here: the cards (`reports/questions/cards`), what a release answers (`found_answers.py`), how the
monitor looks (`reports/chapters/law.py`), words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from reports.answers.found_answers import NOT_SENT, Answer
from reports.answers.judgement import Verdict
from reports.questions.answer_card import AnswerCard, answer_cards

ARTICLES = (
    *(str(number) for number in range(1, 12)),
    *(f"11_{item}" for item in range(1, 13)),
    "12",
    "13",
    "14",
    "kr_6_2018",
)
"""The articles, in the law's order; each has its text in the catalogues (`monitor.article.<name>`)."""
Standing = tuple[Verdict, ...] | Literal["not_known", "no_standard"]
"""The answer to a duty: one verdict, two where rounding leaves both open, or why there is none."""
_NATIONAL = re.compile(r"28/2012 (?P<article>\d+)(?: \((?P<item>\d+)\))?")
_REGIONAL = "KR 6/2018"
_NEVER = "never_told"
_EVERYBODY = "every_sender"  # no agency that a letter reaches
_WITH_ITEMS = "11"
_LAST = 99


@dataclass(frozen=True)
class LawDuty:
    """One question about an article, with its answer in each region that it is asked of."""

    key: str
    card: AnswerCard
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class LawArticle:
    """An article, or an item of Article 11; without duties there is nothing to measure in it."""

    name: str
    duties: tuple[LawDuty, ...]


def law_articles(answers: Iterable[Answer]) -> list[LawArticle]:
    """Return all articles with their duties; each question about an article stands once."""
    by_key: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.area in answer.card.duty:
            by_key.setdefault(answer.key, []).append(answer)
    return [
        LawArticle(name, tuple(LawDuty(key, answer_cards()[key], tuple(by_key[key])) for key in keys if key in by_key))
        for name, keys in _keys_by_article().items()
    ]


def standing_of(answer: Answer) -> Standing | None:
    """Return the answer to a duty; None for what has no verdict: a crime, an open question, an article not read."""
    if answer.card.kind != "standard":
        return None
    return answer.verdicts or ("no_standard" if answer.unknown == "no_standard" else "not_known")


def count_standings(articles: Sequence[LawArticle], area: str) -> Counter[Standing]:
    """Return how many duties of a region have which answer; crimes, penalties and articles not read are left out."""
    counts: Counter[Standing] = Counter()
    for answer in _answers(articles):
        standing = standing_of(answer)
        if answer.area == area and standing is not None:
            counts[standing] += 1
    return counts


def unmet(articles: Sequence[LawArticle]) -> list[Answer]:
    """Return the answers that are surely or possibly not met, in the law's order."""
    return [answer for answer in _answers(articles) if "not_met" in answer.verdicts]


def is_asked_by_letter(answer: Answer) -> bool:
    """Return whether a letter to an agency can make an answer known; not where the figure may never be published."""
    return answer.unknown in NOT_SENT or (answer.unknown == "gap" and answer.card.answer.gap != _NEVER)


@cache
def named_agencies() -> dict[str, str]:
    """Return each agency with a duty under the law, in the law's order, with the area of its first duty."""
    agencies: dict[str, str] = {}
    for key in (key for keys in _keys_by_article().values() for key in keys):
        for area, codes in answer_cards()[key].duty.items():
            for code in codes:
                agencies.setdefault(code, area)
    agencies.pop(_EVERYBODY, None)
    return agencies


def _answers(articles: Sequence[LawArticle]) -> Iterator[Answer]:
    return (answer for article in articles for duty in article.duties for answer in duty.answers)


def _keys_by_article() -> dict[str, list[str]]:
    """Return the keys of the cards of each article, those about no article of these laws left out."""
    keys: dict[str, list[tuple[int, bool, str]]] = {name: [] for name in ARTICLES}
    for key, card in answer_cards().items():
        if card.article == _REGIONAL:
            keys["kr_6_2018"].append((0, not card.leads, key))
        elif match := _NATIONAL.fullmatch(card.article):
            article, item = match["article"], match["item"]
            # A duty of an article as a whole follows its items; a definition or a crime comes before its circumstances.
            place = int(item) if item else _LAST if card.kind == "standard" else 0
            name = f"{article}_{item}" if article == _WITH_ITEMS and item else article
            keys[name].append((place, not card.leads, key))
    return {name: [key for *_, key in sorted(places, key=lambda place: place[:2])] for name, places in keys.items()}
