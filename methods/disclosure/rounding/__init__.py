"""Controlled rounding: multiples of a base that add up.

Comes in: a table model.
Goes out: rounded counts.
"""
