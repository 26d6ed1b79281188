"""Landing received files again by today's rules, and what that changed: numbers of rows, fields and kinds.

Belongs here: the step of an upgrade that lands them, and the list of differences. Does not belong here: landing itself
(`ingestion/submissions/landing.py`), or the effect of a changed row on a figure: the next build protects and releases
it as after any correction.

The list is written before a file lands, so that a killed upgrade loses nothing: files on it are not compared again. It
stays in the home, because the rows by the older rules are gone; it holds no value of a cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingestion.cards.source_card import source_names
from ingestion.entry.row_changes import StoredChanges, compare_in_place
from ingestion.home import FORMAT_VERSION, Home, read_json, write_json
from ingestion.submissions import receipts
from ingestion.submissions.landed_submission import LandedSubmission, landed_submission, reasons_of
from ingestion.submissions.landing import ReadSubmission, unlanded
from ingestion.submissions.raw_rows import read_rows, rows_path
from languages.refusal import Refusal

_Changes = Mapping[str, Mapping[str, StoredChanges]]


@dataclass(frozen=True)
class LandedOtherwise:
    """What today's rules change of one submission.

    Args:
        submission: its ID.
        source: who sent it.
        changes: shape -> period -> rows that are `gone` (now quarantined), `added` (they land now), `changed` in some
            fields, `unchanged`; only if something differs.
        kinds: kind of finding -> additional reasons for which rows wait.
        asked: texts about which it asks now; then nothing of it counts until they are answered.
        refused: why today's rules refuse it; then its rows are unchanged, and no build goes on.
    """

    submission: str
    source: str
    changes: _Changes = field(default_factory=dict[str, Mapping[str, StoredChanges]])
    kinds: Mapping[str, int] = field(default_factory=dict[str, int])
    asked: int = 0
    refused: str = ""

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return bool(self.changes or self.kinds or self.asked or self.refused)


def land_again(home: Home) -> None:
    """Land every received file by today's rules, and store the differences; the caller holds the home's locks."""
    for source in source_names():
        for submission in unlanded(home, source):
            earlier = landed_submission(home, submission.receipt)
            try:
                read = submission.read_submission()
            except Refusal as refusal:
                kinds = str(refusal.arguments.get("kinds", refusal.code))
                _keep_difference(home, LandedOtherwise(submission.receipt.submission, source, refused=kinds))
                continue
            if earlier:
                _keep_difference(home, _difference(home, earlier, read))
            read.write()


def landed_otherwise(home: Home) -> list[LandedOtherwise]:
    """Return what the upgrade to today's format changed, in the order of the receipts; without withdrawn submissions.

    Args:
        home: that was upgraded, or is being upgraded.
    """
    submissions = _read_differences(home)
    names = [receipt.submission for receipt in receipts.live_receipts(home)]
    return [LandedOtherwise(**submissions[name]) for name in names if name in submissions]


def _difference(home: Home, earlier: LandedSubmission, read: ReadSubmission) -> LandedOtherwise:
    """Compare the stored rows with those that would land; missing rows were lost, and are not compared."""
    changes: dict[str, dict[str, StoredChanges]] = {}
    for shape in sorted({*earlier.files, *read.rows}):
        path = rows_path(home, shape, earlier.receipt.source, earlier.submission)
        if shape in earlier.files and not path.exists():
            continue
        before = read_rows(path) if shape in earlier.files else {}
        for change in compare_in_place(before, read.rows.get(shape, {}), shape):
            if change.rows:
                changes.setdefault(shape, {})[change.period] = change.stored()
    more = Counter(reason.kind for reason in read.quarantined)
    more.subtract(reason.kind for reason in reasons_of(home, earlier.receipt))
    kinds = {kind: count for kind, count in sorted(more.items()) if count > 0}
    asked = read.asked if read.asked != earlier.asked else 0
    return LandedOtherwise(earlier.submission, earlier.receipt.source, changes, kinds, asked)


def _keep_difference(home: Home, landed: LandedOtherwise) -> None:
    """Add a differing submission to the list; an existing entry stays: a killed run had compared it already."""
    submissions = _read_differences(home)
    if landed.differs and landed.submission not in submissions:
        write_json(
            _path(home),
            {"format_version": FORMAT_VERSION, "submissions": submissions | {landed.submission: asdict(landed)}},
        )


def _read_differences(home: Home) -> dict[str, Any]:
    """Return submission -> its differences by the upgrade to this format; earlier upgrades are left out."""
    content = read_json(_path(home)) if _path(home).exists() else {}
    return content["submissions"] if content.get("format_version") == FORMAT_VERSION else {}


def _path(home: Home) -> Path:
    return home.root / "landed_otherwise.json"
