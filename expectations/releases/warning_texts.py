"""What is the case where a rule of the gate does not hold and does not block, in a language.

Belongs here: choosing the text, which says the fault and not the rule. Does not belong here: the texts (the catalogue,
keys `warning.…`), or the rules (`expectations/gate`).
"""

from __future__ import annotations

from collections.abc import Sequence

from expectations.cards.note_languages import NoteLanguage
from expectations.releases.missing_reports import RULE, MissingReports, describe_missing

WARNINGS = (RULE, "earlier_vintage_withdrawn", "insider_narrow")
"""The rules that warn and do not block."""


def warning_of_rule(
    rule: str, broken: int, evaluated: int, missing: Sequence[MissingReports], voice: NoteLanguage
) -> str:
    """Return what is the case where a rule does not hold.

    Args:
        rule: its key.
        broken: how many of what it looks at break it.
        evaluated: how many it looked at.
        missing: whose reports are missing, for the rule about them.
        voice: the language.
    """
    if rule == RULE and missing:
        return voice.text(f"warning.{rule}", missing=describe_missing(missing, voice.text, voice.digits))
    if rule in WARNINGS and rule != RULE:
        return voice.text(f"warning.{rule}", broken=broken, evaluated=evaluated)
    return voice.text("notes.watch.item", rule=voice.text(f"rule.{rule}"), broken=broken, evaluated=evaluated)
