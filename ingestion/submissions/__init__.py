"""What came in, what counts, and what persons decided about it.

Comes in: files at the door, the inbox, decisions.
Goes out: receipts, raw rows, the review queue.
"""
