"""A released figure traced back to its files, and a file traced forward to the figures that it affected.

Belongs here: the walk as a logged look, its hops in words, whether a file behind it is harmed. For the task force only:
it names facts and rows. Does not belong here: the walk itself (`expectations/candidates/lineage.py` back,
`expectations/candidates/footprint.py` forward), or how hops are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ingestion.home import Home
from ingestion.people.acts_log import log_look
from languages import dates
from languages.words import Words
from marsad.answers.answer_forms import short_text

if TYPE_CHECKING:
    from expectations.candidates.footprint import Footprint

_SPOKEN = ("hop", "evidence", "intact", "same", "withdrawn")  # stated in the sentence of a hop, or in its heading
_NUMBERED = re.compile(r"(?P<stem>.+/)(?P<number>\d+)")


@dataclass(frozen=True)
class TraceStep:
    """One hop of a walk back, in words.

    Attributes:
        hop: as `lineage.trace` returns it.
        heading: over this step and those behind it; empty for most.
        values: what it names, as short texts, by field; without what the heading or the sentence states.
        sentence: on a frozen year, on other facts today, on the state of a file; empty for most.
    """

    hop: Mapping[str, Any]
    heading: str
    values: Mapping[str, str]
    sentence: str


@dataclass(frozen=True)
class TracedFigure:
    """A released figure with the hops of its way back, as `lineage.trace` returns them."""

    hops: Sequence[Mapping[str, Any]]

    @property
    def is_harmed(self) -> bool:
        """Whether a file behind it is altered or missing; one that was erased on purpose is no harm."""
        return is_harmed(str(hop["state"]) for hop in self.hops if hop["hop"] == "file")

    def steps(self, words: Words) -> Iterator[TraceStep]:
        """Yield the hops in words."""
        evidence, withdrawn = "", None
        has_both = len({hop["evidence"] for hop in self.hops if "evidence" in hop}) > 1
        for hop in self.hops:
            heading = ""
            if has_both and hop.get("evidence", evidence) != evidence:
                evidence = str(hop["evidence"])
                heading = words.text(f"trace.evidence.{evidence}")
            if hop["hop"] == "submission":
                withdrawn = hop["withdrawn"]
            shown = {name: short_text(value) for name, value in hop.items() if name not in _SPOKEN}
            values = {name: text for name, text in shown.items() if text}
            yield TraceStep(hop, heading, values, _sentence(hop, withdrawn, words))


def trace_back(home: Home, person: str, dataset: str, coordinates: Mapping[str, str]) -> TracedFigure:
    """Return the way from one released cell back to its files: a look, which is logged before anything is read.

    Args:
        home: a home with a release of the dataset.
        person: who looks; by default the account of the machine.
        dataset: name of a released dataset.
        coordinates: of the cell, as a person types them (`asked_cell.py`).

    Raises:
        Refusal: `dataset_unknown`, `look_not_logged`, and those of `lineage.trace`.
    """
    from expectations.cards.dataset_card import load_dataset

    load_dataset(dataset)  # a misspelt name is reported as such, before slow imports
    log_look(home, person, f"trace {dataset} {coordinates.get('indicator', '')}".strip())
    from expectations.candidates import lineage

    return TracedFigure(lineage.trace(home, dataset, coordinates))


def trace_forward(home: Home, person: str, asked: str) -> Footprint:
    """Return what a file affected: a look, which is logged before anything is read.

    Args:
        home: a home with receipts.
        person: who looks; by default the account of the machine.
        asked: the path of the sender's copy, which is hashed and not stored; the SHA-256 of the file; or a submission.

    Raises:
        Refusal: `look_not_logged`, and those of `footprint`.
    """
    log_look(home, person, "trace from a file")
    from expectations.candidates import footprint

    return footprint.footprint(home, asked)


def footprint_file_sentence(footprint: Footprint, words: Words) -> str:
    """Return a sentence on the state of the file of a footprint."""
    file = footprint.file
    return _file_sentence(file.state, file.path, asdict(file.withdrawal) if file.withdrawal else None, words)


def is_harmed(states: Iterable[str]) -> bool:
    """Return whether a file is in a state that nobody decided on."""
    from expectations.candidates.received_evidence import HARMED

    return any(state in HARMED for state in states)


def group_by_sheet(names: Sequence[str]) -> dict[str, str]:
    """Return sheet -> its rows as ranges, `10–12, 15`, of names that end in a number; other names stand alone.

    Args:
        names: of rows or facts, such as `iraq_interior_ministry/000074-c5a2af6ea38c/victims/107`.
    """
    numbers: dict[str, list[int]] = {}
    for name in names:
        match = _NUMBERED.fullmatch(name)
        numbers.setdefault(match["stem"].rstrip("/") if match else name, []).extend(
            [int(match["number"])] if match else []
        )
    return {stem: ", ".join(_ranges(sorted(own))) for stem, own in numbers.items()}


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    first = last = None
    for number in numbers:
        if first is None or last is None or number > last + 1:
            if first is not None:
                yield _range(first, last)
            first = number
        last = number
    if first is not None:
        yield _range(first, last)


def _range(first: int, last: int | None) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _sentence(hop: Mapping[str, Any], withdrawn: Mapping[str, str] | None, words: Words) -> str:
    if hop["hop"] == "frozen":
        place = {"version": hop["printed_in"], "dataset": hop["dataset"]}
        return words.text("trace.back.frozen", year=hop["year"], **place)
    if hop["hop"] == "today":
        if hop["same"] is None:
            return words.text("trace.back.unknown")
        if hop["same"]:
            return words.text("trace.back.same", facts=hop["count"])
        return words.text("trace.back.other", facts=hop["count"], added=hop["added"], gone=hop["gone"])
    return _file_sentence(hop["state"], hop["path"], withdrawn, words) if hop["hop"] == "file" else ""


def _file_sentence(state: str, path: str, withdrawn: Mapping[str, str] | None, words: Words) -> str:
    """Return a sentence on the state of a file: present, erased, altered or missing."""
    if withdrawn and state in ("present", "erased"):
        key = "trace.file.erased" if state == "erased" else "trace.file.withdrawn"
        return words.text(key, date=dates.written(words, withdrawn["date"]), reason=withdrawn["reason"])
    return words.text("trace.file.present") if state == "present" else words.text(f"trace.file.{state}", path=path)
