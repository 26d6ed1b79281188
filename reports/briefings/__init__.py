"""Briefings: the answers of a report as slides, for readers in a hurry.

Comes in: the report model and the edition of a language.
Goes out: the slides, from released figures alone.
"""
