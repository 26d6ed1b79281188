"""Words of occupations, religions, degrees, agencies and papers: they explain a cell only in a column of that kind.

Belongs here: reading `column_words.txt`: the headings of such columns, and the words in their cells.
Does not belong here: places and nationalities (`place_words.py`), which column is of which kind
(`unexplained_texts.py`). Some names of persons are also occupations or religions (طالب, مسلم, Baker): in other columns
these words explain nothing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, get_args

from ingestion.personal.name_lexicon import folded_words_of_each, sections_of

CellKind = Literal["occupation", "religion", "education", "agency", "document"]
CELL_KINDS: tuple[CellKind, ...] = get_args(CellKind)

_LIST = Path(__file__).with_suffix(".txt")


def headings_of_cells(kind: CellKind) -> list[str]:
    """Return the headings of columns of a kind, as typed."""
    return _read_section(f"headings of {kind}")


@cache
def words_of_cells(kind: CellKind) -> frozenset[str]:
    """Return the folded words for the cells of columns of a kind."""
    return frozenset(word for words in folded_words_of_each(_read_section(kind)) for word in words)


def _read_section(section: str) -> list[str]:
    return [text for line in sections_of(_LIST)[section] for text in line.split(", ")]
