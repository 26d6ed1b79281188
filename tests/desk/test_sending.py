"""The clerk sends a file by pages alone: what is owed, what is wrong, her letter, her receipt."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import lxml.html
import openpyxl
import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from desk.configuration import LARGEST_REQUEST, LARGEST_UPLOAD
from desk.sending import held_files, unlocked_key
from ingestion.home import Home
from ingestion.people import founding
from ingestion.people.acts_log import read_acts
from ingestion.people.roster import Roster
from ingestion.sealing.age_keys import DEMO_PUBLIC, encrypt
from ingestion.submissions import receipts
from languages import dates
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import sent_file
from samples import invented_people
from tests.desk.browsers import browser
from tests.ingestion.workbooks import case, cases, xlsx

SOURCE, OTHERS = "iraq_interior_ministry", "iraq_judicial_council"
WORDS = Words.load("en")
NAME = "زينب كاظم الموسوي"
REFUSED = f"%PDF-1.4 {NAME}".encode()
GOOD = xlsx({"القضايا": cases(case(1), case(2))})
OTHER_ROWS = xlsx({"القضايا": cases(case(1, accused=5), case(3))})
MISTAKEN = xlsx({"القضايا": cases(case(1), case(2, date="قريبا"))})
ALL_WRONG = xlsx({"القضايا": cases(case(1, date="قريبا"))})
PEOPLE = Path(invented_people.__file__).with_name("people") / "people.yml"
LETTER = {"number": "77/ق", "date": "2025-03-01"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An invented home whose clerk brings files of the interior ministry."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    people = PEOPLE.read_bytes().replace(b"[kurdistan_interior_ministry]", f"[{SOURCE}]".encode())
    with home.open(invented=True).lock("test"):
        founding.found(home, people, PEOPLE)
    return home


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    yield
    held_files._held.clear()


@pytest.fixture
def clerk() -> Client:
    return browser("karwan")


def text(key: str, **arguments: object) -> str:
    return WORDS.text(key, **arguments)  # type: ignore[arg-type]


def choose(client: Client, data: bytes, name: str = "export.xlsx", source: str = SOURCE, **letter: str) -> HttpResponse:
    return client.post(f"/send/{source}/file", {"file": SimpleUploadedFile(name, data), **letter})  # type: ignore[return-value]


def checked(client: Client, data: bytes, name: str = "export.xlsx") -> str:
    """Choose a file, and return the address of its page."""
    answer = choose(client, data, name)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


# The whole way


def test_the_first_task_and_then_the_main_button_of_each_page_lead_to_the_receipt(home: Home):
    """Six presses, signing in the first of them, and the choice of a file; `docs/benchmarks.md` says so."""
    clerk, presses = browser("karwan"), 2  # to sign in, and the last
    content = page(clerk, "/")
    address = lxml.html.fromstring(content).xpath("//ul[@class='tasks']//a/@href")[0]
    while not address.startswith("/send/receipt/"):
        content, presses = page(clerk, address), presses + 1
        [main] = lxml.html.fromstring(content).xpath("//main//*[contains(@class, 'main')]")
        if main.tag == "a":
            address = main.get("href")
            continue
        [form] = main.iterancestors("form")
        fields = {**dict(form.form_values()), **LETTER, "invented": "on"}
        if form.xpath(".//input[@type='file']"):
            fields["file"] = SimpleUploadedFile("export.xlsx", GOOD)
        target = form.get("action") or address
        query = f"{target}?{urlencode(LETTER)}"
        address = query if form.method == "GET" else clerk.post(target, fields)["Location"]
    assert presses == 6


@pytest.mark.parametrize("tag", languages())
def test_a_clerk_goes_from_what_is_owed_to_her_receipt_in_each_language(home: Home, tag: str):
    clerk, words = browser("karwan", tag), Words.load(tag)
    first = page(clerk, "/send")
    assert words.text("browser.send.choose") in first
    assert f'href="/send/{SOURCE}/file"' in first
    assert dates.year(words, "2025") in first
    address = checked(clerk, GOOD, "فایل ١.xlsx")
    shown = page(clerk, address)
    assert words.text("browser.send.verdict.accepted") in shown
    assert 'name="number"' in shown
    confirmed = clerk.get(f"{address}/confirm", LETTER).content.decode()
    assert words.text("browser.send.replaces_nothing") in confirmed
    assert "77/ق" in confirmed
    answer = clerk.post(f"{address}/confirm", {**LETTER, "invented": "on"})
    receipt = receipts.read_receipts(home)[-1]
    assert answer["Location"] == f"/send/receipt/{receipt.submission}"
    assert (receipt.source, receipt.letter_number, receipt.letter_date) == (SOURCE, "77/ق", "2025-03-01")
    assert receipt.sha256 in page(clerk, answer["Location"])
    assert words.text("browser.send.next_nothing") in page(clerk, answer["Location"])
    year = dates.year(words, "2024")
    for text_of_page in (shown, confirmed, page(clerk, answer["Location"])):
        assert f"{words.text('browser.send.of_years')} {year}" in text_of_page
    printed = page(clerk, f"{answer['Location']}/print")
    assert words.text("receipt.title") in printed
    assert f'lang="{tag}"' in printed
    assert receipt.submission in page(clerk, "/send")
    assert read_acts(home)[-1]["what"] == f"desk send {SOURCE}"


@pytest.mark.parametrize("tag", languages())
def test_each_step_has_help_and_its_picture_is_there(tag: str):
    clerk, words = browser("karwan", tag), Words.load(tag)
    address = checked(clerk, MISTAKEN)
    pages = {"send": "/send", "choose": f"/send/{SOURCE}/file", "file": address, "confirm": f"{address}/confirm"}
    shown = {step: page(clerk, where) for step, where in pages.items()}
    shown["letter"] = shown["file"]
    assert [step for step, content in shown.items() if words.text(f"browser.help.{step}") not in content] == []
    pictures = {name for content in shown.values() for name in re.findall(r'src="/static/([^"]+png)"', content)}
    assert len(pictures) == 3
    assert [name for name in pictures if not finders.find(name)] == []


def test_the_task_stands_on_the_first_page_of_who_receives_only():
    assert 'href="/send"' in page(browser("karwan"), "/")
    assert 'href="/send"' not in page(browser("amina"), "/")


def test_a_receipt_is_handed_out_with_its_signature(clerk: Client):
    address = checked(clerk, GOOD)
    receipt = clerk.post(f"{address}/confirm", {"invented": "on"})["Location"]
    for kind, begins in (("page", b"<!doctype html>"), ("signature", b"-----BEGIN SSH SIGNATURE-----")):
        answer = clerk.get(f"{receipt}/{kind}")
        assert answer.content.startswith(begins)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"] == "no-store"
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page(clerk, f"{receipt}/print"))
    assert policy and "default-src" in policy[1]
    assert clerk.get(f"{receipt}/print")["Content-Security-Policy"] == "frame-ancestors 'none'"


def test_the_page_that_is_printed_after_sending_has_the_places_of_findings(clerk: Client):
    receipt = clerk.post(f"{checked(clerk, MISTAKEN)}/confirm", {"invented": "on"})["Location"]
    assert "C5" in page(clerk, f"{receipt}/print")
    held_files._held.clear()
    later = page(clerk, f"{receipt}/print")
    assert "C5" not in later and text("desk.quarantine") not in later


@pytest.mark.parametrize("tag", languages())
def test_a_file_of_which_no_row_is_accepted_is_sent_only_with_an_extra_yes(home: Home, tag: str):
    clerk, words = browser("karwan", tag), Words.load(tag)
    for data in (sent_file.template_file(home, SOURCE, words).data, ALL_WRONG):
        address = checked(clerk, data)
        shown = page(clerk, address)
        assert 'class="note"' in shown and 'class="done"' not in shown
        assert words.text("browser.send.verdict.nothing_landed") in shown
        confirmed = page(clerk, f"{address}/confirm")
        assert 'name="nothing" required' in confirmed
        before = len(receipts.read_receipts(home))
        answer = clerk.post(f"{address}/confirm", {"invented": "on"})
        assert answer.status_code == 422
        assert words.text("refusal.desk_nothing_landed") in answer.content.decode()
        assert len(receipts.read_receipts(home)) == before
        receipt = clerk.post(f"{address}/confirm", {"invented": "on", "nothing": "on"})["Location"]
        assert words.text("browser.send.next_nothing_landed") in page(clerk, receipt)
        assert words.text("browser.send.next_nothing") not in page(clerk, receipt).splitlines()


# What is wrong


def test_what_is_wrong_stands_with_cell_and_remedy(clerk: Client, home: Home):
    shown = page(clerk, checked(clerk, MISTAKEN))
    finding = next(f for f in sent_file.examine_bytes(home, SOURCE, "x.xlsx", MISTAKEN).receipt.findings if f.cell)
    assert finding.cell in shown
    assert f"{text('browser.send.example')}:</span> <bdi>{finding.expected}</bdi>" in shown
    assert text("browser.send.count", count=1) in shown


def test_the_workbook_of_another_agency_is_named_so(clerk: Client, home: Home):
    shown = page(clerk, checked(clerk, sent_file.template_file(home, OTHERS, WORDS).data))
    assert text("finding.template_of_another") in shown
    assert text("finding.sheet_missing.remedy") not in shown


def test_findings_with_one_effect_stand_under_one_heading(clerk: Client):
    wrong = cases(case(1), case(2, date="قريبا"), case(3, accused=-4))
    shown = page(clerk, checked(clerk, xlsx({"القضايا": wrong})))
    headings = re.findall("<h3>(.*?)</h3>", shown)
    assert text("browser.send.effect.quarantine") in headings
    assert len(headings) == len(set(headings))


def test_a_refused_file_cannot_be_sent_and_nothing_of_it_is_shown(clerk: Client, home: Home):
    address = checked(clerk, REFUSED)
    shown = page(clerk, address)
    assert text("browser.send.verdict.refused") in shown
    assert NAME.split()[1] not in shown
    assert 'name="number"' not in shown
    answer = clerk.post(f"{address}/confirm", {"invented": "on", "replace": "on"})
    assert answer.status_code == 422
    assert receipts.read_receipts(home) == []


def test_she_takes_her_workbook_back_marked_and_the_template(clerk: Client):
    address = checked(clerk, MISTAKEN)
    marked = clerk.get(f"{address}/marked")
    assert "export-marked.xlsx" in marked["Content-Disposition"]
    assert len(openpyxl.load_workbook(io.BytesIO(marked.content)).sheetnames) == 2
    template = clerk.get(f"/send/{SOURCE}/template")
    assert len(openpyxl.load_workbook(io.BytesIO(template.content)).sheetnames) > 2


def test_what_is_no_workbook_is_answered_too(clerk: Client):
    for name, data in (("x.pdf", b"%PDF-1.4"), ("x.csv", b"a;b\n"), ("x", b"\x00"), ("x.xlsx", b"PK\x03\x04")):
        shown = page(clerk, checked(clerk, data, name))
        assert text("browser.send.verdict.refused") in shown


# Replacing, twice, again


def test_rows_that_count_are_replaced_only_once_she_agreed(clerk: Client, home: Home):
    clerk.post(f"{checked(clerk, GOOD)}/confirm", {"invented": "on"})
    address = checked(clerk, OTHER_ROWS)
    shown = page(clerk, f"{address}/confirm")
    assert text("browser.send.changes") in shown
    assert 'name="replace"' in shown
    letter = LETTER | {"date": receipts.read_receipts(home)[0].received_at}
    answer = clerk.post(f"{address}/confirm", {**letter, "invented": "on"})
    assert answer.status_code == 422
    assert "77/ق" in answer.content.decode()
    assert len(receipts.read_receipts(home)) == 1
    assert clerk.post(f"{address}/confirm", {"invented": "on", "replace": "on"}).status_code == 302
    assert len(receipts.read_receipts(home)) == 2


def test_a_button_pressed_twice_gives_one_receipt(clerk: Client, home: Home):
    address = checked(clerk, GOOD)
    first, second = (clerk.post(f"{address}/confirm", {"invented": "on"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert len(receipts.read_receipts(home)) == 1


def test_a_file_that_came_before_leads_to_its_receipt(clerk: Client):
    receipt = clerk.post(f"{checked(clerk, GOOD)}/confirm", {"invented": "on"})["Location"]
    shown = page(clerk, checked(clerk, GOOD))
    assert text("browser.send.verdict.known") in shown
    assert receipt in shown


def test_a_home_of_invented_files_asks_that_the_file_is_invented(clerk: Client, home: Home):
    address = checked(clerk, GOOD)
    assert 'name="invented"' in page(clerk, f"{address}/confirm")
    assert clerk.post(f"{address}/confirm", LETTER).status_code == 422
    assert receipts.read_receipts(home) == []


# What stays and what does not


def test_number_and_date_stay_after_an_error(clerk: Client):
    address = checked(clerk, GOOD)
    answer = clerk.get(f"{address}/confirm", {"number": "77/ق", "date": "2999-01-01"})
    assert answer.status_code == 422
    assert "77/ق" in answer.content.decode() and "2999-01-01" in answer.content.decode()


def test_half_a_letter_is_refused_and_a_letter_that_came_before_is_named(clerk: Client, home: Home):
    address = checked(clerk, GOOD)
    for half in ({"number": "77/ق"}, {"date": "2025-03-01"}):
        answer = clerk.get(f"{address}/confirm", half)
        assert answer.status_code == 422
        assert text("refusal.letter_half") in answer.content.decode()
        assert next(iter(half.values())) in answer.content.decode()
    assert text("browser.send.letter.earlier", number=1) not in clerk.get(f"{address}/confirm", LETTER).content.decode()
    receipt = clerk.post(f"{address}/confirm", {**LETTER, "invented": "on"})["Location"]
    shown = page(clerk, receipt)
    assert "77/ق" in shown and dates.day(WORDS, "2025-03-01") in shown
    address = checked(clerk, OTHER_ROWS)
    assert text("browser.send.letter.earlier", number=1) in clerk.get(f"{address}/confirm", LETTER).content.decode()


def test_number_and_date_outlive_the_session_and_the_file_does_not(clerk: Client):
    address = checked(clerk, GOOD)
    clerk.post("/sign-out")
    answer = clerk.get(f"{address}/confirm", LETTER)
    asked = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    assert parse_qs(urlsplit(asked).query) == {name: [typed] for name, typed in LETTER.items()}
    back = browser("karwan")
    gone = page(back, asked, 422)
    assert text("browser.send.again") in gone
    link = re.search(rf'href="(/send/{SOURCE}/file\?[^"]+)"', gone)
    assert link
    form = page(back, link[1].replace("&amp;", "&"))
    assert 'value="77/ق"' in form
    answer = choose(back, GOOD, **LETTER)
    assert parse_qs(urlsplit(answer["Location"]).query) == {name: [typed] for name, typed in LETTER.items()}


def test_a_file_goes_after_its_time_with_its_session_and_with_the_next_one(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
):
    first = checked(clerk, GOOD)
    second = checked(clerk, MISTAKEN)
    page(clerk, first, 422)
    page(clerk, second)
    clerk.post("/sign-out")
    assert held_files._held == {}
    again = browser("karwan")
    third = checked(again, GOOD)
    now = held_files.time.monotonic()
    monkeypatch.setattr(held_files.time, "monotonic", lambda: now + held_files.SECONDS + 1)
    page(again, third, 422)
    assert held_files._held == {}


def test_nobody_else_sees_a_file(clerk: Client):
    address = checked(clerk, GOOD)
    page(browser("karwan"), address, 422)  # another session of hers
    for person in ("amina", "dara", "hana", "layla"):
        page(browser(person), address, 404)


def test_four_files_are_held_and_two_checked_at_a_time(clerk: Client, home: Home, monkeypatch: pytest.MonkeyPatch):
    sent = sent_file.examine_bytes(home, SOURCE, "x.xlsx", GOOD)
    for number in range(held_files.MOST_FILES):
        held_files.hold(f"s{number}", f"person{number}", sent)
    answer = choose(clerk, GOOD)
    assert answer.status_code == 422
    assert text("refusal.desk_full") in answer.content.decode()
    held_files._held.clear()
    monkeypatch.setattr(held_files, "_SECONDS_OF_PATIENCE", 0.01)
    with held_files.checking(), held_files.checking():
        assert text("refusal.desk_busy") in choose(clerk, GOOD).content.decode()
    assert choose(clerk, GOOD).status_code == 302


# Whose files


@pytest.mark.parametrize("way", ["file", "template"])
def test_another_agency_has_no_page_for_her(clerk: Client, way: str):
    page(clerk, f"/send/{OTHERS}/{way}", 404)
    assert choose(clerk, GOOD, source=OTHERS).status_code == 404
    assert choose(clerk, GOOD, source="nowhere").status_code == 404


def test_another_agencys_receipt_is_not_there(clerk: Client, home: Home, monkeypatch: pytest.MonkeyPatch):
    sent = sent_file.examine_bytes(home, SOURCE, "x.xlsx", GOOD)
    receipt = sent_file.receive_sent(sent, "karwan", states_invented=True)
    for end in ("", "/print", "/page", "/signature"):
        page(clerk, f"/send/receipt/{receipt.submission}{end}")
    monkeypatch.setattr(Roster, "sources_on", lambda *_: [OTHERS])
    for end in ("", "/print", "/page", "/signature"):
        answer = clerk.get(f"/send/receipt/{receipt.submission}{end}")
        assert answer.status_code in (404, 422) and receipt.sha256 not in answer.content.decode()


def test_who_brings_no_files_is_told_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Roster, "sources_on", lambda *_: [])
    assert text("browser.send.no_agency") in page(browser("karwan"), "/send")


# Uploads


def test_no_file_and_one_above_the_limit_are_answered_in_words(clerk: Client):
    answer = clerk.post(f"/send/{SOURCE}/file", LETTER)
    assert answer.status_code == 422
    assert text("refusal.desk_no_file") in answer.content.decode()
    assert 'value="77/ق"' in answer.content.decode()
    for size in (LARGEST_UPLOAD + 1, LARGEST_REQUEST + 1):
        answer = choose(clerk, bytes(size), **LETTER)
        assert answer.status_code == 422
        assert text("refusal.desk_too_large", limit=25) in answer.content.decode()


def test_a_file_as_large_as_may_be_is_read(clerk: Client):
    data = b"a;b\n" + bytes(LARGEST_UPLOAD - 4)
    assert text("browser.send.verdict.refused") in page(clerk, checked(clerk, data, "x.csv"))


def test_a_sealed_file_is_opened_with_the_key_of_the_desk(clerk: Client):
    shown = page(clerk, checked(clerk, encrypt(MISTAKEN, [DEMO_PUBLIC]), "x.xlsx.age"))
    assert text("browser.send.verdict.accepted") in shown
    assert "/copy/" not in shown


def test_a_real_home_opens_sealed_files_only_once_somebody_unlocked_its_key(tmp_path: Path):
    from tests.ingestion.sealing.pairs import PASSPHRASE, give_pair

    real = Home(tmp_path / "real").open()
    assert unlocked_key.unlock(real, lambda: PASSPHRASE)
    assert unlocked_key.unlocked_key(real) is None
    give_pair(real)
    assert not unlocked_key.unlock(real, lambda: "")
    assert unlocked_key.unlocked_key(real) is None
    with pytest.raises(Refusal, match="sealing_passphrase_wrong"):
        unlocked_key.unlock(real, lambda: "wrong")
    assert unlocked_key.unlock(real, lambda: PASSPHRASE)
    assert unlocked_key.unlock(real, lambda: "") is False


def test_a_typed_text_and_the_name_of_a_file_are_never_a_tag(clerk: Client):
    evil = '"><script>alert(1)</script>'
    address = checked(clerk, GOOD, f"{evil}.xlsx")
    assert "<script>alert" not in page(clerk, address)
    answer = clerk.get(f"{address}/confirm", {"number": evil, "date": evil})
    assert "<script>alert" not in answer.content.decode()


def test_every_page_of_the_task_answers_who_receives_only():
    from desk.identity import access

    ours = [pattern for pattern in get_resolver().url_patterns if str(pattern.pattern).startswith("send")]
    assert len(ours) >= 9
    for pattern in ours:
        assert access.roles_of(pattern.callback) == {"receive"}
