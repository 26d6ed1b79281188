"""Which words a home lets in: one role for one file, two for all, two of the task force for names, and taking back."""

from __future__ import annotations

import datetime
import itertools
import os
from pathlib import Path

import pytest

from ingestion import intake_lock
from ingestion.home import Home
from ingestion.privacy import confirmed_words
from ingestion.privacy.confirmed_words import MOST_WORDS, ConfirmedWords, confirm, take_back
from ingestion.privacy.roles import SENDER_ROLES, TASK_FORCE_ROLES
from ingestion.privacy.unexplained_texts import AskedWord
from languages.refusal import Refusal
from tests.ingestion.asking_files import SOURCE

DAY = datetime.date(2025, 6, 1)
WORD, NAME = AskedWord("zqxwordqz", False), AskedWord("zqxnameqz", True)
FIRST, SECOND = "a" * 64, "b" * 64
SENDER, ONE, TWO = SENDER_ROLES[0], *TASK_FORCE_ROLES[:2]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


def say(home: Home, *words: AskedWord, by: str, file: str = FIRST, source: str = SOURCE) -> ConfirmedWords:
    with intake_lock.lock(home):
        confirm(home, source, file, words, by=by, day=DAY)
    return ConfirmedWords(home, source)


def lets_in(held: ConfirmedWords, word: AskedWord) -> tuple[bool, bool]:
    """Whether it lets in the first file, and any other."""
    return held.is_stated(word, FIRST), held.is_stated(word, SECOND)


def test_a_home_in_which_nobody_confirmed_a_word_lets_none_in_and_makes_no_key(home: Home):
    assert lets_in(ConfirmedWords(home, SOURCE), WORD) == (False, False)
    assert not home.confirmed_words.exists()
    assert list(home.keys.iterdir()) == []


@pytest.mark.parametrize("roles", [roles for n in (1, 2, 3) for roles in itertools.combinations((SENDER, ONE, TWO), n)])
def test_one_role_lets_one_file_in_and_two_with_the_task_force_every_file(home: Home, roles: tuple[str, ...]):
    held = [say(home, WORD, NAME, by=role) for role in roles][-1]
    assert lets_in(held, WORD) == (True, len(roles) > 1)
    assert lets_in(held, NAME) == (({ONE, TWO} <= set(roles)),) * 2


def test_two_roles_of_the_sender_are_one_pair_of_eyes(home: Home):
    held = [say(home, WORD, by=role) for role in SENDER_ROLES][-1]
    assert lets_in(held, WORD) == (True, False)


def test_the_same_role_twice_is_one_role(home: Home):
    say(home, WORD, by=ONE)
    assert lets_in(say(home, WORD, by=ONE, file=SECOND), WORD) == (True, True)
    assert not ConfirmedWords(home, SOURCE).stands(WORD.text)


def test_a_word_of_one_source_says_nothing_of_another(home: Home):
    say(home, WORD, by=ONE)
    say(home, WORD, by=TWO)
    assert ConfirmedWords(home, SOURCE).stands(WORD.text)
    assert not ConfirmedWords(home, "iraq_judicial_council").stands(WORD.text)
    assert ConfirmedWords(home, SOURCE).name(WORD.text) != ConfirmedWords(home, "iraq_judicial_council").name(WORD.text)


def test_a_word_that_a_list_of_names_took_up_later_is_let_in_no_longer(home: Home):
    held = say(home, WORD, by=SENDER)
    assert not held.is_stated(AskedWord(WORD.text, True), FIRST)


def test_a_word_taken_back_lets_nothing_in_and_comes_again_only_by_two_roles_of_the_task_force(home: Home):
    say(home, WORD, by=SENDER)
    held = say(home, WORD, by=ONE)
    take_back(home, held.name(WORD.text)[:12], by=TWO, day=DAY)
    assert lets_in(ConfirmedWords(home, SOURCE), WORD) == (False, False)
    assert lets_in(say(home, WORD, by=SENDER), WORD) == (False, False)
    assert lets_in(say(home, WORD, by=ONE), WORD) == (False, False)
    assert lets_in(say(home, WORD, by=TWO), WORD) == (True, True)


@pytest.mark.parametrize("mark", ["", "zz", "0" * 64])
def test_taking_back_what_is_no_single_word_refuses(home: Home, mark: str):
    say(home, WORD, NAME, by=ONE)
    with pytest.raises(Refusal) as refused:
        take_back(home, mark, by=ONE)
    assert refused.value.code == "word_unknown"


@pytest.mark.parametrize("role", ["", "زينب كاظم", "Data_Officer", "data_officer "])
def test_a_role_is_one_of_the_list_and_what_was_typed_instead_is_not_repeated(home: Home, role: str):
    with pytest.raises(Refusal) as refused:
        say(home, WORD, by=role)
    assert refused.value.code == "role_unknown"
    assert not role or role not in f"{refused.value} {refused.value.arguments}"
    with pytest.raises(Refusal):
        take_back(home, "a", by=SENDER)


def test_of_one_file_ten_words_are_confirmed_and_no_eleventh_later(home: Home):
    words = [AskedWord(f"zqx{number}", False) for number in range(MOST_WORDS + 1)]
    say(home, *words[:-1], by=ONE)
    with pytest.raises(Refusal) as refused:
        say(home, words[-1], by=TWO)
    assert refused.value.code == "words_too_many"
    assert len(say(home, *words[:-1], by=TWO).fingerprint) > 0
    say(home, words[-1], by=TWO, file=SECOND)


def test_no_word_stands_in_the_home_and_key_and_record_are_for_their_owner_alone(home: Home):
    say(home, WORD, NAME, by=ONE)
    take_back(home, ConfirmedWords(home, SOURCE).name(WORD.text), by=TWO)
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert home.confirmed_words in files
    for path in files:
        assert not any(word.text.encode() in path.read_bytes() for word in (WORD, NAME)), path
    if os.name != "nt":
        assert [path.stat().st_mode & 0o077 for path in (home.confirmed_words, home.keys / "words.key")] == [0, 0]


def test_the_key_of_the_words_is_its_own(home: Home):
    say(home, WORD, by=ONE)
    assert (home.keys / "words.key").read_text() != home.series_key.hex()


def test_a_changed_line_is_found_and_nothing_is_let_in_by_such_a_record(home: Home):
    say(home, WORD, by=ONE)
    say(home, WORD, by=TWO)
    text = home.confirmed_words.read_text(encoding="utf-8")
    home.confirmed_words.write_text(text.replace(ONE, SENDER), encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        ConfirmedWords(home, SOURCE)
    assert refused.value.code == "words_broken"


@pytest.mark.parametrize("content", [None, "", "no key", "ab" * 31, "ab" * 32, "ab" * 33])
def test_a_record_without_its_key_is_told_and_a_new_key_is_not_made_over_it(home: Home, content: str | None):
    say(home, WORD, by=ONE)
    (home.keys / "words.key").unlink()
    if content is not None:
        (home.keys / "words.key").write_text(content)
    for ask in (lambda: ConfirmedWords(home, SOURCE), lambda: say(home, WORD, by=TWO)):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.code == "words_key_gone"


def test_the_same_statement_twice_is_one_line(home: Home):
    say(home, WORD, by=ONE)
    say(home, WORD, by=ONE)
    assert len(confirmed_words.read_confirmations(home)) == 1
