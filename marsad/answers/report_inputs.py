"""The report of the latest releases with what editors added beside their texts: what a desk remembers results by.

Does not belong here: editors' texts, which change with each word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingestion.home import Home, sha256_of
from languages import catalogue
from languages.words import Words
from reports.editors import editorial_inputs
from reports.editors.editorial_inputs import EditorialInputs
from reports.released import report_model
from reports.released.report_model import Report


@dataclass(frozen=True, eq=False)
class ReportInputs:
    """A report in a language; equal to another one of the same releases, cards and catalogue.

    Attributes:
        report: of the latest releases.
        matter: without texts.
        tag: of the language.
    """

    report: Report
    matter: EditorialInputs
    tag: str

    @property
    def _key(self) -> tuple[str, str]:
        path = catalogue.catalogue_path(self.tag)
        return repr((self.report.versions, self.report.notices, self.matter)), f"{path} {sha256_of(path)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReportInputs) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)


def inputs_without_texts(home: Home, tag: str) -> ReportInputs:
    """Return the report of a home in a language, without editors' texts.

    Raises:
        Refusal: `language_unknown`; as `report_model.load` and `editorial_inputs.read_inputs`.
    """
    report = report_model.load(home)
    return without_texts(report, editorial_inputs.read_inputs(home, report), tag)


def without_texts(report: Report, matter: EditorialInputs, tag: str) -> ReportInputs:
    """Return a report in a language with what editors added to it, without their texts."""
    return ReportInputs(report, replace(matter, prose=(), figures={}), Words.load(tag).tag)
