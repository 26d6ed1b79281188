"""A form that is sent after its session has ended: what was typed is hers again once she has signed in, and hers alone.

Belongs here: what outlives a session, and what must not. Does not belong here: the letter, which travels in addresses
(`test_twice.py`), drafts of a session that lasts (`test_editing.py`).
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

import desk
from desk.editing.models import Draft
from desk.identity.accounts import INVENTED
from desk.pages import typed_forms
from ingestion.home import Home
from ingestion.people import acts
from ingestion.people.roster import Roster
from languages.words import languages
from marsad.answers import edited_texts, read_sentences
from tests.desk.browsers import browser, says
from tests.desk.test_editing import NAME, PLACE, reported, typed  # noqa: F401 - a fixture

TEXT = "Words that <nobody> else sees.\r\nIn two lines."
TEMPLATES = Path(desk.__file__).parent / "templates"
Fields = Mapping[str, object]


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    yield
    typed_forms._held.clear()


def strict(person: str) -> Client:
    """Return a browser of a person, of whose forms the desk asks where they come from, as it does of everybody's."""
    client = browser(person)
    client.handler.enforce_csrf_checks = True
    return client


def opened(client: Client, address: str, action: str = "") -> dict[str, str]:
    """Return the marks of a form of a page: by default the one that is sent to the page's own address."""
    page = lxml.html.fromstring(client.get(address).content)
    form = next(
        f for f in page.forms if typed_forms.FIELD in f.fields and (f.get("action") or address) == (action or address)
    )
    return {name: form.fields[name] for name in (typed_forms.FIELD, "csrfmiddlewaretoken")}


def sign_in(client: Client, person: str) -> str:
    """Sign in by the page, and return where it leads."""
    token = re.findall(r'name="csrfmiddlewaretoken" value="(.+?)"', client.get("/sign-in").content.decode())[0]
    fields = {"name": person, "password": INVENTED.format(person=person), "csrfmiddlewaretoken": token}
    return client.post("/sign-in", fields)["Location"]


def lose(client: Client, address: str, form: Fields, *, action: str = "") -> None:
    """Fill in a form whose session ends before it is sent."""
    marks = opened(client, address, action)
    client.cookies.pop("sessionid")
    answer = client.post(action or address, {**form, **marks})
    assert answer["Location"].startswith("/sign-in?next=")


def send_again(client: Client) -> tuple[int, str]:
    """Press the button of the page that shows what was typed, and return status and address of the answer."""
    page = lxml.html.fromstring(client.get("/own/typed").content)
    form = next(form for form in page.forms if typed_forms.FIELD in form.fields)
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    answer = client.post(form.action, fields)
    return answer.status_code, answer.headers.get("Location", "")


def people(folder: Path) -> str:
    return (folder / "people.yml").read_text(encoding="utf-8")


def test_an_editors_text_is_hers_again_and_is_saved_as_she_meant_to(reported: Home):  # noqa: F811
    hana = strict("hana")
    lose(hana, PLACE, typed(en=TEXT, ar="مسودة", save="en"))
    assert sign_in(hana, "hana") == "/own/typed"
    page = hana.get("/own/typed").content
    assert TEXT.replace("\r\n", "\n") in html.unescape(page.decode()).replace("\r\n", "\n")
    assert "<nobody>" not in page.decode()
    assert not Draft.objects.exists() and list(reported.prose.glob("protection.*")) == []
    assert send_again(hana) == (422, "")  # a tag is no text of a report: it is refused as always, and is a draft now
    assert Draft.objects.get(person="hana", name=NAME).text == TEXT.replace("\r\n", "\n")
    assert hana.get("/own/typed")["Location"] == "/"


def test_of_two_pages_each_holds_what_was_typed_and_all_who_may_save_save(reported: Home):  # noqa: F811
    hana = strict("hana")
    lose(hana, PLACE, typed(en="One text.", save="en"))
    sign_in(hana, "hana")
    assert send_again(hana) == (302, f"{PLACE}?saved=en")
    assert (reported.prose / NAME).read_text() == "One text.\n"


def test_a_readers_words_days_and_the_form_of_a_person_are_not_lost(reported: Home):  # noqa: F811
    sentence = read_sentences.list_sentences(reported, "ckb")[0]
    form = {"key": sentence.key, "version": sentence.version, "change": "1", "form": [f"{f} …" for f in sentence.forms]}
    hana, amina = strict("hana"), strict("amina")
    lose(hana, f"/sentences/ckb/one?key={sentence.key}", form, action="/sentences/ckb/one")
    assert sign_in(hana, "hana") == "/own/typed"
    assert send_again(hana)[0] == 302
    assert read_sentences.find_sentence(reported, "ckb", sentence.key).reading == "changed"

    days = {"published": "2027-03-01", "next_release": "", "embargo_until": "", "version": ""}
    page = lxml.html.fromstring(hana.get("/publication").content)
    days["version"] = next(f for f in page.forms if f.get("action") == "/publication/days").fields["version"]
    lose(hana, "/publication", days, action="/publication/days")
    sign_in(hana, "hana")
    assert send_again(hana) == (302, "/publication?saved")
    assert b"2027-03-01" in hana.get("/publication").content

    person = {"name": "Hana, invented", "agency": "Other editors", "roles": ["edit"], "reason": "Another agency."}
    lose(amina, "/people/hana", person)
    assert sign_in(amina, "amina") == "/own/typed"
    assert not acts.pending(reported)
    assert send_again(amina)[0] == 200
    [folder] = acts.pending(reported)
    assert "Other editors" in people(folder)


def test_another_person_at_the_same_machine_sees_nothing_of_it(reported: Home):  # noqa: F811
    hana = strict("hana")
    lose(hana, PLACE, typed(en=TEXT, save="en"))
    assert b"nobody" not in hana.get("/sign-in").content
    assert sign_in(hana, "karwan") == "/"
    assert hana.get("/own/typed")["Location"] == "/"
    assert not says(hana.get("/").content, "browser.typed")
    assert not Draft.objects.exists()
    again = strict("hana")
    assert says(again.get("/").content, "browser.typed")
    assert "Words that" in again.get("/own/typed").content.decode()


def test_a_person_with_a_telephone_sees_it_only_after_its_number(reported: Home):  # noqa: F811
    hana = strict("hana")
    lose(hana, PLACE, typed(en=TEXT, save="en"))
    device = TOTPDevice.objects.create(user=User.objects.get(username="hana"), name="telephone")
    sign_in(hana, "hana")
    assert hana.get("/own/typed")["Location"] == "/second-factor"
    token = re.findall(r'name="csrfmiddlewaretoken" value="(.+?)"', hana.get("/second-factor").content.decode())[0]
    number = {"token": f"{totp(device.bin_key):06d}", "csrfmiddlewaretoken": token}
    assert hana.post("/second-factor", number)["Location"] == "/own/typed"


def test_a_page_from_before_she_signed_in_again_in_another_window_is_not_lost(reported: Home):  # noqa: F811
    hana = strict("hana")
    marks = opened(hana, PLACE)
    hana.cookies.pop("sessionid")
    sign_in(hana, "hana")
    answer = hana.post(PLACE, {**typed(en="One text.", save="en"), **marks})
    assert answer["Location"] == "/own/typed"
    assert not (reported.prose / NAME).exists()
    assert send_again(hana)[1] == f"{PLACE}?saved=en"


def test_a_fault_or_a_refused_page_loses_no_word(reported: Home, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    hana = browser("hana")
    hana.raise_request_exception = False
    marks = opened(hana, PLACE)

    def fail(*_: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as during:
        during.setattr(edited_texts, "find_slot", fail)
        faulty = hana.post(PLACE, {**typed(en="One text.", save="en"), **marks})
    assert (faulty.status_code, says(faulty.content, "browser.typed")) == (500, True)
    assert send_again(hana)[1] == f"{PLACE}?saved=en"
    elsewhere = hana.post("/edit/nowhere", {**typed(en="Other words.", save="en"), **marks})
    assert (elsewhere.status_code, says(elsewhere.content, "browser.typed")) == (422, True)
    assert "Other words." in hana.get("/own/typed").content.decode()


# What must not outlive a session, and who must not use it


def test_no_form_with_a_file_a_password_or_words_of_a_file_bears_the_mark():
    bears = {path.name for path in TEMPLATES.iterdir() if "{% typed_by %}" in path.read_text(encoding="utf-8")}
    assert bears == {"acts.html", "person.html", "publication.html", "sentence.html", "text.html", "typed.html"}
    for path in TEMPLATES.iterdir():
        for form in re.findall(r"<form.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
            if re.search(r'type="(?:file|password)"|name="(?:token|word-)', form):
                assert "typed_by" not in form, path.name


@pytest.mark.parametrize(
    ("address", "person"),
    [("/send/file/x/words", "karwan"), ("/own/password", "hana"), ("/second-factor", "hana"), ("/acts/x/sign", "dara")],
)
def test_a_form_without_the_mark_is_forgotten(address: str, person: str):
    client = browser(person)
    client.cookies.pop("sessionid")
    client.post(address, {"word-1": "nobody", "password": "secret words of hers", "token": "123456"})
    assert typed_forms._held == {}


def test_a_form_with_a_file_is_forgotten_whatever_mark_it_bears():
    client = browser()
    file = SimpleUploadedFile("a.xlsx", b"x")
    client.post("/send/iraq_interior_ministry/file", {"file": file, typed_forms.FIELD: typed_forms.mark_of("karwan")})
    assert typed_forms._held == {}


@pytest.mark.parametrize(
    "mark",
    ["hana", "", signing.dumps("hana", salt="another"), "x" * 10_000, "\x00"],
    ids=["a name", "nothing", "another salt", "much", "a null character"],  # a signature is another one each time
)
def test_a_mark_that_the_desk_has_not_made_holds_nothing(mark: str):
    browser().post(PLACE, {"en": "planted", typed_forms.FIELD: mark})
    assert typed_forms._held == {}


def test_a_form_of_another_person_than_who_is_signed_in_is_too_old_and_holds_nothing(reported: Home):  # noqa: F811
    marks = opened(strict("hana"), PLACE)
    karwan = strict("karwan")
    answer = karwan.post(PLACE, {**typed(en="planted", save="en"), **marks})
    assert answer.status_code == 403
    assert typed_forms._held == {}


def test_what_is_held_is_sent_only_with_a_token_of_the_desk_and_a_role(
    reported: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    hana = strict("hana")
    lose(hana, PLACE, typed(en="One text.", save="en"))
    sign_in(hana, "hana")
    without = hana.post(PLACE, typed(en="One text.", save="en"))
    assert without.status_code == 403
    with monkeypatch.context() as during:
        during.setattr(Roster, "roles_on", lambda *_: {"receive"})
        assert send_again(hana)[0] == 404
    assert not (reported.prose / NAME).exists()


def test_it_goes_after_an_hour_and_a_page_of_yesterday_holds_nothing(monkeypatch: pytest.MonkeyPatch):
    client, mark = browser(), typed_forms.mark_of("hana")
    client.post(PLACE, {"en": "held words", typed_forms.FIELD: mark})
    assert typed_forms.find("hana")
    now = time.monotonic()
    with monkeypatch.context() as during:
        during.setattr(typed_forms.time, "monotonic", lambda: now + typed_forms.SECONDS + 1)
        assert typed_forms.find("hana") is None
    day = time.time() + 24 * 3600 + 1
    with monkeypatch.context() as during:
        during.setattr(signing.time, "time", lambda: day)
        client.post(PLACE, {"en": "held words", typed_forms.FIELD: mark})
    assert typed_forms._held == {}


@pytest.mark.parametrize("tag", languages())
def test_the_page_speaks_her_language_and_is_no_part_of_what_was_typed(tag: str):
    browser().post(PLACE, {"en": '"><script>x</script> typed words', typed_forms.FIELD: typed_forms.mark_of("hana")})
    page = browser("hana", tag).get("/own/typed").content.decode()
    assert f'lang="{tag}"' in page
    assert "<script>x" not in page
