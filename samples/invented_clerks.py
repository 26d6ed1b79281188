"""Two invented clerks who review the sampled pairs of the demo: mostly right, sometimes wrong or unsure.

Belongs here: who each member of linking truly is, and what a clerk answers about a pair. Does not belong here: the
sample and storing answers (`ingestion/persons`). In a real home persons answer; the method page and the report say that
these two are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingestion.home import Home, sha256_of_bytes
from ingestion.persons import pair_readings, sampled_pairs
from ingestion.persons.pair_readings import DIFFERENT, FIRST, SAME, SECOND, SETTLED, UNSURE
from ingestion.submissions import decisions, receipts
from samples import coded_names, workbooks
from samples.bodies.sight import LetterDelivery
from samples.life.chance import RandomStream
from samples.life.country import Country, make_token, rows_of

ERRORS = {"wrong": 0.01, "unsure": 0.01}
"""Share of the pairs about which a clerk is wrong, and of which she cannot say."""
CLERKS = {FIRST: "first invented clerk", SECOND: "second invented clerk", SETTLED: "both invented clerks together"}


def records_of(home: Home, country: Country, sent: Sequence[LetterDelivery]) -> dict[str, tuple[str, str, int]]:
    """Return the key of each record in the files with codes -> file, table, and number of its event."""
    submission = {receipt.sha256: receipt.submission for receipt in receipts.live_receipts(home)}
    records: dict[str, tuple[str, str, int]] = {}
    for delivery in sent:
        name = submission[sha256_of_bytes(workbooks.file_content(country, delivery))]
        for row in coded_names.rows_sent(country, delivery):
            key = f"{delivery.source}/{name}/{row.sheet.replace(' ', '_')}/{row.row_number}"
            records[key] = (delivery.file_name, row.table, int(row.row["event_number"]))
    return records


def true_persons(home: Home, country: Country, sent: Sequence[LetterDelivery]) -> dict[str, int]:
    """Return the true person of each member of linking: of each pseudonymous ID, and of each record without one."""
    of_event = {episode["event_number"]: episode["person_number"] for episode in rows_of(country.episodes)}
    numbers = [int(number) for number in country.persons["person_number"]]
    of_token = {make_token("person", number, version=key): number for number in numbers for key in ("k01", "k02")}
    return of_token | {key: int(of_event[event]) for key, (_, _, event) in records_of(home, country, sent).items()}


def read_pairs(home: Home, country: Country, sent: Sequence[LetterDelivery], reason: str) -> int:
    """Let both clerks review the sample, and settle their differences together; return the number of pairs reviewed.

    They review once: after they have settled their differences nothing is reviewed again, whatever was withdrawn since.

    Args:
        home: the demo's home, linked.
        country: the invented country.
        sent: the files for which codes are made.
        reason: reason recorded with each answer.
    """
    if sampled_pairs.read_sample(home) is None:  # of a small country too few records are sent to be linked
        return 0
    if any(decision.signed_by == CLERKS[SETTLED] for decision in decisions.standing_decisions(home).values()):
        return 0
    persons, read = true_persons(home, country, sent), set[str]()
    for turns in ((FIRST, SECOND), (SETTLED,)):
        pairs = pair_readings.shown_pairs(home)
        for turn in turns:
            waiting = [reading.pair for reading in pairs if reading.waits(turn)]
            same = {reading.item: persons[reading.left] == persons[reading.right] for reading in waiting}
            answers = dict(_answers(RandomStream(country.seed, f"{CLERKS[turn]} reads"), same.items()))
            pair_readings.record(home, answers, turn=turn, signed_by=CLERKS[turn], reason=reason, pairs=pairs)
            read |= set(answers)
    return len(read)


def _answers(clerk: RandomStream, pairs: Iterable[tuple[str, bool]]) -> Iterable[tuple[str, str]]:
    for item, is_same in pairs:
        if clerk.flip(ERRORS["unsure"]):
            yield item, UNSURE
        else:
            yield item, SAME if is_same != clerk.flip(ERRORS["wrong"]) else DIFFERENT
