"""Dagster's own interface over a home: its servers, its web application, and who may ask it.

Does not belong here: what the interface shows (`definitions.py`, `event_metadata.py`).
"""
