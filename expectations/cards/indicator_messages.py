"""Messages that cards hold: texts of indicators (title, definition, numerator, denominator) and titles of sources.

Belongs here: which texts of a card are messages, and writing them into the catalogues (`marsad translations --sync`).
Does not belong here: the schema of a card (`indicator_card.py`), or how catalogues are stored (`languages`).

Cards are read as files, without dbt, so that their messages are known before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from expectations.cards.codes import SEEDS
from ingestion.cards.source_card import FOLDER
from languages import catalogue
from languages.catalogue import FOLDER as CATALOGUES
from languages.catalogue import SOURCE, Catalogue, Message
from languages.refusal import Refusal
from languages.words import forget_catalogues, languages

INDICATORS = SEEDS.parent / "models" / "indicators"
SOURCES = FOLDER / "sources"
TEXTS = {"title": "title_en", "definition": "definition_en", "numerator": "numerator", "denominator": "denominator"}
"""Message -> field of the card."""

_NONE = "none"
_KEY = re.compile(rf"indicator\.[a-z]{{3}}_\d\d\.({'|'.join(TEXTS)})")


@dataclass(frozen=True)
class CardFile:
    """One indicator as described in its file.

    Attributes:
        path: the file.
        model: the dbt model's name.
        meta: the card.
        unit_tests: names of its unit tests.
    """

    path: Path
    model: str
    meta: Mapping[str, Any]
    unit_tests: tuple[str, ...]

    def messages(self) -> dict[str, str]:
        """Return the English text of each message by its key; a denominator `none` has no message."""
        key = str(self.meta.get("code", "")).lower().replace("-", "_")
        texts = {name: str(self.meta.get(field) or "") for name, field in TEXTS.items()}
        return {f"indicator.{key}.{name}": text for name, text in texts.items() if text.strip() and text != _NONE}


def card_files(folder: Path = INDICATORS) -> list[CardFile]:
    """Return all indicators by path.

    Raises:
        Refusal: `card_invalid` for a file that is no YAML, or holds no model with a card.
    """
    return [card for path in sorted(folder.rglob("*.yml")) for card in _cards_in(path)]


def source_titles(folder: Path = SOURCES) -> dict[str, str]:
    """Return the English title of each source by the key of its message; a card without a title has none yet."""
    titles = {
        f"source.{path.parent.name}.title": str(yaml.safe_load(path.read_text(encoding="utf-8")).get("title") or "")
        for path in sorted(folder.glob("*/source.yml"))
    }
    return {key: title for key, title in titles.items() if title}


def sync(cards: Path = INDICATORS, catalogues: Path = CATALOGUES, *, sources: Path = SOURCES) -> dict[str, list[str]]:
    """Write the cards' texts into the English catalogue, and update every other catalogue accordingly.

    A changed text keeps its translations, marked fuzzy. A new text appears in English in each language, marked fuzzy.
    The messages of a removed indicator are removed. A file whose line breaks or order differ from those written here is
    rewritten, so that the next change of a text does not change unrelated lines.

    Returns:
        Language -> keys that were added, changed or removed.

    Raises:
        Refusal: as `card_files`.
    """
    texts = {key: text for card in card_files(cards) for key, text in card.messages().items()}
    texts |= source_titles(sources)
    source = _replace_texts(catalogue.read_catalogue(catalogue.catalogue_path(SOURCE, catalogues)), texts)
    changed: dict[str, list[str]] = {}
    for tag in languages(catalogues):
        path = catalogue.catalogue_path(tag, catalogues)
        before = catalogue.read_catalogue(path)
        after = source if tag == SOURCE else _mark_drafts(catalogue.merge(source, before), before, texts)
        keys = sorted(before.messages.keys() | after.messages.keys())
        changed[tag] = [key for key in keys if before.messages.get(key) != after.messages.get(key)]
        catalogue.write_catalogue(path, after)
    forget_catalogues()
    return changed


def _replace_texts(source: Catalogue, texts: Mapping[str, str]) -> Catalogue:
    others = {key: message for key, message in source.messages.items() if not _KEY.fullmatch(key)}
    own = {key: Message(key, (text,)) for key, text in texts.items()}
    return replace(source, messages=others | own)


def _mark_drafts(merged: Catalogue, before: Catalogue, texts: Mapping[str, str]) -> Catalogue:
    """Return the catalogue with each message that is new from a card as an English draft instead of an empty text."""
    drafts = {
        key: replace(message, text=message.english, is_fuzzy=True)
        for key, message in merged.messages.items()
        if key in texts and key not in before.messages
    }
    return replace(merged, messages={**merged.messages, **drafts})


def _cards_in(path: Path) -> Iterator[CardFile]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        tests = content.get("unit_tests", [])
        for model in content["models"]:
            unit_tests = tuple(test["name"] for test in tests if test["model"] == model["name"])
            yield CardFile(path, model["name"], model["config"]["meta"], unit_tests)
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        nearest = "models, name, config, meta"
        raise Refusal("card_invalid", where=str(path), field="models", problem=str(error), nearest=nearest) from error
