"""The administrator's pages: passwords for one sign-in, second factors, sessions, people as an act of two, the log."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.identity.accounts import INVENTED
from ingestion.home import Home
from ingestion.people import acts
from ingestion.people.acts_log import read_acts
from ingestion.people.openssh import fingerprint_of, make_pair, public_of
from ingestion.people.roster import parse_roster
from languages.words import Words, languages
from tests.desk.browsers import browser, says

OLD = INVENTED.format(person="amina")


def once(person: str) -> str:
    page = browser("layla").post(f"/accounts/{person}/password").content.decode()
    return re.findall(r'<code dir="ltr">(.+?)</code>', page)[0]


def test_a_given_password_ends_her_sessions_and_leads_to_one_of_her_own(home: Home):
    before = browser("amina")
    password = once("amina")
    assert before.get("/").status_code == 302
    client = browser("amina", password=password)
    assert client.get("/")["Location"] == "/own/password"
    assert client.get("/people")["Location"] == "/own/password"
    own = "four invented words here"
    assert client.post("/own/password", {"password": own, "again": own})["Location"] == "/"
    assert client.get("/").status_code == 200
    assert browser("amina", password=own).get("/").status_code == 200
    assert [line["what"] for line in read_acts(home) if line["person"] == "layla"] == [
        "desk sign-in",
        "desk password of amina",
    ]


@pytest.mark.parametrize(
    ("first", "again", "key"),
    [
        ("one two three four", "one two three five", "browser.own_password.differs"),
        ("eleven-char", "eleven-char", "refusal.password_weak"),
        ("password1234", "password1234", "refusal.password_weak"),
    ],
)
def test_a_password_that_differs_or_is_weak_changes_nothing(first: str, again: str, key: str):
    client = browser("amina")
    answer = client.post("/own/password", {"old": OLD, "password": first, "again": again})
    assert answer.status_code == 422
    assert says(answer.content, key)
    assert browser("amina").get("/").status_code == 200


def test_twelve_characters_are_enough():
    client = browser("amina")
    typed = {"old": OLD, "password": "zq-klmn-wxyz", "again": "zq-klmn-wxyz"}
    assert client.post("/own/password", typed).status_code == 302


def test_a_telephone_is_asked_for_once_its_number_was_typed_and_an_administrator_removes_it(home: Home):
    client = browser("amina")
    assert client.post("/own/second-factor")["Location"] == "/own/second-factor"
    client.get("/own/second-factor")
    assert browser("amina").get("/").status_code == 200
    assert client.post("/own/second-factor", {"token": "x", "password": OLD}).status_code == 422
    device = TOTPDevice.objects.get(user__username="amina")
    device.throttle_reset()
    number = {"token": f"{totp(device.bin_key):06d}"}
    assert says(client.post("/own/second-factor", number).content, "browser.own_password.wrong")
    assert client.post("/own/second-factor", number | {"password": OLD})["Location"] == "/?telephone"
    assert says(client.get("/?telephone").content, "browser.own_factor.done")
    assert not says(client.get("/").content, "browser.own_factor.done")
    other = browser("amina")
    assert other.get("/")["Location"] == "/second-factor"
    layla = browser("layla")
    assert says(layla.post("/accounts/amina/second-factor").content, "browser.accounts.ask.second-factor.hint")
    assert TOTPDevice.objects.filter(user__username="amina").exists()
    layla.post("/accounts/amina/second-factor", {"sure": "yes"})
    assert not TOTPDevice.objects.filter(user=User.objects.get(username="amina")).exists()
    assert other.get("/").status_code == 302
    assert browser("amina").get("/").status_code == 200
    line = read_acts(home)[-2]
    assert (line["kind"], line["person"], line["what"]) == ("account", "layla", "desk second factor of amina")


def test_sessions_end_after_a_question_and_the_page_says_so(home: Home):
    amina, layla = browser("amina"), browser("layla")
    answer = layla.post("/accounts/amina/sessions")
    assert says(answer.content, "browser.accounts.ask.sessions")
    assert says(answer.content, "browser.accounts.sure")
    assert amina.get("/").status_code == 200
    page = layla.post("/accounts/amina/sessions", {"sure": "yes"}, follow=True).content
    assert says(page, "browser.accounts.done.sessions", person="Amina, invented")
    assert amina.get("/").status_code == 302
    assert (read_acts(home)[-1]["kind"], read_acts(home)[-1]["what"]) == ("account", "desk sessions of amina")
    for invented in ("?done=sessions&person=nobody", "?done=other&person=amina"):
        assert b'role="status"' not in layla.get(f"/accounts{invented}").content


def test_an_administrator_has_no_page_that_changes_people():
    client = browser("layla")
    assert client.get("/people").status_code == 200
    assert client.get("/people/dara").status_code == 404
    assert client.post("/people/layla", {"roles": ["prepare", "approve"]}).status_code == 404


def test_entering_a_person_prepares_an_act_and_changes_nothing_yet(home: Home, tmp_path: Path):
    make_pair(tmp_path / "key")
    form = {"person": "nadia", "name": "Nadia, invented", "agency": "Editors", "roles": ["edit"]}
    form |= {"new_key": public_of(tmp_path / "key"), "reason": "A second editor."}
    answer = browser("amina").post("/people/new", form)
    [folder] = acts.pending(home)
    assert says(answer.content, "browser.prepared.what", act=folder.name)
    assert acts.read_act(folder).kind == "people"
    assert "nadia" not in acts.read_people(home).people


def test_whose_files_a_clerk_brings_is_changed_by_the_form_of_her_person_as_an_act_of_two(home: Home):
    karwan, amina = acts.read_people(home).people["karwan"], browser("amina")
    page = html.unescape(amina.get("/people/karwan").content.decode())
    assert re.findall(r'name="sources" value="(\w+)" checked', page) == list(karwan.sources)
    assert Words.load("en").text("source.iraq_judicial_council.title") in page
    form = {"name": karwan.name, "agency": karwan.agency, "roles": list(karwan.roles), "reason": "The court, too."}
    wanted = ["iraq_judicial_council", *karwan.sources]
    assert amina.post("/people/karwan", form | {"sources": ["nowhere"]}).status_code == 422
    assert amina.post("/people/karwan", form | {"sources": wanted}).status_code == 200
    [folder] = acts.pending(home)
    assert parse_roster((folder / "people.yml").read_bytes(), folder).people["karwan"].sources == tuple(wanted)
    assert acts.read_people(home).people["karwan"].sources == karwan.sources
    listed = html.unescape(browser("layla").get("/people").content.decode())
    assert Words.load("en").text(f"source.{karwan.sources[0]}.title") in listed


def test_a_form_that_is_refused_keeps_what_was_typed(home: Home):
    form = {"person": "nadia", "name": "Nadia, invented", "agency": "Editors", "roles": ["edit"]}
    answer = browser("amina").post("/people/new", form | {"new_key": "no key", "reason": "A second editor."})
    assert answer.status_code == 422
    for typed in ("nadia", "Nadia, invented", "no key", "A second editor."):
        assert typed in answer.content.decode()
    assert not acts.pending(home)


def test_a_private_key_is_named_as_what_it_is_and_not_shown_again(home: Home, tmp_path: Path):
    make_pair(tmp_path / "key")
    form = {"person": "nadia", "name": "Nadia, invented", "agency": "Editors", "roles": ["edit"]}
    answer = browser("amina").post(
        "/people/new", form | {"new_key": (tmp_path / "key").read_text(encoding="ascii"), "reason": "A second editor."}
    )
    assert answer.status_code == 422
    assert says(answer.content, "refusal.private_key_typed")
    assert says(answer.content, "refusal.private_key_typed.remedy")
    assert "PRIVATE KEY" not in answer.content.decode()
    assert "Nadia, invented" in answer.content.decode()
    assert not acts.pending(home)


def test_a_short_name_in_arabic_is_answered_by_how_one_looks(home: Home):
    form = {"person": "سارة", "name": "Sara, invented", "agency": "Editors", "roles": ["edit"], "reason": "An editor."}
    answer = browser("amina").post("/people/new", form)
    assert answer.status_code == 422
    assert says(answer.content, "refusal.short_name_unfit.remedy")
    assert "people.yml" not in answer.content.decode()


def test_an_approver_without_a_key_and_a_clerk_without_an_agency_are_prepared_once_that_is_marked(home: Home):
    form = {"person": "sara", "name": "Sara, invented", "agency": "Court", "roles": ["approve", "receive"]}
    form |= {"reason": "She approves from next month."}
    codes, amina = ["signer_without_key", "sender_without_agency"], browser("amina")
    for taken in ([], codes[:1]):
        answer = amina.post("/people/new", form | {"taken": taken})
        assert answer.status_code == 422
        for code in codes:
            assert says(answer.content, f"browser.concern.{code}", person="Sara, invented")
    assert not acts.pending(home)
    assert amina.post("/people/new", form | {"taken": codes}).status_code == 200
    assert acts.pending(home)


def test_a_second_change_names_the_act_that_it_would_give_up_and_asks_first(home: Home):
    form = {"name": "Hana, invented", "agency": "Editors", "roles": ["edit"], "reason": "She edits only."}
    amina, hana = browser("amina"), browser("hana")
    assert amina.post("/people/hana", form).status_code == 200
    [first] = acts.pending(home)
    answer = hana.post("/people/dara", form | {"name": "Dara, invented"})
    assert answer.status_code == 422
    kind = Words.load("en").text("browser.acts.kind.people")
    assert says(answer.content, "browser.concern.act_waits", act=first.name, person="amina", kind=kind)
    assert acts.pending(home) == [first]
    assert hana.post("/people/dara", form | {"name": "Dara, invented", "taken": "act_waits"}).status_code == 200
    assert [path.name == first.name for path in acts.pending(home)] == [False]


def test_who_leaves_is_marked_as_leaving_and_no_role_at_all_is_answered_by_that(home: Home):
    amina, form = browser("amina"), {"name": "Karwan, invented", "agency": "Kurdistan Region"}
    form |= {"reason": "He works elsewhere."}
    answer = amina.post("/people/karwan", form)
    assert says(answer.content, "refusal.roles_missing.remedy")
    assert b'name="leaves"' in answer.content
    assert b'name="leaves"' not in amina.get("/people/new").content
    assert amina.post("/people/karwan", form | {"leaves": "on"}).status_code == 200
    [folder] = acts.pending(home)
    assert "karwan" not in parse_roster((folder / "people.yml").read_bytes(), folder).people


def test_a_form_without_a_reason_is_told_what_to_type_and_no_command():
    form = {"person": "nadia", "name": "Nadia, invented", "agency": "Editors", "roles": ["edit"], "reason": "no"}
    answer = browser("amina").post("/people/new", form)
    assert answer.status_code == 422
    assert says(answer.content, "browser.refused.reason_missing")
    assert b"--reason" not in answer.content


@pytest.mark.parametrize("tag", languages())
def test_what_to_do_in_a_browser_is_said_of_refusals_that_there_are(tag: str):
    words = Words.load(tag)
    codes = [key.removeprefix("browser.refused.") for key in words.messages if key.startswith("browser.refused.")]
    assert len(codes) > 5
    assert [code for code in codes if f"refusal.{code}" not in words] == []


def test_a_key_is_ended_by_its_form(home: Home):
    hana = acts.read_people(home).people["hana"]
    fingerprint = fingerprint_of(hana.keys[0].text)
    client = browser("amina")
    assert fingerprint in client.get("/people/hana").content.decode()
    form = {"name": hana.name, "agency": hana.agency, "roles": list(hana.roles), "reason": "She has another one."}
    assert client.post("/people/hana", form | {f"end-{fingerprint}": "ended"}).status_code == 200
    [folder] = acts.pending(home)
    assert b"valid_before" in (folder / "people.yml").read_bytes()


def test_who_may_not_change_people_reads_whom_to_ask():
    page = browser("layla").get("/people").content
    assert says(page, "browser.people.ask", people="amina, hana")


@pytest.mark.parametrize("tag", languages())
def test_the_log_says_in_words_who_did_what_and_is_itself_a_look(home: Home, tag: str):
    words, layla = Words.load(tag), browser("layla", tag)
    layla.post("/accounts/hana/sessions", {"sure": "yes"})
    page = html.unescape(layla.get("/log?person=layla").content.decode())
    for key, arguments in (
        ("browser.log.kind.signed_in", {}),
        ("browser.log.kind.account", {}),
        ("browser.log.what.sessions", {"what": "hana"}),
        ("browser.log.name.acts", {}),
    ):
        assert words.text(key, **arguments) in page
    assert "desk sessions" not in page
    assert '<option value="layla" selected>' in page
    assert read_acts(home)[-1]["what"] == "desk log"


def test_a_day_without_a_line_says_what_to_do():
    page = browser("layla").get("/log?day=15-03-2026").content
    assert says(page, "browser.log.none")
    assert b"<table" not in page


def test_who_signs_a_change_of_people_reads_it_in_sentences():
    amina = browser("amina")
    form = {"name": "Hana, invented", "agency": "Editors", "roles": ["edit"], "reason": "She edits only."}
    assert amina.post("/people/hana", form).status_code == 200
    role = Words.load("en").text("browser.role.prepare")
    assert says(amina.get("/acts").content, "browser.roster.role_gone", person="Hana, invented", role=role)
