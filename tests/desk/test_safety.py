"""What somebody tries who is not let in, or wants more than she may: at every page, whatever its task.

Belongs here: locks and sessions, forms of others, typed text that is not text, headers. Does not belong here: uploads
(`test_upload_limits.py`), which role has which page (`test_matrix.py`).
"""

from __future__ import annotations

import datetime
import html
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from typer.testing import CliRunner

import desk
from desk import start
from desk.configuration import settings_of
from desk.identity import access, accounts
from desk.identity.accounts import INVENTED
from ingestion.home import Home
from ingestion.people.roster import DEMO_PEOPLE
from languages.words import Words, languages
from tests.desk.browsers import browser, roles, says
from tests.desk.test_matrix import PAGES, address_of, answers_to

TYPED = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\x1b[31m\u202exe.elif'
"""A tag, the end of an attribute, a control, a mark that turns the order of letters round."""
HARMFUL = ("<script>alert", '"><img', "\x1b", "\u202e")


def lock(person: str) -> None:
    client = browser()
    for _ in range(5):
        client.post("/sign-in", {"name": person, "password": "wrong"})
    assert client.post("/sign-in", {"name": person, "password": INVENTED.format(person=person)}).status_code == 429


def field_names() -> list[str]:
    """Return the names of all fields of all forms, and of what views read from addresses."""
    folder = Path(desk.__file__).parent
    pages = "".join(path.read_text(encoding="utf-8") for path in (folder / "templates").iterdir())
    views = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    names = re.findall(r'\bname="([\w-]+)"', pages) + re.findall(r'\.get(?:list)?\("([\w-]+)"', views)
    made = [*languages(), *(f"opened-{tag}" for tag in languages()), "word-1", "end-x"]
    return sorted({*names, *made} - {"viewport", "htmx-config", "csrfmiddlewaretoken"})


def person_for(name: str) -> str:
    """Return an invented person who has a page; nobody for those that answer everybody."""
    if answers_to(name) == access.EVERYBODY:
        return ""
    return next(person for person in DEMO_PEOPLE if answers_to(name) & roles(person))


def is_page(answer: HttpResponse) -> bool:
    """Return whether an answer is read as a page: neither a file nor the way to another page."""
    return answer.get("Content-Type", "").startswith("text/html") and bool(answer.content)


# Locks


def test_an_administrator_opens_a_locked_account_by_a_password_for_one_sign_in():
    lock("amina")
    page = browser("layla").post("/accounts/amina/password").content.decode()
    [password] = re.findall(r'<code dir="ltr">(.+?)</code>', page)
    assert browser("amina", password=password).get("/")["Location"] == "/own/password"


def test_the_first_administrator_gets_back_in_by_the_command_line(home: Home, monkeypatch: pytest.MonkeyPatch):
    lock("layla")
    password = "five invented words this time"  # noqa: S105 - of an invented person
    TOTPDevice.objects.create(user=User.objects.get(username="layla"), name="telephone")
    monkeypatch.setattr(start, "configure", lambda *_, **__: None)
    monkeypatch.setattr(accounts, "make_tables", lambda: None)
    monkeypatch.setattr(start.getpass, "getpass", lambda *_: password)
    words = ["account", "layla", "--home", str(home.root), "--remove-second-factor"]
    outcome = CliRunner().invoke(start.app, words)
    assert outcome.exit_code == 0, outcome.output
    assert browser("layla", password=password).get("/").status_code == 200


@pytest.mark.parametrize("tag", languages())
def test_after_a_wrong_number_the_page_says_how_long_each_number_is_refused(tag: str, monkeypatch: pytest.MonkeyPatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    device = TOTPDevice.objects.create(user=User.objects.get(username="amina"), name="telephone")
    client, text = browser("amina", tag), Words.load(tag).text
    fails, waits = text("browser.second_factor.failed"), text("browser.second_factor.wait", seconds=1)
    wrong = html.unescape(client.post("/second-factor", {"token": "x"}).content.decode())
    assert fails in wrong and waits in wrong
    right = client.post("/second-factor", {"token": f"{totp(device.bin_key):06d}"})
    assert right.status_code == 422
    assert waits in html.unescape(right.content.decode()) and fails not in html.unescape(right.content.decode())


def test_many_wrong_numbers_lock_a_telephone_for_minutes_until_they_pass_or_it_is_removed():
    device = TOTPDevice.objects.create(user=User.objects.get(username="amina"), name="telephone")
    client = browser("amina")
    TOTPDevice.objects.update(throttling_failure_count=12, throttling_failure_timestamp=timezone.now())
    number = {"token": f"{totp(device.bin_key):06d}"}
    assert says(client.post("/second-factor", number).content, "browser.second_factor.wait_long", minutes=35)
    passed = timezone.now() - datetime.timedelta(minutes=35)
    TOTPDevice.objects.update(throttling_failure_timestamp=passed)
    assert client.post("/second-factor", number).status_code == 302
    device.refresh_from_db()
    assert device.throttling_failure_count == 0
    TOTPDevice.objects.update(throttling_failure_count=40, throttling_failure_timestamp=timezone.now())
    browser("layla").post("/accounts/amina/second-factor", {"sure": "yes"})
    assert browser("amina").get("/").status_code == 200


def test_a_wrong_number_while_a_telephone_is_entered_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    client = browser("amina")
    client.get("/own/second-factor")
    for is_wrong in (True, False):
        page = client.post("/own/second-factor", {"token": "x", "password": INVENTED.format(person="amina")}).content
        assert says(page, "browser.second_factor.failed") == is_wrong
        assert says(page, "browser.second_factor.wait", seconds=1)


def test_a_name_that_no_database_takes_is_a_wrong_name():
    for name in ("amina\x00", "x" * 100_000):
        answer = browser().post("/sign-in", {"name": name, "password": "wrong"})
        assert answer.status_code == 422


# Sessions


def test_the_key_of_a_session_changes_when_its_person_signs_in():
    client = browser()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post("/sign-in", {"name": "amina", "password": INVENTED.format(person="amina")})
    assert client.session.session_key != before
    planted = browser()
    planted.cookies["sessionid"] = before
    assert planted.get("/").status_code == 302


def test_the_key_of_a_session_changes_with_its_second_factor():
    device = TOTPDevice.objects.create(user=User.objects.get(username="amina"), name="telephone")
    client = browser("amina")
    before = client.session.session_key
    assert client.post("/second-factor", {"token": f"{totp(device.bin_key):06d}"})["Location"] == "/"
    assert client.session.session_key != before
    stolen = browser()
    stolen.cookies["sessionid"] = before
    assert stolen.get("/")["Location"].startswith("/sign-in")


def test_the_key_of_a_session_changes_with_a_password_and_with_a_telephone_that_is_entered():
    client, other = browser("amina"), browser("amina")
    keys = [client.session.session_key]
    new = "four invented words here"
    own = {"old": INVENTED.format(person="amina"), "password": new, "again": new}
    assert client.post("/own/password", own).status_code == 302
    keys.append(client.session.session_key)
    assert other.get("/")["Location"].startswith("/sign-in")
    client.get("/own/second-factor")
    number = {"token": f"{totp(TOTPDevice.objects.get().bin_key):06d}", "password": new}
    assert client.post("/own/second-factor", number).status_code == 302
    assert client.get("/").status_code == 200
    assert client.session.session_key not in keys and len(set(keys)) == 2
    for key in keys:
        stolen = browser()
        stolen.cookies["sessionid"] = key
        assert stolen.get("/")["Location"].startswith("/sign-in")


# Forms of others


@pytest.mark.parametrize("tag", languages())
def test_a_form_without_its_token_is_refused_by_a_page_in_her_language(tag: str):
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": tag, "Host": "localhost"})
    client.cookies = browser("amina", tag).cookies
    for name in PAGES:
        answer = client.post(address_of(name), {"reason": "of another page"})
        assert answer.status_code == 403, name
        assert f'lang="{tag}"' in answer.content.decode()
        assert Words.load(tag).text("browser.failure.forged") in answer.content.decode()


# Typed text


@pytest.mark.parametrize("name", PAGES)
def test_what_is_typed_into_any_field_never_becomes_part_of_a_page(name: str):
    names, person = field_names(), person_for(name)
    assert {"reason", "new_key", "number", "ar", "person", "language", "next"} <= set(names)
    typed = dict.fromkeys(names, TYPED)
    client = browser(person)
    for method in (client.get, client.post):
        for language in languages():
            answer = method(address_of(name), typed, headers={"Accept-Language": language})
            if is_page(answer):
                assert not [harm for harm in HARMFUL if harm in answer.content.decode()], (method, language)


def test_what_is_typed_alone_into_a_form_that_stays_is_shown_as_text():
    form = {"name": TYPED, "agency": "x", "roles": ["edit"], "reason": "x", "person": "nadia", "new_key": "no key"}
    page = browser("amina").post("/people/new", form).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img" in page
    assert "\ufffd[31m\ufffdxe.elif" in page


def test_an_address_a_language_and_a_cookie_are_never_part_of_a_page():
    client = Client(headers={"Accept-Language": TYPED.replace("\x1b", ""), "Host": "localhost"})
    client.cookies["language"] = "<script>alert(1)"
    for address in ("/<script>alert(1)</script>", "/sign-in?next=%22%3E%3Cimg%20src=x", "/send/%1b%e2%80%ae/file"):
        content = client.get(address).content.decode()
        assert not [harm for harm in HARMFUL if harm in content]


# Headers


@pytest.mark.parametrize("name", PAGES)
def test_every_answer_has_a_strict_policy_is_not_stored_and_names_no_other_host(name: str):
    client = browser(person_for(name))
    for answer in (client.get(address_of(name)), client.post(address_of(name))):
        policy, page = answer["Content-Security-Policy"], answer.content.decode(errors="replace")
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors" in policy
        if not is_page(answer):
            continue
        if policy == "frame-ancestors 'none'":  # a finished page of the house
            [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html.unescape(page))
            assert "default-src 'none'" in policy and "script-src" not in policy
            continue
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?! src=\"/)", page)
        assert not re.search(r'(?:href|src|action)="(?:https?:)?//', page)


def test_an_answer_to_a_wrong_host_is_a_page_of_ours_without_that_name():
    answer = browser().get("/sign-in", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert says(answer.content, "browser.failure.unreadable")
    assert b"elsewhere" not in answer.content
    assert answer["Cache-Control"] == "no-store"


def test_a_form_with_far_too_much_in_it_is_refused_in_words():
    answer = browser().post("/sign-in", {"name": "x" * 1_000_001})
    assert answer.status_code == 400
    assert says(answer.content, "browser.failure.unreadable.remedy")


def test_behind_tls_no_cookie_travels_without_it_and_none_is_read_by_a_script(home: Home):
    behind = settings_of(home, ("desk.example",))
    changed = {name: behind[name] for name in behind if name.startswith(("SESSION_", "CSRF_", "SECURE_", "ALLOWED_"))}
    with override_settings(**changed):
        client = Client(headers={"Host": "desk.example"})
        client.get("/sign-in", secure=True)
        client.post("/sign-in", {"language": "en"}, secure=True)
        fields = {"name": "amina", "password": INVENTED.format(person="amina")}
        assert client.post("/sign-in", fields, secure=True).status_code == 302
        assert set(client.cookies) == {"csrftoken", "language", "sessionid"}
        for cookie in client.cookies.values():
            assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Strict", cookie.key
    assert settings.SESSION_COOKIE_SECURE is False


def test_no_view_answers_a_method_that_it_does_not_name():
    for pattern in get_resolver().url_patterns:
        answer = browser(person_for(str(pattern.name))).put(address_of(str(pattern.name)))
        assert answer.status_code == 405, pattern.name
