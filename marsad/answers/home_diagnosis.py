"""The diagnosis of a home: what is wrong with it, and figures that rest on files erased on purpose.

Does not belong here: what is examined (`marsad/diagnosis`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.home import Home
from marsad.diagnosis.home_examination import HomeExamination, examine_home

if TYPE_CHECKING:
    from expectations.candidates.erased_figures import ErasedFigures


@dataclass(frozen=True)
class HomeDiagnosis:
    """The examination of a home, and its figures of erased files, which are no problem."""

    examination: HomeExamination
    erased: list[ErasedFigures]


def diagnose(home: Home, progress: Callable[[str], None]) -> HomeDiagnosis:
    """Examine a home; damage to one file does not stop the examination of another."""
    examination = examine_home(home, progress)
    progress("doctor: figures of erased files")
    return HomeDiagnosis(examination, _erased_figures(home))


def _erased_figures(home: Home) -> list[ErasedFigures]:
    """Return figures that rest on files erased on purpose; empty if a check could not go on."""
    from expectations.candidates.erased_figures import erased_figures

    try:
        return erased_figures(home)
    except Exception:
        return []
