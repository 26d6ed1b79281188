"""The independent audit: what anybody can learn from everything printed.

Comes in: what is printed, over all vintages.
Goes out: what is learnt, and whether that is too much.
"""
