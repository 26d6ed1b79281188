"""The answer file: what somebody at the sender stated about the words of one file, without any of the words.

Belongs here: writing `<file>.answers.json`, reading one that may be hostile, and comparing it with the file's own
words. Does not belong here: asking the sender (`marsad/commands/confirming.py`), what a home stores of it
(`confirmed_words.py`).

Each word is an HMAC under a key derived from the file's own bytes: only who has the file can make or read an answer;
the hash of the file, which receipts show, is not enough. An answer applies to one file of one source.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

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
    """The content of an answer file.

    Args:
        marsad_answers: the version of its format.
        sha256: hash of the file that it is about.
        source: the file's source.
        role: the sender's role that made the statement.
        words: the keyed hash of each word that names nobody.
    """

    marsad_answers: Annotated[int, Field(ge=1, le=1)] = 1  # `Literal[1]` would accept `true` too
    sha256: _Hash
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    role: Literal["focal_point", "head_of_section", "records_officer", "statistics_officer"]
    words: Annotated[tuple[_Hash, ...], Field(min_length=1, max_length=MOST_WORDS, strict=False)]  # JSON has lists only

    def states(self, key: bytes, word: AskedWord) -> bool:
        """Return whether a word is stated to name nobody; `key` is `key_of` the file's bytes."""
        return _name(key, word.text) in self.words


def key_of(data: bytes) -> bytes:
    """Return the key of all answers about a file with these bytes.

    Args:
        data: the bytes of the file as sent.

    Returns:
        A key for HMAC; other bytes give another key, so that answers are useless for another file.
    """
    return hmac.new(_KEY_TEXT, data, hashlib.sha256).digest()


def path_beside(file: Path) -> Path:
    """Return the path of a file's answer file."""
    return file.with_name(file.name + SUFFIX)


def write_answers(output: Path, data: bytes, source: str, role: str, words: Iterable[AskedWord]) -> None:
    """Write an answer file.

    Raises:
        Refusal: `answers_output` for a name not ending in `.answers.json`, so that no other file is overwritten.
    """
    if not output.name.endswith(SUFFIX):
        raise Refusal("answers_output", where=output.name, suffix=SUFFIX)
    key = key_of(data)
    names = sorted({_name(key, word.text) for word in words})
    content = {"sha256": sha256_of_bytes(data), "source": source, "role": role, "words": names}
    made = Answers.model_validate(content)
    write_bytes(output, (json.dumps(made.model_dump(), indent=2) + "\n").encode("utf-8"), mode=0o600)


class ReadAnswers(NamedTuple):
    """The answers of an answer file, or None, and the finding on a file that is ignored."""

    answers: Answers | None
    unfit: list[Finding]


def read_answers(path: Path, data: bytes, source: str) -> ReadAnswers:
    """Return the answers at `path`; None if there is no file with answers about these bytes.

    An invalid answer file, or one about other bytes or another source, is reported by a flag and ignored: its file is
    then treated as if it had come alone. Nothing in the answer file is repeated.

    Args:
        path: where the answer file would be; it need not exist.
        data: the bytes of the file that it is about.
        source: who sends the file.

    Returns:
        The answers, and a flag (`answers_invalid`, `answers_of_another_file`) for an ignored answer file. A bad answer
        file never raises.
    """
    try:
        text = _read_small(path)
        answers = None if text is None else Answers.model_validate(parse_json(text.decode("utf-8")))
    except (OSError, ValueError, RecursionError):  # pydantic's `ValidationError` is a `ValueError`
        return ReadAnswers(None, [Finding("flag", "answers_invalid")])
    if answers and (answers.sha256, answers.source) != (sha256_of_bytes(data), source):
        return ReadAnswers(None, [Finding("flag", "answers_of_another_file")])
    return ReadAnswers(answers, [])


def _read_small(path: Path) -> bytes | None:
    """Return the bytes of a small regular file; links are not followed, and pipes, which could block, not read.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not a small regular file.
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
