"""Tables of a sheet: where they are, and what each of their cells means.

Comes in: sheets of raw cells and the card of the source.
Goes out: tables with typed rows, totals, footnotes, coverage.
"""
