"""What a dataset, an indicator and a cell are: cards, codes, areas, populations, breaks of series.

Comes in: cards of datasets and indicators, seeds of dbt.
Goes out: typed cards and the frame of cells.
"""
