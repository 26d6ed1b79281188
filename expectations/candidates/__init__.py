"""The true cells that a dataset would print if nobody had to be protected. They never leave the data home.

Comes in: the warehouse.
Goes out: candidates, the contributors to each cell, its lineage.
"""
