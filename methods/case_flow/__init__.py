"""The flow of cases through time: how long the courts take and how cases end, and which cases have not arrived yet.

Comes in: times, kinds of exit, counts by period and delay. No records of persons, names or files.
Goes out: shares, medians and counts still to come, with their intervals, or the reasons why none may be published.
"""
