"""The chapter on what agencies did not detect and what is still to come: one file for each of its sections.

Comes in: the report model, and what editors add.
Goes out: one chapter of an edition.
"""
