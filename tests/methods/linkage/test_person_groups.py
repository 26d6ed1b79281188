"""Groups of records against brute force: connected and one record a holder, whatever comes in."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from methods.linkage.person_groups import Pair, persons_of

MEMBERS = [f"m{place}" for place in range(6)]
HOLDERS = st.fixed_dictionaries(
    {member: st.frozensets(st.sampled_from("ABC"), min_size=1, max_size=1) for member in MEMBERS}
)
LINKS = st.lists(
    st.tuples(st.sampled_from(list(combinations(MEMBERS, 2))), st.sampled_from([0.1, 0.2, 0.5, 0.9, 1.0])), max_size=10
).map(lambda listed: [Pair(*pair, probability) for pair, probability in dict(listed).items()])


def by_brute_force(holders: dict[str, frozenset[str]], pairs: list[Pair], threshold: float) -> set[frozenset[str]]:
    """Groups by writing all of them down: of equals the first by name, one pair after the other."""
    groups = {frozenset({member}) for member in holders}
    for pair in sorted(pairs, key=lambda one: (-one.probability, one.left, one.right)):
        left = next(group for group in groups if pair.left in group)
        right = next(group for group in groups if pair.right in group)
        bodies = [body for member in left | right for body in holders[member]]
        if pair.probability >= threshold and left != right and len(bodies) == len(set(bodies)):
            groups = groups - {left, right} | {left | right}
    return groups


@given(HOLDERS, LINKS, st.sampled_from([0.2, 0.5, 0.9]))
def test_groups_are_those_of_brute_force(holders: dict[str, frozenset[str]], pairs: list[Pair], threshold: float):
    person = persons_of(holders, pairs, threshold)
    groups = {frozenset(m for m in MEMBERS if person[m] == one) for one in set(person.values())}
    assert groups == by_brute_force(holders, pairs, threshold)
    assert all(person[member] == min(m for m in MEMBERS if person[m] == person[member]) for member in MEMBERS)


@given(HOLDERS, LINKS)
def test_the_order_in_which_pairs_come_changes_nothing(holders: dict[str, frozenset[str]], pairs: list[Pair]):
    assert persons_of(holders, pairs, 0.2) == persons_of(holders, pairs[::-1], 0.2)


def test_a_pair_at_the_threshold_is_joined_and_one_below_is_not():
    holders = {"a": frozenset("A"), "b": frozenset("B"), "c": frozenset("C")}
    pairs = [Pair("a", "b", 0.5), Pair("b", "c", 0.499999)]
    assert persons_of(holders, pairs, 0.5) == {"a": "a", "b": "a", "c": "c"}


def test_what_a_person_said_comes_before_probability():
    holders = {"a": frozenset("A"), "b": frozenset("B"), "c": frozenset("B")}
    pairs = [Pair("a", "b", 0.99), Pair("a", "c", 0.3)]
    assert persons_of(holders, pairs, 0.5, denied=[("b", "a")]) == {"a": "a", "b": "b", "c": "c"}
    said = persons_of(holders, pairs, 0.5, confirmed=[("a", "c")])
    assert said == {"a": "a", "b": "b", "c": "a"}, "c is a's; b, of the same holder, is then another"
    assert persons_of(holders, [], 0.5, confirmed=[("b", "c")])["c"] == "b", "a person may join within a holder"


def test_denied_members_stay_apart_through_a_third():
    holders = {"a": frozenset("A"), "b": frozenset("B"), "c": frozenset("C")}
    pairs = [Pair("a", "b", 0.99), Pair("b", "c", 0.98)]
    assert persons_of(holders, pairs, 0.5, denied=[("a", "c")]) == {"a": "a", "b": "a", "c": "c"}
