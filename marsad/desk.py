"""The answers of the front desk: one function a question, each calling a floor below and printing what it said.

Does not belong here: the command's words (`command.py`) or rules about data (the floors).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from ingestion import landing
from ingestion.answer_file import path_beside, read_answers
from ingestion.arrival import Arrival, Letter, arrive, known_at_desk
from ingestion.card import load_source, source_names
from ingestion.examination import Examination, examine, examine_any
from ingestion.findings import Finding
from ingestion.guard import MAX_FILE_BYTES
from ingestion.home import Home, sha256_of, write_bytes
from ingestion.receipts import Receipt, Verdict
from ingestion.sample import refuse_invented
from ingestion.text import printable
from ingestion.uploads import Upload, read_upload
from languages.refusal import Refusal
from languages.words import Words
from marsad import confirming, showing
from marsad.asking import asked
from marsad.confirming import Answering

if TYPE_CHECKING:
    from expectations.public_audit import PublicAudit
    from expectations.verification import VerifyReport

Manner = Literal["take", "ask", "look"]
"""Whether a file that replaces rows is taken, taken if the person at the terminal agrees, or only looked at."""


def check(
    file: Path,
    source: str | None,
    words: Words,
    *,
    as_json: bool,
    marked: Path | None = None,
    answering: Answering | None = None,
) -> Verdict:
    """Print what `receive` would do with a file and return the verdict. Keeps nothing.

    With `marked` the sender's own workbook is written there with its findings marked in place. Words that nothing
    explains are shown on a terminal only; what she states of them goes into her answer file.
    """
    if answering and answering.output:
        confirming.needs_terminal(as_json=as_json)
    data, (sender, examination) = _read_and_examined(file, source or _sender_by_folder(file))
    if as_json:
        findings = [showing.finding_as_json(finding, words) for finding in examination.findings]
        showing.document(showing.counts(examination) | {"findings": findings, "source": sender or None})
    else:
        showing.say(f"{sender or printable(file.name)}: {showing.verdict_line(examination, words)}")
        if examination.findings:
            showing.findings_table(examination.findings, words)
    if marked:
        from ingestion.marking import mark

        mark(file, data, examination.findings, showing.verdict_line(examination, words), marked, words)
        if not as_json:
            showing.say(words.text("desk.marked", path=str(marked)))
    if examination.asked and not as_json:
        confirming.at_desk(file, data, sender, examination, words, answering or Answering())
    return examination.verdict


def template(source: str, output: Path, rows: int, words: Words) -> None:
    """Write the template of a source or shape and say where it is."""
    from ingestion.templates import write_template

    write_template(source, output, words, rows=rows)
    showing.say(words.text("desk.template_written", path=str(output), source=source))


def receive(
    home: Home,
    source: str,
    files: Sequence[Path],
    letter: Letter,
    words: Words,
    manner: Manner,
    *,
    page: Path | None = None,
    as_json: bool,
) -> list[Verdict]:
    """Take files in, print a receipt for each, and return their verdicts.

    A file that asks is answered on a terminal, by a role of the task force; elsewhere nothing of it is kept. What a
    file changes of the file that counted before it is printed before it is taken. With `page` each receipt is also
    written as a page to print, in the language that somebody asked for, else in the sender's.
    """
    load_source(source)  # a misspelt sender is told before any file is read
    _there(*files)
    answers: list[dict[str, object]] = []
    verdicts: list[Verdict] = []
    for file in files:
        if too_large := _too_large(file):
            verdicts.append(_tell_unread(file, source, too_large, answers, words, as_json=as_json))
            continue
        upload = read_upload(file)
        refuse_invented(home, upload.data, "".join(filter(str.isprintable, str(file))))
        arrival = arrive(home, source, upload, letter)
        if arrival.receipt.verdict == "asks" and not as_json and manner != "look":
            arrival = confirming.in_house(home, arrival, letter, words)
        receipt, is_taken = _taken(home, arrival, words, manner, as_json=as_json)
        written = _write_page(home, receipt, page, alone=len(files) == 1) if page and is_taken else None
        answers.append(_receipt_as_json(receipt, words) | {"taken": is_taken})
        verdicts.append(receipt.verdict)
        if written:
            answers[-1]["page"] = str(written)
        if not as_json:
            _tell_receipt(file, receipt, written, words, is_taken=is_taken)
    if as_json:
        showing.document(answers)
    return verdicts


def _read_and_examined(file: Path, source: str | None) -> tuple[bytes, tuple[str, Examination]]:
    """Return the bytes of a file, its sender and its examination; a file over the limit is not read."""
    if too_large := _too_large(file):
        return b"", (source or "", too_large)
    upload = read_upload(file)
    return upload.data, _examined(upload, source)


def _too_large(file: Path) -> Examination | None:
    """Return the examination of a file that is too large to be read; it is hashed piece by piece."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size <= MAX_FILE_BYTES:
        return None
    limit = {"limit": str(MAX_FILE_BYTES // 1_000_000)}
    return Examination("refused", sha256_of(file), [Finding("refuse", "file_too_large", arguments=limit)])


def _tell_unread(
    file: Path, source: str, examination: Examination, answers: list[dict[str, object]], words: Words, *, as_json: bool
) -> Verdict:
    """Tell of a file that was not read; the files beside it are taken all the same."""
    findings = [showing.finding_as_json(finding, words) for finding in examination.findings]
    answers.append(showing.counts(examination) | {"findings": findings, "source": source, "taken": False})
    if not as_json:
        showing.say(f"{printable(file.name)}: {showing.verdict_line(examination, words)}")
        showing.findings_table(examination.findings, words)
    return "refused"


def _taken(home: Home, arrival: Arrival, words: Words, manner: Manner, *, as_json: bool) -> tuple[Receipt, bool]:
    """Show what a file would change, take it if that is wanted, and return its receipt and whether it was taken."""
    if not as_json:
        showing.changes_table(arrival.receipt.row_changes, words)
    is_taken = manner == "take" or (manner == "ask" and showing.agrees(arrival.receipt.row_changes, words))
    return landing.take(home, arrival) if is_taken else arrival.receipt, is_taken


def _receipt_as_json(receipt: Receipt, words: Words) -> dict[str, object]:
    findings = [showing.finding_as_json(finding, words) for finding in receipt.findings]
    changes = [change.as_json() for change in receipt.row_changes]
    own = {"findings": findings, "changes": changes, "submission": receipt.submission, "source": receipt.source}
    return showing.counts(receipt) | own


def _tell_receipt(file: Path, receipt: Receipt, page: Path | None, words: Words, *, is_taken: bool) -> None:
    showing.say(f"{printable(file.name)}: {showing.verdict_line(receipt, words)}")
    if receipt.findings:
        showing.findings_table(receipt.findings, words)
    if not is_taken:
        showing.say(words.text("desk.not_taken"))
    if page:
        showing.say(words.text("desk.page_written", path=str(page)))


def withdraw(home: Home, submission: str, reason: str, signed_by: str, words: Words) -> None:
    """Take a submission back and say what follows."""
    from ingestion.withdrawal import remains
    from ingestion.withdrawal import withdraw as take_back

    line = take_back(home, submission, reason=reason, signed_by=signed_by)
    showing.say(words.text("desk.withdrawn", submission=line.withdraws, source=line.source))
    left = remains(home, line)
    if left:
        showing.say(words.text("desk.withdrawn_remains", command="marsad build"))
    for path in left:
        showing.say(f"  {path}")


def tokens(file: Path, key: Path, output: Path, person: Sequence[str], words: Words) -> None:
    """Write the holder's file with tokens and print how many; never a value of the file."""
    from ingestion.tokens import tokenise

    _there(file, key)
    made = tokenise(file, output, key.read_bytes().strip(), person=person)
    counts = {"rows": made.rows, "persons": made.persons, "cases": made.cases, "missing": made.missing_tokens}
    showing.say(words.text("desk.tokens_written", path=str(output), **counts))


def build(home: Home, words: Words, progress: Callable[[str], None], *, dry_run: bool, as_json: bool) -> bool:
    """Build, tell what was done or refused, and return whether all went through."""
    from assets.building import build as run
    from expectations.card import dataset_names
    from expectations.gate import notices
    from expectations.notes import lost
    from expectations.protection import last_report
    from expectations.release import difference, listing, withdrawn_notices

    outcome = run(home, progress=progress, until="gates" if dry_run else "reports")
    showing.failures(outcome.refusals, outcome.failed_steps, words)
    for notice in [*outcome.silent, *notices(home), *withdrawn_notices(home)] if outcome.stages else ():
        showing.refusal(notice, words)
    changes = (
        {dataset: difference(home, dataset).counts() for dataset in dataset_names()}
        if dry_run and outcome.passed
        else {}
    )
    loss = last_report(home).loss if changes else {}
    if as_json:
        codes = [error.code for error in outcome.refusals]
        content = {
            "stages": outcome.stages,
            "passed": outcome.passed,
            "refusals": codes,
            "differences": changes,
            "loss": loss,
        }
        showing.document(content | {"releases": listing(home)})
    elif outcome.passed and not outcome.stages:
        showing.say(words.text("desk.nothing_changed"))
    elif outcome.passed and dry_run:
        for dataset, change in changes.items():
            showing.say(f"{dataset}: " + ", ".join(f"{kind} {count}" for kind, count in change.items()))
            if dataset in loss:
                showing.say("  " + lost(loss[dataset], words.text))
    elif outcome.passed:
        showing.table_of(listing(home), ("dataset", "version", "verdict", "rows", "path"))
    return outcome.passed


def verify(path: Path, words: Words, *, audit: bool = False, as_json: bool) -> bool:
    """Print what is wrong with a released folder and return whether nothing is.

    With `audit` a sound folder is also audited from outside, with what lies beside it.
    """
    from expectations import release
    from expectations.public_audit import audit_release

    outcome = release.verify(path)
    answer = audit_release(path) if audit and outcome.ok and not outcome.withdrawn else None
    if as_json:
        content = {"ok": outcome.ok and (answer is None or answer.ok), "problems": list(outcome.problems)}
        told = {"signed": outcome.signed, "withdrawn": outcome.withdrawn}
        showing.document(content | told | ({} if answer is None else {"audit": answer.content()}))
    else:
        _tell_verified(path, outcome, words)
        if answer:
            _tell_audited(answer, words)
    return outcome.ok and (answer is None or answer.ok)


def _tell_verified(path: Path, outcome: VerifyReport, words: Words) -> None:
    if outcome.ok and outcome.withdrawn:
        showing.say(words.text("desk.verified_withdrawn", path=str(path), date=outcome.withdrawn))
    else:
        showing.say(words.text("desk.verified" if outcome.ok else "desk.not_verified", path=str(path)))
        showing.say(words.text("desk.unsigned"))
    for problem in outcome.refusals:
        what, remedy = showing.spoken(problem, words)
        showing.say(f"  {what}\n  → {remedy}")


def _tell_audited(answer: PublicAudit, words: Words) -> None:
    content = answer.content()
    counts = {name: int(content[name]) for name in ("cells", "asked", "near")}
    told = int(content["narrow"]) + int(content["late"])
    showing.say(words.text("desk.public_audit" if answer.ok else "desk.public_audit_failed", told=told, **counts))
    if answer.ok and counts["near"]:
        showing.say(words.text("desk.public_audit_near", **counts))
    if answer.missing:
        names = showing.shown(answer.missing, most=8)
        showing.say(words.text("desk.public_audit_missing", names=names))


def synthetic(home: Home, year: str, epsilon: float | None, words: Words, *, revised: bool, as_json: bool) -> None:
    """Issue a synthetic file and print where it lies and how far its tables are from the truth."""
    from dataclasses import asdict

    from expectations import synthetic_file

    with home.lock("synthetic"):
        made = synthetic_file.issue(home, year, epsilon, revised=revised)
    if as_json:
        own = {"dataset": made.dataset, "version": made.version, "records": made.records, "path": str(made.path)}
        showing.document(own | {"errors": [asdict(one) for one in made.errors], "budget": asdict(made.spending)})
        return
    showing.say(words.text("desk.synthetic_issued", path=str(made.path), records=made.records))
    for one in made.errors:
        shares = {"error": f"{one.error:.2f}", "spread": f"{one.spread:.2f}"}
        showing.say("  " + words.text("synthetic.errors.item", columns=one.ways, **shares))


def indicators(home: Home, words: Words, *, as_json: bool) -> None:
    """Print the catalogue: code, name, pillar, demand, and whether built, tested and fed in the home."""
    from assets.warehouse import prepared_manifest
    from expectations.catalogue import catalogue

    is_home = (home.root / "home.json").exists()
    with TemporaryDirectory() as elsewhere:  # dbt reads its own project into a manifest; no home is made for a question
        at = home.existing() if is_home else Home(Path(elsewhere))
        prepared_manifest(at)
        rows = catalogue(at)
    if not is_home:
        showing.note(words.text("desk.no_home", where=str(home.root)))
    if as_json:
        showing.document(rows)
    else:
        showing.table_of(rows, ("code", "name", "pillar", "demand", "built", "tested", "fed"))


def sources(home: Home, *, as_json: bool) -> None:
    """Print who has sent what: expected and received periods, working days late, share of rows, what is due."""
    from ingestion.rollcall import state

    rows = state(home, datetime.datetime.now(tz=datetime.UTC).date())
    if as_json:
        showing.document(rows)
    else:
        columns = ("source", "expected", "received", "late_days", "complete_share", "due", "next_due")
        showing.table_of(rows, (*columns, "is_late", "overdue"))


def messages(words: Words, *, as_json: bool) -> bool:
    """Print the gaps of each language, its reviewer, and where it strays from the glossary; return whether none lacks.

    A text that strays is for a translator to look at and issues nothing less.
    """
    from languages.glossary import strays
    from languages.words import gaps, languages

    found = {tag: gaps(tag) for tag in languages()}
    strayed = {tag: strays(tag) for tag in found}
    reviewers = {tag: Words.load(tag).reviewer for tag in found}
    if as_json:
        told = {
            tag: {
                "gaps": [asdict(gap) for gap in missing],
                "reviewer": reviewers[tag],
                "strays": [asdict(one) for one in strayed[tag]],
            }
            for tag, missing in found.items()
        }
        showing.document(told)
    else:
        for tag, missing in found.items():
            reviewer = reviewers[tag] or ("-" if tag == "en" else words.text("desk.awaits_review"))
            lines = [f"{gap.kind} {gap.key}" for gap in missing]
            lines += [words.text("desk.stray", where=one.key, term=one.term) for one in strayed[tag]]
            showing.say("\n  ".join([f"{tag}: {len(missing)}, {reviewer}", *lines]))
    return not any(found.values())


def _write_page(home: Home, receipt: Receipt, page: Path, *, alone: bool) -> Path:
    """Write the receipt as a page at `page`, or into it under its number if it is a folder or there are several."""
    from ingestion.receipt_page import receipt_page

    is_file = alone and page.suffix.lower() in (".html", ".htm") and not page.is_dir()
    path = page if is_file else page / f"receipt-{receipt.n:06d}.html"
    tag = asked() or load_source(receipt.source).language
    text = receipt_page(receipt, Words.load(tag), is_invented=home.is_invented)
    try:
        write_bytes(path, text.encode("utf-8"))
    except OSError as error:
        raise Refusal("page_not_written", where=str(path)) from error
    return path


def _there(*files: Path) -> None:
    """Refuse before the first file is touched if one of them is not there."""
    for file in files:
        if not file.is_file():
            raise Refusal("upload_missing", where=str(file))


def _examined(upload: Upload, source: str | None) -> tuple[str, Examination]:
    """Examine a file as `receive` would: with the answers beside it, and with the words that this home knows."""
    today, name = datetime.datetime.now(tz=datetime.UTC).date(), upload.path.name
    home = Home.at()
    if not source:
        return examine_any(upload.data, name, today=today, known_to=lambda sender: known_at_desk(home, upload, sender))
    load_source(source)
    _, unfit = read_answers(path_beside(upload.path), upload.data, source)
    examination = examine(upload.data, name, source, today=today, known=known_at_desk(home, upload, source))
    return source, replace(examination, findings=[*unfit, *examination.findings])


def _sender_by_folder(file: Path) -> str | None:
    return file.resolve().parent.name if file.resolve().parent.name in source_names() else None
