"""Dagster's own interface over a home: its servers, its web application, and whom it admits.

Comes in: a home, a port, whether runs may be started.
Goes out: an address with a token, answered until a signal ends it.
"""
