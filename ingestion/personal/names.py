"""Whether a text is the name of a person, or contains one, in Arabic, Kurdish or Latin script.

Belongs here: the rules that make a name out of parts: a cell that is one, a sentence that contains one.
Does not belong here: how one word relates to names (`name_lexicon.py`), identifying numbers and addresses
(`identifiers.py`), columns and headers (`personal_data.py`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingestion.personal.name_cues import names_one_person
from ingestion.personal.name_lexicon import Part, fold_for_words, part_of, place_named_after, words_in, words_of
from ingestion.personal.ordinary_words import is_ordinary_word

_MOST_WORDS = 6  # a name has four or five parts; more words are a sentence
_BREAKS = re.compile(r"(?:[:/\\|;؛()\[\]\n\r\t\d.]|\s[-–—]\s)+")
_COMMAS = re.compile(r"[,،]")
_SHORTEST = 5  # no name of two parts is shorter
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(r"[A-Z]")
_WORD = r"[A-Z][\w'’]{1,60}+"  # bounded: in a long cell of capitals a match could start at each letter
_CAPITALISED = rf"(?:(?:[Aa]l|[Ee]l|[Aa]n|[Aa]s)[- ])?{_WORD}(?:-{_WORD})?"
_CAPITALISED_RUN = re.compile(
    rf"{_CAPITALISED}(?:\s(?:bin|ibn|de|delos|dela|{_CAPITALISED}|[A-Z]\.?)){{1,6}}(\s[a-z]+)?"
)
_SHORTEST_SURNAME = 3
_FULL_RUN = 3  # certain parts in a row that are a name anywhere


def is_personal_name(text: str) -> bool:
    """Return whether `text` certainly is, or contains, a person's name of two or more parts.

    Inside a sentence two parts are a name after a title or a word of kinship, or if both are certain and neither is an
    everyday word; three certain parts always are; one given name is enough after a word that introduces a person.
    Ministries, courts, streets and hospitals named after people pass. A merely likely name (`may_be_personal_name`)
    refuses no file: it stays unexplained (`unexplained_texts.py`), so that the sender is asked. The caller first
    excludes words that Marsad knows.
    """
    return any(map(_is_name, _pieces(text))) or _holds_capitalised_name(text) or names_one_person(text)


def may_be_personal_name(text: str) -> bool:
    """Return whether `text` is a name, or two words of which the first is a given name and the second unknown."""
    pieces = _pieces(text)
    is_half_listed = len(pieces) == 1 and _is_half_listed(pieces[0])  # the whole cell, not a clause of a sentence
    return is_half_listed or is_personal_name(text) or _holds_capitalised_name(text, is_second_listed=False)


def is_surely_name(text: str) -> bool:
    """Return whether `text` is a name whose parts are all listed: for authors and similar texts outside the data."""
    return any(map(_is_name, _pieces(text)))


def begins_like_name(text: str) -> bool:
    """Return whether `text` is a certain given name, alone or before words none of which is ordinary.

    One such cell proves nothing (a place, an unlisted surname); a column of them is a column of persons.
    """
    words = words_of(text)
    if not 1 <= len(words) <= _MOST_WORDS or not part_of(words[0]).is_given:
        return False
    return all(part_of(word).strength not in ("ordinary", "place") for word in words)


def is_lone_given_name(text: str) -> bool:
    """Return whether `text` is one certain given name and no everyday word: in a column of notes that is a person."""
    words = words_of(text)
    if len(words) != 1 or _DIGIT.search(text):
        return False
    part = part_of(words[0])
    return part.is_given and not part.is_everyday


def is_ordinary(text: str) -> bool:
    """Return whether every word of `text` is listed as ordinary: a total, an office, an unknown."""
    words = words_of(text)
    return bool(words) and all(part_of(word).strength in ("ordinary", "place", "particle", "title") for word in words)


def _pieces(text: str) -> list[list[str]]:
    """Return the words of each piece between sentence marks; with commas, of the whole and of its parts."""
    word_lists: list[list[str]] = []
    pieces = _BREAKS.split(fold_for_words(text))
    if len(pieces) > 1 and all(len(piece.split()) == 1 for piece in pieces):  # أحمد/علي/حسين is one name
        word_lists.append(words_in(" ".join(pieces)))
    for piece in pieces:
        if len(piece) >= _SHORTEST:
            word_lists.append(words_in(piece))
            if _COMMAS.search(piece):
                word_lists += map(words_in, _COMMAS.split(piece))
    return word_lists


def _is_name(words: list[str]) -> bool:
    if len(words) < 2:
        return False
    parts = [_part(word) for word in words]
    if sum(part.strength in ("strong", "weak", "unknown") for part in parts) < 2:
        return False
    around = _words_around_place(words)
    if not around:
        return (_is_all_name(parts) and not any(part.is_word for part in parts)) or _has_name_inside(parts)
    neighbours = [part_of(word) for words in around for word in words]
    if _is_all_name(parts) and any(part.strength == "strong" for part in neighbours):
        return True  # صلاح الدين حسن: a person with the name of the place
    return any(_has_name_inside([_part(word) for word in words]) for words in around)


def _part(word: str) -> Part:
    part = part_of(word)
    return replace(part, is_word=True) if part.strength != "ordinary" and is_ordinary_word(word) else part


def _is_half_listed(words: list[str]) -> bool:
    if not 2 <= len(words) <= _MOST_WORDS:
        return False
    parts = [part for word in words if (part := part_of(word)).strength not in ("particle", "title")]
    if len(parts) != 2 or len(words[-1]) < _SHORTEST_SURNAME or _words_around_place(words):
        return False
    first, second = parts
    return first.is_given and not first.is_everyday and second.strength in ("weak", "unknown")


def _words_around_place(words: list[str]) -> list[list[str]]:
    """Return the words before and after a place named after a person (صلاح الدين), or nothing."""
    span = place_named_after(words)
    return [words[: span[0]], words[span[1] :]] if span else []


def _is_all_name(parts: list[Part]) -> bool:
    """Return whether all words are name parts, two of them certain, or of three or more at most one is unknown."""
    counted = [part for part in parts if part.strength not in ("particle", "title")]
    strengths = [part.strength for part in counted]
    if not 2 <= len(counted) <= _MOST_WORDS or "ordinary" in strengths or "place" in strengths:
        return False
    if strengths.count("strong") >= 2:
        return strengths.count("unknown") <= (1 if len(counted) >= _FULL_RUN else 0)
    return len(counted) == 2 and counted[0].is_given and counted[1].is_nisba


def _has_name_inside(parts: list[Part]) -> bool:
    """Return whether a longer text has a run of certain parts that is not the name of a place."""
    run: list[Part] = []
    before = ""
    for part in [*parts, Part("ordinary")]:
        if part.strength == "strong" or (run and (part.is_nisba or (part.strength == "weak" and before == "title"))):
            run.append(part)
            continue
        if part.strength == "unknown" and before == "title" and not run:
            before = "title and unknown"
            continue
        if before == "title and unknown" and len(run) == 1 and run[0].has_article:
            return True  # الضحية بنين الساعدي: a surname after an unlisted word
        if part.strength == "particle":
            continue
        if before != "place" and _is_run_a_name(run, is_announced=before == "title"):
            return True
        if not (before == "place" and not run and part.strength == "title"):  # مستشفى الشهيد فلان
            before = part.strength
        run = []
    return False


def _is_run_a_name(run: list[Part], *, is_announced: bool) -> bool:
    if len(run) < 2:
        return False
    if is_announced:
        return True
    sure = [part for part in run if part.strength == "strong"]
    if len(sure) >= _FULL_RUN:
        return True
    is_of_words = any(part.is_word for part in run)  # حارس ليلي: a night guard; other parts are asked about
    return run[0].is_given and not is_of_words and not all(part.is_everyday for part in run)


def _holds_capitalised_name(text: str, *, is_second_listed: bool = True) -> bool:
    """Return whether capitalised Latin words begin with a certain given name, and another part is listed.

    Few of the world's surnames are listed: without the second condition a run is only a likely name.
    """
    if not _CAPITAL.search(text):
        return False
    return any(_is_capitalised_name(match[0], is_second_listed) for match in _CAPITALISED_RUN.finditer(text))


def _is_capitalised_name(run: str, is_second_listed: bool) -> bool:
    words = words_of(run)
    if _words_around_place(words):
        return False
    parts = [part_of(word) for word in words]
    if run.split()[-1].islower():  # the word after the run: a camp, a street
        behind = parts.pop()
        if behind.strength == "place":
            return False
    while parts and parts[0].strength in ("title", "ordinary"):
        parts.pop(0)
    counted = [part for part in parts if part.strength != "particle"]
    if len(counted) < 2 or not counted[0].is_given:
        return False
    if is_second_listed and all(part.strength == "unknown" for part in counted[1:]):
        return False
    return all(part.strength in ("strong", "weak", "unknown") for part in counted)
