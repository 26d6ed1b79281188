"""Retention and backup: how long files of a home are kept; copying and restoring what cannot be rebuilt.

Comes in: a home, and a folder on another disk.
Goes out: an encrypted backup there, or a home that was lost.
"""
