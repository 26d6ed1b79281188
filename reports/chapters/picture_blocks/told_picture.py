"""What every picture has: its figures in words, and the table that holds them.

Belongs here: the alternative text, the name of the table. A picture is titled by its name: its claim is the sentence of
the answer that it stands under.
Does not belong here: which figures a picture shows (the other modules of this folder).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from languages.words import Words
from reports.chapters import printed
from reports.editions.printed_parts import PictureRow, PrintedFigure
from reports.phrases import wording
from reports.released.report_model import NATIONAL, Report

CHILD_INDICATORS = ("PRT-10", "PRS-18", "NCR-04")
"""Indicators of children alone: always drawn in the colour of children."""


def alternative(sentence: str, rows: Iterable[PictureRow], columns: Sequence[str], words: Words) -> str:
    """Return the text for readers who cannot see the picture: its title, then every row with its figures or marks."""
    row_texts = (
        words.text(
            "edition.measured", indicator=row.label, measure=wording.list_texts(_figures(row, columns, words), words)
        )
        for row in rows
    )
    values = words.text("edition.separator").join(row_texts)
    return words.text("edition.story.alternative", sentence=sentence, values=values)


def table_of(report: Report, name: str) -> str:
    """Return the id of a table of the national dataset if it is printed; else empty."""
    return name if any(name == table.id for section in report.sections_of(NATIONAL) for table in section.tables) else ""


def _figures(row: PictureRow, columns: Sequence[str], words: Words) -> list[str]:
    if len(columns) == 1:
        return [_figure_text(row.figures[0])]
    pairs = zip(columns, row.figures, strict=True)
    return [
        words.text("edition.measured", indicator=name, measure=_figure_text(figure))
        for name, figure in pairs
        if figure.told
    ]


def _figure_text(figure: PrintedFigure) -> str:
    text = printed.figure_with_mark(figure)
    return f"{text} ({figure.interval})" if figure.interval else text
