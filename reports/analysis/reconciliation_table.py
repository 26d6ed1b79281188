"""Reconciliation for people and machines: one CSV with codes, one Markdown table in each language.

Belongs here: columns, order, sentences. Does not belong here: what is compared (`reconciled_figures.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from expectations.cards.cells import csv_bytes
from languages import dates, numbers
from languages.words import Words
from methods.reconciliation import ComparedFigure
from reports.analysis.reconciled_figures import ReconciledLine
from reports.phrases import answer_text, labels, wording
from reports.released.released_folder import ReleasedFolder

CSV = "reconciliation.csv"
_HEADINGS = ("what", "period", "theirs", "ours", "difference", "finding", "answers")
_PLAIN = (
    "source", "about", "published", "place", "area", "start", "end", "unit", "theirs", "ours", "our_area", "least",
    "most", "verdict",
)  # fmt: skip


def as_rows(lines: Sequence[ReconciledLine]) -> list[dict[str, Any]]:
    """Return the lines with codes, columns as in the CSV; the likeliest reason apart, the others joined by spaces."""
    return [_row(line) for line in lines]


def files(lines: Sequence[ReconciledLine], released: ReleasedFolder, spoken: Sequence[Words]) -> dict[str, bytes]:
    """Return `reconciliation.csv` and `reconciliation.<language>.md`, by name."""
    by_name = {CSV: csv_bytes(pd.DataFrame(as_rows(lines), columns=list(_columns()), dtype=object))}
    for words in spoken:
        text = "\n".join(_page(lines, released, words)) + "\n"
        by_name[f"reconciliation.{words.tag}.md"] = text.encode("utf-8")
    return by_name


def finding(line: ReconciledLine, words: Words) -> str:
    """Return the result of the comparison in sentences, with the likeliest reason and its evidence."""
    sentences = [words.text(f"reconcile.{line.verdict}")] if line.verdict != "differs" else []
    for first in line.reasons[:1]:
        sentences.append(words.text(f"reconcile.reason.{first.reason}"))
        if first.basis != "none":
            texts = (_evidence_words(figure, words) for figure in first.evidence)
            named = dict(zip(("evidence", "other"), texts, strict=False))
            sentences.append(words.text(f"reconcile.basis.{first.basis}", **named))
    return " ".join(sentences)


def body(name: str, words: Words) -> str:
    """Return the name of a reporting agency, or a publisher as its card calls it."""
    key = f"source.{name}.title"
    return words.text(key) if key in words else name


def difference(line: ReconciledLine, words: Words) -> str:
    """Return the difference that the two published figures allow, e.g. `−12 to −4`; empty if none is given."""
    if line.least is None or line.most is None:
        return ""
    ends = [numbers.number(end, words.numerals) for end in dict.fromkeys((line.least, line.most))]
    return ends[0] if len(ends) == 1 else words.text("reconcile.range", least=ends[0], most=ends[1])


def about(line: ReconciledLine, words: Words) -> str:
    """Return what their figure counts: in a publication's own words, or the title of an indicator's measure."""
    return _measured(line.about, (), words) or line.about


def compared_figure(line: ReconciledLine, words: Words) -> str:
    """Return the figure that theirs is compared with, what that figure is, and its area where that is another."""
    ours = numbers.digits(line.ours, words.numerals)
    place, _, codes = line.place.partition(" ")
    labelled = (labels.code(name, code, words) for name, _, code in (pair.partition("=") for pair in codes.split()))
    title = _measured(place, labelled, words) or _published(line.place, words)
    area = labels.code("ref_area", line.our_area, words) if line.our_area not in ("", line.area) else ""
    return wording.list_texts((part for part in (ours, title, area) if part), words)


def _evidence_words(figure: ComparedFigure, words: Words) -> str:
    """Return a figure that supports a reason: one of ours by its title, area and year, another by its publication."""
    place, _, rest = figure.name.partition(" ")
    area, _, year = rest.partition(" ")
    title = _measured(place, (labels.code("ref_area", area, words), dates.year(words, year)), words)
    printed = numbers.digits(figure.printed, words.numerals)
    return words.text("reconcile.evidence", what=title or _published(figure.name, words), figure=printed)


def _published(name: str, words: Words) -> str:
    """Return a figure of a publication (`<source>: <what it counts>`) with the source as readers know it."""
    source, _, counted = name.partition(": ")
    return words.text("edition.measured", indicator=body(source, words), measure=counted) if counted else name


def _measured(place: str, further: Iterable[str], words: Words) -> str:
    """Return the title of a count (`PRT-01/COUNT`) with its measure and more; empty for what is none of ours."""
    indicator, _, measure = place.partition("/")
    if f"indicator.{wording.indicator_key(indicator)}.title" not in words:
        return ""
    counted = wording.list_texts((wording.measure(indicator, measure, words), *further), words)
    return words.text("edition.measured", indicator=wording.title(indicator, words), measure=counted)


def _columns() -> tuple[str, ...]:
    return (*_PLAIN, "reason", "basis", "evidence", "also", "answers", "citation")


def _row(line: ReconciledLine) -> dict[str, Any]:
    first = line.reasons[0] if line.reasons else None
    return {name: getattr(line, name) for name in _PLAIN} | {
        "reason": first.reason if first else "",
        "basis": first.basis if first else "",
        "evidence": "; ".join(figure.name for figure in first.evidence) if first else "",
        "also": " ".join(dict.fromkeys(reason.reason for reason in line.reasons[1:])),
        "answers": "; ".join(line.answers),
        "citation": line.citation,
    }


def _page(lines: Sequence[ReconciledLine], released: ReleasedFolder, words: Words) -> Iterator[str]:
    yield from (f"# {words.text('reconcile.title')}", "")
    if released.is_invented:
        yield from (f"**{words.text('notes.invented')}**", "")
    yield words.text("reconcile.release", dataset=released.dataset, version=released.version)
    yield from (words.text("reconcile.how"), "")
    if not lines:
        yield words.text("reconcile.empty")
        return
    yield _join_cells([words.text(f"reconcile.column.{name}") for name in _HEADINGS])
    yield "|---" * len(_HEADINGS) + "|"
    yield from (_join_cells(_cells(line, words)) for line in lines)
    yield from ("", f"## {words.text('reconcile.citations')}", "")
    yield from dict.fromkeys(f"- {body(line.source, words)}: {line.citation}" for line in lines)


def _cells(line: ReconciledLine, words: Words) -> list[str]:
    area = labels.code("ref_area", line.area, words)
    unit = labels.code("unit_measure", line.unit, words) if line.unit else ""
    parts = (body(line.source, words), about(line, words), unit, area)
    return [
        " · ".join(part for part in parts if part),
        words.text("reconcile.range", least=dates.day(words, line.start), most=dates.day(words, line.end)),
        numbers.digits(line.theirs, words.numerals),
        compared_figure(line, words),
        difference(line, words),
        finding(line, words),
        words.text("page.separator").join(body(name, words) for name in line.answers),
    ]


def _join_cells(cells: Sequence[str]) -> str:
    return (
        "| " + " | ".join(answer_text.cell_text(cell).replace("|", "/").replace("<", "&lt;") for cell in cells) + " |"
    )
