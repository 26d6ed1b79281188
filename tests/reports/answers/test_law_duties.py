"""The law's articles in their order, each question about one of them once, and how many duties have which answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from reports.answers import law_duties
from reports.answers.found_answers import Answer
from reports.answers.judgement import BETTER
from reports.questions.answer_card import answer_cards

# Written from docs/reference/law.md, not from the cards: each article, and whether an agency is ordered something in a
# text that was read or is quoted second hand. Article 1 defines, 5 to 9 are crimes, the others' texts are background.
REFERENCE = [
    ("1", False), ("2", True), ("3", True), ("4", True), ("5", False), ("6", False), ("7", False), ("8", False),
    ("9", False), ("10", False), ("11", True), ("11_1", True), ("11_2", True), ("11_3", True), ("11_4", True),
    ("11_5", True), ("11_6", False), ("11_7", False), ("11_8", False), ("11_9", True), ("11_10", False),
    ("11_11", False), ("11_12", False), ("12", False), ("13", False), ("14", False), ("kr_6_2018", False),
]  # fmt: skip
DUTIES_OF_ARTICLE_3 = 7
FED, KR = "IQ-FED", "IQ-KR"


def answers(**more: object) -> list[Answer]:
    """One answer to each question in each area that a card names, all without a figure."""
    return [
        replace(Answer(key, card, area, unknown="gap"), **more)  # pyright: ignore[reportArgumentType]
        for key, card in answer_cards().items()
        for area in ("IQ", FED, KR)
    ]


def test_the_articles_are_those_of_the_reference_in_the_laws_order():
    assert [article.name for article in law_duties.law_articles(answers())] == [name for name, _ in REFERENCE]


def test_only_what_an_agency_is_ordered_to_do_in_a_known_text_has_a_standard():
    judged = {
        article.name: any(duty.card.kind == "standard" for duty in article.duties)
        for article in law_duties.law_articles(answers())
    }
    assert judged == dict(REFERENCE)
    for article in law_duties.law_articles(answers(verdicts=("met",))):
        standings = [law_duties.standing_of(answer) for duty in article.duties for answer in duty.answers]
        if not dict(REFERENCE)[article.name]:
            assert set(standings) <= {None}, article.name


def test_each_question_about_an_article_stands_once_and_no_other_does():
    keys = Counter(duty.key for article in law_duties.law_articles(answers()) for duty in article.duties)
    laws = ("28/2012", "KR 6/2018")
    assert keys == Counter(key for key, card in answer_cards().items() if card.article.startswith(laws))


def test_the_seven_duties_of_article_3_stand_in_their_order_and_what_follows_from_the_whole_article_last():
    article = law_duties.law_articles(answers())[2]
    cited = [duty.card.article for duty in article.duties]
    assert cited[:DUTIES_OF_ARTICLE_3] == [f"28/2012 3 ({item})" for item in range(1, DUTIES_OF_ARTICLE_3 + 1)]
    assert set(cited[DUTIES_OF_ARTICLE_3:]) == {"28/2012 3"}


def test_each_duty_is_answered_in_both_regions_but_those_of_the_regions_own_law():
    for article in law_duties.law_articles(answers()):
        for duty in article.duties:
            areas = [answer.area for answer in duty.answers]
            assert areas == ([KR] if article.name == "kr_6_2018" else [FED, KR]), duty.key


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        ({"verdicts": ("met",), "unknown": ""}, ("met",)),
        ({"verdicts": ("not_met", "partly_met"), "unknown": ""}, ("not_met", "partly_met")),
        ({"unknown": "no_standard"}, "no_standard"),
        ({"unknown": "too_wide"}, "not_known"),
        ({"unknown": ""}, "not_known"),
    ],
)
def test_duties_are_counted_by_their_answer_in_each_region(more: dict[str, object], standing: law_duties.Standing):
    articles = law_duties.law_articles(answers(**more))
    judged = [card for card in answer_cards().values() if card.kind == "standard" and card.article.startswith("28/")]
    for area in (FED, KR):
        assert law_duties.count_standings(articles, area) == Counter({standing: len(judged)})


@pytest.mark.parametrize("verdict", BETTER)
def test_a_duty_that_may_be_unmet_is_named_as_unmet(verdict: str):
    named = law_duties.unmet(law_duties.law_articles(answers(verdicts=(verdict,), unknown="")))
    assert bool(named) == (verdict == "not_met")
    both = law_duties.unmet(law_duties.law_articles(answers(verdicts=("not_met", "partly_met"))))
    assert {answer.area for answer in both} == {FED, KR}
