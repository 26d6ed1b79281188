"""Our figures beside those of other publishers: a table of every comparison, and where theirs were published.

Belongs here: the table of the lines that `reports/analysis/reconciled_figures.py` found. Does not belong here:
comparing, or the same lines as files (`reports/analysis/reconciliation_table.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from languages import dates
from languages.numbers import digits
from languages.words import Words
from reports.analysis import reconciliation_table
from reports.analysis.reconciled_figures import ReconciledLine
from reports.chapters import printed
from reports.editions.edition import Chapter, ItemList, Paragraph, TableColumn, TableRow
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import labels, wording

_COLUMNS = ("period", "theirs", "ours", "difference", "finding", "answers")


def reconciled_chapter(matter: EditorialInputs, words: Words) -> Iterator[Chapter]:
    """Yield the comparison with other publications, unless none is on record."""
    if not matter.reconciled:
        return
    table = printed.ungrouped_table(
        "reconciliation-table",
        words.text("reconcile.title"),
        words.text("reconcile.column.what"),
        (TableColumn(text=words.text(f"reconcile.column.{name}"), code=name) for name in _COLUMNS),
        (_row(line, words) for line in matter.reconciled),
        sheet=words.text("reconcile.sheet"),
    )
    intro = Paragraph(text=words.text("reconcile.how"), tone="lead")
    cited = dict.fromkeys(
        words.text("edition.measured", indicator=reconciliation_table.body(line.source, words), measure=line.citation)
        for line in matter.reconciled
    )
    citations = ItemList(label=words.text("reconcile.citations"), texts=tuple(cited), is_titled=True)
    title = words.text("reconcile.title")
    yield Chapter(id="reconciliation", title=title, blocks=(intro, table, citations))


def _row(line: ReconciledLine, words: Words) -> TableRow:
    body = reconciliation_table.body(line.source, words)
    unit = labels.code("unit_measure", line.unit, words) if line.unit else ""
    parts = (reconciliation_table.about(line, words), unit, labels.code("ref_area", line.area, words))
    about = wording.list_texts((part for part in parts if part), words)
    answers = wording.list_texts((reconciliation_table.body(name, words) for name in line.answers), words)
    cells = (
        words.text("reconcile.range", least=dates.day(words, line.start), most=dates.day(words, line.end)),
        digits(line.theirs, words.numerals),
        reconciliation_table.compared_figure(line, words),
        reconciliation_table.difference(line, words),
        reconciliation_table.finding(line, words),
        answers,
    )
    return TableRow(
        label=words.text("edition.measured", indicator=body, measure=about),
        cells=tuple(printed.text(cell) for cell in cells),
    )
