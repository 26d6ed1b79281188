"""How many true pairs linking finds, from pairs that persons read: a sample, stratified by probability.

Here: the strata, how many pairs of each are read, recall with its lower limit, how well two readings agree.
Not here: drawing pairs and who reads them (`ingestion/persons`), pairs whose tokens were held back
(`ingestion/persons/linkage_recall.py`).

A pair of a stratum of which n of N were read stands for N / n pairs (Horvitz and Thompson 1952, JASA 47). The limits of
the true numbers behind what was read are exact, by the hypergeometric distribution (Wright 1991, Exact Confidence
Bounds when Sampling from Small Finite Universes). The chance of error is shared out between the numbers that are not
known exactly (Bonferroni).

Pairs below `EDGES[0]` are far too many for any sample: none of them found true among 20 leaves thousands possible. How
many true pairs lie there is bounded by pairs whose tokens say that they are one person, and which the model judged
without them; the few that are read there are a trial of that bound.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EDGES = (0.01, 0.05, 0.2, 0.5, 0.9)
"""Between the strata: a probability that equals one belongs above it."""
SIZE, FAR_SIZE = 300, 20
"""Pairs that are read at most, and those of them in the lowest stratum where the others have enough."""
LEAST_READ = 200
LEAST_DRAWN = 220
"""Pairs that are drawn at least: of a tenth of them readers may say that they cannot tell."""
LEVEL = 0.95


@dataclass(frozen=True)
class StratumReading:
    """What was read of one stratum.

    Attributes:
        pairs: in it.
        drawn: of them, those to be read.
        joined: read as one person, and linked.
        missed: read as one person, and not linked.
        apart: read as two persons.
        doubtful: not linked, and not read, or read without a clear answer. The others of those are linked.
    """

    pairs: int
    drawn: int
    joined: int = 0
    missed: int = 0
    apart: int = 0
    doubtful: int = 0

    @property
    def answered(self) -> int:
        """Pairs with a clear answer."""
        return self.joined + self.missed + self.apart


@dataclass(frozen=True)
class TokenPairs:
    """Pairs of one kind whose tokens say that they are one person.

    Attributes:
        pairs: of the kind.
        far: of them, those that the model puts into the lowest stratum.
        weight: share of the kind among the pairs that are linked, 0 to 1.
    """

    pairs: int
    far: int
    weight: float


@dataclass(frozen=True)
class ReadRecall:
    """The share of true pairs that linking finds.

    Attributes:
        answered: pairs with a clear answer.
        estimate: of the share, 0 to 1; None where no true pair was read.
        lower: its lower 95 % limit; None where fewer than `LEAST_READ` pairs were answered.
    """

    answered: int
    estimate: float | None
    lower: float | None


def stratum_of(probability: float) -> int:
    """Return the stratum of a pair, 0 the lowest."""
    return bisect_right(EDGES, probability)


def sizes(pairs: Sequence[int], size: int = SIZE, far: int = FAR_SIZE) -> list[int]:
    """Return how many pairs of each stratum are read: as many of each, and what a small one lacks from the others.

    Where all the others together are too few to be measured by, the lowest one gives what they lack.

    Args:
        pairs: in each stratum, the lowest first.
        size: pairs in all, at most.
        far: of the lowest stratum, where the others have enough.
    """
    read = [min(pairs[0], far), *[0] * (len(pairs) - 1)]
    left, asked = size - read[0], list(range(1, len(pairs)))
    for place in sorted(asked, key=lambda stratum: pairs[stratum]):
        read[place] = min(pairs[place], left // len(asked))
        left -= read[place]
        asked.remove(place)
    read[0] = min(pairs[0], max(read[0], min(size, LEAST_DRAWN) - sum(read[1:])))
    return read


def recall_of(strata: Sequence[StratumReading], held_back: Sequence[TokenPairs]) -> ReadRecall:
    """Return the recall of linking, from all strata, the lowest first.

    What nobody answered counts against linking: as missed where it is not linked, as no true pair where it is.

    Args:
        strata: what was read.
        held_back: pairs of one token, by kind; without any nothing is known of the lowest stratum, and the limit is 0.
    """
    answered = sum(stratum.answered for stratum in strata)
    weights = [stratum.pairs / stratum.answered if stratum.answered else 0.0 for stratum in strata]
    joined = sum(weight * stratum.joined for weight, stratum in zip(weights, strata, strict=True))
    missed = sum(weight * stratum.missed for weight, stratum in zip(weights, strata, strict=True))
    estimate = joined / (joined + missed) if joined + missed else None
    return ReadRecall(answered, estimate, _lower(strata, held_back) if answered >= LEAST_READ else None)


def _lower(strata: Sequence[StratumReading], held_back: Sequence[TokenPairs]) -> float:
    far, near = strata[0], strata[1:]
    open_to_chance = 1 + sum(stratum.drawn < stratum.pairs for stratum in near)
    chance = (1 - LEVEL) / open_to_chance
    joined = sum(least_true_pairs(stratum.pairs, stratum.drawn, stratum.joined, chance / 2) for stratum in near)
    missed = sum(
        most_true_pairs(stratum.pairs, stratum.drawn, stratum.missed + stratum.doubtful, chance / 2) for stratum in near
    )
    if far.missed:  # the bound by tokens did not hold
        missed += most_true_pairs(far.pairs, far.drawn, far.missed, chance)
    if not joined:
        return 0.0
    return joined / (joined + missed) * (1 - greatest_far_share(held_back, chance))


def least_true_pairs(pairs: int, drawn: int, seen: int, chance: float) -> int:
    """Return the fewest of N pairs that can be so, where `seen` of n drawn are, but for a chance of error."""
    if drawn == pairs:
        return seen

    from scipy import stats  # late: a build reads what was linked, without asking how well

    def as_many(many: int) -> float:
        return float(stats.hypergeom.sf(seen - 1, pairs, many, drawn))

    return bisect_right(range(pairs + 1), chance, key=as_many)


def most_true_pairs(pairs: int, drawn: int, seen: int, chance: float) -> int:
    """Return the most of N pairs that can be so, where `seen` of n drawn are, but for a chance of error."""
    if drawn == pairs:
        return seen

    from scipy import stats

    def as_few(many: int) -> float:
        return -float(stats.hypergeom.cdf(seen, pairs, many, drawn))

    return bisect_left(range(pairs + 1), -chance, key=as_few) - 1


def greatest_far_share(held_back: Sequence[TokenPairs], chance: float) -> float:
    """Return the greatest share of true pairs that can lie in the lowest stratum, but for a chance of error.

    All kinds are taken together, by Clopper and Pearson's limit, which holds for several kinds in one sample too
    (Hoeffding 1956). A kind with a greater share among the pairs that are linked than among those held back can raise
    it, at most by that proportion.
    """
    pairs = sum(kind.pairs for kind in held_back)
    if not pairs or any(kind.weight and not kind.pairs for kind in held_back):
        return 1.0
    from scipy import stats

    raised = max(kind.weight * pairs / kind.pairs for kind in held_back if kind.pairs)
    limit = (
        stats.binomtest(sum(kind.far for kind in held_back), pairs).proportion_ci(1 - 2 * chance, method="exact").high
    )
    return min(1.0, float(limit) * max(1.0, raised))


def measure_agreement(readings: Mapping[tuple[str, str], int]) -> tuple[float, float]:
    """Return the share of pairs of which two readings say the same, and Cohen's kappa (1960), 1 where chance is all.

    Args:
        readings: first and second answer -> how many pairs; at least one.
    """
    pairs = sum(readings.values())
    same = sum(count for (first, second), count in readings.items() if first == second)
    firsts, seconds = Counter[str](), Counter[str]()
    for (first, second), count in readings.items():
        firsts[first] += count
        seconds[second] += count
    by_chance = sum(count * seconds[answer] for answer, count in firsts.items())  # whole numbers: exact in any order
    return same / pairs, 1.0 if by_chance == pairs**2 else (same * pairs - by_chance) / (pairs**2 - by_chance)
