"""Anybody's tables as a list of cells and sums: how far a hidden cell can range.

Comes in: cells, what is printed of each, sums between them.
Goes out: bounds with proof, contradictions.
"""
