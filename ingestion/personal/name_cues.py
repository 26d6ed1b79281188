"""One given name after a word that introduces a person: المدعو كريم, اسمها زينب, بە ناوی شیلان, called Zainab.

Belongs here: the words after which a single name part is enough, and what may stand in between. After `المدعو` every
word is a name, listed or not; after other naming words a certain name part, even if it is also an everyday word; after
a role or a word of kinship (الضحية زينب, her father Jasim) a given name that is nothing else.
Does not belong here: names of two and more parts (`names.py`), columns (`personal_data.py`).
"""

from __future__ import annotations

from functools import cache

from ingestion.personal.name_lexicon import Part, fold_for_words, fold_word, part_of, place_named_after, words_in

_ALWAYS = "المدعو المدعوة والمدعو والمدعوة للمدعو للمدعوة بالمدعو بالمدعوة"
_NAMING = (
    "يدعى تدعى ويدعى وتدعى المسمى المسماة اسمه اسمها واسمه واسمها الاسم والاسم الملقب الملقبة المكنى "
    "ناوی ناوم ناویان ناوبراو بەناوی ناسراو کاک خاتوو خاتو named nicknamed alias aka mr mrs ms miss"
)
_NAME_IS = {"is", "was", "are"}  # her name is Zainab
_NO_ROLE = "سيد السيد السيدة الشيخ الشهيد الحاج الحاجة خاوەن ئەفسەر"  # of places and offices as often as of persons
_SHORTEST_UNLISTED = 3
_COPULA = "ە"  # ناوی شیلانە: her name is Shilan


def names_one_person(text: str) -> bool:
    """Return whether a given name stands in `text` after a word that introduces a person."""
    words = words_in(fold_for_words(text))
    before = ""
    for place, word in enumerate(words[:-1]):
        part = part_of(word)
        if word in _words(_ALWAYS) or word in _words(_NAMING) or _is_name_is(words, place):
            if _name_follows(words[place + 1 :], is_always=word in _words(_ALWAYS)):
                return True
        elif _is_role(word) and before != "place" and word not in _words(_NO_ROLE):
            following = part_of(words[place + 1])
            if following.is_given and not following.is_everyday and not _is_place(words[place + 1 :]):
                return True
        before = part.strength
    return False


def _name_follows(words: list[str], *, is_always: bool) -> bool:
    """Return whether a given name comes next, possibly after a title or a particle."""
    for word in words[:2]:
        part = _part_without_copula(word)
        if part.strength in ("title", "particle"):
            continue
        if _is_place(words):
            return False
        is_name = part.strength in ("strong", "weak", "unknown") and len(word) >= _SHORTEST_UNLISTED
        is_sure = part.strength == "strong" and not word.startswith("ال")  # الاسم الرباعي is a heading
        return part.is_given or is_sure or (is_always and is_name)
    return False


def _is_role(word: str) -> bool:
    """Return whether a word is a title, a role or a word of kinship; in Arabic also after a prefixed `and` (واختها)."""
    return part_of(word).strength == "title" or (word.startswith("و") and part_of(word[1:]).strength == "title")


def _part_without_copula(word: str) -> Part:
    part = part_of(word)
    if not part.is_given and part.strength != "ordinary" and word.endswith(_COPULA):
        return part_of(word.removesuffix(_COPULA))
    return part


def _is_name_is(words: list[str], place: int) -> bool:
    return words[place] in _NAME_IS and place > 0 and words[place - 1] == "name"


def _is_place(words: list[str]) -> bool:
    """Return whether a place named after a person begins here (صلاح الدين)."""
    span = place_named_after(words)
    return span is not None and span[0] == 0


@cache
def _words(listed: str) -> frozenset[str]:
    return frozenset(words_in(fold_for_words(listed))) | frozenset(fold_word(listed).split())
