"""Cell suppression: which cells are hidden so that the others can be exact.

Comes in: a table model or listed cells.
Goes out: the hidden cells.
"""
