"""Keeping what an editor typed until it is saved, and putting it beside what is stored.

Does not belong here: saving a text (`marsad/answers/edited_texts.py`), pages (`views.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.editing.models import Draft
from marsad.answers.edited_texts import MOST_LETTERS, SlotText, TextSlot


@dataclass(frozen=True)
class Column:
    """A text in one language on the page of its place.

    Attributes:
        stored: as the home has it.
        text: what stands in the field: the draft if there is one.
        opened: version of the stored text that the draft began with.
        has_draft: whether the field holds something that is not saved.
        is_behind: whether somebody saved another text since the draft was begun.
    """

    stored: SlotText
    text: str
    opened: str
    has_draft: bool
    is_behind: bool


def columns(person: str, slot: TextSlot) -> list[Column]:
    """Return the texts of a place, each with the draft of a person."""
    drafts = {draft.name: draft for draft in Draft.objects.filter(person=person, name__startswith=f"{slot.id}.")}
    return [_column(stored, drafts.get(stored.name)) for stored in slot.texts.values()]


def keep(person: str, slot: TextSlot, typed: Mapping[str, str], opened: Mapping[str, str]) -> None:
    """Keep what a person typed, by language, and forget what is the same as the stored text.

    Args:
        person: short name.
        slot: the place.
        typed: text by language.
        opened: version of the stored text that she began with, by language.
    """
    for tag, stored in slot.texts.items():
        text = typed.get(tag, stored.text).replace("\r\n", "\n")[: MOST_LETTERS + 1]
        if text.strip() == stored.text.strip():
            forget(person, stored.name)
        else:
            fields = {"text": text, "opened": opened.get(tag, stored.version)[:64]}
            Draft.objects.update_or_create(person=person, name=stored.name, defaults=fields)


def forget(person: str, name: str) -> None:
    """Forget the draft of a text."""
    Draft.objects.filter(person=person, name=name).delete()


def texts_of(person: str) -> dict[str, str]:
    """Return every draft of a person, by the name of its file: a preview shows them together."""
    return dict(Draft.objects.filter(person=person).values_list("name", "text"))


def _column(stored: SlotText, draft: Draft | None) -> Column:
    if draft is None:
        return Column(stored, stored.text, stored.version, has_draft=False, is_behind=False)
    return Column(stored, draft.text, draft.opened, has_draft=True, is_behind=draft.opened != stored.version)
