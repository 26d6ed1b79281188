"""The two pages of an edition: from answers and released cells to finished parts.

Comes in: a report and the words of a language. Goes out: a `Summary`.
"""
