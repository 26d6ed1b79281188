"""Noise drawn by a rule: cell keys, and differential privacy.

Comes in: counts or records.
Goes out: the same with noise.
"""
