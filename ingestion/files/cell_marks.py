"""Marks that the reader puts into a cell in place of a value.

Belongs here: the marks alone, so that reading values loads no file reader. Does not belong here: setting them
(`reader.py`), or what they mean for a row (`cell_values.py`).
"""

UNCALCULATED = "#UNCALCULATED"
"""Stands for a formula without a result; no program displays it, and it is never read as zero or blank."""
