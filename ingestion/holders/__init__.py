"""The side of those who hold names: keyed tokens in place of them, before anything is sent.

Comes in: a workbook with names, and the key of its holder.
Goes out: the same workbook with tokens.
"""
