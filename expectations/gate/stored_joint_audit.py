"""The stored result of the last joint audit: the gates of the other datasets ask the same question of the same bytes.

Belongs here: the file, and the hash of everything the audit depends on. Does not belong here: the audit
(`disclosure_audit.py`).

    candidates/joint_audit.json         the hash of its question, and its findings; sealed: it names cells
    candidates/joint_audit.json.seal    the keyed seal (`seals.py`): an edited answer is rejected
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.cards.cells import text_hash
from expectations.cards.release_scheme import Scheme
from expectations.gate.disclosure_audit import InsiderKnowledge, JointAudit, code_hash, finding_of
from ingestion.home import Home, json_bytes, sha256_of_bytes
from ingestion.seals import read_sealed, write_sealed
from ingestion.storage import parse_json
from languages.refusal import Refusal

_READ_BY_THE_AUDIT = ("audit.json", "protection.json", "pending.parquet", "contributions.parquet")


def joint_audit_path(home: Home) -> Path:
    """Return the path of the last joint audit; it is never published."""
    return home.candidates / "joint_audit.json"


def question_of(
    home: Home, scheme: Scheme, external: pd.DataFrame | None, content: Mapping[str, Mapping[str, bytes]]
) -> str:
    """Return the hash of a joint audit's inputs: code, rules, final bytes, protection, ledger, stored audits.

    Args:
        home: data home of the candidates and the ledger.
        scheme: the rules of all cards.
        external: figures that others published; None if none are known.
        content: the final files, by dataset and name.
    """
    paths = [home.candidates / name for name in _READ_BY_THE_AUDIT]
    paths += sorted(path for path in home.ledger.rglob("*") if path.is_file())
    read = [f"{path.name} {sha256_of_bytes(path.read_bytes())}" for path in paths if path.exists()]
    final = [f"{name} {sha256_of_bytes(files['data.parquet'])}" for name, files in content.items()]
    others = "" if external is None else external.to_csv() or ""
    return text_hash("|".join([code_hash(), repr(scheme), others, *final, *read]))


def read_joint_audit(home: Home, question: str) -> JointAudit | None:
    """Return the stored answer to this very question; None if there is none with a valid seal."""
    try:
        content: dict[str, Any] = parse_json(read_sealed(home, joint_audit_path(home)))
    except Refusal:
        return None
    if content.pop("question", "") != question:
        return None
    audited: dict[str, int] = content.pop("audited")
    insiders = {label: InsiderKnowledge(**known) for label, known in content.pop("insiders").items()}
    findings: dict[str, Sequence[dict[str, Any]]] = content
    return JointAudit(
        audited=audited,
        insiders=insiders,
        **{name: [finding_of(entry) for entry in entries] for name, entries in findings.items()},
    )


def keep_joint_audit(home: Home, question: str, audit: JointAudit) -> None:
    """Write the answer to a question, replacing the previous one."""
    write_sealed(home, joint_audit_path(home), json_bytes({"question": question, **asdict(audit)}))
