"""The sealed file of links: which members are probably one person, by which model, and what persons decided on it.

Belongs here: reading and writing `links/pairs-<number>.parquet`, merging a new run into it, decisions about single
links, the map from member to person that staging reads. Does not belong here: reading records (`linkable_records.py`),
the run itself (`linking.py`).

The file cannot be rebuilt, since the codes that produced it are gone. It holds pseudonymous IDs and keys of records, no
code and no name.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ingestion.home import Home, sha256_of_bytes
from ingestion.persons import linkable_records
from ingestion.seals import ENDING, read_sealed, remove_sealed, write_new_sealed
from ingestion.stored_tables import table_in
from ingestion.submissions import decisions
from ingestion.submissions.current_submissions import write_links
from ingestion.submissions.decisions import Decision
from ingestion.submissions.submission_withdrawal import checked_reason
from languages.refusal import Refusal
from methods.linkage.person_groups import Pair, persons_of
from methods.linkage.record_links import JOINED

SAME, DIFFERENT, OPEN = "same", "different", "open"
ANSWERS = (SAME, DIFFERENT, OPEN)
"""The possible decisions on a link; the last one withdraws a decision."""

MAIN, GENEROUS, SURE = JOINED, 0.2, 0.9
_KIND = "probable_link"
_NAMES = "pairs-*.parquet"  # a new number each time: a killed process leaves the previous file


@dataclass(frozen=True)
class StoredLink:
    """A line of the sealed file.

    Attributes:
        left: a member.
        right: the other one, later in the order of names.
        probability: that they are one person; `NEVER` of `methods.linkage.person_groups` keeps the two apart.
        has_codes: whether both had codes of names when it was computed.
        is_seen_as_both: whether it would make one person both victim and accused.
        model: version of the model that computed it.
    """

    left: str
    right: str
    probability: float
    has_codes: bool
    is_seen_as_both: bool
    model: str

    @property
    def item(self) -> str:
        """Its ID in the review queue: the same for the same two members."""
        return item_of(self.left, self.right)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person has to decide."""
        return GENEROUS <= self.probability < SURE


def item_of(left: str, right: str) -> str:
    """Return the ID of a link in the review queue."""
    return sha256_of_bytes(f"{_KIND}\0{left}\0{right}".encode())[:12]


def path_of(home: Home) -> Path | None:
    """Return the valid file of links; None if nothing was ever linked."""
    return max(home.links.glob(_NAMES), default=None)


def lost_files(home: Home) -> list[Path]:
    """Return the missing files of links, whose seal exists: they were removed, or a process was killed writing them.

    If another file of links is valid, a seal without a file was left by a killed process and is ignored.
    """
    return [] if path_of(home) else [seal.with_suffix("") for seal in sorted(home.links.glob(f"{_NAMES}{ENDING}"))]


def read_links(home: Home) -> list[StoredLink]:
    """Return the links of a home, by their members; empty if nothing was ever linked.

    Raises:
        Refusal: `seal_broken` if the file is not the one that linking wrote.
    """
    path = path_of(home)
    if path is None:
        return []
    return [StoredLink(**row) for row in table_in(read_sealed(home, path)).to_pylist()]


def merge(
    old: Iterable[StoredLink], new: Iterable[StoredLink], compared: set[str], coded: set[str]
) -> list[StoredLink]:
    """Return the links after a run: it replaces those that it could judge equally well, and no others.

    Args:
        old: the links before.
        new: of the run.
        compared: members that it compared.
        coded: those of them that had codes: a run without codes does not undo a link that codes found.
    """

    def is_judged_again(link: StoredLink) -> bool:
        members = {link.left, link.right}
        return members <= (coded if link.has_codes else compared)

    standing = {(link.left, link.right): link for link in old if not is_judged_again(link)}
    merged = {(link.left, link.right): link for link in new} | standing
    return [merged[members] for members in sorted(merged)]


def write(home: Home, links: Sequence[StoredLink]) -> None:
    """Replace the sealed file by a new one; unchanged links are not written again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"str": pa.string(), "float": pa.float64(), "bool": pa.bool_()}
    schema = pa.schema([(field.name, kinds[str(field.type)]) for field in fields(StoredLink)])
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([asdict(link) for link in links], schema=schema), buffer, compression="zstd")
    before = path_of(home)
    if before and before.read_bytes() == buffer.getvalue():
        return
    number = int(before.stem.rpartition("-")[2]) + 1 if before else 1
    write_new_sealed(home, home.links / f"pairs-{number:06d}.parquet", buffer.getvalue())
    if before:
        remove_sealed(before)


def read_decided(home: Home) -> dict[tuple[str, str], Decision]:
    """Return members -> a person's decision about their link, if still valid."""
    held = decisions.standing_decisions(home).values()
    return {
        (decision.sheet, decision.cell): decision
        for decision in held
        if decision.kind == _KIND and decision.value != OPEN
    }


def read_waiting(home: Home) -> list[StoredLink]:
    """Return the doubtful links that nobody has decided."""
    answers = read_decided(home)
    return [link for link in read_links(home) if link.is_doubtful and (link.left, link.right) not in answers]


def decide(home: Home, item: str, *, value: str, signed_by: str, reason: str) -> Decision:
    """Record that two members are one person or two, or withdraw that; it takes effect in the next build.

    Raises:
        Refusal: `link_unknown`; `decision_unfit` for another answer; `reason_missing`.
    """
    checked_reason(reason, signed_by)
    members = {link.item: (link.left, link.right) for link in read_links(home)}
    members |= {item_of(*pair): pair for pair in read_decided(home)}
    if item not in members:
        raise Refusal("link_unknown", where=item)
    if value not in ANSWERS:
        raise Refusal("decision_unfit", where=item, expected="، ".join(ANSWERS))
    day = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    left, right = members[item]  # for a link, the place is its two members
    return decisions.append(
        home, Decision(item, "", "", left, right, _KIND, value, signed_by.strip(), reason.strip(), day)
    )


def groups(home: Home, holders: dict[str, frozenset[str]], threshold: float) -> dict[str, str]:
    """Return member -> the first member of its person, with decisions applied, at a threshold."""
    answers = read_decided(home)
    pairs = [Pair(link.left, link.right, link.probability) for link in read_links(home)]
    confirmed = [members for members, decision in sorted(answers.items()) if decision.value == SAME]
    denied = [members for members, decision in answers.items() if decision.value == DIFFERENT]
    return persons_of(holders, pairs, threshold, confirmed=confirmed, denied=denied)


def write_map(home: Home) -> int:
    """Write `raw/links.parquet`, by which staging gives a member its person; return how many members it changes.

    A person is named by the first pseudonymous ID of its members; without any, by a name derived from the first
    record's key.
    """
    if not read_links(home) and not read_decided(home):
        write_links(home, [])
        return 0
    moved: list[tuple[str, str]] = []
    of_person: dict[str, list[str]] = {}
    for member, first in groups(home, linkable_records.holders_of(linkable_records.read_records(home)), MAIN).items():
        of_person.setdefault(first, []).append(member)
    for members in of_person.values():
        tokens = sorted(member for member in members if "/" not in member)
        token = tokens[0] if tokens else f"link:{sha256_of_bytes(min(members).encode())[:32]}"
        moved += [(member, token) for member in members if member != token and len(members) > 1]
    write_links(home, sorted(moved))
    return len(moved)
