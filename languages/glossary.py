"""The glossary: terms that every translation must use consistently.

Belongs here: reading `glossary.yml`, and which texts of a catalogue use other words for a term. Does not belong here:
the terms themselves (the file, for translators), or gaps (`catalogue.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from languages.catalogue import FOLDER, SOURCE, Catalogue, catalogue_path, read_catalogue

_ARGUMENT = re.compile(r"\{[a-z_]+\}|\b[a-z_]+=")  # `{indicator}` is a placeholder, `indicator=` an option name
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640\u2066-\u2069]")  # vowel signs, stretching, isolates


class Term(BaseModel):
    """A term, and the words for it.

    Attributes:
        english: the term in the English texts.
        plural: of the term, if it does not merely end in `s`.
        source: who uses it.
        avoided: English words that mean it too, and that no English text uses.
        ar: stems of the Arabic words for it.
        ckb: stems of the Sorani words for it.
        otherwise: keys of texts in which the English word means something else.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    english: str
    plural: str = ""
    source: str
    avoided: tuple[str, ...] = ()
    ar: tuple[str, ...]
    ckb: tuple[str, ...]
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True)
class StrayTerm:
    """A text that uses other words for a term: its key, and the English term."""

    key: str
    term: str


@cache
def glossary() -> tuple[Term, ...]:
    """Return all terms, in the order of the file."""
    entries = yaml.safe_load((Path(__file__).parent / "glossary.yml").read_text(encoding="utf-8"))
    return tuple(Term.model_validate(entry) for entry in entries)


def stray_terms(tag: str, folder: Path = FOLDER) -> list[StrayTerm]:
    """Return the texts of a language that use words for a term which the glossary lacks, or, in English, avoids."""
    if tag not in Term.model_fields and tag != SOURCE:
        return []
    source = read_catalogue(catalogue_path(SOURCE, folder))
    if tag == SOURCE:
        return [StrayTerm(key, term.english) for term in glossary() for key in _keys_with(term.avoided, term, source)]
    catalogue = read_catalogue(catalogue_path(tag, folder))
    return [stray for term in glossary() for stray in _strays_of_term(term, getattr(term, tag), source, catalogue)]


def _strays_of_term(term: Term, stems: tuple[str, ...], source: Catalogue, catalogue: Catalogue) -> list[StrayTerm]:
    translations = (
        (key, _plain(" ".join(catalogue.messages[key].text)))
        for key in _keys_with((term.english, term.plural or f"{term.english}s"), term, source)
        if key in catalogue.messages
    )
    known = [_plain(stem) for stem in stems]
    return [StrayTerm(key, term.english) for key, text in translations if not any(stem in text for stem in known)]


def _keys_with(words: tuple[str, ...], term: Term, source: Catalogue) -> list[str]:
    """Return the keys of English texts that hold one of the words, as a whole word and in the meaning of the term."""
    if not words:
        return []
    wanted = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
    return [
        key
        for key, message in source.messages.items()
        if wanted.search(_ARGUMENT.sub("", " ".join(message.english))) and key not in term.otherwise
    ]


def _plain(text: str) -> str:
    return _MARKS.sub("", text)
