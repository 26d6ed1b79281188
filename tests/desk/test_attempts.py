"""Who has a session or guesses a password, and is not its person."""

from __future__ import annotations

import datetime
import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.configuration import ATTEMPTS, settings_of
from desk.identity.accounts import INVENTED
from ingestion.home import Home
from ingestion.people import roster
from ingestion.people.acts_log import read_acts
from tests.desk.browsers import browser, says

AMINA, NEW = INVENTED.format(person="amina"), "four invented words here"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.9"}


def sign_in(name: str, password: str, **of_address: str) -> int:
    return browser().post("/sign-in", {"name": name, "password": password}, **of_address).status_code


def logged(home: Home, person: str) -> list[str]:
    return [line["what"] for line in read_acts(home) if line["person"] == person and line["kind"] == "account"]


@pytest.mark.parametrize("old", ["", "wrong", NEW])
def test_a_session_without_its_password_becomes_no_account(home: Home, old: str):
    stolen = browser("amina")
    answer = stolen.post("/own/password", {"old": old, "password": NEW, "again": NEW})
    assert answer.status_code == 422 and says(answer.content, "browser.own_password.wrong")
    stolen.get("/own/second-factor")
    number = {"token": f"{totp(TOTPDevice.objects.get().bin_key):06d}", "password": old}
    assert says(stolen.post("/own/second-factor", number).content, "browser.own_password.wrong")
    assert (sign_in("amina", AMINA), TOTPDevice.objects.get().confirmed) == (302, False)
    assert logged(home, "amina") == []


def test_what_changes_who_one_is_stands_in_the_log(home: Home):
    client = browser("amina")
    assert client.post("/own/password", {"old": AMINA, "password": NEW, "again": NEW}).status_code == 302
    client.get("/own/second-factor")
    number = {"token": f"{totp(TOTPDevice.objects.get().bin_key):06d}", "password": NEW}
    assert client.post("/own/second-factor", number).status_code == 302
    assert sign_in("amina", AMINA) == 422
    assert logged(home, "amina") == ["desk changed-password", "desk changed-telephone", "desk wrong-password"]


def password_for_once() -> str:
    page = browser("layla").post("/accounts/amina/password").content.decode()
    return re.findall(r'<code dir="ltr">(.+?)</code>', page)[0]


def test_a_password_for_one_sign_in_is_good_for_one():
    password = password_for_once()
    assert [sign_in("amina", password) for _ in range(2)] == [302, 422]


@pytest.mark.parametrize(("minutes", "status"), [(24 * 60 - 1, 302), (24 * 60, 422)])
def test_a_password_for_one_sign_in_holds_for_a_day(monkeypatch: pytest.MonkeyPatch, minutes: int, status: int):
    password, given = password_for_once(), User.objects.get(username="amina").date_joined
    monkeypatch.setattr(timezone, "now", lambda: given + datetime.timedelta(minutes=minutes))
    answer = browser().post("/sign-in", {"name": "amina", "password": password})
    assert (answer.status_code, says(answer.content, "browser.sign_in.expired")) == (status, status == 422)


def test_who_guesses_locks_an_account_for_the_own_address_alone():
    states = [sign_in("layla", "wrong", **ELSEWHERE) for _ in range(ATTEMPTS + 1)]
    assert states == [422] * (ATTEMPTS - 1) + [429, 429]
    assert sign_in("layla", INVENTED.format(person="layla"), **ELSEWHERE) == 429
    assert sign_in("layla", INVENTED.format(person="layla")) == 302


def test_a_try_while_it_is_locked_prolongs_nothing():
    for _ in range(ATTEMPTS):
        sign_in("amina", "wrong")
    for minutes, status in ((14, 429), (16, 302)):
        began = timezone.now() - datetime.timedelta(minutes=minutes)
        AccessAttempt.objects.update(attempt_time=began)
        assert sign_in("amina", "wrong") == (429 if status == 429 else 422)
        assert status != 429 or AccessAttempt.objects.get().attempt_time == began
        assert sign_in("amina", AMINA) == status


def test_nobody_who_has_a_second_factor_is_locked_out():
    TOTPDevice.objects.create(user=User.objects.get(username="layla"), name="telephone")
    assert [sign_in("layla", "wrong") for _ in range(ATTEMPTS + 1)] == [422] * (ATTEMPTS + 1)
    assert sign_in("layla", INVENTED.format(person="layla")) == 302


def test_of_what_was_typed_and_from_where_nothing_is_kept_in_clear():
    typed = "my long invented passphrase"
    sign_in(typed, "wrong", **ELSEWHERE)
    sign_in("amina", "also secret", **ELSEWHERE)
    kept = str(list(AccessAttempt.objects.values()))
    assert AccessAttempt.objects.count() == 2
    assert not any(word in kept for word in (typed, "passphrase", "also secret", ELSEWHERE["REMOTE_ADDR"]))


def test_the_administrator_of_a_real_house_enters_a_telephone_first(monkeypatch: pytest.MonkeyPatch):
    client = browser("layla")
    assert client.get("/accounts").status_code == 200
    monkeypatch.setattr(Home, "is_invented", property(lambda _: False))
    monkeypatch.setattr(roster, "refuse_demo_people", lambda *_: None)
    assert client.get("/accounts")["Location"] == "/own/second-factor"
    assert client.get("/own/second-factor").status_code == 200
    TOTPDevice.objects.update(confirmed=True)
    assert client.get("/accounts")["Location"] == "/second-factor"
    assert browser("hana").get("/").status_code == 200


def test_a_desk_of_other_machines_answers_under_its_name_and_by_tls_alone(home: Home):
    behind = settings_of(home, ("desk.example",))
    changed = {name: behind[name] for name in behind if name.startswith(("SESSION_", "CSRF_", "SECURE_", "ALLOWED_"))}
    with override_settings(**changed):
        for host, is_secure, status in (
            ("localhost", True, 400),
            ("127.0.0.1", True, 400),
            ("desk.example", False, 301),
            ("desk.example", True, 200),
        ):
            assert Client(headers={"Host": host}).get("/sign-in", secure=is_secure).status_code == status, host
