"""Waivers: a rule set aside in public, until a day, and never one that protects people."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from expectations.gate import mandatory_rules, stored_verdict, verdicts, waivers
from expectations.gate.row_rules import ROW_RULES
from expectations.gate.rule_result import RuleResult
from expectations.releases import release, release_listing, verification
from ingestion.home import Home
from ingestion.seals import write_sealed
from languages.refusal import Refusal
from languages.words import languages
from tests.expectations import toy_home

NATIONAL = "four_ps_national"
SIGNED, LAST_DAY = datetime.date(2026, 2, 1), datetime.date(2026, 5, 31)
DAY_AFTER = LAST_DAY + datetime.timedelta(days=1)
WAIVER = {
    "dataset": NATIONAL,
    "rule": "reporting_kept",
    "signed_by": "secretariat of the task force",
    "reason": "one ministry moved offices and sends in May",
    "date": SIGNED,
    "expires": LAST_DAY,
}
Sign = Callable[..., None]


@pytest.fixture
def sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sign:
    """Return a function that writes one waiver, with some fields changed; None takes a field out."""
    path = tmp_path / "waivers.yml"
    monkeypatch.setattr(waivers, "WAIVERS", path)

    def write(**fields: object) -> None:
        entry = {name: value for name, value in (WAIVER | fields).items() if value is not None}
        path.write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")

    return write


@pytest.fixture
def shrunk(released: Home) -> Home:
    """A home in which `reporting_kept`, which must hold, does not."""
    return toy_home.build(released, toy_home.Country(reporting=1))


def test_the_waivers_of_the_house_are_valid():
    assert all(waiver.reason for waiver in waivers.load_waivers())


def test_a_must_rule_that_does_not_hold_passes_under_a_waiver_until_its_last_day(shrunk: Home, sign: Sign):
    sign()
    before = verdicts.examine(shrunk, NATIONAL, SIGNED - datetime.timedelta(days=1))
    during = verdicts.examine(shrunk, NATIONAL, LAST_DAY)
    after = verdicts.examine(shrunk, NATIONAL, DAY_AFTER)
    assert [one.passed for one in (before, during, after)] == [False, True, False]
    assert [one.rule for one in during.waived] == ["reporting_kept"]
    assert (after.waived, after.reasons) == ((), ["coverage_shrunk"])


def test_a_used_waiver_is_printed_in_the_verdict_and_in_the_notes_of_every_language(shrunk: Home, sign: Sign):
    sign()
    verdicts.examine(shrunk, NATIONAL, SIGNED)
    record = release.publish(shrunk, NATIONAL, today=SIGNED)
    assert record is not None
    stored = json.loads((record.path / "verdict.json").read_bytes())["waived"]
    assert stored == [
        {name: str(value) for name, value in WAIVER.items() if name != "dataset"},
    ]
    for tag in languages():
        notes = (record.path / f"notes.{tag}.md").read_text(encoding="utf-8")
        for said in ("secretariat of the task force", "one ministry moved offices", "2026-02-01", "2026-05-31"):
            assert said in notes
    assert verification.verify(record.path).ok


def test_without_a_used_waiver_the_notes_do_not_speak_of_waivers(released: Home):
    record = release_listing.latest(released, NATIONAL)
    assert record is not None
    assert "2026-05-31" not in (record.path / "notes.en.md").read_text(encoding="utf-8")
    assert stored_verdict.Verdict.from_bytes((record.path / "verdict.json").read_bytes()).waived == ()


def test_a_verdict_is_no_ticket_on_the_day_after_its_waiver(shrunk: Home, sign: Sign):
    sign()
    assert verdicts.examine(shrunk, NATIONAL, LAST_DAY).passed
    with pytest.raises(Refusal) as refused:
        release.publish(shrunk, NATIONAL, today=DAY_AFTER)
    assert refused.value.code == "waiver_expired"


def test_a_verdict_is_a_ticket_to_the_end_of_the_last_day_of_its_waiver(shrunk: Home, sign: Sign):
    sign()
    assert verdicts.examine(shrunk, NATIONAL, LAST_DAY).passed
    assert release.publish(shrunk, NATIONAL, today=LAST_DAY) is not None


def test_a_waiver_that_somebody_wrote_into_the_verdict_is_none(shrunk: Home, sign: Sign):
    sign(rule="rows_kept")
    verdicts.examine(shrunk, NATIONAL, SIGNED)
    path = stored_verdict.verdict_path(shrunk, NATIONAL)
    content = json.loads(path.read_bytes())
    forged = {name: str(value) for name, value in WAIVER.items() if name != "dataset"}
    write_sealed(shrunk, path, json.dumps(content | {"waived": [forged]}).encode())
    with pytest.raises(Refusal) as refused:
        release.publish(shrunk, NATIONAL, today=SIGNED)
    assert refused.value.code == "verdict_stale"


@pytest.mark.parametrize("rule", sorted(waivers.NEVER))
def test_what_protects_people_is_never_waived(sign: Sign, rule: str):
    sign(rule=rule)
    with pytest.raises(Refusal) as refused:
        waivers.load_waivers()
    assert refused.value.code == "waiver_forbidden"


def test_no_word_in_a_verdict_waives_the_audit(protected: Home):
    verdict = verdicts.examine(protected, NATIONAL)
    failing = RuleResult("disclosure_audit", "house", "critical", False, 1, 1)
    forged = waivers.UsedWaiver("disclosure_audit", "somebody", "because", "2026-01-01", "2026-12-31")
    content = verdict.content() | {"rules": [vars(failing)], "waived": [vars(forged)]}
    assert not stored_verdict.Verdict.from_bytes(json.dumps(content).encode()).passed


def test_every_rule_of_the_house_is_either_never_waived_or_named_as_one_that_may_be():
    assert frozenset(mandatory_rules.RULES) - waivers.NEVER == {"totals_add_up"}
    others = {"disclosure_audit", "holders_are_not_named", "marks_are_known", "methods_are_known"}
    assert {*mandatory_rules.RULES, *ROW_RULES, *others} - {"totals_add_up"} == waivers.NEVER


@pytest.mark.parametrize("field", sorted(WAIVER))
def test_a_waiver_without_one_of_its_fields_is_refused(sign: Sign, field: str):
    sign(**{field: None})
    with pytest.raises(Refusal) as refused:
        waivers.load_waivers()
    assert (refused.value.code, refused.value.arguments["field"]) == ("card_invalid", field)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rule": "reporting_keeped"}, "waiver_unknown_rule"),
        ({"dataset": "four_ps_nation"}, "dataset_unknown"),
        ({"expires": SIGNED - datetime.timedelta(days=1)}, "card_invalid"),
        ({"expires": SIGNED + datetime.timedelta(days=400)}, "card_invalid"),
        ({"severity": "must"}, "card_invalid"),
    ],
)
def test_a_waiver_that_says_nonsense_is_refused(sign: Sign, change: dict[str, object], code: str):
    sign(**change)
    with pytest.raises(Refusal) as refused:
        waivers.load_waivers()
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("holds", "today", "codes"),
    [
        (False, SIGNED, []),
        (False, LAST_DAY - datetime.timedelta(days=30), ["waiver_ending"]),
        (False, DAY_AFTER, ["waiver_expired"]),
        (True, SIGNED, ["waiver_unneeded"]),
    ],
)
def test_a_waiver_that_ends_or_is_not_needed_is_told(sign: Sign, holds: bool, today: datetime.date, codes: list[str]):
    sign()
    rules = [RuleResult("reporting_kept", "house", "critical", holds, 1, int(not holds))]
    assert [one.code for one in waivers.notices(waivers.load_waivers(), NATIONAL, rules, today)] == codes
    assert waivers.notices(waivers.load_waivers(), "four_ps_governorate", rules, today) == []
