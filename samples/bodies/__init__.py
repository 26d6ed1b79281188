"""What each body sees of the invented country: one module a body, over what they share (`sight.py`)."""
