"""The officer's pages on agencies: who owes what since when, the letter about it, how good an agency's data is.

Comes in: the name of an agency.
Goes out: its state, a letter in its language, its pages; a line of the log for each look at its quality.
"""
