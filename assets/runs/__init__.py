"""Dagster's runs in a home: those whose process is gone, and what a stage gives back before the next one.

Comes in: Dagster's instance of the home.
Goes out: the dead runs, marked as failed.
"""
