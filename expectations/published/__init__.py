"""Everything that was ever published, and what it is sealed and rounded with.

Comes in: releases, withdrawals, figures of others.
Goes out: the ledger and its keys.
"""
