"""The entry check: which rows of a file are stored, which are quarantined, and why.

Comes in: the bytes of a file and the card of its source.
Goes out: tables ready to land, and findings.
"""
