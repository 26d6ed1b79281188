"""The content of an edition beside the releases: editors' texts and cards, reconciliation with others, code version.

Belongs here: reading all of it from a home once, for editions in every language. All of it is public or about to be.
Does not belong here: released figures (`report_model.py`), or problems in any of it (`checklist.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from expectations.published.publications import publications
from ingestion.home import Home
from reports.analysis import reconciled_figures
from reports.editors import agency_comments, contact, prose, prose_figures, release_calendar
from reports.editors.code_version import code_version
from reports.editors.release_calendar import ReleaseCalendar
from reports.released.released_figures import ReleasedFigures, figures_of
from reports.released.released_folder import latest_release, read_release
from reports.released.report_model import NATIONAL, Report

OUTLINE = Path("geography") / "governorates.geojson"


@dataclass(frozen=True)
class EditorialInputs:
    """Everything that an edition prints and no release holds.

    Attributes:
        prose: texts of editors.
        figures: what was printed for the figures named in texts, when the texts were imported.
        calendar: None if the home has none yet.
        sent_days: when its rows of the monitor were sent to an agency for comment, by agency.
        contact: the contact for readers, by language; empty if the home has none.
        reconciled: our released figures beside those of other publishers; empty if none are recorded.
        outline: of the governorates, for maps; None if the home has none.
        code: version of the project, and the commit of its checkout.
    """

    prose: tuple[prose.EditorText, ...] = ()
    figures: prose_figures.Known = field(default_factory=dict[str, Mapping[str, str]])
    calendar: ReleaseCalendar | None = None
    sent_days: Mapping[str, datetime.date] = field(default_factory=dict[str, datetime.date])
    contact: Mapping[str, str] = field(default_factory=dict[str, str])
    reconciled: tuple[reconciled_figures.ReconciledLine, ...] = ()
    outline: Path | None = None
    code: str = field(default_factory=code_version)


def read_inputs(home: Home, report: Report, drafts: Mapping[str, str] | None = None) -> EditorialInputs:
    """Return the editorial inputs of a home.

    Args:
        home: whose inputs they are.
        report: of its releases.
        drafts: as of `prose.read_texts`.

    Raises:
        Refusal: `card_invalid` for the calendar, days of sending, the contact or a publication, `external_invalid`.
    """
    cards = publications(home)
    lines: list[reconciled_figures.ReconciledLine] = []
    if cards and report.headline:
        released = latest_release(home, NATIONAL)
        manifest = (released.path / "manifest.json").read_bytes()
        lines = reconciled_figures.reconcile(_figures_of(released.path, manifest), cards)
    outline = home.root / OUTLINE
    return EditorialInputs(
        prose=prose.read_texts(home, drafts),
        figures=prose_figures.remembered_figures(home),
        calendar=release_calendar.read_calendar(home),
        sent_days=agency_comments.read_sent_days(home),
        contact=contact.read_contact(home),
        reconciled=tuple(lines),
        outline=outline if outline.is_file() else None,
    )


@lru_cache(maxsize=1)  # the languages of one report share it, and all previews of one release
def _figures_of(folder: Path, _manifest: bytes) -> ReleasedFigures:
    return figures_of(read_release(folder), "reconcile", "obs_value")
