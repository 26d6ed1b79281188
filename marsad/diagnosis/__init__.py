"""The checks of `marsad doctor`: everything in a home with a hash, a chain or a seal, and whether files are readable.

Comes in: a home in whatever state.
Goes out: refusals, each with its cure, and the places that were not checked.
"""
