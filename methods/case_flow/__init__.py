"""The flow of cases through time: which cases have not arrived yet.

Comes in: counts by period and delay. No records of persons, names or files.
Goes out: counts still to come, with their intervals, or the reasons why none may be published.
"""
