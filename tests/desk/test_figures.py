"""A printed number: chosen by links alone, only what is released is offered, its way back is a logged look."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from desk.figures import views
from desk.identity.access import SIGNERS, roles_of
from expectations.published import ledger
from ingestion import hash_chain
from ingestion.home import Home, sha256_of_bytes
from ingestion.people.acts_log import read_acts
from ingestion.submissions import receipts
from languages.words import Words, languages
from marsad.answers import release_changes
from marsad.answers.release_changes import CellCounts, ChangedYear
from samples import invented_people
from tests.desk.browsers import browser
from tests.expectations import toy_home

NATIONAL = "four_ps_national"
CELL = "indicator=PRT-03&measure=SHARE&ref_area=IQ-FED&time_period=2023"
_LINK = re.compile(r'href="(/figures[^"]*)"')


@pytest.fixture
def home(toy_released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A founded home with a release of each dataset of the toy country."""
    home = Home(shutil.copytree(toy_released, tmp_path / "home"))
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    with home.open().lock("test"):
        invented_people.found(home)
    receipts.append(home, toy_home.receipt())
    return home


def page(address: str, tag: str = "en", person: str = "amina") -> str:
    answer = browser(person, tag).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def links(address: str) -> list[str]:
    return [html.unescape(link) for link in _LINK.findall(page(address))]


@pytest.mark.parametrize("view", [value for name, value in vars(views).items() if name.startswith(("show_", "list_"))])
def test_officers_alone_see_what_stands_behind_a_number(view: object):
    if callable(view) and getattr(view, "__module__", "") == views.__name__:
        assert roles_of(view) == SIGNERS


def test_a_number_is_found_by_links_from_dataset_to_its_file(home: Home):
    dataset = next(link for link in links("/figures") if link == f"/figures/{NATIONAL}")
    indicator = next(link for link in links(dataset) if link.endswith("/PRT-03"))
    table = next(link for link in links(indicator) if link.count("/") == 4)
    figure = next(link for link in links(table) if "way-back?" in link and "measure=SHARE" in link)
    assert sha256_of_bytes(toy_home.FILE)[:12] in page(figure)


@pytest.mark.parametrize("tag", languages())
def test_the_way_back_says_figure_facts_rows_files_and_their_state(home: Home, tag: str):
    words = Words.load(tag)
    shown = html.unescape(page(f"/figures/{NATIONAL}/way-back?{CELL}", tag))
    for text in (
        words.text("indicator.prt_03.title"),
        words.label("area", "IQ-FED"),
        words.text("trace.file.present"),
        words.text("browser.figures.rounding"),
        words.text("source.iraq_interior_ministry.title"),
        words.text("browser.figures.way_back"),
    ):
        assert text in shown


def test_each_way_back_is_a_look_of_the_person(home: Home):
    page(f"/figures/{NATIONAL}/way-back?{CELL}", person="dara")
    last = read_acts(home)[-1]
    assert (last["kind"], last["person"], last["what"]) == ("looked", "dara", f"trace {NATIONAL} PRT-03")


def test_what_cannot_be_logged_is_not_shown(home: Home, monkeypatch: pytest.MonkeyPatch):
    def full(*_arguments: object) -> None:
        raise OSError(28, "full")

    client = browser("amina")
    monkeypatch.setattr(hash_chain, "append", full)
    answer = client.get(f"/figures/{NATIONAL}/way-back?{CELL}")
    assert answer.status_code == 422
    assert toy_home.SUBMISSION not in answer.content.decode()


def test_a_harmed_file_is_told_first(home: Home):
    (home.taken / toy_home.SUBMISSION).write_bytes(b"other bytes")
    shown = html.unescape(page(f"/figures/{NATIONAL}/way-back?{CELL}"))
    assert Words.load("en").text("browser.figures.harmed") in shown


@pytest.mark.parametrize(
    "address",
    [
        f"{NATIONAL}/PRT-99",
        f"{NATIONAL}/PRT-01/no-such-table",
        f"{NATIONAL}/way-back",
        f"{NATIONAL}/way-back?indicator=a%0Ab&measure=COUNT&ref_area=IQ&time_period=2023",
        f"{NATIONAL}/way-back?{CELL}&sex=X",
        f"{NATIONAL}/changes/PRT-99",
    ],
)
def test_what_is_not_released_is_no_page_and_no_line_of_the_log(home: Home, address: str):
    client = browser("amina")
    before = len(read_acts(home))
    assert client.get(f"/figures/{address}").status_code == 404
    assert len(read_acts(home)) == before


def test_a_misspelt_dataset_and_one_without_a_release_are_refused(home: Home):
    client = browser("amina")
    for address in ("four_ps", "law_28_monitor", "law_28_monitor/changes"):
        assert client.get(f"/figures/{address}").status_code == 422


@pytest.mark.parametrize("tag", languages())
def test_changes_are_listed_and_an_indicator_names_causes_and_files(home: Home, tag: str):
    words = Words.load(tag)
    version = ledger.entries(home, NATIONAL)[-1].version
    assert version in page(f"/figures/{NATIONAL}/changes", tag)
    shown = html.unescape(page(f"/figures/{NATIONAL}/changes/PRT-01", tag))
    assert words.text("changes.cause.new_year") in shown
    assert toy_home.SUBMISSION in shown
    assert read_acts(home)[-1]["what"] == f"changes {NATIONAL} PRT-01"


def test_revised_figures_that_are_not_listed_are_counted(monkeypatch: pytest.MonkeyPatch):
    year = ChangedYear("2024", CellCounts(0, 20, 0, 0), (), 0, 0, (), ())
    monkeypatch.setattr(release_changes, "changed_years", lambda *_: [year])
    shown = html.unescape(page(f"/figures/{NATIONAL}/changes/PRT-01"))
    assert Words.load("en").text("browser.changes.more", count=20) in shown


def test_every_page_is_small(home: Home):
    for address in ("/figures", f"/figures/{NATIONAL}", f"/figures/{NATIONAL}/way-back?{CELL}"):
        assert len(page(address).encode()) < 100_000
