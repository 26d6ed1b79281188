"""Text as people type it: letters, dates, periods, numbers, citations, places by code.

Comes in: one text of a cell or title.
Goes out: its meaning, or that it is unclear.
"""
