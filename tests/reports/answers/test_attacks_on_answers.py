"""What an answer says holds for every true count that rounding allows: so it tells no more than the released cells.

An attacker knows the cells and their methods. If each pair of true counts that the cells allow also fits all that is
said of them (counts, percent, range, fraction, verdict, direction, rank, demand), what is said excludes none of them.
"""

from __future__ import annotations

import datetime
import re
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from expectations.cards.adopted_standards import AdoptedStandard
from languages.words import Words
from reports.answers import answer_sentences
from reports.answers.demand_answers import demand_answer
from reports.answers.figure_directions import FigureYear, find_direction
from reports.answers.found_answers import Answer
from reports.answers.judgement import judge
from reports.phrases.figure_words import FRACTIONS, Count, Share
from reports.questions.answer_card import answer_cards
from tests.reports.answers.invented_answers import release_of

ASKED, CONDITION = "are_those_who_ask_admitted", "is_a_condition_imposed"
DAY = datetime.date(2025, 12, 10)
RELEASE = release_of()
FIVES = st.integers(0, 80).map(lambda value: 5 * value)
OFF = st.integers(-4, 4)
BORDERS = st.tuples(st.integers(2, 98), st.integers(1, 98)).map(lambda ends: (max(ends), min(ends)))


def standard(met_from: int, below: int) -> AdoptedStandard:
    return AdoptedStandard(met_from=met_from, not_met_below=below, adopted=DAY, source={"en": "A plan."})


@st.composite
def true_pairs(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Printed part and whole, and a true part and whole that rounding to five allows."""
    part, whole = sorted((draw(FIVES), draw(FIVES) + 5))
    true_whole = max(1, whole + draw(OFF))
    return part, whole, min(true_whole, max(0, part + draw(OFF))), true_whole


def answer_for(share: Share, adopted: AdoptedStandard, key: str = ASKED) -> Answer:
    card = answer_cards()[key]
    verdicts = judge(share, adopted, is_lower_better=card.better == "down")
    return Answer(key, card, "IQ-FED", "2025", share=share, standard=adopted, verdicts=verdicts)


def printed(pair: tuple[int, int, int, int]) -> Share:
    return Share(Count(pair[0], 4), Count(pair[1], 4))


def true_share(pair: tuple[int, int, int, int]) -> Share:
    return Share(Count(pair[2]), Count(pair[3]))


@given(true_pairs(), BORDERS)
def test_percent_range_fraction_and_verdict_hold_for_each_true_pair(
    pair: tuple[int, int, int, int], borders: tuple[int, int]
):
    answer, words = answer_for(printed(pair), standard(*borders)), Words.load("en")
    said = answer_sentences.judged_sentence(answer, words)
    true = true_share(pair).printed
    if limits := re.search(r"(\d+)–(\d+)% by rounding", said):
        low, high = (Fraction(int(end), 100) for end in limits.groups())
        assert low - Fraction(1, 200) <= true <= high + Fraction(1, 200)
    if "all or nearly all" in said.lower():
        assert pair[0] == pair[1]
    for name, fraction in FRACTIONS.items():
        if f"about {words.text(f'figure.fraction.{name}')}" in said:
            assert abs(fraction - true) <= Fraction(17, 100)  # two points, and the widest range of which one is said
    (verdict,) = judge(true_share(pair), standard(*borders))
    assert not answer.verdicts or verdict in answer.verdicts


@given(true_pairs(), true_pairs())
def test_a_direction_holds_for_each_true_pair_of_both_years(
    before: tuple[int, int, int, int], now: tuple[int, int, int, int]
):
    years = FigureYear("2024", printed(before), is_complete=True), FigureYear("2025", printed(now), is_complete=True)
    way = find_direction(RELEASE, [("PRT-08", "NUMERATOR")], "IQ-FED", *years, is_up_better=True).way
    true_before, true_now = true_share(before).printed, true_share(now).printed
    assert way != "better" or true_now > true_before
    assert way != "worse" or true_now < true_before


@given(true_pairs(), true_pairs(), BORDERS)
def test_a_verdict_on_a_demand_holds_for_each_true_pair_of_its_leading_questions(
    asked: tuple[int, int, int, int], condition: tuple[int, int, int, int], borders: tuple[int, int]
):
    pairs = ((ASKED, asked), (CONDITION, condition))
    told, truly = (
        demand_answer([answer_for(share_of(pair), standard(*borders), key) for key, pair in pairs], "D1", "IQ-FED")
        for share_of in (printed, true_share)
    )
    (true_verdict,) = truly.verdicts
    assert not told.verdicts or true_verdict in told.verdicts
