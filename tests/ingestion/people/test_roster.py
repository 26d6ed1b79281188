"""Who may sign, from when until when: the roster's rules, and that OpenSSH reads them as the house does."""

from __future__ import annotations

import datetime
import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.home import Home
from ingestion.people import acts, founding
from ingestion.people.roster import (
    APPROVE,
    DEMO_PEOPLE,
    PREPARE,
    RECEIPT,
    ROLES,
    Roster,
    parse_roster,
    read_roster,
    roster_path,
)
from languages.refusal import Refusal
from samples import invented_people
from tests.conftest import HOUSE
from tests.ingestion.people.signers import (
    BEGIN,
    DAY,
    Pair,
    accepts,
    fresh_pair,
    key,
    person,
    roster_bytes,
    roster_of,
    signed_by,
)

DATA = b'{"kind":"publish"}'
PATH = Path("people.yml")
NAMESPACES = (PREPARE, APPROVE)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    folder = tmp_path_factory.mktemp("pairs")
    return [fresh_pair(folder, f"k{number}") for number in range(8)]


@pytest.fixture(scope="module")
def signatures(pairs: list[Pair]) -> dict[tuple[str, str], bytes]:
    """By public key and namespace."""
    return {(pair.public, space): signed_by(pair, DATA, space) for pair in pairs for space in NAMESPACES}


@pytest.fixture
def two(pairs: list[Pair]) -> dict[str, Any]:
    """The least house: somebody who prepares, somebody who approves."""
    return {"amina": person("amina", ["prepare"], key(pairs[0])), "dara": person("dara", ["approve"], key(pairs[1]))}


def _refusal(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        parse_roster(data, PATH)
    return refused.value


# What a roster must say


def test_the_least_house_is_legal(two: dict[str, Any]):
    roster = roster_of(two)
    assert (roster.signatures, list(roster.people)) == (2, ["amina", "dara"])


@pytest.mark.parametrize("blank", [None, "", "  ", []], ids=["null", "empty", "spaces", "list"])
@pytest.mark.parametrize("field", ["name", "agency", "roles", "keys"])
def test_each_blank_of_a_person_is_refused(two: dict[str, Any], field: str, blank: object):
    two["amina"][field] = blank
    refusal = _refusal(roster_bytes(two))
    if (field, blank) == ("keys", []):  # somebody who signs nothing needs no key, and then nobody prepares
        assert refusal.code == "people_too_few"
    else:
        assert refusal.code == "people_unreadable"
        assert "amina" in str(refusal.arguments["entry"])


@pytest.mark.parametrize("field", ["name", "agency", "roles", "keys"])
def test_each_missing_field_of_a_person_is_refused(two: dict[str, Any], field: str):
    del two["amina"][field]
    assert _refusal(roster_bytes(two)).code == "people_unreadable"


@pytest.mark.parametrize("field", ["key", "valid_after"])
@pytest.mark.parametrize("blank", [None, ""], ids=["null", "empty"])
def test_each_blank_of_a_key_is_refused(two: dict[str, Any], field: str, blank: object):
    two["dara"]["keys"][0][field] = blank
    assert _refusal(roster_bytes(two)).code == "people_unreadable"
    del two["dara"]["keys"][0][field]
    assert _refusal(roster_bytes(two)).code == "people_unreadable"


@pytest.mark.parametrize("field", ["person", "after", "before"])
def test_each_blank_of_a_deputy_is_refused(two: dict[str, Any], field: str):
    deputy: dict[str, Any] = {
        "person": "amina",
        "after": datetime.date(2026, 7, 1),
        "before": datetime.date(2026, 7, 3),
    }
    two["dara"]["deputies"] = [deputy]
    assert roster_of(two).people["dara"].deputies[0].person == "amina"
    deputy[field] = None
    assert _refusal(roster_bytes(two)).code == "people_unreadable"
    del deputy[field]
    assert _refusal(roster_bytes(two)).code == "people_unreadable"


# Whose files a person brings


@pytest.mark.parametrize("sources", [["iraq_judicial_council"], ["iraq_judicial_council", "iraq_labour_ministry"]])
def test_a_person_brings_files_of_known_senders(two: dict[str, Any], sources: list[str]):
    two["zeina"] = person("zeina", ["receive"], sources=sources)
    roster = roster_of(two)
    assert roster.people["zeina"].sources == tuple(sources)
    assert roster.sources_on("zeina", _day(BEGIN)) == sources
    assert roster.sources_on("amina", _day(BEGIN)) == roster.sources_on("nobody", _day(BEGIN)) == []


@pytest.mark.parametrize("blank", [None, []], ids=["null", "list"])
def test_who_brings_no_files_says_so_or_nothing(two: dict[str, Any], blank: object):
    two["zeina"] = person("zeina", ["receive"], sources=blank)
    assert roster_of(two).people["zeina"].sources == ()


@pytest.mark.parametrize(
    "sources",
    [
        ["iraq_health_ministry_of_nowhere"],
        ["iraq_judicial_council", "iraq_judicial_council"],
        ["iraq_judicial_council", None],
        ["../iraq_judicial_council"],
        [["iraq_judicial_council"]],
        "iraq_judicial_council",
        {"iraq_judicial_council": 1},
        3,
        "  ",
    ],
    ids=["unknown", "doubled", "null", "path", "nested", "text", "mapping", "number", "spaces"],
)
def test_senders_that_are_no_list_of_known_names_are_refused(two: dict[str, Any], sources: object):
    two["zeina"] = person("zeina", ["receive"], sources=sources)
    refusal = _refusal(roster_bytes(two))
    assert (refusal.code, refusal.arguments["entry"]) == ("people_unreadable", "zeina.sources")


def test_who_may_not_receive_brings_no_files(two: dict[str, Any]):
    two["amina"]["sources"] = ["iraq_judicial_council"]
    assert roster_of(two).sources_on("amina", _day(BEGIN)) == []


def test_a_deputy_acts_and_brings_files_in_those_days_only(two: dict[str, Any]):
    days = {"after": _day("2026-07-01"), "before": _day("2026-07-03")}
    two["zeina"] = person(
        "zeina", ["receive"], sources=["iraq_judicial_council"], deputies=[{"person": "dara", **days}]
    )
    two["dara"]["sources"] = ["iraq_labour_ministry"]  # without the role to bring them
    roster = roster_of(two)
    for day, is_deputy in (("2026-06-30", False), ("2026-07-01", True), ("2026-07-02", True), ("2026-07-03", False)):
        assert roster.sources_on("dara", _day(day)) == ["iraq_judicial_council"] * is_deputy, day
        assert roster.roles_on("dara", _day(day)) == {"approve"} | ({"receive"} if is_deputy else set()), day
    assert roster.roles_on("nobody", _day("2026-07-01")) == set()


@pytest.mark.parametrize("data", [b"", b"[]", b"people", b"\xff\xfe", b"people: {", b"signatures: 2\npeople: {}\n"])
def test_a_file_that_is_no_roster_is_refused(data: bytes):
    assert _refusal(data).code in ("people_unreadable", "people_too_few")


@pytest.mark.parametrize("signatures", [0, 3, -1, "2", True, 1.5, None, [2]], ids=repr)
def test_another_number_of_signatures_than_one_or_two_is_refused(two: dict[str, Any], signatures: object):
    assert _refusal(roster_bytes(two, signatures)).code == "people_unreadable"


@pytest.mark.parametrize(
    "name",
    ["Amina", "a", "amina dara", "amina,dara", "*", "a*", "!dara", "amina\n", "#amina", '"amina"', "-amina", "أمينة"],
)
def test_a_short_name_that_openssh_would_read_as_more_than_one_person_is_refused(two: dict[str, Any], name: str):
    assert _refusal(roster_bytes({name: two["amina"], "dara": two["dara"]})).code == "people_unreadable"


def test_an_unknown_field_and_an_unknown_role_are_refused(two: dict[str, Any]):
    for changed in ({"role": ["approve"]}, {"roles": ["prepare", "director"]}, {"roles": "prepare"}):
        people = {**two, "amina": {**two["amina"], **changed}}
        assert _refusal(roster_bytes(people)).code == "people_unreadable"
    two["amina"]["keys"][0]["valid_befor"] = datetime.date(2026, 1, 1)
    assert _refusal(roster_bytes(two)).code == "people_unreadable"


def test_a_person_who_stands_twice_is_refused(two: dict[str, Any], pairs: list[Pair]):
    again = yaml.safe_dump({"amina": person("amina", ["prepare"], key(pairs[2]))}, sort_keys=False)
    twice = roster_bytes(two) + "".join(f"  {line}\n" for line in again.splitlines()).encode()
    assert _refusal(twice).code == "people_unreadable"


def test_a_key_at_two_persons_is_refused_and_a_second_key_of_a_person_is_not(two: dict[str, Any], pairs: list[Pair]):
    two["amina"]["keys"].append(key(pairs[2]))
    assert len(roster_of(two).people["amina"].keys) == 2
    two["dara"]["keys"].append(key(pairs[2]))
    assert _refusal(roster_bytes(two)).code == "people_unreadable"


def test_a_key_at_two_persons_is_refused_although_it_ended_at_the_first(two: dict[str, Any], pairs: list[Pair]):
    two["amina"]["keys"].append(key(pairs[2], before="2025-06-01"))
    two["dara"]["keys"].append(key(pairs[2], after="2025-06-01"))
    assert _refusal(roster_bytes(two)).code == "people_unreadable"


def test_a_key_that_openssh_cannot_read_is_refused(two: dict[str, Any], pairs: list[Pair]):
    public = pairs[0].public
    for text in (public[:-4] + "AAA", public + "=", public.replace("AAAAC3", "AAAAB3"), "ssh-rsa " + public.split()[1],
                 "ssh-ed25519 " + "A" * 68, "ssh-ed25519", "cert-authority " + public):  # fmt: skip
        two["amina"]["keys"][0]["key"] = text
        assert _refusal(roster_bytes(two)).code == "people_unreadable", text


def test_the_comment_of_a_key_is_not_part_of_it(two: dict[str, Any], pairs: list[Pair]):
    plain = roster_of(two).allowed_signers()
    two["amina"]["keys"][0]["key"] += " amina@desk namespaces=* cert-authority\n* " + pairs[2].public
    assert roster_of(two).allowed_signers() == plain


@pytest.mark.parametrize("before", ["2025-01-01", "2024-12-31"])
def test_a_key_that_ends_before_it_begins_is_refused(two: dict[str, Any], pairs: list[Pair], before: str):
    two["amina"]["keys"].append(key(pairs[2], before="2025-01-02"))
    roster_of(two)
    two["amina"]["keys"][-1] = key(pairs[2], before=before)
    assert _refusal(roster_bytes(two)).code == "people_unreadable"


@pytest.mark.parametrize("who", ["amina", "nobody"], ids=["herself", "unknown"])
def test_a_deputy_who_is_nobody_else_is_refused(two: dict[str, Any], who: str):
    days = {"after": datetime.date(2026, 7, 1), "before": datetime.date(2026, 7, 3)}
    two["amina"]["deputies"] = [{"person": who, **days}]
    assert _refusal(roster_bytes(two)).code == "people_unreadable"
    two["amina"]["deputies"] = [{"person": "dara", **days, "before": days["after"]}]
    assert _refusal(roster_bytes(two)).code == "people_unreadable"


# How many are needed


def test_a_house_in_which_nobody_could_approve_is_refused(two: dict[str, Any], pairs: list[Pair]):
    for roles in (["prepare"], ["receive"], ["administer", "edit"]):
        people = {**two, "dara": {**two["dara"], "roles": roles}}
        assert _refusal(roster_bytes(people)).code == "people_too_few"
    alone = {"amina": person("amina", ["prepare", "approve", "recover"], key(pairs[0]), key(pairs[1]))}
    assert _refusal(roster_bytes(alone)).code == "people_too_few"
    assert roster_of(alone, 1).signatures == 1


def test_a_house_of_one_signature_needs_somebody_who_prepares(pairs: list[Pair]):
    assert roster_of({"amina": person("amina", ["prepare"], key(pairs[0]))}, 1).may("amina", PREPARE, _day(BEGIN))
    refusal = _refusal(roster_bytes({"amina": person("amina", ["approve"], key(pairs[0]))}, 1))
    assert refusal.code == "people_too_few"


def test_a_house_whose_approver_has_only_a_revoked_key_is_refused(two: dict[str, Any], pairs: list[Pair]):
    two["dara"]["keys"] = [key(pairs[1], revoked="2025-05-05")]
    assert _refusal(roster_bytes(two)).code == "people_too_few"


# From when until when


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "is_valid"),
    [("2025-12-31", False), ("2026-01-01", True), ("2027-12-31", True), ("2028-01-01", False), ("2028-01-02", False)],
)
def test_a_key_signs_from_its_first_day_until_the_day_before_its_end(
    two: dict[str, Any],
    pairs: list[Pair],
    signatures: dict[tuple[str, str], bytes],
    tmp_path: Path,
    *,
    day: str,
    is_valid: bool,
):
    two["amina"]["keys"] = [key(pairs[0], "2026-01-01", "2028-01-01")]
    roster = roster_of(two)
    assert ("amina" in roster.who_may(PREPARE, _day(day))) is is_valid
    for hour in ("000000", "120000", "235959"):
        moment = day.replace("-", "") + hour + "Z"
        signature = signatures[pairs[0].public, PREPARE]
        asked = accepts(tmp_path, roster.allowed_signers(), "amina", PREPARE, DATA, signature, moment=moment)
        assert asked is is_valid, moment


def test_the_days_of_a_key_are_the_same_in_every_time_zone(
    two: dict[str, Any], pairs: list[Pair], signatures: dict[tuple[str, str], bytes], tmp_path: Path
):
    two["amina"]["keys"] = [key(pairs[0], "2026-01-01", "2028-01-01")]
    allowed, signature = roster_of(two).allowed_signers(), signatures[pairs[0].public, PREPARE]
    moments = ("20251231235959Z", "20260101000000Z", "20271231235959Z", "20280101000000Z")
    for zone in ("UTC", "Asia/Baghdad", "America/New_York"):
        accepted = [
            accepts(tmp_path, allowed, "amina", PREPARE, DATA, signature, moment=moment, zone=zone)
            for moment in moments
        ]
        assert accepted == [False, True, True, False], zone


def test_what_was_signed_before_an_end_stays_good_and_nothing_of_a_revoked_key_does(
    two: dict[str, Any], pairs: list[Pair], signatures: dict[tuple[str, str], bytes], tmp_path: Path
):
    two["amina"]["keys"] = [key(pairs[0], before="2026-01-01"), key(pairs[2], revoked="2026-01-01"), key(pairs[3])]
    roster = roster_of(two)

    def is_good(pair: Pair, day: str) -> bool:
        moment, signature = day.replace("-", "") + "120000Z", signatures[pair.public, PREPARE]
        return accepts(tmp_path, roster.allowed_signers(), "amina", PREPARE, DATA, signature, moment=moment)

    assert [is_good(pairs[0], day) for day in ("2025-06-01", "2026-06-01")] == [True, False]
    assert [is_good(pairs[2], day) for day in ("2025-06-01", "2026-06-01")] == [False, False]
    assert any(line.startswith("# revoked 2026-01-01: amina ") for line in roster.allowed_signers().splitlines())


def test_a_deputy_acts_from_the_first_day_until_the_last(
    two: dict[str, Any], pairs: list[Pair], signatures: dict[tuple[str, str], bytes], tmp_path: Path
):
    two["hana"] = person("hana", ["edit"], key(pairs[2]))
    two["dara"]["deputies"] = [{"person": "hana", "after": _day("2026-07-01"), "before": _day("2026-07-15")}]
    roster = roster_of(two)
    days = ["2026-06-30", "2026-07-01", "2026-07-14", "2026-07-15"]
    assert [roster.may("hana", APPROVE, _day(day)) for day in days] == [False, True, True, False]
    assert not any(roster.may("hana", PREPARE, _day(day)) for day in days)  # the roles of dara, and no others
    assert all(roster.may("dara", APPROVE, _day(day)) for day in days)
    for day, hour in itertools.product(days, ("000000", "235959")):
        moment = day.replace("-", "") + hour + "Z"
        signature = signatures[pairs[2].public, APPROVE]
        accepted = accepts(tmp_path, roster.allowed_signers(), "hana", APPROVE, DATA, signature, moment=moment)
        assert accepted is roster.may("hana", APPROVE, _day(day)), moment


def test_a_deputy_does_not_pass_on_what_she_stands_in_for(two: dict[str, Any], pairs: list[Pair]):
    days = {"after": _day("2026-07-01"), "before": _day("2026-07-15")}
    two["hana"] = person("hana", ["edit"], key(pairs[2]), deputies=[{"person": "layla", **days}])
    two["layla"] = person("layla", ["receive"], key(pairs[3]))
    two["dara"]["deputies"] = [{"person": "hana", **days}]
    roster = roster_of(two)
    assert roster.may("hana", APPROVE, _day("2026-07-02"))
    assert not roster.may("layla", APPROVE, _day("2026-07-02"))


def test_a_deputy_needs_a_valid_key_of_her_own(two: dict[str, Any], pairs: list[Pair]):
    days = {"after": _day("2026-07-01"), "before": _day("2026-07-15")}
    two["hana"] = person("hana", ["edit"], key(pairs[2], before="2026-07-10"))
    two["dara"]["deputies"] = [{"person": "hana", **days}]
    roster = roster_of(two)
    assert "hana" in roster.who_may(APPROVE, _day("2026-07-09"))
    assert "hana" not in roster.who_may(APPROVE, _day("2026-07-10"))


# For what


@pytest.mark.parametrize("role", list(ROLES))
def test_each_role_signs_for_its_purposes_and_for_no_other(
    two: dict[str, Any], pairs: list[Pair], signatures: dict[tuple[str, str], bytes], tmp_path: Path, role: str
):
    expected = {"prepare": {PREPARE}, "approve": {APPROVE}, "recover": {PREPARE, APPROVE}}.get(role, set[str]())
    two["hana"] = person("hana", [role], key(pairs[2]))
    roster = roster_of(two)
    for space in NAMESPACES:
        assert roster.may("hana", space, _day(BEGIN)) is (space in expected)
        signature = signatures[pairs[2].public, space]
        moment = "20250101120000Z"
        accepted = accepts(tmp_path, roster.allowed_signers(), "hana", space, DATA, signature, moment=moment)
        assert accepted is (space in expected)
    assert roster.recovers("hana") is (role == "recover")


def test_no_person_signs_in_the_place_of_the_machine(two: dict[str, Any], pairs: list[Pair], tmp_path: Path):
    two["hana"] = person("hana", list(ROLES), key(pairs[2]))
    roster, signature = roster_of(two), signed_by(pairs[2], DATA, RECEIPT)
    assert not roster.may("hana", RECEIPT, _day(BEGIN))
    assert not accepts(tmp_path, roster.allowed_signers(), "hana", RECEIPT, DATA, signature)
    assert not accepts(tmp_path, roster.allowed_signers(), "hana", "git", DATA, signed_by(pairs[2], DATA, "git"))


# OpenSSH and the house agree about any roster

DAYS = st.dates(_day("2025-01-01"), _day("2025-01-12"))


@st.composite
def _legal_rosters(draw: st.DrawFn) -> dict[str, Any]:
    """A legal roster; the keys are numbers, for the pairs of the module."""
    names = ["amina", "dara", *draw(st.lists(st.sampled_from(["hana", "karwan"]), unique=True))]
    numbers = iter(draw(st.permutations(range(8))))
    people: dict[str, Any] = {}
    for name in names:
        roles = set(draw(st.lists(st.sampled_from(list(ROLES)), min_size=1, max_size=2)))
        roles |= {"amina": {"prepare"}, "dara": {"approve"}}.get(name, set())
        keys: list[dict[str, Any]] = []
        for number in itertools.islice(numbers, draw(st.integers(1, 2))):
            after = draw(DAYS)
            before = draw(st.none() | st.integers(1, 6).map(lambda length, after=after: after + length * DAY))
            is_spare = bool(keys)  # the first is never revoked, so that the house can act
            revoked = draw(st.none() | DAYS) if is_spare else None
            keys.append({"key": number, "valid_after": after, "valid_before": before, "revoked": revoked})
        deputies: list[dict[str, Any]] = []
        for other in draw(st.lists(st.sampled_from([other for other in names if other != name]), max_size=2)):
            after = draw(DAYS)
            deputies.append({"person": other, "after": after, "before": after + draw(st.integers(1, 5)) * DAY})
        people[name] = person(name, sorted(roles), *keys, deputies=deputies)
    return people


def _may(people: dict[str, Any], name: str, namespace: str, day: datetime.date) -> bool:
    """What the docstrings of the roster promise, told once more."""
    roles = set(people[name]["roles"])
    for other in people.values():
        for deputy in other["deputies"]:
            if deputy["person"] == name and deputy["after"] <= day < deputy["before"]:
                roles |= set(other["roles"])
    return any(namespace in ROLES[role] for role in roles)


def _is_valid(entry: dict[str, Any], day: datetime.date) -> bool:
    ended = entry["valid_before"] is not None and day >= entry["valid_before"]
    return not entry["revoked"] and entry["valid_after"] <= day and not ended


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=_legal_rosters(), data=st.data())
def test_openssh_accepts_exactly_what_the_roster_says(
    pairs: list[Pair],
    signatures: dict[tuple[str, str], bytes],
    tmp_path: Path,
    people: dict[str, Any],
    data: st.DataObject,
):
    written = {
        name: {**entry, "keys": [{**_given(known), "key": pairs[known["key"]].public} for known in entry["keys"]]}
        for name, entry in people.items()
    }
    roster = roster_of(written)
    for _ in range(5):
        name, space = data.draw(st.sampled_from(list(people))), data.draw(st.sampled_from(NAMESPACES))
        day, known = data.draw(DAYS), data.draw(st.sampled_from(people[name]["keys"]))
        asked = data.draw(st.sampled_from([name, *people]))
        assert roster.may(name, space, day) == _may(people, name, space, day)
        moment = f"{day:%Y%m%d}{data.draw(st.sampled_from(['000000', '235959']))}Z"
        signature = signatures[pairs[known["key"]].public, space]
        accepted = accepts(tmp_path, roster.allowed_signers(), asked, space, DATA, signature, moment=moment)
        assert accepted == (asked == name and _is_valid(known, day) and _may(people, name, space, day))
        has_key = any(_is_valid(entry, day) for entry in people[name]["keys"])
        assert (name in roster.who_may(space, day)) == (has_key and _may(people, name, space, day))
        assert name not in roster.who_may(space, day, name)


def _given(entry: dict[str, Any]) -> dict[str, Any]:
    return {field: content for field, content in entry.items() if content is not None}


# Founding, and a roster edited by hand


@pytest.fixture
def real(tmp_path: Path) -> Home:
    return Home(tmp_path / "real").open()


@pytest.fixture
def invented(tmp_path: Path) -> Home:
    return Home(tmp_path / "invented").open(invented=True)


def _found(home: Home, data: bytes) -> Roster:
    with home.lock("test"):
        return founding.found(home, data, PATH)


def test_a_house_without_people_says_so(real: Home):
    with pytest.raises(Refusal, match="people_missing"):
        read_roster(real)


def test_a_house_is_founded_once(real: Home, two: dict[str, Any], pairs: list[Pair]):
    _found(real, roster_bytes(two))
    assert set(acts.read_people(real).people) == {"amina", "dara"}
    before = roster_path(real).read_bytes()
    with pytest.raises(Refusal, match="people_founded"):
        _found(real, roster_bytes({**two, "hana": person("hana", ["recover"], key(pairs[2]))}))
    assert roster_path(real).read_bytes() == before


def test_a_house_cannot_be_founded_again_where_its_roster_was_removed(
    real: Home, two: dict[str, Any], pairs: list[Pair]
):
    _found(real, roster_bytes(two))
    roster_path(real).unlink()
    with pytest.raises(Refusal):
        _found(real, roster_bytes({**two, "hana": person("hana", ["recover"], key(pairs[2]))}))


def test_a_real_house_refuses_the_keys_of_the_demo(real: Home, two: dict[str, Any]):
    data = (HOUSE / "samples/people/people.yml").read_bytes()
    with pytest.raises(Refusal, match="key_is_invented"):
        _found(real, data)
    for public, extra in itertools.product(DEMO_PEOPLE.values(), ({}, {"valid_before": _day("2025-02-01")})):
        entry = {"key": public, "valid_after": _day(BEGIN), **extra}
        people = {**two, "zeina": person("zeina", ["receive"], entry)}
        with pytest.raises(Refusal, match="key_is_invented"):
            _found(real, roster_bytes(people))
    assert not roster_path(real).exists()


def test_the_keys_of_the_demo_are_those_of_its_roster_and_of_its_private_keys(invented: Home):
    with invented.lock("test"):
        roster = invented_people.found(invented)
    assert len(roster.people) == len(DEMO_PEOPLE) == 5
    assert {name: someone.keys[0].text for name, someone in roster.people.items()} == dict(DEMO_PEOPLE)
    for name in DEMO_PEOPLE:
        assert invented_people.signature_of(name, DATA, PREPARE).startswith(b"-----BEGIN SSH SIGNATURE-----")


def test_a_demo_home_that_is_declared_real_refuses_its_people(invented: Home, real: Home):
    with invented.lock("test"):
        invented_people.found(invented)
    shutil.copy(roster_path(invented), roster_path(real))
    with pytest.raises(Refusal, match="key_is_invented"):
        read_roster(real)


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: data.replace(b"signatures: 2", b"signatures: 1"),
        lambda data: data.replace(b"roles:\n    - prepare", b"roles:\n    - recover"),
        lambda data: data + b"# nothing\n",
    ],
    ids=["fewer signatures", "a role", "a remark"],
)
def test_a_roster_edited_by_hand_is_refused(real: Home, two: dict[str, Any], edit: Callable[[bytes], bytes]):
    _found(real, roster_bytes(two))
    path = roster_path(real)
    changed = edit(path.read_bytes())
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    with pytest.raises(Refusal, match="people_edited"):
        acts.read_people(real)
