"""Attacks: given what a reader sees, each function returns what it learns; no attack looks at a true figure.

Here: the attacks that are plain arithmetic on one figure or one list: on ratios, on roundings, on the arrangement of a
table, on groups. Not here: those that need a system of equations (`methods/disclosure/auditing/audit.py` is their
answer), nor what counts as too much (`expectations/gate/arithmetic_attacks.py`). `docs/disclosure_attacks.md` lists
them all by number.

Comes in: what a reader sees.
Goes out: what that reader learns.
"""
