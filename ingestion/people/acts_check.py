"""Whether the acts of a home still hold: their bytes, signatures, order, the logs as they named them, the statements.

Belongs here: comparing what was done with what lies here now. Does not belong here: a statement in a folder that stands
elsewhere (`statements.py`), or making acts (`acts.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from ingestion.home import Home, sha256_of
from ingestion.people import acts, acts_log
from ingestion.people.acts import ACT, APPROVED, PREPARED, STATEMENT, Act
from ingestion.people.published_state import PublishedState, state_of
from languages.refusal import Refusal


def problems(home: Home) -> Iterator[Refusal]:
    """Yield what is wrong with the acts that are done.

    Each statement named the head of every log as it was then: a log that was rewritten since, with all its hashes, no
    longer has that line.

    Raises:
        Refusal: as `acts.read_people`, `acts_log.read_acts`.
    """
    acts.read_people(home)
    earlier, newest, done = tuple[str, ...](), dict[Path, Path](), list[Act]()
    for line in acts_log.read_acts(home):
        if line["kind"] != "done":
            continue
        folder = acts.folder_of(home, int(line["number"]), str(line["act"]))
        try:
            act = acts.read_act(folder)
            done.append(act)
            yield from _problems_of_act(home, folder, act, earlier)
            if act.kind != "forget":  # readers get neither the file nor a lineage
                newest |= {place: folder for name in act.about if (place := (home.root / name).parent) != home.root}
        except Refusal as refusal:
            yield refusal
        earlier = (*earlier, str(line["act"]))
    if done and is_half_done(home, done[-1]):
        newest = {place: folder for place, folder in newest.items() if folder.name != done[-1].name}
        done.pop()
    for place, folder in newest.items():
        yield from _problems_of_place(home, place, folder)
    yield from _problems_of_pointers(home, state_of(done))


def is_half_done(home: Home, act: Act) -> bool:
    """Return whether the newest act publishes what a killed process has not put in place: the next command does."""
    return act.kind == "publish" and dict(act.after) == acts_log.heads(home.proposing(), act.after)


def _problems_of_act(home: Home, folder: Path, act: Act, earlier: tuple[str, ...]) -> Iterator[Refusal]:
    """Yield what is wrong with an act that was done, by the people of its time: a later revocation voids none."""
    roster = acts.read_people_before(home, act.number)
    signed = acts.check_signatures(folder, roster, datetime.date.fromisoformat(act.day))
    if act.signatures != roster.signatures:
        yield Refusal("act_needs_two", where=folder.name, count=roster.signatures)
    if not signed.is_complete:
        yield Refusal("act_unsigned", where=folder.name)
    if act.earlier != earlier:
        yield Refusal("act_of_before", where=folder.name)
    yield from _problems_of_folder(folder, act)
    logs = acts_log.logs_of(home)
    for log, head in (*act.before.items(), *act.after.items()):
        if log in logs and not acts_log.had_head(logs[log], head):
            yield Refusal("log_other_than_signed", where=log, act=folder.name)


def _problems_of_place(home: Home, place: Path, folder: Path) -> Iterator[Refusal]:
    """Yield the files of a place that are not as its newest act says: those that it is about, and its statement."""
    if not place.is_dir():
        yield Refusal("file_missing", where=str(place))
        return
    about = acts.read_act(folder).about.items()
    expected = {Path(name).name: sha256 for name, sha256 in about if (home.root / name).parent == place}
    expected |= {copy: sha256_of(folder / name) for name, copy in STATEMENT.items() if (folder / name).exists()}
    for name, sha256 in expected.items():
        path = place / name
        if not path.exists():
            yield Refusal("file_missing", where=str(path))
        elif sha256_of(path) != sha256:
            yield Refusal("bytes_changed", where=str(path))


def _problems_of_folder(folder: Path, act: Act) -> Iterator[Refusal]:
    """Yield the files beside an act that are not as it says: what it has put in place, and nothing else.

    What a forgetting puts in place is gone once it is done; what it looks for lies there until then.
    """
    brings = act.kind in ("people", "publish_report")
    named = {Path(name).name: sha256 for name, sha256 in act.about.items()} if brings else {}
    for name, sha256 in named.items():
        path = folder / name
        if not path.exists():
            yield Refusal("file_missing", where=str(path))
        elif sha256_of(path) != sha256:
            yield Refusal("bytes_changed", where=str(path))
    for path in sorted(folder.glob("[!.]*")) if act.kind != "forget" else ():
        if path.name not in {ACT, PREPARED, APPROVED, *named}:
            yield Refusal("file_unexpected", where=str(path))


def _problems_of_pointers(home: Home, state: PublishedState) -> Iterator[Refusal]:
    """Yield each dataset whose `latest` names another version than the acts: readers get an older one, or none."""
    for dataset in state.versions:
        pointer, latest = home.releases / dataset / "latest", state.latest_of(dataset)
        named = pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.is_file() else ""
        if named != latest:
            yield Refusal("latest_other_than_signed", where=str(pointer), version=named or "-", latest=latest or "-")
