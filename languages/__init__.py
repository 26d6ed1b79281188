"""Texts, numbers and dates in each language: one gettext catalogue per language, looked up by key.

Comes in: a key, or a number, or a day.
Goes out: its text in one language; a missing text is an error.
"""
