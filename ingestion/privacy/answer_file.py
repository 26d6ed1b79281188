"""The answer file: what somebody at the sender's desk stated of the words of one file, without any of the words.

Belongs here: writing `<file>.answers.json`, reading one that may be hostile, and holding it against the file's own
words. Does not belong here: asking her (`marsad/answers/confirming.py`), what a home keeps of it
(`confirmed_words.py`).

Each word stands there as an HMAC under a key that is made of the file's own bytes: only who has the file can make or
read an answer; the hash of the file, which stands in receipts, does not help. An answer fits one file of one source.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ingestion.cards.card_errors import IngestionCard
from ingestion.findings import Finding
from ingestion.home import sha256_of_bytes, write_bytes
from ingestion.privacy.confirmed_words import MOST_WORDS
from ingestion.privacy.unexplained_texts import AskedWord
from ingestion.storage import parse_json
from languages.refusal import Refusal

SUFFIX = ".answers.json"
_MOST_BYTES = 8_192  # ten hashes need less than one thousand
_KEY_TEXT = b"marsad: the key of the answers about this file"
_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Answers(IngestionCard):
    """What an answer file states.

    Args:
        marsad_answers: the version of its form.
        sha256: hash of the file that it is about.
        source: whose file it is.
        role: of the sender, in which the words were stated.
        words: the keyed hash of each word that names nobody.
    """

    marsad_answers: Annotated[int, Field(ge=1, le=1)] = 1  # `Literal[1]` takes `true` too
    sha256: _Hash
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    role: Literal["focal_point", "head_of_section", "records_officer", "statistics_officer"]
    words: Annotated[tuple[_Hash, ...], Field(min_length=1, max_length=MOST_WORDS, strict=False)]  # JSON has lists only

    def states(self, key: bytes, word: AskedWord) -> bool:
        """Return whether it was stated that a word names nobody; `key` is `key_of` the file's bytes."""
        return _name(key, word.text) in self.words


def key_of(data: bytes) -> bytes:
    """Return the key of all answers about a file with these bytes.

    Args:
        data: the bytes of the file as it was sent.

    Returns:
        A key for HMAC; other bytes give another key, so that answers say nothing of another file.
    """
    return hmac.new(_KEY_TEXT, data, hashlib.sha256).digest()


def path_beside(file: Path) -> Path:
    """Return where the answer file of a file lies."""
    return file.with_name(file.name + SUFFIX)


def write_answers(output: Path, data: bytes, source: str, role: str, words: Iterable[AskedWord]) -> None:
    """Write an answer file.

    Raises:
        Refusal: `answers_output` for a name that does not end in `.answers.json`: nothing else is ever written over.
    """
    if not output.name.endswith(SUFFIX):
        raise Refusal("answers_output", where=output.name, suffix=SUFFIX)
    key = key_of(data)
    names = sorted({_name(key, word.text) for word in words})
    content = {"sha256": sha256_of_bytes(data), "source": source, "role": role, "words": names}
    made = Answers.model_validate(content)
    write_bytes(output, (json.dumps(made.model_dump(), indent=2) + "\n").encode("utf-8"), mode=0o600)


def read_answers(path: Path, data: bytes, source: str) -> tuple[Answers | None, list[Finding]]:
    """Return the answers that lie at `path`; None where there is no file that holds any about these bytes.

    An answer file that is none, or one about other bytes or another source, is told by a flag and states nothing: the
    file that it came with then asks as if it had come alone. Nothing that stands in it is repeated.

    Args:
        path: where the answer file would lie; it need not be there.
        data: the bytes of the file that it is about.
        source: who sends the file.

    Returns:
        The answers, and a flag (`answers_invalid`, `answers_of_another_file`) for an answer file that states nothing. A
        bad answer file never raises.
    """
    try:
        text = _read_small(path)
        answers = None if text is None else Answers.model_validate(parse_json(text.decode("utf-8")))
    except (OSError, ValueError, RecursionError):  # pydantic's `ValidationError` is a `ValueError`
        return None, [Finding("flag", "answers_invalid")]
    if answers and (answers.sha256, answers.source) != (sha256_of_bytes(data), source):
        return None, [Finding("flag", "answers_of_another_file")]
    return answers, []


def _read_small(path: Path) -> bytes | None:
    """Return the bytes of a small regular file; a link is not followed, and what waits for ever, as a pipe, not read.

    Raises:
        OSError: what cannot be read.
        ValueError: what is no small regular file.
    """
    if not os.path.lexists(path):
        return None
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as stream:
        if path.is_symlink() or not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError
    return data


def _name(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()
