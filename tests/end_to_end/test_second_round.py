"""What happens between the two rounds of the demo: late cases, a place nobody had told of, a file that is taken back.

Late: corrected files bring a few victims of one past year, many of another. New: the first lists of the Kurdistan
Region, with Halabja as a leaf of its own. Taken back: a correction of the interior ministry that lost victims; it
counts in the first round and not in the second. Few years change here; `test_many_years.py` asks of most.
"""

from __future__ import annotations

import pandas as pd
import pytest

from expectations.cards.cells import KEY
from expectations.cards.dataset_card import dataset_names
from expectations.protection import protect_datasets
from expectations.published import ledger
from ingestion.home import Home, sha256_of_bytes
from ingestion.submissions import receipts
from languages.words import Words, languages
from marsad import demonstration
from reports.released.year_changes import FirstTold, VersionChange
from reports.renderers.xlsx_tables import plain_text
from samples import workbooks
from samples.bodies.sight import INTERIOR
from samples.expected import truth
from samples.life.country import Country
from samples.views import deliveries
from tests.end_to_end.told import report_of

pytestmark = pytest.mark.whole_home
HALABJA = "IQG06Q05"
REGION = {"IQG06", HALABJA, "IQG09", "IQG11"}
BY_VICTIM = "PRT-01/COUNT"


def _counts(cells: pd.DataFrame) -> pd.Series:
    """The counts that are not 0, by their place."""
    return cells[cells["obs_value"].fillna(0) > 0].set_index(list(KEY))["obs_value"].astype(int).sort_index()


def _changes(home: Home) -> dict[str, VersionChange]:
    return {change.dataset: change for change in report_of(home).changes}


@pytest.mark.parametrize("dataset", dataset_names())
def test_the_first_release_rests_on_the_truth_as_it_was_told_then(demo: Home, invented: Country, dataset: str) -> None:
    """With the mistaken correction, and without the Kurdistan Region."""
    sealed = ledger.sealed_of(demo, ledger.entries(demo, dataset)[0])
    expected = truth.expected_cells(invented, sent_until=demonstration.ROUNDS[0])
    expected = expected[expected["indicator"].isin(sealed["indicator"])]
    assert len(_counts(sealed)) > 1000
    pd.testing.assert_series_equal(_counts(sealed), _counts(expected), check_index_type=False)


def test_few_late_cases_are_frozen_and_many_revise_their_year(demo: Home) -> None:
    outcomes = protect_datasets.last_report(demo).outcomes
    states = {one.year: one.state for one in outcomes if BY_VICTIM in one.block}
    assert all(one.safe for one in outcomes)
    assert states == {
        "2020": "unchanged",
        "2021": "unchanged",
        "2022": "unchanged",
        "2023": "frozen",
        "2024": "revised",
        "2025": "first",
    }
    changed = {one.year: one.indicators for one in _changes(demo)["four_ps_national"].past}
    assert "PRT-01" in changed["2024"]
    assert "PRT-01" not in changed.get("2023", ())


def test_a_governorate_of_which_nothing_was_known_is_a_leaf_of_its_own_from_now_on(demo: Home) -> None:
    (place,) = _changes(demo)["four_ps_governorate"].places
    assert (place.indicator, set(place.areas), place.years) == ("PRT-01", REGION, ("2024", "2025"))
    national = _changes(demo)["four_ps_national"].places
    assert FirstTold("PRT-01", ("IQ-KR", "IQ"), place.years) in national
    assert {one.areas for one in national} <= {("IQ-KR", "IQ"), ("IQ-KR",)}


def test_a_file_that_was_taken_back_is_gone_and_the_file_before_it_lives(demo: Home, invented: Country) -> None:
    first, mistaken, _ = (one for one in deliveries(invented) if (one.source, one.period_year) == (INTERIOR, 2024))
    was_first, was_mistaken = (sha256_of_bytes(workbooks.file_content(invented, one)) for one in (first, mistaken))
    (line,) = [one for one in receipts.read_receipts(demo) if one.verdict == "withdrawn"]
    assert (line.source, line.sha256) == (INTERIOR, was_mistaken)
    assert line.signed_by
    assert not (demo.taken / line.withdraws).exists()
    assert not (demo.inbox / INTERIOR / mistaken.file_name).exists()
    assert was_first in {one.sha256 for one in receipts.live_receipts(demo)}


@pytest.mark.parametrize("tag", languages())
def test_pages_and_notes_say_what_changed(demo: Home, tag: str) -> None:
    words = Words.load(tag)
    (page,) = [path.read_text(encoding="utf-8") for path in demo.reports.glob(f"*/{tag}/changes.html")]
    assert words.label("area", HALABJA) in page
    assert words.text("edition.changes.first") not in page
    for dataset in ("four_ps_national", "four_ps_governorate"):
        entry = ledger.entries(demo, dataset)[-1]
        notes = (demo.releases / dataset / entry.version / f"notes.{tag}.md").read_text(encoding="utf-8")
        _, warned = words.text("warning.earlier_vintage_withdrawn", broken="|", evaluated="|").rsplit("|", 1)
        assert plain_text(warned).strip() in plain_text(notes)


def test_a_second_demo_in_the_same_home_changes_nothing(demo: Home, invented: Country) -> None:
    def kept() -> list[tuple[str, bytes]]:
        logs = [demo.root / "receipts.jsonl", *sorted(demo.ledger.glob("*.jsonl"))]
        folders = sorted(str(path) for path in (*demo.releases.glob("*/*"), *demo.reports.glob("*/*")))
        return [(path.name, path.read_bytes()) for path in logs] + [(folder, b"") for folder in folders]

    before = kept()
    assert len(before) > 10
    assert demonstration.run(demo, Words.load("en"), lambda _step: None, lambda: invented).passed
    assert kept() == before
