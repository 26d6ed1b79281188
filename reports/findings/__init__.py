"""Findings: what may be said of released figures, as sentences that serve as titles, from a table of rules.

Comes in: the report model.
Goes out: findings in the order of the text, as codes, and their sentence in a language.
"""
