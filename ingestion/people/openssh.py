"""Signatures of OpenSSH, made and checked by `ssh-keygen` itself.

Belongs here: calling that program. Does not belong here: who may sign (`roster.py`), what is signed (`acts.py`). There
is no cryptography of ours: whoever has the program checks the same bytes with one line, without Marsad
(PROTOCOL.sshsig of OpenSSH; `ssh-keygen(1)`, "ALLOWED SIGNERS").
"""

from __future__ import annotations

import datetime
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from languages.refusal import Refusal

SIGNATURE_HEAD = b"-----BEGIN SSH SIGNATURE-----"
_SIGNATURE_END = b"-----END SSH SIGNATURE-----"
_PROGRAM = "ssh-keygen"
_SECONDS = 30.0
"""A check takes milliseconds; signing waits for a person who touches a token or types a passphrase."""
SECONDS_OF_A_PERSON = 300.0
_LARGEST_SIGNATURE = 2**14


def sign(data: bytes, private_key: Path, namespace: str) -> bytes:
    """Return a signature over `data`; the program asks for passphrase or token on the terminal.

    Args:
        data: the bytes.
        private_key: the file of the key; of a key in the agent or on a token its public part is enough.
        namespace: what the signature is for.

    Raises:
        Refusal: `ssh_keygen_missing`, `signing_failed` with the program's last line.
    """
    with tempfile.TemporaryDirectory(prefix="marsad-sign-") as folder:
        message = Path(folder) / "act"
        message.write_bytes(data)
        command = [_program(), "-q", "-Y", "sign", "-f", str(private_key), "-n", namespace, str(message)]
        try:
            ended = subprocess.run(command, stderr=subprocess.PIPE, timeout=SECONDS_OF_A_PERSON, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise Refusal("signing_failed", where=str(private_key), told=f"{SECONDS_OF_A_PERSON:g} s") from error
        signature = message.with_name("act.sig")
        if ended.returncode or not signature.exists():
            raise Refusal("signing_failed", where=str(private_key), told=_last_line(ended.stderr))
        return signature.read_bytes()


def sign_alone(data: bytes, private_key: Path, namespace: str) -> bytes:
    """Return a signature by a key that asks nobody; no terminal, nothing written.

    Raises:
        Refusal: `ssh_keygen_missing`, `signing_failed`.
    """
    signature = _run(["-q", "-Y", "sign", "-f", str(private_key), "-n", namespace], data).encode()
    if not signature.startswith(SIGNATURE_HEAD):
        raise Refusal("signing_failed", where=str(private_key), told=namespace)
    return signature


def make_pair(private_key: Path) -> None:
    """Make an Ed25519 pair without a passphrase: the private key at this path, which is free, the public one as `.pub`.

    Raises:
        Refusal: `ssh_keygen_missing`, `signing_failed`.
    """
    _run(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(private_key)])
    if not private_key.exists():
        raise Refusal("signing_failed", where=str(private_key), told="ed25519")


def public_of(private_key: Path) -> str:
    """Return the public key of a private one, without a comment; empty if it is none.

    Raises:
        Refusal: `ssh_keygen_missing`.
    """
    return " ".join(_run(["-y", "-P", "", "-f", str(private_key)]).split()[:2])


def is_by(name: str, signature: bytes, allowed_signers: str) -> bool:
    """Return whether a signature was made by a key of this name, over whatever bytes and for whatever purpose.

    Raises:
        Refusal: `ssh_keygen_missing`.
    """
    if not _is_signature(signature):
        return False
    with _as_files(signature, allowed_signers) as given:
        return name in _run(["-Y", "find-principals", *given]).splitlines()


def signer_of(data: bytes, signature: bytes, allowed_signers: str, namespace: str, day: datetime.date) -> str | None:
    """Return which of the allowed signers signed these bytes for this purpose; None if none of them did.

    Who signed is remembered within a process: a roster is read at each request, and checks all that changed it.

    Args:
        data: the bytes.
        signature: as `ssh-keygen -Y sign` writes it.
        allowed_signers: text of such a file.
        namespace: what the signature is for.
        day: on which the key must be valid.

    Raises:
        Refusal: `ssh_keygen_missing`.
    """
    try:
        return _proven_signer(data, signature, allowed_signers, namespace, day)
    except LookupError:
        return None


@lru_cache
def _proven_signer(data: bytes, signature: bytes, allowed_signers: str, namespace: str, day: datetime.date) -> str:
    """Return who signed; raise LookupError, which is not remembered, if the program named nobody."""
    if not _is_signature(signature):
        raise LookupError(namespace)
    of_day = ["-O", f"verify-time={day:%Y%m%d}1200Z"]
    with _as_files(signature, allowed_signers) as given:
        for name in _run(["-Y", "find-principals", *given, *of_day]).splitlines():
            if _run(["-Y", "verify", *given, *of_day, "-I", name, "-n", namespace], data):
                return name
    raise LookupError(namespace)


def fingerprint_of(public_key: str) -> str:
    """Return the fingerprint of a public key, as people compare it by telephone; empty if it is none.

    Raises:
        Refusal: `ssh_keygen_missing`.
    """
    try:
        return _shown_fingerprint(public_key)
    except LookupError:
        return ""


@lru_cache
def _shown_fingerprint(public_key: str) -> str:
    """Return the second word of the line that shows a key; raise LookupError, which is not remembered, without one."""
    return _run(["-l", "-f", "-"], f"{public_key}\n".encode()).split()[1]


def line_to_sign(act: Path, namespace: str, key: Path | None = None) -> str:
    """Return the line that signs a file on a person's own machine, by OpenSSH's usual key if none is named."""
    named = shlex.quote(str(key)) if key else "~/.ssh/id_ed25519"
    return f"{_PROGRAM} -Y sign -f {named} -n {namespace} {act.name}"


def line_to_verify(name: str, namespace: str, signature: str, statement: str) -> str:
    """Return the line that checks a signature without Marsad."""
    return f"{_PROGRAM} -Y verify -f allowed_signers -I {name} -n {namespace} -s {signature} < {statement}"


def _is_signature(data: bytes) -> bool:
    """Return whether bytes are one signature and nothing else: the program ignores what follows, a reader does not."""
    is_whole = data.startswith(SIGNATURE_HEAD) and data.rstrip(b"\r\n").endswith(_SIGNATURE_END)
    return is_whole and data.count(_SIGNATURE_END) == 1 and len(data) <= _LARGEST_SIGNATURE


@contextmanager
def _as_files(signature: bytes, allowed_signers: str) -> Generator[list[str]]:
    """Write what the program reads from files, and yield the words that name them."""
    with tempfile.TemporaryDirectory(prefix="marsad-sign-") as folder:
        signers, seal = Path(folder) / "allowed_signers", Path(folder) / "act.sig"
        signers.write_text(allowed_signers, encoding="utf-8")
        seal.write_bytes(signature)
        yield ["-f", str(signers), "-s", str(seal)]


def _run(words: list[str], data: bytes = b"") -> str:
    """Return what the program printed; empty where it said no."""
    ended = subprocess.run([_program(), *words], input=data, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    return ended.stdout.decode("utf-8", errors="replace") if ended.returncode == 0 else ""


def _program() -> str:
    program = shutil.which(_PROGRAM)
    if program is None:
        raise Refusal("ssh_keygen_missing", where=_PROGRAM)
    return program


def _last_line(error: bytes) -> str:
    lines = error.decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
