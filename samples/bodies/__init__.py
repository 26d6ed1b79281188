"""What each agency sees of the invented country: one module per agency, over what they share (`sight.py`).

Comes in: the invented country.
Goes out: the records that each agency would send.
"""
