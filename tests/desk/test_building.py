"""The figures computed anew from a page: one build at a time, its steps in the reader's language, and how it ended."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterator

import pytest

from assets import building
from assets.building import BuildReport
from desk.pages.showing import refusal_in_words
from ingestion.home import Home
from ingestion.people.acts_log import read_acts
from languages import dates
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import build_work, followed_work, timed_work
from marsad.answers.followed_work import FollowedWork
from marsad.answers.timed_work import TimedWork
from tests.desk.browsers import browser, says

LINES = (
    "build: loading Dagster and dbt",
    "landed iom_caseload",
    "landed unodc_glotip",
    "dbt: fct_victim",
    "… dbt: fct_case",
    "protection: PRT-01, 2024: frozen",
    "gate: examining four_ps_national",
    "release: four_ps_national unchanged",
    "hidden part: estimating from the lists of the agencies",
    "nowcast: asking how late cases came",
)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, home: Home) -> Callable[[BuildReport], tuple[bool, list[str]]]:
    def build(report: BuildReport, tag: str = "en") -> tuple[bool, list[str]]:
        def run(_home: Home, *, progress: Callable[[str], None]) -> BuildReport:
            for line in LINES:
                progress(line)
            return report

        monkeypatch.setattr(building, "build", run)
        told: list[str] = []
        return build_work.build(home, Words.load(tag), told.append), told

    return build


def test_each_step_of_a_build_is_told_once_and_no_line_of_its_own_words(
    built: Callable[[BuildReport], tuple[bool, list[str]]],
):
    passed, told = built(BuildReport(("landing",), awaiting=("four_ps_national/000002-0123456789ab",)))
    steps = ("landing", "warehouse", "protection", "gates", "releases")
    words = Words.load("en")
    assert passed
    assert told == [
        *(words.text(f"browser.build.step.{step}") for step in steps),
        words.text("browser.build.step.estimates"),
        words.text("browser.build.awaits", count=1),
    ]


def test_a_build_that_is_refused_says_why_and_an_error_without_words_names_its_step_alone(
    built: Callable[[BuildReport], tuple[bool, list[str]]],
):
    passed, told = built(BuildReport(("landing",), failed_steps={"protected": "ValueError: Zaid, 07701234567"}))
    assert not passed
    assert told[-1] == Words.load("en").text("browser.build.failed", step="protected")
    assert "Zaid" not in "".join(told)
    refused = BuildReport(
        ("landing",), refusals=[Refusal("home_empty", where="-")], failed_steps={"landing": "Refusal"}
    )
    passed, told = built(refused)
    assert not passed
    assert told[-1].startswith(Words.load("en").text("refusal.home_empty", where="-"))


def test_where_nothing_changed_it_says_so(built: Callable[[BuildReport], tuple[bool, list[str]]]):
    assert built(BuildReport(()))[1][-1] == Words.load("en").text("desk.nothing_changed")
    assert built(BuildReport(("landing",)))[1][-1] == Words.load("en").text("browser.build.ended")


@pytest.mark.parametrize("tag", languages())
def test_a_build_is_begun_once_though_the_button_is_pressed_twice_and_its_end_is_shown(
    home: Home, monkeypatch: pytest.MonkeyPatch, tag: str
):
    begun: list[tuple[str, ...]] = []
    running = FollowedWork(is_running=True, is_done=False, lines=("one",))
    states = iter([FollowedWork(is_running=False, is_done=False, lines=()), running, running])
    monkeypatch.setattr(followed_work, "begin", lambda *asked: begun.append(asked))
    amina, words = browser("amina", tag), Words.load(tag)
    with monkeypatch.context() as during:
        during.setattr(followed_work, "state", lambda *_: next(states))
        assert [amina.post("/build")["Location"] for _ in range(2)] == ["/build", "/build"]
        page = amina.get("/build").content.decode()
    assert words.text("browser.build.running") in page
    assert 'http-equiv="refresh"' in page
    assert ' action="/build"' not in page
    assert [asked[1:3] for asked in begun] == [("build", "marsad.answers.build_work")]
    assert [line["what"] for line in read_acts(home) if line["person"] == "amina"].count("desk build") == 1
    done = FollowedWork(is_running=False, is_done=True, lines=("first", "the end"))
    for state, said in ((done, "browser.task.acts"), (FollowedWork(False, False, ("why",)), "browser.build.stopped")):
        monkeypatch.setattr(followed_work, "state", lambda *_, state=state: state)
        page = amina.get("/build").content.decode()
        assert words.text(said) in page
        assert state.lines[-1] in page
        assert ' action="/build"' in page


@pytest.mark.parametrize("tag", languages())
def test_the_page_says_what_the_timers_did_and_when_they_do_it_next(monkeypatch: pytest.MonkeyPatch, tag: str):
    words = Words.load(tag)
    timed = [
        TimedWork("inbox", "2026-12-02 07:10", "done", "2026-12-02 07:20"),
        TimedWork("build", "", "unknown", ""),
    ]
    amina = browser("amina", tag)
    for work, said in ((timed, ("work.inbox", "outcome.done", "work.build", "never", "off")), ([], ("none",))):
        monkeypatch.setattr(timed_work, "list_timed_work", lambda work=work: work)
        page = html.unescape(amina.get("/build").content.decode())
        assert [key for key in said if words.text(f"browser.timed.{key}") not in page] == []
        assert (dates.written(words, "2026-12-02 07:20") in page) == bool(work)
        assert "2026-12-02" not in page


def test_who_prepares_nothing_computes_nothing():
    for person in ("karwan", "layla"):
        assert browser(person).get("/build").status_code == 404
        assert browser(person).post("/build").status_code == 404


@pytest.fixture
def ended(home: Home) -> Iterator[Callable[[], FollowedWork]]:
    def wait() -> FollowedWork:
        until = time.monotonic() + 300
        while (state := build_work.state(home)).is_running:
            assert time.monotonic() < until
            time.sleep(0.2)
        return state

    yield wait


def test_a_real_build_of_a_home_that_received_nothing_ends_with_its_refusal_on_the_page(
    home: Home, ended: Callable[[], FollowedWork]
):
    amina = browser("amina")
    amina.post("/build")
    state = ended()
    assert not state.is_done
    page = amina.get("/build").content
    assert says(page, "browser.build.stopped")
    assert says(page, "refusal.home_empty", where=str(home.root))


@pytest.mark.parametrize("tag", languages())
def test_who_saves_while_figures_are_computed_reads_so_and_no_place_of_the_machine(tag: str):
    held = Refusal("lock_held", where="/srv/home", holder="marsad build", pid=4711, since="2026-12-01T10:00")
    what, remedy = refusal_in_words(held, Words.load(tag))
    assert "/srv/home" not in what + remedy
    assert "4711" not in what + remedy
    assert what == Words.load(tag).text("browser.happened.lock_held")
