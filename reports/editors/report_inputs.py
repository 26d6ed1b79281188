"""The report of the latest releases in a language, with what editors added: what a desk remembers results by.

Does not belong here: results that are stored on a report itself (`reports/released/release_memo.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, wraps
from threading import Lock
from typing import TypeVar

from ingestion.home import sha256_of
from languages import catalogue
from languages.words import Words
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.report_model import Report

_Result = TypeVar("_Result")


@dataclass(frozen=True, eq=False)
class ReportInputs:
    """A report in a language; equal to another one of the same releases, cards, texts and catalogue.

    Attributes:
        report: of the latest releases.
        matter: without texts, unless the result depends on them.
        tag: of the language.
    """

    report: Report
    matter: EditorialInputs
    tag: str

    @cached_property
    def _key(self) -> tuple[str, str]:
        path = catalogue.catalogue_path(self.tag)
        return repr((self.report.versions, self.report.notices, self.matter)), f"{path} {sha256_of(path)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReportInputs) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)


def remember(find: Callable[[ReportInputs], _Result]) -> Callable[[ReportInputs], _Result]:
    """Return a function that remembers the last results of `find`, one or so a language.

    Threads that ask at once wait for one computation: two would take each other's time, and end with the same.
    """
    remembered, lock = lru_cache(maxsize=4)(find), Lock()

    @wraps(find)
    def find_once(of: ReportInputs) -> _Result:
        with lock:
            return remembered(of)

    return find_once


def without_texts(report: Report, matter: EditorialInputs, tag: str) -> ReportInputs:
    """Return a report in a language with what editors added to it, without their texts.

    Raises:
        Refusal: `language_unknown`.
    """
    return ReportInputs(report, replace(matter, prose=(), figures={}), Words.load(tag).tag)
