"""Recall of linking, from pairs that persons review: a sample, stratified by probability.

Belongs here: the strata, how many pairs of each are reviewed, recall with its lower limit, agreement of two reviews.
Does not belong here: drawing pairs and who reviews them (`ingestion/persons`), pairs whose pseudonymous IDs were held
back (`ingestion/persons/linkage_recall.py`).

In a stratum of which n of N pairs were reviewed, each stands for N / n pairs (Horvitz and Thompson 1952, JASA 47). The
limits of the true numbers behind the reviewed pairs are exact, by the hypergeometric distribution (Wright 1991, Exact
Confidence Bounds when Sampling from Small Finite Universes). The chance of error is divided between the numbers that
are not known exactly (Bonferroni).

Pairs below `EDGES[0]` are far too many for any sample: none true among 20 leaves thousands possible. The number of true
pairs there is bounded by pairs whose pseudonymous IDs say that they are one person, and which the model judged without
them; the few that are reviewed there test that bound.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EDGES = (0.01, 0.05, 0.2, 0.5, 0.9)
"""Bounds between the strata: a probability equal to a bound belongs above it."""
SIZE, FAR_SIZE = 300, 20
"""Most pairs reviewed, and how many of them in the lowest stratum if the others have enough."""
LEAST_READ = 200
LEAST_DRAWN = 220
"""Least number of pairs drawn: reviewers may be unable to decide a tenth of them."""
LEVEL = 0.95


@dataclass(frozen=True)
class StratumReading:
    """The reviews in one stratum.

    Attributes:
        pairs: number of pairs in it.
        drawn: number of these to be reviewed.
        joined: reviewed as one person, and linked.
        missed: reviewed as one person, and not linked.
        apart: reviewed as two persons.
        doubtful: not linked, and not reviewed, or reviewed without a clear answer. The remaining ones of that kind are
            linked.
    """

    pairs: int
    drawn: int
    joined: int = 0
    missed: int = 0
    apart: int = 0
    doubtful: int = 0

    @property
    def answered(self) -> int:
        """Number of pairs with a clear answer."""
        return self.joined + self.missed + self.apart


@dataclass(frozen=True)
class TokenPairs:
    """Pairs of one kind whose pseudonymous IDs say that they are one person.

    Attributes:
        pairs: number of pairs of the kind.
        far: number of these that the model puts into the lowest stratum.
        weight: share of the kind among the linked pairs, 0 to 1.
    """

    pairs: int
    far: int
    weight: float


@dataclass(frozen=True)
class ReadRecall:
    """The share of true pairs that linking finds.

    Attributes:
        answered: number of pairs with a clear answer.
        estimate: estimated share, 0 to 1; None if no true pair was reviewed.
        lower: its lower 95 % limit; None if fewer than `LEAST_READ` pairs were answered.
    """

    answered: int
    estimate: float | None
    lower: float | None


def stratum_of(probability: float) -> int:
    """Return the stratum of a pair; 0 is the lowest."""
    return bisect_right(EDGES, probability)


def sizes(pairs: Sequence[int], size: int = SIZE, far: int = FAR_SIZE) -> list[int]:
    """Return how many pairs of each stratum are reviewed: equally many; what a small one lacks comes from the others.

    If all the others together have too few, the lowest one provides the rest.

    Args:
        pairs: number in each stratum, the lowest first.
        size: most pairs in all.
        far: number from the lowest stratum, if the others have enough.
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

    Unanswered pairs count against linking: as missed if not linked, as no true pair if linked.

    Args:
        strata: the reviews.
        held_back: pairs with one pseudonymous ID, by kind; without any the lowest stratum is unknown, and the limit is
            0.
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
    if far.missed:  # the bound by pseudonymous IDs did not hold
        missed += most_true_pairs(far.pairs, far.drawn, far.missed, chance)
    if not joined:
        return 0.0
    return joined / (joined + missed) * (1 - greatest_far_share(held_back, chance))


def least_true_pairs(pairs: int, drawn: int, seen: int, chance: float) -> int:
    """Return the fewest of N pairs that can be so, if `seen` of n drawn are, except for a chance of error."""
    if drawn == pairs:
        return seen

    from scipy import stats  # imported late: a build reads the links without measuring their quality

    def as_many(many: int) -> float:
        return float(stats.hypergeom.sf(seen - 1, pairs, many, drawn))

    return bisect_right(range(pairs + 1), chance, key=as_many)


def most_true_pairs(pairs: int, drawn: int, seen: int, chance: float) -> int:
    """Return the most of N pairs that can be so, if `seen` of n drawn are, except for a chance of error."""
    if drawn == pairs:
        return seen

    from scipy import stats

    def as_few(many: int) -> float:
        return -float(stats.hypergeom.cdf(seen, pairs, many, drawn))

    return bisect_left(range(pairs + 1), -chance, key=as_few) - 1


def greatest_far_share(held_back: Sequence[TokenPairs], chance: float) -> float:
    """Return the greatest share of true pairs that can lie in the lowest stratum, except for a chance of error.

    All kinds are pooled, by Clopper and Pearson's limit, which holds for several kinds in one sample too (Hoeffding
    1956). A kind with a greater share among the linked pairs than among those held back can raise it, at most by that
    proportion.
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
    """Return the share of pairs on which two reviews agree, and Cohen's kappa (1960), 1 if chance explains all.

    Args:
        readings: first and second answer -> number of pairs; at least one.
    """
    pairs = sum(readings.values())
    same = sum(count for (first, second), count in readings.items() if first == second)
    firsts, seconds = Counter[str](), Counter[str]()
    for (first, second), count in readings.items():
        firsts[first] += count
        seconds[second] += count
    by_chance = sum(count * seconds[answer] for answer, count in firsts.items())  # whole numbers: exact in any order
    return same / pairs, 1.0 if by_chance == pairs**2 else (same * pairs - by_chance) / (pairs**2 - by_chance)
