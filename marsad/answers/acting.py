"""Acting in the name of the house: what waits for signatures, preparing an act, taking a signature, carrying it out.

Belongs here: the order of these, for every kind of act. Does not belong here: signatures (`ingestion/people`), what
publishing does (`assets/building.py`, `expectations/releases/proposal.py`), printing (`commands/approving.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.home import Home, sha256_of, sha256_of_bytes, write_bytes
from ingestion.people import acts, machine_key, openssh
from ingestion.people.acts import SignedAct
from ingestion.people.roster import APPROVE, MACHINE, NAME, PREPARE, Person, Roster, parse_roster, refuse_demo_people
from ingestion.storage import reading
from ingestion.submissions.submission_withdrawal import checked_reason
from languages.refusal import Refusal
from marsad.answers import act_effects, forgetting

if TYPE_CHECKING:
    from reports.publishing.publish_report import PublicationRecord


@dataclass(frozen=True)
class WaitingAct:
    """What waits for signatures.

    Attributes:
        about: what would be published, `<dataset>/<version>`.
        folder: of the act; None while nobody has prepared one.
        signed: the act with its signatures that hold; None while nobody has prepared one.
        may_sign: who may sign next.
    """

    about: tuple[str, ...]
    folder: Path | None
    signed: SignedAct | None
    may_sign: list[str]


def today() -> datetime.date:
    """Return the day of an act."""
    return datetime.datetime.now(tz=datetime.UTC).date()


def find_waiting(home: Home) -> WaitingAct | None:
    """Return what waits for signatures in a home; None if nothing does."""
    from expectations.releases import proposal

    about = tuple(f"{entry.dataset}/{entry.version}" for entry in proposal.additions(home))
    folders, roster = acts.pending(home), acts.read_people(home)
    if not folders:
        return WaitingAct(about, None, None, roster.who_may(PREPARE, today())) if about else None
    signed = acts.check_signatures(folders[-1], roster, today())
    return WaitingAct(about, folders[-1], signed, who_is_next(roster, signed))


def act_given_up_by(home: Home, about: Mapping[str, str]) -> acts.Act | None:
    """Return the act that waits and that preparing another one, about these bytes, gives up; None if none does."""
    waiting = [acts.read_act(folder) for folder in acts.pending(home)]
    return next((act for act in reversed(waiting) if act.about != about), None)


def who_is_next(roster: Roster, signed: SignedAct) -> list[str]:
    """Return who may sign an act next; nobody if it has the signatures that it needs."""
    if signed.is_complete:
        return []
    if not signed.prepared_by:
        return [signed.act.prepared_by]
    may = roster.who_may(APPROVE, today(), beside=signed.act.prepared_by)
    return [person for person in may if person not in signed.gainers]


def prepare_publication(home: Home, person: str, reason: str, facts: Mapping[str, Any]) -> Path:
    """Write the act that publishes the proposal, for signing, and return its folder.

    Raises:
        Refusal: `act_none` if nothing waits; `person_may_not` if this person prepares no acts; `reason_missing`.
    """
    from expectations.releases import proposal

    roster = people_for(home, person, reason)
    with home.lock("marsad approve"):
        finish(home)
        facts = {"warnings": act_effects.warnings_of_proposal(home), **facts}
        if not proposal.additions(home):
            raise Refusal("act_none", where=str(home.acts))
        act = proposal.draft_act(home, roster, person, reason, today(), facts)
        proposal.refuse_other_bytes(home, act)
        return acts.prepare(home, act)


def join_or_prepare(home: Home, waiting: WaitingAct, person: str, reason: str, warnings: Sequence[str]) -> Path:
    """Return the folder of the act that a person signs next: the one that waits, or one that she prepares.

    Args:
        home: whose act it is.
        waiting: as `find_waiting` returned it.
        person: who signs next.
        reason: in her words, if she prepares it.
        warnings: that she was shown and took.

    Raises:
        Refusal: `person_may_not`; as `prepare_publication`.
    """
    if waiting.folder is None:
        return prepare_publication(home, person, reason, {"warnings": list(warnings)})
    refuse_person_for(home, waiting, person)
    return waiting.folder


def prepare_file(
    home: Home, kind: acts.Kind, person: str, reason: str, path: Path, content: bytes, facts: Mapping[str, Any]
) -> Path:
    """Write the act that puts a file in place: a roster, the record that publishes a report; return its folder.

    Args:
        home: whose act it is.
        kind: of the act.
        person: who prepares it.
        reason: in her words.
        path: of the file, under the home.
        content: its bytes.
        facts: what else the act says.

    Raises:
        Refusal: `person_may_not`, `reason_missing`, `lock_held`.
    """
    roster = people_for(home, person, reason)
    with home.lock("marsad approve"):
        finish(home)
        place, before = path.as_posix(), home.root / path
        replaces = {place: sha256_of(before)} if before.exists() else {}
        about = {place: sha256_of_bytes(content)}
        act = acts.draft(home, roster, kind, person, reason, today(), about, replaces=replaces, facts=facts)
        return acts.prepare(home, act, {path.name: content})


def prepare_report(home: Home, person: str, reason: str, record: PublicationRecord, report: str) -> Path:
    """Write the act that publishes a report by its record, and return its folder; as `prepare_file`."""
    return prepare_file(home, "publish_report", person, reason, record.path, record.content, {"report": report})


def prepare_people(home: Home, person: str, reason: str, data: bytes, path: Path) -> Path:
    """Write the act that changes the people, and return its folder; the machine keeps its keys if none are named.

    Raises:
        Refusal: as `parse_roster`, `refuse_demo_people`, `machine_key.refuse_foreign` and `prepare_file`;
            `approver_gains` where each who could approve it would gain by it.
    """
    before = acts.read_people(home)
    if not parse_roster(data, path).machine:
        data = machine_key.with_keys(data, before.machine)
    roster = parse_roster(data, path)
    _refuse_people(home, roster, path)
    may = before.who_may(APPROVE, today(), beside=person)
    gainers = roster.gainers_over(before).intersection(may)
    if before.signatures > 1 and may and len(gainers) == len(may):
        raise Refusal("approver_gains", where=NAME, person=", ".join(sorted(gainers)))
    return prepare_file(home, "people", person, reason, Path(NAME), data, {})


def prepare_machine_key(home: Home, person: str, reason: str, *, revoke: bool) -> Path:
    """Make a new key of the machine, write the act that takes it into use, and return its folder.

    Raises:
        Refusal: `person_may_not`; as `machine_key.rotated` and `prepare_file`.
    """
    people_for(home, person, reason)
    data = machine_key.rotated(home, today(), revoke=revoke)
    return prepare_file(home, "people", person, reason, Path(NAME), data, {})


def _refuse_people(home: Home, roster: Roster, path: Path) -> None:
    if not home.is_invented:
        refuse_demo_people(roster, path)
    machine_key.refuse_foreign(home, roster, path)


def prepare_withdrawal(home: Home, person: str, dataset: str, version: str, *, reason: str, signed_by: str) -> Path:
    """Write the act that withdraws a release, and return its folder.

    Raises:
        Refusal: `person_may_not`, `reason_missing`; as `withdrawal_hashes`.
    """
    from expectations.published.release_withdrawal import withdrawal_hashes

    roster = people_for(home, person, reason, signed_by)
    with home.lock("marsad releases withdraw"):
        finish(home)
        reason, signed_by, day = reason.strip(), signed_by.strip(), today()
        about = withdrawal_hashes(home, dataset, version, reason=reason, signed_by=signed_by, day=day.isoformat())
        facts = {"dataset": dataset, "version": version, "signed_by": signed_by}
        return acts.prepare(home, acts.draft(home, roster, "withdraw", person, reason, day, about, facts=facts))


def prepare_forgetting(home: Home, person: str, submission: str, reason: str) -> Path:
    """Write the act that forgets the file of a submission, and return its folder.

    Where a killed process left such an act half done, that is finished instead.

    Raises:
        Refusal: `person_may_not`, `reason_missing`; as `forgetting.plan_forgetting`.
    """
    roster = people_for(home, person, reason)
    with home.lock("marsad submissions forget"):
        half_done = forgetting.read_done(home, submission)
        if half_done and acts.is_unfinished(half_done):
            acts.refuse_unsigned(half_done, acts.read_people_before(home, acts.read_act(half_done).number))
            forgetting.carry_out(home, half_done)
            return half_done
        finish(home)
        plan = forgetting.plan_forgetting(home, submission)
        facts, replaces = {"submissions": list(plan.submissions)}, plan.replaces
        act = acts.draft(
            home, roster, "forget", person, reason.strip(), today(), plan.about, replaces=replaces, facts=facts
        )
        return acts.prepare(home, act, plan.files)


def people_for(home: Home, person: str, reason: str, signed_by: str | None = None) -> Roster:
    """Return the people of a home, by whom an act is signed that this person prepares for this reason.

    Raises:
        Refusal: `person_may_not`, `reason_missing`; as `acts.read_people`.
    """
    roster = acts.read_people(home)
    refuse_person(roster, person, PREPARE)
    checked_reason(reason, person if signed_by is None else signed_by)
    return roster


def refuse_person(roster: Roster, person: str, namespace: str) -> None:
    """Refuse a person who may not sign for a purpose today.

    Raises:
        Refusal: `person_may_not`, naming those who may; `person_alone` where nobody may.
    """
    may = roster.who_may(namespace, today())
    if person not in may:
        raise _may_not(person, may)


def _may_not(person: str, may: Sequence[str]) -> Refusal:
    where = ascii(person)[1:-1]
    return (
        Refusal("person_may_not", where=where, people=", ".join(may)) if may else Refusal("person_alone", where=where)
    )


def take_signature(
    home: Home, folder: Path, signature: bytes, by: str = "", *, is_clock_right: bool = False
) -> SignedAct:
    """Store a signature of an act; with the last one that it needs, the act is carried out.

    Args:
        home: whose act it is.
        folder: of the act.
        signature: as `ssh-keygen -Y sign` writes it.
        by: who brings it, if only her own may be taken.
        is_clock_right: whether the signer says that it is today, however long ago the last act was.

    Raises:
        Refusal: as `acts.add_signature`, `acts.refuse_unfit`, `acts.refuse_far_ahead` and what carries it out;
            `act_hides_warnings`.
    """
    roster = acts.read_people(home)
    with home.lock("marsad sign"):
        finish(home)
        act = acts.read_act(folder)
        acts.refuse_unfit(home, roster, act, today())
        if not is_clock_right:
            acts.refuse_far_ahead(home, today())
        _refuse_hidden_warnings(home, act)
        signed = acts.add_signature(folder, roster, signature, today(), by)
        if signed.is_complete:
            carry_out(home, signed, folder)
    return signed


def _refuse_hidden_warnings(home: Home, act: acts.Act) -> None:
    """Refuse a publication whose act names other warnings than its bytes have: its second signer would not see them.

    Raises:
        Refusal: `act_hides_warnings`; `act_of_other_bytes`.
    """
    if act.kind != "publish":
        return
    from expectations.releases import proposal

    proposal.refuse_other_bytes(home, act)
    warnings = act_effects.warnings_of_proposal(home)
    if act.facts.get("warnings") != warnings:
        raise Refusal("act_hides_warnings", where=act.name, warnings="; ".join(warnings) or "-")


def refuse_void(home: Home, folder: Path) -> None:
    """Refuse an act that no longer fits the home, or whose bytes are others than it names: before anybody signs it.

    Raises:
        Refusal: as `acts.read_act`, `acts.refuse_unfit`; `act_hides_warnings`, `act_of_other_bytes`,
            `published_changed`.
    """
    act = acts.read_act(folder)
    acts.refuse_unfit(home, acts.read_people(home), act, today())
    _refuse_hidden_warnings(home, act)
    _refuse_other_bytes(home, act, folder)


def carry_out(home: Home, signed: SignedAct, folder: Path) -> None:
    """Do what a signed act is about; the caller holds the lock.

    The line of the log comes first: what a killed process has not done, the next command does (`finish`).

    Raises:
        Refusal: `act_unsigned`, `act_of_another_home`, `act_of_before`, `act_of_other_bytes`.
    """
    acts.refuse_unfit(home, acts.read_people(home), signed.act, today())
    if signed.act.kind not in _DOES:  # its line in the log would stop every later command
        raise Refusal("act_unreadable", where=signed.act.name)
    _refuse_other_bytes(home, signed.act, folder)
    acts.enter(home, signed)
    _DOES[signed.act.kind](home, folder)


def finish(home: Home) -> None:
    """Do what the newest act in the log has not done yet; the caller holds the lock.

    Raises:
        Refusal: `act_unsigned` for a line of the log that is no act of those who must sign: nothing of it is done.
    """
    folder = acts.last_signed(home)
    if folder is not None:
        _DOES[acts.read_act(folder).kind](home, folder)


def _refuse_other_bytes(home: Home, act: acts.Act, folder: Path) -> None:
    """Refuse an act that is not about exactly the bytes that would be put in place."""
    if act.kind == "publish":
        from expectations.releases import proposal

        proposal.refuse_other_bytes(home, act)
        return
    if act.after:  # it writes none of the logs that an act is held to
        raise Refusal("act_of_other_bytes", where=act.name)
    if act.kind == "forget":
        forgetting.refuse_changed(home, act, folder)
        return
    if act.kind == "withdraw":
        _refuse_other_tombstone(home, act)
        return
    _refuse_other_places(home, act, folder)
    for name, sha256 in act.about.items():
        path = folder / Path(name).name
        if not path.exists() or sha256_of(path) != sha256:
            raise Refusal("act_of_other_bytes", where=name)
    if act.kind == "publish_report":
        from reports.publishing import publish_report

        where = Path(next(iter(act.about)))
        publish_report.refuse_changed(home, (folder / where.name).read_bytes(), where)


def _refuse_other_tombstone(home: Home, act: acts.Act) -> None:
    """Refuse a withdrawal of another release, or whose tombstone would not have the bytes that were signed."""
    from expectations.published.release_withdrawal import withdrawal_hashes

    dataset, version, signed_by = (str(act.facts.get(name, "")) for name in ("dataset", "version", "signed_by"))
    words = {"reason": act.reason, "signed_by": signed_by, "day": act.day}
    if act.about != withdrawal_hashes(home, dataset, version, **words):
        raise Refusal("act_of_other_bytes", where=f"{dataset}/{version}")


def _refuse_other_places(home: Home, act: acts.Act, folder: Path) -> None:
    """Refuse an act that would write somewhere else than its kind does, or a roster by which nobody could act again."""
    room = {"people": NAME, "publish_report": home.reports.name}[act.kind]
    places = [Path(name).parts for name in act.about]
    if not places or any(parts[0] != room or ".." in parts for parts in places):
        raise Refusal("act_of_other_bytes", where=act.name)
    if act.kind == "publish_report":
        from reports.publishing import publish_report

        if [len(parts) for parts in places] != [3] or places[0][-1] not in publish_report.RECORDS:
            raise Refusal("act_of_other_bytes", where=act.name)
    if act.kind == "people":
        _refuse_people(home, parse_roster((folder / NAME).read_bytes(), folder / NAME), folder / NAME)


def _publish(home: Home, _folder: Path) -> None:
    """Put the proposal in place that the newest act in the log is about; another one waits for its own act."""
    from assets import building

    building.finish_publication(home)


def _withdraw(home: Home, folder: Path) -> None:
    from expectations.published import release_withdrawal
    from expectations.published.release_log import ReleaseLog

    act, log = acts.read_act(folder), ReleaseLog.read_log(home)
    dataset, version = str(act.facts["dataset"]), str(act.facts["version"])
    if version in log.withdrawals_of(dataset):
        release_withdrawal.finish(home, log)
    else:
        day = datetime.date.fromisoformat(act.day)
        by = str(act.facts["signed_by"])
        release_withdrawal.withdraw(home, dataset, version, reason=act.reason, signed_by=by, today=day)
    place = home.releases / dataset / version
    if place.is_dir():
        acts.write_statement(folder, place)


def _put_files_in_place(home: Home, folder: Path) -> None:
    """Write the files that an act brings, unless they lie there already, and the statement beside a report's record."""
    for name, sha256 in acts.read_act(folder).about.items():
        path = home.root / name
        if not path.exists() or sha256_of(path) != sha256:
            write_bytes(path, (folder / path.name).read_bytes())
        if path.parent != home.root:
            acts.write_statement(folder, path.parent)


_DOES: Mapping[str, Callable[[Home, Path], None]] = {
    "publish": _publish,
    "withdraw": _withdraw,
    "forget": forgetting.carry_out,
    "publish_report": _put_files_in_place,
    "people": _put_files_in_place,
}
"""Kind -> what carries it out; each does nothing where it was done before."""


def find_act(home: Home, name: str) -> Path:
    """Return the folder of an act that waits, by its name or the beginning of it; as `acts.find`."""
    return acts.find(home, name)


def line_for(home: Home, folder: Path) -> str:
    """Return the line by which the next signer signs an act: on her own machine, or by an invented person's key."""
    roster = acts.read_people(home)
    signed = acts.check_signatures(folder, roster, today())
    invented = map(home.invented_key, who_is_next(roster, signed))
    key = next((path for path in invented if path.exists()), None) if home.is_invented else None
    return openssh.line_to_sign(folder / acts.ACT, APPROVE if signed.prepared_by else PREPARE, key)


def signature_from(home: Home, folder: Path, key: Path | None, signature: Path | None) -> bytes:
    """Return a signature that was made elsewhere, or make one by a key on this machine.

    Raises:
        Refusal: `file_missing`; as `openssh.sign`.
    """
    if key is None:
        path = signature or folder
        with reading(path):
            return path.read_bytes()
    signed = acts.check_signatures(folder, acts.read_people(home), today())
    return openssh.sign(signed.act.content, key, APPROVE if signed.prepared_by else PREPARE)


def refuse_person_for(home: Home, waiting: WaitingAct, person: str) -> None:
    """Refuse a person who cannot be the next to sign an act that waits.

    Raises:
        Refusal: `person_may_not`, naming those who may.
    """
    if person not in waiting.may_sign:
        raise _may_not(person, waiting.may_sign)


def who_is_next_in(home: Home, signed: SignedAct) -> list[str]:
    """Return who may sign an act next, by the roster of a home."""
    return who_is_next(acts.read_people(home), signed)


def waiting_as_json(waiting: WaitingAct) -> dict[str, object]:
    """Return what waits, as JSON."""
    signed = waiting.signed
    return {
        "about": list(waiting.about),
        "act": waiting.folder.name if waiting.folder else "",
        "prepared_by": signed.prepared_by if signed else "",
        "may_sign": waiting.may_sign,
    }


def signed_as_json(signed: SignedAct) -> dict[str, object]:
    """Return the state of an act after a signature, as JSON."""
    done = {"act": signed.act.name, "kind": signed.act.kind, "done": signed.is_complete}
    return {**done, "prepared_by": signed.prepared_by, "approved_by": signed.approved_by}


def list_people(home: Home) -> list[dict[str, str]]:
    """Return a row for each key of the roster, the machine's last: whose, in which roles, for whom and when.

    Who has no key has a row without one.
    """
    roster = acts.read_people(home)
    machine = Person(MACHINE, MACHINE, "", (), roster.machine)
    return [
        {
            "person": person.person,
            "name": person.name,
            "agency": person.agency,
            "roles": ", ".join(person.roles),
            "sources": ", ".join(person.sources),
            "fingerprint": openssh.fingerprint_of(key.text) if key else "",
            "after": key.valid_after.isoformat() if key else "",
            "before": key.valid_before.isoformat() if key and key.valid_before else "",
            "revoked": key.revoked.isoformat() if key and key.revoked else "",
        }
        for person in (*roster.people.values(), machine)
        for key in person.keys or (None,)
    ]
