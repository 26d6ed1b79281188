"""Which formats a release can be exported to, and what an exporter gives back.

Belongs here: the list of formats, each with its module and the dataset it is about; the answer of an exporter.
To add a format, write `reports/exchange/<module>.py` with `def export(released: Released, words: Words) -> Export` and
name it in `FORMATS`. Its one line of help stands in the catalogue under `export.<format>`.
Does not belong here: any layout.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from ingestion.text import nearest
from languages.refusal import Refusal
from languages.words import Words
from reports.exchange.released import SYNTHETIC, Released

NATIONAL = "four_ps_national"


@dataclass(frozen=True)
class Remark:
    """What a person who asked for the export should know: a key of the catalogue and its arguments.

    Such as a table that the release has no figures for. Printed after the files; never a figure.
    """

    key: str
    arguments: Mapping[str, str | int] = field(default_factory=dict[str, str | int])


@dataclass(frozen=True)
class Export:
    """What an exporter gives back: files by name, in no folder, and remarks."""

    files: Mapping[str, bytes]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes:
        module: in `reports.exchange`, with the function `export`; imported when the format is asked for.
        dataset: what is exported when neither a dataset nor a folder is named.
    """

    module: str
    dataset: str = NATIONAL

    def export(self, released: Released, words: Words) -> Export:
        """Return the release in this format, texts in the language of `words`.

        Raises:
            Refusal: `export_unsuited` for a release that has not what the format is about, and the exporter's own.
        """
        exporter = importlib.import_module(f"reports.exchange.{self.module}").export
        return cast(Callable[[Released, Words], Export], exporter)(released, words)


FORMATS: Mapping[str, Format] = {
    "ctdc": Format("ctdc", SYNTHETIC),
    "dcat": Format("dcat"),
    "frictionless": Format("data_package"),
    "glotip": Format("glotip"),
    "glotip_questionnaire": Format("glotip_questionnaire"),
    "htcds": Format("htcds"),
    "hxl": Format("hxl"),
    "opensdg": Format("opensdg"),
    "questions": Format("questions"),
    "sdg": Format("sdg"),
    "sdmx": Format("sdmx"),
}


def format_of(name: str) -> Format:
    """Return a format by name.

    Raises:
        Refusal: `format_unknown` with the nearest name and all of them.
    """
    if name not in FORMATS:
        near = nearest(name, FORMATS, cutoff=0.0) or "-"
        raise Refusal("format_unknown", where=name, nearest=near, known=", ".join(sorted(FORMATS)))
    return FORMATS[name]
