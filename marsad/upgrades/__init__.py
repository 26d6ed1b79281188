"""Upgrading an older home to today's format, step by step.

Comes in: a home that an older Marsad wrote.
Goes out: the same home in today's format, or a refusal.
"""
