"""The gate: nothing is released untested. It reads the very bytes to be released and writes a verdict about them.

Belongs here: joining the card's checks, the mandatory rules and the disclosure audit into one verdict, and its file.
Does not belong here: any single rule, or releasing (`release.py`, which accepts only what a verdict names).

    verdicts/<dataset>.json          public: hashes, versions, rules with counts, the day; no value, no coordinates
    verdicts/<dataset>.sealed.json   what failed and where; never published
    verdicts/<file>.seal             the keyed seal of each (`seals.py`)
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version

import pandas as pd
import pyarrow as pa

from expectations.cards.adopted_standards import hash_of_standards
from expectations.cards.cells import read_parquet
from expectations.cards.indicator_card import indicators_of
from expectations.cards.release_scheme import Scheme
from expectations.gate import dataset_suite, mandatory_rules, waivers
from expectations.gate.disclosure_audit import CONTRADICTION, JointAudit, examine_final
from expectations.gate.external_conflicts import find_conflicting_cards
from expectations.gate.mandatory_rules import FinalFiles
from expectations.gate.rule_result import RuleResult
from expectations.gate.stored_joint_audit import keep_joint_audit, question_of, read_joint_audit
from expectations.gate.stored_verdict import Verdict, sealed_path, write_verdict
from expectations.gate.truth_comparison import DisclosureFinding
from expectations.protection.protect_datasets import final_bytes
from expectations.published import ledger
from expectations.published.external import external_rows
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home, sha256_of_bytes
from ingestion.seals import write_sealed
from ingestion.submissions.agency_years import read_calendar_day
from ingestion.submissions.receipts import live_receipts
from languages.refusal import Refusal

_TOOLS = ("marsad", "great-expectations", "highspy", "pandas", "pyarrow", "numpy", "scipy")


def examine(home: Home, dataset: str, today: datetime.date | None = None) -> Verdict:
    """Examine the final bytes of `dataset` and write the verdict, with reasons if it fails.

    The disclosure audit is joint: it reads the final bytes of all datasets, because a reader will have them all. The
    date decides only which waivers are in force.

    Raises:
        Refusal: `file_missing` if protection has not run, `final_unreadable` for bytes that are no Parquet,
            `check_invalid` for a check that Great Expectations does not know; those of `waivers.load_waivers`.
    """
    scheme = Scheme.read_scheme(home)
    content = {name: final_bytes(home, name) for name in scheme.datasets}
    frames = {name: _frame(name, files["data.parquet"]) for name, files in content.items()}
    card, frame = scheme.datasets[dataset], frames[dataset]
    log = ReleaseLog.read_log(home)
    day = read_calendar_day(home)
    rules: Sequence[RuleResult]
    findings: list[DisclosureFinding] = []
    cards: tuple[str, ...] = ()
    if [str(column) for column in frame.columns] == card.columns:
        external, complete = external_rows(home), _complete(scheme, frames)
        joint = _joint_audit(home, scheme, complete, external, content)
        own = _select_dataset(
            joint, [code for code, indicator in scheme.indicators.items() if dataset in indicator.datasets]
        )
        findings = [*own.disclosures, *own.narrow, *own.strays, *own.unaudited, *own.rounded_again, *own.two_figures]
        suite = dataset_suite.results_of(card, dataset_suite.validate(card, frame))
        last, csv = ledger.read_last_cells(home, log.releases_of(dataset)), content[dataset]["data.csv"]
        is_withdrawn = log.last_version(dataset) in log.withdrawals_of(dataset)
        files = FinalFiles(card, frame, csv, last, suite, scheme.indicators, day, is_withdrawn)
        rules = _rules(files, own)
        cards = find_conflicting_cards(home, scheme, complete, external, own.disclosures)
    else:  # with other columns than the allowed ones, no further check is possible
        rules = [RuleResult("only_allowed_columns", "house", "critical", False, len(frame.columns), 1)]
    verdict = Verdict(
        dataset=dataset,
        files={name: sha256_of_bytes(data) for name, data in content[dataset].items()},
        card_sha256=card.sha256,
        suite_sha256=card.suite_sha256,
        previous=log.last_version(dataset),
        versions={tool: version(tool) for tool in _TOOLS},
        rules=tuple(rules),
        waived=waivers.used_waivers(dataset, rules, today or datetime.datetime.now(tz=datetime.UTC).date()),
        in_the_way=cards,
        standards_sha256=hash_of_standards(home) if dataset == ledger.NATIONAL else "",
        as_of=day.isoformat() if day else "",
    )
    _write(home, verdict, findings)
    return verdict


def _joint_audit(
    home: Home,
    scheme: Scheme,
    frames: Mapping[str, pd.DataFrame],
    external: pd.DataFrame | None,
    content: Mapping[str, Mapping[str, bytes]],
) -> JointAudit:
    """Return the joint audit: the gates of one build need the same one, which the first of them stores."""
    known = read_joint_audit(home, question_of(home, scheme, external, content))
    if known is not None:
        return known
    audit = examine_final(home, scheme, frames, external)
    keep_joint_audit(home, question_of(home, scheme, external, content), audit)  # rehashed: covers the audit's store
    return audit


def silence(home: Home, dataset: str) -> Refusal:
    """Return the message about a dataset without any figure: the agencies that have sent nothing for it yet."""
    holders = {holder for card in indicators_of(home, dataset).values() for holder in card.holders}
    missing = sorted(holders - {receipt.source for receipt in live_receipts(home)})
    return Refusal("dataset_silent", where=dataset, missing=", ".join(missing) or "-")


def notices(verdicts: Iterable[Verdict]) -> list[Refusal]:
    """Return the notices about waivers after a build: expired, ending, or no longer needed.

    Args:
        verdicts: the last verdicts, at most one per dataset.

    Returns:
        One refusal per waiver to report; empty if there is none. It blocks nothing.
    """
    today, known = datetime.datetime.now(tz=datetime.UTC).date(), waivers.load_waivers()
    return [notice for verdict in verdicts for notice in waivers.notices(known, verdict.dataset, verdict.rules, today)]


def _rules(files: FinalFiles, examination: JointAudit) -> list[RuleResult]:
    cells = sum(examination.audited.values())
    failures = sum(finding.rule != CONTRADICTION for finding in examination.disclosures)
    audited = RuleResult("disclosure_audit", "house", "critical", failures == 0, cells, failures)
    house = [*mandatory_rules.check_files(files), *mandatory_rules.check_audit(examination, len(files.frame))]
    return [*files.suite, *mandatory_rules.sort_by_rule(house), audited]


def _frame(dataset: str, data: bytes) -> pd.DataFrame:
    try:
        return read_parquet(data)
    except (pa.ArrowInvalid, OSError) as error:
        raise Refusal("final_unreadable", where=dataset) from error


def _complete(scheme: Scheme, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the frames that have the allowed columns; any other fails at its own gate."""
    return {
        name: frame
        for name, frame in frames.items()
        if [str(column) for column in frame.columns] == scheme.datasets[name].columns
    }


def _select_dataset(joint: JointAudit, codes: Sequence[str]) -> JointAudit:
    def concerns(block: Sequence[str]) -> bool:
        return any(measure.partition("/")[0] in codes for measure in block)

    def select_findings(findings: Sequence[DisclosureFinding]) -> list[DisclosureFinding]:
        return [finding for finding in findings if concerns(finding.block)]

    def is_labelled(label: str) -> bool:
        return concerns(label.partition("|")[0].split("+"))

    return JointAudit(
        audited={label: count for label, count in joint.audited.items() if is_labelled(label)},
        disclosures=select_findings(joint.disclosures),
        strays=select_findings(joint.strays),
        unaudited=select_findings(joint.unaudited),
        withdrawn=select_findings(joint.withdrawn),
        rounded_again=select_findings(joint.rounded_again),
        two_figures=select_findings(joint.two_figures),
        narrow=select_findings(joint.narrow),
        insiders={label: known for label, known in joint.insiders.items() if is_labelled(label)},
    )


def _write(home: Home, verdict: Verdict, findings: Sequence[DisclosureFinding]) -> None:
    write_verdict(home, verdict)
    text = json.dumps([asdict(finding) for finding in findings], sort_keys=True, indent=1)
    write_sealed(home, sealed_path(home, verdict.dataset), text.encode("utf-8"))
