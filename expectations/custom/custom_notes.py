"""The note of a custom table: what was asked, how the figures were changed, and that they do not add up.

Belongs here: the content and order of the note, and by how much the sums differ. Does not belong here: the words (the
catalogue, keys `custom.…`), or anything that is not public: the note is published with the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.cards.cells import KEY, TOTAL
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.note_languages import NoteLanguage
from expectations.protection.constraint_systems import MINIMUM_VALUES, SENSITIVE_UNDER
from methods.disclosure.noise.cell_key import DEVIATION, FORBIDDEN


@dataclass(frozen=True)
class AdditivityGaps:
    """How far the printed figures are from adding up, as a reader can see it.

    Attributes:
        asked: number of totals for which all categories are printed as well.
        off: number of them that differ from the sum of their categories.
        greatest: the greatest difference.
    """

    asked: int
    off: int
    greatest: int


@dataclass(frozen=True)
class CustomNoteFacts:
    """The facts that the note states.

    Attributes:
        versions: the releases from whose base the answer is counted, by dataset.
        noisy: rows with noise.
        untold: rows without a figure.
        rows: all rows.
    """

    card: DatasetCard
    indicator: str
    by: Sequence[str]
    areas: Sequence[str]
    years: Sequence[str]
    where: Mapping[str, str]
    versions: Mapping[str, str]
    is_invented: bool
    noisy: int
    untold: int
    rows: int
    sums: AdditivityGaps


def sums_of(rows: pd.DataFrame, by: Sequence[str], bases: Sequence[pd.DataFrame]) -> AdditivityGaps:
    """Return how far totals are from the sums of their categories.

    Args:
        rows: rows of the answer.
        by: the dimensions that are crossed.
        bases: the base cells behind it; they show whether all categories are present.
    """
    differences: list[np.ndarray] = [np.zeros(0)]
    categories = {name: max((base[name].nunique() for base in bases), default=0) for name in by}
    for name in by:
        others = [column for column in KEY if column != name]
        parts = rows[rows[name] != TOTAL].groupby(others)["obs_value"]
        sums = pd.DataFrame({"sum": parts.sum(), "figures": parts.count(), "categories": parts.size()})
        totals = rows[rows[name] == TOTAL].set_index(others)["obs_value"]
        both = sums.join(totals.rename("total"), how="inner")
        whole = (both["figures"] == both["categories"]) & (both["categories"] == categories[name])
        both = both[whole & both["total"].notna()]
        differences.append((both["total"] - both["sum"]).abs().to_numpy(dtype=float))
    away = np.concatenate(differences)
    return AdditivityGaps(len(away), int((away > 0).sum()), int(away.max(initial=0.0)))


def write(facts: CustomNoteFacts, voice: NoteLanguage) -> str:
    """Return the note in the language of `voice`.

    Raises:
        Refusal: `message_missing` from the catalogue.
    """
    return "\n".join(_lines(facts, voice)) + "\n"


def _lines(facts: CustomNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    text = voice.text
    title = text(f"indicator.{facts.indicator.lower().replace('-', '_')}.title")
    yield "# " + text("custom.title", indicator=facts.indicator, title=title)
    if facts.is_invented:
        yield from ("", "**" + text("notes.invented") + "**")
    yield from ("", "## " + text("custom.asked.heading"), "")
    yield "- " + text("custom.asked.by", dimensions=", ".join(facts.by) or "-")
    for name, code in facts.where.items():
        yield "- " + text("custom.asked.where", dimension=name, code=code)
    yield "- " + text("custom.asked.places", places=", ".join(facts.areas))
    yield "- " + text("custom.asked.years", years=", ".join(voice.digits(year) for year in facts.years))
    versions = ", ".join(f"{name}/{version}" for name, version in sorted(facts.versions.items()))
    yield "- " + text("custom.asked.as_of", releases=versions)
    yield from ("", "## " + text("custom.done.heading"), "")
    yield "- " + text("custom.done.released", rows=facts.rows - facts.noisy - facts.untold)
    never = ", ".join(str(cross) for cross in FORBIDDEN)
    yield f"- `CELL_KEY_{DEVIATION}` " + text("custom.done.noisy", rows=facts.noisy, greatest=DEVIATION, never=never)
    yield "- " + text("custom.done.sticky")
    yield "- " + text("custom.done.untold", rows=facts.untold)
    sums = facts.sums
    yield "- " + text("custom.done.sums", sums=sums.asked, off=sums.off, greatest=sums.greatest)
    yield "- " + text("custom.done.audited", greatest=SENSITIVE_UNDER - 1, values=MINIMUM_VALUES)
    yield "- " + text("custom.done.published")
    yield from ("", "## " + text("notes.terms.heading"), "")
    yield "- " + text("notes.licence", name=facts.card.licence.name, address=facts.card.licence.path)
    yield "- " + text("notes.contact", contact=facts.card.contact.name)
