"""Auditing and protecting tables of others, without a warehouse.

Comes in: CSV files of anybody.
Goes out: bounds, protected tables.
"""
