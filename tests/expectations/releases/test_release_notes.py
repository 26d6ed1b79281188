"""The notes of a release in the house's own words, in every language."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from expectations.cards import dataset_card
from expectations.gate import mandatory_rules, verdicts
from expectations.protection import protect_datasets
from expectations.releases import release, release_draft, release_notes
from expectations.releases.release_listing import ReleaseRecord
from expectations.releases.verification import verify
from ingestion.home import Home
from ingestion.submissions.current_submissions import write_links
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


@pytest.mark.parametrize(("links", "is_said"), [(None, False), (0, False), (1, True), (40, True)])
def test_notes_and_manifest_say_that_totals_rest_on_links_in_every_language(
    empty_home: Home, links: int | None, is_said: bool
):
    record = release_with_links(empty_home, links)
    assert json.loads((record.path / "manifest.json").read_bytes())["rests_on_links"] is is_said
    for tag in languages():
        words = Words.load(tag)
        notes = (record.path / f"notes.{tag}.md").read_text(encoding="utf-8")
        assert [words.text(f"notes.linked.{part}") in notes for part in ("heading", "text")] == [is_said, is_said]
        assert not re.search(r"\d", words.text("notes.linked.text")), "a number of links would tell of single persons"
    assert verify(record.path).ok


def test_of_how_many_links_there_are_nothing_public_depends(empty_home: Home, tmp_path: Path):
    other = Home(shutil.copytree(empty_home.root, tmp_path / "other"))
    one, many = release_with_links(empty_home, 1), release_with_links(other, 40)
    assert {path.name: path.read_bytes() for path in one.path.iterdir()} == {
        path.name: path.read_bytes() for path in many.path.iterdir()
    }


def test_a_release_that_counts_no_person_of_several_agencies_rests_on_no_links(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(release_draft, "_COUNTED_ACROSS_AGENCIES", "another_caveat")
    manifest = json.loads((release_with_links(empty_home, 1).path / "manifest.json").read_bytes())
    assert manifest["rests_on_links"] is False


def release_with_links(home: Home, links: int | None) -> ReleaseRecord:
    """A release of a toy home in which staging gives so many members another person; None: no roll call wrote any."""
    toy_home.build(home)
    if links is not None:
        write_links(home, [(f"k02:{place:032x}", f"k01:{place:032x}") for place in range(links)])
    assert verdicts.examine(home, NATIONAL).passed
    record = release.publish(home, NATIONAL)
    assert record is not None
    return record
