"""Adding a wording that a person accepted to the source's card, as a reviewed change.

Belongs here: where in `source.yml` a new header or word goes, and checking that nothing else in the card changes.
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
from typing import Any, cast

import yaml

from ingestion.cards import source_card
from ingestion.cards.card_errors import path_in_project
from ingestion.cards.source_card import SourceCard, TableCard, load_shape
from ingestion.findings import Finding
from ingestion.home import Home, write_bytes
from ingestion.submissions.decisions import Decision
from ingestion.submissions.review import IGNORED, Item
from ingestion.tables.cell_values import Habits, reader_of
from ingestion.text.folding import fold
from languages.refusal import Refusal


@dataclass(frozen=True)
class CardChange:
    """One wording for one table of a card.

    Args:
        table: the table.
        place: where in the table's card the wording goes: `also`, `ignored`, or `codes` and a field.
        wording: what the sender types.
        meaning: the header or code that it stands for; empty for a header that is ignored.
        note: who reviewed it, when and why.
    """

    table: str
    place: tuple[str, ...]
    wording: str
    meaning: str
    note: str


def change_of(home: Home, item: Item, wording: str = "") -> CardChange:
    """Return what a decided item adds to its source's card.

    Args:
        home: the data home.
        item: a header or a code, decided.
        wording: what was typed there, if a finding may not repeat it; it must match the cell.

    Raises:
        Refusal: `review_item_undecided`; `wording_needed` if the wording is missing or is not that of the file.
    """
    decision, finding = item.decision, item.finding
    if decision is None or finding.kind not in ("unknown_code", "unknown_column"):
        raise Refusal("review_item_undecided", where=item.id)
    typed = _typed_wording(home, item, wording)
    note = " ".join(f"reviewed by {decision.signed_by} on {decision.decided_at}: {decision.reason}".split())
    tables = dict(_tables_of(source_card.load_source(item.receipt.source), finding, decision))
    if not tables:
        raise Refusal("card_change_unfit", where=item.receipt.source, problem=finding.sheet)
    name, table = next(iter(tables.items()))
    if finding.kind == "unknown_code":
        field = table.columns[finding.arguments["column"]]
        return CardChange(name, ("codes", field), typed, _code_of(item, decision, table, field), note)
    if decision.value == IGNORED:
        return CardChange(name, ("ignored",), typed, "", note)
    return CardChange(name, ("also",), typed, decision.value, note)


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
    _add(wanted["tables"][change.table], change)
    try:
        is_the_one = yaml.safe_load(after) == wanted
    except yaml.YAMLError:
        is_the_one = False
    if not is_the_one:
        raise Refusal(
            "card_change_unfit", where=path_in_project(path, source_card.FOLDER.parent), problem=".".join(change.place)
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


def _tables_of(sender: SourceCard, finding: Finding, decision: Decision) -> Iterator[tuple[str, TableCard]]:
    """Yield the tables that may be in the finding's sheet and have its header; those named like the sheet first."""
    header = finding.arguments["column"] if finding.kind == "unknown_code" else decision.value
    fitting = {name: table for name, table in sender.tables.items() if header in (IGNORED, *table.columns)}
    named = {name for name, table in fitting.items() if fold(finding.sheet) in {fold(sheet) for sheet in table.sheets}}
    yield from ((name, fitting[name]) for name in fitting if name in named)
    yield from ((name, fitting[name]) for name in fitting if name not in named)


def _typed_wording(home: Home, item: Item, wording: str) -> str:
    finding = item.finding
    if finding.kind == "unknown_column":
        heading = finding.arguments["column"]
        if heading == finding.cell.rstrip("0123456789"):
            raise Refusal("wording_needed", where=item.id)  # there is no heading to accept
        return heading
    typed = wording.strip() or finding.read
    if not typed:
        raise Refusal("wording_needed", where=item.id)
    return typed


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
    section, *fields = change.place
    known, entry = _child(table, section), _entry(change)
    if known is None:
        inside = f"{{{entry}}}" if change.meaning else f"[{entry}]"
        whole = f"{section}: " + (f"{{{fields[0]}: {inside}}}" if fields else inside)
        return _line_before(text, _key(table, "required"), f"{whole}  # {change.note}")
    for field in fields:
        inner = _child(known, field)
        if inner is None:
            return _insert_entry(text, known, f"{field}: {{{entry}}}", change.note, _key(table, section))
        return _insert_entry(text, inner, entry, change.note, _key(known, field))
    return _insert_entry(text, known, entry, change.note, _key(table, section))


def _entry(change: CardChange) -> str:
    word = json.dumps(change.wording, ensure_ascii=False)
    return f"{word}: {json.dumps(change.meaning, ensure_ascii=False)}" if change.meaning else word


def _insert_entry(text: str, node: Any, entry: str, note: str, key: Any) -> str:  # noqa: ANN401 - nodes of yaml have no types
    """Insert an entry into a mapping or list: before the first line of a block, before the bracket of a flow."""
    if node.flow_style:
        end = node.end_mark.index - 1
        comma = ", " if node.value else ""
        return _line_before(text[:end].rstrip() + comma + entry + text[end:], key, f"# {note}")
    is_list = node.id == "sequence"
    first, dash = (node.value[0], "- ") if is_list else (node.value[0][0], "")
    mark = first.start_mark
    start = mark.index - mark.column
    indent = " " * (mark.column - len(dash))
    return f"{text[:start]}{indent}{dash}{entry}  # {note}\n{text[start:]}"


def _line_before(text: str, key: Any, line: str) -> str:  # noqa: ANN401 - nodes of yaml have no types
    start = key.start_mark.index - key.start_mark.column
    return f"{text[:start]}{' ' * key.start_mark.column}{line}\n{text[start:]}"


def _child(node: Any, name: str) -> Any:  # noqa: ANN401 - nodes of yaml have no types
    return next((value for key, value in node.value if key.value == name), None)


def _key(node: Any, name: str) -> Any:  # noqa: ANN401 - nodes of yaml have no types
    return next(key for key, _ in node.value if key.value == name)


def _add(table: dict[str, Any], change: CardChange) -> None:
    if not change.meaning:
        cast(list[str], table.setdefault(change.place[0], [])).append(change.wording)
        return
    target = table
    for part in change.place:
        target = target.setdefault(part, {})
    target[change.wording] = change.meaning
