"""Whether a released folder, or a report, is what was published: hashes, verdict, number, and an audit as a stranger.

Does not belong here: how a release is verified and audited (`expectations/releases`), or a report (`reports`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from languages.refusal import Refusal

if TYPE_CHECKING:
    from expectations.published.report_versions import ReportVersion
    from expectations.releases.public_audit import PublicAudit
    from expectations.releases.verification import VerifyReport
    from ingestion.people.statements import CheckedStatement, Trust


@dataclass(frozen=True)
class VerifiedRelease:
    """A released folder, verified; `audit` if its figures were audited, too."""

    verification: VerifyReport
    audit: PublicAudit | None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.verification.ok and (self.audit is None or self.audit.ok)


@dataclass(frozen=True)
class VerifiedReport:
    """A report, verified, with the versions that its number stands for; `statement` if its reader asked who signed."""

    problems: Sequence[Refusal]
    versions: Sequence[ReportVersion]
    is_published: bool
    statement: CheckedStatement | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify_folder(
    path: Path,
    audit_seconds: float | None,
    tell: Callable[[int, int, float], None],
    trust: Trust | None = None,
) -> VerifiedRelease | VerifiedReport:
    """Verify a released folder, or that of a report.

    Args:
        path: the folder.
        audit_seconds: for how long new blocks of a sound release are audited, with the folders next to it; None for no
            audit.
        tell: as for `audit_release`.
        trust: the statement beside a release must hold by it.
    """
    from expectations.published import report_versions
    from expectations.releases import verification

    if report_versions.is_report(path):
        from reports.publishing import publish_report

        problems, versions = list(publish_report.problems(path)), report_versions.versions_of(path)
        statement = _check_statement(path, trust) if trust is not None and not problems else None
        problems += statement.problems if statement else ()
        return VerifiedReport(problems, versions, publish_report.is_published(path), statement)
    outcome = verification.verify(path, trust)
    if audit_seconds is None or not outcome.ok or outcome.withdrawn:
        return VerifiedRelease(outcome, None)
    from expectations.releases.public_audit import audit_release  # imported late: verifying alone needs no solver

    return VerifiedRelease(outcome, audit_release(path, tell, within=audit_seconds))


def _check_statement(report: Path, trust: Trust) -> CheckedStatement:
    """Return who published a report: its record must be what a statement beside it is about."""
    from expectations.published.report_versions import RECORD
    from ingestion.home import sha256_of
    from ingestion.people import statements

    record = report / RECORD
    if not record.is_file():
        return statements.CheckedStatement(None, "", "", [Refusal("statement_missing", where=str(report))])
    about = {f"reports/{report.resolve().name}/{RECORD}": sha256_of(record)}
    return statements.check(report, about, trust)
