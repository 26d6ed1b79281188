"""Noise drawn by a rule: differential privacy.

Comes in: counts or records.
Goes out: the same with noise.
"""
