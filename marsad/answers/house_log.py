"""The logs of a house, walked together, and whether each still holds what its heads and statements say.

Belongs here: who did what on which day, over all logs; comparing logs with what was signed of them. Does not belong
here: what one log means (`receipts.py`, `decisions.py`, `ledger.py`, `acts_log.py`).
A line tells hashes, versions, kinds and names of the roster: no value of a record, no name of a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingestion.home import Home, sha256_of
from ingestion.people import acts, acts_check, acts_log
from ingestion.people.published_state import state_of
from ingestion.storage import parse_json
from ingestion.text.folding import without_controls
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.agency_deliveries import agency_name

_DAY_FIELDS = ("day", "received_at", "decided_at", "date", "at")
_PERSON_FIELDS = ("person", "signed_by", "by")
_KIND_FIELDS = ("kind", "verdict", "action", "event")
_WHAT_FIELDS = ("what", "submission", "item", "snapshot", "version", "sha256")


def walk(home: Home, *, person: str = "", day: str = "", kind: str = "") -> list[dict[str, str]]:
    """Return the lines of all logs, by day: `day`, `log`, `n`, `kind`, `person`, `what`.

    Args:
        home: whose logs they are.
        person: lines of this person or role only.
        day: lines of days that begin with this: a day, a month, a year.
        kind: lines of this kind only.
    """
    lines = [line for log, path in acts_log.logs_of(home).items() for line in _lines_of(log, path)]
    chosen = [
        line
        for line in lines
        if line["day"].startswith(day)
        and person in ("", line["person"], *line["person"].split("+"))  # an act stands beside both who signed it
        and kind in ("", line["kind"])
    ]
    return sorted(chosen, key=lambda line: (line["day"], line["log"], int(line["n"])))


def line_in_words(line: Mapping[str, str], words: Words) -> tuple[str, str, str]:
    """Return log, event and what a line is about, in a language; whatever no text explains stays as it is stored."""
    kind = f"browser.acts.kind.{line['what']}"
    what = words.text(kind) if line["log"] == "acts" and kind in words else _look_in_words(line["what"], words)
    log, event = f"browser.log.name.{line['log']}", f"browser.log.kind.{line['kind']}"
    return (
        words.text(log) if log in words else line["log"],
        words.text(event) if event in words else line["kind"],
        what,
    )


def _look_in_words(what: str, words: Words) -> str:
    """Return what somebody looked at or did to an account: a word that says which, then whose or of what."""
    if what == "desk sign-in":
        return ""  # the event says it
    looked, _, rest = what.removeprefix("desk ").replace("second factor", "factor").partition(" ")
    key, rest = f"browser.log.what.{looked}", rest.removeprefix("of ")
    if looked in ("quality", "send") and f"source.{rest}.title" in words:
        rest = agency_name(rest, words)
    return words.text(key, what=rest) if key in words else what


def heads_of(home: Home) -> list[dict[str, str]]:
    """Return a row a log, to be printed for the safe: `log`, `lines`, `sha256` of all of them."""
    heads = {log: head.split(":", 1) for log, head in acts_log.heads(home).items()}
    return [{"log": log, "lines": lines, "sha256": sha256} for log, (lines, sha256) in heads.items()]


def problems(home: Home) -> list[Refusal]:
    """Return what is wrong with the logs; where their chains hold, with the acts that are done (`acts_check.py`)."""
    acts.read_people(home)
    return [*_broken_chains(home)] or [*acts_check.problems(home), *_in_no_act(home)]


def _in_no_act(home: Home) -> Iterator[Refusal]:
    """Yield what was published or withdrawn, and every published report, that no act names.

    So too a withdrawal whose line says something else than its act: the next report prints what the line says.
    """
    from expectations.published import release_withdrawal
    from expectations.published.release_log import ReleaseLog
    from expectations.published.report_versions import RECORD
    from expectations.releases.proposal import place_of

    done = [*_readable_acts(home)]
    named = state_of(done).files.items()
    withdrawn = {
        (act.facts.get("dataset"), act.facts.get("version"), act.day): act for act in done if act.kind == "withdraw"
    }
    log = ReleaseLog.read_log(home)
    for entry in log.entries:
        if ((place_of(entry) / "manifest.json").as_posix(), entry.manifest_sha256) not in named:
            yield Refusal("not_in_any_act", where=f"{entry.dataset}/{entry.version}")
    for withdrawal in log.withdrawals:
        act = withdrawn.get((*withdrawal.place, withdrawal.date))
        if act is None:
            yield Refusal("not_in_any_act", where="/".join(withdrawal.place))
            continue
        is_as_signed = (withdrawal.reason, withdrawal.signed_by) == (act.reason, act.facts.get("signed_by"))
        if not is_as_signed or not release_withdrawal.has_hashes_of_release(home, withdrawal):
            yield Refusal("log_other_than_signed", where="withdrawn", act=act.name)
    for record in sorted(home.reports.glob(f"*/{RECORD}")):
        if (record.relative_to(home.root).as_posix(), sha256_of(record)) not in named:
            yield Refusal("not_in_any_act", where=record.parent.relative_to(home.root).as_posix())


def _readable_acts(home: Home) -> Iterator[acts.Act]:
    """Yield the acts that were done and can be read; `acts_check` names the others."""
    for line in acts_log.read_acts(home):
        if line["kind"] == "done":
            try:
                yield acts.read_act(acts.folder_of(home, int(line["number"]), str(line["act"])))
            except Refusal:
                continue


def _broken_chains(home: Home) -> Iterator[Refusal]:
    """Yield the refusal of each log whose own chain or head is broken."""
    from expectations.published.release_log import ReleaseLog
    from ingestion.keeping import backup_register
    from ingestion.submissions import decisions, receipts
    from reports.editors import editing_log

    readers = (
        lambda: receipts.read_receipts(home),
        lambda: decisions.read_decisions(home),
        lambda: backup_register.read_register(home),
        lambda: ReleaseLog.read_log(home),
        lambda: acts_log.read_acts(home),
        lambda: editing_log.read_lines(home),
    )
    for read in readers:
        try:
            read()
        except Refusal as refusal:
            yield refusal


def _lines_of(log: str, path: Path) -> Iterator[dict[str, str]]:
    texts = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    for number, text in enumerate(texts, start=1):
        try:
            content: dict[str, Any] = dict(parse_json(text))
        except (ValueError, TypeError):
            continue  # `problems` names it
        kind = _first(content, _KIND_FIELDS) or ("withdrawn" if log == "withdrawn" else "released")
        yield {
            "day": _first(content, _DAY_FIELDS)[:10],
            "log": log,
            "n": str(number),
            "kind": kind,
            "person": _first(content, _PERSON_FIELDS),
            "what": f"{content['dataset']}/{content['version']}"
            if "version" in content
            else _first(content, _WHAT_FIELDS),
        }


def _first(content: dict[str, Any], fields: tuple[str, ...]) -> str:
    return next((without_controls(str(content[field])) for field in fields if content.get(field)), "")
