"""Everything ever published, and the keys it is sealed and rounded with.

Comes in: releases, withdrawals, figures that others published.
Goes out: the ledger and its keys.
"""
