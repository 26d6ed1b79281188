"""What is typed into a page outlives its language buttons: every form of the desk, whichever there are.

Belongs here: the form of each template, filled in and shown in another language; what is asked before a page is left.
Does not belong here: a session that has ended (`test_lost_session.py`), what a form does (the tests of each task).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from lxml.html import HtmlElement

import desk
from desk.pages import typed_forms
from desk.sending import held_files
from ingestion.home import Home
from ingestion.people import acts
from ingestion.people.roster import Roster, roster_path
from ingestion.submissions import receipts
from languages.words import Words, languages
from marsad.answers import publication_days, read_sentences, report_work
from marsad.answers.report_work import NextReport
from tests.desk.browsers import browser
from tests.desk.test_approving import waiting  # noqa: F401 - a fixture
from tests.desk.test_editing import PLACE, reported  # noqa: F401 - a fixture
from tests.desk.test_lost_session import sign_in, strict
from tests.desk.test_matrix import PAGES, address_of
from tests.desk.test_safety import person_for
from tests.desk.test_sending import GOOD, LETTER, SOURCE, checked

TEMPLATES = Path(desk.__file__).parent / "templates"
TYPED = "Words of <hers> & \"more\"; كلمات 'أخرى'"
DAY = "2027-03-01"
Opened = tuple[Client, str]


def _of(person: str, address: str) -> Callable[..., Opened]:
    return lambda _: (browser(person), address)


def _file(request: pytest.FixtureRequest) -> Opened:
    clerk = request.getfixturevalue("clerk")
    return clerk, checked(clerk, GOOD)


def _confirm(request: pytest.FixtureRequest) -> Opened:
    clerk = request.getfixturevalue("clerk")
    return clerk, f"{checked(clerk, GOOD)}/confirm?number={LETTER['number']}&date={LETTER['date']}"


def _text(request: pytest.FixtureRequest) -> Opened:
    request.getfixturevalue("reported")
    return browser("hana"), PLACE


def _sentence(request: pytest.FixtureRequest) -> Opened:
    sentence = read_sentences.list_sentences(request.getfixturevalue("reported"), "ckb")[0]
    return browser("hana"), f"/sentences/ckb/one?key={sentence.key}"


def _publication(request: pytest.FixtureRequest) -> Opened:
    request.getfixturevalue("reported")
    return browser("amina"), "/publication"


def _prepare(request: pytest.FixtureRequest) -> Opened:
    request.getfixturevalue("waiting")
    return browser("amina"), "/acts"


def _second_factor(_: pytest.FixtureRequest) -> Opened:
    TOTPDevice.objects.create(user=User.objects.get(username="amina"), name="telephone")
    return browser("amina"), "/second-factor"


OPENED: dict[str, Callable[[pytest.FixtureRequest], Opened]] = {
    "acts.html": _prepare,
    "log.html": _of("layla", "/log"),
    "own_password.html": _of("hana", "/own/password"),
    "own_second_factor.html": _of("hana", "/own/second-factor"),
    "person.html": _of("amina", "/people/hana"),
    "publication.html": _publication,
    "second_factor.html": _second_factor,
    "send_confirm.html": _confirm,
    "send_file.html": _file,
    "sentence.html": _sentence,
    "sign_in.html": _of("", "/sign-in"),
    "text.html": _text,
}
"""Template with a form in which something is typed -> who sees it, and where."""


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    yield
    held_files._held.clear()
    typed_forms._held.clear()


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(Roster, "sources_on", lambda *_: [SOURCE])
    return browser("karwan")


@pytest.fixture(autouse=True)
def _a_report_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_work, "next_report", lambda *_: NextReport("a68c1347-2025", is_published=False))


def form_of(page: bytes) -> HtmlElement:
    return lxml.html.fromstring(page).get_element_by_id("typed")


def fill_in(form: HtmlElement) -> list[tuple[str, str]]:
    """Type into each field, mark each box, choose the last of each list, and return what is sent."""
    for field in form.iter("input", "textarea", "select"):
        kind = field.get("type", "text") if field.tag == "input" else field.tag
        if kind == "select":
            field.value = field.value_options[-1]
        elif kind == "textarea":
            field.text = TYPED
        elif kind in ("checkbox", "radio"):
            for other in form.iter("input") if kind == "radio" else ():
                if other.get("name") == field.get("name"):
                    other.attrib.pop("checked", None)
            field.set("checked", "")
        elif kind not in ("hidden", "submit"):
            field.set("value", DAY if kind == "date" else TYPED)
    return form.form_values()


def kept(sent: list[tuple[str, str]], form: HtmlElement) -> list[tuple[str, str]]:
    """Return what of it a page may give back: no password, and no mark that each page makes anew."""
    never = {"csrfmiddlewaretoken", typed_forms.FIELD}
    never |= {field.get("name") for field in form.iter("input") if field.get("type") == "password"}
    return [(name, value.strip()) for name, value in sent if name not in never]


def language_buttons(page: bytes) -> list[HtmlElement]:
    return [button for button in lxml.html.fromstring(page).iter("button") if button.get("name") == "language"]


def in_another_language(client: Client, page: bytes, sent: list[tuple[str, str]], tag: str) -> bytes:
    """Press the button of a language as a browser does."""
    [button] = [button for button in language_buttons(page) if button.get("value") == tag]
    assert (button.get("form"), button.get("formmethod")) == ("typed", "post")
    fields: dict[str, list[str]] = {}
    for name, value in [*sent, ("language", tag)]:
        fields.setdefault(name, []).append(value)
    answer = client.post(button.get("formaction"), fields)
    assert answer.status_code == 200, answer
    return answer.content


@pytest.mark.parametrize("template", OPENED)
def test_a_language_button_throws_nothing_away_that_was_typed(template: str, request: pytest.FixtureRequest):
    client, address = OPENED[template](request)
    page = client.get(address).content
    form = form_of(page)
    sent = fill_in(form)
    for tag in languages()[1:]:
        shown = in_another_language(client, page, sent, tag)
        assert f'lang="{tag}"' in shown.decode()
        assert kept(form_of(shown).form_values(), form) == kept(sent, form)
        assert TYPED not in shown.decode()  # it is a value, and no part of the page
        page = shown


def test_what_no_page_shows_is_no_fault_in_another_language_either():
    form = {"language": "ar", "name": "a\x00b\x1b[31m\u202e\ufffe", "reason": "\U0001f600"}
    answer = browser("amina").post("/people/new", form)
    assert answer.status_code == 200
    assert 'value="a\ufffdb\ufffd[31m\ufffd\ufffd"' in answer.content.decode()
    assert "\U0001f600" in answer.content.decode()


def test_every_form_in_which_something_is_typed_is_the_one_of_its_page_and_is_tested_here():
    """A new form fails here until its template names it and `OPENED` opens it."""
    named: set[str] = set()
    for path in TEMPLATES.iterdir():
        page, inner = path.read_text(encoding="utf-8"), 0
        for opening, fields in re.findall(r"(<form[^>]*>)(.*?)</form>", page, re.DOTALL):
            kinds = {match or "text" for match in re.findall(r'<input(?:[^>]*?type="(\w+)")?', fields)} - {"hidden"}
            if "file" in kinds or not (kinds or re.search("<textarea|<select", fields)):
                continue
            inner += 1
            assert 'id="typed"' in opening, f"{path.name}: a form that a language button forgets"
        assert inner <= 1, f"{path.name}: a button sends one form"
        if inner:
            assert "{% block form %}" in page, path.name
            named.add(path.name)
    assert named == set(OPENED)


@pytest.mark.parametrize("name", PAGES)
def test_a_language_button_does_nothing_but_show_the_page_in_that_language(name: str, home: Home):
    client = browser(person_for(name))
    before = len(receipts.read_receipts(home)), len(acts.pending(home)), roster_path(home).read_bytes()
    form = {"language": "ckb", "sure": "yes", "reason": "x", "name": "x", "agency": "x", "roles": "edit"}
    assert client.post(address_of(name), form).status_code < 500
    assert (len(receipts.read_receipts(home)), len(acts.pending(home)), roster_path(home).read_bytes()) == before
    assert client.cookies["language"].value == "ckb"
    if person_for(name):
        assert client.get("/").status_code == 200


def test_an_address_that_takes_forms_alone_leads_to_the_first_page():
    answer = browser("amina").get("/publication/days")
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_page_that_is_not_there_says_so_in_the_language_that_is_chosen():
    page = browser("amina").get("/nowhere").content
    assert {button.get("formaction") for button in language_buttons(page)} == {"/nowhere"}
    answer = browser("amina").post("/nowhere", {"language": "ckb"})
    assert answer.status_code == 404
    assert 'lang="ckb"' in answer.content.decode()


def test_a_password_that_is_shown_once_is_not_lost_by_a_language_button():
    assert language_buttons(browser("layla").post("/accounts/hana/password").content) == []


def test_a_telephone_reads_the_same_picture_in_another_language():
    hana = browser("hana")
    page = hana.get("/own/second-factor").content
    shown = in_another_language(hana, page, [], "ar")
    shown_as = r'<code dir="ltr">(.+?)</code>'
    assert re.findall(shown_as, shown.decode()) == re.findall(shown_as, page.decode())


def test_what_was_typed_when_a_session_had_ended_and_a_language_button_was_pressed_is_filled_in_again(
    reported: Home,  # noqa: F811
):
    hana = strict("hana")
    page = hana.get(PLACE).content
    sent = fill_in(form_of(page))
    hana.cookies.pop("sessionid")
    [button] = [button for button in language_buttons(page) if button.get("value") == "ar"]
    answer = hana.post(button.get("formaction"), dict([*sent, ("language", "ar")]))
    assert answer["Location"].startswith("/sign-in?next=")
    assert sign_in(hana, "hana") == "/own/typed"
    held = next(form for form in lxml.html.fromstring(hana.get("/own/typed").content).forms if len(form.fields) > 4)
    shown = hana.post(held.action, dict(held.form_values())).content
    assert kept(form_of(shown).form_values(), form_of(page)) == kept(sent, form_of(page))


def test_of_the_days_and_the_reason_on_one_page_neither_button_throws_the_other_away(
    reported: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    amina = browser("amina")
    days = {"published": DAY, "next_release": "", "embargo_until": "", "reason": "the report of the year"}
    days["version"] = publication_days.read_days(reported).version
    saved = amina.post("/publication/days", days)
    assert 'value="the report of the year"' in saved.content.decode()
    begun: list[str] = []
    monkeypatch.setattr(report_work, "begin", lambda *given, **_: begun.append(given[2]))
    days |= {"published": "2027-04-01", "version": publication_days.read_days(reported).version}
    assert amina.post("/publication/write", days)["Location"] == "/publication"
    assert (publication_days.read_days(reported).published, begun) == ("2027-04-01", ["the report of the year"])


@pytest.mark.parametrize("template", OPENED)
def test_a_button_of_a_language_is_never_the_one_that_enter_presses(template: str, request: pytest.FixtureRequest):
    client, address = OPENED[template](request)
    page = lxml.html.fromstring(client.get(address).content)
    buttons = [part for part in page.iter("button") if part.get("form") == "typed" or form_of_button(part) == "typed"]
    assert buttons[0].get("name") != "language"


def form_of_button(button: HtmlElement) -> str:
    return next((form.get("id", "") for form in button.iterancestors("form")), "")


@pytest.mark.parametrize("tag", languages())
def test_every_page_offers_the_languages_once(tag: str):
    page = browser("hana", tag).get("/").content
    assert [button.get("value") for button in language_buttons(page)] == languages()
    assert [button.get("value") for button in language_buttons(page) if button.get("aria-current")] == [tag]
    assert Words.load(tag).text("browser.language") in page.decode()
