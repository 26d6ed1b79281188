"""Whether a released folder, or a report, is what was published: hashes, verdict, number, and an audit as a stranger.

So of what the machine of a house signed: a receipt, the backups of a folder, without their keys.

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


@dataclass(frozen=True)
class VerifiedSignatures:
    """A receipt, or the backups of a folder: how many signatures of the machine were asked for, and what is wrong."""

    count: int
    problems: Sequence[Refusal]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify_signatures(path: Path, trust: Trust | None) -> VerifiedSignatures | None:
    """Verify what the machine of a house signed; None for a folder that its people sign.

    Args:
        path: a receipt's page, or a folder of backups.
        trust: what the reader has from elsewhere.

    Raises:
        Refusal: `machine_needs_people` without it; `backup_unknown` for a folder without a backup; as
            `BackupFolder.mark`.
    """
    from expectations.published import report_versions
    from ingestion.keeping.backup_folder import BackupFolder
    from ingestion.people import machine_key
    from ingestion.people.roster import RECEIPT, SNAPSHOT

    is_published = (path / "manifest.json").exists() or report_versions.is_report(path)
    is_backup = BackupFolder.is_at(path) and not is_published  # the machine has signed nothing of a release
    if not is_backup and not path.is_file():
        return None
    if trust is None:
        raise Refusal("machine_needs_people", where=str(path))
    namespace, files = RECEIPT, [path]
    if is_backup:
        folder = BackupFolder(path)
        folder.mark()
        folder.name_of_backup("")
        namespace, files = SNAPSHOT, [folder.path_of(name) for name in folder.snapshots()]
    problems: list[Refusal] = []
    for file in files:
        try:
            machine_key.refuse_unsigned(file, namespace, trust.allowed_signers)
        except Refusal as refusal:
            problems.append(refusal)
    return VerifiedSignatures(len(files), problems)


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
    from ingestion.people import statements
    from reports.publishing import publish_report

    if not publish_report.is_published(report):
        return statements.CheckedStatement(None, "", "", [Refusal("statement_missing", where=str(report))])
    number = publish_report.number_in_record(report)
    about = {f"reports/{number}/{path.name}": sha256 for path, sha256 in publish_report.signed_files(report).items()}
    return statements.check(report, about, trust, statements.OF_REPORT)
