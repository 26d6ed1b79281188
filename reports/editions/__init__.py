"""The edition: one report in one language as typed data that every renderer prints.

Comes in: nothing: types only, and how blocks are arranged.
Goes out: `Edition`.
"""
