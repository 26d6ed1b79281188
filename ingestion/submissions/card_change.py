"""Adding a word that a person accepted to the source's card, as a reviewed change.

Belongs here: where in `source.yml` a new word goes, and checking that nothing else in the card changes.
Does not belong here: who may decide it (`review.py`), or committing it: a second person reads the diff.

The file is edited as text: its comments, order and spelling stay byte for byte. Then it is read again, and its content
must be the old one plus the one addition, else nothing is written.
"""

from __future__ import annotations

import copy
import datetime
import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingestion.cards import source_card
from ingestion.cards.card_errors import path_in_project
from ingestion.cards.source_card import SourceCard, TableCard, load_shape
from ingestion.findings import Finding
from ingestion.home import write_bytes
from ingestion.submissions.decisions import Decision
from ingestion.submissions.review import Item
from ingestion.tables.cell_values import Habits, reader_of
from ingestion.text.folding import fold
from languages.refusal import Refusal


@dataclass(frozen=True)
class CardChange:
    """One wording for one table of a card.

    Args:
        table: the table.
        field: for whose codes it stands.
        wording: what the sender types.
        meaning: the code that it stands for.
        note: who reviewed it, when and why.
    """

    table: str
    field: str
    wording: str
    meaning: str
    note: str


def change_of(item: Item, wording: str) -> CardChange:
    """Return what a decided item adds to its source's card.

    Args:
        item: a code, decided.
        wording: what was typed there: the house has not kept it.

    Raises:
        Refusal: `review_item_undecided`; `wording_needed` if the wording is missing.
    """
    decision, finding = item.decision, item.finding
    if decision is None or finding.kind != "unknown_code":
        raise Refusal("review_item_undecided", where=item.id)
    typed = wording.strip()
    if not typed:
        raise Refusal("wording_needed", where=item.id)
    note = " ".join(f"reviewed by {decision.signed_by} on {decision.decided_at}: {decision.reason}".split())
    tables = dict(_tables_of(source_card.load_source(item.receipt.source), finding))
    if not tables:
        raise Refusal("card_change_unfit", where=item.receipt.source, problem=finding.sheet)
    name, table = next(iter(tables.items()))
    field = table.columns[finding.arguments["column"]]
    return CardChange(name, field, typed, _code_of(item, decision, table, field), note)


def path_of(source: str) -> Path:
    """Return the path of a source's card."""
    return source_card.FOLDER / "sources" / source / "source.yml"


def change_text(source: str, change: CardChange) -> str:
    """Return the card's text with the change in it.

    Raises:
        Refusal: `card_change_unfit` if the card would be invalid, or anything else in it would change.
    """
    path = path_of(source)
    before = path.read_text(encoding="utf-8")
    after = _insert_change(before, change)
    wanted: dict[str, Any] = copy.deepcopy(yaml.safe_load(before))
    wanted["tables"][change.table].setdefault("codes", {}).setdefault(change.field, {})[change.wording] = change.meaning
    try:
        is_the_one = yaml.safe_load(after) == wanted
    except yaml.YAMLError:
        is_the_one = False
    if not is_the_one:
        raise Refusal(
            "card_change_unfit", where=path_in_project(path, source_card.FOLDER.parent), problem=f"codes.{change.field}"
        )
    try:
        source_card.validate(SourceCard, {**wanted, "name": source}, path)
    except Refusal as refusal:
        problem = str(refusal.arguments["problem"])
        raise Refusal(
            "card_change_unfit", where=path_in_project(path, source_card.FOLDER.parent), problem=problem
        ) from refusal
    return after


def write(source: str, change: CardChange, patch: Path | None = None) -> Path:
    """Write the changed card, or with `patch` only the diff to it, and return the path written.

    Raises:
        Refusal: `card_change_unfit`; `card_read_only` if the card cannot be written here.
    """
    path = path_of(source)
    after = change_text(source, change)
    if patch is not None:
        before, name = path.read_text(encoding="utf-8"), path_in_project(path, source_card.FOLDER.parent)
        lines = difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
        )
        write_bytes(patch, "".join(lines).encode("utf-8"))
        return patch
    try:
        write_bytes(path, after.encode("utf-8"))
    except OSError as error:
        raise Refusal("card_read_only", where=path_in_project(path, source_card.FOLDER.parent)) from error
    return path


def _tables_of(sender: SourceCard, finding: Finding) -> Iterator[tuple[str, TableCard]]:
    """Yield the tables that may be in the finding's sheet and have its header; those named like the sheet first."""
    header = finding.arguments["column"]
    fitting = {name: table for name, table in sender.tables.items() if header in table.columns}
    named = {name for name, table in fitting.items() if fold(finding.sheet) in {fold(sheet) for sheet in table.sheets}}
    yield from ((name, fitting[name]) for name in fitting if name in named)
    yield from ((name, fitting[name]) for name in fitting if name not in named)


def _code_of(item: Item, decision: Decision, table: TableCard, field: str) -> str:
    """Return the code that the decided word means; only one, since a word in a card stands for one code.

    The word is read alone: its row may wait for another reason.
    """
    shape_field = load_shape(table.shape).fields[field]
    habits = Habits(today=datetime.date.fromisoformat(decision.decided_at), words=table.codes)
    reading = reader_of(field, shape_field, habits)(decision.value)
    code = reading.raw[0]
    if reading.is_bad or not isinstance(code, str) or ";" in code:
        raise Refusal("card_change_unfit", where=item.receipt.source, problem=field)
    return code


# Text


def _insert_change(text: str, change: CardChange) -> str:
    table = _child(_child(yaml.compose(text, Loader=yaml.SafeLoader), "tables"), change.table)
    known = _child(table, "codes")
    entry = f"{json.dumps(change.wording, ensure_ascii=False)}: {json.dumps(change.meaning, ensure_ascii=False)}"
    if known is None:
        line = f"codes: {{{change.field}: {{{entry}}}}}  # {change.note}"
        return _line_before(text, _key(table, "required"), line)
    inner = _child(known, change.field)
    if inner is None:
        return _insert_entry(text, known, f"{change.field}: {{{entry}}}", change.note, _key(table, "codes"))
    return _insert_entry(text, inner, entry, change.note, _key(known, change.field))


def _insert_entry(text: str, node: Any, entry: str, note: str, key: Any) -> str:  # noqa: ANN401 - nodes of yaml have no types
    """Insert an entry into a mapping: before the first line of a block, before the bracket of a flow."""
    if node.flow_style:
        end = node.end_mark.index - 1
        comma = ", " if node.value else ""
        return _line_before(text[:end].rstrip() + comma + entry + text[end:], key, f"# {note}")
    mark = node.value[0][0].start_mark
    start = mark.index - mark.column
    return f"{text[:start]}{' ' * mark.column}{entry}  # {note}\n{text[start:]}"


def _line_before(text: str, key: Any, line: str) -> str:  # noqa: ANN401 - nodes of yaml have no types
    start = key.start_mark.index - key.start_mark.column
    return f"{text[:start]}{' ' * key.start_mark.column}{line}\n{text[start:]}"


def _child(node: Any, name: str) -> Any:  # noqa: ANN401 - nodes of yaml have no types
    return next((value for key, value in node.value if key.value == name), None)


def _key(node: Any, name: str) -> Any:  # noqa: ANN401 - nodes of yaml have no types
    return next(key for key, _ in node.value if key.value == name)
