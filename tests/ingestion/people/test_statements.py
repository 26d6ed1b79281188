"""Statements elsewhere: what somebody believes who has a folder, the allowed signers, perhaps an older statement."""

from __future__ import annotations

import dataclasses
import datetime
import os
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingestion.people import statements
from ingestion.people.acts import ACT, APPROVED, PREPARED, STATEMENT, Act
from ingestion.people.roster import APPROVE, PREPARE, RECEIPT, SNAPSHOT
from ingestion.people.statements import CheckedStatement, Trust, lines_to_verify, manner_of, read_trust
from languages.refusal import Refusal
from tests.ingestion.people.signers import DAY, Pair, fresh_pair, key, person, roster_of, signed_by

TODAY = datetime.date(2026, 3, 2)
ABOUT = {"releases/four_ps_national/000001-abcdefabcdef/manifest.json": "0" * 64}
check = partial(statements.check, kinds=statements.OF_RELEASE)
NO_LINES = "0:" + "e" * 64


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("pairs")
    return {name: fresh_pair(folder, name) for name in ("amina", "amina2", "dara", "hana", "stranger")}


def _people(pairs: dict[str, Pair]) -> dict[str, Any]:
    return {
        "amina": person("amina", ["prepare", "approve"], key(pairs["amina"]), key(pairs["amina2"])),
        "dara": person("dara", ["approve"], key(pairs["dara"])),
        "hana": person("hana", ["recover"], key(pairs["hana"])),
    }


@pytest.fixture
def trust(pairs: dict[str, Pair]) -> Trust:
    return Trust(roster_of(_people(pairs)).allowed_signers())


def _act(number: int = 1, **changes: Any) -> Act:  # noqa: ANN401 - fields of an act
    plain = Act(
        kind="publish", home="a" * 64, number=number, day=TODAY.isoformat(), prepared_by="amina", reason="the year",
        about=ABOUT, before={"ledger": NO_LINES}, after={"ledger": "2:" + "1" * 64},
        next_due=(TODAY + 366 * DAY).isoformat(), earlier=tuple("f" * 64 for _ in range(number - 1)),
    )  # fmt: skip
    return dataclasses.replace(plain, **changes)


def _write(
    folder: Path, act: Act, pairs: dict[str, Pair], prepared: str = "amina", approved: str = "dara", **spaces: str
) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / STATEMENT[ACT]).write_bytes(act.content)
    for file, name, space in ((PREPARED, prepared, PREPARE), (APPROVED, approved, APPROVE)):
        if name:
            signature = signed_by(pairs[name], act.content, spaces.get(space.split("@")[0], space))
            (folder / STATEMENT[file]).write_bytes(signature)
    return folder


def _codes(checked: CheckedStatement) -> list[str]:
    return [refusal.code for refusal in checked.problems]


def test_a_statement_of_two_holds(tmp_path: Path, pairs: dict[str, Pair], trust: Trust):
    checked = check(_write(tmp_path / "a", _act(), pairs), ABOUT, trust)
    assert (checked.prepared_by, checked.approved_by, checked.problems) == ("amina", "dara", [])
    checked = check(_write(tmp_path / "b", _act(), pairs, "amina2", "hana"), ABOUT, trust)
    assert (checked.prepared_by, checked.approved_by, checked.problems) == ("amina", "hana", [])


@pytest.mark.parametrize("missing", [PREPARED, APPROVED])
def test_a_statement_of_which_a_signature_is_missing_proves_nothing(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust, missing: str
):
    folder = _write(tmp_path / "a", _act(), pairs)
    (folder / STATEMENT[missing]).unlink()
    assert _codes(check(folder, ABOUT, trust)) == ["signature_of_nobody"]


@pytest.mark.parametrize(
    ("prepared", "approved"),
    [("amina", "amina"), ("amina", "amina2"), ("amina2", "amina"), ("hana", "hana"), ("dara", "hana"), ("hana", "dara"),
     ("stranger", "dara"), ("amina", "stranger"), ("hana", "amina")],
)  # fmt: skip
def test_other_hands_than_preparer_and_approver_prove_nothing(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust, prepared: str, approved: str
):
    assert check(_write(tmp_path / "a", _act(), pairs, prepared, approved), ABOUT, trust).problems


def test_the_right_keys_for_other_purposes_prove_nothing(tmp_path: Path, pairs: dict[str, Pair], trust: Trust):
    wrong = [
        ("prepare", RECEIPT),
        ("approve", SNAPSHOT),
        ("prepare", APPROVE),
        ("approve", PREPARE),
        ("approve", "git"),
    ]
    for purpose, space in wrong:
        folder = _write(tmp_path / "a", _act(), pairs, **{purpose: space})
        assert "signature_of_nobody" in _codes(check(folder, ABOUT, trust))


def test_one_person_cannot_say_that_one_signature_is_enough(tmp_path: Path, pairs: dict[str, Pair], trust: Trust):
    """How many must sign is a rule of the house, not of the statement that somebody forges with one key."""
    folder = _write(tmp_path / "a", _act(signatures=1), pairs, approved="")
    assert check(folder, ABOUT, trust).problems


def test_one_signature_is_enough_where_the_house_has_one(tmp_path: Path, pairs: dict[str, Pair]):
    trust = Trust(roster_of(_people(pairs), 1).allowed_signers())
    checked = check(_write(tmp_path / "a", _act(signatures=1), pairs, approved=""), ABOUT, trust)
    assert (checked.prepared_by, checked.approved_by, checked.problems) == ("amina", "", [])


def test_a_statement_about_other_bytes_proves_nothing(tmp_path: Path, pairs: dict[str, Pair], trust: Trust):
    for about in ({next(iter(ABOUT)): "2" * 64}, {}, {"releases/other/000001-abcdefabcdef/manifest.json": "0" * 64}):
        folder = _write(tmp_path / "a", _act(about=about), pairs)
        assert _codes(check(folder, ABOUT, trust)) == ["statement_of_other_bytes"]


def test_a_missing_or_changed_statement_is_none(tmp_path: Path, pairs: dict[str, Pair], trust: Trust):
    (tmp_path / "empty").mkdir()
    assert _codes(check(tmp_path / "empty", ABOUT, trust)) == ["statement_missing"]
    folder = _write(tmp_path / "a", _act(), pairs)
    path = folder / STATEMENT[ACT]
    data = path.read_bytes()
    path.write_bytes(data.replace(b"the year", b"the YEAR"))
    assert set(_codes(check(folder, ABOUT, trust))) == {"signature_of_nobody"}
    for other in (b"", b"{}", b"\xff", data + b"\n", data.replace(b'":', b'": ')):
        path.write_bytes(other)
        assert _codes(check(folder, ABOUT, trust)) == ["act_unreadable"]


def test_a_signer_of_another_day_proves_nothing_and_an_ended_key_of_its_own_day_does(
    tmp_path: Path, pairs: dict[str, Pair]
):
    people = _people(pairs)
    folder = _write(tmp_path / "a", _act(), pairs)
    for after, before, holds in (
        ("2025-01-01", "2026-03-03", True),
        ("2026-03-02", "2026-03-03", True),
        ("2025-01-01", "2026-03-02", False),
        ("2026-03-03", "2027-01-01", False),
    ):
        people["dara"]["keys"] = [key(pairs["dara"], after, before)]
        codes = _codes(check(folder, ABOUT, Trust(roster_of(people).allowed_signers())))
        assert codes == ([] if holds else ["signature_of_nobody"]), after


@pytest.mark.parametrize("name", ["amina", "dara"])
def test_nothing_of_a_revoked_key_is_good_by_itself(tmp_path: Path, pairs: dict[str, Pair], name: str):
    people = _people(pairs)
    people[name]["keys"] = [key(pairs[name], revoked="2026-06-01"), key(pairs["stranger"])]
    checked = check(_write(tmp_path / "a", _act(), pairs), ABOUT, Trust(roster_of(people).allowed_signers()))
    assert _codes(checked) == ["signer_revoked"]
    assert checked.problems[0].arguments == {"person": name, "day": "2026-06-01"}


def test_who_was_revoked_is_not_blamed_for_the_signature_of_another(tmp_path: Path, pairs: dict[str, Pair]):
    """Nor is a signature of nobody excused by a statement held before because somebody's key was revoked."""
    people = _people(pairs)
    people["hana"]["keys"] = [key(pairs["hana"], revoked="2026-06-01")]
    people["amina"]["keys"] = [key(pairs["amina"]), key(pairs["amina2"], revoked="2026-06-02")]
    act = _act()
    trust = Trust(roster_of(people).allowed_signers(), held=act)
    for prepared, approved in (("amina", "stranger"), ("amina", ""), ("stranger", "dara")):
        shutil.rmtree(tmp_path / "a", ignore_errors=True)
        folder = _write(tmp_path / "a", act, pairs, prepared, approved)
        assert _codes(check(folder, ABOUT, trust)) == ["signature_of_nobody"]
    (refusal,) = check(_write(tmp_path / "b", act, pairs, "amina2"), ABOUT, Trust(trust.allowed_signers)).problems
    assert (refusal.code, refusal.arguments["day"]) == ("signer_revoked", "2026-06-02")


def test_of_a_revoked_key_what_a_statement_held_before_names_stays_good(tmp_path: Path, pairs: dict[str, Pair]):
    people = _people(pairs)
    people["dara"]["keys"] = [key(pairs["dara"], revoked="2026-06-01"), key(pairs["stranger"])]
    act, _, later = _row()
    folder = _write(tmp_path / "a", act, pairs)
    allowed = roster_of(people).allowed_signers()
    for held in (act, later):
        assert check(folder, ABOUT, Trust(allowed, held)).problems == []
    assert _codes(check(folder, ABOUT, Trust(allowed, held=_act(reason="forged")))) != []


# What lies there is no statement of this, or no file


@pytest.mark.parametrize("kind", ["withdraw", "publish_report", "people", "forget"])
def test_what_two_signed_for_something_else_says_nothing_for_data(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust, kind: str
):
    folder = _write(tmp_path / "a", _act(kind=kind), pairs)
    assert _codes(check(folder, ABOUT, trust)) == ["statement_of_another_kind"]


@pytest.mark.parametrize("file", [ACT, PREPARED, APPROVED])
@pytest.mark.parametrize("other", ["pipe", "link", "device", "folder"])
def test_a_statement_is_a_file_and_nothing_else_is_waited_for_or_followed(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust, file: str, other: str
):
    folder = _write(tmp_path / "a", _act(), pairs)
    path, aside = folder / STATEMENT[file], tmp_path / "aside"
    path.rename(aside)
    if other == "pipe":
        os.mkfifo(path)
    elif other == "folder":
        path.mkdir()
    else:
        path.symlink_to(aside if other == "link" else "/dev/zero")
    expected = "name_leads_out" if file == ACT else "signature_of_nobody"
    assert _codes(check(folder, ABOUT, trust)) == [expected]


def test_a_statement_without_end_is_not_read(tmp_path: Path, pairs: dict[str, Pair], trust: Trust):
    folder = _write(tmp_path / "a", _act(), pairs)
    with (folder / STATEMENT[ACT]).open("r+b") as file:
        file.truncate(2**32)
    assert _codes(check(folder, ABOUT, trust)) == ["bytes_changed"]


@pytest.mark.parametrize("more", [b"Approved for publication.\n", b"-----END SSH SIGNATURE-----\n"])
def test_words_behind_a_signature_make_it_none(tmp_path: Path, pairs: dict[str, Pair], trust: Trust, more: bytes):
    folder = _write(tmp_path / "a", _act(), pairs)
    path = folder / STATEMENT[APPROVED]
    path.write_bytes(path.read_bytes() + more)
    assert _codes(check(folder, ABOUT, trust)) == ["signature_of_nobody"]


def test_who_holds_a_withdrawal_is_not_shown_the_release_again(tmp_path: Path, pairs: dict[str, Pair], trust: Trust):
    act = _act()
    withdrawal = _act(2, kind="withdraw", earlier=(act.sha256,), before=act.after)
    folder = _write(tmp_path / "a", act, pairs)
    assert _codes(check(folder, ABOUT, Trust(trust.allowed_signers, withdrawal))) == ["statement_contradicts"]
    later = _act(
        3, kind="publish_report", earlier=(act.sha256, withdrawal.sha256), before=act.after,
        facts={"withdrawn": ["four_ps_national/000001-abcdefabcdef"]},
    )  # fmt: skip
    assert _codes(check(folder, ABOUT, Trust(trust.allowed_signers, later))) == ["statement_contradicts"]
    other = dataclasses.replace(later, facts={"withdrawn": ["four_ps_national/000002-abcdefabcdef"]})
    assert _codes(check(folder, ABOUT, Trust(trust.allowed_signers, other))) == []
    tombstone = {**ABOUT, "releases/four_ps_national/000001-abcdefabcdef/TOMBSTONE.json": "1" * 64}
    buried = dataclasses.replace(withdrawal, about=tombstone)
    later = dataclasses.replace(later, earlier=(act.sha256, buried.sha256))
    folder = _write(tmp_path / "b", buried, pairs)
    checked = statements.check(folder, tombstone, Trust(trust.allowed_signers, later), statements.OF_TOMBSTONE)
    assert _codes(checked) == []


# Held before


def _follows(act: Act, held: Act, folder: Path, pairs: dict[str, Pair], trust: Trust) -> bool:
    checked = check(_write(folder, act, pairs), ABOUT, Trust(trust.allowed_signers, held))
    assert set(_codes(checked)) <= {"statement_contradicts"}
    return not checked.problems


AFTER = {"ledger": "3:" + "2" * 64}


def _row() -> tuple[Act, Act, Act]:
    """Three statements of a house in one row; the second and third are a day later each."""
    first = _act()
    second = _act(
        2, earlier=(first.sha256,), day=(TODAY + DAY).isoformat(), reason="late cases", before=first.after, after={}
    )
    third = _act(
        3,
        earlier=(first.sha256, second.sha256),
        day=(TODAY + 2 * DAY).isoformat(),
        before=first.after,
        after=AFTER,
    )
    return first, second, third


def test_whoever_holds_a_statement_recognises_every_honest_one_before_and_after_it(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust
):
    row = _row()
    for held in row:
        for act in row:
            assert _follows(act, held, tmp_path / "a", pairs, trust), (held.number, act.number)


@pytest.mark.parametrize(
    "changes",
    [
        {"home": "b" * 64},
        {"earlier": ("c" * 64, "d" * 64)},
        {"earlier": ("c" * 64,) * 3, "number": 4},
        {"day": (TODAY - DAY).isoformat()},
        {"before": {"ledger": "1:" + "1" * 64}},
        {"before": {"ledger": "2:" + "9" * 64}},
    ],
    ids=["home", "earlier", "earlier far", "day", "lost line", "changed line"],
)
def test_a_statement_that_cannot_follow_the_held_one_contradicts_it(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust, changes: dict[str, Any]
):
    first, _, third = _row()
    assert not _follows(dataclasses.replace(third, **changes), first, tmp_path / "a", pairs, trust)


def test_an_honest_statement_after_a_past_that_was_rewritten_contradicts_the_held_one(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust
):
    """A withdrawal is dropped, sham acts take its place, and two who know nothing of it sign what comes next."""
    first, held, third = _row()
    shams = [_act(number, kind="people", signatures=1, reason="house keeping") for number in (2, 3)]
    past = (first.sha256, *(sham.sha256 for sham in shams))
    later = (TODAY + 3 * DAY).isoformat()
    for number in (3, 4):
        act = dataclasses.replace(third, number=number, earlier=past[: number - 1], day=later)
        assert not _follows(act, held, tmp_path / "a", pairs, trust), number


def test_a_row_that_names_the_held_statement_after_another_past_contradicts_it(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust
):
    _, held, third = _row()
    act = dataclasses.replace(third, earlier=("c" * 64, held.sha256))
    assert not _follows(act, held, tmp_path / "a", pairs, trust)


def test_an_older_statement_that_the_held_one_does_not_name_contradicts_it(
    tmp_path: Path, pairs: dict[str, Pair], trust: Trust
):
    first, _, third = _row()
    assert not _follows(dataclasses.replace(first, reason="told otherwise"), third, tmp_path / "a", pairs, trust)


# What a reader types


def test_the_files_of_a_reader_are_read_or_refused(tmp_path: Path, trust: Trust):
    people, held = tmp_path / "allowed_signers", tmp_path / "held.json"
    with pytest.raises(Refusal, match="file_missing"):
        read_trust(people, None)
    people.write_text(trust.allowed_signers, encoding="utf-8")
    assert read_trust(people, None) == trust
    with pytest.raises(Refusal, match="file_missing"):
        read_trust(people, held)
    held.write_bytes(b"{}")
    with pytest.raises(Refusal, match="act_unreadable"):
        read_trust(people, held)
    held.write_bytes(_act().content)
    assert read_trust(people, held).held == _act()
    with pytest.raises(Refusal, match="act_unreadable"):
        read_trust(people, tmp_path)
    people.write_bytes(b"\xff\xfe")
    for path in (people, tmp_path):
        with pytest.raises(Refusal, match="signers_unreadable"):
            read_trust(path, None)


def test_an_empty_list_of_signers_trusts_nobody(tmp_path: Path, pairs: dict[str, Pair]):
    folder = _write(tmp_path / "a", _act(), pairs)
    for allowed in ("", "\n", "# nobody\n", "amina\n", 'amina namespaces="prepare@marsad"\n'):
        assert _codes(check(folder, ABOUT, Trust(allowed))) == ["signature_of_nobody"] * 2


def test_a_release_says_the_lines_that_check_it(tmp_path: Path):
    lines = lines_to_verify(_act(), "dara")
    assert [("-I amina -n prepare@marsad" in line, "-I dara -n approve@marsad" in line) for line in lines] == [
        (True, False),
        (False, True),
    ]
    assert len(lines_to_verify(_act(signatures=1), "")) == 1


def test_the_weakest_manner_in_which_anything_of_a_report_was_signed_is_told(tmp_path: Path, pairs: dict[str, Pair]):
    two = _write(tmp_path / "two", _act(), pairs)
    recovery = _write(tmp_path / "recovery", _act(facts={"recovery": True}), pairs, "hana")
    alone = _write(tmp_path / "alone", _act(signatures=1), pairs, approved="")
    unsigned = tmp_path / "of before the house had people"
    assert [manner_of(folders) for folders in ([], [two], [two, unsigned])] == ["two"] * 3
    assert [manner_of([two, recovery]), manner_of([recovery, two])] == ["recovery"] * 2
    assert [manner_of([two, recovery, alone]), manner_of([alone, two])] == ["one"] * 2
