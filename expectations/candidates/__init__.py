"""The true cells that a dataset would print if nobody had to be protected. They never leave the house.

Comes in: the warehouse.
Goes out: candidates, who contributed to each cell, its lineage.
"""
