"""The indicators of this checkout: which are built and fed in a home, and the pages of their dictionary.

Does not belong here: the content of an entry (`expectations/dictionary/dictionary_cards.py`), its look
(`dictionary_page.py`), or the catalogue (`indicator_catalogue.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assets import dbt_events
from expectations.dictionary.dictionary_cards import entries
from expectations.dictionary.dictionary_entries import DictionaryEntry
from expectations.dictionary.dictionary_page import page
from expectations.dictionary.indicator_catalogue import catalogue
from ingestion.home import Home, write_bytes
from languages.words import Words


@dataclass(frozen=True)
class DictionaryFile:
    """A page of the dictionary: its language, where it was written, its entries, and the texts its language lacks."""

    language: str
    path: str
    entries: int
    gaps: int


@dataclass(frozen=True)
class IndicatorList:
    """The catalogue of indicators, and whether there is a home in which they could be built."""

    rows: list[dict[str, Any]]
    is_home: bool


def list_indicators(home: Home) -> IndicatorList:
    """Return the catalogue of indicators: what is built and fed in a home; without a home what there is to build."""
    is_home = (home.root / "home.json").exists()
    with TemporaryDirectory() as elsewhere:  # dbt reads its project into a manifest; a query creates no home
        at = home.existing() if is_home else Home(Path(elsewhere))
        dbt_events.prepare_manifest(at)
        return IndicatorList(catalogue(at), is_home)


def write_dictionary(output: Path, tags: Sequence[str], on_reading: Callable[[], None]) -> list[DictionaryFile]:
    """Write the dictionary in some languages into a folder; no data home is needed or touched.

    Args:
        output: the folder.
        tags: of the languages.
        on_reading: called before dbt's project is read, which takes some seconds.
    """
    home = Home.at()
    with TemporaryDirectory() as room:
        if not dbt_events.is_manifest_fresh(home):
            home = Home.at(Path(room))
            on_reading()
            dbt_events.prepare_manifest(home)
        described = entries(home)
    return [_write_page(output, described, tag, tags) for tag in tags]


def _write_page(output: Path, described: Sequence[DictionaryEntry], tag: str, tags: Sequence[str]) -> DictionaryFile:
    made = page(described, Words.load(tag), tags)
    path = output / f"dictionary.{tag}.html"
    write_bytes(path, made.html.encode("utf-8"))
    return DictionaryFile(tag, str(path), len(described), len(made.gaps))
