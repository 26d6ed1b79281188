"""Findings: what a released figure lets be said, as sentences that stand as titles, from a table of rules.

Comes in: the report model.
Goes out: findings in an order of telling, in codes, and their sentence in a language.
"""
