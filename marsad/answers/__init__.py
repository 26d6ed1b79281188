"""Answers as data, the same for the command line and for a page in a browser: no terminal, no question to a person.

Comes in: a home and plain values.
Goes out: a small frozen dataclass, or a refusal. Where one function of a floor below gives the answer, none is here.
"""
