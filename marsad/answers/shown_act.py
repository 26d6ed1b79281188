"""What waits for signatures, with all that a person sees before she signs: changes, warnings, certificate, her line.

Belongs here: also the files of a report that waits to be published. Does not belong here: preparing an act, taking a
signature, doing it (`acting.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.home import Home, read_verified
from ingestion.people import acts, acts_log
from ingestion.people.openssh import line_to_sign
from ingestion.people.roster import APPROVE, NAME, PREPARE, parse_roster
from ingestion.storage import parse_json, refuse_leading_out
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers import act_effects, acting, changed_people
from marsad.answers.act_effects import ActEffects


@dataclass(frozen=True)
class WrittenSentence:
    """A sentence that somebody wrote: in which file, and whether the last report that was published has it not."""

    name: str
    text: str
    is_new: bool


@dataclass(frozen=True)
class ShownAct:
    """An act that was prepared, as who signs it next sees it.

    Attributes:
        name: of its folder.
        sha256: of the bytes that are signed.
        kind: what it does.
        day: on which it was prepared.
        reason: in the words of who prepared it.
        preparer: who prepares it.
        signed_by: whose signatures hold.
        may_sign: who may sign next.
        line: that she types on her own machine, beside `act.json`.
        content: of `act.json`.
        lines: what it is about, for an act that publishes no figures.
        report: folder of the report that it publishes; empty for another kind.
        void: why nobody can sign it any more; None while it fits.
        sentences: that people wrote of the report that it publishes.
    """

    name: str
    sha256: str
    kind: str
    day: str
    reason: str
    preparer: str
    signed_by: tuple[str, ...]
    may_sign: tuple[str, ...]
    line: str
    content: bytes
    lines: tuple[str, ...]
    report: str
    void: Refusal | None
    sentences: tuple[WrittenSentence, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """What waits: figures of a build that await an act, an act that awaits signatures, or both.

    Attributes:
        effects: what publishing the figures would change; no rows where no figures wait.
        certificates: who is protected by each dataset, and how far: Markdown by `<dataset>/<version>`.
        may_prepare: who may prepare an act.
        act: the one that was prepared; None while nobody has.
    """

    effects: ActEffects
    certificates: Mapping[str, str] = field(default_factory=dict[str, str])
    may_prepare: tuple[str, ...] = ()
    act: ShownAct | None = None


def find_waiting(home: Home, words: Words) -> Waiting | None:
    """Return what waits for signatures, with certificates in a language; None if nothing does.

    Raises:
        Refusal: as `acts.read_people`.
    """
    waiting = acting.find_waiting(home)
    if waiting is None:
        return None
    may_prepare = tuple(acts.read_people(home).who_may(PREPARE, acting.today()))
    certificates = dict(_certificates(home, waiting.about, words))
    act = None if waiting.folder is None else _shown(home, waiting.folder)
    return Waiting(act_effects.effects_of_proposal(home), certificates, may_prepare, act)


def find_shown(home: Home, name: str) -> ShownAct:
    """Return an act that waits by its whole name.

    Raises:
        Refusal: `act_unknown`, `act_changed`, `act_unreadable`; as `acts.read_people`.
    """
    folder = acts.find(home, name or "-")
    return _shown(home, folder)


def roster_changes(home: Home, shown: ShownAct, words: Words) -> list[str]:
    """Return in sentences how an act changes the people; nothing for an act of another kind, or one that is void."""
    if shown.kind != "people" or shown.void is not None:
        return []
    path = home.acts / shown.name / NAME
    return changed_people.changes_in_words(acts.read_people(home), parse_roster(path.read_bytes(), path), words)


def kind_done(home: Home, name: str) -> str:
    """Return of which kind an act of this name is that was carried out; empty if there is none."""
    done = (line for line in acts_log.read_acts(home) if line["kind"] == "done")
    folders = (acts.folder_of(home, int(line["number"]), str(line["act"])) for line in done)
    return next((acts.read_act(folder).kind for folder in folders if folder.name == name), "")


def report_file(home: Home, shown: ShownAct, name: str) -> bytes:
    """Return a file of the report that an act publishes, as the act names it.

    Raises:
        Refusal: `file_missing` for one that its record does not name; `bytes_changed`; `path_leads_out`.
    """
    folder, known = home.reports / shown.report, _files_of_report(home, shown)
    if name not in known:
        raise Refusal("file_missing", where=ascii(name)[1:-1])
    refuse_leading_out(folder, name, deep=True)
    return read_verified(folder / name, known[name])


def _files_of_report(home: Home, shown: ShownAct) -> dict[str, str]:
    """Return the files that the record beside an act names, each with its hash; none for an act of another kind."""
    if not shown.report:
        return {}
    (place, sha256), *_ = acts.parse_act(shown.content, Path(shown.name)).about.items()
    return dict(parse_json(read_verified(home.acts / shown.name / Path(place).name, sha256))["files"])


def _shown(home: Home, folder: Path) -> ShownAct:
    roster = acts.read_people(home)
    signed = acts.check_signatures(folder, roster, acting.today())
    act = signed.act
    void = None
    try:
        acting.refuse_void(home, folder)
    except Refusal as refusal:
        void = refusal
    namespace = APPROVE if signed.prepared_by else PREPARE
    is_of_figures = "ledger" in act.after
    return ShownAct(
        name=folder.name,
        sha256=act.sha256,
        kind=act.kind,
        day=act.day,
        reason=act.reason,
        preparer=act.prepared_by,
        signed_by=tuple(filter(None, (signed.prepared_by, signed.approved_by))),
        may_sign=tuple(acting.who_is_next(roster, signed)),
        line=line_to_sign(folder / acts.ACT, namespace),
        content=act.content,
        lines=() if is_of_figures else tuple(act_effects.describe_act(home, folder)),
        report=str(act.facts.get("report", "")) if act.kind == "publish_report" else "",
        void=void,
        sentences=sentences_of(home, folder, act) if act.kind == "publish_report" else (),
    )


def sentences_of(home: Home, folder: Path, act: acts.Act) -> tuple[WrittenSentence, ...]:
    """Return every sentence that people wrote of the report that an act publishes, the new ones marked."""
    from reports.publishing import publish_report

    (name, sha256), *_ = act.about.items()
    texts = publish_report.sentences_in_record(read_verified(folder / Path(name).name, sha256))
    before = dict[str, list[str]]()
    for done in [*acts.done_folders(home, "publish_report")][-1:]:
        (name, sha256), *_ = acts.read_act(done).about.items()
        before = publish_report.sentences_in_record(read_verified(done / Path(name).name, sha256))
    return tuple(
        WrittenSentence(name, text, text not in before.get(name, ()))
        for name, of_text in texts.items()
        for text in of_text
    )


def _certificates(home: Home, about: tuple[str, ...], words: Words) -> Iterator[tuple[str, str]]:
    """Yield the certificate of each dataset that waits; an estimate has none."""
    for place in about:
        folder = home.proposing().releases / place
        path = folder / f"certificate.{words.tag}.md"
        if path.exists():
            manifest = parse_json((folder / "manifest.json").read_bytes())
            yield place, read_verified(path, str(manifest["files"][path.name])).decode("utf-8")
