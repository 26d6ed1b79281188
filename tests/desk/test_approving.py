"""Acts of two in a browser: seen by who signs, prepared, signed elsewhere, void when a byte changed."""

from __future__ import annotations

import datetime
import html
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ingestion.home import Home, json_bytes, sha256_of_bytes, write_bytes
from ingestion.people import acts
from ingestion.people.acts_log import read_acts
from ingestion.people.roster import APPROVE, PREPARE
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import acting, publication_days, report_work
from marsad.answers.followed_work import FollowedWork
from marsad.answers.report_work import NextReport
from tests.desk.browsers import browser, says
from tests.expectations import proposed_homes
from tests.expectations.proposed_homes import MadeOnce, published, sign

REPORT = Path("reports/2024-0123abcd")


@pytest.fixture
def waiting(made_once: MadeOnce, toy_protected: Path, home: Home) -> Home:
    shutil.rmtree(home.root)
    return proposed_homes.waiting_home(made_once, toy_protected, home.root)


def hand_in(client: Client, folder: Path, person: str, purpose: str, **fields: object):
    signature = SimpleUploadedFile("act.json.sig", sign(folder, person, purpose))
    return client.post(f"/acts/{folder.name}/sign", {"signature": signature, **fields})


def warnings_of(home: Home) -> list[str]:
    from marsad.answers import act_effects

    return act_effects.effects_of_proposal(home).warnings


def test_where_nothing_waits_the_page_says_so():
    assert says(browser("dara").get("/acts").content, "browser.acts.none")


@pytest.mark.parametrize("tag", languages())
def test_figures_are_prepared_by_one_and_published_by_the_signatures_of_two(waiting: Home, tag: str):
    amina, dara = browser("amina", tag), browser("dara", tag)
    assert b"four_ps_national" in browser("amina").get("/acts/certificates").content
    taken = {"warning": warnings_of(waiting)}
    assert amina.post("/acts/prepare", {"reason": "the figures of the year", **taken})["Location"] == "/acts"
    [folder] = acts.pending(waiting)
    file = amina.get(f"/acts/{folder.name}/act.json")
    assert file.content == (folder / acts.ACT).read_bytes()
    page = amina.get("/acts").content.decode()
    assert sha256_of_bytes(file.content) in page
    assert f"-n {PREPARE} act.json" in page
    assert f'dir="{"ltr" if tag == "en" else "rtl"}"' in page
    assert "act.json.sig" not in dara.get("/acts").content.decode()
    assert hand_in(amina, folder, "amina", PREPARE, **taken)["Location"] == "/acts"
    assert Words.load(tag).text("browser.acts.taken") in amina.get("/acts").content.decode()
    assert Words.load(tag).text("browser.acts.taken") not in dara.get("/acts").content.decode()
    assert published(waiting) == {}
    assert f"-n {APPROVE} act.json" in dara.get("/acts").content.decode()
    assert hand_in(dara, folder, "dara", APPROVE, **taken)["Location"] == f"/acts?done={folder.name}"
    assert published(waiting)
    assert folder.name in dara.get(f"/acts?done={folder.name}").content.decode()


def test_a_warning_that_was_not_marked_stops_it_and_the_reason_stays(waiting: Home, monkeypatch: pytest.MonkeyPatch):
    from marsad.answers import act_effects

    monkeypatch.setattr(act_effects, "_warnings", lambda *_: iter(["first: rule", "second: rule"]))
    amina = browser("amina")
    answer = amina.post("/acts/prepare", {"reason": "my own words", "warning": ["first: rule"]})
    assert answer.status_code == 422
    assert says(answer.content, "refusal.warnings_open", where="second: rule", count=1)
    assert 'value="my own words"' in answer.content.decode()
    assert acts.pending(waiting) == []
    folder = proposed_homes.prepare(waiting)
    assert hand_in(amina, folder, "amina", PREPARE).status_code == 422
    assert hand_in(amina, folder, "amina", PREPARE, warning=["first: rule", "second: rule"]).status_code == 302


@pytest.mark.parametrize("tag", languages())
def test_a_warning_is_a_sentence_in_the_language_of_the_page(waiting: Home, tag: str, monkeypatch: pytest.MonkeyPatch):
    from marsad.answers import act_effects

    warnings = {
        "four_ps_national: all_expected_bodies_reported": "rule.all_expected_bodies_reported",
        "four_ps_national: rows_kept, 2027-01-31": "rule.rows_kept",
        "four_ps_national: not_compared": "",
        "four_ps_national: card 0123456789ab -> ba9876543210": "",
    }
    monkeypatch.setattr(act_effects, "_warnings", lambda *_: iter([*warnings, "a: new kind of warning"]))
    page = html.unescape(browser("amina", tag).get("/acts").content.decode())
    words = Words.load(tag)
    for warning, key in warnings.items():
        sentence = act_effects.warning_in_words(warning, words)
        assert words.text("dataset.four_ps_national.title") in sentence
        assert not key or words.text(key) in sentence
        assert f'{sentence}</bdi> <bdi dir="ltr">[{warning}]' in page
    assert "2027-01-31" in page
    assert '<bdi></bdi> <bdi dir="ltr">[a: new kind of warning]' in page


def test_a_signature_of_somebody_else_no_signature_and_a_large_file_are_refused(waiting: Home):
    folder = proposed_homes.prepare(waiting)
    taken = {"warning": warnings_of(waiting)}
    amina = browser("amina")
    answer = hand_in(browser("dara"), folder, "amina", PREPARE, **taken)
    assert says(answer.content, "refusal.signature_brought", where=folder.name, person="dara", signer="amina")
    assert says(answer.content, "refusal.signature_brought.remedy")
    for content in (b"", b"a" * 10_001):
        answer = amina.post(f"/acts/{folder.name}/sign", {"signature": SimpleUploadedFile("x.sig", content), **taken})
        assert says(answer.content, "refusal.signature_missing", where="act.json.sig")
    assert amina.post(f"/acts/{folder.name}/sign", taken).status_code == 422
    assert hand_in(amina, folder, "dara", APPROVE, **taken).status_code == 422
    assert not list(folder.glob("*.sig"))


def test_a_changed_byte_voids_the_act_before_her_eyes_and_her_signature_is_not_taken(waiting: Home):
    folder = proposed_homes.prepare(waiting)
    taken = {"warning": warnings_of(waiting)}
    data = next(waiting.proposal.rglob("data.csv"))
    data.write_bytes(data.read_bytes().replace(b"2024", b"2023", 1))
    amina = browser("amina")
    page = amina.get("/acts").content
    assert says(page, "browser.acts.void")
    assert b'type="file"' not in page
    assert hand_in(amina, folder, "amina", PREPARE, **taken).status_code == 422
    assert not list(folder.glob("*.sig"))


def test_a_day_long_after_the_last_act_is_taken_once_she_says_that_the_clock_is_right(
    waiting: Home, monkeypatch: pytest.MonkeyPatch
):
    ahead = acting.today() + datetime.timedelta(days=401)
    monkeypatch.setattr(acting, "today", lambda: ahead)
    folder = proposed_homes.prepare(waiting)
    taken, amina = {"warning": warnings_of(waiting)}, browser("amina")
    assert b'name="clock"' not in amina.get("/acts").content
    answer = hand_in(amina, folder, "amina", PREPARE, **taken)
    assert answer.status_code == 422
    assert b'name="clock"' in answer.content
    assert not list(folder.glob("*.sig"))
    assert hand_in(amina, folder, "amina", PREPARE, **taken, clock="on")["Location"] == "/acts"
    assert list(folder.glob("*.sig"))


def test_an_act_that_another_one_replaced_is_not_signed(waiting: Home):
    folder = proposed_homes.prepare(waiting)
    signature = sign(folder, "amina", PREPARE)
    acting.prepare_publication(waiting, "amina", "another reason", {})
    answer = browser("amina").post(f"/acts/{folder.name}/sign", {"signature": SimpleUploadedFile("x.sig", signature)})
    assert answer.status_code == 422
    assert says(answer.content, "refusal.act_unknown", where=folder.name)


def test_the_pages_of_a_report_are_looked_at_in_a_sandbox_before_they_are_published(waiting: Home):
    proposed_homes.publish_signed(waiting)
    page = b"<p>front</p>"
    write_bytes(waiting.root / REPORT / "en/index.html", page)
    record = json_bytes({"files": {"en/index.html": sha256_of_bytes(page)}})
    facts = {"report": REPORT.name}
    folder = acting.prepare_file(
        waiting, "publish_report", "amina", "the report", REPORT / "published.json", record, facts
    )
    dara = browser("dara")
    assert f"/acts/{folder.name}/report/en/index.html" in dara.get("/acts").content.decode()
    answer = dara.get(f"/acts/{folder.name}/report/en/index.html")
    assert answer.content == page
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    for name in ("en/other.html", "../../people.yml", "published.json"):
        assert dara.get(f"/acts/{folder.name}/report/{name}").status_code in (404, 422)


def test_a_look_at_what_waits_is_a_line_of_the_log(waiting: Home):
    browser("karwan").get("/acts")
    last = read_acts(waiting)[-1]
    assert (last["kind"], last["person"], last["what"]) == ("looked", "karwan", "desk acts")


# The publication of the report


def test_days_are_saved_and_what_is_no_day_stays_in_the_form(home: Home):
    hana = browser("hana")
    version = publication_days.read_days(home).version
    form = {"published": "2026-06-30", "next_release": "2027-06-30", "embargo_until": "", "version": version}
    answer = hana.post("/publication/days", form | {"next_release": "soon"})
    assert answer.status_code == 422
    assert 'value="2026-06-30"' in answer.content.decode()
    assert hana.post("/publication/days", form)["Location"] == "/publication?saved"
    assert says(hana.get("/publication?saved").content, "browser.publication.saved")
    page = browser("dara").get("/publication").content.decode()
    assert "30 June 2026" in page
    assert "<input id" not in page
    days = publication_days.read_days(home)
    assert (days.published, days.next_release, days.embargo_until) == ("2026-06-30", "2027-06-30", "")
    older = form | {"published": "2026-07-01"}
    assert hana.post("/publication/days", older).status_code == 422  # of a page that is older than the file
    assert browser("dara").post("/publication/days", form).status_code == 404


def test_the_report_is_written_by_a_process_whose_end_the_page_tells(home: Home, monkeypatch: pytest.MonkeyPatch):
    begun: list[tuple[object, ...]] = []
    states = iter([FollowedWork(is_running=True, is_done=False, lines=("report: ar",))])
    done = FollowedWork(is_running=False, is_done=True, lines=())
    amina = browser("amina")

    def begin(*arguments: object, is_pre_release: bool) -> None:
        begun.append((*arguments, is_pre_release))

    with monkeypatch.context() as during:
        during.setattr(report_work, "begin", begin)
        form = {"reason": "the report of the year", "pre_release": "on"}
        assert amina.post("/publication/write", form)["Location"] == "/publication"
        during.setattr(report_work, "state", lambda _: next(states, done))
        page = amina.get("/publication").content
        assert says(page, "browser.publication.running")
        assert b"<li>report: ar</li>" in page
        assert b'http-equiv="refresh"' in page
        assert says(amina.get("/publication").content, "browser.publication.ready")
    assert [arguments[1:] for arguments in begun] == [("amina", "the report of the year", "en", True)]


def test_writing_a_report_names_the_act_that_it_would_give_up_and_asks_first(
    waiting: Home, monkeypatch: pytest.MonkeyPatch
):
    folder = proposed_homes.prepare(waiting)
    begun: list[str] = []
    monkeypatch.setattr(report_work, "begin", lambda *_, **__: begun.append("begun"))
    monkeypatch.setattr(report_work, "next_report", lambda _: NextReport("2024-0123abcd", is_published=False))
    hana, form = browser("hana"), {"reason": "the report of the year"}
    answer = hana.post("/publication/write", form)
    assert answer.status_code == 422
    kind = Words.load("en").text("browser.acts.kind.publish")
    assert says(answer.content, "browser.concern.act_waits", act=folder.name, person="amina", kind=kind)
    assert 'value="the report of the year"' in answer.content.decode()
    assert begun == []
    assert hana.post("/publication/write", form | {"taken": "act_waits"})["Location"] == "/publication"
    assert begun == ["begun"]


def test_figures_are_not_prepared_in_place_of_another_act_that_waits(waiting: Home):
    people = (waiting.root / "people.yml").read_bytes() + b"# another layout\n"
    folder = acting.prepare_file(waiting, "people", "amina", "another layout", Path("people.yml"), people, {})
    answer = browser("hana").post("/acts/prepare", {"reason": "the figures", "warning": warnings_of(waiting)})
    assert answer.status_code == 422
    assert says(answer.content, "browser.refused.act_waits")
    assert acts.pending(waiting) == [folder]


def test_an_act_that_is_void_is_prepared_anew_on_the_same_page(waiting: Home, monkeypatch: pytest.MonkeyPatch):
    folder = proposed_homes.prepare(waiting)
    with monkeypatch.context() as during:
        during.setattr(acting, "refuse_void", void)
        page = browser("amina").get("/acts").content
        assert says(page, "browser.acts.void")
        assert b'action="/acts/prepare"' in page
    assert b'action="/acts/prepare"' not in browser("amina").get("/acts").content
    assert acts.pending(waiting) == [folder]


def void(*_arguments: object) -> None:
    raise Refusal("act_of_before", where="-")


def test_a_report_that_is_published_is_not_written_again(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report_work, "next_report", lambda _: NextReport("2024-0123abcd", is_published=True))
    monkeypatch.setattr(report_work, "state", lambda _: FollowedWork(is_running=False, is_done=True, lines=("one",)))
    amina = browser("amina")
    page = amina.get("/publication").content
    assert not says(page, "browser.publication.ready")
    assert says(page, "browser.publication.published", number="2024-0123abcd")
    assert b"/publication/write" not in page
    answer = amina.post("/publication/write", {"reason": "once more"})
    assert says(answer.content, "refusal.report_published", where="2024-0123abcd")


def test_without_a_reason_no_report_is_written(home: Home):
    answer = browser("amina").post("/publication/write", {"reason": " "})
    assert answer.status_code == 422
    assert not report_work.state(home).lines


def test_a_report_that_cannot_be_written_says_why(
    home: Home, wait: Callable[[Callable[[], bool]], None], monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(Refusal, match="nothing_released"):
        report_work.begin(home, "amina", "the report of the year", "en")
    monkeypatch.setattr(report_work, "next_report", lambda _: NextReport("2024-0123abcd", is_published=False))
    report_work.begin(home, "amina", "the report of the year", "en")
    wait(lambda: not report_work.state(home).is_running)
    state = report_work.state(home)
    assert not state.is_done
    assert "released" in state.lines[-1]


@pytest.fixture
def wait() -> Callable[[Callable[[], bool]], None]:
    import time

    def wait_until(happened: Callable[[], bool]) -> None:
        until = time.monotonic() + 300
        while not happened():
            assert time.monotonic() < until
            time.sleep(0.2)

    return wait_until
