"""Printing what is wrong with a released folder or a report.

Does not belong here: the command's texts (`command.py`), or verifying (`answers/verified_folder.py`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from languages import dates
from languages.words import Words
from marsad.answers.answer_forms import short_text
from marsad.answers.verified_folder import (
    VerifiedRelease,
    VerifiedReport,
    VerifiedSignatures,
    verify_folder,
    verify_signatures,
)
from marsad.terminal import console

if TYPE_CHECKING:
    from expectations.releases.public_audit import PublicAudit
    from expectations.releases.verification import VerifyReport
    from ingestion.people.statements import CheckedStatement, Trust

_SAMPLE_SECONDS = 20.0
"""Seconds during which `marsad verify --audit` starts new blocks, without --all."""


def verify(
    path: Path, words: Words, trust: Trust | None = None, *, audit: bool = False, whole: bool = False, as_json: bool
) -> bool:
    """Print what is wrong with a released folder, a report, a receipt or backups, and return whether nothing is.

    With `audit` a sound folder is also audited as a stranger would, along with the folders next to it: a sample, or
    all.
    """
    if signatures := verify_signatures(path, trust):
        return _tell_signatures(path, signatures, words, as_json=as_json)
    within = math.inf if whole else _SAMPLE_SECONDS
    answer = verify_folder(path, within if audit else None, _teller_of_audit(words, within), trust)
    if as_json:
        console.document(_release_as_json(answer) if isinstance(answer, VerifiedRelease) else _report_as_json(answer))
    elif isinstance(answer, VerifiedReport):
        _print_report(path, answer, words, is_asked=trust is not None)
    else:
        _print_release(path, answer.verification, words, is_asked=trust is not None)
        if answer.audit:
            _print_audit(answer.audit, words)
    return answer.ok


def _tell_signatures(path: Path, answer: VerifiedSignatures, words: Words, *, as_json: bool) -> bool:
    """Print whether the machine of the house signed a receipt, or each backup of a folder."""
    if as_json:
        problems = list(map(str, answer.problems))
        console.document({"ok": answer.ok, "problems": problems, "signatures": answer.count})
        return answer.ok
    if answer.ok:
        console.say(words.text("desk.verified_machine", path=str(path), count=answer.count))
    for problem in answer.problems:
        console.list_refusal(problem, words)
    return answer.ok


def _release_as_json(answer: VerifiedRelease) -> dict[str, object]:
    outcome = answer.verification
    statement = outcome.statement
    content = {"ok": answer.ok, "problems": list(outcome.problems), **_signed_as_json(statement)}
    audit = {} if answer.audit is None else {"audit": answer.audit.content()}
    return {**content, "withdrawn": outcome.withdrawn, **audit}


def _report_as_json(answer: VerifiedReport) -> dict[str, object]:
    problems, versions = list(map(str, answer.problems)), [version._asdict() for version in answer.versions]
    content = {"ok": answer.ok, "problems": problems, **_signed_as_json(answer.statement)}
    return {**content, "published": answer.is_published, "versions": versions}


def _signed_as_json(statement: CheckedStatement | None) -> dict[str, object]:
    """Return whether signatures were asked for and hold, and whose; nobody's where nobody asked."""
    if statement is None:
        return {"signed": False}
    by = {"prepared_by": statement.prepared_by, "approved_by": statement.approved_by}
    return {"signed": not statement.problems, **by}


def _print_report(path: Path, answer: VerifiedReport, words: Words, *, is_asked: bool) -> None:
    """Print what is wrong with a report, and the versions that its number stands for."""
    console.say(words.text("desk.verified_report" if answer.ok else "desk.report_not_verified", path=str(path)))
    for release in answer.versions:
        console.say(f"  {release.dataset} {release.version}")
    if answer.is_published and answer.ok:
        console.say(words.text("desk.verified_report_out"))
        _print_signers(answer.statement, words, is_asked=is_asked)
    for problem in answer.problems:
        console.list_refusal(problem, words)


def _teller_of_audit(words: Words, within: float) -> Callable[[int, int, float], None]:
    """Return a function that reports an audit's progress and the minutes left, by its speed or its time limit."""
    begun = time.monotonic()

    def tell_progress(done: int, count: int, share: float) -> None:
        spent = time.monotonic() - begun
        left = min(spent * (1 - share) / max(share, 1e-3), max(within - spent, 0.0)) / 60
        console.note(words.text("desk.audit_progress", done=done, count=count, minutes=math.ceil(left)))

    return tell_progress


def _print_release(path: Path, outcome: VerifyReport, words: Words, *, is_asked: bool) -> None:
    if outcome.ok and outcome.withdrawn:
        console.say(words.text("desk.verified_withdrawn", path=str(path), date=dates.written(words, outcome.withdrawn)))
    else:
        console.say(words.text("desk.verified" if outcome.ok else "desk.not_verified", path=str(path)))
    _print_signers(outcome.statement, words, is_asked=is_asked)
    for problem in outcome.refusals:
        console.list_refusal(problem, words)


def _print_signers(statement: CheckedStatement | None, words: Words, *, is_asked: bool) -> None:
    """Print who signed, by the allowed signers that the reader named; without them that nobody asked."""
    if not is_asked:
        console.say(words.text("desk.signers_unasked"))
    elif statement is not None and statement.act is not None and not statement.problems:
        by = {"prepared": statement.prepared_by, "approved": statement.approved_by or "-", "day": statement.act.day}
        by |= {name: dates.written(words, text) for name, text in (("day", by["day"]), ("due", statement.act.next_due))}
        console.say(words.text("desk.signed_by", **by))


def _print_audit(answer: PublicAudit, words: Words) -> None:
    content = answer.content()
    counts = {name: int(content[name]) for name in ("cells", "asked", "near")}
    disclosed = int(content["narrow"]) + int(content["late"])
    console.say(words.text("desk.public_audit" if answer.ok else "desk.public_audit_failed", told=disclosed, **counts))
    if answer.ok and counts["near"]:
        console.say(words.text("desk.public_audit_near", **counts))
    if answer.left:
        asked = len(answer.years)
        console.say(words.text("desk.public_audit_sample", asked=asked, count=asked + answer.left))
    if answer.missing:
        names = short_text(answer.missing, most=8)
        console.say(words.text("desk.public_audit_missing", names=names))
