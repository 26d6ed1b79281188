"""Versions of templates: which template made a workbook, and what has changed since.

Belongs here: the fingerprint of a template, the record of every version ever published
(`sources/<source>/templates.yml`, `shapes/templates/<shape>.yml`), and reading a workbook by the template that made it.
Does not belong here: writing templates (`templates.py`), the format of the stamp (`template_sheets.py`).

Records are never removed: a workbook may come back after years. A heading that has been renamed still means its field;
a column that was added or removed, and a code that was retired, are reported in one finding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from ingestion.cards.card_errors import IngestionCard
from ingestion.cards.headings import LANGUAGES, heading_of, known_headings, sheet_of
from ingestion.cards.source_card import (
    FOLDER,
    SourceCard,
    TableCard,
    load_codes,
    load_shape,
    load_source,
    read_yaml,
    shape_names,
    source_names,
    validate,
)
from ingestion.files.reader import Workbook
from ingestion.files.template_sheets import Stamp, set_aside
from ingestion.findings import Finding
from ingestion.text.folding import fold

_DIGITS_AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_NONE = "—"


class TableForm(IngestionCard):
    """One table of a published template: its sheet, its kind of record, heading -> field, heading -> labels."""

    sheet: str
    shape: str
    columns: dict[str, str]
    cells: dict[str, dict[str, str]] = Field(default_factory=dict[str, dict[str, str]])


class Template(IngestionCard):
    """One published version of a template; `codes` are those of each list in its drop-downs."""

    tables: dict[str, TableForm]
    codes: dict[str, list[str]]

    def as_stored(self) -> dict[str, Any]:
        """Return the entry for the record of versions: a table without columns of figures has no `cells` there."""
        tables = {name: table.model_dump() for name, table in self.tables.items()}
        stored = {
            name: {key: value for key, value in table.items() if value or key != "cells"}
            for name, table in tables.items()
        }
        return {"tables": stored, "codes": dict(self.codes)}

    @property
    def version(self) -> str:
        """12 letters that change with sheets, headings, fields and codes.

        Letters, because digits could be taken for the number of somebody's document.
        """
        text = json.dumps(self.as_stored(), ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12].translate(_DIGITS_AS_LETTERS)


class _Record(IngestionCard):
    versions: dict[str, Template]


def template_of(name: str) -> Template:
    """Return today's template of a source or of a shape; a shape's has its headings in all languages.

    Raises:
        Refusal: `unknown_source`.
    """
    return template_of_shape(name) if is_shape(name) else template_of_card(load_source(name))


def is_shape(name: str) -> bool:
    """Return whether a name is that of a shape and not of a source."""
    return name in shape_names() and name not in source_names()


def template_of_card(card: SourceCard) -> Template:
    """Return the template that a source's card gives."""
    tables = {
        name: TableForm(sheet=table.sheets[0], shape=table.shape, columns=dict(table.columns), cells=dict(table.cells))
        for name, table in card.tables.items()
    }
    return Template(tables=tables, codes=_codes_of(tables.values()))


def template_of_shape(shape: str) -> Template:
    """Return the template of a shape, with its headings in all languages."""
    columns = {heading_of(shape, name, tag): name for tag in LANGUAGES for name in load_shape(shape).fields}
    tables = {shape: TableForm(sheet=sheet_of(shape, "en"), shape=shape, columns=columns)}
    return Template(tables=tables, codes=_codes_of(tables.values()))


def published_templates(name: str) -> Mapping[str, Template]:
    """Return version -> template of all versions ever published for a source or a shape, the newest last."""
    path = record_path(name)
    return _read_record(path) if path.exists() else {}


def record_path(name: str) -> Path:
    """Return the path of the record of a source's or a shape's template versions."""
    if is_shape(name):
        return FOLDER / "shapes" / "templates" / f"{name}.yml"
    return FOLDER / "sources" / name / "templates.yml"


def adapt_to_template(workbook: Workbook, card: SourceCard) -> tuple[Workbook, SourceCard, list[Finding]]:
    """Return a workbook without the sheets that Marsad added, and the card adapted to the template that made it.

    Findings, each a flag on the sheet of guidance: `template_older` names what a sender must know about an earlier
    template, `template_unknown` is a version that was never published, `template_wider` names the columns of a shape's
    template that this source's card does not read. A template of another source, or of a shape that this source does
    not send, is read like any other workbook.
    """
    workbook, stamps = set_aside(workbook)
    return workbook, *_adapt(card, stamps)


def adapt_to_stamps(card: SourceCard, stamps: Sequence[Stamp]) -> tuple[SourceCard, list[Finding]]:
    """Return the card adapted to the template of a file of which only its stamps are left, as `adapt_to_template`."""
    return _adapt(card, {f"#{number}": stamp for number, stamp in enumerate(stamps, start=1)})


def _adapt(card: SourceCard, stamps: Mapping[str, Stamp]) -> tuple[SourceCard, list[Finding]]:
    findings: list[Finding] = []
    for sheet, stamp in stamps.items():
        if stamp.kind == "template" and (stamp.source == card.name or is_shape(stamp.source)):
            card, flags = _read_by(card, stamp, sheet)
            findings += flags
    return card, findings


def is_of_another(workbook: Workbook, card: SourceCard) -> bool:
    """Return whether a workbook is made from the template of another source."""
    _, stamps = set_aside(workbook)
    senders = {stamp.source for stamp in stamps.values() if stamp.kind == "template"} & set(source_names())
    return bool(senders) and card.name not in senders


def _read_by(card: SourceCard, stamp: Stamp, sheet: str) -> tuple[SourceCard, list[Finding]]:
    now = template_of_shape(stamp.source) if is_shape(stamp.source) else template_of_card(card)
    then = now if stamp.version == now.version else published_templates(stamp.source).get(stamp.version)
    wider: list[Finding] = []
    if is_shape(stamp.source):
        card, wider = _adapt_shape_card(card, stamp.source, stamp.language, sheet)
    if then is None:
        return card, [*wider, Finding("flag", "template_unknown", sheet)]
    changes = _Changes()
    tables = {name: _adapt_table(table, name, then, now, changes) for name, table in card.tables.items()}
    changes.retired += _retired_codes(then, now)
    return card.model_copy(update={"tables": tables}), wider + changes.change_findings(sheet)


@dataclass
class _Changes:
    """What a sender must know about changes to the template since a version."""

    added: list[str] = field(default_factory=list[str])
    removed: list[str] = field(default_factory=list[str])
    retired: list[str] = field(default_factory=list[str])

    def change_findings(self, sheet: str) -> list[Finding]:
        lists = {"added": self.added, "removed": self.removed, "retired": self.retired}
        if not any(lists.values()):
            return []
        arguments = {name: "، ".join(dict.fromkeys(words)) or _NONE for name, words in lists.items()}
        return [Finding("flag", "template_older", sheet, arguments=arguments)]


def _adapt_table(table: TableCard, name: str, then: Template, now: Template, changes: _Changes) -> TableCard:
    """Return a table that also accepts its sheet and headings of `then`; what cannot be mapped goes to `changes`."""
    earlier, later = (_form_of(template, name, table.shape) for template in (then, now))
    if earlier is None or later is None or earlier == later:
        return table
    header_of = {meaning: header for header, meaning in _meanings(table).items()}
    before, now_meant = _meanings(earlier), _meanings(later)
    known = known_headings(table)
    also, ignored = dict(table.also), list(table.ignored)
    for header, meaning in before.items():
        if fold(header) in known:
            continue
        if meaning in header_of:
            also[header] = header_of[meaning]
        else:
            ignored.append(header)
    changes.removed += [header for header, meaning in before.items() if meaning not in now_meant.values()]
    came = [meaning for meaning in dict.fromkeys(now_meant.values()) if meaning not in before.values()]
    changes.added += [header_of[meaning] for meaning in came if meaning in header_of]
    sheets = list(dict.fromkeys([*table.sheets, earlier.sheet]))
    return table.model_copy(update={"also": also, "ignored": ignored, "sheets": sheets})


def _meanings(table: TableCard | TableForm) -> dict[str, str]:
    """Return heading -> its meaning: its field, or the labels of its figures."""
    labels = {header: json.dumps(own, ensure_ascii=False, sort_keys=True) for header, own in table.cells.items()}
    return {**table.columns, **labels}


def _form_of(template: Template, name: str, shape: str) -> TableForm | None:
    """Return a template's table by name; a shape's template has one table, which is that of the shape."""
    if name in template.tables:
        return template.tables[name]
    only = next(iter(template.tables.values()))
    return only if only.shape == shape and shape in template.tables else None


def _retired_codes(then: Template, now: Template) -> list[str]:
    return [
        code
        for name, codes in then.codes.items()
        for code in codes
        if name in now.codes and code not in now.codes[name]
    ]


def _adapt_shape_card(card: SourceCard, shape: str, language: str, sheet: str) -> tuple[SourceCard, list[Finding]]:
    """Return a card whose first table of a shape accepts the sheet and the headings of the shape's own template.

    The card decides what is read: a field that it lacks is recognised, reported in one flag, and not read. A table of
    many figures a row does not match the shape's form, which has one.
    """
    of_shape = ((name, table) for name, table in card.tables.items() if table.shape == shape and not table.cells)
    named_table = next(of_shape, None)
    if named_table is None:
        return card, []
    name, table = named_table
    fields, taken = load_shape(shape).fields, set(table.columns.values())
    left = [field_name for field_name in fields if field_name not in taken]
    own = {fold(heading_of(shape, field_name, tag)) for field_name in fields for tag in LANGUAGES}
    changed = {
        "ignored": [header for header in table.ignored if fold(header) not in own]
        + [heading_of(shape, field_name, tag) for field_name in left for tag in LANGUAGES],
        "sheets": list(dict.fromkeys([*table.sheets, *(sheet_of(shape, tag) for tag in LANGUAGES)])),
    }
    shown = "، ".join(heading_of(shape, field_name, language if language in LANGUAGES else "en") for field_name in left)
    flags = [Finding("flag", "template_wider", sheet, arguments={"columns": shown})] if left else []
    return card.model_copy(update={"tables": {**card.tables, name: table.model_copy(update=changed)}}), flags


def _codes_of(tables: Iterable[TableForm]) -> dict[str, list[str]]:
    fields = [load_shape(table.shape).fields[name] for table in tables for name in table.columns.values()]
    lists = dict.fromkeys(field_card.codes for field_card in fields if field_card.codes)
    return {name: sorted(load_codes(name)) for name in sorted(lists)}


@cache
def _read_record(path: Path) -> Mapping[str, Template]:
    content: Any = read_yaml(path)
    return validate(_Record, {"versions": content}, path).versions
