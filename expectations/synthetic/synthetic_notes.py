"""The notes of a synthetic file, in one language: what it is, what it must not be used for, how inaccurate it is.

Belongs here: the content of the notes and its order. Does not belong here: the words (the catalogue, keys
`synthetic.…`), or anything that is not public: the notes are released.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expectations.cards.note_languages import NoteLanguage
from expectations.synthetic.privacy_budget import Spending
from methods.disclosure.noise.synthetic_records import TableError

USES = ("explore", "methods", "shares")
MISUSES = ("persons", "small_groups", "official_figures", "trends", "linking")


@dataclass(frozen=True)
class SyntheticNoteFacts:
    """The facts that the notes report: number of records, budget spent, error of the tables."""

    spending: Spending
    is_invented: bool
    records: int
    errors: Sequence[TableError]


def write(facts: SyntheticNoteFacts, voice: NoteLanguage) -> str:
    """Return the notes in the language of `voice`, as Markdown.

    Raises:
        Refusal: `message_missing` from the catalogue.
    """
    return "\n".join(_lines(facts, voice)) + "\n"


def _lines(facts: SyntheticNoteFacts, voice: NoteLanguage) -> Iterator[str]:
    text, spending = voice.text, facts.spending
    yield "# " + text("synthetic.title", year=voice.digits(spending.year), issue=spending.issue)
    if facts.is_invented:
        yield from ("", "**" + text("notes.invented") + "**")
    yield from ("", text("synthetic.nobody", records=facts.records))
    yield from _section(voice, "use", USES)
    yield from _section(voice, "misuse", MISUSES)
    yield from ("", "## " + text("synthetic.promise.heading"), "")
    yield text("synthetic.promise", epsilon=f"{spending.epsilon:g}", delta=f"{spending.delta:.5f}")
    yield from ("", text("synthetic.not_reproducible"))
    yield from ("", "## " + text("synthetic.errors.heading"), "")
    for table_error in facts.errors:
        shares = {"error": f"{table_error.error:.2f}", "spread": f"{table_error.spread:.2f}"}
        yield "- " + text("synthetic.errors.item", columns=table_error.ways, **shares)
    yield from ("", "## " + text("synthetic.files.heading"), "")
    yield "- `data.csv`, `data.parquet`: " + text("synthetic.files.own")
    yield "- `ctdc.csv`: " + text("synthetic.files.ctdc")


def _section(voice: NoteLanguage, name: str, items: Sequence[str]) -> Iterator[str]:
    yield from ("", "## " + voice.text(f"synthetic.{name}.heading"), "")
    for item in items:
        yield "- " + voice.text(f"synthetic.{name}.{item}")
