"""Which formats a release can be exported to, and what an exporter returns.

Belongs here: the list of formats, each with its module; the result of an exporter; what
its workbooks share.
To add a format, write `reports/exchange/<module>.py` with
`def export(released: ReleasedFolder, words: Words) -> ExportedFiles` and name it in `FORMATS`. Its one line of help
stands in the catalogue under `export.<format>`.
Does not belong here: any layout.
"""

from __future__ import annotations

import datetime
import importlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from languages.refusal import Refusal
from languages.spreadsheet_text import WORKBOOK_OPTIONS
from languages.words import Words

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from reports.released.released_folder import ReleasedFolder

NATIONAL = "four_ps_national"
"""The dataset that is exported if neither a dataset nor a folder is named."""
_CREATED = datetime.datetime(1980, 1, 1)  # no clock in the file: one release gives one file


@dataclass(frozen=True)
class ExportRemark:
    """A note for the person who asked for the export: a key of the catalogue and its arguments.

    For example that the release has no figures for a table. Printed after the files; never a figure.
    """

    key: str
    arguments: Mapping[str, str | int] = field(default_factory=dict[str, str | int])


@dataclass(frozen=True)
class ExportedFiles:
    """The result of an exporter: files by name, without folders, and remarks."""

    files: Mapping[str, bytes]
    remarks: tuple[ExportRemark, ...] = ()


@dataclass(frozen=True)
class ExportFormat:
    """One format.

    Attributes:
        module: in `reports.exchange`, with the function `export`; imported when the format is requested.
    """

    module: str

    def export(self, released: ReleasedFolder, words: Words) -> ExportedFiles:
        """Return the release in this format, texts in the language of `words`.

        Raises:
            Refusal: `export_unsuited` for a release that lacks what the format needs, and the exporter's own.
        """
        exporter = importlib.import_module(f"reports.exchange.{self.module}").export
        return cast("Callable[[ReleasedFolder, Words], ExportedFiles]", exporter)(released, words)


FORMATS: Mapping[str, ExportFormat] = {
    "dcat": ExportFormat("dcat"),
    "glotip": ExportFormat("glotip"),
    "glotip_questionnaire": ExportFormat("glotip_questionnaire"),
    "htcds": ExportFormat("htcds"),
    "questions": ExportFormat("treaty_questions"),
    "sdg": ExportFormat("sdg"),
    "sdmx": ExportFormat("sdmx"),
}


def format_of(name: str) -> ExportFormat:
    """Return a format by name.

    Raises:
        Refusal: `format_unknown` with all names.
    """
    if name not in FORMATS:
        raise Refusal("format_unknown", where=name, known=", ".join(sorted(FORMATS)))
    return FORMATS[name]


def workbook_bytes(fill: Callable[[Workbook], None]) -> bytes:
    """Return a workbook (.xlsx) that `fill` writes; the same content gives the same bytes."""
    from xlsxwriter import Workbook  # late: most exports write no workbook

    stream = io.BytesIO()
    with Workbook(stream, WORKBOOK_OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        fill(book)
    return stream.getvalue()
