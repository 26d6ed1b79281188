"""A small edition with intervals, read back from its finished files: what `make test` has of the walk over a demo."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS, TOTAL
from ingestion.home import Home
from languages.words import languages
from reports.publishing.issue_report import issue
from tests.reports import invented_releases
from tests.reports.read_back import faults, printed_tables
from tests.reports.read_back.faults import FinishedReport
from tests.reports.read_back.printed_numbers import figure_in, roundings
from tests.reports.read_back.released_cells import ReleasedFigures, read_cells

pytestmark = pytest.mark.needs_poppler
_NATIONAL = invented_releases.NATIONAL


def _with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of two indicators by sex and age, their shares with three decimals and an interval around each."""
    others = [name for name in DIMENSIONS if name not in ("sex", "age")]
    kept = frame["indicator"].isin(["PRT-01", "PRT-08"]) & (frame[others] == TOTAL).all(axis=1)
    found = frame[kept & (frame["time_period"] >= "2019")].reset_index(drop=True)
    shares = (found["measure"] == "SHARE") & found["obs_value"].notna()
    found.loc[shares, "obs_value"] = found.loc[shares, "obs_value"].round(3)
    found.loc[shares, "lower"] = (found.loc[shares, "obs_value"] - 0.087).clip(lower=0).round(3)
    found.loc[shares, "upper"] = (found.loc[shares, "obs_value"] + 0.104).clip(upper=1).round(3)
    found.loc[shares, "interval_method"] = "WILSON_95"
    return found.astype({"lower": float, "upper": float})


@pytest.fixture(scope="module")
def finished(made_once: Callable[[str, Callable[[Path], object]], Path]) -> FinishedReport:
    def make(root: Path) -> None:
        home = invented_releases.build(root, change=_with_intervals, is_national_only=True)
        for tag in languages():
            issue(home, tag)

    home = Home.at(made_once("read_back", make))
    release = home.releases / _NATIONAL
    version = (release / "latest").read_text(encoding="utf-8").strip()
    table = home.root.parent / "read_back.csv"
    pd.read_parquet(release / version / "data.parquet").to_csv(table, index=False)
    (folder,) = (path for path in home.reports.iterdir() if (path / "en").is_dir())
    return FinishedReport(folder, ReleasedFigures(read_cells(_NATIONAL, table), {_NATIONAL: version}, {}), languages())


@pytest.mark.parametrize("tag", languages())
def test_every_interval_of_every_text_is_a_released_one(finished: FinishedReport, tag: str) -> None:
    assert faults.count_of_intervals(finished, tag) > 50
    assert faults.intervals_in_texts(finished, tag) == []


@pytest.mark.parametrize("tag", languages())
def test_every_figure_of_the_explorer_is_the_released_one(finished: FinishedReport, tag: str) -> None:
    page = (finished.folder / tag / "explorer.html").read_bytes()
    cells = list(printed_tables.cells_of_explorer(page, finished.released))
    assert len(cells) > 300
    assert [fault for cell in cells if (fault := faults.fault_of_cell(cell, finished.released))] == []


@pytest.mark.parametrize("tag", languages())
def test_every_share_of_every_sentence_is_that_of_the_counts_before_it(finished: FinishedReport, tag: str) -> None:
    assert faults.shares_in_sentences(finished, tag) == []


@pytest.mark.parametrize("tag", languages())
def test_the_number_stands_in_every_form_as_one_reads_it_out(finished: FinishedReport, tag: str) -> None:
    assert faults.identifiers_unread(finished, tag) == []


@pytest.mark.parametrize("tag", languages())
def test_no_form_shows_a_code_word(finished: FinishedReport, tag: str) -> None:
    assert faults.code_words(finished, tag) == []


@pytest.mark.parametrize(
    "text",
    [
        "victims, as printed (first_print)",
        "Expected in the end (NOWCAST)",
        "were not sent (marsad report --agency)",
        "From manifest format 3 on",
        "Law 8/1988, L76_2017",
    ],
)
def test_a_code_word_in_a_text_is_a_fault(finished: FinishedReport, text: str) -> None:
    falsified = FinishedReport(finished.folder, finished.released, finished.tags, {"texts ar": {"a page": [text]}})
    assert faults.code_words(falsified, "ar")
    marked = FinishedReport(finished.folder, finished.released, finished.tags, {"texts ar": {"a page": ["٥ [low]"]}})
    assert faults.code_words(marked, "ar") == ["a page: [low]"]


def test_an_interval_without_width_is_a_fault(finished: FinishedReport) -> None:
    known = [cell for cell in finished.released.cells.values() if cell.lower is not None]
    assert known
    assert all(cell.lower < cell.upper for cell in known if cell.lower is not None and cell.upper is not None)
    texts = {"a page": ["67% (67% to 67%)"]}
    falsified = FinishedReport(finished.folder, finished.released, finished.tags, {"texts en": texts})
    assert faults.intervals_in_texts(falsified, "en") == ["a page: 67% (67 to 67)"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("45% (25% to 70%)", "45% (25% to 70%)"),
        ("٤٥٪ (من \u2067٢٥٪\u2069 إلى \u2067٧٠٪\u2069)", "45% (25% to 70%)"),
        ("۴۵٪ (لە \u2067۲۵٪\u2069 تا \u2067۷۰٪\u2069)", "45% (25% to 70%)"),
        ("١٧٬٠٠٠", "17000"),
        ("٠٫٦٢ (من ٠٫٥٣ إلى ٠٫٧٢)", "0.62 (0.53 to 0.72)"),
        ("[low]", "no number"),
    ],
)
def test_figures_are_read_in_the_digits_of_three_languages(text: str, printed: str) -> None:
    assert str(figure_in(text)) == printed


def test_a_half_may_have_been_rounded_to_either_side_and_nothing_else() -> None:
    assert roundings(Decimal("67.5"), 0) == {Decimal(67), Decimal(68)}
    assert roundings(Decimal("67.47"), 0) == {Decimal(67)}
