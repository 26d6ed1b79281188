"""Who may act for the house, and what they signed.

Comes in: the roster that the task force keeps, signatures made elsewhere.
Goes out: who signed which bytes, and for what.
"""
