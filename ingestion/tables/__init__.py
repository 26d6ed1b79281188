"""Where the tables of a sheet stand, and what each of their cells says.

Comes in: sheets of raw cells and the card of the source.
Goes out: tables with typed rows, totals, footnotes, coverage.
"""
