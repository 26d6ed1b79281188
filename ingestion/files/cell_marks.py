"""Marks that stand in a cell in place of what was typed there.

Belongs here: the marks alone, so that reading values loads no file reader. Does not belong here: setting them
(`reader.py`, `tables/taken_tables.py`), or what they mean for a row (`cell_values.py`).
"""

UNCALCULATED = "#UNCALCULATED"
"""Stands for a formula without a result; no program displays it, and it is never read as zero or blank."""

_NOT_UNDERSTOOD = "#NOT_UNDERSTOOD "


def not_understood(kind: str) -> str:
    """Return the mark of a cell that was filled and is no word of its field's language, with the kind of its finding.

    Nothing else of such a cell is kept: no text, no hash, no length.
    """
    return _NOT_UNDERSTOOD + kind


def kind_of_mark(value: object) -> str:
    """Return the kind of finding of a cell that was not understood; empty for any other cell."""
    return value.removeprefix(_NOT_UNDERSTOOD) if isinstance(value, str) and value.startswith(_NOT_UNDERSTOOD) else ""
