"""The people of the invented country: five who exist nowhere, with keys that everybody has.

Belongs here: entering them in an invented home, and signing in their names. Does not belong here: any rule about who
may sign (`ingestion/people`). A real home refuses their keys.
"""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from ingestion.home import Home, write_bytes
from ingestion.people import acts, founding, openssh
from ingestion.people.acts import SignedAct
from ingestion.people.roster import APPROVE, PREPARE, Roster, roster_path

PREPARER, APPROVER = "amina", "dara"
_FOLDER = Path(__file__).with_name("people")


def found(home: Home) -> Roster:
    """Enter the five people in an invented home, once, and return its roster; the caller holds the lock."""
    if roster_path(home).exists():
        return acts.read_people(home)
    path = _FOLDER / "people.yml"
    return founding.found(home, path.read_bytes(), path)


def lay_out_keys(home: Home) -> None:
    """Write the private keys of the five into an invented home, for who tries signing: OpenSSH takes none that is open.

    Everybody has them, and a real home refuses them; of its own people a house holds no private key.
    """
    for path in sorted(_FOLDER.glob("*.key")):
        write_bytes(home.invented_key(path.stem), path.read_bytes(), mode=0o600)


def sign(home: Home, folder: Path, today: datetime.date) -> SignedAct:
    """Sign an act as the one who prepares and the one who approves, and return it."""
    signed, roster = acts.check_signatures(folder, acts.read_people(home), today), acts.read_people(home)
    for person, namespace in ((PREPARER, PREPARE), (APPROVER, APPROVE)):
        signature = signature_of(person, signed.act.content, namespace)
        signed = acts.add_signature(folder, roster, signature, today)
    return signed


def signature_of(person: str, data: bytes, namespace: str) -> bytes:
    """Return a signature of an invented person over these bytes.

    OpenSSH takes a private key from a file that nobody else may read, and a checkout's files are readable.
    """
    with tempfile.TemporaryDirectory(prefix="marsad-invented-") as folder:
        key = Path(folder) / "key"
        write_bytes(key, (_FOLDER / f"{person}.key").read_bytes(), mode=0o600)
        return openssh.sign(data, key, namespace)
