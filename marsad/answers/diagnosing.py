"""`marsad doctor`: everything of a home that a hash, a chain or a seal exists for is read and held against it.

Belongs here: which looks there are, what mends what they find, how it is told. Does not belong here: the looks of one
file (the floors below).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingestion import access, chain_heads, file_systems, hash_chain, leftovers
from ingestion.home import Home, read_verified
from ingestion.home_settings import read_settings
from ingestion.privacy import confirmed_words
from ingestion.storage import refusal_of
from ingestion.submissions import asked_again, decisions, receipts, submission_withdrawal
from languages.refusal import Refusal
from languages.words import Words
from marsad.terminal import console

if TYPE_CHECKING:
    from expectations.candidates.erased_figures import ErasedFigures

Cure = Literal["build", "restore", "write", "confirm", "backup", "keeper"]
"""What mends it: `marsad build` makes it anew; only the backup has it; the next writing command puts it right; persons
decide (they confirm words of a file, or withdraw it, or remove one); `marsad backup` makes one; whoever keeps the
machine does what the remedy says."""


_PLAIN = {"bytes_changed", "file_missing"}  # what is to be done is said by the cure alone


@dataclass(frozen=True)
class Problem:
    """One thing that does not hold.

    Args:
        refusal: what and where.
        cure: what mends it.
    """

    refusal: Refusal
    cure: Cure


@dataclass(frozen=True)
class _Look:
    name: str
    cure: Cure
    ask: Callable[[Home], Iterator[Refusal]]


def doctor(home: Home, words: Words, progress: Callable[[str], None], *, as_json: bool) -> bool:
    """Print what is wrong with a home, and what mends it; return whether nothing is."""
    progress(f"doctor: {_RIGHTS.name}")
    before = list(_asked(_RIGHTS, home)) if read_settings(home.root) else []  # opening a home closes its rooms
    home.existing()
    found = {(one.code, one.where): Problem(one, _RIGHTS.cure) for one in before}
    for look in _LOOKS:
        progress(f"doctor: {look.name}")
        for one in _asked(look, home):
            found.setdefault((one.code, one.where), Problem(one, look.cure))
    progress("doctor: figures of erased files")
    _tell(home, list(found.values()), _erased(home), words, as_json=as_json)
    return not found


def _erased(home: Home) -> list[ErasedFigures]:
    """What rests on files that were erased on purpose: told, and no problem; nothing where a look could not go on."""
    from expectations.candidates.erased_figures import erased_figures

    try:
        return erased_figures(home)
    except Exception as error:
        if refusal_of(error, home.root) is None:
            raise
        return []


def _tell(home: Home, found: list[Problem], erased: list[ErasedFigures], words: Words, *, as_json: bool) -> None:
    figures = sum(release.figures for release in erased)
    if as_json:
        told = [{"code": one.refusal.code, "where": one.refusal.where, "cure": one.cure} for one in found]
        alone = {"figures": figures, "releases": [asdict(release) for release in erased]}
        console.document({"ok": not found, "problems": told, "erased_evidence": alone})
        return
    for one in found:
        what, remedy = console.spoken(one.refusal, words)
        cure = words.text(f"desk.cure.{one.cure}")
        console.say(f"  {what}\n  → {cure if one.refusal.code in _PLAIN else f'{cure} {remedy}'}")
    if erased:
        versions = ", ".join(f"{release.dataset} {release.version}: {release.figures}" for release in erased)
        console.say(words.text("trace.alone", figures=figures, datasets=versions))
    console.say(words.text("desk.sound" if not found else "desk.not_sound", home=str(home.root), count=len(found)))


def _asked(look: _Look, home: Home) -> Iterator[Refusal]:
    """What a look finds; one that cannot go on tells why, and the others go on."""
    try:
        yield from look.ask(home)
    except Exception as error:
        refused = refusal_of(error, home.root)
        if refused is None:
            raise
        yield refused


def _rights(home: Home) -> Iterator[Refusal]:
    settings = home.settings
    wrong = list(access.strays(home.root, settings))
    if wrong:
        first = wrong[0]
        modes = {"found": f"{first.found:04o}", "wanted": f"{first.wanted:04o}"}
        yield Refusal("rights_wrong", where=str(first.path), count=len(wrong), **modes)
    for group in access.unknown_groups(settings):
        yield Refusal("group_unknown", where=str(home.root / "home.json"), group=group)


def _format(home: Home) -> Iterator[Refusal]:
    from marsad.upgrades import upgrade_steps

    if upgrade_steps.unfinished(home):
        yield Refusal("upgrade_unfinished", where=str(home.root))
    else:
        home.refuse_older()


def _place(home: Home) -> Iterator[Refusal]:
    yield from file_systems.without_locks(home.root)


def _clock(home: Home) -> Iterator[Refusal]:
    """A clock that went back: nothing is ordered by it, but what comes in bears its day and may seem of the future."""
    days = [one.received_at for one in receipts.read(home)] + [one.decided_at for one in decisions.read(home)]
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    if last := max((day for day in days if day > today), default=""):
        yield Refusal("clock_behind", where=str(home.root), today=today, last=last)


def _leftovers(home: Home) -> Iterator[Refusal]:
    for path in leftovers.leftovers(home.root):
        yield Refusal("leftover", where=str(path))


def _withdrawn(home: Home) -> Iterator[Refusal]:
    for path in submission_withdrawal.left_of_withdrawn(home):
        yield Refusal("withdrawn_left", where=str(path))


def _received(home: Home) -> Iterator[Refusal]:
    for line in receipts.verify_chain(home):
        yield Refusal("receipts_broken", where=home.receipts.name, line=line)
        return
    yield from receipts.verify_files(home)
    named = {one.sha256 for one in receipts.read(home)}
    for path in sorted(home.received.glob("[!.]*")):
        if path.name not in named:
            yield Refusal("received_unlisted", where=str(path))


def _decisions(home: Home) -> Iterator[Refusal]:
    """What persons decided, and the links of records, which cannot be made again either."""
    from ingestion.persons import link_store

    decisions.read(home)
    link_store.read(home)
    yield from (Refusal("file_missing", where=str(path)) for path in link_store.lost(home))


def _confirmed_words(home: Home) -> Iterator[Refusal]:
    for source in sorted({line.source for line in confirmed_words.read(home)}):
        confirmed_words.ConfirmedWords(home, source)  # whose key is there
    yield from ()


def _asking(home: Home) -> Iterator[Refusal]:
    for receipt in asked_again.asking(home):
        yield Refusal("submission_asks", where=receipt.submission)


def _heads(home: Home) -> Iterator[Refusal]:
    from expectations.published import ledger

    logs = (home.receipts, home.decisions, home.confirmed_words)
    for path in (*map(hash_chain.head_of, logs), ledger.head_path(home)):
        if chain_heads.is_damaged(path):
            yield Refusal("bytes_changed", where=str(path))


def _keys(home: Home) -> Iterator[Refusal]:
    """Asking for a key that is not there would make another one: here it is looked for first."""
    from expectations.published import rounding_key

    in_use = any(home.ledger.glob("*.jsonl")) or any(home.verdicts.glob("*.json"))
    gone = [path for name in ("series", "seal") if not (path := home.keys / f"{name}.key").exists()]
    if in_use and gone:
        yield from (Refusal("file_missing", where=str(path)) for path in gone)
    elif in_use:
        rounding_key.series_key(home)
        _ = home.seal_key


def _ledger(home: Home) -> Iterator[Refusal]:
    from expectations.candidates import lineage
    from expectations.published import external, ledger, unlisted_versions
    from expectations.published.release_log import ReleaseLog
    from expectations.synthetic import privacy_budget

    log = ReleaseLog.read(home)
    for entry in log.entries:
        for path, sha256 in ledger.files_of(home, entry).items():
            yield from _verified(path, sha256)
        if entry.lineage_sha256:
            yield from _verified(lineage.path_of(home, entry.dataset, entry.version), entry.lineage_sha256)
    unlisted_versions.hold(home, log)
    privacy_budget.spendings(home)
    external.external_rows(home)


def _releases(home: Home) -> Iterator[Refusal]:
    from expectations.published import ledger
    from expectations.releases import verification

    folders = [*home.releases.glob("*/[!.]*"), *home.research.glob("*/[!.]*"), *home.custom_tables.glob("[!.]*")]
    for folder in sorted(path for path in folders if path.is_dir()):
        yield from verification.verify(folder).refusals
    for entry in ledger.entries(home):
        folder = home.custom_tables if entry.dataset == ledger.CUSTOM else home.releases / entry.dataset
        yield from _verified(folder / entry.version / "manifest.json", entry.manifest_sha256)


def _reports(home: Home) -> Iterator[Refusal]:
    from reports.publishing import publish_report

    for path in publish_report.changed(home):
        yield Refusal("published_changed", where=str(path))


def _built(home: Home) -> Iterator[Refusal]:
    """What a build wrote: rows, quarantine, warehouse, candidates, verdicts, pointers, pages."""
    from assets.stages import changed_outputs

    for path in changed_outputs(home):
        yield Refusal("bytes_changed" if path.exists() else "file_missing", where=str(path))


def _seals(home: Home) -> Iterator[Refusal]:
    from ingestion.seals import read_sealed

    sealed = ("protection.json", "hidden_part.json", "nowcast.json")
    of_links = (home.links / name for name in ("recall.json", "sample.json"))
    others = [*(home.candidates / name for name in sealed), *of_links]
    for path in sorted([*home.verdicts.glob("[!.]*.json"), *filter(Path.exists, others)]):
        try:
            read_sealed(home, path)
        except Refusal as refusal:
            yield refusal


def _backups(home: Home) -> Iterator[Refusal]:
    from ingestion.keeping.backup_state import backup_problems

    yield from backup_problems(home, _today())


def _kept(home: Home) -> Iterator[Refusal]:
    from ingestion.keeping.backup_state import kept_too_long

    yield from kept_too_long(home, _today())


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def _verified(path: Path, sha256: str) -> Iterator[Refusal]:
    try:
        read_verified(path, sha256)
    except Refusal as refusal:
        yield refusal


_RIGHTS = _Look("rights", "write", _rights)

_LOOKS = (
    _Look("format", "keeper", _format),
    _Look("file system", "keeper", _place),
    _Look("clock", "keeper", _clock),
    _Look("leftovers", "write", _leftovers),
    _Look("withdrawn submissions", "write", _withdrawn),
    _Look("received files", "restore", _received),
    _Look("keys", "restore", _keys),  # before whatever reads a seal: that makes a key that is gone anew
    _Look("decisions", "restore", _decisions),
    _Look("confirmed words", "restore", _confirmed_words),
    _Look("files that ask", "confirm", _asking),
    _Look("heads of logs", "restore", _heads),
    _Look("ledger, sealed figures, lineage", "restore", _ledger),
    _Look("releases", "restore", _releases),
    _Look("published reports", "restore", _reports),
    _Look("backups", "backup", _backups),
    _Look("what is kept", "confirm", _kept),
    _Look("what was built", "build", _built),
    _Look("seals", "build", _seals),
)
