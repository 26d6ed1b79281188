"""Dagster's runs in a home: the history of one build, and runs whose process is gone.

Comes in: the home, and the events of a build.
Goes out: an open history that takes them, and the dead runs marked as failed.
"""
