"""Protection: one step over all candidates and everything ever released.

Comes in: candidates and the ledger.
Goes out: final cells: exact, rounded, frozen or withheld.
"""
