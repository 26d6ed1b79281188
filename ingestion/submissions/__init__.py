"""Submissions: what was received, which one counts, and what persons decided about it.

Comes in: files given to a command, the inbox, decisions.
Goes out: receipts, raw rows, the review queue.
"""
