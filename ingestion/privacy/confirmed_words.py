"""Words confirmed to name nobody, as keyed hashes: who confirmed each for which file, and who withdrew it.

Belongs here: the chained record `confirmed_words.jsonl`, its key, and which words the record accepts.
Does not belong here: which texts need a confirmation (`unexplained_texts.py`), the answer of a sender
(`answer_file.py`), asking (`marsad/commands/confirming.py`). No word is stored in clear, and none can be read back
without the key; whoever has key and record can try words, so both are as secret as the received files.

A word is its spelling: `على` does not cover `علي`, nor `Hope` `hope`. A confirmation holds for one source only. It
covers the file for which it was made. It covers every later file of the source once a second role has confirmed it with
the file open, one of the two being of the task force. A word on a list of names, or one that was withdrawn before,
needs two roles of the task force, for the first file too.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Literal

from ingestion import hash_chain, intake_lock
from ingestion.home import Home, write_bytes
from ingestion.privacy.roles import SENDER_ROLES, TASK_FORCE_ROLES
from languages.refusal import Refusal

if TYPE_CHECKING:
    from ingestion.privacy.unexplained_texts import AskedWord

MOST_WORDS = 10
"""Most words that may be confirmed for one file: with more, people stop reading what they confirm."""

_KEY_BYTES = 32
_CHECKED_TEXT = b"marsad words: key check"  # holds no zero byte, unlike the message of every word


@dataclass(frozen=True)
class Confirmation:
    """One line of `confirmed_words.jsonl`.

    Args:
        action: `confirm`; or `take_back`, which ends all earlier confirmations of the word.
        word: the keyed hash of its spelling, 64 hexadecimal digits.
        source: whose files it applies to.
        sha256: hash of the file that was open; empty for `take_back`.
        is_listed: whether it is on a list of names.
        by: a role of `roles.py`.
        at: the day, ISO.
        key: check value that distinguishes the key of the words from another.
    """

    action: Literal["confirm", "take_back"]
    word: str
    source: str
    sha256: str
    is_listed: bool
    by: str
    at: str
    key: str = ""
    n: int = 0
    prev: str = ""
    hash: str = ""


@dataclass
class _Said:
    """The valid statements about one word: those since it was last withdrawn, if it was."""

    is_listed: bool = False
    was_taken_back: bool = False
    roles: set[str] = field(default_factory=set[str])
    files: set[str] = field(default_factory=set[str])

    def hear(self, line: Confirmation) -> None:
        if line.action != "confirm":
            self.was_taken_back = True
            self.roles, self.files = set(), set()
            return
        self.is_listed |= line.is_listed
        self.roles.add(line.by)
        self.files.add(line.sha256)

    @property
    def needs_task_force(self) -> bool:
        return self.is_listed or self.was_taken_back

    @property
    def stands(self) -> bool:
        inside = self.roles & set(TASK_FORCE_ROLES)
        return len(inside) > 1 if self.needs_task_force else bool(inside) and len(self.roles) > 1

    def lets_in(self, sha256: str) -> bool:
        return self.stands or (not self.needs_task_force and sha256 in self.files)


class ConfirmedWords:
    """The confirmed words of one source in a home."""

    def __init__(self, home: Home, source: str) -> None:
        """Read the record.

        Raises:
            Refusal: `words_broken`, `words_key_gone`.
        """
        lines = read_confirmations(home)
        self._key, self._source = _key(home, lines), source
        self._said: dict[str, _Said] = {}
        for line in lines:
            if line.source == source:
                self._said.setdefault(line.word, _Said()).hear(line)

    def name(self, text: str) -> str:
        """Return the keyed hash of a word; empty if this home has no key yet and so no confirmed word.

        Args:
            text: the word as it stands in the file.

        Returns:
            64 hexadecimal digits, or an empty string.
        """
        message = f"{self._source}\0{text}".encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest() if self._key else ""

    def stands(self, text: str) -> bool:
        """Return whether a word is confirmed for any file of the source."""
        return bool(self._said) and self._state_of_word(text).stands

    def is_stated(self, word: AskedWord, sha256: str) -> bool:
        """Return whether a word is confirmed for the file with this hash.

        Args:
            word: of the file, and whether a list of names has it.
            sha256: of the file's bytes, in hexadecimal digits.

        Returns:
            True if the word is confirmed for any file of the source, or a role confirmed it for this one and no list of
            names has it.
        """
        stated = self._state_of_word(word.text) if self._said else _Said()
        return stated.stands or (not word.is_on_name_list and stated.lets_in(sha256))

    def needs_task_force(self, word: AskedWord) -> bool:
        """Return whether a sender's confirmation is not enough."""
        return word.is_on_name_list or (bool(self._said) and self._state_of_word(word.text).needs_task_force)

    def lets_in(self, name: str, sha256: str) -> bool:
        """Return whether a word, by its keyed hash, is accepted in a file."""
        return name in self._said and self._said[name].lets_in(sha256)

    @property
    def fingerprint(self) -> str:
        """A hash that changes whenever the accepted words change; empty if nothing was ever confirmed."""
        held = [(name, stated.stands, *sorted(stated.files)) for name, stated in sorted(self._said.items())]
        return repr(held) if held else ""

    def _state_of_word(self, text: str) -> _Said:
        return self._said.get(self.name(text), _Said())


def read_confirmations(home: Home) -> list[Confirmation]:
    """Return the record, oldest line first; empty for a home in which nobody confirmed a word.

    Raises:
        Refusal: `words_broken` with the first line where the chain breaks.
    """
    names = {field.name for field in fields(Confirmation)}
    lines, problems = hash_chain.read_lines(home.confirmed_words, names)
    if problems:
        raise Refusal("words_broken", where=home.confirmed_words.name, line=problems[0])
    return [Confirmation(**line) for line in lines]


def confirm(home: Home, source: str, sha256: str, words: Sequence[AskedWord], *, by: str, day: datetime.date) -> None:
    """Record that a role states of each word that it names nobody; the caller holds `intake_lock.lock`.

    Raises:
        Refusal: `role_unknown`; `words_too_many` if more than `MOST_WORDS` would be confirmed for one file.
    """
    checked_role(by, (*SENDER_ROLES, *TASK_FORCE_ROLES))
    earlier = read_confirmations(home)
    _make_key(home, earlier)
    held = ConfirmedWords(home, source)
    fresh = {held.name(word.text): word.is_on_name_list for word in words}
    of_file = {
        confirmation.word for confirmation in earlier if confirmation.sha256 == sha256 and confirmation.source == source
    }
    if len(of_file | set(fresh)) > MOST_WORDS:
        raise Refusal("words_too_many", where=sha256[:12], most=MOST_WORDS)
    doubted = {confirmation.word for confirmation in earlier if confirmation.action != "confirm"}
    known = {
        (confirmation.word, confirmation.by)
        for confirmation in earlier
        if confirmation.sha256 == sha256 and confirmation.word not in doubted
    }
    lines = [
        Confirmation("confirm", name, source, sha256, is_listed, by, day.isoformat())
        for name, is_listed in sorted(fresh.items())
        if (name, by) not in known
    ]
    _append(home, earlier, lines)


def take_back(home: Home, name: str, *, by: str, day: datetime.date | None = None) -> Confirmation:
    """Record that a word may name somebody after all; every file that relied on it is asked about again.

    Args:
        home: the data home.
        name: the beginning of the word's keyed hash, as `marsad review words` shows it.
        by: a role of the task force.
        day: today by default.

    Raises:
        Refusal: `role_unknown`; `word_unknown` if no word or several begin so.
    """
    checked_role(by, TASK_FORCE_ROLES)
    at = day or datetime.datetime.now(tz=datetime.UTC).date()
    with intake_lock.lock(home, "marsad review words"):
        earlier = read_confirmations(home)
        matching = {line.word: line for line in earlier if name and line.word.startswith(name)}
        if len(matching) != 1:
            raise Refusal("word_unknown", where=name)
        last = next(iter(matching.values()))
        line = Confirmation("take_back", last.word, last.source, "", last.is_listed, by, at.isoformat())
        _append(home, earlier, [line])
    return line


def checked_role(role: str, known: Iterable[str]) -> None:
    """Refuse a role that is none of `known`: any other text could be a person's name.

    Raises:
        Refusal: `role_unknown`, which does not repeat what was typed.
    """
    if role not in known:
        raise Refusal("role_unknown", where="-", known=", ".join(known))


def _append(home: Home, earlier: Sequence[Confirmation], lines: Iterable[Confirmation]) -> None:
    if not home.confirmed_words.exists():
        os.close(os.open(home.confirmed_words, os.O_WRONLY | os.O_CREAT, 0o600))
    key = _check_value(_key(home, earlier))
    contents = [asdict(replace(line, key=key)) for line in lines]
    hash_chain.append_all(home.confirmed_words, contents, len(earlier), earlier[-1].hash if earlier else "")


def _key(home: Home, lines: Iterable[Confirmation]) -> bytes:
    """Return the key of the words; empty for a home in which nobody confirmed one.

    Raises:
        Refusal: `words_key_gone` if there is a record but not the key that its lines were written with.
    """
    path = home.keys / "words.key"
    if not path.exists() and not home.confirmed_words.exists():
        return b""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise Refusal("words_key_gone", where=str(path)) from error
    if len(key) != _KEY_BYTES or {line.key for line in lines} - {_check_value(key)}:
        raise Refusal("words_key_gone", where=str(path))
    return key


def _check_value(key: bytes) -> str:
    return hmac.new(key, _CHECKED_TEXT, hashlib.sha256).hexdigest()


def _make_key(home: Home, lines: Iterable[Confirmation]) -> None:
    """Create the key before the first word: a separate one, so that losing it costs questions but no rounding."""
    if not _key(home, lines):
        write_bytes(home.keys / "words.key", secrets.token_hex(_KEY_BYTES).encode("ascii"), mode=0o600)
