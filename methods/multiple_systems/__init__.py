"""Multiple systems estimation: how many persons are on no list, from the overlaps of three or more lists.

Comes in: an overlap table, the number of persons on each combination of lists. No names, records or files.
Goes out: an estimate with its interval, or the reasons why none may be published.
"""
