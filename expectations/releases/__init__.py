"""Releases: exactly the bytes that a passing verdict names, with what a reader needs to use them.

Comes in: a passing verdict.
Goes out: an immutable release folder, and its verification by anybody.
"""
