"""Keeping: what of a home is kept how long, and what cannot be made again, copied elsewhere and brought back.

Comes in: a home, and a folder on another disk.
Goes out: an encrypted backup there, or a home that was lost.
"""
