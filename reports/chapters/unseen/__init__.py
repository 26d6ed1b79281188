"""The chapter on what the bodies did not see and what is still coming: one file for each of its sections.

Comes in: the report model, and what editors add.
Goes out: one chapter of an edition.
"""
