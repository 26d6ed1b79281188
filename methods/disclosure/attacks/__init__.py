"""Attacks: each function returns what a reader learns from what he sees; no attack uses a true figure.

Belongs here: attacks that are plain arithmetic on one figure or one list: on ratios, on roundings, on the arrangement
of a table, on groups. Does not belong here: those that need a system of equations
(`methods/disclosure/auditing/audit.py`), or what counts as too much (`expectations/gate/arithmetic_attacks.py`).
`docs/disclosure_attacks.md` lists them all by number.

Comes in: what a reader sees.
Goes out: what that reader learns.
"""
