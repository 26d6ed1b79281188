"""What each body sees of the invented country: one module a body, over what they share (`sight.py`).

Comes in: the invented country.
Goes out: the records that each body would send.
"""
