"""What truly happens in the invented country.

Comes in: a seed.
Goes out: persons, cases, trials, stays.
"""
