"""The notes of a release in the house's own words, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expectations.cards import dataset_card
from expectations.gate import mandatory_rules, verdicts
from expectations.protection import protect_datasets
from expectations.releases import release, release_notes
from ingestion.home import Home
from languages.words import Words, languages
from tests.expectations import toy_home

NATIONAL = "four_ps_national"


@pytest.mark.parametrize("tag", languages())
def test_every_rule_of_a_card_and_of_the_house_has_words(tag: str):
    words = Words.load(tag)
    rules = {check.id for name in dataset_card.dataset_names() for check in dataset_card.load_dataset(name).checks}
    for rule in (*rules, *mandatory_rules.RULES, "rows_kept", "reporting_kept", "disclosure_audit", "insider_narrow"):
        assert words.text(f"rule.{rule}")


@pytest.mark.parametrize("name", dataset_card.dataset_names())
def test_the_english_title_of_a_dataset_is_the_one_its_card_gives(name: str):
    assert Words.load("en").text(f"dataset.{name}.title") == dataset_card.load_dataset(name).title


@pytest.mark.parametrize("name", dataset_card.dataset_names())
def test_every_card_argues_its_protection_with_numbers_and_in_every_language(name: str):
    choice = dataset_card.load_dataset(name).choice
    assert choice is not None
    assert Words.load("en").text(f"dataset.{name}.choice") == choice.text
    assert {"rounding_3", "rounding_5"} <= {one.method for one in choice.alternatives}
    for tag in languages():
        assert Words.load(tag).text(f"dataset.{name}.choice")


def test_the_notes_tell_what_protection_cost_beside_what_other_methods_would(released: Home):
    version = (released.releases / NATIONAL / "latest").read_text(encoding="utf-8").strip()
    told = (released.releases / NATIONAL / version / "notes.en.md").read_text(encoding="utf-8")
    loss = protect_datasets.last_report(released).loss[NATIONAL]
    assert (loss["mean_error"], loss["error_below"]) == (None, 5), "too few figures for a mean"
    assert f"notes.cost.here_without_mean figures={loss['figures']} below=5" in told
    for method in ("rounding_3", "rounding_5"):
        assert f"notes.cost.{method}" in told


@pytest.mark.parametrize("tag", languages())
def test_the_loss_is_a_sentence_in_every_language(tag: str):
    told = {"figures": 400, "mean_error": 1.7, "error_below": 5, "hidden_share": 0.031}
    sentence = release_notes.lost(told, Words.load(tag).text)
    assert re.sub(r"\W", "", sentence) and "{" not in sentence
    assert ("1.7" in sentence and "3.1%" in sentence) == (tag == "en")


def test_the_public_loss_leaves_held_years_out(released: Home):
    before = protect_datasets.last_report(released).loss[NATIONAL]
    country = toy_home.Country()
    country.add(9, sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(released, country)
    assert protect_datasets.last_report(released).loss[NATIONAL]["figures"] < before["figures"]


def test_a_release_speaks_every_language_with_its_own_digits(empty_home: Home):
    country = toy_home.Country(reporting=1)
    country.add(3, year="2023", sex="F", age="Y_GE18", form="SEXUAL")
    country.add(40, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(empty_home, country)
    assert verdicts.examine(empty_home, NATIONAL).passed
    record = release.publish(empty_home, NATIONAL)
    assert record is not None
    written = {tag: (record.path / f"notes.{tag}.md").read_text(encoding="utf-8") for tag in languages()}
    assert "Years 2023 to 2024." in written["en"]
    assert "٢٠٢٣" in written["ar"] and "٢٠٢٣" in written["ckb"]
    headings = {tag: len(re.findall("^## ", text, flags=re.M)) for tag, text in written.items()}
    assert len(set(headings.values())) == 1
    assert all("notes." not in text and "rule." not in text for text in written.values())


def test_every_refusal_of_this_room_says_what_and_what_to_do_in_every_language():
    room = Path(dataset_card.__file__).parents[1]
    codes = {
        code
        for path in room.rglob("*.py")
        for code in re.findall(r'Refusal\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8"))
    } | {"candidate_empty", "coverage_shrunk", "audit_failed", "rule_failed"}
    assert len(codes) > 20
    for tag in languages():
        words = Words.load(tag)
        for code in codes:
            assert f"refusal.{code}" in words, (tag, code)
            assert f"refusal.{code}.remedy" in words, (tag, code)
