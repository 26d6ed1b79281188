"""Synthetic records for research under differential privacy.

Comes in: one row per person, and a privacy budget.
Goes out: a synthetic file, its rules and its notes.
"""
