"""Dagster's own interface over a home: its servers, its web application, and who is admitted.

Comes in: a home, a port, whether runs may be started.
Goes out: an address with a token, served until a signal ends it.
"""
