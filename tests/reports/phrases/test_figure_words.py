"""Figures are said as a second person wrote them, and never more surely than rounding allows."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from languages.words import Words, languages
from reports.phrases.figure_words import (
    FRACTIONS,
    MEDIUM,
    NARROW,
    Count,
    Share,
    count_words,
    near_fraction,
    rounding_bound,
    says_percent,
    share_words,
)

WRITTEN: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "figures.yml").read_text(encoding="utf-8"))
ISOLATES = re.compile("[\u2066-\u2069\u061c]")
ERRORS = st.sampled_from([0, 4])


@st.composite
def shares(draw: st.DrawFn) -> Share:
    """A part of a whole as a release may print them: rounded to five, or exact."""
    part_error, whole_error = draw(ERRORS), draw(ERRORS)
    whole = draw(st.integers(1, 400)) * (5 if whole_error else 1)
    step = 5 if part_error else 1
    part = draw(st.integers(0, whole // step)) * step
    return Share(Count(part, part_error), Count(whole, whole_error))


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
@pytest.mark.parametrize("figure", WRITTEN["figures"], ids=lambda figure: figure["en"])
def test_a_figure_has_the_words_that_a_second_person_wrote(figure: dict[str, Any], tag: str) -> None:
    words, part = Words.load(tag), Count(*figure["part"])
    text = share_words(Share(part, Count(*figure["whole"])), words) if "whole" in figure else count_words(part, words)
    assert ISOLATES.sub("", text) == figure[tag]


@given(shares())
def test_nobody_is_told_of_all_or_none_of_a_rounded_count(share: Share) -> None:
    sentence = share_words(share, Words.load("en")).replace("all or nearly all", "")
    assert share.is_exact or not re.search(r"\b(every|nobody|none|all)\b", sentence)


@given(shares())
def test_a_percent_is_said_of_narrow_ranges_alone_and_lies_within_its_own_range(share: Share) -> None:
    sentence = share_words(share, Words.load("en"))
    assert ("%" in sentence) <= (share.width <= NARROW)
    assert ("too few for a share" in sentence) == (share.width > MEDIUM and bool(share.part.value or share.part.error))
    if said := re.search(r"\((\d+)%(?:; (\d+)–(\d+)%)?", sentence):
        low, high = (said[2] or said[1], said[3] or said[1])
        assert int(low) <= int(said[1]) <= int(high)


@given(shares())
def test_what_is_about_is_said_of_rounded_counts_alone(share: Share) -> None:
    counts = share_words(share, Words.load("en")).partition("(")[0].partition(", ")[0]
    abouts = sum(bool(count.error and count.value) for count in (share.part, share.whole))
    is_word = share.part.value in (0, share.whole.value) and share.width <= NARROW
    assert counts.count("about") == (bool(share.whole.error) if is_word else abouts)


@pytest.mark.parametrize("name", FRACTIONS)
def test_a_fraction_is_near_within_two_points_and_a_tenth_of_itself(name: str) -> None:
    least = min(Fraction(2, 100), FRACTIONS[name] / 10)
    tiny = Fraction(1, 10_000)
    for sign in (-1, 1):
        assert near_fraction(FRACTIONS[name] + sign * least) == name
        assert near_fraction(FRACTIONS[name] + sign * (least + tiny)) != name


@given(st.integers(2, 40), st.data())
def test_a_fraction_does_not_repeat_exact_counts_out_of_ten_or_fewer(whole: int, data: st.DataObject) -> None:
    share = Share(Count(data.draw(st.integers(1, whole - 1))), Count(whole))
    _, is_percent, fraction = share_words(share, Words.load("en")).partition("%)")
    is_near = bool(near_fraction(Fraction(int(share.printed * 100 + Fraction(1, 2)), 100)))
    assert not is_percent or bool(fraction) == (whole > 10 and is_near)


@pytest.mark.parametrize("tag", languages())
def test_each_fraction_has_a_word(tag: str) -> None:
    assert all(Words.load(tag).text(f"figure.fraction.{name}") for name in FRACTIONS)


@given(shares(), st.data())
def test_without_its_range_a_percent_is_no_further_from_the_true_share_than_the_bound(
    share: Share, data: st.DataObject
) -> None:
    sentence = share_words(share, Words.load("en"), with_range=False)
    assert "by rounding" not in sentence
    said = re.search(r"\((\d+)%\)", sentence)
    assert bool(said) == says_percent(share)
    if said:
        part, whole = (
            data.draw(st.integers(max(0, count.value - count.error), count.value + count.error))
            for count in (share.part, share.whole)
        )
        true = min(Fraction(1), Fraction(part, whole))
        assert abs(true * 100 - int(said[1])) <= rounding_bound(share)
