"""The draft of a release: everything that its folder will contain, as bytes, before anything is written.

Belongs here: gathering the facts for notes, certificate, data package and manifest, and the manifest itself. Two drafts
of the same input are the same bytes: they contain no day.
Does not belong here: judging the figures (`verdicts.py`), publishing a draft (`release.py`), the words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from expectations.cards.cells import measure_ids
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.indicator_card import IndicatorCard, indicators_of
from expectations.cards.note_languages import NoteLanguage
from expectations.cards.release_scheme import Scheme
from expectations.cards.series_breaks import SeriesBreak, find_breaks, read_breaks
from expectations.gate.stored_verdict import Verdict
from expectations.protection.constraint_systems import ASKED_FOR
from expectations.protection.late_cases import LateLine
from expectations.protection.protect_datasets import ProtectionReport, pending_base
from expectations.published import ledger
from expectations.published.external import set_aside
from expectations.published.release_formats import FORMAT
from expectations.published.release_log import ReleaseLog
from expectations.releases import certificate, package_descriptor, portal_metadata, public_constraints, totals_table
from expectations.releases.carried_standards import NO_STANDARDS, CarriedStandards
from expectations.releases.missing_reports import missing_reports
from expectations.releases.release_difference import compare
from expectations.releases.release_notes import ReleaseNoteFacts, write
from ingestion.home import Home, sha256_of_bytes
from ingestion.people.roster import read_roster, roster_path
from ingestion.submissions.current_submissions import are_records_linked
from methods.disclosure.derived import DECIMALS

_COUNTED_ACROSS_AGENCIES = "linked_by_token"
"""The caveat of indicators that count a person once whom several agencies know."""


@dataclass(frozen=True)
class ReleaseDraft:
    """Everything about a release before it is written."""

    home: Home
    log: ReleaseLog
    card: DatasetCard
    verdict: Verdict
    verdict_bytes: bytes
    files: Mapping[str, bytes]
    frame: pd.DataFrame
    indicators: Mapping[str, IndicatorCard]
    protection: ProtectionReport
    standards: CarriedStandards = NO_STANDARDS

    @property
    def sequence(self) -> int:
        """The number of the release: 1, 2, 3, … of its dataset."""
        return len(self.log.releases_of(self.card.name)) + 1

    @property
    def frozen(self) -> list[tuple[str, str]]:
        """Measures and years that print an earlier figure although late cases came."""
        return self._past_indicator_years("frozen")

    def past_years(self, state: str) -> dict[str, list[str]]:
        """Return the years that were `frozen` or `revised`, to the indicators of this dataset."""
        years: dict[str, set[str]] = {}
        for measure, year in self._past_indicator_years(state):
            years.setdefault(year, set()).add(measure.partition("/")[0])
        return {year: sorted(years[year]) for year in sorted(years)}

    @property
    def to_quote(self) -> list[tuple[str, str, str]]:
        """Return years and indicators of this dataset with a count that another indicator prints as a different figure.

        The other indicator defines the count, and is the one to quote.
        """
        return sorted(
            {
                (outcome.year, own, quoted)
                for outcome in self.protection.outcomes
                for own, quoted in outcome.to_quote
                if own in self.indicators
            }
        )

    @property
    def late(self) -> list[LateLine]:
        """What may be published of late cases, for the units of count that have a frozen year in this dataset."""
        units = {self.indicators[code].unit_measure for codes in self.past_years("frozen").values() for code in codes}
        return [line for line in self.protection.late if line.unit in units]

    @property
    def loss(self) -> Mapping[str, Any]:
        """What protection cost this dataset; empty if nothing is protected."""
        return self.protection.loss.get(self.card.name, {})

    @cached_property
    def rests_on_links(self) -> bool:
        """Whether records without a common pseudonymous ID were joined behind its totals; how many were stays inside.

        A number of joined records, often one or two, would tell of single persons.
        """
        is_counted = any(_COUNTED_ACROSS_AGENCIES in indicator.caveats for indicator in self.indicators.values())
        return is_counted and are_records_linked(self.home)

    @cached_property
    def needs_one_signature(self) -> bool:
        """Whether the house has one person only, who signs alone."""
        return roster_path(self.home).exists() and read_roster(self.home).signatures == 1

    @cached_property
    def sealed(self) -> pd.DataFrame:
        """The true base of all blocks of which this dataset prints something: a vintage covers a whole block."""
        own = set(self.indicators)
        blocks = [{measure.partition("/")[0] for measure in outcome.block} for outcome in self.protection.outcomes]
        connected = own.union(*(block for block in blocks if block & own))
        pending = pending_base(self.home)
        return pending[pending["indicator"].isin(connected)]

    def _past_indicator_years(self, state: str) -> list[tuple[str, str]]:
        own = set(measure_ids(self.frame))
        outcomes = [outcome for outcome in self.protection.outcomes if outcome.state == state]
        return [(measure, outcome.year) for outcome in outcomes for measure in outcome.block if measure in own]


def release_files(draft: ReleaseDraft, speakers: Sequence[NoteLanguage]) -> dict[str, bytes]:
    """Return the files of the release by name; the manifest last, over all others.

    Args:
        draft: the final bytes with verdict, cards and protection.
        speakers: the languages of notes and certificate, in their order.

    Returns:
        Name in the folder -> bytes. The same draft gives the same bytes.

    Raises:
        Refusal: `message_missing` from the catalogue of one of the languages.
    """
    english = next(voice for voice in speakers if voice.tag == "en")
    sources = sorted({holder for indicator in draft.indicators.values() for holder in indicator.holders})
    tags = [voice.tag for voice in speakers]
    indicators = {code: _indicator(indicator) for code, indicator in draft.indicators.items()}
    tables = {
        totals_table.TOTALS: totals_table.totals_csv(
            draft.files["data.csv"], indicators, tags, draft.past_years("frozen")
        ),
        totals_table.CODES: totals_table.codes_csv(draft.files["data.csv"], tags),
    }
    described = package_descriptor.descriptor(
        draft.card, {**draft.files, **tables}, sequence=draft.sequence, sources=sources, text=english.text, tags=tags
    )
    facts, guarantee = _facts(draft), _guarantee(draft)
    files = {
        **draft.files,
        **tables,
        "verdict.json": draft.verdict_bytes,
        "datapackage.json": _json(described),
        **{f"notes.{voice.tag}.md": write(facts, voice).encode("utf-8") for voice in speakers},
        **{
            f"certificate.{voice.tag}.md": certificate.certificate_markdown(guarantee, voice).encode()
            for voice in speakers
        },
        **{f"certificate.{voice.tag}.html": certificate.page(guarantee, voice).encode() for voice in speakers},
    }
    titles = {voice.tag: voice.text(f"dataset.{draft.card.name}.title") for voice in speakers}
    pages = [name for name in files if name.endswith((".md", ".html"))]
    subject = portal_metadata.PortalSubject(
        draft.card.name, described, titles, _years(draft), pages, draft.home.is_invented
    )
    files[portal_metadata.NAME] = _json(portal_metadata.record(subject, speakers))
    return {**files, "manifest.json": _json(_manifest(draft, files))}


def _facts(draft: ReleaseDraft) -> ReleaseNoteFacts:
    first, last = _years(draft)
    return ReleaseNoteFacts(
        card=draft.card,
        sequence=draft.sequence,
        is_invented=draft.home.is_invented,
        indicators=list(draft.indicators.values()),
        years=(first, last),
        watched=draft.verdict.watched,
        waived=draft.verdict.waived,
        frozen=draft.past_years("frozen"),
        revised=draft.past_years("revised"),
        to_quote=draft.to_quote,
        withheld=int((draft.frame["obs_status"] == "Q").sum()),
        difference=compare(ledger.read_last_cells(draft.home, draft.log.releases_of(draft.card.name)), draft.frame),
        late=draft.late,
        corrects=draft.log.corrected_withdrawals(draft.card.name),
        loss=draft.loss,
        needs_one_signature=draft.needs_one_signature,
        set_aside=[publication for publication in set_aside(draft.home) if publication.indicator in draft.indicators],
        breaks=_breaks_in_release(draft),
        standards=draft.standards,
        rests_on_links=draft.rests_on_links,
        missing=missing_reports(draft.frame),
    )


def _breaks_in_release(draft: ReleaseDraft) -> list[SeriesBreak]:
    return find_breaks(draft.frame, read_breaks(invented=draft.home.is_invented))


def _guarantee(draft: ReleaseDraft) -> certificate.Guarantee:
    methods = draft.frame["disclosure_method"].astype(str)
    own = set(draft.indicators)
    return certificate.Guarantee(
        card=draft.card,
        sequence=draft.sequence,
        is_invented=draft.home.is_invented,
        years=_years(draft),
        rounded=int(methods.str.startswith("ROUNDED").sum()),
        exact=int(methods.str.startswith("EXACT").sum()),
        withheld=int((methods == "WITHHELD").sum()),
        audited=draft.verdict.audit["checked"],
        systems=sum(
            bool({measure.partition("/")[0] for measure in done.block} & own) for done in draft.protection.outcomes
        ),
        earlier=_count_releases_before(draft),
        against=ASKED_FOR,
        frozen=len(draft.past_years("frozen")),
        late=draft.late,
        loss=draft.loss,
        needs_one_signature=draft.needs_one_signature,
    )


def _count_releases_before(draft: ReleaseDraft) -> int:
    """Return the number of releases published before those of this protection run."""
    same_day = {files["data.parquet"] for files in draft.protection.files.values()}
    releases = [entry for entry in draft.log.entries if entry.dataset not in ledger.ESTIMATES]
    return sum(entry.cells_sha256 not in same_day for entry in releases)


def _years(draft: ReleaseDraft) -> tuple[str, str]:
    years = sorted(set(draft.frame["time_period"]))
    return (years[0], years[-1]) if years else ("", "")


def _manifest(draft: ReleaseDraft, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the public description of the release: enough to audit it again, and nothing secret."""
    home, dataset = draft.home, draft.card.name
    first, last = _years(draft)
    return {
        "format": FORMAT,
        "dataset": dataset,
        "sequence": draft.sequence,
        "previous": draft.log.last_version(dataset),
        "corrects": [withdrawal.version for withdrawal in draft.log.corrected_withdrawals(dataset)],
        "invented": home.is_invented,
        "rows": len(draft.frame),
        "period": {"first": first, "last": last} if first else {},
        "indicators": {code: _indicator(indicator) for code, indicator in draft.indicators.items()},
        "protection": {
            "units": {unit: protection.model_dump(mode="json") for unit, protection in draft.card.protection.items()},
            "never": draft.card.never,
            "merge": draft.card.merge,
            "minimum_base": draft.card.minimum_base,
        },
        "system": public_constraints.describe_system(Scheme.read_scheme(home), draft.sealed),
        "together": {
            name: known["data.parquet"] for name, known in draft.protection.files.items() if _is_filled(home, name)
        },
        "earlier": _earlier_releases(draft.log),
        "frozen": [{"year": year, "indicators": codes} for year, codes in draft.past_years("frozen").items()],
        "to_quote": [{"year": year, "indicator": own, "quoted": quoted} for year, own, quoted in draft.to_quote],
        "late": [asdict(line) for line in draft.late],
        "breaks": [
            series_break.model_dump(mode="json", exclude={"invented"}) for series_break in _breaks_in_release(draft)
        ],
        **describe_standards(draft.standards),
        "rests_on_links": draft.rests_on_links,
        "card_sha256": draft.card.sha256,
        "suite_sha256": draft.card.suite_sha256,
        "files": {name: sha256_of_bytes(data) for name, data in files.items()},
    }


def describe_standards(standards: CarriedStandards) -> dict[str, Any]:
    """Return what a manifest holds of standards; nothing if the release carries none."""
    carried = {question: standard.model_dump(mode="json") for question, standard in standards.now.items()}
    return {"standards": carried} if carried else {}


def _is_filled(home: Home, dataset: str) -> bool:
    """Return whether any indicator names the dataset: an empty one is never released, so nobody need look for it."""
    return bool(indicators_of(home, dataset))


def _indicator(indicator: IndicatorCard) -> dict[str, Any]:
    """Return what a reader needs of an indicator: each derived figure as a reference to its two counts."""
    return {
        "model": indicator.model,
        "checksum": indicator.checksum,
        "unit_measure": indicator.unit_measure,
        "basis": indicator.basis,
        "demand": indicator.demand,
        "law_article": indicator.law_article,
        "holders": indicator.holders,
        "dimensions": indicator.dimensions,
        "breakdown": indicator.breakdown,
        "caveats": indicator.caveats,
        "derived": {entry.measure: list(entry.operands) for entry in indicator.derived},
        "derived_by": {
            entry.measure: {
                "method": entry.method,
                "minimum_base": entry.minimum_base,
                "decimals": DECIMALS,
                "at": entry.at,
            }
            for entry in indicator.derived
        },
    }


def _earlier_releases(log: ReleaseLog) -> list[dict[str, Any]]:
    """Return everything released before, by any dataset: what a reader may have."""
    gone = log.withdrawn_places
    return [
        {"dataset": entry.dataset, "version": entry.version, "withdrawn": (entry.dataset, entry.version) in gone}
        for entry in log.entries
    ]


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")
