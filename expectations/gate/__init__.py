"""The gate: rules and attacks on the very bytes that would be released.

Comes in: final cells.
Goes out: a verdict on each dataset.
"""
