"""The explorer: one self-contained file in which readers choose what is drawn.

Comes in: released cells with labels.
Goes out: one HTML file.
"""
