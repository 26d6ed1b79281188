"""The least number of withdrawn cases that explains all vintages, if late cases alone do not.

Belongs here: that number and its proof. Does not belong here: the system (`vintages`), the search (`attacker`), the
verdict (`audit`).

An attacker who knows that cases are sometimes withdrawn, and assumes no more withdrawals than he must, is the strongest
that the printed figures do not refute: assuming more withdrawals leaves more tables to choose from. So what is
uncertain for him is uncertain for all attackers, including one who allows for any number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from methods.disclosure.auditing.attacked_system import Questions
from methods.disclosure.auditing.attacker import Attacker
from methods.disclosure.auditing.small_moves import Moves
from methods.disclosure.auditing.vintages import JointVintages


@dataclass(frozen=True)
class LeastCases:
    """The explanation found.

    Attributes:
        cases: number of withdrawn cases, over all measures and vintages.
        is_proven: whether no explanation needs fewer; False: the limit of nodes came first.
        table: an explanation with that many.
    """

    cases: int
    is_proven: bool
    table: np.ndarray


def find_least_withdrawals(joint: JointVintages) -> LeastCases | None:
    """Return the explanation with the fewest withdrawn cases; None if there is none, or none was found.

    Args:
        joint: a system in which cases may have been withdrawn.
    """
    size = joint.system.rows.shape[1]
    nothing = Questions(sp.csr_matrix((0, size)), np.zeros(0), np.zeros(0))
    attacker = Attacker(joint.system, nothing, Moves(joint.system))
    flags = np.zeros(size)
    flags[joint.withdrawn] = 1.0
    explanation = attacker.minimise(flags)
    if explanation is None:
        return None
    cases, bound = explanation
    return LeastCases(int(cases), bound >= cases, attacker.tables[-1])
