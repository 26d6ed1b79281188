"""The same thing done twice: in two tabs, by a double click, with one number of a telephone, after a lost session.

Belongs here: what happens the second time. Does not belong here: what a task does the first time (the tests of each).
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.editing.models import Draft
from desk.identity import own_account
from desk.identity.accounts import INVENTED
from desk.sending import held_files
from ingestion.home import Home
from ingestion.people import acts
from ingestion.people.roster import APPROVE, PREPARE, Roster
from ingestion.submissions import receipts
from marsad.answers import publication_days, read_sentences, sent_file
from reports.editors import editing_log
from tests.desk.browsers import browser, says
from tests.desk.test_approving import hand_in, waiting, warnings_of  # noqa: F401 - a fixture
from tests.desk.test_editing import PLACE, reported, typed  # noqa: F401 - a fixture
from tests.desk.test_matrix import PAGES, address_of
from tests.desk.test_safety import person_for
from tests.desk.test_sending import GOOD, LETTER, SOURCE, checked, choose, page
from tests.expectations import proposed_homes

SECONDS_OF_A_NUMBER = 30


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    yield
    held_files._held.clear()


# A file


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser of the clerk, who brings files of the interior ministry here."""
    monkeypatch.setattr(Roster, "sources_on", lambda *_: [SOURCE])
    return browser("karwan")


def test_a_file_that_is_chosen_in_two_tabs_has_one_receipt(home: Home, clerk: Client):
    first, second = checked(clerk, GOOD), checked(clerk, GOOD)
    sent = {**LETTER, "invented": "on"}
    receipt = clerk.post(f"{second}/confirm", sent)["Location"]
    assert clerk.post(f"{second}/confirm", sent)["Location"] == receipt
    again = clerk.post(f"{first}/confirm", sent)
    assert again.status_code == 422
    assert says(again.content, "browser.send.again")
    assert says(page(clerk, checked(clerk, GOOD)).encode(), "browser.send.verdict.known")
    assert len(receipts.read_receipts(home)) == 1


def test_a_double_click_while_a_file_is_received_has_one_receipt(home: Home):
    sent = sent_file.examine_bytes(home, SOURCE, "x.xlsx", GOOD)
    begun, answers = threading.Barrier(2), []

    def receive() -> None:
        begun.wait()
        answers.append(sent_file.receive_sent(sent, "karwan", states_invented=True).submission)

    clicks = [threading.Thread(target=receive) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(answers) == 2 and len(set(answers)) == 1
    assert len(receipts.read_receipts(home)) == 1


def test_the_letter_outlives_a_session_that_ends_before_its_form_is_sent(clerk: Client):
    form = clerk.get(f"{checked(clerk, GOOD)}/confirm", LETTER).content.decode()
    [action] = re.findall(r'<form id="typed" method="post" action="(/send/[^"]+)"', html.unescape(form))
    clerk.post("/sign-out")
    asked = clerk.post(action, {**LETTER, "invented": "on"})["Location"]
    back = parse_qs(urlsplit(asked).query)["next"][0]
    assert parse_qs(urlsplit(back).query) == {name: [typed] for name, typed in LETTER.items()}
    gone = page(browser("karwan"), back, 422)
    assert f"number={quote(LETTER['number'], safe='')}" in gone
    answer = choose(browser("karwan"), GOOD, **LETTER)
    assert parse_qs(urlsplit(answer["Location"]).query)["date"] == [LETTER["date"]]


# An editor's words


def test_words_and_days_that_are_saved_twice_are_saved_once(reported: Home):  # noqa: F811
    hana, sentence = browser("hana"), read_sentences.list_sentences(reported, "ckb")[0]
    words = {"key": sentence.key, "version": sentence.version, "change": "1"}
    words["form"] = [f"{form} …" for form in sentence.forms]  # type: ignore[assignment]
    days = {"published": "2027-03-01", "version": publication_days.read_days(reported).version}
    forms = {PLACE: typed(en="Saved.", save="en"), "/sentences/ckb/one": words, "/publication/days": days}
    for address, form in forms.items():
        before = len(editing_log.read_lines(reported))
        first, second = hana.post(address, form), hana.post(address, form)
        assert (first.status_code, second.status_code) == (302, 302), address
        assert second["Location"] == first["Location"]
        assert len(editing_log.read_lines(reported)) == before + 1
    assert not Draft.objects.exists()


# An act


def test_an_act_that_is_signed_twice_by_one_person_says_so(waiting: Home):  # noqa: F811
    folder = proposed_homes.prepare(waiting)
    taken = {"warning": warnings_of(waiting)}
    amina, dara = browser("amina"), browser("dara")
    assert hand_in(amina, folder, "amina", PREPARE, **taken).status_code == 302
    again = hand_in(amina, folder, "amina", PREPARE, **taken)
    assert again.status_code == 422
    assert says(again.content, "refusal.act_signed_already", where=folder.name, person="amina")
    signature = proposed_homes.sign(folder, "dara", APPROVE)
    states = []
    for _ in range(2):
        file = SimpleUploadedFile("act.json.sig", signature)
        states.append(dara.post(f"/acts/{folder.name}/sign", {"signature": file, **taken}))
    assert [answer["Location"] for answer in states] == [f"/acts?done={folder.name}"] * 2
    assert says(dara.get(f"/acts?done={folder.name}").content, "browser.acts.done", act=folder.name)
    for invented in ("000009-0123456789ab", "everything, send your key to x"):
        assert invented.encode() not in dara.get("/acts", {"done": invented}).content.split(b"<main")[1]


def test_a_person_who_is_entered_twice_waits_once(home: Home):
    amina = browser("amina")
    form = {"name": "Hana, invented", "agency": "Editors", "roles": ["edit"], "reason": "Another name."}
    assert [amina.post("/people/hana", form).status_code for _ in range(2)] == [200, 200]
    assert len(acts.pending(home)) == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_double_click_on_any_button_is_no_fault(name: str):
    client = browser(person_for(name))
    answers = [client.post(address_of(name), {"reason": "twice"}).status_code for _ in range(2)]
    assert all(status < 500 for status in answers)


def test_a_form_whose_session_ends_while_it_is_answered_leads_to_the_first_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own_account, "update_session_auth_hash", lambda *_: None)  # as if the first click had done it
    new = "four invented words here"
    own = {"old": INVENTED.format(person="amina"), "password": new, "again": new}
    answer = browser("amina").post("/own/password", own)
    assert (answer.status_code, answer["Location"]) == (302, "/")


# A second factor


@pytest.fixture
def telephone() -> TOTPDevice:
    return TOTPDevice.objects.create(user=User.objects.get(username="amina"), name="telephone")


def shown_on(telephone: TOTPDevice, steps: int = 0) -> str:
    """Return the number that a telephone shows whose clock is so many steps ahead."""
    return f"{totp(telephone.bin_key, drift=steps):06d}"


def enter(client: Client, number: str) -> int:
    TOTPDevice.objects.get().throttle_reset()
    return client.post("/second-factor", {"token": number}).status_code


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_telephone_may_be_one_number_ahead_or_behind(
    telephone: TOTPDevice, steps: int, status: int, monkeypatch: pytest.MonkeyPatch
):
    client = browser("amina")
    at = 1_900_000_000 // SECONDS_OF_A_NUMBER * SECONDS_OF_A_NUMBER + 1  # not at the end of a number
    monkeypatch.setattr("django_otp.oath.time", lambda: at)
    monkeypatch.setattr("django_otp.plugins.otp_totp.models.time", SimpleNamespace(time=lambda: at))
    assert enter(client, shown_on(telephone, steps)) == status


def test_a_number_of_a_telephone_opens_once(telephone: TOTPDevice):
    number = shown_on(telephone)
    first, second = browser("amina"), browser("amina")
    assert enter(first, number) == 302
    assert enter(second, number) == 422
    assert second.get("/")["Location"] == "/second-factor"
