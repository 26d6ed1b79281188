"""Who is there: signing in, the second factor, and pages that answer nobody who has no role for them."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, get_resolver
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.identity import access, who_is_there
from ingestion import hash_chain
from ingestion.home import Home
from ingestion.people.acts import read_people
from ingestion.people.acts_log import path_of, read_acts
from languages.words import Words, languages
from tests.desk.browsers import browser, says

PEOPLE = ("amina", "dara", "hana", "karwan", "layla")


def refusal_text(code: str, where: object) -> str:
    return Words.load("en").text(f"refusal.{code}", where=str(where))


def patterns() -> list[URLPattern]:
    return list(get_resolver().url_patterns)


@pytest.mark.parametrize("person", PEOPLE)
def test_who_signs_in_sees_the_tasks_of_her_roles_and_the_log_says_so(home: Home, person: str):
    page = browser(person).get("/")
    assert page.status_code == 200
    assert Words.load("en").text("browser.tasks") in page.content.decode()
    last = read_acts(home)[-1]
    assert (last["kind"], last["person"], last["what"]) == ("signed_in", person, "desk sign-in")


def test_the_first_page_leads_to_her_own_password_and_telephone():
    client = browser("karwan")
    page = client.get("/").content.decode()
    for address in ("/own/password", "/own/second-factor"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("tag", languages())
def test_a_page_speaks_the_language_of_the_browser_from_its_side(tag: str):
    page = browser(language=tag).get("/sign-in").content.decode()
    words = Words.load(tag)
    assert f'<html lang="{tag}" dir="{words.direction}">' in page
    assert words.text("browser.sign_in") in page


def test_a_chosen_language_stays():
    client = browser()
    assert 'lang="ckb"' in client.post("/sign-in", {"language": "ckb"}).content.decode()
    assert 'lang="ckb"' in client.get("/sign-in").content.decode()
    client.post("/sign-in", {"language": "xx"})
    assert 'lang="ckb"' in client.get("/sign-in").content.decode()


@pytest.mark.parametrize(
    ("name", "password"), [("amina", "wrong"), ("nadia", "invented-amina-2026"), ("", ""), ("amina", "")]
)
def test_a_wrong_name_or_password_lets_nobody_in_and_both_read_the_same(name: str, password: str):
    client = browser()
    answer = client.post("/sign-in", {"name": name, "password": password})
    assert answer.status_code == 422
    assert says(answer.content, "browser.sign_in.failed", attempts=5, minutes=15)
    assert client.get("/").status_code == 302


def test_five_wrong_passwords_lock_an_account_and_the_right_one_too(home: Home):
    client = browser()
    states = [client.post("/sign-in", {"name": "amina", "password": "wrong"}).status_code for _ in range(5)]
    assert states == [422, 422, 422, 422, 429]
    assert client.post("/sign-in", {"name": "amina", "password": "invented-amina-2026"}).status_code == 429
    assert browser("dara").get("/").status_code == 200


def test_an_account_whose_person_left_the_roster_is_signed_out(home: Home, monkeypatch: pytest.MonkeyPatch):
    client = browser("amina")
    roster = read_people(home)
    left = replace(roster, people={name: person for name, person in roster.people.items() if name != "amina"})
    with monkeypatch.context() as during:
        during.setattr(who_is_there, "read_people", lambda _home: left)
        assert client.get("/").status_code == 302
    assert client.get("/").status_code == 302


def test_a_sign_in_that_cannot_be_logged_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch):
    def full(*_arguments: object) -> None:
        raise OSError(28, "full")

    client = browser()
    with monkeypatch.context() as during:
        during.setattr(hash_chain, "append", full)
        answer = client.post("/sign-in", {"name": "amina", "password": "invented-amina-2026"})
    assert answer.status_code == 422
    assert refusal_text("look_not_logged", path_of(home)) in html.unescape(answer.content.decode())
    assert client.get("/").status_code == 302


def test_whoever_has_a_second_factor_is_asked_for_it_on_every_page():
    device = TOTPDevice.objects.create(user=User.objects.get(username="amina"), name="telephone")
    client = browser("amina")
    assert client.get("/")["Location"] == "/second-factor"
    assert client.post("/second-factor", {"token": "000000"}).status_code == 422
    device.refresh_from_db()
    device.throttle_reset()
    token = f"{totp(device.bin_key):06d}"
    assert client.post("/second-factor", {"token": token})["Location"] == "/"
    assert client.get("/").status_code == 200


def test_every_page_names_the_roles_that_it_answers():
    for pattern in patterns():
        roles = access.roles_of(pattern.callback)
        assert roles, pattern.name
        assert roles <= access.ALL_ROLES | access.EVERYBODY, pattern.name


def test_a_page_without_roles_answers_nobody(monkeypatch: pytest.MonkeyPatch):
    tasks = next(pattern for pattern in patterns() if pattern.name == "tasks")
    client = browser("layla")
    monkeypatch.delattr(tasks.callback, "roles")
    assert client.get("/").status_code == 404


@pytest.mark.parametrize("address", ["/", "/sign-in", "/nowhere"])
def test_nothing_but_styles_and_scripts_is_stored_in_a_browser(address: str):
    answer = browser("amina").get(address)
    assert answer["Cache-Control"] == "no-store"
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]


def test_a_form_of_another_page_is_refused():
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"name": "amina"}, headers={"Host": "localhost"})
    assert answer.status_code == 403
    assert "no-store" in answer["Cache-Control"]
