"""Results of several commands: one function each, which calls a layer below and prints the result.

Does not belong here: the command's texts (`command.py`) or rules about data (the layers below).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ingestion.files.uploads import refuse_missing
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from marsad.terminal import console

if TYPE_CHECKING:
    from expectations.published.release_log import ReleaseLog
    from expectations.releases.public_audit import PublicAudit
    from expectations.releases.verification import VerifyReport

_SAMPLE_SECONDS = 20.0
"""Seconds during which `marsad verify --audit` starts new blocks, without --all."""


def template(source: str, output: Path, rows: int, words: Words) -> None:
    """Write the template of a source or shape and print its path."""
    from ingestion.forms.templates import write_template

    write_template(source, output, words, rows=rows)
    console.say(words.text("desk.template_written", path=str(output), source=source))


def new_token_key(path: Path, words: Words) -> None:
    """Create the holders' key and print its fingerprint, never the key."""
    from ingestion.holders.key_files import write_new_key

    console.say(words.text("desk.token_key_made", path=str(path), fingerprint=write_new_key(path)))


def pseudonymise(
    file: Path,
    key: Path,
    output: Path,
    person: Sequence[str],
    words: Words,
    *,
    version: int,
    codes: tuple[Path, int] | None = None,
) -> None:
    """Write the holder's file with pseudonymous IDs, and its codes if wanted; print counts, never a value of it."""
    from ingestion.holders.codes_files import CodesOrder
    from ingestion.holders.key_files import fingerprint_of, read_key
    from ingestion.holders.pseudonymise import tokenise

    refuse_missing(file)
    secret = read_key(key)
    order = CodesOrder(*codes) if codes else None
    made = tokenise(file, output, secret, person=person, codes=order, version=f"k{version}")
    counts = {"rows": made.rows, "persons": made.persons, "cases": made.cases, "missing": made.missing_tokens}
    console.say(words.text("desk.tokens_written", path=str(output), **counts))
    console.say(words.text("desk.token_key_used", fingerprint=fingerprint_of(secret)))
    if order:
        console.say(words.text("desk.codes_written", path=str(order.path), rows=made.coded, year=str(order.year)))


def build(
    home: Home, words: Words, progress: Callable[[str], None], *, dry_run: bool, wait: float = 0.0, as_json: bool
) -> bool:
    """Build, print what was done or refused, and return whether everything succeeded."""
    from assets.building import build as run

    until = "gates" if dry_run else "reports"
    outcome = run(home, progress=progress, until=until, wait=wait, on_wait=teller_of_waiting(words, progress))
    console.failures(outcome.refusals, outcome.failed_steps, words)
    if not (outcome.stages or as_json):
        if outcome.passed:
            console.say(words.text("desk.nothing_changed"))
        return outcome.passed
    from expectations.published.release_log import ReleaseLog  # imported late: with pandas, which takes a second

    log = ReleaseLog.read_log(home)
    if outcome.stages:
        _tell_notices(home, log, outcome.silent, words)
    changes, loss = _plan_changes(home, log) if dry_run and outcome.passed else ({}, {})
    if as_json:
        content = {
            "stages": outcome.stages,
            "passed": outcome.passed,
            "refusals": [error.code for error in outcome.refusals],
            "differences": changes,
            "loss": loss,
        }
        console.document(content | {"releases": _list_releases(home, log)})
    elif outcome.passed and dry_run:
        _tell_plan(changes, loss, words)
    elif outcome.passed:
        console.table_of(_list_releases(home, log), ("dataset", "version", "verdict", "rows", "path"))
    return outcome.passed


def teller_of_waiting(words: Words, progress: Callable[[str], None]) -> Callable[[Refusal], None]:
    """Return a function that reports the process that is waited for."""
    return lambda held: progress(words.text("desk.waits", where=held.where, **held.arguments))


def _list_releases(home: Home, log: ReleaseLog) -> list[dict[str, Any]]:
    from expectations.releases.release_listing import listing

    return listing(home, log)


def _tell_notices(home: Home, log: ReleaseLog, silent: Sequence[Refusal], words: Words) -> None:
    """Print notices that block nothing: datasets that have yet to begin, waivers, releases that stay withdrawn."""
    from expectations.gate.stored_verdict import last_verdicts
    from expectations.gate.verdicts import notices
    from expectations.releases.release import withdrawn_notices

    verdicts = last_verdicts(home)
    for notice in [*silent, *notices(verdicts), *withdrawn_notices(home, log, verdicts)]:
        console.refusal(notice, words)


def _plan_changes(home: Home, log: ReleaseLog) -> tuple[dict[str, dict[str, int]], Mapping[str, Mapping[str, Any]]]:
    """Return, by dataset, how many cells would change, and what protection cost."""
    from expectations.cards.dataset_card import dataset_names
    from expectations.protection.protect_datasets import last_report
    from expectations.releases.release import difference

    return {name: difference(home, name, log).counts() for name in dataset_names()}, last_report(home).loss


def _tell_plan(changes: Mapping[str, Mapping[str, int]], loss: Mapping[str, Mapping[str, Any]], words: Words) -> None:
    from expectations.releases.release_notes import lost

    for dataset, change in changes.items():
        console.say(f"{dataset}: " + ", ".join(f"{kind} {count}" for kind, count in change.items()))
        if dataset in loss:
            console.say("  " + lost(loss[dataset], words.text))


def verify(path: Path, words: Words, *, audit: bool = False, whole: bool = False, as_json: bool) -> bool:
    """Print what is wrong with a released folder, or with a report, and return whether nothing is.

    With `audit` a sound folder is also audited as a stranger would, along with the folders next to it: a sample, or
    all.
    """
    from expectations.published import report_versions
    from expectations.releases import verification

    if report_versions.is_report(path):
        return _verify_report(path, words, as_json=as_json)
    outcome = verification.verify(path)
    answer = _audit_folder(path, words, whole=whole) if audit and outcome.ok and not outcome.withdrawn else None
    if as_json:
        content = {"ok": outcome.ok and (answer is None or answer.ok), "problems": list(outcome.problems)}
        status = {"signed": outcome.signed, "withdrawn": outcome.withdrawn}
        console.document(content | status | ({} if answer is None else {"audit": answer.content()}))
    else:
        _tell_outcome(path, outcome, words)
        if answer:
            _tell_audit(answer, words)
    return outcome.ok and (answer is None or answer.ok)


def _audit_folder(path: Path, words: Words, *, whole: bool) -> PublicAudit:
    from expectations.releases.public_audit import audit_release  # imported late: verifying alone needs no solver

    within = math.inf if whole else _SAMPLE_SECONDS
    return audit_release(path, _teller_of_audit(words, within), within=within)


def _verify_report(path: Path, words: Words, *, as_json: bool) -> bool:
    """Print what is wrong with a report, and the versions that its number stands for."""
    from expectations.published import report_versions
    from reports.publishing import publish_report

    problems, versions = list(publish_report.problems(path)), report_versions.versions_of(path)
    is_out = publish_report.is_published(path)
    if as_json:
        answer = {"ok": not problems, "problems": [str(problem) for problem in problems], "published": is_out}
        console.document(answer | {"versions": [version._asdict() for version in versions]})
        return not problems
    console.say(words.text("desk.report_not_verified" if problems else "desk.verified_report", path=str(path)))
    for release in versions:
        console.say(f"  {release.dataset} {release.version}")
    if is_out and not problems:
        console.say(words.text("desk.verified_report_out"))
    for problem in problems:
        what, remedy = console.refusal_texts(problem, words)
        console.say(f"  {what}\n  → {remedy}")
    return not problems


def _teller_of_audit(words: Words, within: float) -> Callable[[int, int, float], None]:
    """Return a function that reports an audit's progress and the minutes left, by its speed or its time limit."""
    begun = time.monotonic()

    def tell_progress(done: int, count: int, share: float) -> None:
        spent = time.monotonic() - begun
        left = min(spent * (1 - share) / max(share, 1e-3), max(within - spent, 0.0)) / 60
        console.note(words.text("desk.audit_progress", done=done, count=count, minutes=math.ceil(left)))

    return tell_progress


def _tell_outcome(path: Path, outcome: VerifyReport, words: Words) -> None:
    if outcome.ok and outcome.withdrawn:
        console.say(words.text("desk.verified_withdrawn", path=str(path), date=outcome.withdrawn))
    else:
        console.say(words.text("desk.verified" if outcome.ok else "desk.not_verified", path=str(path)))
        console.say(words.text("desk.unsigned"))
    for problem in outcome.refusals:
        what, remedy = console.refusal_texts(problem, words)
        console.say(f"  {what}\n  → {remedy}")


def _tell_audit(answer: PublicAudit, words: Words) -> None:
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
        names = console.short_text(answer.missing, most=8)
        console.say(words.text("desk.public_audit_missing", names=names))


def synthetic(home: Home, year: str, epsilon: float | None, words: Words, *, revised: bool, as_json: bool) -> None:
    """Issue a synthetic file and print its path and how far its tables are from the truth."""
    from dataclasses import asdict

    from expectations.synthetic import synthetic_file

    with home.lock("marsad synthetic"):
        made = synthetic_file.issue(home, year, epsilon, revised=revised)
    if as_json:
        own = {"dataset": made.dataset, "version": made.version, "records": made.records, "path": str(made.path)}
        console.document(own | {"errors": [asdict(error) for error in made.errors], "budget": asdict(made.spending)})
        return
    console.say(words.text("desk.synthetic_issued", path=str(made.path), records=made.records))
    for error in made.errors:
        shares = {"error": f"{error.error:.2f}", "spread": f"{error.spread:.2f}"}
        console.say("  " + words.text("synthetic.errors.item", columns=error.ways, **shares))


def indicators(home: Home, words: Words, *, as_json: bool) -> None:
    """Print the catalogue: code, name, pillar, demand, and whether built, tested and with data in the home."""
    from assets.dbt_events import prepare_manifest
    from expectations.dictionary.indicator_catalogue import catalogue

    is_home = (home.root / "home.json").exists()
    with TemporaryDirectory() as elsewhere:  # dbt reads its project into a manifest; a query creates no home
        at = home.existing() if is_home else Home(Path(elsewhere))
        prepare_manifest(at)
        rows = catalogue(at)
    if not is_home:
        console.note(words.text("desk.no_home", where=str(home.root)))
    if as_json:
        console.document(rows)
    else:
        console.table_of(rows, ("code", "name", "pillar", "demand", "built", "tested", "fed"))


def translations(words: Words, *, sync: bool = False, template: Path | None = None, as_json: bool) -> bool:
    """Print the gaps of each language, its reviewer, and deviations from the glossary; return whether there is no gap.

    With `sync` the catalogues are first brought in line with the cards; changes are printed on stderr. With `template`
    the gettext template of a new language is written there. A deviation from the glossary is for a translator to look
    at and blocks nothing.
    """
    from languages import catalogue

    if sync:
        from expectations.cards.indicator_messages import sync as bring_in_line

        for tag, keys in bring_in_line().items():
            file = f"languages/{catalogue.catalogue_path(tag).name}"
            console.note(words.text("desk.synced", file=file, count=len(keys)))
    if template:
        catalogue.write_catalogue(template, catalogue.new_catalogue())
    from languages.glossary import stray_terms
    from languages.words import gaps, languages

    gaps_by_tag = {tag: gaps(tag) for tag in languages()}
    strayed = {tag: stray_terms(tag) for tag in gaps_by_tag}
    reviewers = {tag: Words.load(tag).reviewer for tag in gaps_by_tag}
    if as_json:
        answer = {
            tag: {
                "gaps": [asdict(gap) for gap in missing],
                "reviewer": reviewers[tag],
                "strays": [asdict(stray) for stray in strayed[tag]],
            }
            for tag, missing in gaps_by_tag.items()
        }
        console.document(answer)
    else:
        for tag, missing in gaps_by_tag.items():
            reviewer = reviewers[tag] or ("-" if tag == "en" else words.text("desk.awaits_review"))
            lines = [f"{gap.kind} {gap.key}" for gap in missing]
            lines += [words.text("desk.stray", where=stray.key, term=stray.term) for stray in strayed[tag]]
            console.say("\n  ".join([f"{tag}: {len(missing)}, {reviewer}", *lines]))
    return not any(gaps_by_tag.values())
