"""How many victims no agency knows: estimated from the agencies' lists, audited, published rounded or withheld.

Comes in: the warehouse, the measured quality of linkage, the release whose count accompanies the estimate.
Goes out: `releases/hidden_part/`, a line of the ledger, and the sealed overlap tables, which never leave.
"""
