"""The officer's pages on figures: a printed number with its way back, and what changed since the last release.

Comes in: which dataset, indicator, table, figure.
Goes out: facts, rows and files behind it, causes of changes; a line of the log for each look.
"""
