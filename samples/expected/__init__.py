"""What every indicator must give, counted straight from the invented truth.

Comes in: what each body could have seen.
Goes out: expected base cells.
"""
