"""Tables that no release prints, answered with the noise of cell keys, audited and published.

Comes in: a question.
Goes out: a custom table and its notes.
"""
