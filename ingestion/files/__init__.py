"""Reading an untrusted file: what it is, what it hides, and its rows.

Comes in: the bytes of a file.
Goes out: sheets of raw cells, texts outside the cells, findings.
"""
