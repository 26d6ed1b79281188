"""Marks that the reader puts into a cell in place of a value.

Belongs here: the marks alone, so that whoever reads values loads no reader of files. Does not belong here: putting them
(`reader.py`), or what they mean for a row (`cell_values.py`).
"""

UNCALCULATED = "#UNCALCULATED"
"""What stands in a cell whose formula has no result: no program shows it, and it is never taken for a zero or blank."""
