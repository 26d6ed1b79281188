"""Acts of two: which bytes are signed, by whom, for which home and which state of it."""

from __future__ import annotations

import dataclasses
import datetime
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ingestion.home import Home
from ingestion.people import acts, acts_log, founding
from ingestion.people.acts import ACT, APPROVED, PREPARED, Act, SignedAct
from ingestion.people.roster import APPROVE, PREPARE, RECEIPT, Roster
from languages.refusal import Refusal
from tests.ingestion.people.signers import DAY, Pair, fresh_pair, key, person, roster_bytes, signed_by

TODAY = datetime.datetime.now(tz=datetime.UTC).date()
LONG_AGO = str(TODAY - 400 * DAY)
HASH = "0" * 64


@dataclass(frozen=True)
class House:
    """A real home with people, and their private keys."""

    home: Home
    roster: Roster
    pairs: dict[str, Pair]

    def signature(self, name: str, act: Act, namespace: str) -> bytes:
        """Return a person's signature of an act for a purpose."""
        return signed_by(self.pairs[name], act.content, namespace)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    folder = tmp_path_factory.mktemp("pairs")
    names = ("amina", "amina2", "dara", "hana", "late", "early", "gone", "stranger")
    return {name: fresh_pair(folder, name) for name in names}


def _people(pairs: dict[str, Pair]) -> dict[str, Any]:
    return {
        "amina": person("amina", ["prepare", "approve"], key(pairs["amina"], LONG_AGO), key(pairs["amina2"], LONG_AGO)),
        "dara": person(
            "dara",
            ["approve"],
            key(pairs["dara"], LONG_AGO),
            key(pairs["late"], LONG_AGO, str(TODAY)),
            key(pairs["early"], str(TODAY + DAY)),
            key(pairs["gone"], LONG_AGO, revoked=str(TODAY)),
        ),
        "hana": person("hana", ["recover"], key(pairs["hana"], LONG_AGO)),
    }


def _house(root: Path, pairs: dict[str, Pair], people: dict[str, Any], signatures: int = 2) -> House:
    home = Home(root).open()
    with home.lock("test"):
        roster = founding.found(home, roster_bytes(people, signatures), Path("people.yml"))
    return House(home, roster, pairs)


@pytest.fixture
def house(tmp_path: Path, pairs: dict[str, Pair]) -> House:
    return _house(tmp_path / "home", pairs, _people(pairs))


def _draft(house: House, name: str = "amina", day: datetime.date = TODAY, **facts: object) -> Act:
    about = {"releases/four_ps_national/000001-abcdefabcdef/manifest.json": HASH}
    return acts.draft(house.home, house.roster, "publish", name, "the figures of the year", day, about, facts=facts)


def _prepared(house: House, name: str = "amina", day: datetime.date = TODAY, **facts: object) -> Path:
    return acts.prepare(house.home, _draft(house, name, day, **facts))


def _add(house: House, folder: Path, name: str, namespace: str, day: datetime.date = TODAY) -> SignedAct:
    signature = house.signature(name, acts.read_act(folder), namespace)
    return acts.add_signature(folder, house.roster, signature, day)


def _refused(code: str, call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        call()
    assert refusal.value.code == code
    return refusal.value


# The bytes


def test_an_act_is_one_line_of_canonical_json(house: House):
    content = _draft(house, note="ضحية").content
    assert content == acts.canonical(json.loads(content))
    stripped = content.rstrip(b"\n")
    expected = json.dumps(json.loads(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert stripped == expected.encode("utf-8")
    assert b"\n" not in stripped


def test_an_act_says_what_it_is_about_and_which_state_it_fits(house: House):
    act = _draft(house)
    assert (act.kind, act.number, act.prepared_by, act.signatures) == ("publish", 1, "amina", 2)
    assert (act.home, act.day) == (acts_log.identity(house.home), TODAY.isoformat())
    assert "acts" in " ".join(act.before)
    assert set(act.before) == set(acts_log.logs_of(house.home))
    assert act.earlier == ()
    assert act.next_due > act.day


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b'"publish"', b'"withdraw"'),
        lambda data: data.replace(b'":"', b'": "', 1),
        lambda data: data + b"\n",
        lambda data: b" " + data,
        lambda data: data[:-2],
        lambda data: data.replace(b"{", b'{"kind":"people",', 1),
        lambda data: data.replace(b"}", b',"zzz":1}', 1),
        lambda _: b"",
        lambda _: b"[]",
        lambda _: b"\xff",
    ],
    ids=["kind", "blank", "line", "lead", "cut", "twice", "more", "empty", "list", "bytes"],
)
def test_a_changed_byte_voids_an_act(house: House, change: Callable[[bytes], bytes]):
    folder = _prepared(house)
    path = folder / ACT
    changed = change(path.read_bytes())
    assert changed != path.read_bytes()
    signature = house.signature("amina", acts.read_act(folder), PREPARE)
    path.write_bytes(changed)
    with pytest.raises(Refusal) as refused:
        acts.read_act(folder)
    assert refused.value.code in ("act_changed", "act_unreadable")
    with pytest.raises(Refusal):
        acts.add_signature(folder, house.roster, signature, TODAY)


def test_an_act_in_a_folder_of_its_changed_bytes_has_no_signature_left(house: House):
    folder = _prepared(house)
    _add(house, folder, "amina", PREPARE)
    _add(house, folder, "dara", APPROVE)
    act = acts.read_act(folder)
    other = dataclasses.replace(act, reason="other figures")
    moved = folder.with_name(other.name)
    folder.rename(moved)
    (moved / ACT).write_bytes(other.content)
    signed = acts.check_signatures(moved, house.roster, TODAY)
    assert (signed.prepared_by, signed.approved_by, signed.is_complete) == ("", "", False)


def test_an_act_whose_fields_are_of_other_types_is_refused(house: House):
    stored = json.loads(_draft(house).content)
    wrong: list[tuple[str, object]] = [
        *(("signatures", value) for value in ("2", 0, 3, True, None)),
        *(("number", value) for value in ("1", 0, -1, True)),
        *(("about", value) for value in ([], None, {"a": 1}, {"a": None})),
        *(("facts", value) for value in ([], None, "x")),
        *((field, value) for field in ("kind", "day", "home", "reason", "prepared_by") for value in (7, None, [])),
        ("kind", "burn"),
        *(("day", day) for day in ("yesterday", "20261201", "2026-W49-2", "2026-12-01 ")),
        *(("earlier", value) for value in ("", None, 7, [7], [None], [HASH], {})),
        ("previous", ""),
        ("before", {"acts": 1}),
    ]
    for field, value in wrong:
        data = acts.canonical({**stored, field: value})
        _refused("act_unreadable", lambda data=data: acts.parse_act(data, Path("act.json")))
    for field in stored:
        data = acts.canonical({name: value for name, value in stored.items() if name != field})
        _refused("act_unreadable", lambda data=data: acts.parse_act(data, Path("act.json")))


# Who signs


def test_two_persons_make_an_act_complete(house: House):
    folder = _prepared(house)
    assert not _add(house, folder, "amina", PREPARE).is_complete
    signed = _add(house, folder, "dara", APPROVE)
    assert (signed.prepared_by, signed.approved_by, signed.is_complete) == ("amina", "dara", True)
    assert acts.check_signatures(folder, house.roster, TODAY) == signed


def test_the_second_key_of_the_preparer_signs_as_the_preparer(house: House):
    folder = _prepared(house)
    assert _add(house, folder, "amina2", PREPARE).prepared_by == "amina"


@pytest.mark.parametrize("name", ["amina", "amina2"])
def test_a_preparer_cannot_approve_with_either_key(house: House, name: str):
    folder = _prepared(house)
    _add(house, folder, "amina", PREPARE)
    _refused("signature_of_preparer", lambda: _add(house, folder, name, APPROVE))
    assert not acts.check_signatures(folder, house.roster, TODAY).is_complete
    assert _add(house, folder, "dara", APPROVE).is_complete


def test_a_preparer_cannot_approve_before_she_prepares(house: House):
    folder = _prepared(house)
    with pytest.raises(Refusal):
        _add(house, folder, "amina2", APPROVE)
    assert not _add(house, folder, "amina", PREPARE).is_complete


def test_one_who_recovers_does_not_sign_twice(house: House):
    folder = _prepared(house, "hana")
    _add(house, folder, "hana", PREPARE)
    _refused("signature_of_preparer", lambda: _add(house, folder, "hana", APPROVE))


def test_a_preparer_cannot_approve_as_a_deputy(tmp_path: Path, pairs: dict[str, Pair]):
    people = _people(pairs)
    people["amina"]["roles"] = ["prepare"]
    people["dara"]["deputies"] = [{"person": "amina", "after": TODAY, "before": TODAY + DAY}]
    house = _house(tmp_path / "home", pairs, people)
    folder = _prepared(house)
    _add(house, folder, "amina", PREPARE)
    for name in ("amina", "amina2"):
        _refused("signature_of_preparer", lambda name=name: _add(house, folder, name, APPROVE))


def test_a_deputy_of_today_approves_and_one_of_yesterday_does_not(tmp_path: Path, pairs: dict[str, Pair]):
    for number, (after, before, may) in enumerate(
        [(TODAY, TODAY + DAY, True), (TODAY - 5 * DAY, TODAY, False), (TODAY + DAY, TODAY + 5 * DAY, False)]
    ):
        people = _people(pairs)
        people["hana"]["roles"] = ["edit"]
        people["dara"]["deputies"] = [{"person": "hana", "after": after, "before": before}]
        house = _house(tmp_path / str(number), pairs, people)
        folder = _prepared(house)
        _add(house, folder, "amina", PREPARE)
        if may:
            assert _add(house, folder, "hana", APPROVE).approved_by == "hana"
        else:
            _refused("signature_of_nobody", lambda house=house, folder=folder: _add(house, folder, "hana", APPROVE))


def test_both_signatures_by_one_hand_are_not_two(house: House):
    """Whoever has the account of the house puts files where signatures lie, without asking a command."""
    folder = _prepared(house)
    act = acts.read_act(folder)
    (folder / PREPARED).write_bytes(house.signature("amina", act, PREPARE))
    for signature in (house.signature("amina", act, APPROVE), house.signature("amina2", act, APPROVE),
                      house.signature("amina", act, PREPARE), house.signature("dara", act, PREPARE)):  # fmt: skip
        (folder / APPROVED).write_bytes(signature)
        signed = acts.check_signatures(folder, house.roster, TODAY)
        assert (signed.approved_by, signed.is_complete) == ("", False)


@pytest.mark.parametrize("namespace", [RECEIPT, "git", "file", "prepare", "approve@marsad.example"])
def test_the_right_key_for_another_purpose_is_refused(house: House, namespace: str):
    folder = _prepared(house)
    _refused("signature_of_nobody", lambda: _add(house, folder, "amina", namespace))
    _refused("signature_of_nobody", lambda: _add(house, folder, "dara", namespace))


@pytest.mark.parametrize("name", ["late", "early", "gone", "stranger"])
def test_a_signer_who_is_expired_early_revoked_or_unknown_is_refused(house: House, name: str):
    folder = _prepared(house)
    _add(house, folder, "amina", PREPARE)
    _refused("signature_of_nobody", lambda: _add(house, folder, name, APPROVE))
    (folder / APPROVED).write_bytes(house.signature(name, acts.read_act(folder), APPROVE))
    assert not acts.check_signatures(folder, house.roster, TODAY).is_complete


def test_an_approver_cannot_prepare_and_another_preparer_cannot_sign_for_her(house: House):
    folder = _prepared(house)
    _refused("signature_of_nobody", lambda: _add(house, folder, "dara", PREPARE))
    _refused("signature_of_another", lambda: _add(house, folder, "hana", PREPARE))
    assert acts.check_signatures(folder, house.roster, TODAY).prepared_by == ""


@pytest.mark.parametrize(
    "signature",
    [b"", b"no signature", b"-----BEGIN SSH SIGNATURE-----\n", b"\x00" * 100, b"x" * 10**6],
    ids=["empty", "text", "head", "zeros", "long"],
)
def test_what_is_no_signature_is_refused(house: House, signature: bytes):
    folder = _prepared(house)
    _refused("signature_of_nobody", lambda: acts.add_signature(folder, house.roster, signature, TODAY))


def test_a_signature_over_another_act_is_refused(house: House):
    other = house.signature("amina", _draft(house, note="other"), PREPARE)
    folder = _prepared(house)
    _refused("signature_of_nobody", lambda: acts.add_signature(folder, house.roster, other, TODAY))


# One signature or two


def _lone(tmp_path: Path, pairs: dict[str, Pair]) -> House:
    return _house(tmp_path / "lone", pairs, _people(pairs), signatures=1)


def test_one_signature_is_enough_where_the_roster_says_one(tmp_path: Path, pairs: dict[str, Pair]):
    house = _lone(tmp_path, pairs)
    folder = _prepared(house)
    assert acts.read_act(folder).signatures == 1
    signed = _add(house, folder, "amina", PREPARE)
    assert (signed.prepared_by, signed.approved_by, signed.is_complete) == ("amina", "", True)


def test_an_approval_alone_is_not_enough_where_the_roster_says_one(tmp_path: Path, pairs: dict[str, Pair]):
    house = _lone(tmp_path, pairs)
    folder = _prepared(house)
    (folder / APPROVED).write_bytes(house.signature("dara", acts.read_act(folder), APPROVE))
    assert not acts.check_signatures(folder, house.roster, TODAY).is_complete


def test_an_act_that_asks_for_fewer_signatures_than_the_roster_is_refused(house: House):
    act = dataclasses.replace(_draft(house), signatures=1)
    _refused("act_needs_two", lambda: acts.refuse_unfit(house.home, house.roster, act, TODAY))


@pytest.mark.parametrize("next_due", ["9999-12-31", "", TODAY.isoformat()])
def test_nobody_chooses_by_which_day_the_house_must_speak_again(house: House, next_due: str):
    """A reader who hears nothing until that day asks why: whoever puts it off gets years of silence."""
    act = dataclasses.replace(_draft(house), next_due=next_due)
    _refused("act_says_otherwise", lambda: acts.refuse_unfit(house.home, house.roster, act, TODAY))


@pytest.mark.parametrize(("name", "recovery"), [("hana", None), ("hana", False), ("amina", True)])
def test_who_recovers_cannot_hide_it_and_nobody_else_says_so(house: House, name: str, recovery: object):
    act = acts.draft(house.home, house.roster, "publish", name, "the year", TODAY, {})
    acts.refuse_unfit(house.home, house.roster, act, TODAY)
    facts = {} if recovery is None else {"recovery": recovery}
    changed = dataclasses.replace(act, facts=facts)
    _refused("act_says_otherwise", lambda: acts.refuse_unfit(house.home, house.roster, changed, TODAY))


@pytest.mark.parametrize("facts", [{}, {"withdrawn": []}, {"withdrawn": ["four_ps_national/000002-abcdefabcdef"]}])
def test_an_act_names_what_was_withdrawn_before_it(house: House, facts: dict[str, Any]):
    line = {"dataset": "four_ps_national", "version": "000001-abcdefabcdef"}
    house.home.ledger.mkdir(parents=True, exist_ok=True)
    (house.home.ledger / "withdrawn.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    act = _draft(house)
    assert act.facts["withdrawn"] == ["four_ps_national/000001-abcdefabcdef"]
    acts.refuse_unfit(house.home, house.roster, act, TODAY)
    _refused(
        "act_says_otherwise",
        lambda: acts.refuse_unfit(house.home, house.roster, dataclasses.replace(act, facts=facts), TODAY),
    )


# Where and when it fits


def _fits(house: House, act: Act, today: datetime.date = TODAY) -> None:
    acts.refuse_unfit(house.home, house.roster, act, today)


def test_an_act_fits_its_own_home_today(house: House):
    _fits(house, _draft(house))


def test_an_act_of_another_home_is_refused_although_the_same_people_founded_it(
    house: House, tmp_path: Path, pairs: dict[str, Pair]
):
    other = _house(tmp_path / "other", pairs, _people(pairs))
    assert acts_log.identity(other.home) != acts_log.identity(house.home)
    _refused("act_of_another_home", lambda: _fits(house, _draft(other)))


def test_an_act_of_before_another_statement_is_refused(house: House):
    waits = _draft(house, note="waits")
    _do(house, _draft(house))
    _refused("act_of_before", lambda: _fits(house, waits))
    _fits(house, _draft(house))


def test_an_act_is_not_done_twice(house: House):
    act = _draft(house)
    _do(house, act)
    _refused("act_of_before", lambda: _fits(house, act))


def test_an_act_of_before_a_line_of_the_ledger_is_refused(house: House):
    act = _draft(house)
    house.home.ledger.mkdir(parents=True, exist_ok=True)
    (house.home.ledger / "log.jsonl").write_text("{}\n", encoding="utf-8")
    _refused("act_of_before", lambda: _fits(house, act))


@pytest.mark.parametrize("days", [-31, -1, 0, 1])
def test_an_act_of_a_month_ago_or_of_another_time_zone_fits(house: House, days: int):
    """Somebody prepares before a holiday and another one approves after it; or west of the preparer."""
    _fits(house, _draft(house, day=TODAY + days * DAY))


@pytest.mark.parametrize("days", [-800, -32, 2, 366])
def test_a_clock_that_is_off_is_refused(house: House, days: int):
    act = _draft(house, day=TODAY + days * DAY)
    _refused("clock_is_off", lambda: _fits(house, act))


def test_a_day_before_that_of_the_last_statement_is_refused(house: House):
    _do(house, _draft(house))
    yesterday = TODAY - DAY
    act = _draft(house, day=yesterday)
    _refused("clock_is_off", lambda: _fits(house, act, yesterday))


def test_a_clock_that_was_years_ahead_while_an_act_was_done_stops_no_later_act(house: House):
    """Only the day that was signed counts: a line of the log has the day of whatever clock wrote it."""
    ahead = datetime.datetime.now(tz=datetime.UTC) + 2000 * DAY
    with pytest.MonkeyPatch.context() as patch:
        clock = SimpleNamespace(now=lambda tz: ahead)
        patch.setattr(acts_log, "datetime", SimpleNamespace(datetime=clock, UTC=datetime.UTC))
        _do(house, _draft(house))
    assert acts_log.read_acts(house.home)[-1]["day"] == ahead.date().isoformat()
    _fits(house, _draft(house, day=TODAY))


@pytest.mark.parametrize(("days", "is_refused"), [(-1, False), (399, False), (400, False), (401, True), (2000, True)])
def test_a_day_more_than_400_days_after_the_last_act_or_the_founding_is_refused(
    house: House, days: int, is_refused: bool
):
    def look(last: datetime.date) -> None:
        day = last + days * DAY
        if is_refused:
            refusal = _refused("clock_far_ahead", lambda: acts.refuse_far_ahead(house.home, day))
            assert refusal.arguments == {"last": last.isoformat(), "today": day.isoformat()}
        else:
            acts.refuse_far_ahead(house.home, day)

    look(TODAY)  # the founding
    _do(house, _draft(house, day=TODAY - 20 * DAY))
    look(TODAY - 20 * DAY)


def test_the_day_of_the_statement_counts_and_not_what_the_signer_writes(house: House):
    """A key that ended yesterday signs no act of today, whatever day its holder thinks it is."""
    folder = _prepared(house, day=TODAY)
    _add(house, folder, "amina", PREPARE)
    _refused("signature_of_nobody", lambda: _add(house, folder, "late", APPROVE))
    _refused("signature_of_nobody", lambda: _add(house, folder, "early", APPROVE))


# Doing it


def _do(house: House, act: Act) -> Path:
    folder = acts.prepare(house.home, act)
    _add(house, folder, "amina", PREPARE)
    signed = _add(house, folder, "dara", APPROVE)
    with house.home.lock("test"):
        acts.enter(house.home, signed)
    return folder


def test_what_is_unsigned_is_not_entered(house: House):
    folder = _prepared(house)
    lines = acts_log.read_acts(house.home)
    for sign in (lambda: None, lambda: _add(house, folder, "amina", PREPARE)):
        sign()
        signed = acts.check_signatures(folder, house.roster, TODAY)
        _refused("act_unsigned", lambda signed=signed: acts.enter(house.home, signed))
    assert acts_log.read_acts(house.home) == lines


def test_statements_stand_in_one_row(house: House):
    first = acts.read_act(_do(house, _draft(house)))
    second = acts.read_act(_do(house, _draft(house)))
    assert (first.number, second.number) == (1, 2)
    assert (first.earlier, second.earlier) == ((), (first.sha256,))
    last = acts_log.last_statement(house.home)
    assert (last.sha256, last.number) == (second.sha256, 2)
    done = acts.last_done(house.home)
    assert done is not None
    assert acts.read_act(done) == second


def test_the_log_names_the_person_and_no_reason(house: House):
    _do(house, _draft(house))
    line = acts_log.read_acts(house.home)[-1]
    assert (line["kind"], line["what"], line["number"]) == ("done", "publish", 1)
    assert "the figures of the year" not in json.dumps(line)


def test_one_act_waits_at_a_time(house: House):
    first, second = _prepared(house, note="1"), _prepared(house, note="2")
    assert acts.pending(house.home) == [second]
    assert acts.find(house.home, "") == second
    assert acts.find(house.home, second.name[:10]) == second
    _refused("act_unknown", lambda: acts.find(house.home, first.name))
    _refused("act_unknown", lambda: acts.find(house.home, "../acts/" + second.name))


def test_nothing_is_found_where_nothing_waits(house: House):
    _refused("act_none", lambda: acts.find(house.home, ""))
    _do(house, _draft(house))
    _refused("act_none", lambda: acts.find(house.home, ""))


# The log of acts


def test_a_changed_or_cut_line_of_the_log_breaks_its_chain(house: House, tmp_path: Path):
    for _ in range(3):
        _do(house, _draft(house))
    path = acts_log.path_of(house.home)
    lines = path.read_bytes().splitlines(keepends=True)
    changed = lines[1].replace(b'"publish"', b'"people"')
    assert changed != lines[1]
    for harmed in (
        [lines[0], changed, *lines[2:]],
        [lines[0], lines[2], lines[1], lines[3]],
        [lines[0], lines[2], lines[3]],
        lines[1:],
        [lines[0], b"no line\n", *lines[1:]],
        [lines[0], lines[1], lines[1], *lines[2:]],
        lines[:-1],
    ):
        path.write_bytes(b"".join(harmed))
        _refused("acts_broken", lambda: acts_log.read_acts(house.home))
        with pytest.raises(Refusal):
            acts.read_people(house.home)
    path.write_bytes(b"".join(lines))
    assert len(acts_log.read_acts(house.home)) == 4


def test_a_lost_log_is_noticed(house: House):
    _do(house, _draft(house))
    acts_log.path_of(house.home).unlink()
    with pytest.raises(Refusal):
        acts_log.identity(house.home)
    with pytest.raises(Refusal):
        acts.read_people(house.home)


def test_a_torn_last_line_is_no_line(house: House):
    path = acts_log.path_of(house.home)
    head = acts_log.heads(house.home)
    with path.open("ab") as file:
        file.write(b'{"day":"2026')
    assert acts_log.heads(house.home) == head


def test_a_head_is_had_by_the_same_lines_only(house: House):
    path = acts_log.path_of(house.home)
    _do(house, _draft(house))
    head = acts_log.heads(house.home)["acts"]
    _do(house, _draft(house))
    assert acts_log.had_head(path, head)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1]))
    assert not acts_log.had_head(path, head)
    path.write_bytes(b"".join([lines[0], lines[1].replace(b"publish", b"people")]))
    assert not acts_log.had_head(path, head)


def test_an_act_of_another_home_in_the_folder_of_acts_is_not_taken(
    house: House, tmp_path: Path, pairs: dict[str, Pair]
):
    other = _house(tmp_path / "other", pairs, _people(pairs))
    folder = _prepared(other)
    copied = house.home.acts / folder.name
    shutil.copytree(folder, copied)
    _add(house, copied, "amina", PREPARE)
    signed = _add(house, copied, "dara", APPROVE)
    assert signed.is_complete
    _refused("act_of_another_home", lambda: _fits(house, signed.act))
