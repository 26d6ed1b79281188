"""The dirtiness dial: what a body would send, spoilt as real exports are, with a record of each spoilt place.

Belongs here: the defects of real exports (`defects.py`), how each is made in cells (`dates.py`, `words.py`,
`figures.py`), in the sheet (`layout.py`) and in the file (`files.py`), the dial over them (`dial.py`), and the record
that it keeps (`record.py`). All draws are seeded: the same dial gives the same bytes.
Does not belong here: what a body has and how it types it when it takes care (`samples`), and what the desk makes of the
file: the record only says what must become of each row.
"""
