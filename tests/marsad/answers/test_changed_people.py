"""A roster with one person changed: what is asked changes, and nothing else."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ingestion.home import Home
from ingestion.people.openssh import fingerprint_of, make_pair, public_of
from ingestion.people.roster import Roster, parse_roster, roster_path
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.changed_people import KeyEnd, PersonChange, changes_in_words, concerns_about, roster_with
from samples import invented_people

DAY = datetime.date(2026, 12, 1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    with home.open(invented=True).lock("test"):
        invented_people.found(home)
    return home


def changed(home: Home, change: PersonChange, day: datetime.date = DAY) -> Roster:
    return parse_roster(roster_with(home, change, day), Path("people.yml"))


def before(home: Home) -> Roster:
    return parse_roster(roster_path(home).read_bytes(), Path("people.yml"))


def test_a_new_person_is_entered_with_her_key_from_that_day_and_all_others_stay(home: Home, tmp_path: Path):
    make_pair(tmp_path / "key")
    roster = changed(
        home, PersonChange("nadia", "Nadia, invented", "Editors", ("edit",), (), public_of(tmp_path / "key"))
    )
    assert {name: person for name, person in roster.people.items() if name != "nadia"} == before(home).people
    [key] = roster.people["nadia"].keys
    assert (key.valid_after, key.valid_before, key.revoked) == (DAY, None, None)
    assert roster.machine == before(home).machine


@pytest.mark.parametrize("end", ["ended", "revoked"])
def test_a_key_that_ends_is_good_until_that_day_and_a_revoked_one_never(home: Home, end: KeyEnd):
    amina = before(home).people["amina"]
    ends: dict[str, KeyEnd] = {fingerprint_of(amina.keys[0].text): end}
    key = (
        changed(home, PersonChange("amina", amina.name, amina.agency, amina.roles, amina.sources, ends=ends))
        .people["amina"]
        .keys[0]
    )
    assert (key.valid_before, key.revoked) == ((DAY, None) if end == "ended" else (None, DAY))


def test_a_key_that_ends_on_its_first_day_is_revoked(home: Home):
    hana = before(home).people["hana"]
    first = hana.keys[0].valid_after
    ends: dict[str, KeyEnd] = {fingerprint_of(hana.keys[0].text): "ended"}
    change = PersonChange("hana", hana.name, hana.agency, hana.roles, (), ends=ends)
    assert changed(home, change, first).people["hana"].keys[0].revoked == first
    later = first + datetime.timedelta(days=1)
    assert changed(home, change, later).people["hana"].keys[0].valid_before == later


def test_other_roles_take_the_place_of_all_that_she_had(home: Home):
    dara = before(home).people["dara"]
    assert changed(home, PersonChange("dara", dara.name, dara.agency, ("edit", "approve"), ())).people[
        "dara"
    ].roles == (
        "edit",
        "approve",
    )


def test_she_brings_the_files_of_the_agencies_that_are_named_and_of_no_other(home: Home):
    karwan = before(home).people["karwan"]
    assert karwan.sources
    for sources in (("iraq_judicial_council", "iom_caseload"), ()):
        change = PersonChange("karwan", karwan.name, karwan.agency, karwan.roles, sources)
        assert changed(home, change).people["karwan"].sources == sources
    change = PersonChange("karwan", karwan.name, karwan.agency, karwan.roles, ("nowhere",))
    with pytest.raises(Refusal, match="people_unreadable"):
        changed(home, change)


def test_who_leaves_is_in_no_entry_of_the_roster_any_more(home: Home):
    hana = before(home).people["hana"]
    roster = changed(home, PersonChange("hana", hana.name, hana.agency, hana.roles, (), leaves=True))
    assert roster.people == {name: person for name, person in before(home).people.items() if name != "hana"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (PersonChange("سارة", "Sara", "Editors", ("edit",), ()), "short_name_unfit"),
        (PersonChange("machine", "Sara", "Editors", ("edit",), ()), "short_name_unfit"),
        (PersonChange("sara", "Sara", "Editors", (), ()), "roles_missing"),
        (PersonChange("sara", "Sara", "Editors", ("edit",), (), "ssh-rsa AAAA"), "public_key_unfit"),
        (PersonChange("سارة", "Sara", "Editors", (), (), "-----BEGIN OPENSSH PRIVATE KEY-----"), "private_key_typed"),
        (PersonChange("sara", "Sara", "Editors", ("edit",), (), "b3BlbnNzaC1rZXktdjEAAAA"), "private_key_typed"),
    ],
)
def test_what_no_roster_can_hold_has_a_sentence_of_its_own(home: Home, change: PersonChange, code: str):
    with pytest.raises(Refusal, match=code):
        roster_with(home, change, DAY)


def test_who_has_a_role_and_not_what_it_needs_is_named_before(home: Home):
    sara = PersonChange("sara", "Sara", "Court", ("approve", "receive"), ())
    concerns = concerns_about(home, sara, roster_with(home, sara, DAY))
    assert [concern.code for concern in concerns] == ["signer_without_key", "sender_without_agency"]
    editor = PersonChange("sara", "Sara", "Editors", ("edit",), ())
    assert concerns_about(home, editor, roster_with(home, editor, DAY)) == []


def test_a_stolen_key_is_revoked_without_a_question(home: Home):
    dara = before(home).people["dara"]
    ends: dict[str, KeyEnd] = {fingerprint_of(dara.keys[0].text): "revoked"}
    change = PersonChange("dara", dara.name, dara.agency, dara.roles, (), ends=ends)
    assert concerns_about(home, change, roster_with(home, change, DAY)) == []


def in_words(home: Home, change: PersonChange) -> list[str]:
    return changes_in_words(before(home), changed(home, change), Words.load("en"))


def test_a_change_is_told_in_sentences_and_another_order_is_none(home: Home):
    karwan = before(home).people["karwan"]
    assert in_words(home, PersonChange("karwan", karwan.name, karwan.agency, karwan.roles[::-1], karwan.sources)) == []
    change = PersonChange("karwan", karwan.name, karwan.agency, ("receive", "edit"), ("iraq_judicial_council",))
    assert in_words(home, change) == [
        "Karwan, invented, from then on: edits the report.",
        "Karwan, invented sends from then on the files of: Higher Judicial Council, statistics section.",
        "Karwan, invented, no longer: approves acts.",
        "Karwan, invented no longer sends the files of: Ministry of Interior of the Kurdistan Region, "
        "directorate for combating trafficking in persons.",
    ]
    assert in_words(home, PersonChange("karwan", "", "", (), (), leaves=True)) == [
        "Karwan, invented leaves, and signs nothing more."
    ]


def test_names_and_keys_that_change_are_sentences(home: Home, tmp_path: Path):
    make_pair(tmp_path / "key")
    new, dara = public_of(tmp_path / "key"), before(home).people["dara"]
    ends: dict[str, KeyEnd] = {fingerprint_of(dara.keys[0].text): "ended"}
    change = PersonChange("dara", "Dara Two", dara.agency, dara.roles, (), new, ends)
    assert in_words(home, change) == [
        "Dara, invented is called from then on Dara Two, Ministry of Justice.",
        f"Dara Two: a key ends on 2026-12-01, {fingerprint_of(dara.keys[0].text)}.",
        f"Dara Two: a new key, {fingerprint_of(new)}.",
    ]


def test_what_no_sentence_tells_is_announced(home: Home):
    data = roster_path(home).read_bytes().replace(b"signatures: 2", b"signatures: 1", 1)
    words = Words.load("en")
    other = parse_roster(data, Path("people.yml"))
    assert changes_in_words(before(home), other, words) == [words.text("browser.roster.other")]
