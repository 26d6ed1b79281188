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
    """A term: its English, its source, the stems that may be used for it, and the keys where the word means another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    english: str
    source: str
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
    """Return the texts of a language that use words for a term which the glossary lacks; none for the source."""
    if tag not in Term.model_fields or tag == SOURCE:
        return []
    source, catalogue = (read_catalogue(catalogue_path(name, folder)) for name in (SOURCE, tag))
    return [stray for term in glossary() for stray in _strays_of_term(term, getattr(term, tag), source, catalogue)]


def _strays_of_term(term: Term, stems: tuple[str, ...], source: Catalogue, catalogue: Catalogue) -> list[StrayTerm]:
    plural = "children" if term.english == "child" else f"{term.english}s"
    wanted = re.compile(rf"\b(?:{term.english}|{plural})\b", re.IGNORECASE)
    translations = (
        (key, _plain(" ".join(catalogue.messages[key].text)))
        for key, message in source.messages.items()
        if wanted.search(_ARGUMENT.sub("", " ".join(message.english)))
        and key not in term.otherwise
        and key in catalogue.messages
    )
    known = [_plain(stem) for stem in stems]
    return [StrayTerm(key, term.english) for key, text in translations if not any(stem in text for stem in known)]


def _plain(text: str) -> str:
    return _MARKS.sub("", text)
