"""The data holders' side: pseudonymous IDs replace names before anything is sent.

Comes in: a workbook with names, and the key of its holder.
Goes out: the same workbook with pseudonymous IDs.
"""
