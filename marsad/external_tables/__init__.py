"""Auditing and protecting tables of others, without a warehouse.

Comes in: CSV files from anybody.
Goes out: bounds, protected tables.
"""
