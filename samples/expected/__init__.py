"""The expected cells of every indicator, counted straight from the invented truth.

Comes in: what each agency could have seen.
Goes out: expected base cells.
"""
