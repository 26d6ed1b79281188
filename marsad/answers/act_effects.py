"""What an act would change, for those who sign it: cells, years, warnings, rules that are other than before.

Does not belong here: the act (`acting.py`), or what may be published (`expectations/gate`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ingestion.home import Home, read_verified, sha256_of
from ingestion.people import acts
from ingestion.people.roster import NAME, roster_path
from ingestion.storage import parse_json
from ingestion.strict_yaml import parse_yaml
from ingestion.text.folding import without_controls
from languages.refusal import Refusal
from languages.words import Words

if TYPE_CHECKING:
    from expectations.gate.rule_result import RuleResult
    from expectations.published.ledger import LedgerEntry

_BROKEN = re.compile(r"(?P<rule>[a-z0-9_]+) (?P<broken>\d+)/(?P<evaluated>\d+)(?: \[(?P<missing>[^]]*)\])?")
"""A broken rule in a warning: how many of how many, and whose reports of which years are missing."""

_LONGEST_LINE = 500
"""Letters of a line that are shown to who signs."""


@dataclass(frozen=True)
class ActEffects:
    """What a publication would change.

    Attributes:
        rows: per dataset or estimate: `dataset`, `version`, `replaces`, `new`, `revised`, `withheld`, `gone` cells, and
            the `years` in which a figure is revised.
        warnings: each to be taken by both signers: a broken rule that does not block, a waiver, a card that changed.
    """

    rows: list[dict[str, Any]]
    warnings: list[str]

    def content(self) -> dict[str, Any]:
        """Return the effects as JSON."""
        return {"changes": self.rows, "warnings": self.warnings}


def effects_of_proposal(home: Home) -> ActEffects:
    """Return what publishing a home's proposal would change."""
    from expectations.releases import proposal

    entries = proposal.additions(home)
    return ActEffects([_row(home, entry) for entry in entries], warnings_of_proposal(home))


def warnings_of_proposal(home: Home) -> list[str]:
    """Return what whoever signs a proposal must know: rules that failed without blocking, waivers, cards."""
    from expectations.releases import proposal

    return list(map(without_controls, _warnings(home, proposal.additions(home))))


def warning_in_words(warning: str, words: Words) -> str:
    """Return what a warning means, in a language; empty for one that no text explains.

    Args:
        warning: as `_warnings` yields it.
        words: of the language.
    """
    dataset, _, what = warning.partition(": ")
    title = f"dataset.{dataset}.title"
    named = {"dataset": words.text(title) if title in words else dataset}
    if broken := _BROKEN.fullmatch(what):
        return words.text("browser.acts.warning.case", **named, case=_case_in_words(broken, words))
    rule, _, until = what.partition(", ")
    if f"rule.{rule}" in words:
        key, named = ("waived" if until else "rule"), {**named, "rule": words.text(f"rule.{rule}")}
        return words.text(f"browser.acts.warning.{key}", **named, **({"until": until} if until else {}))
    kind = what.partition(" ")[0]
    return words.text(f"browser.acts.warning.{kind}", **named) if kind in ("card", "not_compared") else ""


def _case_in_words(broken: re.Match[str], words: Words) -> str:
    from expectations.cards.note_languages import voice_of
    from expectations.releases.missing_reports import MissingReports
    from expectations.releases.warning_texts import warning_of_rule

    missing = [
        MissingReports(agency.strip("-"), tuple(years.split()))
        for agency, _, years in (entry.partition("=") for entry in (broken["missing"] or "").split("; ") if entry)
    ]
    counts = int(broken["broken"]), int(broken["evaluated"])
    return warning_of_rule(broken["rule"], *counts, missing, voice_of(words.tag))


def describe_act(home: Home, folder: Path) -> list[str]:
    """Return what an act says, a line each, for who signs it second; nothing in it moves the cursor of a terminal.

    Args:
        home: whose act it is.
        folder: of the act. A roster is told by the lines that change, a report by the versions that it is
            made from.
    """
    act = acts.read_act(folder)
    lines = [f"{act.kind}: {act.reason}", *(f"{name}: {value}" for name, value in sorted(act.facts.items()))]
    lines += [_change_of(home, name, sha256) for name, sha256 in sorted(act.about.items())]
    if act.kind == "people":
        today, then = (_roster_lines(path.read_bytes()) for path in (roster_path(home), folder / NAME))
        lines += [line for line in difflib.ndiff(today, then) if line[0] in "-+"]
    if act.kind == "publish_report":
        lines += _versions(home, act)
    return [*(_shortened(without_controls(line)) for line in lines), *_sentences(home, folder, act)]


def _change_of(home: Home, name: str, sha256: str) -> str:
    """Return the hash that a file will have, and the one that it has now if it lies there with other bytes."""
    path = home.root / name
    now = f"{sha256_of(path)[:12]} -> " if path.is_file() and sha256_of(path) != sha256 else ""
    return f"{name} {now}{sha256[:12]}"


def _versions(home: Home, act: acts.Act) -> Iterator[str]:
    """Yield each version behind a report, and the last one that the ledger has where that is another one."""
    from expectations.published import report_versions
    from expectations.published.release_log import ReleaseLog

    log = ReleaseLog.read_log(home)
    for folder in sorted({(home.root / name).parent for name in act.about}):
        for release in report_versions.versions_of(folder):
            last = log.last_version(release.dataset)
            yield f"{release.dataset}: {release.version}" + ("" if release.version == last else f" (ledger: {last})")


def _sentences(home: Home, folder: Path, act: acts.Act) -> Iterator[str]:
    """Yield each sentence that people wrote of a report, whole, a new one behind a mark."""
    from marsad.answers.shown_act import sentences_of

    for sentence in sentences_of(home, folder, act) if act.kind == "publish_report" else ():
        yield f"{'+' if sentence.is_new else ' '} {sentence.name}: {without_controls(sentence.text)}"


def _shortened(line: str) -> str:
    """Return a line that pushes nothing else off the screen of who signs; the act has all of it."""
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} … (+{len(line) - _LONGEST_LINE:,})"


def _roster_lines(data: bytes) -> list[str]:
    """Return what a roster says, a line each, however it is laid out; as it is typed where it is no YAML."""
    try:
        return list(_flat(parse_yaml(data)))
    except ValueError:
        return data.decode("utf-8", errors="replace").splitlines()


def _flat(value: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - whatever YAML can hold
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(cast(dict[Any, Any], value).items())
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in cast(list[Any], value)):
        items = list(enumerate(cast(list[Any], value), start=1))
    for name, item in items:
        yield from _flat(item, f"{path}.{name}" if path else str(name))
    if not items:
        yield f"{path}: {', '.join(map(str, cast(list[Any], value))) if isinstance(value, list) else value}"


def _row(home: Home, entry: LedgerEntry) -> dict[str, Any]:
    from expectations.published import ledger
    from expectations.releases.release_difference import compare

    earlier = ledger.entries(home, entry.dataset)
    difference = compare(ledger.read_last_cells(home, earlier), ledger.cells_of(home.proposing(), entry))
    revised = difference.revised
    return {
        "dataset": without_controls(entry.dataset),
        "version": without_controls(entry.version),
        "replaces": earlier[-1].version if earlier else "",
        "new": len(difference.added),
        "revised": len(revised),
        "withheld": len(difference.newly_hidden),
        "gone": len(difference.gone),
        "years": ", ".join(sorted(set(map(str, revised["time_period"])))),
    }


def _warnings(home: Home, entries: Sequence[LedgerEntry]) -> Iterator[str]:
    """Yield what a signer must know: rules that failed without blocking, waivers, cards other than before."""
    from expectations.gate.stored_verdict import Verdict
    from expectations.releases.proposal import place_of

    for entry in entries:
        folder = home.proposal / place_of(entry)
        if not (folder / "verdict.json").exists():
            continue  # an estimate
        verdict = Verdict.from_bytes((folder / "verdict.json").read_bytes())
        yield from (_broken_rule(folder, entry.dataset, rule) for rule in verdict.rules if not rule.passed)
        yield from (f"{entry.dataset}: {waiver.rule}, {waiver.expires}" for waiver in verdict.waived)
        yield from _card_warnings(home, entry.dataset, verdict.card_sha256)


def _broken_rule(folder: Path, dataset: str, rule: RuleResult) -> str:
    """Return a broken rule with what is the case, so that both signers sign that: counts, agencies and years."""
    from expectations.cards.cells import read_parquet
    from expectations.releases.missing_reports import RULE, missing_reports

    text = f"{dataset}: {rule.id} {rule.unexpected}/{rule.evaluated}"
    if rule.id != RULE:
        return text
    missing = missing_reports(read_parquet((folder / "data.parquet").read_bytes()))
    agencies = "; ".join(f"{entry.agency or '-'}={' '.join(entry.years)}" for entry in missing)
    return f"{text} [{agencies}]"


def _card_warnings(home: Home, dataset: str, card_sha256: str) -> Iterator[str]:
    """Yield whether a card is other than in the last release that the ledger has; a pointer may be gone, or moved."""
    from expectations.published import ledger
    from expectations.releases.proposal import place_of

    for entry in ledger.entries(home, dataset)[-1:]:
        try:
            data = read_verified(home.root / place_of(entry) / "manifest.json", entry.manifest_sha256)
        except Refusal:
            yield f"{dataset}: not_compared"
            return
        before = str(parse_json(data)["card_sha256"])
        if before != card_sha256:
            yield f"{dataset}: card {before[:12]} -> {card_sha256[:12]}"
