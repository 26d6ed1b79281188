"""The notes of a release in the house's own words, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expectations import card, gate, house_rules, release
from ingestion.home import Home
from languages.words import Words, languages
from tests.expectations import toy_home

NATIONAL = "four_ps_national"


@pytest.mark.parametrize("tag", languages())
def test_every_rule_of_a_card_and_of_the_house_has_words(tag: str):
    words = Words.load(tag)
    rules = {check.id for name in card.dataset_names() for check in card.load_dataset(name).checks}
    for rule in (*rules, *house_rules.RULES, "rows_kept", "reporting_kept", "disclosure_audit", "insider_narrow"):
        assert words.text(f"rule.{rule}")


@pytest.mark.parametrize("name", card.dataset_names())
def test_the_english_title_of_a_dataset_is_the_one_its_card_gives(name: str):
    assert Words.load("en").text(f"dataset.{name}.title") == card.load_dataset(name).title


def test_a_release_speaks_every_language_with_its_own_digits(empty_home: Home):
    country = toy_home.Country(reporting=1)
    country.add(3, year="2023", sex="F", age="Y_GE18", form="SEXUAL")
    country.add(40, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(empty_home, country)
    assert gate.examine(empty_home, NATIONAL).passed
    record = release.publish(empty_home, NATIONAL)
    assert record is not None
    notes = {tag: (record.path / f"notes.{tag}.md").read_text(encoding="utf-8") for tag in languages()}
    assert "Years 2023 to 2024." in notes["en"]
    assert "٢٠٢٣" in notes["ar"] and "٢٠٢٣" in notes["ckb"]
    headings = {tag: len(re.findall("^## ", text, flags=re.M)) for tag, text in notes.items()}
    assert len(set(headings.values())) == 1
    assert all("notes." not in text and "rule." not in text for text in notes.values())


def test_every_refusal_of_this_room_says_what_and_what_to_do_in_every_language():
    room = Path(card.__file__).parent
    codes = {
        code
        for path in room.glob("*.py")
        for code in re.findall(r'Refusal\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8"))
    } | {"candidate_empty", "coverage_shrunk", "audit_failed", "rule_failed"}
    assert len(codes) > 20
    for tag in languages():
        words = Words.load(tag)
        for code in codes:
            assert f"refusal.{code}" in words, (tag, code)
            assert f"refusal.{code}.remedy" in words, (tag, code)
