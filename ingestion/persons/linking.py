"""One run of linking: records and codes are read, compared in memory and discarded; the links are stored.

Belongs here: the order of a run, and the numbers of its result. Does not belong here: the models (`methods/linkage`),
the file of links (`link_store.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.holders import codes_files
from ingestion.home import Home
from ingestion.persons import link_store, linkable_records, linkage_recall, sampled_pairs
from ingestion.persons.link_store import StoredLink
from ingestion.persons.linkage_recall import LinkageRecall
from languages.refusal import Refusal
from methods.linkage import record_links
from methods.linkage.name_codes import PARTS
from methods.linkage.person_groups import NEVER
from methods.linkage.splink_model import SplinkFailed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class LinkingRun:
    """The result of a run, in numbers.

    Attributes:
        records: compared records: one per agency and person.
        coded: those with codes of names.
        pairs: probable links of the home, from this run and before.
        doubtful: those that a person has to decide.
        persons: threshold -> persons among the records. The range over thresholds is not a confidence interval.
        model: version of the model.
        recall: how many pairs with a common pseudonymous ID the model found without it.
        sampled: pairs that were drawn for two readers.
        too_few: whether the records were too few to be linked: what earlier runs found and measured stands.
    """

    records: int
    coded: int
    pairs: int
    doubtful: int
    persons: dict[float, int]
    model: str
    recall: LinkageRecall
    sampled: int = 0
    too_few: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of records and pairs, as a message takes them."""
        return {"records": self.records, "coded": self.coded, "pairs": self.pairs, "doubtful": self.doubtful}


def run(home: Home, codes: Sequence[Path] = (), *, since: int = 0, shapes: Collection[str] | None = None) -> LinkingRun:
    """Link the records that count, and store the links; the caller holds the lock of the home.

    Args:
        home: with landed rows.
        codes: files of codes, outside of the home.
        since: the first year of the records that are compared; 0 for all.
        shapes: of the records that are compared; None for all.

    Raises:
        Refusal: `codes_inside_home`, `linkage_failed` if Splink broke off, `seal_broken`, as `codes_files.read_codes`
            and `linkable_records.read_records`.
    """
    for path in codes:
        if path.resolve().is_relative_to(home.root.resolve()):
            raise Refusal("codes_inside_home", where=path.name)
    if not (home.raw / "submissions.parquet").exists():
        raise Refusal("home_empty", where=str(home.root))
    records = linkable_records.read_records(home, [codes_files.read_codes(path) for path in codes], since, shapes)
    too_few = record_links.are_too_few(records)
    try:
        probable_links = record_links.link(records)
    except SplinkFailed as failure:
        raise Refusal("linkage_failed", error=str(failure)) from failure
    coded = _read_coded(records)
    fresh = [
        StoredLink(
            pair.left,
            pair.right,
            pair.probability,
            has_codes={pair.left, pair.right} <= coded,
            is_seen_as_both=linkable_records.is_seen_as_both(records, pair.left, pair.right),
            model=probable_links.model,
        )
        for pair in probable_links.pairs
    ]
    compared = set(records["member"])
    counting = set(linkable_records.read_records(home)["member"]) if since or shapes else compared
    known = [
        link for link in link_store.read_links(home) if {link.left, link.right} <= counting
    ]  # links of a withdrawn file are removed
    links = known if too_few else link_store.merge(known, fresh, compared, coded)
    link_store.write(home, links)
    recall = linkage_recall.measure_recall(records, probable_links, shapes or (), since)
    sample = sampled_pairs.draw(home, records, probable_links)
    if not too_few:
        linkage_recall.write(home, recall)
        sampled_pairs.write(home, sample)
    holders = linkable_records.holders_of(records)
    persons = {
        threshold: len(set(link_store.groups(home, holders, threshold).values()))
        for threshold in (link_store.SURE, link_store.MAIN, link_store.GENEROUS)
    }
    doubtful = sum(link.is_doubtful for link in links)
    probable = sum(link.probability > NEVER for link in links)
    counted = (len(records), int(_has_code(records).sum()), probable, doubtful)
    return LinkingRun(*counted, persons, probable_links.model, recall, len(sample.pairs), too_few)


def _has_code(records: pd.DataFrame) -> pd.Series[bool]:
    return records[[f"{part}_code" for part in PARTS]].notna().any(axis=1)


def _read_coded(records: pd.DataFrame) -> set[str]:
    return set(records.loc[_has_code(records), "member"])
