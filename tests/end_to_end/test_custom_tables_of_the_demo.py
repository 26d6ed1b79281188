"""A guesser who knows the noise reads custom tables of a whole demo: what a full cross told, and what may be asked."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import TOTAL
from expectations.cards.note_languages import voices
from expectations.custom import custom_tables
from expectations.custom.custom_questions import CustomQuestion
from expectations.published import ledger
from ingestion.home import Home
from languages.refusal import Refusal
from tests.expectations.custom.likely_counts import known_small, likely_counts

pytestmark = pytest.mark.whole_home
DATASET, DIMENSIONS = "four_ps_governorate", ("sex", "age", "form")
PLACES = (
    ("PRT-02", "IQG08", "2024"),
    ("PRT-01", "IQG08", "2023"),
    ("PRT-01", "IQG08", "2024"),
    ("PRT-01", "IQG02", "2023"),
)
"""The capital in two years, and a governorate with few victims."""


@pytest.fixture(scope="module")
def own(demo: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(Path(shutil.copytree(demo.root, tmp_path_factory.mktemp("asked") / "home", symlinks=True)))


def _asked(home: Home, place: tuple[str, str, str], by: tuple[str, ...]) -> pd.DataFrame:
    """The rows of an answer that nobody publishes."""
    indicator, area, year = place
    question = CustomQuestion(DATASET, indicator, by, (area,), (year,))
    with home.lock("test"):
        return custom_tables.answer(home, question, voices(), is_dry_run=True).rows


def _known(home: Home, rows: pd.DataFrame, place: tuple[str, str, str], by: tuple[str, ...]) -> tuple[int, int]:
    indicator, area, year = place
    base = ledger.sealed_of(home, ledger.entries(home, DATASET)[-1])
    own = base[(base["indicator"] == indicator) & (base["ref_area"] == area) & (base["time_period"] == year)]
    counts = own[own["measure"] == "COUNT"].groupby(list(by))["obs_value"].sum()
    true = {tuple(map(str, cell)): int(count) for cell, count in counts.items()}  # pyright: ignore[reportArgumentType, reportGeneralTypeIssues]
    return known_small(likely_counts(rows, by), true)


def _crosses() -> Iterator[tuple[str, ...]]:
    for size in (2, 3):
        yield from itertools.combinations(DIMENSIONS, size)


def _known_by(home: Home, place: tuple[str, str, str], by: tuple[str, ...]) -> tuple[int, int]:
    """How many small counts there are, and how many an answer leaves with two likely values; none if refused."""
    try:
        rows = _asked(home, place, by)
    except Refusal as refusal:
        assert refusal.code in ("table_full_cross", "table_too_many_crossed", "table_too_sparse", "table_discloses")
        return 0, 0
    return _known(home, rows, place, by)


def test_what_may_be_asked_of_a_governorate_leaves_next_to_nothing_of_what_a_full_cross_told(
    own: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = [_known_by(own, place, by) for place in PLACES for by in _crosses()]
    monkeypatch.setattr(custom_tables, "refuse_too_fine", lambda *_: None)
    before = [_known_by(own, place, DIMENSIONS) for place in PLACES]
    assert sum(pinned for _, pinned in before) > sum(small for small, _ in before) / 4
    assert sum(pinned for _, pinned in after) <= sum(pinned for _, pinned in before) / 10


def test_a_cross_of_the_federal_part_is_still_answered(own: Home) -> None:
    question = CustomQuestion("four_ps_national", "PRT-01", ("sex", "form"), ("IQ-FED",), ("2024",))
    with own.lock("test"):
        rows = custom_tables.answer(own, question, voices(), is_dry_run=True).rows
    crossed = rows[(rows["sex"] != TOTAL) & (rows["form"] != TOTAL)]
    assert len(crossed) >= 4 and (crossed["disclosure_method"] == custom_tables.METHOD).any()
