"""`marsad check` keeps nothing and answers what `receive` then does, over random dirty sheets; no row is lost."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.entry.file_check import examine
from ingestion.home import Home
from ingestion.submissions import landing
from ingestion.submissions.preview import Letter
from languages.words import Words
from marsad.commands import checking, receiving
from tests.ingestion.workbooks import Grid, csv, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
WORDS = Words.load("en")
_DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2040, 1, 1))
_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
_TYPED = (
    "",
    "-",
    "؟",
    "بغداد",
    "ذكر",
    "أنثى",
    "١٧",
    "30/7/2024",
    "13/13/2024",
    "المجموع",
    "لا يوجد",
    "=1+1",
    "تسول، دعارة",
)
_PERSONAL = ("زهراء كاظم الموسوي", "0770 123 4567", "12/ج/2024", "محلة 512 زقاق 14 دار 7")
_CELLS = st.one_of(st.none(), st.sampled_from(_TYPED), st.integers(-5, 10**6), _DAYS, _TEXTS)
_RARELY_PERSONAL = st.one_of(*[_CELLS] * 19, st.sampled_from(_PERSONAL))


@st.composite
def dirty_grids(draw: st.DrawFn) -> Grid:
    """A good sheet of up to eight victims with some cells overwritten, some rows put in, some taken out or doubled."""
    grid = victims(*[victim(number) for number in range(1, draw(st.integers(1, 8)) + 1)])
    for _ in range(draw(st.integers(0, 6))):
        row = draw(st.integers(0 if draw(st.integers(0, 4)) == 0 else 3, len(grid) - 1))
        grid[row][draw(st.integers(0, len(grid[row]) - 1))] = draw(_RARELY_PERSONAL)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(3, len(grid)))
        blank: list[Any] = [None] * len(grid[0])
        grid.insert(place, draw(st.sampled_from([blank, grid[place - 1], ["المجموع", *blank[1:]]])))
    return grid


@st.composite
def dirty_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A dirty sheet as a file and its name."""
    grid = draw(dirty_grids())
    if draw(st.booleans()):
        return "x.xlsx", xlsx({draw(st.sampled_from(["الضحايا", "ضحايا", "Sheet1"])): grid})
    return draw(st.sampled_from(["الضحايا.csv", "x.csv"])), csv(grid, encoding="utf-8")


Verdicts = TypeVar("Verdicts")


def _answer(asked: Callable[[], Verdicts]) -> tuple[Verdicts, dict[str, Any]]:
    printed = StringIO()
    with redirect_stdout(printed):
        verdicts = asked()
    answer = json.loads(printed.getvalue())
    return verdicts, answer[0] if isinstance(answer, list) else answer


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dirty_files())
def test_check_gives_the_verdict_of_receive_and_keeps_nothing(file: tuple[str, bytes]):
    name, data = file
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        checked, check = _answer(lambda: checking.check(path, SOURCE, WORDS, as_json=True))
        assert [left.name for left in Path(folder).iterdir()] == [name]
        home = Home.at(Path(folder) / "home").open()
        received, receipt = _answer(
            lambda: receiving.receive(home, SOURCE, [path], Letter(), WORDS, "take", as_json=True)
        )
        assert [checked] == received
        assert check.pop("effects") == []  # nothing came before
        assert check == {key: receipt[key] for key in check}
        landed = landing.land(home, SOURCE)
    assert sum(sum(one.shape_rows.values()) for one in landed) == check["rows_landed"]
    assert sum(one.quarantined for one in landed) == check["rows_quarantined"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dirty_files())
def test_each_row_of_a_dirty_sheet_lands_or_is_kept_out_once(file: tuple[str, bytes]):
    answer = examine(file[1], file[0], SOURCE, today=datetime.date(2026, 1, 1))
    for table in answer.tables:
        landed: list[Any] = list(table.columns["row_number"])
        kept_out = {reason.row_number for reason in table.quarantined}
        assert len(set(landed)) == len(landed)
        assert not set(landed) & kept_out
        assert len(landed) + len(kept_out) == table.rows_in
