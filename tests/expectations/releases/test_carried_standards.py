"""Standards go out with the national release, judge nothing that was out before them, and nobody moves one unseen."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from expectations.cards.adopted_standards import read_carried
from expectations.gate import verdicts
from expectations.gate.stored_verdict import Verdict
from expectations.published.release_withdrawal import withdraw
from expectations.releases import release, verification
from expectations.releases.manifest_agreement import facts_that_differ
from expectations.releases.release_listing import ReleaseRecord, latest
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import languages
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
ASKED, CHARGED = "are_those_who_ask_admitted", "are_victims_charged"
ADOPTED = "2025-03-10"


def adopt(home: Home, **met_from: float) -> None:
    lines = [
        f"{question}: {{met_from: {number}, not_met_below: 50, adopted: {ADOPTED},"
        " source: {en: A plan, ar: خطة, ckb: پلانێک}}\n"
        for question, number in met_from.items()
    ]
    home.standards.write_text("".join(lines), encoding="utf-8")


def publish(home: Home, dataset: str = NATIONAL) -> ReleaseRecord | None:
    """Examine and release in the languages' own words."""
    assert verdicts.examine(home, dataset).passed
    return release.publish(home, dataset)


def manifest_of(home: Home, dataset: str = NATIONAL) -> dict[str, Any]:
    record = latest(home, dataset)
    assert record is not None
    return json.loads((record.path / "manifest.json").read_bytes())


def notes_of(home: Home, tag: str = "en") -> str:
    record = latest(home, NATIONAL)
    assert record is not None
    return (record.path / f"notes.{tag}.md").read_text(encoding="utf-8")


def first_years(home: Home) -> dict[str, str]:
    return {key: standard.first_year for key, standard in read_carried(manifest_of(home), where="x").items()}


def add_2025(home: Home) -> None:
    """Let a year be counted that no release holds yet."""
    country = toy_home.Country()
    for (leaf, year, *codes), count in list(country.victims.items()):
        if year == "2024":
            country.victims[(leaf, "2025", *codes)] = count
    for (leaf, year, *codes), count in list(country.convictions.items()):
        if year == "2024":
            country.convictions[(leaf, "2025", *codes)] = count
    toy_home.build(home, country)


def test_the_national_release_alone_carries_what_was_adopted_before_its_day(protected: Home) -> None:
    adopt(protected, **{ASKED: 90, CHARGED: 95})
    assert publish(protected, GOVERNORATE) and publish(protected)
    assert "standards" not in manifest_of(protected, GOVERNORATE)
    carried = read_carried(manifest_of(protected), where="x")
    assert {key: standard.numbers for key, standard in carried.items()} == {
        ASKED: ("percent", 90, 50),
        CHARGED: ("percent", 95, 50),
    }
    assert carried[ASKED].adopted == datetime.date.fromisoformat(ADOPTED)
    assert first_years(protected) == {ASKED: "", CHARGED: ""}, "no figure was out before them"


@pytest.mark.parametrize("tag", languages())
def test_the_notes_say_the_numbers_the_day_and_the_source_in_every_language(protected: Home, tag: str) -> None:
    adopt(protected, **{ASKED: 90})
    publish(protected)
    notes = notes_of(protected, tag)
    assert {"en": "A plan", "ar": "خطة", "ckb": "پلانێک"}[tag] in notes
    assert {"en": ADOPTED, "ar": "٢٠٢٥-٠٣-١٠", "ckb": "٢٠٢٥-٠٣-١٠"}[tag] in notes
    assert {"en": "90", "ar": "٩٠", "ckb": "٩٠"}[tag] in notes
    assert "{" not in notes and "notes.standards" not in notes


def test_a_home_without_standards_releases_what_it_did(protected: Home) -> None:
    publish(protected)
    assert "standards" not in manifest_of(protected)
    assert "Standards that the task force adopted" not in notes_of(protected)
    assert publish(protected) is None


def test_other_standards_are_another_version_of_the_same_figures(protected: Home) -> None:
    adopt(protected, **{ASKED: 90})
    first = publish(protected)
    assert publish(protected) is None
    adopt(protected, **{ASKED: 80})
    second = publish(protected)
    assert first and second and first.version != second.version and first.sha256 == second.sha256
    assert "It was changed after the release before" in notes_of(protected)
    assert "at least 90%" in notes_of(protected) and "at least 80%" in notes_of(protected)
    protected.standards.unlink()
    assert publish(protected)
    assert "standards" not in manifest_of(protected)
    assert f"`{ASKED}` was dropped after the release before" in notes_of(protected)


def test_nobody_moves_a_standard_after_having_seen_the_figure(protected: Home) -> None:
    """Lowered, dropped and adopted again, or adopted late: it judges the years that were not out yet."""
    adopt(protected, **{ASKED: 90})
    publish(protected)
    adopt(protected, **{ASKED: 60, CHARGED: 95})
    publish(protected)
    assert first_years(protected) == {ASKED: "2025", CHARGED: "2025"}
    assert "It judges figures from 2025 on" in notes_of(protected)
    adopt(protected, **{ASKED: 90})
    publish(protected)
    assert first_years(protected) == {ASKED: "2025"}, "the number of before is a change as well"
    adopt(protected, **{ASKED: 90, CHARGED: 95})
    publish(protected)
    assert first_years(protected) == {ASKED: "2025", CHARGED: "2025"}


def test_a_standard_of_before_judges_the_new_year_and_one_that_comes_with_it_too(protected: Home) -> None:
    adopt(protected, **{ASKED: 90})
    publish(protected)
    add_2025(protected)
    adopt(protected, **{ASKED: 90, CHARGED: 95})
    publish(protected)
    assert manifest_of(protected)["period"]["last"] == "2025"
    assert first_years(protected) == {ASKED: "", CHARGED: "2025"}


def test_another_day_or_source_is_told_and_is_the_same_standard(protected: Home) -> None:
    adopt(protected, **{ASKED: 90})
    publish(protected)
    text = protected.standards.read_text(encoding="utf-8")
    protected.standards.write_text(text.replace("A plan", "Another plan"), encoding="utf-8")
    assert publish(protected)
    assert first_years(protected) == {ASKED: ""}
    assert "Another plan" in notes_of(protected) and "changed after" not in notes_of(protected)


def test_the_figures_of_a_withdrawn_release_were_out(protected: Home) -> None:
    record = publish(protected)
    assert record is not None
    withdraw(protected, NATIONAL, record.version, reason="An error.", signed_by="Secretariat")
    adopt(protected, **{ASKED: 90})
    add_2025(protected)
    publish(protected)
    assert first_years(protected) == {ASKED: "2025"}


def test_standards_that_changed_after_the_verdict_need_another_one(protected: Home) -> None:
    adopt(protected, **{ASKED: 90})
    assert verdicts.examine(protected, NATIONAL).passed
    adopt(protected, **{ASKED: 80})
    with pytest.raises(Refusal) as refused:
        release.publish(protected, NATIONAL)
    assert refused.value.code == "verdict_stale"
    assert publish(protected, GOVERNORATE), "other datasets carry none"


def test_a_standard_that_is_refused_releases_nothing_and_loses_nothing(protected: Home) -> None:
    first = publish(protected)
    protected.standards.write_text("", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        publish(protected)
    assert refused.value.code == "standards_unreadable"
    assert latest(protected, NATIONAL) == first
    assert publish(protected, GOVERNORATE)


def test_verify_names_standards_that_could_judge_nothing(protected: Home, tmp_path: Path) -> None:
    adopt(protected, **{ASKED: 90})
    record = publish(protected)
    assert record is not None and verification.verify(record.path).ok
    manifest = json.loads((record.path / "manifest.json").read_bytes())
    manifest["standards"][ASKED]["met_from"] = 100
    verdict = Verdict.from_bytes((record.path / "verdict.json").read_bytes())
    assert "standards" in list(facts_that_differ(record.path, manifest, verdict))
