"""How many persons no body sees: worked out from the lists of the bodies, examined, told rounded or not at all.

Comes in: the warehouse, the measure of linkage, the release whose count the estimate stands beside.
Goes out: `releases/hidden_part/`, a line of the ledger, and the sealed overlaps, which never leave.
"""
