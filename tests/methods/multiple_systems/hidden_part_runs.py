"""The hidden part: seconds for replicates, and what its intervals cover in countries whose truth is known.

Every country is simulated and seeded. Three or five lists see persons by the chances of `CHANCES`. The assumptions hold
(`independent`), or one pair depends (`referral`: the second list sends 40 % of its persons to the first, which a model
with pairs can hold), or persons have unequal chances (`unequal`: a normal effect of standard deviation 1 on the
logit), which no model here holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np

from methods import multiple_systems
from methods.multiple_systems.bootstrap_limits import bootstrap_limits
from methods.multiple_systems.hidden_part import EstimateOrder, HiddenPart, estimate_hidden_part
from methods.multiple_systems.loglinear_models import ModelSpace
from methods.multiple_systems.model_search import downhill
from methods.multiple_systems.overlap_table import OverlapTable
from methods.multiple_systems.poisson_fits import Fitter
from tests.methods.multiple_systems.published_tables import KOREA, KOSOVO, UK_5

CHANCES = (0.15, 0.10, 0.06, 0.04, 0.03)
SIZES = ((3, 500), (3, 1_500), (5, 500), (5, 1_500))
WORLDS = ("independent", "referral", "unequal")
_COLUMNS = (
    *("lists, persons", "world", "seen", "95 % cover", "80 % cover", "upper / lower", "estimate / truth"),
    *("Chao / truth", "told"),
)
_REPLICATES = 300
_TIMED = 1_000


@dataclass(frozen=True)
class Country:
    """One way to make a country: how many lists and persons, and which assumption is broken."""

    lists: int
    persons: int
    world: str

    def table(self, random: np.random.Generator) -> OverlapTable:
        """Draw the overlap table of one country."""
        chances = np.array(CHANCES[: self.lists])
        logits = np.log(chances / (1 - chances))
        own = random.normal(size=(self.persons, 1)) if self.world == "unequal" else np.zeros((self.persons, 1))
        seen = random.random((self.persons, self.lists)) < 1 / (1 + np.exp(-(logits + own)))
        if self.world == "referral":
            seen[:, 0] |= seen[:, 1] & (random.random(self.persons) < 0.4)
        counts = np.bincount(seen @ (1 << np.arange(self.lists)), minlength=1 << self.lists)
        counts[0] = 0
        return OverlapTable(tuple("ABCDEFGHIJ"[: self.lists]), counts.astype(np.int64))


def report(runs: int, seed: int) -> Iterator[str]:
    """Yield the lines of the part."""
    yield f"code {hash_of_code()}, CPU seconds:\n"
    yield from _times(seed)
    yield ""
    yield from _coverage(runs, seed)


def hash_of_code() -> str:
    """Return what names the code that was measured: a hash of `methods/multiple_systems`."""
    texts = [path.read_bytes() for path in sorted(Path(multiple_systems.__path__[0]).glob("*.py"))]
    return hashlib.sha256(b"".join(texts)).hexdigest()[:12]


def _times(seed: int) -> Iterator[str]:
    yield f"| table | lists, persons seen | {_TIMED:,} replicates, CPU s | linear programmes |"
    yield "|---|---|---:|---:|"
    published = {"Korea": KOREA, "Kosovo": KOSOVO, "UKdat_5": UK_5}
    made = {"invented": _dependent(np.random.default_rng(seed), 6)}
    for label, table in (published | made).items():
        begun = process_time()
        fitter = Fitter(ModelSpace(len(table.lists)))
        counts = table.counts[1:].astype(np.float64)
        estimate = float(table.observed + downhill(fitter, counts[None, :]).unseen[0])
        bootstrap_limits(fitter, counts, estimate, _TIMED, seed, lambda done, of: None)
        told = f"{process_time() - begun:.2f} | {fitter.programmes}"
        yield f"| {label} | {len(table.lists)}, {table.observed:,} | {told} |"


def _dependent(random: np.random.Generator, lists: int) -> OverlapTable:
    """A country in which three pairs of lists depend, so that the search has steps to take."""
    seen = random.random((4_000, lists)) < np.array([0.2, 0.15, 0.12, 0.1, 0.08, 0.06])[:lists]
    for one, other in ((0, 1), (1, 2), (2, 0)):
        seen[:, one] |= seen[:, other] & (random.random(len(seen)) < 0.3)
    counts = np.bincount(seen @ (1 << np.arange(lists)), minlength=1 << lists)
    counts[0] = 0
    return OverlapTable(tuple("ABCDEF"[:lists]), counts.astype(np.int64))


def _coverage(runs: int, seed: int) -> Iterator[str]:
    yield f"{runs} countries a row, {_REPLICATES} replicates each; cover ± its Monte Carlo error; medians:\n"
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|---|---|{'---:|' * (len(_COLUMNS) - 2)}"
    for place, (lists, persons) in enumerate(SIZES):
        for kind, world in enumerate(WORLDS):
            random = np.random.default_rng([seed, place, kind])
            country = Country(lists, persons, world)
            order = EstimateOrder(replicates=_REPLICATES, seed=seed, linkage="of_others")
            found = [estimate_hidden_part(country.table(random), order) for _ in range(runs)]
            yield _row(country, [one for one in found if one.ci95 and one.ci80], runs)


def _row(country: Country, found: list[HiddenPart], runs: int) -> str:
    truth = country.persons
    wide = [one.ci95 for one in found if one.ci95]
    narrow = [one.ci80 for one in found if one.ci80]
    figures = [
        f"{np.median([one.observed for one in found]):.0f}",
        _share(sum(span.lower <= truth <= span.upper for span in wide), len(wide)),
        _share(sum(span.lower <= truth <= span.upper for span in narrow), len(narrow)),
        f"{np.median([span.upper / span.lower for span in wide]):.1f}",
        f"{np.median([(one.estimate or 0) / truth for one in found]):.2f}",
        f"{np.median([(one.chao_lower or 0) / truth for one in found]):.2f}",
        f"{sum(one.status != 'refused' for one in found) / runs:.2f}",
    ]
    return f"| {country.lists}, {truth:,} | {country.world} | {' | '.join(figures)} |"


def _share(hits: int, of: int) -> str:
    share = hits / of
    return f"{share:.2f} ± {np.sqrt(share * (1 - share) / of):.2f}"
