"""The dictionary and the catalogue: every indicator, dimension, code, caveat, source and shape.

Comes in: cards and code lists.
Goes out: entries with links, one page per language.
"""
