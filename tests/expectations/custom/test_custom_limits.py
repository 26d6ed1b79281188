"""What a custom table may not ask: decided by the question and by printed figures, at each border."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from expectations.cards import indicator_card
from expectations.cards.cells import DIMENSIONS, KEY, TOTAL
from expectations.cards.release_scheme import Scheme
from expectations.custom import custom_tables
from expectations.custom.custom_limits import LEAST_MEAN, MOST_CROSSED, refuse_too_fine
from expectations.custom.custom_questions import CustomQuestion
from expectations.custom.custom_tables import METHOD
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from tests.expectations import toy_home
from tests.expectations.custom.likely_counts import known_small, likely_counts

GOVERNORATE = "four_ps_governorate"
CODES = {"sex": ("F", "M"), "age": ("Y0T17", "Y_GE18", "U"), "form": ("SEXUAL", "BEGGING", "FORCED_LABOUR", "OTHER")}
VICTIM_DIMENSIONS = ["sex", "age", "form"]


def _card(dimensions: list[str]) -> indicator_card.IndicatorCard:
    return indicator_card.IndicatorCard.model_construct(code="PRT-01", dimensions=dimensions)


def _printed(totals: Mapping[str, float | None], status: str = "A") -> pd.DataFrame:
    """What a release prints: a total of each place, and every category of each dimension somewhere."""
    cells = [{"ref_area": area, "obs_value": value, "obs_status": status} for area, value in totals.items()]
    cells += [
        {"ref_area": "IQ-FED", name: code, "obs_value": 5.0, "obs_status": "A"}
        for name, codes in CODES.items()
        for code in codes
    ]
    plain = {"indicator": "PRT-01", "measure": "COUNT", "time_period": "2024", **dict.fromkeys(DIMENSIONS, TOTAL)}
    return pd.DataFrame([plain | cell for cell in cells], columns=[*KEY, "obs_value", "obs_status"])


def _ask(
    by: tuple[str, ...],
    area: str = "IQG08",
    where: Mapping[str, str] | None = None,
    released: pd.DataFrame | None = None,
    dimensions: list[str] | None = None,
) -> Refusal | None:
    question = CustomQuestion(GOVERNORATE, "PRT-01", by, (area,), ("2024",), where or {})
    printed = _printed({area: 10_000.0}) if released is None else released
    try:
        refuse_too_fine(question, _card(dimensions or [*VICTIM_DIMENSIONS, "citizenship"]), printed, {})
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize("area", ["IQG08", "IQ-FED", "governorate", "region"])
@pytest.mark.parametrize("count", [MOST_CROSSED - 1, MOST_CROSSED, MOST_CROSSED + 1])
@pytest.mark.parametrize("alone", [0, 1])
def test_below_the_country_at_most_two_dimensions_are_crossed_those_after_where_among_them(
    area: str, count: int, alone: int
) -> None:
    names = VICTIM_DIMENSIONS[:count]
    where = {name: CODES[name][0] for name in names[:alone]}
    refusal = _ask(tuple(names[alone:]), area, where)
    assert (refusal.code if refusal else None) == ("table_too_many_crossed" if count > MOST_CROSSED else None)


@pytest.mark.parametrize("area", ["IQ", "country"])
def test_the_country_may_cross_three_dimensions_of_four(area: str) -> None:
    assert _ask(tuple(VICTIM_DIMENSIONS), area, released=_printed({"IQ": 10_000.0})) is None


@pytest.mark.parametrize("area", ["IQ", "country", "IQG08", "IQ-FED"])
@pytest.mark.parametrize("where", [{}, {"form": "BEGGING"}])
@pytest.mark.parametrize("dimensions", [VICTIM_DIMENSIONS, ["sex", "form"]])
def test_a_full_cross_is_refused_everywhere(area: str, where: dict[str, str], dimensions: list[str]) -> None:
    by = tuple(name for name in dimensions if name not in where)
    refusal = _ask(by, area, where, dimensions=dimensions)
    assert refusal is not None and refusal.code == "table_full_cross"


def test_the_only_dimension_of_an_indicator_is_no_cross() -> None:
    assert _ask(("sex",), dimensions=["sex"]) is None


@pytest.mark.parametrize("by", list(itertools.combinations(VICTIM_DIMENSIONS, 2)))
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_the_printed_total_must_give_each_cell_of_the_finest_cross_the_least_mean(
    by: tuple[str, str], more: int
) -> None:
    cells = len(CODES[by[0]]) * len(CODES[by[1]])
    needed = LEAST_MEAN * cells
    for where in ({}, {by[1]: CODES[by[1]][0]}):
        asked = tuple(name for name in by if name not in where)
        refusal = _ask(asked, where=where, released=_printed({"IQG08": needed + more}))
        assert (refusal is None) == (more >= 0)
        if refusal:
            told = {"printed": needed + more, "cells": cells, "least": LEAST_MEAN, "needed": needed}
            assert (refusal.code, refusal.where) == ("table_too_sparse", "IQG08, 2024")
            assert dict(refusal.arguments) == {"dimensions": ", ".join([*asked, *where]), **told}


def test_of_several_places_the_smallest_decides_and_a_level_stands_for_its_places() -> None:
    printed = _printed({"IQG08": 10_000.0, "IQG02": 59.0})
    assert _ask(("sex", "age"), "governorate", released=printed) is not None
    assert _ask(("sex", "age"), "IQG08", released=printed) is None


def test_a_withheld_total_counts_as_none_and_a_place_of_which_nobody_told_is_left_to_the_answer() -> None:
    withheld = _ask(("sex", "age"), released=_printed({"IQG08": None}, "Q"))
    assert withheld is not None and withheld.arguments["printed"] == 0
    assert _ask(("sex", "age"), released=_printed({"IQG08": None}, "O")) is None


@pytest.mark.parametrize("tag", languages())
def test_each_refusal_is_told_in_each_language_with_all_that_it_was_reckoned_from(tag: str) -> None:
    words = Words.load(tag)
    refusals = [
        _ask(("sex", "age"), released=_printed({"IQG08": 40.0})),
        _ask(("sex", "age", "form")),
        _ask(("sex", "age"), dimensions=["sex", "age"]),
    ]
    for refusal in refusals:
        assert refusal is not None
        text = words.text(f"refusal.{refusal.code}", where=refusal.where, **refusal.arguments)
        assert refusal.where in text and "{" not in text
        assert words.text(f"refusal.{refusal.code}.remedy")


# Over the toy country


def _of(by: tuple[str, ...], area: str, year: str, where: dict[str, str] | None = None) -> CustomQuestion:
    return CustomQuestion(GOVERNORATE, "PRT-01", by, (area,), (year,), where or {})


def _answered(home: Home, question: CustomQuestion) -> pd.DataFrame:
    """The rows of an answer that nobody publishes."""
    voices = [toy_home.plain_voice("en")]
    return custom_tables.answer(home, question, voices, is_dry_run=True).rows


@pytest.mark.parametrize("changed", [0, 30])
def test_a_refusal_reads_no_true_count(released: Home, monkeypatch: pytest.MonkeyPatch, changed: int) -> None:
    """Neither the sealed base nor facts are opened before a question is refused, whatever they hold."""

    def opened(*_: object, **__: object) -> Any:  # noqa: ANN401 - it returns nothing
        raise AssertionError("true counts were read")

    country = toy_home.Country()
    country.add(changed, year="2024", sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.prepare(released, country)
    for name in ("_block_years", "_true_cells", "_add_noise"):
        monkeypatch.setattr(custom_tables, name, opened)
    for question in (
        _of(("sex", "age", "form"), "IQG08", "2024"),
        _of(("sex", "age"), "IQG08", "2024", {"form": "BEGGING"}),
        _of(("sex", "form"), "IQG02", "2024"),
    ):
        with pytest.raises(Refusal):
            custom_tables.answer(released, question, [toy_home.plain_voice("en")])


def test_what_may_be_asked_leaves_no_small_count_with_two_likely_values_where_a_full_cross_does(
    released: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = toy_home.victims()
    before = [0, 0]
    with monkeypatch.context() as patch:
        patch.setattr(custom_tables, "refuse_too_fine", lambda *_: None)
        for area, year in itertools.product(("IQG02", "IQG08"), toy_home.YEARS):
            rows = _answered(released, _of(("sex", "age", "form"), area, year))
            for place, count in enumerate(_known(rows, ("sex", "age", "form"), true, area, year)):
                before[place] += count
    assert before[1] >= before[0] / 4, before
    answered = 0
    for by in itertools.combinations(VICTIM_DIMENSIONS, 2):
        for area, year in itertools.product(("IQG02", "IQG08"), toy_home.YEARS):
            question = _of(by, area, year)
            try:
                refuse_too_fine(question, _card(VICTIM_DIMENSIONS), *_public(released))
            except Refusal:
                continue
            answered += 1
            assert _known(_answered(released, question), by, true, area, year)[1] == 0
    assert answered


def _public(home: Home) -> tuple[pd.DataFrame, Mapping[str, Mapping[str, str]]]:
    scheme = Scheme.read_scheme(home)
    house = custom_tables._house(home, GOVERNORATE, custom_tables.ReleaseLog.read_log(home))  # pyright: ignore[reportPrivateUsage]
    return house.released, scheme.merged


def _known(
    rows: pd.DataFrame, by: tuple[str, ...], true: Mapping[tuple[str, ...], int], area: str, year: str
) -> tuple[int, int]:
    places = [2 + DIMENSIONS.index(name) for name in by]
    counts: dict[tuple[str, ...], int] = {}
    for key, count in true.items():
        if key[:2] == (area, year):
            cell = tuple(key[place] for place in places)
            counts[cell] = counts.get(cell, 0) + count
    own = rows[(rows["measure"] == "COUNT") & ((rows["disclosure_method"] == METHOD) | (rows["obs_status"] == "A"))]
    return known_small(likely_counts(own, by), counts)
