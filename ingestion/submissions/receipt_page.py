"""The receipt as a page: one sheet to print, sign and seal, in the sender's language.

Belongs here: what of a receipt is shown and how findings are grouped by kind. The page has no script, loads nothing
and uses the machine's fonts. Does not belong here: the record itself (`receipts.py`), the texts (`languages`).

Findings are shown by kind, place and remedy, never with the content of a cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.cards.headings import sheet_of
from ingestion.cards.source_card import SourceCard, load_source
from ingestion.findings import SEVERITIES, Finding, finding_in_words, kind_in_words, sheet_in_words
from ingestion.submissions.files_in_force import FileInForce
from ingestion.submissions.receipt_state import HeldRows, ReceiptState
from ingestion.submissions.receipts import Receipt
from languages import dates, html_page
from languages.numbers import number
from languages.words import Words, isolate

_TEMPLATE, STYLE = (Path(__file__).with_name(f"receipt_page.{ending}") for ending in ("html", "css"))
_GROUP = 8  # hexadecimal digits per group of a hash
_MOST_PLACES = 8  # of one finding; so an ordinary receipt fits one sheet
_MOST_FINDINGS = 10
_MOST_RANGES = 60  # of one sheet
_TOLD_ELSEWHERE = "replaces_period"  # shown in the table of years


@dataclass(frozen=True)
class _Year:
    """One year that the file covers, the rows received by table, and what they replace."""

    name: str
    tables: list[tuple[str, int]]
    replaces: str
    in_force: list[_FileOfYear]


@dataclass(frozen=True)
class _FileOfYear:
    """One file that counts for a year: its number, what it counts for, and why."""

    number: str
    is_this: bool
    tables: list[tuple[str, int]]
    reason: str


@dataclass(frozen=True)
class _ReceiptTold:
    """All findings with the same text: how many, where, what to do."""

    severity: str
    message: str
    remedy: str
    count: int
    places: str


def receipt_page(receipt: Receipt, words: Words, state: ReceiptState, *, is_invented: bool) -> str:
    """Return the page of one receipt; the same receipt, state and catalogue give the same text.

    Args:
        receipt: as `receive` returned it, or as stored in the register (then without places of findings).
        words: of the sender's language.
        state: of the home that holds it: which files are in force, and which rows are held back.
        is_invented: the home holds invented files, and the page states it.

    Raises:
        Refusal: `message_missing` for a language with gaps.
    """
    sender = load_source(receipt.source)
    findings = list(_finding_lines(receipt, words))
    return html_page.page(
        _TEMPLATE,
        [STYLE],
        words,
        receipt=receipt,
        words=words,
        t=words.text,
        is_invented=is_invented,
        number=dates.year(words, receipt.n),  # like a year, a register number has no thousands separators
        signs_as=sender.body_ar if words.tag != "ar" else "",
        letter=_letter(receipt, words),
        received_on=dates.day(words, receipt.received_at),
        years=list(_years(receipt, sender, words, state)),
        as_of=dates.year(words, state.as_of),
        held=[_held_rows(rows, words) for rows in state.held],
        findings=findings[:_MOST_FINDINGS],
        more=sum(finding.count for finding in findings[_MOST_FINDINGS:]),
        has_previous=receipt.n > 1,
        grouped=_group_signs,
        figure=partial(number, numerals=words.numerals),
    )


def _group_signs(fingerprint: str) -> str:
    return " ".join(fingerprint[start : start + _GROUP] for start in range(0, len(fingerprint), _GROUP))


def _letter(receipt: Receipt, words: Words) -> str:
    parts: list[str] = []
    if receipt.letter_number:
        parts.append(words.text("receipt.letter_number", number=receipt.letter_number))
    if receipt.letter_date:
        parts.append(words.text("receipt.letter_date", date=dates.day(words, receipt.letter_date)))
    return " ".join(parts) or words.text("receipt.letter_none")


def _years(receipt: Receipt, sender: SourceCard, words: Words, state: ReceiptState) -> Iterator[_Year]:
    replaced = _replaced_rows(receipt)
    for year in sorted({period for periods in receipt.periods.values() for period in periods}):
        tables = [
            (_table_name(shape, sender), periods[year])
            for shape, periods in sorted(receipt.periods.items())
            if year in periods
        ]
        before = replaced.get(year)
        replaces = (
            words.text("receipt.replaces_rows", count=before) if before else words.text("receipt.replaces_nothing")
        )
        in_force = [_file_of_year(file, receipt, sender, words) for file in state.in_force.get(year, [])]
        yield _Year(dates.year(words, year), tables, replaces if receipt.verdict == "accepted" else "", in_force)


def _file_of_year(file: FileInForce, receipt: Receipt, sender: SourceCard, words: Words) -> _FileOfYear:
    tables = [(_table_name(shape, sender), rows) for shape, rows in file.rows.items()]
    number = words.text("receipt.number", number=dates.year(words, file.receipt.n))
    reason = words.text(f"receipt.in_force.{file.reason}")
    return _FileOfYear(number, file.receipt.n == receipt.n, tables, reason)


def _held_rows(held: HeldRows, words: Words) -> str:
    """Return the held rows of a sheet: `الضحايا: 7, 9–14, 22`."""
    spans = [span if first != last else (first,) for span in held.ranges for first, last in [span]]
    listed = ", ".join("–".join(number(row, numerals=words.numerals) for row in span) for span in spans[:_MOST_RANGES])
    more = len(spans) - _MOST_RANGES
    rows = f"{isolate(listed)} {words.text('receipt.places_more', count=more)}" if more > 0 else isolate(listed)
    return f"{isolate(held.sheet) if held.sheet else words.text('receipt.held.sheet')}: {rows}"


def _replaced_rows(receipt: Receipt) -> dict[str, int]:
    """Return year -> rows that the file replaces; a receipt of the register has no findings, but the changes."""
    replacing = (finding.arguments for finding in receipt.findings if finding.kind == _TOLD_ELSEWHERE)
    told = {arguments["period"]: int(arguments["before"]) for arguments in replacing}
    if told or receipt.findings:
        return told
    stored = Counter[str]()
    for periods in receipt.changes.values():
        stored.update({year: rows["gone"] + rows["changed"] + rows["unchanged"] for year, rows in periods.items()})
    return dict(stored)


def _table_name(shape: str, sender: SourceCard) -> str:
    """Return the sender's own name for the sheets of a shape; the template's name if any sheet name is accepted."""
    names = [table.sheets[0] for table in sender.tables.values() if table.shape == shape]
    return ", ".join(name for name in names if name != "*") or sheet_of(shape, sender.language)


def _finding_lines(receipt: Receipt, words: Words) -> Iterator[_ReceiptTold]:
    """Yield the findings grouped by text, the worst first; for a stored receipt by kind, without places."""
    if not receipt.findings:
        yield from _kind_lines(receipt.kinds.items(), words)
        return
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in sorted(receipt.findings, key=lambda finding: SEVERITIES.index(finding.severity)):
        if finding.kind != _TOLD_ELSEWHERE:
            groups.setdefault((finding.severity, *finding_in_words(finding, words)), []).append(finding)
    for (severity, message, remedy), findings in groups.items():
        yield _ReceiptTold(words.text(f"desk.{severity}"), message, remedy, len(findings), _places(findings, words))


def _kind_lines(kinds: Iterable[tuple[str, int]], words: Words) -> Iterator[_ReceiptTold]:
    for kind, count in kinds:
        if kind != _TOLD_ELSEWHERE:
            message, remedy = kind_in_words(kind, words)
            yield _ReceiptTold("", message, remedy, count, "")


def _places(findings: Sequence[Finding], words: Words) -> str:
    """Return the first few cells, grouped by sheet."""
    places = list(dict.fromkeys((finding.sheet, finding.cell) for finding in findings if finding.sheet or finding.cell))
    by_sheet: dict[str, list[str]] = {}
    for sheet, cell in places[:_MOST_PLACES]:
        by_sheet.setdefault(sheet_in_words(sheet, words), []).append(cell)
    listed = " · ".join(_cells(sheet, cells) for sheet, cells in by_sheet.items())
    more = len(places) - _MOST_PLACES
    return f"{listed} · {words.text('receipt.places_more', count=more)}" if more > 0 else listed


def _cells(sheet: str, cells: list[str]) -> str:
    listed = " ".join(isolate(cell) for cell in cells if cell)
    return ": ".join(part for part in (isolate(sheet) if sheet else "", listed) if part)


def as_json(receipt: Receipt, words: Words) -> dict[str, Any]:
    """Return a receipt as values for JSON: its register line and its findings as text, without cell values."""
    findings = [
        finding.as_json() | dict(zip(("message", "remedy"), finding_in_words(finding, words), strict=True))
        for finding in receipt.findings
    ]
    return asdict(replace(receipt, findings=(), held=())) | {"findings": findings}
