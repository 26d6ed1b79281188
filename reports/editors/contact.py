"""The contact for a report: an office and its address, in words, by language.

Belongs here: reading `prose/contact.yml` of the home, beside the calendar, and the substitute for a language that it
lacks: the English words, else the e-mail address of the dataset's card, else nothing. No address is ever made up.
Names and telephone numbers of persons do not belong in it.
Does not belong here: who publishes (the dataset's card), or that a contact is missing (`checklist.py`).

    en: Statistics office of the secretariat, Baghdad
    ar: مكتب الإحصاء في الأمانة، بغداد
    ckb: نووسینگەی ئاماری سکرتاریەت، بەغدا
"""

from __future__ import annotations

from collections.abc import Mapping

from ingestion.home import Home
from ingestion.text.folding import nearest_word_or_all
from languages.catalogue import SOURCE
from languages.refusal import Refusal
from languages.words import languages
from reports.editors import editors_card

NAME = "contact.yml"


def read_contact(home: Home) -> dict[str, str]:
    """Return the contact of a home by language; empty if it has none.

    Raises:
        Refusal: `card_invalid` for an unknown language or an empty text.
    """
    contacts = editors_card.read_card(home, NAME) or {}
    for tag, text in contacts.items():
        problem = _problem(tag, text)
        if problem:
            near = nearest_word_or_all(tag, languages())
            raise Refusal("card_invalid", where=NAME, field=tag, problem=problem, nearest=near)
    return {tag: " ".join(text.split()) for tag, text in contacts.items()}


def contact_in(contact: Mapping[str, str], tag: str, email: str = "") -> tuple[str, str]:
    """Return the contact in a language, and the tag of the language that it is in: English for an address.

    Args:
        contact: by language.
        tag: of the reader's language.
        email: used if the contact is in neither that language nor English; empty for nothing.
    """
    if tag in contact:
        return contact[tag], tag
    return contact.get(SOURCE, email), SOURCE


def _problem(tag: str, text: object) -> str:
    if tag not in languages():
        return "no such language"
    if not isinstance(text, str) or not text.strip():
        return "no text"
    return ""
