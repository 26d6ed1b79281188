"""Persons' answers about sampled pairs: each pair is read twice, and a third time if the two readings differ.

Belongs here: which pairs wait in which turn, storing answers, which answer holds, the resulting recall. Does not belong
here: drawing the sample (`sampled_pairs.py`), the estimate (`methods/linkage/clerical_sample.py`), which measure of
linkage is used in a home (`home_recall.py`).

Answers are in the chain of decisions, one line per pair and turn; a later line replaces an earlier one. They refer to
what the reader saw: when a field of one of the two records changes, the pair has to be read again. The two readings may
be by two persons or by the same one; neither shows the other's answers.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingestion.home import Home, sha256_of_bytes
from ingestion.persons import doubtful_links, link_store, linkable_records, linkage_recall, sampled_pairs
from ingestion.persons.sampled_pairs import PairSample, SampledPair
from ingestion.submissions import decisions
from ingestion.submissions.decisions import Decision
from ingestion.submissions.submission_withdrawal import checked_reason
from languages.refusal import Refusal
from methods.linkage import clerical_sample
from methods.linkage.clerical_sample import ReadRecall, StratumReading, TokenPairs

if TYPE_CHECKING:
    import pandas as pd

FIRST, SECOND, SETTLED = TURNS = ("first", "second", "settled")
SAME, DIFFERENT, UNSURE, OPEN = ANSWERS = ("same", "different", "unsure", "open")
"""The possible answers of a reader; the last one withdraws an answer."""
_CLEAR = (SAME, DIFFERENT)
_KIND = "pair_reading"


@dataclass(frozen=True)
class ShownPair:
    """A sampled pair whose records count, as shown to a reader.

    Attributes:
        pair: its members and stratum, which are not shown.
        fields: field -> `left · right`, coded.
        given: turn -> the valid answer: about these fields, and not withdrawn.
    """

    pair: SampledPair
    fields: Mapping[str, str]
    given: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def seen(self) -> str:
        """Hash of what the reader saw."""
        return sha256_of_bytes("\0".join(f"{name}={text}" for name, text in sorted(self.fields.items())).encode())

    @property
    def differs(self) -> bool:
        """Whether a third reading is needed: the two differ, or one is unsure."""
        both = {self.given[turn] for turn in (FIRST, SECOND) if turn in self.given}
        return FIRST in self.given and SECOND in self.given and (len(both) > 1 or not both <= {*_CLEAR})

    @property
    def answer(self) -> str:
        """The result of all readings: a clear answer, or `open`."""
        if self.differs:
            settled = self.given.get(SETTLED, OPEN)
            return settled if settled in _CLEAR else OPEN
        return self.given.get(FIRST, OPEN) if SECOND in self.given else OPEN

    def waits(self, turn: str) -> bool:
        """Return whether the pair has to be read in a turn."""
        return turn not in self.given and (turn != SETTLED or self.differs)


@dataclass(frozen=True)
class PairsRead:
    """The result of the readings.

    Attributes:
        pairs: in the sample.
        recall: of linking.
        twice: pairs that were read twice.
        agreed: share of them on which both readings agree; None if none was read twice.
        kappa: Cohen's, for the same pairs.
        signers: how many sections or roles signed the two readings.
    """

    pairs: int
    recall: ReadRecall
    twice: int = 0
    agreed: float | None = None
    kappa: float | None = None
    signers: int = 0


def shown_pairs(home: Home) -> list[ShownPair]:
    """Return the sampled pairs whose records count, in random order, with their answers.

    Raises:
        Refusal: `sample_missing` if no run of linking drew one; `seal_broken`, `decisions_broken`.
    """
    sample = sampled_pairs.read_sample(home)
    if sample is None:
        raise Refusal("sample_missing", where=str(home.root))
    return _show_pairs(home, sample, linkable_records.read_records(home))


def _show_pairs(home: Home, sample: PairSample, records: pd.DataFrame) -> list[ShownPair]:
    members = {member for pair in sample.pairs for member in (pair.left, pair.right)}
    sides = doubtful_links.sides_of(records[records["member"].isin(members)])
    held = decisions.standing_decisions(home)
    pairs = [
        ShownPair(pair, {name: f"{sides[pair.left][name]} · {sides[pair.right][name]}" for name in sides[pair.left]})
        for pair in sample.pairs
        if pair.left in sides and pair.right in sides
    ]
    return [ShownPair(shown_pair.pair, shown_pair.fields, _given_answers(shown_pair, held)) for shown_pair in pairs]


def _given_answers(shown_pair: ShownPair, held: Mapping[str, Decision]) -> dict[str, str]:
    by_turn = {turn: held.get(_name(shown_pair.pair.item, turn)) for turn in TURNS}
    return {
        turn: line.value
        for turn, line in by_turn.items()
        if line and line.sha256 == shown_pair.seen and line.value != OPEN
    }


def record(
    home: Home,
    answers: Mapping[str, str],
    *,
    turn: str,
    signed_by: str,
    reason: str,
    pairs: Sequence[ShownPair] | None = None,
) -> None:
    """Store the answers of a reader.

    Args:
        home: with a sample.
        answers: item -> answer.
        turn: one of `TURNS`; the third counts where the first two differ.
        signed_by: a section or role.
        reason: on what basis it was read; names no person.
        pairs: as they were shown; by default read again.

    Raises:
        Refusal: `sample_missing`; `pair_unknown`; `decision_unfit` for another answer or turn; `reason_missing`.
    """
    checked_reason(reason, signed_by)
    turn = turn_of(turn)
    known = {shown_pair.pair.item: shown_pair for shown_pair in (shown_pairs(home) if pairs is None else pairs)}
    day = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    lines: list[Decision] = []
    for item, answer in answers.items():
        if item not in known:
            raise Refusal("pair_unknown", where=item)
        if answer not in ANSWERS:
            raise Refusal("decision_unfit", where=item, expected="، ".join(ANSWERS))
        shown_pair = known[item]
        place = ("", shown_pair.seen, shown_pair.pair.left, shown_pair.pair.right, _KIND)
        lines.append(Decision(_name(item, turn), *place, answer, signed_by.strip(), reason.strip(), day))
    decisions.append_all(home, lines)


def turn_of(name: str) -> str:
    """Return the name of a turn, if valid.

    Raises:
        Refusal: `decision_unfit` for an unknown one.
    """
    if name not in TURNS:
        raise Refusal("decision_unfit", where=name, expected="، ".join(TURNS))
    return name


def measure_readings(home: Home) -> PairsRead | None:
    """Return the result of the readings of the last sample; None if none was drawn.

    Whether a pair is linked is evaluated now, with the decisions on links made since.
    """
    sample, tokens = sampled_pairs.read_sample(home), linkage_recall.read_measure(home)
    if sample is None or tokens is None:
        return None
    records = linkable_records.read_records(home)
    pairs = _show_pairs(home, sample, records)
    group = link_store.groups(home, linkable_records.holders_of(records), link_store.MAIN)
    recall = clerical_sample.recall_of(_strata(sample, pairs, group), _held_back_pairs(tokens))
    both = Counter(
        (shown_pair.given[FIRST], shown_pair.given[SECOND])
        for shown_pair in pairs
        if {FIRST, SECOND} <= set(shown_pair.given)
    )
    if not both:
        return PairsRead(len(sample.pairs), recall)
    agreed, kappa = clerical_sample.measure_agreement(both)
    held = decisions.standing_decisions(home)
    names = [
        _name(shown_pair.pair.item, turn)
        for shown_pair in pairs
        for turn in (FIRST, SECOND)
        if turn in shown_pair.given
    ]
    signers = len({held[name].signed_by for name in names})
    return PairsRead(len(sample.pairs), recall, sum(both.values()), agreed, kappa, signers)


def _strata(sample: PairSample, pairs: Sequence[ShownPair], group: Mapping[str, str]) -> list[StratumReading]:
    """Count the results in each stratum; a pair whose records no longer count is out until the next sample."""
    counted: list[Counter[str]] = [Counter() for _ in sample.strata]
    for shown_pair in pairs:
        joined = group[shown_pair.pair.left] == group[shown_pair.pair.right]
        clear = {SAME: "joined" if joined else "missed", DIFFERENT: "apart"}
        what = clear.get(shown_pair.answer, "" if joined else "doubtful")
        counted[shown_pair.pair.stratum].update(["drawn", what])
    return [
        StratumReading(
            pairs=size, **{name: count for name, count in counts.items() if name} | {"drawn": counts["drawn"]}
        )
        for size, counts in zip(sample.strata, counted, strict=True)
    ]


def _held_back_pairs(tokens: linkage_recall.LinkageRecall) -> list[TokenPairs]:
    kinds = ((tokens.coded, tokens.coded_share), (tokens.plain, 1 - tokens.coded_share))
    return [TokenPairs(held.pairs, held.far, weight) for held, weight in kinds]


def _name(item: str, turn: str) -> str:
    return f"{item}:{turn}"
