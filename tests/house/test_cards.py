"""What a new source, dataset or language must bring: content, not a skeleton."""

from __future__ import annotations

import datetime

import pytest

from expectations.cards.dataset_card import dataset_names, load_dataset
from ingestion.cards.source_card import FOLDER, load_source, source_names
from ingestion.entry.file_check import examine
from languages.words import Words, gaps, languages

TODAY = datetime.date(2026, 11, 1)
TO_BE_NAMED = "to be named"


@pytest.mark.parametrize("source", source_names())
def test_every_source_names_its_body_agreement_licence_and_contact(source: str) -> None:
    card = load_source(source)
    texts = [card.title, card.body_ar, card.agreement.reference, card.agreement.licence, card.agreement.contact]
    assert all(text.strip() for text in texts)


@pytest.mark.parametrize("source", source_names())
def test_every_source_brings_an_invented_sample_that_lands_whole(source: str) -> None:
    sample = FOLDER / "sources" / source / "sample.xlsx"
    assert sample.exists(), f"{source}: no sample.xlsx beside its card"
    examination = examine(sample.read_bytes(), sample.name, source, today=TODAY)
    assert (examination.verdict, examination.rows_quarantined, examination.findings) == ("accepted", 0, [])
    assert {table.table for table in examination.tables} == set(load_source(source).tables)


@pytest.mark.parametrize("source", source_names())
def test_every_source_says_which_known_errors_it_corrects(source: str) -> None:
    assert (FOLDER / "sources" / source / "corrections.yml").exists()


@pytest.mark.parametrize("dataset", dataset_names())
def test_every_dataset_has_a_title_a_contact_and_words_for_its_rules(dataset: str) -> None:
    card = load_dataset(dataset)
    assert TO_BE_NAMED not in {card.title, card.contact.name}
    words = Words.load("en")
    assert words.text(f"dataset.{dataset}.title") == card.title
    assert words.text(f"dataset.{dataset}.contact") == card.contact.name
    assert all(words.text(f"rule.{check.id}") for check in card.checks)


@pytest.mark.parametrize("tag", languages())
def test_no_language_has_a_gap(tag: str) -> None:
    assert gaps(tag) == []
    assert all(f"source.{source}.title" in Words.load(tag) for source in source_names())
