"""Pages of a body's own figures beside the released ones.

Comes in: released rows and the body's records.
Goes out: the figures of its page.
"""
