"""Showing words of a file, only here and only on the terminal of whoever runs the command, and asking about each.

Belongs here: showing, asking, and collecting the answers. Does not belong here: which words are asked about
(`answers/words_to_confirm.py`, `ingestion/privacy/unexplained_texts.py`) and what an answer does
(`ingestion/privacy/answer_file.py`, `ingestion/privacy/confirmed_words.py`).

A word is never written anywhere but to a terminal: not to a pipe, a file, a JSON result or an error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.findings import place_in_words
from ingestion.home import Home
from ingestion.privacy.answer_file import path_beside, write_answers
from ingestion.privacy.asked_texts import distinct_words
from ingestion.privacy.confirmed_words import ConfirmedWords, checked_role
from ingestion.privacy.roles import SENDER_ROLES, TASK_FORCE_ROLES
from ingestion.privacy.unexplained_texts import AskedText, AskedWord
from ingestion.submissions.preview import Arrival, Letter, WordsStatement, examine_arrival
from ingestion.text.folding import ascii_digits, fold, printable
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.checked_file import CheckedFile
from marsad.answers.words_to_confirm import confirm_stated, open_words, waiting_submissions
from marsad.terminal import console, passphrases

_CELLS = 5  # of one word


@dataclass(frozen=True)
class Answering:
    """How the person who runs `check` answers about the words of the file.

    Args:
        output: where the answers are written; None to show the words without asking.
        role: the person's role; asked if left out.
    """

    output: Path | None = None
    role: str | None = None


def is_on_terminal() -> bool:
    """Return whether both output and input are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def require_terminal(*, as_json: bool = False) -> None:
    """Refuse to ask without a terminal.

    Raises:
        Refusal: `terminal_needed`.
    """
    if as_json or not is_on_terminal():
        raise Refusal("terminal_needed", where="-")


def show_words(texts: Sequence[AskedText], words: Words) -> None:
    """Print each asked word with its cells on a terminal; without a terminal nothing is printed."""
    if not is_on_terminal():
        return
    console.say(words.text("desk.words.shown"))
    for number, word in enumerate(distinct_words(texts), start=1):
        console.say(f"  {number}. {_line(word, texts, words)}")


def ask_each(texts: Sequence[AskedText], words: Words, *, skipped: Iterable[str] = ()) -> list[AskedWord]:
    """Ask of each word whether it names nobody, and return those confirmed.

    There is no answer for all at once. Anything but a clear yes or no is asked again.

    Args:
        texts: the asked texts of one file.
        words: of the reader's language.
        skipped: words that somebody else must confirm; they are shown and not asked.

    Raises:
        Refusal: `terminal_needed`.
    """
    require_terminal()
    listed = [word for word in distinct_words(texts) if word.text in set(skipped)]
    asked = [word for word in distinct_words(texts) if word not in listed]
    for word in listed:
        console.say("  " + words.text("desk.words.of_task_force", word=_line(word, texts, words)))
    if asked:
        console.say(words.text("desk.words.how"))
    return [
        word
        for number, word in enumerate(asked, start=1)
        if _says_yes(f"  {number}/{len(asked)}  {_line(word, texts, words)}", words)
    ]


def ask_role(roles: Sequence[str], named: str | None, words: Words) -> str:
    """Return the role named on the command line, else the one chosen from the list.

    Raises:
        Refusal: `role_unknown`, `terminal_needed`.
    """
    if named is not None:
        checked_role(named, roles)
        return named
    require_terminal()
    console.say(words.text("desk.words.role"))
    for number, role in enumerate(roles, start=1):
        console.say(f"  {number}. {words.text(f'role.{role}')} ({role})")
    numbers = {str(number): role for number, role in enumerate(roles, start=1)}
    while (chosen := ascii_digits(input(f"{words.text('desk.words.role_number')}: ")).strip()) not in numbers:
        pass
    return numbers[chosen]


def ask_at_desk(checked: CheckedFile, words: Words, answering: Answering) -> None:
    """Show the asked words of a checked file, and take answers if the person wants to give them.

    Raises:
        Refusal: `terminal_needed`, `role_unknown`, `answers_output`.
    """
    file, source, examination = checked.path, checked.source, checked.examination
    if examination.verdict != "asks" or not answering.output:
        show_words(examination.asked, words)
        if examination.verdict == "asks":
            command = f"marsad check {printable(file.name)} --source {source} --answers {path_beside(file).name}"
            console.say(words.text("desk.words.next", command=command))
        return
    asked = distinct_words(examination.asked)
    role = ask_role(SENDER_ROLES, answering.role, words)
    stated = ask_each(examination.asked, words, skipped=[word.text for word in asked if word.is_on_name_list])
    if stated:
        write_answers(answering.output, checked.data, source, role, stated)
        console.say(words.text("desk.words.written", path=str(answering.output), count=len(stated)))
    if left := len(asked) - len(stated):
        console.say(words.text("desk.words.left", count=left))


def ask_in_house(home: Home, arrival: Arrival, letter: Letter, words: Words) -> Arrival:
    """Ask about each word of an arrived file, and return the file examined again with the answers.

    Without a terminal nobody is asked, and it is returned unchanged.

    Raises:
        Refusal: `role_unknown`, and those of `examine_arrival`.
    """
    if not is_on_terminal():
        return arrival
    source = arrival.receipt.source
    held = ConfirmedWords(home, source)
    of_two = [word.text for word in distinct_words(arrival.asked) if held.needs_task_force(word)]
    role = ask_role(TASK_FORCE_ROLES, None, words)
    stated = ask_each(arrival.asked, words, skipped=of_two)
    if of_two:
        command = f"marsad review words {printable(arrival.upload.path.name)} --source {source}"
        console.say(words.text("desk.words.two_roles", command=command))
    statement = WordsStatement(role, tuple(stated))
    return examine_arrival(home, source, arrival.upload, letter, statement=statement) if stated else arrival


def confirm_words(home: Home, what: str, source: str | None, role: str | None, person: str, words: Words) -> None:
    """Show the words of a submission, or of a file that asks, and record which of them a role confirms.

    Raises:
        Refusal: `terminal_needed`, `role_unknown`, `look_not_logged`, or as `open_words`.
    """
    from ingestion.people.acts_log import log_look  # imported late: a plain check logs nothing

    require_terminal()
    opened = open_words(home, what, source, passphrases.key_for([Path(what)], words))
    if not opened.words:
        console.say(words.text("desk.words.nothing"))
        return
    by = ask_role(TASK_FORCE_ROLES, role, words)
    log_look(home, person, f"review words {opened.source}")
    for text in opened.words:
        mark = opened.held.name(text.text)
        if mark:
            console.say("  " + words.text("desk.words.mark", word=printable(text.text), mark=mark[:12]))
    if stated := ask_each(opened.texts, words):
        standing = confirm_stated(home, opened, stated, by=by)
        console.say(words.text("desk.words.confirmed", count=len(stated), standing=standing))


def list_waiting(home: Home, words: Words, *, as_json: bool) -> None:
    """Print the submissions that ask, and those with a word that a second role may confirm; never a word."""
    rows = [asdict(waiting) for waiting in waiting_submissions(home)]
    if as_json:
        console.document(rows)
    elif not rows:
        console.say(words.text("desk.words.none_wait"))
    else:
        lines = [row | {"state": words.text(f"desk.words.state.{row['state']}")} for row in rows]
        console.table_of(lines, ("submission", "source", "state"))


def _says_yes(question: str, words: Words) -> bool:
    yes = {"y", "yes", *map(fold, words.text("desk.words.yes").split())}
    no = {"n", "no", *map(fold, words.text("desk.words.no").split())}
    while True:
        answer = fold(input(f"{question} {words.text('desk.words.asked')} "))
        if answer in yes | no:
            return answer in yes


def _line(word: AskedWord, texts: Sequence[AskedText], words: Words) -> str:
    outside = words.text("desk.words.file_name")
    places = [place_in_words(text.sheet, text.cell, words) or outside for text in texts if word in text.words]
    line = words.text("desk.words.at", word=printable(word.text), places=", ".join(places[:_CELLS]))
    more = len(places) - _CELLS
    return f"{line} {words.text('desk.words.more', count=more)}" if more > 0 else line
