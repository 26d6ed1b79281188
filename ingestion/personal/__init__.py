"""Whether one text is personal: names, numbers, addresses, and the words that are known to be none.

Comes in: one text or heading.
Goes out: which sort of personal value it is, or the words that nothing explains.
"""
