"""Each task of the desk, walked by the person whose task it is, from her first page to its end, in each language."""

from __future__ import annotations

import base64
import datetime
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from django_otp.oath import totp
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Browser

from desk.identity.accounts import INVENTED
from ingestion.home import Home
from ingestion.people import acts
from ingestion.people.acts_log import read_acts
from ingestion.people.roster import APPROVE, PREPARE
from ingestion.submissions import receipts
from languages.words import languages
from marsad.answers import acting
from samples import invented_people
from tests.desk.journeys.conftest import Desk
from tests.desk.journeys.walking import Walk, walking
from tests.desk.served import served
from tests.expectations import proposed_homes
from tests.expectations.proposed_homes import MadeOnce

pytestmark = pytest.mark.whole_home
SENDER, DATASET = "kurdistan_interior_ministry", "four_ps_national"
FIRST_ROW = 5
MARKER = "qxzmarkerqxz"


def workbook(home: Home, change: Callable[[Worksheet], object]) -> bytes:
    """Return the sender's last file, changed."""
    sent = openpyxl.load_workbook(home.inbox / SENDER / "kurdistan_2025.xlsx")
    change(sent.worksheets[0])
    stored = io.BytesIO()
    sent.save(stored)
    return stored.getvalue()


def with_mistakes(sheet: Worksheet) -> None:
    for cell, typed in {"D5": "31/31/2025", "D6": "?"}.items():
        sheet[cell] = typed


def sign(walk: Walk, person: str, purpose: str, picture: str = "") -> None:
    """Sign the act that waits on a machine of one's own, and bring the signature back."""
    content = walk.take(walk.named("browser.acts.take_file"))
    walk.mark("warning")
    walk.look(picture, begins="browser.acts.yours")
    walk.bring("act.json.sig", invented_people.signature_of(person, content, purpose), field="signature")
    walk.press("browser.acts.sign")


# The clerk


def test_a_clerk_sends_the_file_that_her_agency_owes(walk: Walk, desk: Desk, tag: str):
    walk.sign_in("karwan")
    walk.press("browser.task.send")
    walk.look("clerk_owed")
    walk.press("browser.send.choose")
    walk.look("clerk_choose")
    walk.bring("kurdistan.xlsx", workbook(desk.home, with_mistakes))
    walk.press("browser.send.check")
    walk.look("clerk_wrong")
    marked = openpyxl.load_workbook(io.BytesIO(walk.take(walk.named("browser.send.marked"))))
    assert len(marked.sheetnames) == 2
    walk.press("browser.send.another")
    row = FIRST_ROW + languages().index(tag)
    walk.bring("kurdistan.xlsx", workbook(desk.home, lambda sheet: sheet.delete_rows(row)))
    walk.press("browser.send.check")
    assert walk.says("browser.send.verdict.accepted")
    walk.look()
    number = f"{row}/ق"  # each letter has its own: one that was used is asked about
    walk.fill(number=number, date="2026-11-30")
    walk.press("browser.go_on")
    walk.mark("replace", "invented")
    walk.look("clerk_confirm")
    walk.press("browser.send.now")
    receipt = receipts.read_receipts(desk.home)[-1]
    assert (receipt.source, receipt.letter_number, receipt.letter_date) == (SENDER, number, "2026-11-30")
    assert walk.says("browser.send.received", number=receipt.n)
    walk.look("clerk_receipt")
    walk.press("browser.send.print")
    assert walk.text("receipt.title") in walk.page.locator("h1").inner_text()
    walk.look()


def test_of_a_file_that_is_not_sent_nothing_stays(walk: Walk, desk: Desk):
    walk.sign_in("karwan")
    walk.go(f"/send/{SENDER}/file")
    data = workbook(desk.home, lambda sheet: sheet.cell(FIRST_ROW, 9, f"{MARKER} 07701234567"))
    walk.bring(f"{MARKER}.xlsx", data)
    walk.press("browser.send.check")
    assert walk.says("browser.send.verdict.accepted")
    walk.look()
    walk.sign_out()
    for folder in (desk.temporary, desk.home.root):
        holders = [path for path in folder.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()]
        assert holders == []


# The officer


def test_an_officer_writes_to_who_owes_and_follows_a_printed_number_to_its_files(walk: Walk, desk: Desk):
    walk.sign_in("amina")
    walk.press("browser.task.owed")
    walk.look("officer_owed")
    walk.follow("/owed/")
    walk.look()
    walk.press("browser.owed.letter")
    walk.look("officer_letter")
    walk.go("/figures")
    walk.look()
    walk.follow(f"/figures/{DATASET}")
    walk.look()
    walk.follow(f"/figures/{DATASET}/")
    walk.look()
    walk.follow(f"/figures/{DATASET}/")
    walk.look()
    walk.follow(f"/figures/{DATASET}/way-back")
    walk.look("officer_way_back")
    assert read_acts(desk.home)[-1]["person"] == "amina"
    walk.go("/figures")
    walk.follow(f"/figures/{DATASET}/changes")
    walk.look("officer_changes")
    walk.follow(f"/figures/{DATASET}/changes/")
    walk.look()


# The editor


def test_an_editor_changes_a_text_sees_its_page_and_reads_sentences(walk: Walk, desk: Desk, tag: str):
    walk.sign_in("hana")
    walk.press("browser.task.edit")
    walk.look()
    walk.follow("/edit?page=")
    walk.look()
    walk.follow("/edit/")
    written = walk.text("notes.invented")
    walk.fill(**{tag: written})
    walk.look("editor_text")
    walk.page.locator(f'button[name=preview][value="{tag}"]').click()
    walk.page.frame_locator("iframe").get_by_text(written).first.wait_for()
    walk.look("editor_preview", begins="browser.texts.preview")
    walk.page.locator(f'button[name=save][value="{tag}"]').click()
    assert walk.says("browser.texts.saved")
    walk.look()
    read = tag if tag != "en" else "ar"
    walk.go(f"/sentences/{read}")
    walk.look()
    walk.follow(f"/sentences/{read}/one")
    walk.look("editor_sentence")
    first = walk.page.url
    walk.press("browser.sentences.approve")
    assert walk.page.url != first
    walk.go("/checklist")
    walk.look()
    walk.press("browser.publication")
    walk.look()


# The approver


@pytest.fixture
def waiting(made_once: MadeOnce, toy_protected: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk of a home where figures are prepared and signed by one."""
    home = proposed_homes.waiting_home(made_once, toy_protected, tmp_path / "home")
    folder = proposed_homes.prepare(home)
    acting.take_signature(home, folder, proposed_homes.sign(folder, "amina", PREPARE))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with served(home, folder=temporary) as port:
        yield Desk(home, port, temporary)


def test_an_approver_signs_on_her_own_machine_and_figures_are_published(waiting: Desk, browser: Browser, tag: str):
    with walking(browser, waiting.port, tag) as walk:
        walk.sign_in("dara")
        walk.press("browser.task.acts")
        walk.look("approver_act")
        if tag in ("en", "ar"):  # certificates are written in these two
            walk.follow("/acts/certificates")
            walk.look()
            walk.follow("/acts")
        sign(walk, "dara", APPROVE, "approver_sign")
        assert proposed_homes.published(waiting.home)
        walk.look()


# The administrator


def test_an_administrator_changes_a_person_by_an_act_of_two_and_helps_her_sign_in(walk: Walk, desk: Desk, tag: str):
    walk.sign_in("amina")
    walk.press("browser.task.people")
    walk.look()
    walk.follow("/people/hana")
    walk.fill(agency=f"Editors, {tag}", reason="Hana works elsewhere now.")
    walk.look("administrator_person")
    walk.press("browser.prepare")
    walk.look()
    walk.press("browser.prepared.sign")
    walk.look()
    sign(walk, "amina", PREPARE)
    walk.sign_out()
    walk.sign_in("layla")
    walk.press("browser.task.acts")
    sign(walk, "layla", APPROVE)
    assert acts.read_people(desk.home).people["hana"].agency == f"Editors, {tag}"
    walk.go("/accounts")
    walk.look()
    walk.page.locator('[formaction="/accounts/hana/password"]').click()
    password = walk.page.locator("main code").inner_text()
    walk.look()
    walk.sign_out()

    walk.sign_in("hana", password)
    own = INVENTED.format(person="hana")
    walk.fill(password=own, again=own)
    walk.press("browser.own_password.change")
    walk.press("browser.own_factor")
    walk.look()
    key = base64.b32decode(walk.page.locator("main code").inner_text())
    walk.fill(token=f"{totp(key):06d}", password=own)
    walk.press("browser.go_on")
    walk.sign_out()
    walk.sign_in("hana")
    walk.fill(token=f"{totp(key, drift=1):06d}")
    walk.press("browser.go_on")
    walk.look()
    walk.sign_out()

    walk.sign_in("layla")
    walk.press("browser.task.accounts")
    for asked in ("second-factor", "sessions"):
        walk.page.locator(f'[formaction="/accounts/hana/{asked}"]').click()
        walk.look()
        walk.press("browser.accounts.sure")
        assert walk.says(f"browser.accounts.done.{asked}", person=acts.read_people(desk.home).people["hana"].name)
    walk.go(f"/log?person=layla&day={datetime.date.today().isoformat()}")
    walk.look("administrator_log")
    assert walk.says("browser.log.what.sessions", what="hana")
