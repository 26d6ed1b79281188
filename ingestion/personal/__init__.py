"""Whether one text is personal: names, numbers, addresses, and the words known not to be personal.

Comes in: one text or heading.
Goes out: which kind of personal value it is, or the unexplained words.
"""
