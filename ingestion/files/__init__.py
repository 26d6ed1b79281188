"""Reading an untrusted file: what it is, and its rows.

Comes in: the bytes of a file.
Goes out: sheets of raw cells, findings.
"""
