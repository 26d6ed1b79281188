"""Pages of an agency's own figures beside the released ones.

Comes in: released rows and the agency's records.
Goes out: the figures of its page.
"""
