"""Texts of cards become messages: written once in English, a draft in every other language."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from expectations.cards.indicator_messages import SOURCES, source_titles, sync
from ingestion.cards.source_card import source_names
from languages.catalogue import catalogue_path, read_catalogue

KEY = "source.iraq_health_ministry.title"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The cards of all sources, and one more."""
    for path in SOURCES.glob("*/source.yml"):
        copied = tmp_path / "sources" / path.parent.name / path.name
        copied.parent.mkdir(parents=True)
        shutil.copy(path, copied)
    (tmp_path / "sources" / "iraq_health_ministry").mkdir()
    (tmp_path / "sources" / "iraq_health_ministry" / "source.yml").write_text("title: Ministry of Health\n", "utf-8")
    return tmp_path / "sources"


@pytest.fixture
def catalogues(tmp_path: Path) -> Path:
    """A copy of the catalogues."""
    folder = tmp_path / "languages"
    folder.mkdir()
    for tag in ("en", "ar", "ckb"):
        shutil.copy(catalogue_path(tag), folder)
    return folder


def test_the_catalogues_hold_the_titles_of_the_cards():
    messages = read_catalogue(catalogue_path("en")).messages
    assert {key: messages[key].english for key in source_titles()} == {
        key: (title,) for key, title in source_titles().items()
    }
    assert len(source_titles()) == len(source_names())


def test_the_title_of_a_new_source_becomes_a_draft_in_every_language(sources: Path, catalogues: Path):
    assert sync(catalogues=catalogues, sources=sources) == {tag: [KEY] for tag in ("en", "ar", "ckb")}
    draft = read_catalogue(catalogue_path("ar", catalogues)).messages[KEY]
    assert (draft.english, draft.text, draft.is_fuzzy) == (("Ministry of Health",), ("Ministry of Health",), True)


def test_a_card_that_has_no_title_yet_has_no_message(sources: Path, catalogues: Path):
    (sources / "iraq_health_ministry" / "source.yml").write_text('title: ""\n', "utf-8")
    assert not any(sync(catalogues=catalogues, sources=sources).values())
